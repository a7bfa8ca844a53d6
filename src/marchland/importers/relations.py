"""Sponsorship and alliance tables: UCDP External Support, and formal alliances of COW.

Rows become claims of the tidy kind: who backs whom in a year, who is allied with whom from day to
day. The kinds of support become the claim's quote, in words that the kinds of backing are read
from (`marchland.alignment.backing_in`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import ClassVar

from marchland.claims import Claim, Source
from marchland.dates import Precision, Span
from marchland.errors import BadInput
from marchland.importers.events import EventImporter, Reading

SUPPORT: Mapping[str, str] = {
    "ext_x": "troops",
    "ext_p": "troops present on its ground",
    "ext_y": "territory as a base",
    "ext_w": "weapons",
    "ext_m": "materiel",
    "ext_t": "training",
    "ext_f": "funding",
    "ext_i": "intelligence",
    "ext_l": "access to infrastructure",
    "ext_o": "other support",
}
"""Columns of the UCDP External Support Dataset (1 where so supported) to words."""

ALLIANCE: Mapping[str, tuple[str, str]] = {
    "defense": ("allied_with", "defence pact"),
    "neutrality": ("neutral", "neutrality pact"),
    "nonaggression": ("deals_with", "non-aggression pact"),
    "entente": ("deals_with", "entente, a duty to consult"),
}
"""Columns of COW formal alliances to what each is a claim of; the first that is set decides."""

_SUPPORTED = 0.9
_ALLEGED = 0.6
_PACT = 0.95
"""Chances that a coded row means what it is taken for; a judgement."""


class UcdpExternalSupport(EventImporter):
    """Reads the UCDP External Support Dataset with one supporter a row.

    A row says that the supporter (``ext_name``) backed the warring party (``actor_name``) in that
    year, from its first day to its last. ``ext_sup`` other than 1 says that it was not so, or not
    known, and nothing is claimed. A row counts as published at the year's end; say ``published``
    for the day of the release.
    """

    name: ClassVar[str] = "ucdp_support"
    source: ClassVar[Source] = Source(id="ucdp-esd", name="UCDP External Support")
    columns: ClassVar[tuple[str, ...]] = (
        *("conflict_id", "dyad_id", "year", "location", "actor_id", "actor_name"),
        *("ext_id", "ext_name", "ext_sup", "ext_alleged", *SUPPORT),
    )
    needed: ClassVar[tuple[str, ...]] = ("year", "actor_name", "ext_name", "ext_sup")

    def claims(self, row: Mapping[str, str], reading: Reading) -> Iterator[Claim]:
        """Who backed whom in a year."""
        if row["ext_sup"] not in ("1", "1.0") or not row["ext_name"]:
            reading.skip("as nobody supports there")
            return
        year = _number(row["year"], "year")
        told = [words for column, words in SUPPORT.items() if row[column] in ("1", "1.0")]
        alleged = row["ext_alleged"] in ("1", "1.0")
        yield _claim(
            self, row, reading, "backs", row["ext_name"], row["actor_name"],
            valid=Span(
                start=date(year, 1, 1), end=date(year + 1, 1, 1), precision=Precision.YEAR
            ),
            published=date(year, 12, 31), quote=", ".join(told),
            chance=_ALLEGED if alleged else _SUPPORTED,
        )  # fmt: skip


class CowAlliances(EventImporter):
    """Reads the Correlates of War formal alliances, one dyad a row (version 4.1, by name).

    `ALLIANCE` says what each type is a claim of. An alliance without an end lasts on.
    """

    name: ClassVar[str] = "cow_alliances"
    source: ClassVar[Source] = Source(id="cow-alliances", name="COW formal alliances")
    columns: ClassVar[tuple[str, ...]] = (
        *("version4id", "ccode1", "state_name1", "ccode2", "state_name2"),
        *("dyad_st_day", "dyad_st_month", "dyad_st_year"),
        *("dyad_end_day", "dyad_end_month", "dyad_end_year", *ALLIANCE),
    )
    needed: ClassVar[tuple[str, ...]] = (
        *("state_name1", "state_name2", "dyad_st_day", "dyad_st_month", "dyad_st_year"),
        *ALLIANCE,
    )

    def claims(self, row: Mapping[str, str], reading: Reading) -> Iterator[Claim]:
        """Who was allied with whom, from when to when."""
        kind = next((k for k in ALLIANCE if row[k] in ("1", "1.0")), None)
        if kind is None:
            reading.skip("as no type of alliance is set")
            return
        start = _day(row, "dyad_st")
        end = _day(row, "dyad_end") if row["dyad_end_year"] else None
        if end is not None and end < start:
            raise BadInput(f"dyad_end {end} is before dyad_st {start}")
        predicate, words = ALLIANCE[kind]
        yield _claim(
            self, row, reading, predicate, row["state_name1"], row["state_name2"],
            valid=Span(start=start, end=end + timedelta(days=1) if end else None),
            published=start, quote=words, chance=_PACT,
        )  # fmt: skip


def _claim(
    importer: EventImporter,
    row: Mapping[str, str],
    reading: Reading,
    predicate: str,
    subject: str,
    object: str,
    *,
    valid: Span,
    published: date,
    quote: str,
    chance: float,
) -> Claim:
    a, b = (
        reading.actors.actor(name, name.removeprefix("Government of "))
        for name in (subject, object)
    )
    if a is None or b is None:
        raise BadInput("one of the two actors is not named")
    return Claim(
        predicate=predicate,
        report=importer.report(
            row, title=f"{importer.source.name}: {subject} and {object}", published=published
        ),
        subject=a,
        object=b,
        valid=valid,
        quote=quote or None,
        p_read=chance,
        reader=f"{importer.name}/1",
    )


def _number(text: str, column: str) -> int:
    try:
        return int(float(text))
    except ValueError:
        raise BadInput(f"{column}: {text!r} is no number") from None


def _day(row: Mapping[str, str], stem: str) -> date:
    year, month, day = (
        _number(row[f"{stem}_{p}"], f"{stem}_{p}") for p in ("year", "month", "day")
    )
    try:
        return date(year, month, day)
    except ValueError:
        raise BadInput(f"{stem}: {year}-{month}-{day} is no day") from None
