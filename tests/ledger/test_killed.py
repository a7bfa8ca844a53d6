"""A program killed in the middle of recording loses nothing and doubles nothing.

A child process records reports one after another, as a read does: those the ledger has are passed
over. It is killed with SIGKILL at random moments and started again until it gets to its end.
What is then in the ledger is what a run that nobody disturbed leaves there.
"""

import random
import subprocess
import sys
import time
from datetime import date

import pytest
from sqlalchemy import select

from marchland.ledger import open_ledger
from marchland.ledger.tables import metadata

REPORTS = 300

CHILD = """
import sys
from datetime import UTC, date, datetime, timedelta
from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.ledger import open_ledger

url, reports = sys.argv[1], int(sys.argv[2])
source = Source(id="weekly", name="Weekly")
with open_ledger(url, clock=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as ledger:
    print("started", flush=True)
    for number in range(reports):
        text = f"Report {number}. " + "The army holds Ford. " * 40
        report = Report.of(text.encode(), title=f"Report {number}", source=source,
                           published=date(2014, 1, 1) + timedelta(days=number))
        if ledger.has_report(report.sha256, source.id, report.published):
            continue
        begins = [i for i in range(len(text)) if text.startswith("holds Ford", i)]
        claims = [
            Claim(predicate="holds", report=report, subject=Ref(id="army", name="Army"),
                  place=PlaceRef(id="ford", name="Ford"), quote="holds Ford", begin=b, end=b + 10)
            for b in begins
        ]
        ledger.record(claims, report=report, text=text)
print("done", flush=True)
"""


def start(url):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(REPORTS)], stdout=subprocess.PIPE, text=True
    )


def contents(url):
    """Every row of every table."""
    with open_ledger(url) as ledger, ledger._reading() as connection:
        found = {
            name: sorted(tuple(row) for row in connection.execute(select(table)))
            for name, table in metadata.tables.items()
        }
        assert len(ledger.claims(as_of=date(2030, 1, 1))) == len(found["claims"])
        return found


def run_killing(url, moments):
    """Run the child to its end, killing it so many seconds after each start; how many were hit."""
    killed = 0
    for moment in moments:
        with start(url) as child:
            assert child.stdout.readline() == "started\n"
            time.sleep(moment)
            child.kill()
            killed += "done" not in child.stdout.read()
    with start(url) as child:
        assert child.stdout.read() == "started\ndone\n"
    assert child.returncode == 0
    return killed


@pytest.mark.parametrize(
    "back_end", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_kill_9_loses_and_doubles_nothing(back_end, tmp_path, request):
    if back_end == "sqlite":
        urls = [str(tmp_path / "disturbed.sqlite"), str(tmp_path / "calm.sqlite")]
    else:
        new = request.getfixturevalue("postgres")
        urls = [new(), new()]
    chance = random.Random(9)
    killed = run_killing(urls[0], [chance.uniform(0.0, 0.25) for _ in range(4)])
    run_killing(urls[1], [])
    disturbed, calm = (contents(u) for u in urls)
    assert killed >= 2, "the child got through too fast to be killed; give it more reports"
    assert len(calm["reports"]) == REPORTS
    assert disturbed == calm


def test_killed_in_the_middle_of_one_big_recording_nothing_of_it_is_there(tmp_path):
    url = str(tmp_path / "ledger.sqlite")
    child_code = CHILD.replace(
        "        ledger.record(claims, report=report, text=text)",
        "        def slowly():\n"
        "            for n in range(1_000_000):\n"
        "                if n == 12_000: print('recording', flush=True)\n"
        "                yield Claim(predicate='holds', report=report, quote=str(n),\n"
        "                            place=PlaceRef(id='ford', name='Ford'))\n"
        "        ledger.record(slowly(), report=report, text=text)",
    )
    with subprocess.Popen(
        [sys.executable, "-c", child_code, url, "1"], stdout=subprocess.PIPE, text=True
    ) as child:
        assert [child.stdout.readline() for _ in range(2)] == ["started\n", "recording\n"]
        child.kill()
    with open_ledger(url) as ledger:
        assert (ledger.revision, ledger.claims(), ledger.reports()) == (0, [], [])
