"""When a tie began, turned or ended: with an interval, odds, and the claims behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from marchland.alignment.network import AlignmentNetwork
from marchland.claims import Claim

_FIRM = 0.5
_STEP = timedelta(days=7)
_EARLY, _MIDDLE, _LATE = 0.05, 0.5, 0.95
_MOST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One change of where two actors stand.

    Parameters
    ----------
    before, after
        ``aligned``, ``opposed`` or ``neutral``; None where nothing firm is known.
    day
        By when the change is as likely to have come as not.
    earliest, latest
        90 % interval of the day: from when the odds of the new side have gone 5 % of their way,
        until they have gone 95 %.
    p
        Odds that they stood as said before and stand as said after, at the days on either side
        where each is surest.
    claims
        Those that tell of the new side, after the last that tells of the old one.
    """

    a: str
    b: str
    before: str | None
    after: str | None
    day: date
    earliest: date
    latest: date
    p: float
    claims: tuple[Claim, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "a": self.a,
            "b": self.b,
            "before": self.before,
            "after": self.after,
            "day": self.day.isoformat(),
            "earliest": self.earliest.isoformat(),
            "latest": self.latest.isoformat(),
            "p": round(self.p, 4),
            "claims": [c.to_json() for c in self.claims],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Two actors that stand otherwise on one day than on another."""

    a: str
    b: str
    before: str | None
    after: str | None
    p_before: float
    p_after: float
    claims: tuple[Claim, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "a": self.a,
            "b": self.b,
            "before": self.before,
            "after": self.after,
            "p_before": round(self.p_before, 4),
            "p_after": round(self.p_after, 4),
            "claims": [c.to_json() for c in self.claims],
        }


@dataclass(frozen=True, slots=True)
class _Look:
    day: date
    side: str | None
    odds: dict[str, float]


def shifts(
    network: AlignmentNetwork, a: str, b: str, *, start: date, end: date
) -> tuple[Shift, ...]:
    """Every change of a pair's side between two days, by its own claims, in order.

    A side is firm at odds of one half or more. A change from one firm side to another has an
    interval; a tie's first mention, and an end that a source states, have the day that is told.
    """
    looks = _looks(network, a, b, start, end)
    spells: list[list[_Look]] = []
    for look in looks:
        if spells and spells[-1][0].side == look.side:
            spells[-1].append(look)
        else:
            spells.append([look])
    found = []
    for old, new in pairwise(spells):
        before, after = old[0].side, new[0].side
        if before is None or after is None:
            day = new[0].day
            side = after or before
            assert side is not None
            p = max(look.odds.get(side, 0.0) for look in (new if after else old))
            earliest = latest = day
        else:
            day, earliest, latest, p = _turn(old, new, before, after)
        found.append(
            Shift(
                a=a,
                b=b,
                before=before,
                after=after,
                day=day,
                earliest=earliest,
                latest=latest,
                p=p,
                claims=_behind(network, a, b, old, new, after),
            )
        )
    return tuple(found)


def turned(network: AlignmentNetwork, then: date, now: date) -> tuple[Turned, ...]:
    """Every pair whose firm side differs between two days.

    Turns from one firm side to another come first, then ties that ended, then those that nothing
    was told of on the first day; of each, the surest first.
    """
    found = []
    for a, b in network.pairs():
        p_then, p_now = network.odds(a, b, then) or {}, network.odds(a, b, now) or {}
        before, after = _side(p_then), _side(p_now)
        if before == after:
            continue
        evidence = [
            e
            for e in network.chain(a, b).evidence
            if min(then, now) < e.start <= now or (e.end and min(then, now) < e.end <= now)
        ]
        found.append(
            Turned(
                a=a,
                b=b,
                before=before,
                after=after,
                p_before=p_then.get(before or "", 0.0),
                p_after=p_now.get(after or "", 0.0),
                claims=tuple(e.claim for e in evidence[-_MOST:]),
            )
        )
    return tuple(
        sorted(
            found,
            key=lambda t: (
                t.before is None, t.after is None, -max(t.p_before, t.p_after), t.a, t.b
            ),
        )
    )  # fmt: skip


def _side(odds: dict[str, float]) -> str | None:
    return next((k for k, p in odds.items() if p >= _FIRM), None)


def _looks(network: AlignmentNetwork, a: str, b: str, start: date, end: date) -> list[_Look]:
    """Every week, and every day that something is told of; between firm looks, weak ones fall."""
    days = {d for d in network.chain(a, b).knots if start <= d <= end} | {start, end}
    day = start
    while day < end:
        days.add(day)
        day += _STEP
    found: list[_Look] = []
    for day in sorted(days):
        odds = network.odds(a, b, day)
        side = _side(odds or {})
        if odds is not None and side is None and found:
            # Doubt between two firm sides belongs to neither; the last one is not given up yet.
            side = found[-1].side
        found.append(_Look(day, side, odds or {}))
    return found


def _turn(
    old: Sequence[_Look], new: Sequence[_Look], before: str, after: str
) -> tuple[date, date, date, float]:
    """Day, interval and odds of a change from one firm side to another."""
    first = max(old, key=lambda look: (look.odds.get(before, 0.0), look.day))
    last = max(new, key=lambda look: (look.odds.get(after, 0.0), -look.day.toordinal()))
    low, high = first.odds.get(after, 0.0), last.odds.get(after, 0.0)
    between = [x for x in (*old, *new) if first.day <= x.day <= last.day]

    def gone(share: float) -> date:
        wanted = low + share * (high - low)
        return next((x.day for x in between if x.odds.get(after, 0.0) >= wanted), last.day)

    p = first.odds.get(before, 0.0) * high
    return gone(_MIDDLE), gone(_EARLY), gone(_LATE), p


def _behind(
    network: AlignmentNetwork,
    a: str,
    b: str,
    old: Sequence[_Look],
    new: Sequence[_Look],
    after: str | None,
) -> tuple[Claim, ...]:
    evidence = network.chain(a, b).evidence
    if after is None:
        return tuple(e.claim for e in evidence if e.end == new[0].day)[:_MOST]
    sign = {"aligned": 1.0, "opposed": -1.0, "neutral": 0.0}[after]
    speaks = [
        e.claim
        for e in evidence
        if old[0].day < e.start <= new[-1].day
        and (e.log_odds * e.weight * sign > 0 or (sign == 0 and e.neutral > 0))
    ]
    near = [c for c in speaks if (c.valid.start or new[0].day) <= new[0].day]
    return tuple((near[-3:] + [c for c in speaks if c not in near])[:_MOST])
