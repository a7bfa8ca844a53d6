"""The ledger itself: record, ask, replay.

Every recording is one transaction and, where it adds anything, one revision. Recording what is
known already changes nothing. Whatever goes wrong in the middle leaves the ledger as it was.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Column, Connection, Engine, Select, Table, func, insert, select

from marchland.claims import Claim, Kind, Modality, Report
from marchland.collecting import uncollected
from marchland.errors import AmbiguousName, LedgerError, Rejected, UnknownName
from marchland.ledger import rows, tables
from marchland.ledger.engine import Target, connect, find, plainly, require_usable, writing
from marchland.ledger.inserts import add, batches, correction_rows, sound
from marchland.ledger.intake import Intake, Revision
from marchland.ledger.opening import prepare
from marchland.ledger.query import select_claims
from marchland.vocabulary.model import Actor, Place

Clock = Callable[[], datetime]
"""Tells the time, with its zone; called once for each recording that adds something."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


def open_ledger(
    url: str | Path,
    *,
    revision: int | None = None,
    read_only: bool = False,
    clock: Clock = _utc_now,
    wait_s: float = 30.0,
) -> "Ledger":
    """Open a ledger, making it where there is none.

    Parameters
    ----------
    url
        A SQLite file's path; ``sqlite://`` for one in memory; or a PostgreSQL URL,
        ``postgresql://USER@HOST/NAME``, whose tables lie in the schema ``marchland``.
    revision
        Replay the ledger as it was at this revision: every answer as it was then, nothing to be
        recorded.
    read_only
        Never write. A file that can't be written is opened so in any case.
    clock
        Sets the recording clock.
    wait_s
        How long to wait for another program that is writing, in seconds.

    Raises
    ------
    LedgerError
        If there is no ledger there and none can be made, or it is damaged, locked, or of a newer
        version of Marchland, or has no such revision.
    MissingExtra
        If it is in PostgreSQL and the driver is not installed.

    Examples
    --------
    >>> with open_ledger("sqlite://") as ledger:
    ...     ledger.revision, ledger.claims()
    (0, [])
    """
    target = find(url)
    for_reading = read_only or revision is not None
    if target.path is not None:
        can_write = require_usable(target.path, must_exist=for_reading)
        for_reading = for_reading or not can_write
    # A ledger in memory is made by whoever opens it, even to read.
    engine = connect(target, read_only=for_reading and not target.in_memory, wait_s=wait_s)
    try:
        with plainly(target):
            prepare(engine, target, read_only=for_reading and not target.in_memory)
        ledger = Ledger(engine, target, read_only=for_reading, clock=clock)
        if revision is None:
            return ledger
        return ledger.at(revision, closes=True)
    except BaseException:
        engine.dispose()
        raise


_SHORT_WAIT_S = 0.5


class Ledger:
    """Every report and claim taken in. Made by `open_ledger`.

    It may be used from several threads, and several programs may have it open; SQLite lets one of
    them write at a time.
    """

    def __init__(
        self,
        engine: Engine,
        target: Target,
        *,
        read_only: bool,
        clock: Clock,
        revision: int | None = None,
        closes: bool = True,
    ) -> None:
        self.read_only = read_only
        self._engine, self._target, self._clock = engine, target, clock
        self._replayed, self._closes = revision, closes
        self._lock = RLock()
        self._times: dict[int, datetime] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace_back: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database. A ledger in memory is gone then."""
        if self._closes:
            self._engine.dispose()

    def __repr__(self) -> str:
        replayed = "" if self._replayed is None else f", revision={self._replayed}"
        return f"<Ledger {self._target.label}{replayed}>"

    @property
    def revision(self) -> int:
        """How many recordings have added something; the one replayed where one is."""
        if self._replayed is not None:
            return self._replayed
        with self._reading() as connection:
            return _latest(connection)

    def revisions(self) -> list[Revision]:
        """Every revision, first to last."""
        table = tables.revisions
        with self._reading() as connection:
            found = connection.execute(
                self._then(select(table), table.c.number).order_by(table.c.number)
            ).all()
        return [
            Revision(number=n, recorded=datetime.fromisoformat(recorded), what=what)
            for n, recorded, what in found
        ]

    def at(self, revision: int, *, closes: bool = False) -> "Ledger":
        """This ledger as it was at a past revision: every answer as it was then.

        Parameters
        ----------
        closes
            Whether closing the one given back closes the database; else it closes with this one.

        Raises
        ------
        LedgerError
            If there is no such revision.
        """
        latest = self.revision
        if not 0 <= revision <= latest:
            raise LedgerError(
                f"{self._target.label} has no revision {revision}; give one from 0 to {latest}"
            )
        past = Ledger(
            self._engine,
            self._target,
            read_only=True,
            clock=self._clock,
            revision=revision,
            closes=closes,
        )
        past._lock = self._lock
        return past

    # ---------------------------------------------------------------- recording

    def record(
        self,
        claims: Iterable[Claim],
        *,
        report: Report | None = None,
        text: str | None = None,
    ) -> Intake:
        """Record claims in one transaction: all of them, or after a failure none.

        Parameters
        ----------
        claims
            Read as they come, so that a million need no more memory than a few thousand. Their
            reports are recorded with them.
        report
            The report they were read from; it counts as taken in whole, even without a claim.
        text
            Its whole original text. A claim of `report` whose quote is not there, to the letter
            and at its offsets, is rejected.

        Returns
        -------
            How many claims were added and how many were known already.

        Raises
        ------
        LedgerError
            If they can't be written; nothing is recorded then.
        """
        rejected: list[Rejected] = []
        seen: set[str] = set()
        added = known = new_reports = 0
        with self._writing() as connection:
            number = _latest(connection) + 1
            encoder = rows.ClaimEncoder(number)
            something_new = False
            if report is not None:
                seen.add(report.id)
                new_reports += add(connection, tables.reports, [rows.report_row(report, number)])
                something_new = self._finish(connection, report, text, number) or new_reports > 0
            for batch in batches(sound(claims, report, text, rejected)):
                fresh = {c.report.id: c.report for c in batch if c.report.id not in seen}
                seen.update(fresh)
                new_reports += add(
                    connection, tables.reports, [rows.report_row(r, number) for r in fresh.values()]
                )
                new = add(connection, tables.claims, [encoder.row(c) for c in batch])
                added, known = added + new, known + len(batch) - new
                add(connection, tables.corrections, correction_rows(batch, number))
            if something_new or added or new_reports:
                what = f"{_count(added, 'claim')}, {_count(new_reports, 'report')}"
                self._note(connection, number, what)
        return Intake(added=added, known=known, rejected=tuple(rejected), reports=new_reports)

    def add_places(self, places: Iterable[Place]) -> int:
        """Make places the ledger's own; of one known already the newer record counts from now on.

        Returns
        -------
            How many were new or changed.
        """
        return self._add_own(tables.places, list(places), "place")

    def add_actors(self, actors: Iterable[Actor]) -> int:
        """Make actors the ledger's own; of one known already the newer record counts from now on.

        Returns
        -------
            How many were new or changed.
        """
        return self._add_own(tables.actors, list(actors), "actor")

    def save_estimate(self, estimate_id: str, record: Mapping[str, Any]) -> None:
        """Keep an estimate's record, so that its id can be asked about later; no new revision.

        Raises
        ------
        LedgerError
            If another program is writing: a record of an answer is not worth a long wait.
        """
        row = {"id": rows.key(estimate_id), "record": rows.dump_estimate(record)}
        with self._writing(wait_s=_SHORT_WAIT_S) as connection:
            add(connection, tables.estimates, [{**row, "revision": _latest(connection)}])

    # ---------------------------------------------------------------- asking

    def claims(
        self,
        *,
        ids: Collection[str] | None = None,
        place_ids: Collection[str] | None = None,
        actor_ids: Collection[str] | None = None,
        kinds: Iterable[Kind | str] | None = None,
        predicates: Iterable[str] | None = None,
        report_id: str | None = None,
        on: date | None = None,
        as_of: date | None = None,
        modality: Modality | str | Iterable[Modality | str] | None = None,
        limit: int | None = None,
        include_corrected: bool = False,
    ) -> list[Claim]:
        """Claims that fit every filter given, in order of publication.

        Parameters
        ----------
        ids, place_ids, kinds, predicates, report_id, modality
            Only claims that have one of these.
        actor_ids
            Only claims that name one of these as subject, object or speaker.
        on
            Only claims whose valid span covers this day.
        as_of
            Only claims published by the end of this day; undated ones are left out then.
        limit
            No more than this many.
        include_corrected
            Also claims that another one corrects. Without it they are left out, where the
            correction had been published by `as_of`.
        """
        statement = select_claims(
            ids=ids, place_ids=place_ids, actor_ids=actor_ids, kinds=kinds, predicates=predicates,
            report_id=report_id, on=on, as_of=as_of, modality=modality, limit=limit,
            include_corrected=include_corrected, revision=self._replayed,
        )  # fmt: skip
        with self._reading() as connection:
            return self._decode(connection, statement)

    def claim(self, id: str) -> Claim:
        """The claim with an id, corrected or not; a prefix will do where it is the only one.

        Raises
        ------
        UnknownName, AmbiguousName
            If no claim, or more than one, has it.
        """
        with self._reading() as connection:
            whole = self._complete(connection, tables.claims, id, "claim", "c:")
            statement = select_claims(
                ids=[whole], place_ids=None, actor_ids=None, kinds=None, predicates=None,
                report_id=None, on=None, as_of=None, modality=None, limit=None,
                include_corrected=True, revision=self._replayed,
            )  # fmt: skip
            return self._decode(connection, statement)[0]

    def corrections(self, id: str) -> list[Claim]:
        """The claims that correct the one with this id, in order of publication."""
        table = tables.corrections
        with self._reading() as connection:
            asked = select(table.c.claim_id).where(table.c.corrects == id)
            ids = connection.scalars(self._then(asked, table.c.revision)).all()
        return self.claims(ids=ids, include_corrected=True) if ids else []

    def has_report(self, sha256: str, source_id: str, published: date | None) -> bool:
        """Whether a report was taken in whole, so that an interrupted read goes on after it.

        A report that is only named by claims of a table was not.
        """
        reports, texts = tables.reports, tables.texts
        asked = (
            select(reports.c.id)
            .join_from(reports, texts, texts.c.report_id == reports.c.id)
            .where(
                reports.c.sha256 == rows.key(sha256),
                reports.c.source_id == rows.key(source_id),
                reports.c.published == rows.day_key(published),
            )
        )
        with self._reading() as connection:
            return connection.execute(self._then(asked, texts.c.revision)).first() is not None

    def report(self, id: str) -> Report:
        """The report with an id; a prefix will do where it is the only one.

        Raises
        ------
        UnknownName, AmbiguousName
            If no report, or more than one, has it.
        """
        table = tables.reports
        with self._reading() as connection:
            whole = self._complete(connection, table, id, "report", "r:")
            return rows.read_report(
                connection.scalars(select(table.c.record).where(table.c.id == whole)).one()
            )

    def reports(self) -> list[Report]:
        """Every report, in order of publication."""
        table = tables.reports
        asked = self._then(select(table.c.record), table.c.revision)
        with self._reading() as connection:
            found = connection.scalars(asked.order_by(table.c.published, table.c.id)).all()
        return [rows.read_report(r) for r in found]

    def text(self, report_id: str) -> str:
        """The whole original text of a report, to the letter.

        Raises
        ------
        UnknownName, AmbiguousName
            If there is no such report.
        LedgerError
            If the report came without its text, as those of tables do.
        """
        report, table = self.report(report_id), tables.texts
        asked = select(table.c.encoding, table.c.body).where(
            table.c.report_id == rows.key(report.id), table.c.body.is_not(None)
        )
        with self._reading() as connection:
            found = connection.execute(
                self._then(asked, table.c.revision).order_by(table.c.revision)
            ).first()
        if found is None:
            raise LedgerError(
                f"report {report.id} ({report.title}) came without its text, as a table's does"
            )
        return rows.read_text(found[0], bytes(found[1]))

    def texts(self) -> Iterator[tuple[Report, str]]:
        """Every report that came with its text, and that text, to the letter; by report id."""
        reports, texts = tables.reports, tables.texts
        asked = (
            select(reports.c.record, texts.c.encoding, texts.c.body)
            .join_from(reports, texts, texts.c.report_id == reports.c.id)
            .where(texts.c.body.is_not(None))
            .order_by(reports.c.id, texts.c.revision)
        )
        with self._reading() as connection:
            for record, encoding, body in connection.execute(self._then(asked, texts.c.revision)):
                yield rows.read_report(record), rows.read_text(encoding, bytes(body))

    def latest_published(self) -> date | None:
        """The day of the latest dated report; None where there is none."""
        table = tables.reports
        asked = select(func.max(table.c.published))
        with self._reading() as connection:
            found = connection.scalars(self._then(asked, table.c.revision)).one()
        return date.fromisoformat(found) if found else None

    def own_places(self) -> list[Place]:
        """The ledger's own places, by id."""
        return [rows.read_place(r) for r in self._own(tables.places)]

    def own_actors(self) -> list[Actor]:
        """The ledger's own actors, by id."""
        return [rows.read_actor(r) for r in self._own(tables.actors)]

    def estimate(self, id: str) -> dict[str, Any]:
        """The record of an estimate that was kept; a prefix of its id will do.

        Raises
        ------
        UnknownName, AmbiguousName
            If no estimate, or more than one, has it.
        """
        table = tables.estimates
        with self._reading() as connection:
            whole = self._complete(connection, table, id, "estimate", "e:")
            found = connection.scalars(select(table.c.record).where(table.c.id == whole))
            record: dict[str, Any] = json.loads(found.one())
        return record

    # ---------------------------------------------------------------- inner

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with plainly(self._target), self._alone(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, *, wait_s: float | None = None) -> Iterator[Connection]:
        if self.read_only:
            raise LedgerError(
                f"{self._target.label} is open at revision {self._replayed}, as it was then. Open "
                "it without a revision to record"
                if self._replayed is not None
                else f"{self._target.label} is open for reading only. To record, open it without "
                "read_only, in a folder that can be written"
            )
        with (
            plainly(self._target),
            self._alone(),
            writing(self._engine, wait_s=wait_s) as connection,
        ):
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A ledger in memory has one connection; threads take turns at it."""
        if self._target.in_memory:
            with self._lock:
                yield
        else:
            yield

    def _then(self, statement: Select[Any], revision: Column[int]) -> Select[Any]:
        """Only what the replayed revision held."""
        return statement if self._replayed is None else statement.where(revision <= self._replayed)

    def _note(self, connection: Connection, number: int, what: str) -> None:
        now = self._clock()
        if now.tzinfo is None:
            raise LedgerError("the ledger's clock must carry a time zone (UTC)")
        recorded = now.astimezone(UTC).isoformat(timespec="seconds")
        connection.execute(
            insert(tables.revisions), {"number": number, "recorded": recorded, "what": what}
        )

    @staticmethod
    def _finish(connection: Connection, report: Report, text: str | None, number: int) -> bool:
        """Note that a report was taken in whole; whether that was not known."""
        table = tables.texts
        bodies = connection.scalars(
            select(table.c.encoding).where(table.c.report_id == rows.key(report.id))
        ).all()
        if bodies and (text is None or any(b != "none" for b in bodies)):
            return False
        encoding, body = rows.text_body(text)
        row = {"report_id": rows.key(report.id), "encoding": encoding, "body": body}
        connection.execute(insert(table), {**row, "revision": number})
        return True

    def _add_own(self, table: Table, own: Sequence[Actor | Place], what: str) -> int:
        with self._writing() as connection:
            number = _latest(connection) + 1
            asked = select(table.c.id, table.c.record).order_by(table.c.id, table.c.revision)
            held = dict(connection.execute(asked).all())
            records = {rows.key(o.id): rows.dump_own(o) for o in own}
            new = [
                {"id": own_id, "revision": number, "record": record}
                for own_id, record in records.items()
                if held.get(own_id) != record
            ]
            if new:
                connection.execute(insert(table), new)
                self._note(connection, number, _count(len(new), what))
        return len(new)

    def _own(self, table: Table) -> list[str]:
        asked = select(table.c.id, table.c.record).order_by(table.c.id, table.c.revision)
        with self._reading() as connection:
            found = connection.execute(self._then(asked, table.c.revision)).all()
        return list(dict(found).values())

    def _decode(
        self, connection: Connection, statement: Select[str, str, int, str, str]
    ) -> list[Claim]:
        decoder = rows.ClaimDecoder()
        found: list[Claim] = []
        with uncollected():
            for row in connection.execute(statement):
                claim_id, record, number, report_id, report = row
                if number not in self._times:
                    self._learn_times(connection)
                at = self._times[number]
                found.append(decoder.claim(claim_id, record, report_id, report, at))
        return found

    def _learn_times(self, connection: Connection) -> None:
        table = tables.revisions
        known = connection.execute(select(table.c.number, table.c.recorded))
        self._times = {number: datetime.fromisoformat(recorded) for number, recorded in known}

    def _complete(self, connection: Connection, table: Table, id: str, what: str, kind: str) -> str:
        """The key for an id or a prefix of one, with or without its ``c:``."""
        for start in dict.fromkeys((id, kind + id)):
            low = rows.key(start)
            exact = self._then(select(table.c.id).where(table.c.id == low), table.c.revision)
            if connection.execute(exact).first() is not None:
                return low
            if not start.removeprefix(kind):
                continue
            asked = select(table.c.id).where(table.c.id >= low, table.c.id < low + "\U0010ffff")
            found = connection.scalars(
                self._then(asked, table.c.revision).order_by(table.c.id).limit(6)
            ).all()
            if len(found) == 1:
                return str(found[0])
            if found:
                raise AmbiguousName(id, [str(f) for f in found], what=what)
        raise UnknownName(id, what=what)


def _latest(connection: Connection) -> int:
    return connection.scalars(select(func.max(tables.revisions.c.number))).one() or 0


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
