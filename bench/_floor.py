"""The naive floor of reading: a list of trigger words, each with the nearest names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marchland.reading.files import Document
from marchland.vocabulary import Vocabulary

_TRIGGERS = {
    "captures": r"captur\w*|seiz\w*|retak\w*|retook|recaptur\w*|liberat\w*|took|overr[au]n",
    "holds": r"control(?:s|led)?|holds?|held|stronghold|occup\w+",
    "loses": r"lost|loses?|losing",
    "contests": r"besieg\w*|encircl\w*|clash\w*|surround\w*|siege",
    "presence": r"deployed|stationed|based",
    "assaults": r"attack\w*|struck|strikes?|bomb\w*|shell\w*|kill\w*|airstrikes?|raid\w*|hit",
    "withdraws": r"withdr\w+|retreat\w*|pull(?:ed|ing)? (?:out|back)",
    "backs": r"back(?:s|ed|ing)|support\w*",
    "fights": r"fight\w*|fought|battl\w+",
    "opposes": r"oppos\w+|condemn\w*",
    "consults": r"met|talks|discuss\w*|visit\w*",
    "agrees": r"agree\w*|ceasefire|truce",
    "threatens": r"threat\w*|warn\w*",
    "aids": r"aid|assist\w*|humanitarian",
    "mobilizes": r"mobili[sz]\w*|sent|sends",
    "leads": r"leader|president|minister",
    "part_of": r"member|part of|spokes\w+",
}
_ANY = re.compile("|".join(rf"(?P<{k}>\b(?:{v})\b)" for k, v in _TRIGGERS.items()), re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]*)*[.!?]?")


_CAPITALISED = re.compile(
    r"(?:(?:[aA]l|[eE]l)[- ])?[A-Z][\w'’.-]*\w"
    r"(?: (?:(?:al|el|ez|of|for|the)[- ])*[A-Z][\w'’.-]*\w)*"
)
_WHERE = re.compile(r"\b(?:in|at|near|of|from|to|around|outside|towards?|into)(?: the)? $")
_CONTROL = frozenset({"captures", "holds", "loses", "contests", "presence", "withdraws"})
_SKIPPED = frozenset(("The", "It", "He", "They", "In", "On", "This", "We", "But", "And", "At", "A"))


@dataclass(frozen=True, slots=True)
class _Name:
    begin: int
    end: int
    text: str
    place: bool


def floor_claims(texts: list[Document], vocabulary: Vocabulary) -> Iterator[dict[str, Any]]:
    """The claims of the floor, in the form that the scorer reads.

    A name is a run of capitalised words; behind a preposition of place it is a place.
    """
    for text in texts:
        for sentence in _SENTENCE.finditer(text.text):
            words = sentence.group()
            names = [
                _Name(m.start(), m.end(), m.group(), bool(_WHERE.search(words[: m.start()])))
                for m in _CAPITALISED.finditer(words)
                if m.group() not in _SKIPPED
            ]
            for hit in _ANY.finditer(words):
                yield _claim(text, sentence.start(), hit, names, vocabulary)


def _claim(
    text: Document, start: int, hit: re.Match[str], names: list[_Name], vocabulary: Vocabulary
) -> dict[str, Any]:
    def nearest(found: list[_Name]) -> _Name | None:
        return min(found, key=lambda n: max(hit.start() - n.end, n.begin - hit.end()), default=None)

    def actor(name: _Name | None) -> dict[str, str] | None:
        if name is None:
            return None
        known = vocabulary.resolve_actor(name.text).id
        actor = vocabulary.find_actor(known) if known else None
        return {"id": known or "?", "name": actor.name if actor else name.text, "text": name.text}

    control = hit.lastgroup in _CONTROL
    after = [n for n in names if n.begin >= hit.end()]
    place = nearest(after if control else [n for n in names if n.place])
    return {
        "doc": text.report.title,
        "predicate": hit.lastgroup,
        "subject": actor(nearest([n for n in names if n.end <= hit.start() and not n.place])),
        "object": None if control else actor(nearest([n for n in after if not n.place])),
        "place": {"id": "?", "name": place.text} if place else None,
        "modality": "asserted",
        "speaker": None,
        "begin": start + hit.start(),
        "end": start + hit.end(),
    }
