"""When crossings are open: what facts and reports say of each on a day, and what follows from it.

A crossing that a dated fact of the theatre says is closed to all traffic is shut in every world:
nobody crosses the border there, though the posts themselves may still be reached. One closed to
goods only, or reported closed by a claim, is told, and shut where the settings say ``legal_only``.
Where opening hours are known the wait for them is added. Nothing known counts as passable where
its holders let the traveller pass, and is said to be not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from marchland.claims import Claim, Modality
from marchland.roads import CrossingNotice, RoadNetwork, mean_wait_h
from marchland.roads.crossings import closing, opening

NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whether a crossing is open on a day.

    Parameters
    ----------
    ends
        Ids of its two sides; of one place where that stands for both.
    state
        ``open``, ``closed`` or ``not known``.
    shut
        Whether it is shut for the traveller in every world.
    facts
        Those of the theatre's facts that it rests on; where none holds, a claim may tell.
    claim
        The latest claim that says it was opened or closed, where no fact does.
    assumed
        Whether it is open or closed by assumption.
    hours, wait_h
        When it is open, by the fact; and the mean wait for it, in hours.
    """

    ends: tuple[str, ...]
    state: str = NOT_KNOWN
    shut: bool = False
    facts: tuple[CrossingNotice, ...] = ()
    claim: Claim | None = None
    assumed: bool = False
    hours: str = ""
    wait_h: float = 0.0

    @property
    def closed_by(self) -> str | None:
        """Id of the claim that says it is closed to traffic; None where none does."""
        return self.claim.id if self.claim is not None and self.state == "closed" else None

    @property
    def told(self) -> str:
        """What is known of it, with who says so."""
        if self.assumed:
            return f"assumed {self.state}"
        if self.facts:
            wait = f"; a wait of {self.wait_h:.1f} h on average" if self.wait_h else ""
            if self.state == "closed" and self.hours:
                wait = "; not open within a fortnight"
            return "; ".join(f"{f} ({f.cited})" for f in self.facts) + wait
        if self.claim is not None:
            word = "closed to traffic" if self.state == "closed" else "opened"
            cited = f"{self.claim.source.name}, published {self.claim.published}, {self.claim.id}"
            return f"reported {word} ({cited})"
        return NOT_KNOWN

    def to_json(self) -> dict[str, Any]:
        return {
            "places": list(self.ends),
            "state": self.state,
            "shut": self.shut,
            "assumed": self.assumed,
            "facts": [f.to_json() for f in self.facts],
            "claim": None if self.claim is None else self.claim.id,
            "hours": self.hours,
            "wait_h": round(self.wait_h, 2),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """Every crossing of a network on a day.

    Parameters
    ----------
    by_link
        Link id to the crossing it leads over, or to where both sides are one place.
    """

    by_link: Mapping[str, Opening]

    @property
    def shut_links(self) -> frozenset[str]:
        """Ids of the links that nobody goes by."""
        return frozenset(i for i, o in self.by_link.items() if o.shut)

    @property
    def wait_h(self) -> Mapping[str, float]:
        """Link id to the mean wait of whoever goes by it; half of it into a place, half out."""
        return {i: o.wait_h / (3 - len(o.ends)) for i, o in self.by_link.items() if o.wait_h}

    @property
    def shut(self) -> tuple[Opening, ...]:
        """The crossings that are shut, each once."""
        return tuple({o.ends: o for o in self.by_link.values() if o.shut}.values())


def openings(
    roads: RoadNetwork,
    claims: Sequence[Claim] = (),
    *,
    on: date,
    as_of: date,
    given: Mapping[str, str] | None = None,
    legal_only: bool = False,
) -> Openings:
    """What is known of every crossing on a day, by a day.

    Parameters
    ----------
    claims
        Those that say of a crossing that it was opened or closed tell where no fact does.
    given
        Place id to ``open`` or ``closed``: what is assumed of a side comes before what is known.
    legal_only
        Whether what is closed to goods, or reported closed, is shut too.
    """
    told = _Told(roads, claims, on=on, as_of=as_of, given=given or {}, legal_only=legal_only)
    by_link = {
        link.id: told.of(tuple(sorted((link.start, link.end))))
        for link in roads.links
        if link.border and link.mode == "road"
        and (link in roads.across(link.start) or link in roads.across(link.end))
    }  # fmt: skip
    for place in sorted(told.crossings):
        if not roads.across(place):
            alone = told.of((place,))
            for link in roads.touching(place):
                if link.id not in by_link or alone.shut:
                    by_link[link.id] = alone
    return Openings(by_link=by_link)


class _Told:
    """Facts and reports of a day, by place."""

    def __init__(
        self,
        roads: RoadNetwork,
        claims: Sequence[Claim],
        *,
        on: date,
        as_of: date,
        given: Mapping[str, str],
        legal_only: bool,
    ) -> None:
        self.on, self.given, self.legal_only = on, given, legal_only
        self.facts: dict[str, list[CrossingNotice]] = {}
        for fact in roads.facts:
            if fact.holds(on, as_of):
                self.facts.setdefault(fact.crossing, []).append(fact)
        self.reports = _reports(claims, on=on, as_of=as_of)
        reported = {
            p for p, (_, c) in self.reports.items()
            if c.place is not None and c.place.geo_precision == "crossing"
        }  # fmt: skip
        self.crossings = {f.crossing for f in roads.facts} | reported
        """Places that a fact or a report speaks of as crossings."""

    def of(self, ends: tuple[str, ...]) -> Opening:
        assumed = {self.given.get(p) for p in ends} & {"open", "closed"}
        if assumed:
            # A side given as closed is shut as a place, whatever else is.
            state = "closed" if "closed" in assumed else "open"
            return Opening(ends=ends, state=state, assumed=True)
        known = [f for p in ends for f in self.facts.get(p, ())]
        of_side = [[f for f in known if f.both_sides or f.crossing == p] for p in ends]
        shut = [f for side in of_side if (f := closing(side, "all")) is not None]
        closed = shut or [f for side in of_side if (f := closing(side, "goods")) is not None]
        if closed:
            facts = tuple(dict.fromkeys(closed))
            return Opening(
                ends=ends, state="closed", shut=bool(shut) or self.legal_only, facts=facts
            )
        opened = dict.fromkeys(f for side in of_side if (f := opening(side)) is not None)
        if opened:
            return self._open(ends, tuple(opened))
        reports = [self.reports[p] for p in ends if p in self.reports]
        if not reports:
            return Opening(ends=ends)
        claim = max(reports, key=lambda r: r[0])[1]
        is_closed = claim.predicate == "closes"
        return Opening(
            ends=ends, state="closed" if is_closed else "open", claim=claim,
            shut=is_closed and self.legal_only,
        )  # fmt: skip

    def _open(self, ends: tuple[str, ...], facts: tuple[CrossingNotice, ...]) -> Opening:
        """Open by facts: with the longer wait of two sides that keep hours of their own."""
        waits = {f.hours: mean_wait_h(f.hours, self.on) for f in facts if f.hours}
        out_of_season = [f for f in facts if f.hours and waits[f.hours] is None]
        if out_of_season:
            shut = self.legal_only or any("all" in f.traffic for f in out_of_season)
            return Opening(
                ends=ends, state="closed", shut=shut, facts=tuple(out_of_season),
                hours=out_of_season[0].hours,
            )  # fmt: skip
        longest = max(waits, key=lambda h: waits[h] or 0.0, default="")
        return Opening(
            ends=ends, state="open", facts=facts, hours=longest, wait_h=waits.get(longest) or 0.0
        )


Report = tuple[tuple[date, str], Claim]


def _reports(claims: Sequence[Claim], *, on: date, as_of: date) -> dict[str, Report]:
    """The latest claim up to a day, for each place, that it was opened or closed."""
    latest: dict[str, Report] = {}
    for claim in claims:
        if claim.predicate not in ("opens", "closes") or claim.place is None:
            continue
        if claim.modality is not Modality.ASSERTED or claim.published is None:
            continue
        start = claim.valid.start or claim.published
        ended = claim.valid.end is not None and claim.valid.end <= on
        if start > on or claim.published > as_of or ended:
            continue
        mark = (start, claim.id)
        if claim.place.id not in latest or mark > latest[claim.place.id][0]:
            latest[claim.place.id] = (mark, claim)
    return latest
