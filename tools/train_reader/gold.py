"""Hand-marked claims: what they say, where in their text they stand, and which names agree."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marchland.claims import PlaceRef, Ref

SETS = ("claims_dev", "claims_more", "control_dev")
_RENAMED = {
    "dealt_with": "deals_with",
    "neutral_to": "neutral",
    "enforces": "says",
    "present_in": "presence",
}
_LEFT_OUT = frozenset({"connects", "derived_from"})
_MODALITY = {"reported": "asserted", "conditional": "possible", "unclear": "possible"}
_EMPTY = frozenset(
    [
        *("the", "a", "an", "of", "in", "and", "s", "al", "el"),
        *("forces", "group", "province", "governorate", "city", "town"),
    ]
)


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


def load(folder: Path) -> tuple[list[dict[str, Any]], dict[str, list[Marked]], dict[str, str]]:
    """The texts, the claims marked in each, and the set that each text belongs to."""
    texts = _rows(folder / "docs_dev.jsonl")
    by_id = {t["id"]: t["text"] for t in texts}
    marked: dict[str, list[Marked]] = {}
    of_set: dict[str, str] = {}
    for name in SETS:
        for row in _rows(folder / f"{name}.jsonl"):
            doc = row["doc"]
            if of_set.setdefault(doc, name) != name or row["predicate"] in _LEFT_OUT:
                continue
            marked.setdefault(doc, []).append(_marked(row, by_id[doc]))
    return [t for t in texts if t["id"] in of_set], marked, of_set


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _marked(row: dict[str, Any], text: str) -> Marked:
    return Marked(
        predicate=_RENAMED.get(row["predicate"], row["predicate"]),
        subject=tuple(row["subject"]),
        object=tuple(row["object"]),
        place=tuple(row["place"]),
        speaker=tuple(row["speaker"]),
        besides=tuple(row.get("with") or ()),
        modality=_MODALITY.get(row["modality"], row["modality"]),
        statement=row["type"] == "statement",
        optional=bool(row.get("optional")),
        span=_found(row.get("anchor") or "", text),
    )


def _found(anchor: str, text: str) -> tuple[int, int] | None:
    """Where a text has these words, however its lines and hyphens fall."""
    letters = re.sub(r"\s+", "", anchor)
    if not letters:
        return None
    pattern = r"[\s\-\u00ad]*".join("['‘’]" if c in "'‘’" else re.escape(c) for c in letters)
    hit = re.search(pattern, text)
    return hit.span() if hit else None


def words(name: str) -> frozenset[str]:
    """The words of a name that tell it from others."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace(".", ""))
    return frozenset(w for w in found if w not in _EMPTY) or frozenset(found)


def agrees(names: Sequence[str], refs: Iterable[Ref | PlaceRef | None]) -> bool:
    """Whether one of the names is one of what the mentions are called."""
    have = {
        words(called)
        for ref in refs
        if ref is not None
        for called in (ref.name, ref.text, ref.id.replace("-", " "))
        if called
    }
    return any(words(name) in have for name in names)
