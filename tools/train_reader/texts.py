"""Marked texts after the grammar, ready to be learned from."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tools.train_reader.align import Text, align
from tools.train_reader.gold import Marked, load
from tools.train_reader.invent import invented

from marchland.claims import Report, Source
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.reading.files import Document
from marchland.reading.learned.pieces import ENDS
from marchland.reading.learned.windows import Pieces, windows
from marchland.reading.reader import GrammarReader
from marchland.vocabulary import Vocabulary

PREDICATES = (
    *("holds", "captures", "loses", "contests", "presence", "backs", "allied_with", "part_of"),
    *("leads", "commands", "opposes", "fights", "assists", "deals_with", "protects", "assaults"),
    *("threatens", "mobilizes", "withdraws", "consults", "agrees", "rejects", "coerces", "aids"),
    *("opens", "closes", "protests", "says"),
)
INVENTED = 130
_SEED = 7
_LEFT_OUT = "BBC"


def marked_texts(gold: Path, pieces: Pieces, *, made_up: int = INVENTED) -> list[Text]:
    """The texts of a folder of marked claims and some that are made up, aligned."""
    reader = GrammarReader(Vocabulary.load(None))
    rows, marked, of_set = load(gold)
    pairs = [(_document(row), marked.get(row["id"], []), of_set[row["id"]]) for row in rows]
    pairs += [(d, m, "invented") for d, m in invented(made_up, seed=_SEED)]
    texts = list(_read(reader, pairs, pieces))
    align(texts, PREDICATES)
    return texts


def may_ship(texts: Sequence[Text], gold: Path) -> list[Text]:
    """Those whose licence lets a model that ships be trained on them: all but the broadcaster's."""
    rows, _, _ = load(gold)
    barred = {row["id"] for row in rows if row["publisher"].startswith(_LEFT_OUT)}
    return [text for text in texts if text.name not in barred]


def _read(
    reader: GrammarReader, pairs: Iterable[tuple[Document, list[Marked], str]], pieces: Pieces
) -> Iterable[Text]:
    for document, marked, of_set in pairs:
        kept = reader.passages(document)
        passages = [k.passage for k in kept]
        yield Text(
            name=document.report.title,
            of_set=of_set,
            passages=passages,
            offsets=[[k.original(t) for t in range(len(k.passage.tree))] for k in kept],
            windows=list(windows(passages, pieces, ends=ENDS)),
            marked=marked,
        )


def _document(row: dict[str, Any]) -> Document:
    try:
        published = parse_day(row["date"]) if row.get("date") else None
    except BadInput:
        published = None
    name = row["publisher"]
    report = Report.of(
        row["text"].encode(),
        title=row["id"],
        source=Source(id=name.lower().replace(" ", "-"), name=name),
        published=published,
    )
    return Document(report=report, text=row["text"], body=0)
