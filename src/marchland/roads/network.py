"""Roads: places joined by links, with length, time and kind.

A crossing is two nodes, one on each side, joined by a link of its own. Air and sea links stand in
the same table under their own mode.
"""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Self

from marchland.errors import BadInput
from marchland.roads.crossings import CrossingNotice, load_facts
from marchland.vocabulary import Vocabulary

_INFORMAL = ("no formal crossing", "informal", "smuggling")
MODES = frozenset({"road", "air", "sea"})
_COLUMNS = ("id", "from", "to", "mode", "km", "hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link, usable both ways.

    Parameters
    ----------
    start, end
        Place ids.
    road_class
        ``motorway``, ``trunk``, ``primary``, ``secondary``, ``track``; ``air`` or ``sea``.
    km, hours
        Length, and time of a lorry without waits at borders.
    border
        Whether it joins two states.
    """

    id: str
    start: str
    end: str
    mode: str = "road"
    name: str = ""
    road_class: str = ""
    km: float
    hours: float
    border: bool = False
    note: str = ""

    @property
    def paved(self) -> bool:
        return self.road_class != "track"

    @property
    def informal(self) -> bool:
        """Whether it crosses a border where there is no recognised crossing."""
        return self.border and any(word in self.note.casefold() for word in _INFORMAL)


class RoadNetwork:
    """Links between places, and dated facts of the crossings among them.

    Raises
    ------
    BadInput
        If a fact is about a place that no road leads to or across.
    """

    def __init__(self, links: Sequence[Link], facts: Sequence[CrossingNotice] = ()) -> None:
        self.links, self.facts = tuple(links), tuple(facts)
        self._of_mode: dict[str, RoadNetwork] = {}
        for fact in self.facts:
            if fact.crossing not in self._at:
                raise BadInput(
                    f"{fact.crossing} is on no road, so that nothing could be closed there; add "
                    "its links to roads.csv"
                )

    @classmethod
    def empty(cls) -> Self:
        """A network without a link."""
        return cls(())

    @classmethod
    def load(
        cls,
        file: Path | Traversable,
        vocabulary: Vocabulary,
        *,
        crossings: Path | Traversable | None = None,
    ) -> Self:
        """Read roads.csv.

        Parameters
        ----------
        crossings
            crossings.csv, where there is one.

        Raises
        ------
        BadInput
            If a row names an unknown place or mode, or has no usable length; if a fact of a
            crossing can't be so; with file and row.
        """
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadInput(f"can't be read as UTF-8: {error}", path=str(file)) from error
        reader = csv.DictReader(io.StringIO(text))
        missing = [c for c in _COLUMNS if c not in (reader.fieldnames or ())]
        if missing:
            raise BadInput(f"lacks the column {', '.join(missing)}", path=str(file), row=1)
        links, seen = [], set()
        for number, row in enumerate(reader, start=2):
            link = _link(row, str(file), number)
            for end in (link.start, link.end):
                if vocabulary.find_place(end) is None:
                    raise BadInput(f"{end!r} is no place", path=str(file), row=number)
            if link.id in seen:
                raise BadInput(f"id {link.id!r} is given twice", path=str(file), row=number)
            seen.add(link.id)
            links.append(link)
        facts = load_facts(crossings, vocabulary) if crossings is not None else ()
        try:
            return cls(links, facts)
        except BadInput as error:
            raise BadInput(error.message, path=str(crossings)) from error

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Ids of the places that a link touches, in order of first mention."""
        return tuple(dict.fromkeys(p for link in self.links for p in (link.start, link.end)))

    def of_mode(self, mode: str) -> "RoadNetwork":
        """The links of one mode, and with those of roads the facts of crossings."""
        if mode not in self._of_mode:
            kept = [link for link in self.links if link.mode == mode]
            self._of_mode[mode] = RoadNetwork(kept, self.facts if mode == "road" else ())
        return self._of_mode[mode]

    def without(self, ids: Collection[str]) -> "RoadNetwork":
        """The same without some links."""
        return RoadNetwork([link for link in self.links if link.id not in ids]) if ids else self

    @cached_property
    def _at(self) -> Mapping[str, tuple[Link, ...]]:
        found: dict[str, list[Link]] = {}
        for link in self.links:
            if link.mode == "road":
                for place in (link.start, link.end):
                    found.setdefault(place, []).append(link)
        return {place: tuple(links) for place, links in found.items()}

    def touching(self, place: str) -> tuple[Link, ...]:
        """The road links at a place."""
        return self._at.get(place, ())

    def across(self, place: str) -> tuple[Link, ...]:
        """The links by which one crosses the border at a post.

        Tracks that cross it elsewhere are none of them, unless there is no other link. Empty where
        both sides of the crossing are one place.
        """
        over = [link for link in self._at.get(place, ()) if link.border]
        return tuple([link for link in over if not link.informal] or over)

    @cached_property
    def by_ends(self) -> Mapping[frozenset[str], Link]:
        """The quickest link between two places."""
        best: dict[frozenset[str], Link] = {}
        for link in self.links:
            ends = frozenset((link.start, link.end))
            if ends not in best or link.hours < best[ends].hours:
                best[ends] = link
        return best

    def between(self, a: str, b: str) -> Link | None:
        """The quickest link that joins two places; None where none does."""
        return self.by_ends.get(frozenset((a, b)))


def _link(row: Mapping[str, str], file: str, number: int) -> Link:
    cells = {k: (v or "").strip() for k, v in row.items() if k is not None}
    try:
        km, hours = float(cells["km"]), float(cells["hours"])
    except ValueError:
        raise BadInput("km and hours must be numbers", path=file, row=number) from None
    if not (km > 0 and hours > 0):
        raise BadInput("km and hours must be above zero", path=file, row=number)
    if cells["mode"] not in MODES:
        raise BadInput(
            f"mode {cells['mode']!r} is none of {', '.join(sorted(MODES))}", path=file, row=number
        )
    if cells["from"] == cells["to"]:
        raise BadInput(f"joins {cells['from']!r} to itself", path=file, row=number)
    return Link(
        id=cells["id"],
        start=cells["from"],
        end=cells["to"],
        mode=cells["mode"],
        name=cells.get("name", ""),
        road_class=cells.get("road_class", ""),
        km=km,
        hours=hours,
        border=cells.get("border", "") == "yes",
        note=cells.get("note", ""),
    )
