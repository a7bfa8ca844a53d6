"""How firmly a road is held: a score of parts, each of them visible and none of them hidden odds.

Control comes in degrees (Kalyvas 2006): a border may exist on paper only, or lie deep between bases
of one side. For each place of the likeliest route four parts, each from 0 to 1:

- *duration*: days since its odds of standing with the traveller were below even, ``d / (d + 365)``;
- *depth*: distance to the nearest place likely not on that side, ``km / (km + 50)``;
- *garrison*: forces of that side likely there and bases of it within 25 km, ``1 - 2 ** -n``;
- *freshness*: age of the evidence, ``2 ** -(days / 365)``.

The score is the odds of passing, *held*, times the mean of the parts that can be known. A stretch,
a run of one holder up to a border, is as firm as its weakest place; a crossing as its weaker side.
The scale is this project's own and is fitted to nothing: it ranks, and says why.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marchland.alignment import Coalition
from marchland.control import ControlField
from marchland.control.presence import Stay
from marchland.corridor.evidence import claims_at
from marchland.corridor.grades import CrossingFirmness, Firmness, PlaceFirmness, Stretch
from marchland.corridor.model import Crossing, Stop
from marchland.corridor.worlds import odds_of_passing
from marchland.geo import distances_km

_LOOK_BACK_DAYS = 1100
_LOOK_DAYS = 14
_DURATION_DAYS = 365.0
_DEPTH_KM = 50.0
_BASE_KM = 25.0
_FRESH_DAYS = 365.0
_LIKELY = 0.5
_CLAIMS = 3


def firmness(
    stops: Sequence[Stop],
    crossings: Sequence[Crossing],
    control: ControlField,
    coalition: Coalition,
    *,
    on: date,
) -> Firmness:
    """How firmly a route is held on a day.

    Parameters
    ----------
    coalition
        Of that day; it is what "its side" means on earlier days too.
    """
    with_it = odds_of_passing(control, coalition, on=on)
    row = {p: i for i, p in enumerate(control.places)}
    places = dict.fromkeys(s.place for s in stops)
    days, at_least = _held_since(control, coalition, with_it, on=on)
    rivals, away = _rivals(control, with_it, list(places), on=on)
    garrisons = _Garrisons(control, coalition, with_it, on=on)
    found: dict[str, PlaceFirmness] = {}
    for stop in stops:
        at = row.get(stop.place)
        if at is None:
            continue
        forces, bases = garrisons(at)
        rival = rivals.get(stop.place)
        near = away.get(stop.place)
        held = int(days[at])
        parts = {"held": stop.p_pass, "duration": held / (held + _DURATION_DAYS)}
        if near is not None:
            parts["depth"] = near / (near + _DEPTH_KM)
        parts["garrison"] = 1 - 0.5 ** (len(forces) + len(bases))
        parts["freshness"] = 0.0 if stop.age_days is None else 0.5 ** (stop.age_days / _FRESH_DAYS)
        rest = [v for k, v in parts.items() if k != "held"]
        found[stop.place] = PlaceFirmness(
            place=stop.place,
            score=stop.p_pass * sum(rest) / len(rest),
            parts=parts,
            held_days=held,
            at_least=bool(at_least[at]),
            rival=rival,
            rival_km=near if rival else None,
            forces=forces,
            bases=bases,
            age_days=stop.age_days,
            claims=tuple(c.id for c in claims_at(control, stop.place, on, most=_CLAIMS)),
        )
    return Firmness(
        stretches=_stretches(stops, crossings, found),
        crossings=tuple(
            CrossingFirmness(
                near=c.near.place,
                far=c.far.place,
                sides=("neither", "one", "both")[
                    sum(with_it[row[s.place]] >= _LIKELY for s in (c.near, c.far))
                ],
                score=min(found[c.near.place].score, found[c.far.place].score),
            )
            for c in crossings
            if c.near.place in found and c.far.place in found
        ),
    )


def _held_since(
    control: ControlField, coalition: Coalition, with_it: NDArray[np.float64], *, on: date
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(P,) days each place has likely stood with the traveller, and whether it may be more."""
    going = with_it >= _LIKELY
    days = np.zeros(len(going), dtype=np.int64)
    back = 0
    while going.any() and back < _LOOK_BACK_DAYS:
        back += _LOOK_DAYS
        day = on - timedelta(days=back)
        if day < control.start:
            break
        going &= odds_of_passing(control, coalition, on=day) >= _LIKELY
        days[going] = back
    return days, going


def _rivals(
    control: ControlField, with_it: NDArray[np.float64], places: Sequence[str], *, on: date
) -> tuple[dict[str, str], dict[str, float]]:
    """For each place the nearest one likely not on the traveller's side, and how far off it is.

    Only places that claims speak of count: what nobody tells of is no rival.
    """
    told = control.n_claims(on) > 0
    others = [
        i
        for i, place in enumerate(control.found)
        if told[i] and with_it[i] < 1 - _LIKELY and place.point is not None
    ]
    if not others:
        return {}, {}
    there = np.array([_lon_lat(control, i) for i in others])
    row = {p: i for i, p in enumerate(control.places)}
    here = [p for p in places if p in row and control.found[row[p]].point is not None]
    if not here:
        return {}, {}
    far = distances_km(np.array([_lon_lat(control, row[p]) for p in here]), there)
    nearest = far.argmin(axis=1)
    ids = {p: control.places[others[int(k)]] for p, k in zip(here, nearest, strict=True)}
    away = {p: float(far[i, k]) for i, (p, k) in enumerate(zip(here, nearest, strict=True))}
    return {p: r for p, r in ids.items() if r != p}, away


def _lon_lat(control: ControlField, at: int) -> tuple[float, float]:
    point = control.found[at].point
    assert point is not None
    return point.lon, point.lat


class _Garrisons:
    """Forces of the coalition likely at a place, and its bases near."""

    def __init__(
        self,
        control: ControlField,
        coalition: Coalition,
        with_it: NDArray[np.float64],
        *,
        on: date,
    ) -> None:
        likely = {m.actor for m in coalition.members if not m.conditional and m.p >= _LIKELY}
        self._stays: dict[str, list[tuple[str, Stay]]] = {}
        for (place, actor), stay in sorted(control.stays.items(), key=lambda kv: kv[0]):
            if actor in likely:
                self._stays.setdefault(place, []).append((actor, stay))
        self._control, self._day = control, on.toordinal()
        self._bases = [
            i
            for i, place in enumerate(control.found)
            if place.kind in ("base", "airport", "facility")
            and place.point is not None
            and with_it[i] >= _LIKELY
        ]
        self._there = np.array([_lon_lat(control, i) for i in self._bases]).reshape(-1, 2)

    def __call__(self, at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        forces = tuple(
            actor
            for actor, stay in self._stays.get(self._control.places[at], ())
            if stay.odds(self._day, self._control.settings) >= _LIKELY
        )
        if self._control.found[at].point is None or not self._bases:
            return forces, ()
        far = distances_km(np.array([_lon_lat(self._control, at)]), self._there)[0]
        near = [self._bases[k] for k in np.argsort(far, kind="stable") if far[k] <= _BASE_KM]
        return forces, tuple(self._control.places[i] for i in near)


def _stretches(
    stops: Sequence[Stop], crossings: Sequence[Crossing], found: Mapping[str, PlaceFirmness]
) -> tuple[Stretch, ...]:
    borders = {(c.near.place, c.far.place) for c in crossings}
    runs: list[list[Stop]] = [[stops[0]]] if stops else []
    for before, stop in pairwise(stops):
        parted = (before.place, stop.place) in borders or before.holder != stop.holder
        if parted:
            runs.append([])
        runs[-1].append(stop)
    stretches = []
    for run in runs:
        places = tuple(found[s.place] for s in run if s.place in found)
        if places:
            stretches.append(
                Stretch(holder=run[0].holder, places=places, score=min(p.score for p in places))
            )
    return tuple(stretches)
