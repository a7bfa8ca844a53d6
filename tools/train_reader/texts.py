"""Marked texts after the grammar, ready to be learned from."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bench._gold import document, rows
from tools.train_reader.align import Text, align
from tools.train_reader.gold import Marked, Scorer, load
from tools.train_reader.invent import invented
from tools.train_reader.written import FOLDERS, written

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
OWN = frozenset({"invented", "dense", "usual"})
"""Sets of our own words, which are learned from and never measured on."""
_SEED = 7
_LEFT_OUT = "BBC"


def marked_texts(
    gold: Path, scorer: Scorer, pieces: Pieces, *, made_up: int = INVENTED
) -> list[Text]:
    """The texts of a folder of marked claims and those in our own words, aligned."""
    reader = GrammarReader(Vocabulary.load(None))
    told, marked, of_set = load(gold, scorer)
    pairs = [(_document(row), marked.get(row["id"], []), of_set[row["id"]]) for row in told]
    pairs += [(d, m, "invented") for d, m in invented(made_up, seed=_SEED)]
    pairs += [(d, m, folder.name) for folder in FOLDERS for d, m in written(folder)]
    texts = list(_read(reader, scorer, pairs, pieces))
    align(texts, PREDICATES)
    return texts


def may_ship(texts: Sequence[Text], gold: Path) -> list[Text]:
    """Those whose licence lets a model that ships be trained on them: all but the broadcaster's."""
    barred = {
        row["id"] for row in rows(gold / "docs_dev.jsonl") if row["publisher"].startswith(_LEFT_OUT)
    }
    return [text for text in texts if text.name not in barred]


def _read(
    reader: GrammarReader,
    scorer: Scorer,
    pairs: Iterable[tuple[Document, list[Marked], str]],
    pieces: Pieces,
) -> Iterable[Text]:
    for told, marked, of_set in pairs:
        kept = reader.passages(told)
        passages = [k.passage for k in kept]
        yield Text(
            name=told.report.title,
            of_set=of_set,
            scorer=scorer,
            passages=passages,
            offsets=[[k.original(t) for t in range(len(k.passage.tree))] for k in kept],
            windows=list(windows(passages, pieces, ends=ENDS)),
            marked=marked,
        )


def _document(row: dict[str, Any]) -> Document:
    return document(row["id"], row["text"], publisher=row["publisher"], day=row.get("date"))
