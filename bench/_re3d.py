"""Entities under re3d's scheme: of the bare language model, and of what the reader names.

In that scheme a country or capital that acts is an Organisation, an entity has its article, and
pronouns and common nouns that stand for somebody are entities too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from marchland.reading.candidates import ThingKind, outermost
from marchland.reading.times import find_dates

_BARE = {
    "ORG": "Organisation",
    "NORP": "Nationality",
    "PERSON": "Person",
    "GPE": "Location",
    "LOC": "Location",
    "FAC": "Location",
    "DATE": "Temporal",
    "TIME": "Temporal",
    "PRODUCT": "MilitaryPlatform",
}

_OURS = {
    ThingKind.PERSON: "Person",
    ThingKind.BODY: "Organisation",
    ThingKind.PLACE: "Location",
    ThingKind.PLATFORM: "MilitaryPlatform",
}


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed stretch of text."""

    begin: int
    end: int
    type: str


def bare_entities(doc: Any) -> set[Entity]:
    """The language model's own entities, types mapped."""
    return {
        Entity(e.start_char, e.end_char, _BARE[e.label_]) for e in doc.ents if e.label_ in _BARE
    }


def our_entities(page: Any) -> Iterator[Entity]:
    """What the reader names in a paragraph, types mapped."""
    for c in outermost(page.offered):
        assert c.kind is not None
        yield Entity(*page.span(c.first, c.last), _OURS[c.kind])
    tree = page.linker.tree
    for time in find_dates(tree.text, published=None):
        begin, end = page.cleaned.original(page.start + time.begin, page.start + time.end)
        yield Entity(begin, end, "Temporal")
