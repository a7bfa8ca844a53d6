"""ACLED: political violence and protest, one row an event.

What an event says by ``sub_event_type`` stands in `RULES`. Two rules decide who gained what:
"Government regains territory" is a gain of the one side whose ``inter`` is a state's, "Non-state
actor overtakes territory" of the one whose ``inter`` is not. ``actor1`` and ``actor2`` of a battle
are no attacker and defender, so where both sides or neither are a state's nobody is said to have
gained: the place is contested. Columns and codes: ACLED Codebook.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from marchland.claims import Claim, PlaceRef, Ref, Source
from marchland.dates import Precision, Span
from marchland.errors import BadInput
from marchland.importers.events import (
    EventImporter,
    Reading,
    Rule,
    read_code,
    read_date,
    read_point,
)

_GAIN, _CONTEST = (
    Rule(predicate="captures", chance=0.9),
    Rule(predicate="contests", chance=0.8),
)
_FIGHTS = Rule(predicate="fights", chance=0.95)
_ASSAULTS = Rule(predicate="assaults", chance=0.95)
_AT = Rule(predicate="presence", chance=0.6)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    """What a sub-event says.

    Parameters
    ----------
    gains
        Who gains the place: ``state``, ``other`` or ``actor1``; None where nobody does.
    """

    rules: tuple[Rule, ...]
    gains: str | None = None


RULES: Mapping[str, _Coded] = {
    "government regains territory": _Coded(rules=(_FIGHTS,), gains="state"),
    "non-state actor overtakes territory": _Coded(rules=(_FIGHTS,), gains="other"),
    "non-violent transfer of territory": _Coded(rules=(), gains="actor1"),
    "armed clash": _Coded(rules=(_FIGHTS, Rule(predicate="contests", chance=0.3))),
    "headquarters or base established": _Coded(rules=(Rule(predicate="presence", chance=0.95),)),
    "arrests": _Coded(rules=(_AT,)),
    "looting/property destruction": _Coded(rules=(_AT,)),
    "attack": _Coded(rules=(_ASSAULTS, Rule(predicate="presence", chance=0.5))),
    "abduction/forced disappearance": _Coded(
        rules=(_ASSAULTS, Rule(predicate="presence", chance=0.5))
    ),
    "sexual violence": _Coded(rules=(_ASSAULTS, Rule(predicate="presence", chance=0.5))),
    "shelling/artillery/missile attack": _Coded(rules=(_ASSAULTS,)),
    "air/drone strike": _Coded(rules=(_ASSAULTS,)),
    "remote explosive/landmine/ied": _Coded(rules=(_ASSAULTS,)),
    "suicide bomb": _Coded(rules=(_ASSAULTS,)),
    "grenade": _Coded(rules=(_ASSAULTS,)),
    "chemical weapon": _Coded(rules=(_ASSAULTS,)),
    "agreement": _Coded(rules=(Rule(predicate="agrees", chance=0.95),)),
    "peaceful protest": _Coded(rules=(Rule(predicate="protests", chance=0.95),)),
    "protest with intervention": _Coded(rules=(Rule(predicate="protests", chance=0.95),)),
    "excessive force against protesters": _Coded(rules=(Rule(predicate="protests", chance=0.95),)),
    "violent demonstration": _Coded(rules=(Rule(predicate="protests", chance=0.95),)),
    "mob violence": _Coded(rules=()),
    "change to group/activity": _Coded(rules=()),
    "disrupted weapons use": _Coded(rules=()),
    "other": _Coded(rules=()),
}
"""``sub_event_type``, in lower case."""

_STATE = frozenset({"1", "state forces"})
_FORCES = re.compile(
    r"^(?:military|police|armed|security|naval|air) forces of (?P<state>[^()]+?)\s*(?:\(|$)", re.I
)
_YEARS = re.compile(r"\s*\([^()]*\)")
_DAYS_OF_A_WEEK = 3


class Acled(EventImporter):
    """Reads ACLED as CSV, JSON Lines or Parquet.

    ``geo_precision`` decides what the claim is about: 1 the place; 2 an area around it; 3 its
    region. ``time_precision`` becomes the precision of the claim's days: 1 the day, 2 the week
    around it, 3 its month. Both codes stand in the title of the claim's report. A row is taken to
    be published on the day of ``timestamp``, when ACLED last released it, or where there is none on
    the event's own day; say ``published`` otherwise.
    """

    name: ClassVar[str] = "acled"
    source: ClassVar[Source] = Source(id="acled", name="ACLED")
    columns: ClassVar[tuple[str, ...]] = (
        *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type"),
        *("sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2"),
        *("inter2", "interaction", "civilian_targeting", "iso", "region", "country", "admin1"),
        *("admin2", "admin3", "location", "latitude", "longitude", "geo_precision", "source"),
        *("source_scale", "notes", "fatalities", "tags", "timestamp"),
    )
    needed: ClassVar[tuple[str, ...]] = (
        *("event_id_cnty", "event_date", "time_precision", "sub_event_type", "actor1", "actor2"),
        *("location", "latitude", "longitude", "geo_precision"),
    )

    def claims(self, row: Mapping[str, str], reading: Reading) -> Iterator[Claim]:
        """What one event says."""
        coded = RULES.get(row["sub_event_type"].casefold())
        if coded is None:
            raise BadInput(f"sub_event_type: {row['sub_event_type']!r} is none that ACLED codes")
        when = read_code(row["time_precision"], "time_precision", 3)
        where = read_code(row["geo_precision"], "geo_precision", 3)
        day = read_date(row["event_date"], "event_date")
        if not coded.rules and coded.gains is None:
            reading.skip(f"sub_event_type {row['sub_event_type']}")
            return
        a, b = _actor(row["actor1"], reading), _actor(row["actor2"], reading)
        protest = any(r.predicate == "protests" for r in coded.rules)
        if a is None and b is None and not protest:
            reading.skip("as it names no actor but civilians")
            return
        report = self.report(
            row,
            title=f"ACLED {row['event_id_cnty']}: geo_precision {where}, time_precision {when}",
            published=_published(row["timestamp"], day),
        )
        for rule, subject, object_ in _told(coded, row, a, b):
            if subject is None and not protest:
                reading.skip("as nobody is named who did it")
                continue
            yield self.claim(
                rule, report, subject=subject, object=object_,
                place=_place(row, where, reading), valid=_span(day, when), quote=row["notes"],
            )  # fmt: skip


def _told(
    coded: _Coded, row: Mapping[str, str], a: Ref | None, b: Ref | None
) -> Iterator[tuple[Rule, Ref | None, Ref | None]]:
    """Rules with whom each is about."""
    for rule in coded.rules:
        if rule.predicate in ("fights", "contests", "agrees") and (a is None or b is None):
            continue
        alone = rule.predicate in ("presence", "protests")
        yield rule, a, None if alone else b
    if coded.gains == "actor1":
        yield _GAIN, a, b
    elif coded.gains:
        state = [row[c].casefold() in _STATE for c in ("inter1", "inter2")]
        gainer = state.index(coded.gains == "state") if state[0] != state[1] else None
        if gainer is None:
            yield _CONTEST, a or b, b if a else None
        else:
            yield _GAIN, (a, b)[gainer], (b, a)[gainer]


def _actor(name: str, reading: Reading) -> Ref | None:
    """An actor; "Military Forces of Iraq (2014-2018) Counter Terrorism" is looked up as "Iraq"."""
    bare = " ".join(_YEARS.sub(" ", name).split())
    forces = _FORCES.match(name)
    return reading.actors.actor(name, bare, *([forces["state"]] if forces else []))


def _place(row: Mapping[str, str], where: int, reading: Reading) -> PlaceRef:
    point = read_point(row)
    if where < 3:
        return reading.places.settlement(row["location"], point, exact=where == 1)
    names = [row[c] for c in ("admin2", "admin1", "country")]
    return reading.places.region([n for n in names if n] or [row["location"]], point, country=False)


def _span(day: date, when: int) -> Span:
    if when == 1:
        return Span.day(day)
    if when == 2:
        return Span(start=day - timedelta(days=_DAYS_OF_A_WEEK), precision=Precision.WEEK)
    return Span(start=day.replace(day=1), precision=Precision.MONTH)


def _published(stamp: str, day: date) -> date:
    """The day of a Unix time stamp; the event's own where there is none."""
    if not stamp:
        return day
    whole = stamp.removesuffix(".0")
    if whole.isdigit() and len(whole) > 8:
        return max(day, datetime.fromtimestamp(int(whole), tz=UTC).date())
    return max(day, read_date(stamp, "timestamp"))
