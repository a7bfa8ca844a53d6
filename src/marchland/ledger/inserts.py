"""Putting rows in: what is there already stays as it is, and what is unsound stays out."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from marchland.claims import Claim, Report
from marchland.errors import Rejected
from marchland.ledger import rows

_BATCH = 5_000


def add(connection: Connection, table: Table, new: Sequence[dict[str, Any]]) -> int:
    """Insert rows whose key is not there yet; how many that were."""
    if not new:
        return 0
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    compiled = make(table).on_conflict_do_nothing().compile(dialect=connection.dialect)
    # Straight to the driver, which takes text and numbers as they are: a third quicker.
    in_order = compiled.positiontup
    if in_order is None:
        return connection.exec_driver_sql(str(compiled), list(new)).rowcount
    cells = itemgetter(*in_order)
    return connection.exec_driver_sql(str(compiled), [cells(row) for row in new]).rowcount


def sound(
    claims: Iterable[Claim],
    report: Report | None,
    text: str | None,
    rejected: list[Rejected],
) -> Iterator[Claim]:
    """Claims whose quote is what the text says; the others go to `rejected`."""
    for claim in claims:
        checkable = text is not None and report is not None and claim.report.id == report.id
        if checkable and claim.from_text and text[claim.begin : claim.end] != claim.quote:  # type: ignore[index]
            why = f"its quote is not what the report says at {claim.begin}-{claim.end}"
            rejected.append(Rejected(where=claim.id, why=why))
        else:
            yield claim


def batches(claims: Iterable[Claim]) -> Iterator[list[Claim]]:
    """Claims in lists that one statement can take."""
    remaining = iter(claims)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def correction_rows(claims: Iterable[Claim], number: int) -> list[dict[str, Any]]:
    """Which claim corrects which, as rows of a revision."""
    return [
        {
            "corrects": rows.key(c.corrects),
            "claim_id": c.id,
            "revision": number,
            "published": rows.day_key(c.published),
        }
        for c in claims
        if c.corrects is not None
    ]
