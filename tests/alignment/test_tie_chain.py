"""A pair through time: exact odds, what fades and what lasts, where a tie begins and ends."""

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.alignment import AlignmentSettings
from marchland.alignment.chain import SIDES, TieChain, _generator, evidence_of
from marchland.claims import Claim, Modality, Ref, Report, Source
from marchland.dates import Span

SETTINGS = AlignmentSettings()
BEGIN = date(2030, 1, 1)


def told(
    predicate: str,
    after: int,
    *,
    until: int | None = None,
    read: float = 0.9,
    text: bool = True,
    source: str = "post",
    modality: Modality = Modality.ASSERTED,
) -> Claim:
    day = BEGIN + timedelta(after)
    report = Report.of(
        f"{predicate}{after}{source}{until}".encode(),
        title="x",
        source=Source(id=source, name=source),
        published=day,
    )
    return Claim(
        predicate=predicate,
        report=report,
        subject=Ref(id="crown", name="Crown"),
        object=Ref(id="guard", name="Guard"),
        valid=Span(start=day, end=None if until is None else BEGIN + timedelta(until)),
        modality=modality,
        p_read=read,
        quote="x" if text else None,
        begin=0 if text else None,
        end=1 if text else None,
    )


def chain(*claims: Claim) -> TieChain:
    return TieChain(evidence_of(claims, SETTINGS), SETTINGS)


def side(found: TieChain, after: int) -> dict[str, float]:
    return dict(zip(SIDES, found.at(BEGIN + timedelta(after)).tolist(), strict=True))


def test_gaps_compose_and_the_base_rates_stay() -> None:
    base, values, left, right = _generator(2500.0, 240.0)

    def step(days: float) -> np.ndarray:
        return (left * np.exp(values * days)) @ right

    assert step(30) @ step(70) == pytest.approx(step(100))
    assert step(1000).sum(axis=1) == pytest.approx(np.ones(5))
    assert base @ step(400) == pytest.approx(base)
    assert step(0) == pytest.approx(np.eye(5), abs=1e-12)


@settings(deadline=None, max_examples=12)
@given(
    st.lists(
        st.tuples(st.sampled_from(["backs", "fights", "assaults", "aids"]), st.integers(0, 900)),
        min_size=1,
        max_size=2,
        unique_by=lambda x: x[1],
    ),
    st.integers(0, 1000),
)
def test_odds_are_those_of_every_path_summed(told_of: list[tuple[str, int]], asked: int) -> None:
    """The passes agree with a sum over all ways through the five states."""
    found = chain(*(told(p, d, source=f"s{d}") for p, d in told_of))
    base, values, left, right = _generator(SETTINGS.lasting_days, SETTINGS.deed_days)
    likelihood = {e.start: e.likelihood(1.0, 1.0) for e in found.evidence}
    on = BEGIN + timedelta(asked)
    days = sorted({*likelihood, on})
    total = np.zeros(3)
    for path in product(range(5), repeat=len(days)):
        p = base[path[0]]
        for i, day in enumerate(days):
            if i:
                gap = (day - days[i - 1]).days
                p *= ((left * np.exp(values * gap)) @ right)[path[i - 1], path[i]]
            p *= likelihood[day][path[i]] if day in likelihood else 1.0
        total[[0, 0, 1, 2, 2][path[days.index(on)]]] += p
    if asked >= min(d for _, d in told_of):
        assert found.at(on) == pytest.approx(total / total.sum(), abs=1e-9)


def test_a_strike_passes_and_a_war_lasts() -> None:
    strike, war = chain(told("assaults", 0)), chain(told("fights", 0))
    lost = [side(c, 0)["opposed"] - side(c, 700)["opposed"] for c in (strike, war)]
    many = chain(*(told("assaults", 20 * k) for k in range(8)))
    assert side(many, 140)["opposed"] > side(strike, 140)["opposed"]
    assert side(many, 900)["opposed"] > side(strike, 760)["opposed"]
    assert all(x > 0.02 for x in lost)


def test_a_tie_that_stands_does_not_fade_and_its_end_is_believed() -> None:
    standing = chain(told("backs", 0, until=2000, text=False, read=1.0))
    once = chain(told("backs", 0))
    assert side(standing, 1900)["aligned"] > 0.95
    assert side(once, 1900)["aligned"] < side(once, 0)["aligned"] - 0.05
    assert side(standing, 2000)["aligned"] < 0.4
    assert standing.bearing(BEGIN + timedelta(2001)) == []


def test_an_end_counts_for_little_where_another_says_it_goes_on() -> None:
    both = chain(
        told("backs", 0, until=500, text=False, read=1.0),
        told("backs", 0, text=False, read=1.0, source="times"),
    )
    assert side(both, 600)["aligned"] > 0.9


def test_a_turn_is_seen_between_what_is_told_before_and_after() -> None:
    turned = chain(told("backs", 0), told("fights", 1000))
    odds = [side(turned, d)["opposed"] for d in range(0, 1001, 100)]
    assert odds == sorted(odds)
    assert odds[0] < 0.33
    assert odds[-1] > 0.5


def test_what_one_source_repeats_counts_less_than_what_two_say() -> None:
    again = chain(told("deals_with", 0), told("deals_with", 1))
    two = chain(told("deals_with", 0), told("deals_with", 1, source="times"))
    assert side(two, 2)["neutral"] + side(two, 2)["aligned"] > (
        side(again, 2)["neutral"] + side(again, 2)["aligned"]
    )


def test_neutral_is_a_side_of_its_own() -> None:
    assert side(chain(told("neutral", 0, text=False, read=1.0)), 10)["neutral"] > 0.8


def test_a_misread_claim_rules_nothing_out() -> None:
    doubtful = chain(told("part_of", 0, read=0.3))
    assert 0.4 < side(doubtful, 0)["aligned"] < 0.6
    assert side(chain(told("part_of", 0, modality=Modality.INTENDED)), 0)["aligned"] == (
        pytest.approx(1 / 3)
    )
