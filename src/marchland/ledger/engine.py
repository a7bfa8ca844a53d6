"""Opening a database: SQLite by path, PostgreSQL by URL; its complaints in plain words.

SQLite runs in WAL mode, so that readers go on while one program writes; a write takes the lock at
its start (BEGIN IMMEDIATE), and on PostgreSQL an advisory lock, so revisions are counted in order.
"""

import os
import sqlite3
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool, StaticPool

from marchland.errors import LedgerError, MissingExtra

POSTGRES_SCHEMA = "marchland"
_WRITE_LOCK = 0x6D617263  # "marc": one number that every Marchland agrees on
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a ledger is.

    Parameters
    ----------
    path
        The SQLite file; None for memory and for PostgreSQL.
    url
        The PostgreSQL URL; None for SQLite.
    """

    path: Path | None = None
    url: URL | None = None

    @property
    def label(self) -> str:
        """How messages name it; a password is never shown."""
        if self.url is not None:
            return self.url.render_as_string(hide_password=True)
        return str(self.path) if self.path else "the ledger in memory"

    @property
    def in_memory(self) -> bool:
        return self.path is None and self.url is None


def find(url: str | Path) -> Target:
    """Read a path or URL.

    Raises
    ------
    LedgerError
        If it is no path, SQLite URL or PostgreSQL URL.
    """
    if isinstance(url, Path) or "://" not in url:
        return Target(path=Path(url))
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise LedgerError(f"{url!r} is no database URL. {_KINDS}") from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        path = parsed.database
        return Target(path=Path(path)) if path and path != ":memory:" else Target()
    if parsed.drivername in _POSTGRES:
        return Target(url=parsed.set(drivername="postgresql+psycopg"))
    raise LedgerError(f"{parsed.drivername!r} is no database that a ledger can use. {_KINDS}")


_KINDS = "Give a file's path, sqlite:///PATH, or postgresql://USER@HOST/NAME"


def require_usable(path: Path, *, must_exist: bool) -> bool:
    """Check a SQLite ledger's path before anything is opened.

    Returns
    -------
        Whether it can be written; a ledger that can only be read is opened for reading.

    Raises
    ------
    LedgerError
        If there can be no ledger there.
    """
    try:
        if path.is_dir():
            raise LedgerError(
                f"{path} is a folder, not a ledger. Give the file in it, such as "
                f"{path / 'ledger.sqlite'}"
            )
        exists, folder = path.exists(), path.parent
        if not exists and not folder.is_dir():
            raise LedgerError(f"{path}: there is no folder {folder}. Make it first")
        if exists:
            if not os.access(path, os.R_OK, effective_ids=_EFFECTIVE):
                raise LedgerError(f"{path} can't be read. Ask its owner for leave to read it")
            return _can_write(path)
        can_write = _can_write(folder)
    except (OSError, ValueError) as error:
        raise LedgerError(f"{path} can't be opened: {error}. Give another path") from error
    if must_exist:
        raise LedgerError(f"{path}: there is no ledger yet. Read some reports into it first")
    if not can_write:
        raise LedgerError(
            f"{path} can't be made: folder {folder} is read-only. Choose a folder that can be "
            "written, or change its permissions"
        )
    return True


_EFFECTIVE = os.access in os.supports_effective_ids


def _can_write(path: Path) -> bool:
    """Whether files can be made in a folder; or whether a file can be written, as SQLite does.

    SQLite makes other files beside the one it writes.
    """
    if path.is_dir():
        return os.access(path, os.W_OK | os.X_OK, effective_ids=_EFFECTIVE)
    return os.access(path, os.W_OK, effective_ids=_EFFECTIVE) and _can_write(path.parent)


def connect(target: Target, *, read_only: bool, wait_s: float) -> Engine:
    """An engine for `target`; it connects when it is first used.

    Parameters
    ----------
    wait_s
        How long to wait for another program's lock, in seconds.

    Raises
    ------
    MissingExtra
        If it is PostgreSQL and its driver is not installed.
    """
    if target.url is not None:
        return _postgres(target.url, read_only=read_only, wait_s=wait_s)
    return _sqlite(target, read_only=read_only, wait_s=wait_s)


def _sqlite(target: Target, *, read_only: bool, wait_s: float) -> Engine:
    place, is_uri = ":memory:", False
    if target.path is not None:
        place = str(target.path)
        if read_only and not _can_write(target.path):
            place, is_uri = _read_only_uri(target.path), True

    def creator() -> sqlite3.Connection:
        connection = sqlite3.connect(
            place, uri=is_uri, timeout=wait_s, isolation_level=None, check_same_thread=False
        )
        try:
            if target.path is not None and not read_only:
                connection.execute("PRAGMA journal_mode = WAL")
            if read_only:
                # Not mode=ro: such a connection leaves its -wal and -shm files behind.
                connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA recursive_triggers = ON")
            connection.execute("PRAGMA cache_size = -65536")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    if target.in_memory:
        engine = create_engine("sqlite://", creator=creator, poolclass=StaticPool)
    else:
        engine = create_engine(
            "sqlite://", creator=creator, poolclass=QueuePool, max_overflow=-1, pool_timeout=wait_s
        )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("marchland_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _read_only_uri(path: Path) -> str:
    """A URI that opens for reading only.

    In a folder that can't be written SQLite can't make the files that WAL mode needs, unless told
    that nobody writes to it; that is so only while nothing lies in a ``-wal`` file beside it.
    """
    quoted = urllib.parse.quote(str(path.absolute()))
    wal = path.with_name(path.name + "-wal")
    alone = not (wal.exists() and wal.stat().st_size) and not _can_write(path.parent)
    return f"file:{quoted}?mode=ro{'&immutable=1' if alone else ''}"


def _postgres(url: URL, *, read_only: bool, wait_s: float) -> Engine:
    try:
        engine = create_engine(url, max_overflow=-1, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise MissingExtra("postgres", "A ledger in PostgreSQL") from None

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        connection.execute(f"SET search_path TO {POSTGRES_SCHEMA}")
        connection.execute(f"SET lock_timeout TO {int(wait_s * 1000)}")
        connection.execute("SET client_min_messages TO warning")
        if read_only:
            connection.execute("SET default_transaction_read_only TO on")
        connection.autocommit = False

    return engine


@contextmanager
def writing(engine: Engine, *, wait_s: float | None = None) -> Iterator[Connection]:
    """One transaction that holds the write lock from its start.

    Parameters
    ----------
    wait_s
        How long to wait for the lock; None: as long as the engine was told.
    """
    with (
        engine.connect().execution_options(marchland_writes=True) as connection,
        _patience(connection, wait_s),
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            if wait_s is not None:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout TO {int(wait_s * 1000)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")
        yield connection


@contextmanager
def _patience(connection: Connection, wait_s: float | None) -> Iterator[None]:
    """SQLite's wait for a lock, which belongs to the connection and not to a transaction."""
    if wait_s is None or connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    assert driver is not None
    (usual,) = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute(f"PRAGMA busy_timeout = {int(wait_s * 1000)}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {usual}")


@contextmanager
def plainly(target: Target) -> Iterator[None]:
    """Turn what a database complains about into a LedgerError that names it and what to do."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        raise LedgerError(f"{target.label}: {_advice(target, str(cause))}") from error


_ADVICE = (
    (("locked", "busy", "lock timeout"), "another program is writing to it. Wait until it is done"),
    (
        ("is full", "No space left", "disk full"),
        "the disk is full; what was recorded before is safe. Free some space and go on",
    ),
    (
        ("readonly", "read-only"),
        "it is read-only. Change its permissions, or copy it to a folder that can be written",
    ),
    (("append-only",), "a ledger is append-only. Record a claim that corrects the other instead"),
    (
        ("not a database", "malformed", "file is encrypted"),
        "it is no ledger, or it is damaged. Give another file, or restore it from a copy",
    ),
    (
        ("unable to open",),
        "it can't be opened. Check that the folder exists and can be written",
    ),
    (
        ("disk I/O error",),
        "the disk can't be read or written; what was recorded before is safe. Check the disk and "
        "its free space",
    ),
    (
        ("connection failed", "could not connect", "server closed", "connection is lost"),
        "the database server can't be reached. Check that it runs, and the URL",
    ),
    (("password authentication", "does not exist"), "the server refuses. Check the URL"),
    (("permission denied",), "the database user may not do that. Ask for the right to"),
)


def _advice(target: Target, complaint: str) -> str:
    first = " ".join(complaint.split())
    for signs, advice in _ADVICE:
        if any(sign in complaint for sign in signs):
            return f"{advice} ({first[:200]})"
    return f"the database can't do that: {first[:400]}"
