"""What can go wrong with a ledger's file or server: a clear error that names it and what to do."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading

import pytest
from sqlalchemy import create_engine, event

from marchland.errors import LedgerError, MissingExtra
from marchland.ledger import engine as engines
from marchland.ledger import open_ledger


class TestThePath:
    def test_a_folder_is_no_ledger(self, tmp_path):
        with pytest.raises(LedgerError, match=r"is a folder.* ledger\.sqlite|is a folder"):
            open_ledger(tmp_path)

    def test_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(LedgerError, match=r"there is no folder .*none\. Make it first"):
            open_ledger(tmp_path / "none" / "ledger.sqlite")

    @pytest.mark.parametrize("name", ["odd #name?.sqlite", "100%.sqlite", "سجل.sqlite"])
    def test_any_file_name_will_do(self, tmp_path, make, name):
        with open_ledger(tmp_path / name) as ledger:
            ledger.record([make.claim()])
        with open_ledger(str(tmp_path / name), read_only=True) as ledger:
            assert len(ledger.claims()) == 1
        assert [p.name for p in tmp_path.iterdir()] == [name]

    def test_a_sqlite_url(self, tmp_path):
        path = tmp_path / "ledger.sqlite"
        open_ledger(f"sqlite:///{path}").close()
        assert path.is_file()

    @pytest.mark.parametrize("url", ["mysql://host/name", "http://host/", "://"])
    def test_a_database_of_another_kind(self, url):
        with pytest.raises(LedgerError, match="postgresql://USER@HOST/NAME"):
            open_ledger(url)


class TestTheFile:
    @pytest.mark.parametrize(
        "content", [b"This is a letter, not a ledger.\n" * 99, os.urandom(9999)]
    )
    def test_a_file_of_something_else(self, tmp_path, content):
        path = tmp_path / "letter.txt"
        path.write_bytes(content)
        with pytest.raises(LedgerError, match=r"letter\.txt: it is no ledger, or it is damaged"):
            open_ledger(path)
        assert path.read_bytes() == content

    def test_a_database_of_something_else_is_left_alone(self, tmp_path):
        path = tmp_path / "other.sqlite"
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE claims (amount INTEGER)")
        connection.close()
        with pytest.raises(LedgerError, match=r"other\.sqlite is a database of something else"):
            open_ledger(path)
        connection = sqlite3.connect(path)
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
        connection.close()

    def test_a_damaged_ledger(self, tmp_path, make):
        path = tmp_path / "ledger.sqlite"
        with open_ledger(path) as ledger:
            ledger.record([make.claim(quote=f"q{n}") for n in range(2000)])
        size = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(8192)
            file.write(os.urandom(size - 8192))
        with (
            pytest.raises(LedgerError, match=r"ledger\.sqlite.*damaged.*copy"),
            open_ledger(path) as ledger,
        ):
            ledger.claims()

    def test_an_empty_file_becomes_a_ledger(self, tmp_path):
        path = tmp_path / "ledger.sqlite"
        path.touch()
        with open_ledger(path) as ledger:
            assert ledger.revision == 0


class TestReadOnly:
    def test_no_ledger_can_be_made_there(self, unprivileged_folder):
        with (
            unprivileged_folder() as folder,
            pytest.raises(LedgerError, match=r"ledger\.sqlite can't be made.*read-only"),
        ):
            open_ledger(folder / "ledger.sqlite")

    @pytest.mark.parametrize("asked", [False, True])
    def test_one_that_lies_there_answers_and_refuses_to_record(
        self, unprivileged_folder, make, asked
    ):
        with unprivileged_folder() as folder:
            path = folder / "ledger.sqlite"
        with open_ledger(path) as ledger:
            ledger.record([make.claim()])
        with unprivileged_folder(), open_ledger(path, read_only=asked) as ledger:
            assert ledger.read_only
            assert len(ledger.claims()) == 1
            with pytest.raises(LedgerError, match=r"ledger\.sqlite is open for reading only"):
                ledger.record([make.claim(place=make.mill)])

    def test_one_that_may_not_be_read(self, unprivileged_folder):
        with unprivileged_folder() as folder:
            path = folder / "ledger.sqlite"
        open_ledger(path).close()
        path.chmod(0o000)
        with unprivileged_folder(), pytest.raises(LedgerError, match=r"can't be read\. Ask"):
            open_ledger(path)


class TestAFullDisk:
    def test_the_database_can_grow_no_more(self, tmp_path, make):
        with open_ledger(tmp_path / "ledger.sqlite") as ledger:
            ledger.record([make.claim()])

            @event.listens_for(ledger._engine, "checkout")
            def limit(connection, *_):
                connection.execute("PRAGMA max_page_count = 40")

            before = ledger.claims(), ledger.revision
            many = [make.claim(quote=f"{n} " * 50) for n in range(3000)]
            with pytest.raises(LedgerError, match=r"ledger\.sqlite: the disk is full.*Free"):
                ledger.record(many)
            assert (ledger.claims(), ledger.revision) == before
            event.remove(ledger._engine, "checkout", limit)

            @event.listens_for(ledger._engine, "checkout")
            def unlimit(connection, *_):
                connection.execute("PRAGMA max_page_count = 1000000")

            assert ledger.record(many).added == 3000

    def test_the_disk_refuses_to_write(self, tmp_path, make):
        """A limit on file sizes makes real writes fail, as a disk without space does."""
        path = tmp_path / "ledger.sqlite"
        with open_ledger(path) as ledger:
            ledger.record([make.claim()])
        child = subprocess.run(
            [sys.executable, "-c", _FILLS, str(path)], capture_output=True, text=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)),
        )  # fmt: skip
        assert child.returncode == 0, child.stderr
        assert "ledger.sqlite: the disk" in child.stdout
        with open_ledger(path) as ledger:
            assert (len(ledger.claims()), ledger.revision) == (1, 1)


_FILLS = """
import os, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from marchland.claims import Claim, PlaceRef, Report, Source
from marchland.errors import LedgerError
from marchland.ledger import open_ledger
report = Report.of(b"", title="t", source=Source(id="s", name="S"), published=None)
place = PlaceRef(id="p", name="P")
try:
    with open_ledger(sys.argv[1]) as ledger:
        ledger.record(
            Claim(predicate="holds", report=report, place=place, quote=os.urandom(99).hex())
            for _ in range(200_000)
        )
except LedgerError as error:
    print(error)
"""


class TestLocked:
    def test_another_program_is_writing(self, tmp_path, make):
        path = tmp_path / "ledger.sqlite"
        with open_ledger(path) as writer, open_ledger(path, wait_s=0.05) as waiter:
            writer.record([make.claim()])
            with writer._writing():
                with pytest.raises(
                    LedgerError, match=r"ledger\.sqlite: another program is writing"
                ):
                    waiter.record([make.claim(place=make.mill)])
                assert len(waiter.claims()) == 1
            assert waiter.record([make.claim(place=make.mill)]).added == 1

    @pytest.mark.postgres
    def test_on_postgresql_too(self, postgres, make):
        url = postgres()
        with open_ledger(url) as writer, open_ledger(url, wait_s=0.05) as waiter:
            with (
                writer._writing(),
                pytest.raises(LedgerError, match="another program is writing"),
            ):
                waiter.record([make.claim()])
            assert waiter.record([make.claim()]).added == 1

    def test_one_waits_for_the_other(self, url, make):
        open_ledger(url).close()
        failures = []

        def record(number):
            try:
                with open_ledger(url) as ledger:
                    for n in range(10):
                        ledger.record([make.claim(quote=f"{number}-{n}"), make.claim(quote=f"{n}")])
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=record, args=(i,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with open_ledger(url) as ledger:
            assert len(ledger.claims()) == 50
            assert [r.number for r in ledger.revisions()] == list(range(1, 41))

    def test_one_in_memory_serves_many_threads(self, make):
        with open_ledger("sqlite://") as ledger:

            def work(number):
                ledger.record([make.claim(quote=f"{number}")])
                ledger.claims()

            threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert (len(ledger.claims()), ledger.revision) == (8, 8)


class TestPostgres:
    def test_a_server_that_is_not_there(self):
        with pytest.raises(LedgerError, match=r"can't be reached\. Check that it runs") as caught:
            open_ledger("postgresql://me:secret@127.0.0.1:1/name")
        assert "127.0.0.1:1/name" in str(caught.value)
        assert "secret" not in str(caught.value)

    @pytest.mark.postgres
    def test_a_database_that_is_not_there(self, postgres):
        url = postgres().replace("/ledger", "/nothing")
        with pytest.raises(LedgerError, match="does not exist"):
            open_ledger(url)

    @pytest.mark.postgres
    @pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg"])
    def test_every_way_to_write_its_url(self, postgres, scheme):
        url = postgres().replace("postgresql", scheme, 1)
        with open_ledger(url) as ledger:
            assert ledger.revision == 0

    @pytest.mark.postgres
    def test_other_tables_in_the_database_are_no_matter(self, postgres, make):
        url = postgres()
        other = create_engine(url.replace("postgresql", "postgresql+psycopg"))
        with other.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE claims (amount integer)")
        other.dispose()
        with open_ledger(url) as ledger:
            assert ledger.record([make.claim()]).added == 1

    def test_without_its_driver_it_says_what_to_install(self, monkeypatch):
        def no_driver(*_args, **_options):
            raise ModuleNotFoundError("No module named 'psycopg'")

        monkeypatch.setattr(engines, "create_engine", no_driver)
        with pytest.raises(MissingExtra, match=r"pip install 'marchland\[postgres\]'"):
            open_ledger("postgresql://me@host/name")
