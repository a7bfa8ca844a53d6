"""Which claims: the questions a ledger answers, as one SELECT."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from marchland.claims import Kind, Modality
from marchland.errors import BadInput
from marchland.ledger import tables
from marchland.ledger.rows import key
from marchland.ledger.tables import UNDATED

MOST_IDS = 10_000
"""More ids than this in one filter would go over what a database takes in one statement."""


def select_claims(
    *,
    ids: Collection[str] | None,
    place_ids: Collection[str] | None,
    actor_ids: Collection[str] | None,
    kinds: Iterable[Kind | str] | None,
    predicates: Iterable[str] | None,
    report_id: str | None,
    on: date | None,
    as_of: date | None,
    modality: Modality | str | Iterable[Modality | str] | None,
    limit: int | None,
    include_corrected: bool,
    revision: int | None,
) -> Select[str, str, int, str, str]:
    """Columns id, record, revision, report id and report record; in order of publication."""
    claims, reports = tables.claims, tables.reports
    wanted: list[ColumnElement[bool]] = []
    if ids is not None:
        wanted.append(claims.c.id.in_(_few(ids, "claims")))
    if place_ids is not None:
        wanted.append(claims.c.place_id.in_(_few(place_ids, "places")))
    if actor_ids is not None:
        named = _few(actor_ids, "actors")
        roles = (claims.c.subject_id, claims.c.object_id, claims.c.speaker_id)
        wanted.append(or_(*(role.in_(named) for role in roles)))
    if kinds is not None:
        wanted.append(claims.c.kind.in_([Kind(k).value for k in kinds]))
    if predicates is not None:
        wanted.append(claims.c.predicate.in_(list(predicates)))
    if report_id is not None:
        wanted.append(claims.c.report_id == key(report_id))
    if modality is not None:
        asked = [modality] if isinstance(modality, str) else modality
        wanted.append(claims.c.modality.in_([Modality(m).value for m in asked]))
    if on is not None:
        day = on.isoformat()
        wanted.append(and_(claims.c.valid_start <= day, claims.c.valid_end > day))
    if as_of is not None:
        wanted.append(_known_by(claims.c.published, as_of))
    if revision is not None:
        wanted.append(claims.c.revision <= revision)
    if not include_corrected:
        wanted.append(~_corrected(as_of, revision))
    statement = (
        select(claims.c.id, claims.c.record, claims.c.revision, reports.c.id, reports.c.record)
        .join_from(claims, reports, claims.c.report_id == reports.c.id)
        .where(*wanted)
        .order_by(claims.c.published, claims.c.report_id, claims.c.begins, claims.c.id)
    )
    return statement if limit is None else statement.limit(max(0, limit))


def _known_by(published: ColumnElement[str], as_of: date) -> ColumnElement[bool]:
    """Published by the end of a day; what bears no date was not known on any."""
    return and_(published != UNDATED, published <= as_of.isoformat())


def _corrected(as_of: date | None, revision: int | None) -> ColumnElement[bool]:
    corrections = tables.corrections
    counts: list[ColumnElement[bool]] = [corrections.c.corrects == tables.claims.c.id]
    if as_of is not None:
        counts.append(_known_by(corrections.c.published, as_of))
    if revision is not None:
        counts.append(corrections.c.revision <= revision)
    return exists().where(*counts).correlate(tables.claims)


def _few(ids: Collection[str], what: str) -> list[str]:
    if len(ids) > MOST_IDS:
        raise BadInput(f"{len(ids)} {what} in one question; ask about {MOST_IDS} at a time")
    return [key(i) for i in ids]
