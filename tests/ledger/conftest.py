"""Ledgers to test on: SQLite files, and databases in a PostgreSQL server of the tests' own.

The server is started from Debian's package in a throw-away folder, listens on a Unix socket in it
alone, and is gone when the tests end. Without the package those tests are skipped, unless
MARCHLAND_REQUIRE_POSTGRES=1 says that they must run.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span

NewUrl = Callable[[], str]


def server_programs() -> Path | None:
    """Where Debian keeps the newest server's programs; they are not on the path."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3])
    )
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def without_server(why: str) -> None:
    if os.environ.get("MARCHLAND_REQUIRE_POSTGRES") == "1":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def postgres() -> Iterator[NewUrl]:
    """Makes empty databases, each with a URL, in a server of the tests' own."""
    programs = server_programs()
    if programs is None:
        without_server("no PostgreSQL server here; install Debian's package `postgresql`")
        return
    # A socket's path may have no more than 107 characters, so not in pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="marchland-pg-", dir="/tmp"))
    account = _unprivileged()
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)

        def run(*command: str) -> None:
            as_other = ["runuser", "-u", account.pw_name, "--"] if account else []
            done = subprocess.run(
                [*as_other, *command], cwd=folder, capture_output=True, text=True, check=False,
                stdin=subprocess.DEVNULL,
            )  # fmt: skip
            if done.returncode != 0:
                log = folder / "log"
                said = log.read_text() if log.exists() else ""
                without_server(f"PostgreSQL did not start: {done.stdout}{done.stderr}{said}")

        data, control = str(folder / "data"), str(programs / "pg_ctl")
        run(
            str(programs / "initdb"), "-D", data, "-U", "tester", "-A", "trust",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        run(control, "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start")
        made = 0

        def new() -> str:
            nonlocal made
            made += 1
            with psycopg.connect(f"host={folder} user=tester dbname=postgres") as connection:
                connection.autocommit = True
                connection.execute(f"CREATE DATABASE ledger{made}".encode())
            return f"postgresql://tester@/ledger{made}?host={folder}"

        try:
            yield new
        finally:
            run(control, "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> pwd.struct_passwd | None:
    """Somebody to run the server, which refuses to run as root; None where we are not root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger may be made: one on each database. What holds of one holds of all."""
    if request.param == "sqlite":
        return str(tmp_path / "ledger.sqlite")
    new: NewUrl = request.getfixturevalue("postgres")
    return new()


@pytest.fixture
def unprivileged_folder() -> Iterator[Callable[[], object]]:
    """A folder made by us, and a way to be somebody who may not write to it."""
    folder = Path(tempfile.mkdtemp(prefix="marchland-ro-", dir="/tmp"))
    folder.chmod(0o755)

    @contextmanager
    def as_somebody_else() -> Iterator[Path]:
        if os.geteuid() != 0:
            folder.chmod(0o555)
            try:
                yield folder
            finally:
                folder.chmod(0o755)
            return
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
        try:
            yield folder
        finally:
            os.seteuid(0)

    try:
        yield as_somebody_else
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Ticking:
    """A clock that moves on an hour each time it is asked."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


@pytest.fixture
def make() -> type["Make"]:
    return Make


class Make:
    """Reports and claims to test with."""

    weekly = Source(id="the-weekly", name="The Weekly")
    army = Ref(id="northern-army", name="Northern Army", text="the army")
    guard = Ref(id="river-guard", name="River Guard")
    ford = PlaceRef(id="ford", name="Ford", lat=34.5, lon=41.0, geo_precision="settlement")
    mill = PlaceRef(id="mill", name="Mill", lat=34.0, lon=40.0, geo_precision="settlement")

    @staticmethod
    def report(text: str = "The army holds Ford.", published: str | None = "2017-06-18") -> Report:
        return Report.of(
            text.encode("utf-8", "surrogatepass"),
            title=text[:20],
            source=Make.weekly,
            published=date.fromisoformat(published) if published else None,
        )

    @staticmethod
    def claim(report: Report | None = None, **changes: object) -> Claim:
        fields: dict[str, object] = {
            "predicate": "holds",
            "subject": Make.army,
            "place": Make.ford,
            "valid": Span.parse("2017-06-04"),
            "report": report or Make.report(),
            **changes,
        }
        return Claim(**fields)  # type: ignore[arg-type]
