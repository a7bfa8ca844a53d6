"""Control inference on real reports: a public table of who holds 520 Ukrainian places.

    python -m bench.control_ukraine --reports REPORTS.csv.gz --places PLACES.csv [--days 4]

The table's rows are reports, known from the day they were seen; a row is seen when somebody edited
it (with ``--restated`` all rows once more on the as-of day). Asked: who holds each place on a
day, from what the table had said 1, 30, 90 and 180 days earlier, or with the rows of a circle of
places left out. Scored twice: against what the table itself said on the day ("table"), and against
what it came to say of that day, each change on the date that its editors give it ("dated"), as the
table lags and a report a day old is nearly always what it says. Beside it the rule that whoever the
table named last still holds the place: at the one confidence that would have suited it best, known
only afterwards, and at .94. Either way a table is checked and not the ground.
"""

import argparse
import csv
import gzip
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from bench._machine import machine
from bench._scores import Scores, score
from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.control import ControlSettings, infer_control
from marchland.dates import Span
from marchland.geo import distances_km
from marchland.vocabulary import Actor, Place, Vocabulary

HOLDERS = ("ukraine", "russia", "contested")
MEANS = {
    "Ukraine": 0, "Russia": 1, "Donetsk PR": 1, "DPR": 1, "Luhansk PR": 1,
    "Contested": 2, "Contested Ukraine": 2, "Gray zone": 2,
}  # fmt: skip
AGES = (1, 30, 90, 180)
_NEAR_KM, _JUST_DAYS = 30.0, 60
_SURE = 0.94
_CIRCLE = 40
_TABLE = Source(id="table", name="Public table")
_ACTORS = (
    Actor(id="ukraine", name="Ukraine", kind="state", country="UA"),
    Actor(id="russia", name="Russia", kind="state", country="RU"),
)


Rows = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the table said.

    Parameters
    ----------
    rows
        Place id to its (ordinal of the day, holder) in order; -1 where the row was gone or junk.
    dated
        Place id to its (ordinal of the day, holder): changes of holder on the editors' own dates.
    """

    places: tuple[Place, ...]
    rows: Mapping[str, Rows]
    dated: Mapping[str, Rows]

    def at(self, day: date, *, dated: bool = False) -> NDArray[np.int64]:
        """(P,) index of the holder as the table stood at the end of a day; -1 for nothing.

        Parameters
        ----------
        dated
            As it later came to say of that day.
        """
        out = np.full(len(self.places), -1)
        for p, place in enumerate(self.places):
            rows = (self.dated if dated else self.rows)[place.id]
            found = bisect_right(rows, (day.toordinal(), 9))
            if found:
                out[p] = rows[found - 1][1]
        return out

    def since(self, day: date) -> NDArray[np.int64]:
        """(P,) days since the holder in the table last changed."""
        out = np.full(len(self.places), 10**6)
        for p, place in enumerate(self.places):
            rows = [r for r in self.rows[place.id] if r[0] <= day.toordinal() and r[1] >= 0]
            moved = [b[0] for a, b in pairwise(rows) if a[1] != b[1]]
            if moved:
                out[p] = day.toordinal() - moved[-1]
        return out


def read_table(reports: Path, places: Path) -> Table:
    """Read the two files; places that are marked for the benchmark only."""
    with places.open(encoding="utf-8", newline="") as file:
        kept = [r for r in csv.DictReader(file) if r["benchmark"] == "1"]
    found = {
        r["name"]: Place(
            id=f"u{i}", name=r["name"], lat=float(r["lat"]), lon=float(r["lon"]), country="UA"
        )
        for i, r in enumerate(kept)
    }
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    given: dict[tuple[str, int], str] = {}
    with gzip.open(reports, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["name"] in found:
                day = date.fromisoformat(row["seen_at"][:10]).toordinal()
                holder = MEANS.get(row["held_by"].strip(), -1) if row["kind"] == "row" else -1
                rows[found[row["name"]].id].append((day, holder))
                given[found[row["name"]].id, day] = row["as_of"]
    # The last word of a day counts; rows stand in the order they were seen.
    daily = {p: tuple(sorted(dict(its).items())) for p, its in rows.items()}
    places_ = tuple(p for p in found.values() if p.id in daily)
    days = pd.to_datetime(pd.Series(given), format="mixed", errors="coerce", utc=True)
    own = {at: d.toordinal() for at, d in days.items() if not pd.isna(d)}
    return Table(places=places_, rows=daily, dated={p: _dated(p, r, own) for p, r in daily.items()})


def _dated(place: str, rows: Rows, own: Mapping[tuple[str, int], int]) -> Rows:
    """Changes of holder, each on its editors' date where that lies between the rows around it."""
    out: list[tuple[int, int]] = []
    for day, holder in rows:
        if holder < 0 or (out and holder == out[-1][1]):
            continue
        since = own.get((place, day), day)
        first = out[-1][0] + 1 if out else 0
        out.append((since if first <= since <= day else max(day, first), holder))
    return tuple(out)


def tell(
    table: Table, as_of: date, hidden: NDArray[np.bool_], *, restated: bool = True
) -> list[Claim]:
    """The rows known by a day, and, restated, the table as it stood on that day."""
    claims = []
    stands = table.at(as_of)
    for p, place in enumerate(table.places):
        if hidden[p]:
            continue
        known = [r for r in table.rows[place.id] if r[0] <= as_of.toordinal() and r[1] >= 0]
        if restated and stands[p] >= 0 and known and known[-1][0] < as_of.toordinal():
            known.append((as_of.toordinal(), int(stands[p])))
        claims += [_claim(place, date.fromordinal(d), k) for d, k in known]
    return claims


def _claim(place: Place, day: date, holder: int) -> Claim:
    title = f"{place.id} {day} {holder}"
    contested = HOLDERS[holder] == "contested"
    actor = _ACTORS[0 if contested else holder]
    return Claim(
        predicate="contests" if contested else "holds",
        report=Report.of(title.encode(), title=title, source=_TABLE, published=day),
        subject=Ref(id=actor.id, name=actor.name),
        place=PlaceRef(
            id=place.id, name=place.name, lat=place.lat, lon=place.lon,
            geo_precision=place.geo_precision,
        ),
        valid=Span.day(day),
    )  # fmt: skip


def strata(table: Table, truth: NDArray[np.int64], day: date) -> dict[str, NDArray[np.bool_]]:
    """Which places count for what."""
    at = np.array([(p.lon, p.lat) for p in table.places], dtype=float)
    close = distances_km(at, at) <= _NEAR_KM
    known = truth >= 0
    other = (truth[:, None] != truth[None]) & known[None]
    return {
        "all": known,
        "near another holder": known & (close & other).any(axis=1),
        "just changed": known & (table.since(day) <= _JUST_DAYS),
    }


def best_constant(right: float) -> float:
    """Log loss of a rule that is right this often, at the confidence that suits it best."""
    r = min(max(right, 1e-4), 1.0 - 1e-4)
    return float(-(r * np.log(r) + (1.0 - r) * np.log((1.0 - r) / (len(HOLDERS) - 1))))


def ask(
    table: Table,
    day: date,
    as_of: date,
    hidden: NDArray[np.bool_],
    settings: ControlSettings,
    *,
    restated: bool,
) -> NDArray[np.float64]:
    """(P, 3) odds on a day from what was known on another."""
    vocabulary = Vocabulary(actors=_ACTORS, places=(), own_places=table.places)
    ids = [p.id for p in table.places]
    field = infer_control(
        tell(table, as_of, hidden, restated=restated),
        vocabulary,
        as_of=as_of,
        start=as_of,
        end=day,
        places=ids,
        settings=settings,
    )
    odds = field.odds(day)[:, [field.outcomes.index(h) for h in HOLDERS]]
    return odds / odds.sum(axis=1, keepdims=True)


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--places", type=Path, required=True)
    parser.add_argument("--days", type=int, default=4, help="days asked about")
    parser.add_argument("--on", type=date.fromisoformat, nargs="+", help="instead: these days")
    parser.add_argument("--ages", type=int, nargs="+", default=AGES)
    parser.add_argument("--restated", action="store_true", help="all rows again on the as-of day")
    parser.add_argument("--tuning-least", type=int, default=ControlSettings().tuning_least)
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    table = read_table(chosen.reports, chosen.places)
    settings = ControlSettings(tuning_least=chosen.tuning_least)
    span = np.linspace(0, 1, chosen.days)
    first, last = date(2022, 10, 1), date(2023, 6, 30)
    spread = [first + timedelta(days=round(float(s) * (last - first).days)) for s in span]
    days = chosen.on or spread
    print(f"{machine()}\n{len(table.places)} places, {len(days)} days from {days[0]} to {days[-1]}")
    print(
        f"{'':34}{'n':>7}   model: right  loss   ece   last known: right  loss   loss ratio, to .94"
    )
    for age in chosen.ages:
        nobody = np.zeros(len(table.places), dtype=bool)
        asked = [(d, d - timedelta(days=age), nobody) for d in days]
        _show(f"{age} days old", table, asked, settings, restated=chosen.restated)
    centre = np.random.default_rng(0).choice(len(table.places), len(days), replace=False)
    at = np.array([(p.lon, p.lat) for p in table.places], dtype=float)
    gap = distances_km(at, at)
    circles = [np.isin(np.arange(len(at)), np.argsort(gap[c])[:_CIRCLE]) for c in centre]
    hidden = [(d, d, circle) for d, circle in zip(days, circles, strict=True)]
    _show("a region hidden", table, hidden, settings, restated=chosen.restated)
    return 0


def _show(
    title: str,
    table: Table,
    asked: list[tuple[date, date, NDArray[np.bool_]]],
    settings: ControlSettings,
    *,
    restated: bool,
) -> None:
    at = np.array([(p.lon, p.lat) for p in table.places], dtype=float)
    gap = distances_km(at, at)
    odds, naive, counted = [], [], []
    for day, as_of, hidden in asked:
        known = table.at(as_of)
        rule = known
        if hidden.any():
            seen = np.flatnonzero(~hidden & (known >= 0))
            rule = np.where(hidden, known[seen[gap[:, seen].argmin(axis=1)]], known)
        counted.append(hidden if hidden.any() else known >= 0)
        odds.append(ask(table, day, as_of, hidden, settings, restated=restated))
        naive.append(np.eye(len(HOLDERS))[np.maximum(rule, 0)])
    for word, dated in (("table", False), ("dated", True)):
        truths = [table.at(day, dated=dated) for day, _, _ in asked]
        parts = [
            {k: v & c for k, v in strata(table, t, day).items()}
            for t, (day, _, _), c in zip(truths, asked, counted, strict=True)
        ]
        masks = {k: np.array([p[k] for p in parts]) for k in parts[0]}
        truth = np.maximum(np.array(truths), 0)
        ours = score(np.array(odds), truth, masks)
        theirs = score(np.array(naive), truth, masks)
        for name in masks:
            a: Scores = ours[name]
            right = theirs[name].right
            loss = best_constant(right)
            plain = -(right * np.log(_SURE) + (1.0 - right) * np.log((1.0 - _SURE) / 2.0))
            print(
                f"{title:16}{word:6}{name[:12]:12}{a.n:7}   {a.right:12.3f} {a.loss:5.3f} "
                f"{a.ece:5.3f} {right:19.3f} {loss:5.3f} {a.loss / loss:12.2f} "
                f"{a.loss / plain:7.2f}",
                flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
