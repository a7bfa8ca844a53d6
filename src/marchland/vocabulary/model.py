"""What the vocabulary is made of: actors, places, predicates, and the answer to a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from marchland.errors import AmbiguousName, UnknownName
from marchland.geo import Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A state, armed force, party, organisation, or a person in a public role.

    Parameters
    ----------
    id
        Lower-case slug, ``kataib-hezbollah``.
    kind
        ``state``, ``army``, ``armed group``, ``coalition``, ``party``, ``organisation``,
        ``outlet``, ``people`` or ``person in a public role``.
    country
        ISO 3166-1 alpha-2, where it belongs to one.
    part_of
        Id of the actor it belongs to for good (an army to its state); dated ties are claims.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "organisation"
    country: str | None = None
    part_of: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A settlement, crossing, facility or area.

    Parameters
    ----------
    kind
        ``city``, ``town``, ``village``, ``crossing``, ``base``, ``airport``, ``station``,
        ``area``, ``governorate``, ``province``, ``region``, ``corridor``, ``country``, ``river``.
    country
        ISO 3166-1 alpha-2; None for one that spans several.
    lat, lon
        WGS84 degrees; None for an area known only by its members.
    members
        For an area: ids of the places in it.
    other_side
        For a crossing: id of the post across the border.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = "town"
    country: str | None = None
    admin1: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    geonameid: int | None = None
    members: tuple[str, ...] = ()
    other_side: str | None = None
    coord_confidence: str = "high"
    note: str = ""

    @property
    def point(self) -> Point | None:
        if self.lat is None or self.lon is None:
            return None
        return Point(self.lon, self.lat)

    @property
    def is_area(self) -> bool:
        return self.kind in AREA_KINDS

    @property
    def geo_precision(self) -> str:
        """How exactly its point locates it: the claim record's word."""
        if self.kind == "country":
            return "country"
        if self.is_area:
            return "area"
        if self.kind == "crossing":
            return "crossing"
        return "facility" if self.kind in FACILITY_KINDS else "settlement"


AREA_KINDS = frozenset(
    {"area", "governorate", "province", "region", "corridor", "country", "river", "district"}
)
FACILITY_KINDS = frozenset({"base", "airport", "station", "facility"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicate:
    """What a claim may say, with its definition and its codes in other schemes.

    Parameters
    ----------
    crosswalk
        Scheme to codes: ``plover``, ``cameo``, ``acled``, ``ucdp``. Codes are strings.
    """

    id: str
    kind: str
    definition: str
    symmetric: bool = False
    example: str = ""
    crosswalk: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Answer(StrEnum):
    """What `resolve` can answer."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One thing a name could mean.

    Parameters
    ----------
    score
        0..1; how well it fits the name and its context.
    reason
        Why, for `--explain`.
    """

    id: str
    name: str
    kind: str
    score: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer to "what does this name mean here".

    Parameters
    ----------
    id
        Set when `answer` is ``resolved``; None otherwise: never a guess.
    candidates
        Best first.
    """

    name: str
    answer: Answer
    id: str | None = None
    candidates: tuple[Candidate, ...] = ()

    def require(self, what: str = "name") -> str:
        """The id.

        Raises
        ------
        UnknownName, AmbiguousName
            If the name was not resolved.
        """
        if self.id is not None:
            return self.id
        shown: Sequence[str] = [f"{c.id} ({c.name})" for c in self.candidates[:6]]
        if self.answer is Answer.AMBIGUOUS:
            raise AmbiguousName(self.name, shown, what=what)
        raise UnknownName(self.name, [c.name for c in self.candidates[:3]], what=what)
