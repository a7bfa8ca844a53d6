"""What was known when: later knowledge never changes an earlier answer."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marchland.claims import Claim
from marchland.errors import LedgerError
from marchland.theatre import Theatre, open_theatre

FIRST = date(2021, 1, 1)
DAYS = st.integers(0, 395).map(lambda n: FIRST + timedelta(days=n))
ROAD: dict[str, Any] = {"origin": "Pellisk", "destination": "Joruvel", "traveller": "Tessmar"}
FEW = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def answers(theatre: Theatre, on: date, as_of: date) -> dict[str, Any]:
    """Every question there is, asked of one day as known on another."""
    start, end = min(on, as_of) - timedelta(days=60), max(on, as_of)
    return {
        "claims": [c.to_json() for c in theatre.claims(as_of=as_of)],
        "control": [e.to_json() for e in theatre.control_all(on=on, as_of=as_of)],
        "dravish": theatre.control("Dravish", on=on, as_of=as_of).to_json(),
        "alignment": theatre.alignment("Tessmar", "Vale Front", on=on, as_of=as_of).to_json(),
        "coalition": theatre.coalition("Tessmar", on=on, as_of=as_of).to_json(),
        "corridor": theatre.corridor(**ROAD, on=on, as_of=as_of).to_json(),
        "timeline": theatre.corridor_timeline(
            **ROAD, start=start, end=end, step_days=30, as_of=as_of
        ).to_json(),
        "contradictions": [
            c.to_json() for c in theatre.contradictions(start=start, end=end, as_of=as_of)
        ],
    }


@pytest.fixture(scope="module")
def pool(vale: Theatre) -> list[Claim]:
    """Every claim of the vale, by the day it was published."""
    return sorted(vale.claims(), key=lambda c: (c.published or date.min, c.id))


@FEW
@given(on=DAYS, as_of=DAYS)
def test_later_knowledge_changes_no_earlier_answer(
    holding: Callable[..., Theatre], plain, pool: list[Claim], on: date, as_of: date
) -> None:
    known = [c for c in pool if c.published is not None and c.published <= as_of]
    with holding(known) as then, holding(pool) as now:
        assert plain(answers(then, on, as_of)) == plain(answers(now, on, as_of))


@FEW
@given(on=DAYS, as_of=DAYS, data=st.data())
def test_an_answer_does_not_move_while_the_ledger_grows(
    holding: Callable[..., Theatre], plain, pool: list[Claim], on: date, as_of: date, data
) -> None:
    late = [c for c in pool if c.published is not None and c.published > as_of]
    early = [c for c in pool if c not in late]
    new = data.draw(st.lists(st.sampled_from(late), unique_by=lambda c: c.id)) if late else []
    with holding(early) as theatre:
        before = plain(answers(theatre, on, as_of))
        theatre.ledger.record(new)
        assert plain(answers(theatre, on, as_of)) == before


@FEW
@given(data=st.data())
def test_the_order_of_recording_does_not_matter(
    holding: Callable[..., Theatre], plain, pool: list[Claim], data
) -> None:
    on = date(2021, 6, 1)
    shuffled = data.draw(st.permutations(pool))
    with holding(pool) as one, holding(shuffled[:40]) as other:
        other.ledger.record(shuffled[40:])
        assert plain(answers(one, on, on)) == plain(answers(other, on, on))


def test_the_default_is_the_day_of_the_latest_report(vale: Theatre) -> None:
    assert vale.latest == date(2022, 1, 28)
    assert vale.control("Dravish", on="2021-06-01").as_of == vale.latest
    assert vale.corridor(on="2021-06-01").as_of == vale.latest


def test_without_a_dated_report_there_is_no_default(holding: Callable[..., Theatre]) -> None:
    with holding([]) as theatre, pytest.raises(LedgerError, match="read some first"):
        theatre.control("Dravish", on="2021-06-01")


class TestReplay:
    """`revision=n`: the ledger as it was, byte for byte."""

    def test_an_answer_comes_back_as_it_was(self, mine: Path, report: Path) -> None:
        ask: dict[str, Any] = {"on": "2021-04-01", "as_of": "2021-04-01"}
        with open_theatre(mine) as theatre:
            revision = theatre.ledger.revision
            before = theatre.control("Dravish", **ask)
            claims = [c.to_json() for c in theatre.claims()]
            theatre.read(report, source="The Courier", date="2021-03-17")
            after = theatre.control("Dravish", **ask)
            assert theatre.ledger.revision > revision
            assert (before.best, after.best) == (None, "vale-front")
        with open_theatre(mine, revision=revision) as past:
            assert past.control("Dravish", **ask).to_json() == before.to_json()
            assert past.control("Dravish", **ask).id == before.id
            assert [c.to_json() for c in past.claims()] == claims
        with open_theatre(mine) as theatre:
            assert theatre.control("Dravish", **ask).id == after.id

    def test_an_actor_brought_later_is_not_known_yet(self, mine: Path, tmp_path: Path) -> None:
        table = tmp_path / "table.csv"
        table.write_text(
            "predicate,subject.id,subject.name,place.id,valid.start,modality,source.id,"
            "source.name,report.published\n"
            "holds,hill-guard,Hill Guard,dravish,2021-03-20,asserted,post,The Post,2021-03-21\n",
            "utf-8",
        )
        with open_theatre(mine) as theatre:
            revision = theatre.ledger.revision
            theatre.load("claims", table)
            assert theatre.vocabulary.actor("Hill Guard").id == "hill-guard"
        with open_theatre(mine, revision=revision) as past:
            assert past.vocabulary.find_actor("hill-guard") is None

    def test_the_past_is_not_written_to(self, mine: Path, report: Path) -> None:
        with open_theatre(mine, revision=0) as past, pytest.raises(LedgerError, match="revision"):
            past.read(report, source="The Courier", date="2021-03-17")


def test_same_question_same_bytes(vale: Theatre) -> None:
    on = date(2021, 6, 1)
    assert answers(vale, on, on) == answers(vale, on, on)
    one, other = (vale.corridor(**ROAD, on=on, seed=seed) for seed in (0, 1))
    assert one.seed != other.seed
    assert one.id != other.id
