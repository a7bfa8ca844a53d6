"""The default reader over the worldwide vocabulary, loaded once, and short ways to ask it."""

from collections.abc import Callable
from datetime import date

import pytest

from marchland.claims import Claim, Report, Source
from marchland.reading.files import Document
from marchland.reading.grammar import Frame, noun_frame, verb_frame
from marchland.reading.reader import GrammarReader, language_model
from marchland.reading.tree import Tree, tree_of
from marchland.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def world() -> Vocabulary:
    return Vocabulary.load(None)


@pytest.fixture(scope="session")
def reader(world: Vocabulary) -> GrammarReader:
    return GrammarReader(world)


def document(
    text: str, published: date | None = date(2017, 6, 18), *, title: str = "a report"
) -> Document:
    report = Report.of(
        text.encode(),
        title=title,
        source=Source(id="wire", name="Wire"),
        published=published,
    )
    return Document(report=report, text=text, body=0)


@pytest.fixture(scope="session")
def make_document() -> Callable[..., Document]:
    return document


@pytest.fixture(scope="session")
def read(reader: GrammarReader) -> Callable[..., list[Claim]]:
    return lambda text, **options: reader.read(document(text, **options))


@pytest.fixture(scope="session")
def parse() -> Callable[[str], Tree]:
    model = language_model(None)
    return lambda text: tree_of(model(text))


@pytest.fixture(scope="session")
def frame_of(parse: Callable[[str], Tree]) -> Callable[[str, str], tuple[Tree, Frame]]:
    """The frame of a word in a text."""

    def find(text: str, word: str) -> tuple[Tree, Frame]:
        tree = parse(text)
        token = tree.words.index(word)
        build = verb_frame if tree.pos[token] in ("VERB", "AUX") else noun_frame
        return tree, build(tree, token)

    return find
