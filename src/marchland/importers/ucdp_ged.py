"""UCDP GED: events of organised violence, one row an event (version 17.1 and later).

What an event says by ``type_of_violence`` stands in `RULES`. Two sides that kill each other in a
place fight each other, and the place is perhaps contested; who kills civilians in a place has
forces there, perhaps. Neither says who holds it. Columns and codes: UCDP Georeferenced Event
Dataset Codebook (Högbladh).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import ClassVar

from marchland.claims import Claim, PlaceRef, Source
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

RULES: Mapping[int, tuple[Rule, ...]] = {
    1: (Rule(predicate="fights", chance=0.95), Rule(predicate="contests", chance=0.35)),
    2: (Rule(predicate="fights", chance=0.95), Rule(predicate="contests", chance=0.35)),
    3: (Rule(predicate="assaults", chance=0.95), Rule(predicate="presence", chance=0.4)),
}
"""``type_of_violence``: 1 state-based, 2 non-state, 3 one-sided."""

_DATES = {
    1: Precision.DAY,
    2: Precision.WEEK,
    3: Precision.WEEK,
    4: Precision.MONTH,
    5: Precision.YEAR,
}
_UNCLEAR = 0.7
"""What ``event_clarity`` 2 leaves of a chance: several events are told in one."""


class UcdpGed(EventImporter):
    """Reads UCDP GED as CSV, JSON Lines or Parquet.

    ``where_prec`` decides what the claim is about: 1 the place; 2 an area around it; 3 to 5 its
    district or province; 6 its country; 7 (sea, air) nothing. ``date_prec`` becomes the precision
    of the claim's days. All three codes stand in the title of the claim's report. A row is taken
    to be published on the last day of ``source_date`` that is not before the event began, or where
    there is none on ``date_end``; say ``published`` where nothing was known before a release.
    """

    name: ClassVar[str] = "ucdp_ged"
    source: ClassVar[Source] = Source(id="ucdp-ged", name="UCDP GED")
    columns: ClassVar[tuple[str, ...]] = (
        *("id", "relid", "year", "active_year", "code_status", "type_of_violence"),
        *("conflict_dset_id", "conflict_new_id", "conflict_name", "dyad_dset_id", "dyad_new_id"),
        *("dyad_name", "side_a_dset_id", "side_a_new_id", "side_a", "side_b_dset_id"),
        *("side_b_new_id", "side_b", "number_of_sources", "source_article", "source_office"),
        *("source_date", "source_headline", "source_original", "where_prec", "where_coordinates"),
        *("where_description", "adm_1", "adm_2", "latitude", "longitude", "geom_wkt"),
        *("priogrid_gid", "country", "country_id", "region", "event_clarity", "date_prec"),
        *("date_start", "date_end", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"),
        *("best", "high", "low", "gwnoa", "gwnob"),
    )
    needed: ClassVar[tuple[str, ...]] = (
        *("id", "type_of_violence", "side_a", "side_b", "where_prec", "latitude", "longitude"),
        *("date_prec", "date_start", "date_end"),
    )

    def claims(self, row: Mapping[str, str], reading: Reading) -> Iterator[Claim]:
        """What one event says."""
        kind = read_code(row["type_of_violence"], "type_of_violence", 3)
        where = read_code(row["where_prec"], "where_prec", 7)
        when = read_code(row["date_prec"], "date_prec", 5)
        clarity = read_code(row["event_clarity"] or "1", "event_clarity", 2)
        start, end = (read_date(row[c], c) for c in ("date_start", "date_end"))
        if end < start:
            raise BadInput(f"date_end {end} is before date_start {start}")
        place = _place(row, where, reading)
        if place is None:
            reading.skip("as where_prec 7 is no place on land")
            return
        a, b = reading.actors.actor(row["side_a"]), None
        if kind != 3:
            b = reading.actors.actor(row["side_b"])
            if b is None:
                raise BadInput("side_b: it is empty")
        if a is None:
            raise BadInput("side_a: it is empty")
        report = self.report(
            row,
            title=f"UCDP GED {row['id']}: where_prec {where}, date_prec {when}, "
            f"event_clarity {clarity}",
            published=_published(row["source_date"], start, end),
        )
        valid = Span(
            start=start,
            end=end + timedelta(days=1) if when == 1 and end > start else None,
            precision=_DATES[when],
        )
        for rule in RULES[kind]:
            weighed = Rule(
                predicate=rule.predicate,
                chance=round(rule.chance * (_UNCLEAR if clarity == 2 else 1.0), 4),
            )
            yield self.claim(
                weighed, report, subject=a, object=b, place=place, valid=valid,
                quote=row["source_headline"],
            )  # fmt: skip


def _place(row: Mapping[str, str], where: int, reading: Reading) -> PlaceRef | None:
    if where == 7:
        return None
    point = read_point(row)
    if where <= 2:
        name = row["where_coordinates"].removesuffix(" town").removesuffix(" village")
        return reading.places.settlement(name, point, exact=where == 1)
    if where == 6:
        return reading.places.region([row["country"]], point, country=True)
    names = {3: ("adm_2", "adm_1"), 4: ("adm_1",), 5: ("where_coordinates", "adm_2", "adm_1")}
    return reading.places.region([row[c] for c in names[where]], point, country=False)


def _published(cell: str, start: date, end: date) -> date:
    """The last day of its sources, and no day before the event's own beginning."""
    days = []
    for part in cell.replace(";", ",").split(","):
        try:
            days.append(read_date(part, "source_date"))
        except BadInput:
            continue
    after = [d for d in days if d >= start]
    return max(after, default=end)
