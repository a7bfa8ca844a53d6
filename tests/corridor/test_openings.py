"""Crossings open and closed by dated facts: shut in every world, waited for, and told."""

from datetime import date, timedelta
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.corridor import (
    CorridorEstimate,
    CorridorQuestion,
    CorridorSettings,
    judge,
    sweep,
    timeline,
)
from marchland.corridor.openings import openings
from marchland.roads import CrossingNotice, Link, RoadNetwork

_spec = spec_from_file_location("borderland", Path(__file__).with_name("conftest.py"))
assert _spec is not None
assert _spec.loader is not None
borderland = module_from_spec(_spec)
_spec.loader.exec_module(borderland)
ALL_CROWN, DAY, QUESTION = borderland.ALL_CROWN, borderland.DAY, borderland.QUESTION
ROADS, VOCABULARY = borderland.ROADS, borderland.VOCABULARY
claim, holding = borderland.claim, borderland.holding
SETTINGS = CorridorSettings(draws=512)
CLAIMS = holding(**ALL_CROWN)
FIELD, NETWORK = borderland.infer(CLAIMS)
NOT_BY_FORD = CorridorQuestion(
    origin="alder", destination="birch", traveller="crown", avoid=("ford",)
)
BACK = Link(id="8", start="gate-east", end="ford", road_class="track", km=60, hours=4.0)
"""A way about the crossing, inland of its eastern post."""


def fact(state: str = "closed", traffic: str = "all", **more: object) -> CrossingNotice:
    told = {"crossing": "gate-east", "start": DAY, "source": "Post", "published": DAY, **more}
    return CrossingNotice(state=state, traffic=tuple(traffic.split(";")), **told)  # type: ignore[arg-type]


def ask(
    *facts: CrossingNotice,
    links: tuple[Link, ...] = (),
    question: CorridorQuestion = QUESTION,
    given: dict[str, str] | None = None,
    **more: object,
) -> CorridorEstimate:
    return judge(
        question, FIELD, NETWORK, RoadNetwork([*ROADS.links, *links], facts), VOCABULARY,
        on=DAY, as_of=DAY, claims=more.pop("claims", ()), given=given,  # type: ignore[arg-type]
        settings=CorridorSettings(draws=512, **more),  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_crossing_that_a_fact_closes_is_shut_in_every_world_and_its_source_is_cited() -> None:
    answer = ask(fact())
    assert (answer.status, answer.p["open"]) == ("broken", 0.0)
    (closure,) = answer.closures
    assert closure.opening.facts == (fact(),)
    assert closure.p_open > 0.9
    assert "is shut then (closed to all traffic from 2030-06-01 (Post, published" in str(answer)
    assert answer.crossings[0].opening.shut
    assert any("is shut: closed to all traffic" in a for a in answer.assumptions)
    assert [(c.kind, set(c.places)) for c in answer.changes] == [
        ("reopens", {"gate-east", "gate-west"})
    ]
    assert answer.to_json()["closures"][0]["facts"][0]["source"] == "Post"


@pytest.mark.parametrize(
    "known",
    [
        (),
        (fact(start=DAY + timedelta(days=1)),),
        (fact(start=None, end=DAY),),
        (fact(published=DAY + timedelta(days=1)),),
        (fact(start=date(2029, 1, 1)), fact("open", "goods")),
        (fact(traffic="people"),),
    ],
    ids=["none", "not yet", "no longer", "not known yet", "opened again", "not to goods"],
)
def test_it_is_open_as_without_a_fact_where_no_closure_holds(
    known: tuple[CrossingNotice, ...],
) -> None:
    answer = ask(*known)
    assert (answer.p, answer.closures) == (ask().p, ())
    if not any(f.state == "open" for f in known):
        assert any("not known of Gate-East / Gate-West" in a for a in answer.assumptions)


def test_a_closure_to_ordinary_traffic_is_told_and_shuts_only_for_legal_traffic() -> None:
    answer = ask(fact(traffic="goods;people"))
    assert answer.p == ask().p
    assert any("the traveller passes all the same" in a for a in answer.assumptions)
    assert ask(fact(traffic="goods;people"), legal_only=True).p["open"] == 0.0


def test_a_fact_comes_before_a_report_and_a_later_report_before_an_earlier_one() -> None:
    closed = claim("closes", "crown", place="gate-west", on=DAY - timedelta(days=9))
    opened = claim("opens", "crown", place="gate-east", on=DAY - timedelta(days=2))
    assert ask(claims=[closed], legal_only=True).p["open"] == 0.0
    assert ask(claims=[closed, opened], legal_only=True).p["open"] > 0.9
    assert ask(fact("open", "goods"), claims=[closed], legal_only=True).p["open"] > 0.9


def test_one_side_alone_can_be_closed_and_the_other_does_not_open_it() -> None:
    east = fact(both_sides=False, start=date(2030, 1, 1))
    west = fact("open", "goods", crossing="gate-west", both_sides=False)
    assert ask(east, west).p["open"] == 0.0
    assert ask(east, fact("open", "goods", crossing="gate-west")).p["open"] > 0.9


def test_a_closed_border_does_not_bar_the_way_past_its_post() -> None:
    assert ask(fact(), links=(BACK,)).status == "open"
    only_post = ask(fact(), links=(BACK,), given={"gate-east": "closed"})
    assert only_post.p["open"] == 0.0


def test_a_crossing_that_is_one_place_is_shut_as_one() -> None:
    answer = ask(fact(crossing="bridge"), fact(crossing="ford"))
    assert answer.p["open"] == 0.0
    assert {c.name for c in answer.closures} == {"Bridge", "Ford"}
    assert ask(fact(crossing="bridge")).status == "open"


def test_who_would_wait_longer_than_another_way_takes_goes_that_way() -> None:
    hours = fact("open", crossing="bridge", hours="08:00-16:00")
    by_ford, by_bridge = ask(hours).travel, ask(hours, question=NOT_BY_FORD).travel
    assert by_ford is not None
    assert by_bridge is not None
    assert (by_ford.hours.q50, by_ford.wait_h < 0.1) == (2.8, True)
    assert by_bridge.hours.mean == pytest.approx(1.6)
    assert by_bridge.wait_h == pytest.approx(16**2 / 48, abs=0.01)


def test_assumptions_open_and_close_a_crossing() -> None:
    assert ask(fact(), given={"gate-east": "open"}).p["open"] > 0.9
    assert ask(fact(), given={"gate-east": "open", "gate-west": "closed"}).p["open"] == 0.0
    assert ask(given={"gate-west": "closed"}).p["open"] == 0.0
    assert ask(fact("open", "goods"), given={"gate-west": "closed"}).p["open"] == 0.0


def test_opening_hours_add_the_mean_wait_to_days_and_not_to_driving() -> None:
    plain, waited = ask().travel, ask(fact("open", "goods", hours="08:00-16:00")).travel
    assert plain is not None
    assert waited is not None
    assert waited.hours == plain.hours
    assert waited.wait_h == pytest.approx(16**2 / 48, abs=0.01)
    assert waited.days.mean - plain.days.mean == pytest.approx(16**2 / 48 / 24, abs=1e-3)
    land, later = ask().transport["land"], ask(fact("open", "goods", hours="08:00-16:00"))
    assert later.transport["land"]["days"]["value"] > land["days"]["value"]
    assert any("a wait of 5.3 h on average" in a for a in later.assumptions)
    assert ask(fact("open", "all", hours="Dec-Feb 08:00-16:00", start=date(2030, 1, 1))).p == (
        ask(fact()).p
    )


def test_a_timeline_turns_on_the_days_that_facts_name_and_says_why() -> None:
    first, last = date(2030, 5, 14), date(2030, 5, 16)
    roads = RoadNetwork(ROADS.links, [fact(start=first, end=last)])
    claims = [
        claim("holds", "crown", place=p, on=date(2030, 4, 1), source=s)
        for p in borderland.PLACES
        for s in ("post", "times", "herald")
    ]
    field = borderland.infer_control(
        claims, VOCABULARY, as_of=DAY, start=date(2030, 4, 1), end=DAY, places=borderland.PLACES
    )
    line = timeline(
        QUESTION, field, borderland.infer_alignment(claims, VOCABULARY, as_of=DAY), roads,
        VOCABULARY, start=date(2030, 5, 1), end=DAY, as_of=DAY, step_days=7, settings=SETTINGS,
    )  # fmt: skip
    assert [(c.on, c.before, c.after) for c in line.changes] == [
        (first, "open", "broken"), (last, "broken", "open"),
    ]  # fmt: skip
    assert "Gate-East / Gate-West is shut (now closed to all traffic" in line.reason(
        line.changes[0]
    )
    assert "no longer shut" in line.reason(line.changes[1])
    assert {p.on.weekday() for p in line.points[:-1]} == {date(2030, 5, 1).weekday()}


def test_a_sweep_opens_what_a_fact_closes_and_says_what_the_question_says() -> None:
    roads = RoadNetwork(ROADS.links, [fact()])
    found = sweep(
        QUESTION, FIELD, NETWORK, roads, VOCABULARY, on=DAY, as_of=DAY, settings=SETTINGS
    )  # fmt: skip
    (opened,) = [s for s in found.singles if s.kind == "crossing opened"]
    assert opened.p_now == 0.0
    assert opened.p_open == ask(fact(), given=dict(opened.given)).p["open"] > 0.9


PAIRS = [(a, b) for n, a in enumerate("abcdef") for b in "abcdef"[n + 1 :]]


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.sampled_from(PAIRS), min_size=3, max_size=12, unique=True),
    st.sets(st.sampled_from("abcdef"), max_size=3),
    st.data(),
)
def test_the_links_left_are_those_of_a_network_without_the_closed_crossings(
    pairs: list[tuple[str, str]], closed: set[str], data: st.DataObject
) -> None:
    border = data.draw(st.sets(st.sampled_from(pairs)))
    links = [
        Link(id=f"{a}{b}", start=a, end=b, km=1, hours=1, border=(a, b) in border) for a, b in pairs
    ]
    facts = [fact(crossing=p) for p in sorted(closed) if any(p in pair for pair in pairs)]
    known = openings(RoadNetwork(links, facts), on=DAY, as_of=DAY)
    shut = set()
    for p in {f.crossing for f in facts}:
        at = [pair for pair in pairs if p in pair]
        shut |= {a + b for a, b in [x for x in at if x in border] or at}
    assert known.shut_links == shut
