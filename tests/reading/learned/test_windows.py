"""A report is cut into windows of whole sentences; each is read in exactly one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.reading.learned.windows import CONTEXT_PIECES, OWN_PIECES, Passage, Window, windows
from marchland.reading.tree import Tree

ENDS = (1, 2)


def passage(sentences: list[int]) -> Passage:
    """A paragraph of sentences of so many words, none of which names anything."""
    n = sum(sentences)
    at, spans = 0, []
    for size in sentences:
        spans.append((at, at + size))
        at += size
    tree = Tree(
        text=" ".join(["a"] * n),
        words=["a"] * n,
        lemmas=["a"] * n,
        pos=["NOUN"] * n,
        tags=["NN"] * n,
        deps=["ROOT"] * n,
        heads=list(range(n)),
        begins=[2 * i for i in range(n)],
        ends=[2 * i + 1 for i in range(n)],
        sentences=spans,
    )
    return Passage(
        tree=tree,
        actors=[None] * n,
        places=[[] for _ in range(n)],
        spoken=[],
        voices=[None] * n,
        kinds=[None] * n,
    )


def cut(passages: list[Passage], pieces_a_word: int = 1) -> list[Window]:
    return list(windows(passages, lambda words: [[9] * pieces_a_word for _ in words], ends=ENDS))


@given(st.lists(st.lists(st.integers(1, 250), min_size=1, max_size=5), min_size=1, max_size=4))
def test_every_word_is_read_once_and_in_order(paragraphs: list[list[int]]) -> None:
    passages = [passage(sizes) for sizes in paragraphs]
    own = [token for w in cut(passages) for token in w.tokens[w.own :]]
    assert own == [(p, t) for p, one in enumerate(passages) for t in range(len(one.tree))]


@given(st.lists(st.lists(st.integers(1, 250), min_size=1, max_size=5), min_size=1, max_size=4))
def test_no_window_is_longer_than_the_encoder_takes(paragraphs: list[list[int]]) -> None:
    for window in cut([passage(sizes) for sizes in paragraphs]):
        assert len(window.pieces) <= OWN_PIECES + CONTEXT_PIECES + len(ENDS)
        assert window.pieces[0] == ENDS[0]
        assert window.pieces[-1] == ENDS[1]


def test_the_sentences_before_stand_as_context() -> None:
    first, second = cut([passage([OWN_PIECES - 20, 20]), passage([30])])
    assert first.own == 0
    assert second.tokens[: second.own] == [(0, t) for t in range(OWN_PIECES - 20, OWN_PIECES)]
    assert second.sentences[0] == 1
    assert second.sentences[-1] == 2


def test_a_word_of_several_pieces_is_found_at_its_first() -> None:
    (window,) = cut([passage([3])], pieces_a_word=4)
    assert list(window.firsts) == [1, 5, 9]


@pytest.mark.parametrize("words", [1, OWN_PIECES, OWN_PIECES + 1, 3 * OWN_PIECES])
def test_a_sentence_too_long_is_cut(words: int) -> None:
    assert len(cut([passage([words])])) == -(-words // OWN_PIECES)
