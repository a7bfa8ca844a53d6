"""Hand-marked claims: what they say, where in their text they stand, and which names agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench._gold import SETS, load_scorer, rows

from marchland.claims import PlaceRef, Ref

_LEFT_OUT = frozenset({"connects", "derived_from"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One hand-marked claim; names are alternatives for one another.

    Parameters
    ----------
    span
        Characters of the original text that it points at; None where they were not found.
    besides
        Joint subjects, each with one name.
    exact
        Whether the span is that of the very word that says it.
    """

    predicate: str
    subject: tuple[str, ...]
    object: tuple[str, ...]
    place: tuple[str, ...]
    speaker: tuple[str, ...]
    besides: tuple[str, ...]
    modality: str
    statement: bool
    optional: bool
    span: tuple[int, int] | None
    exact: bool = False

    def names(self, role: str) -> tuple[str, ...]:
        """The names that may fill a role; of a statement, its subject is who says it."""
        if self.statement:
            return (self.speaker or self.subject) if role == "subject" else ()
        return {
            "subject": self.subject,
            "object": self.object,
            "place": self.place,
            "speaker": self.speaker,
        }[role]


class Scorer:
    """The rule of the scorer script for which names and which places in a text agree."""

    def __init__(self, path: Path) -> None:
        self.module = load_scorer(path)
        self.module.words = lru_cache(maxsize=None)(self.module.words)

    def agrees(self, names: Sequence[str], refs: Iterable[Ref | PlaceRef | None]) -> bool:
        """Whether one of the names is one of what the mentions are called."""
        return any(self.module.agree(list(names), r.to_json()) for r in refs if r is not None)


def load(
    folder: Path, scorer: Scorer
) -> tuple[list[dict[str, Any]], dict[str, list[Marked]], dict[str, str]]:
    """The texts, the claims marked in each, and the set that each text belongs to."""
    texts = rows(folder / "docs_dev.jsonl")
    by_id = {t["id"]: t["text"] for t in texts}
    marked: dict[str, list[Marked]] = {}
    of_set: dict[str, str] = {}
    for name in SETS:
        told = rows(folder / f"{name}.jsonl")
        scorer.module.locate(told, by_id)
        for row in told:
            doc = row["doc"]
            if of_set.setdefault(doc, name) != name or row["predicate"] in _LEFT_OUT:
                continue
            marked.setdefault(doc, []).append(_marked(row, scorer))
    return [t for t in texts if t["id"] in of_set], marked, of_set


def _marked(row: dict[str, Any], scorer: Scorer) -> Marked:
    modality = row["modality"]
    return Marked(
        predicate=scorer.module.canon(row["predicate"]),
        subject=tuple(row["subject"]),
        object=tuple(row["object"]),
        place=tuple(row["place"]),
        speaker=tuple(row["speaker"]),
        besides=tuple(row.get("with") or ()),
        modality=scorer.module.MODAL.get(modality, modality),
        statement=row["type"] == "statement",
        optional=bool(row.get("optional")),
        span=row["at"],
    )
