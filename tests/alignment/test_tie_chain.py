"""A pair through time: exact odds, what fades and what lasts, where a tie begins and ends."""

from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.alignment import AlignmentSettings
from marchland.alignment.chain import _BASE, SIDES, TieChain, _generator, evidence_of
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
    quote: str = "x",
) -> Claim:
    day = BEGIN + timedelta(after)
    report = Report.of(
        f"{predicate}{after}{source}{until}{quote}".encode(),
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
        quote=quote if text else None,
        begin=0 if text else None,
        end=len(quote) if text else None,
    )


def chain(*claims: Claim) -> TieChain:
    return TieChain(evidence_of(claims, SETTINGS), SETTINGS)


def side(found: TieChain, after: int) -> dict[str, float]:
    return dict(zip(SIDES, found.at(BEGIN + timedelta(after)).tolist(), strict=True))


def test_gaps_compose_and_the_base_rates_stay() -> None:
    values, left, right = _generator(9000.0, 2500.0, 240.0)

    def step(days: float) -> np.ndarray:
        return (left * np.exp(values * days)) @ right

    assert step(30) @ step(70) == pytest.approx(step(100))
    assert step(1000).sum(axis=1) == pytest.approx(np.ones(6))
    assert _BASE @ step(400) == pytest.approx(_BASE)
    assert step(0) == pytest.approx(np.eye(6), abs=1e-12)


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
    """The passes agree with a sum over all ways through the six states."""
    found = chain(*(told(p, d, source=f"s{d}") for p, d in told_of))
    base = _BASE
    values, left, right = _generator(SETTINGS.bond_days, SETTINGS.lasting_days, SETTINGS.deed_days)
    likelihood = {e.start: e.likelihood(1.0, 1.0) for e in found.evidence}
    on = BEGIN + timedelta(asked)
    days = sorted({*likelihood, on})
    total = np.zeros(3)
    for path in product(range(6), repeat=len(days)):
        p = base[path[0]]
        for i, day in enumerate(days):
            if i:
                gap = (day - days[i - 1]).days
                p *= ((left * np.exp(values * gap)) @ right)[path[i - 1], path[i]]
            p *= likelihood[day][path[i]] if day in likelihood else 1.0
        total[[0, 0, 0, 1, 2, 2][path[days.index(on)]]] += p
    if asked >= min(d for _, d in told_of):
        assert found.at(on) == pytest.approx(total / total.sum(), abs=1e-9)


def test_a_strike_passes_and_a_war_lasts() -> None:
    strike, war = chain(told("assaults", 0)), chain(told("fights", 0))
    lost = [side(c, 0)["opposed"] - side(c, 700)["opposed"] for c in (strike, war)]
    assert lost[0] > 2 * lost[1]
    many = chain(*(told("assaults", 20 * k) for k in range(8)))
    assert side(many, 140)["opposed"] > side(strike, 140)["opposed"]
    assert side(many, 900)["opposed"] > side(strike, 760)["opposed"]
    assert all(x > 0.02 for x in lost)


def test_membership_outlasts_backing_and_backing_a_loose_alliance() -> None:
    kinds = [("part_of", "x"), ("backs", "x"), ("allied_with", "fought alongside")]
    kept = [side(chain(told(p, 0, read=1.0, quote=q)), 2555)["aligned"] for p, q in kinds]
    named = side(chain(told("allied_with", 0, read=1.0, quote="are allies")), 2555)["aligned"]
    assert kept == sorted(kept, reverse=True)
    assert kept[0] > kept[1] + 0.03
    assert named > kept[2] + 0.1


def test_a_run_of_deeds_over_years_outlasts_as_many_in_a_month() -> None:
    years = chain(*(told("assaults", 180 * k, source=f"s{k}") for k in range(8)))
    month = chain(*(told("assaults", 4 * k, source=f"s{k}") for k in range(8)))
    assert side(years, 1260 + 1500)["opposed"] > side(month, 28 + 1500)["opposed"] + 0.1


def test_what_is_denied_takes_from_its_side_and_gives_to_no_other() -> None:
    base = side(chain(), 0)
    found = side(chain(told("backs", 0, modality=Modality.DENIED)), 0)
    assert found["aligned"] < base["aligned"]
    assert found["opposed"] / found["neutral"] == pytest.approx(
        base["opposed"] / base["neutral"], rel=0.01
    )


def test_a_tie_that_stands_does_not_fade_and_its_end_is_believed() -> None:
    standing = chain(told("backs", 0, until=2000, text=False, read=1.0))
    once = chain(told("backs", 0))
    assert side(standing, 1900)["aligned"] > 0.95
    assert side(once, 1900)["aligned"] < side(once, 0)["aligned"] - 0.05
    assert side(standing, 2000)["aligned"] < 0.4
    assert standing.bearing(BEGIN + timedelta(2001)) == []


def test_a_standing_tie_keeps_its_own_side_only() -> None:
    _, left, right = held = _generator(9000.0, 2500.0, 240.0, (0.01, 1.0, 1.0))
    step = (left * np.exp(held[0] * 1000)) @ right
    free_values, free_left, free_right = _generator(9000.0, 2500.0, 240.0)
    free = (free_left * np.exp(free_values * 1000)) @ free_right
    assert step.sum(axis=1) == pytest.approx(np.ones(6))
    assert step[0, :3].sum() > 0.97 > free[0, :3].sum()
    assert step[5, 5] == pytest.approx(free[5, 5], rel=0.15)


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


def test_what_a_source_says_again_years_later_is_news() -> None:
    soon = chain(told("deals_with", 0), told("deals_with", 2))
    late = chain(told("deals_with", 0), told("deals_with", 2000))
    assert side(late, 2000)["opposed"] < side(soon, 2000)["opposed"]


def test_what_one_source_repeats_counts_less_than_what_two_say() -> None:
    again = chain(told("deals_with", 0), told("deals_with", 1))
    two = chain(told("deals_with", 0), told("deals_with", 1, source="times"))
    assert side(two, 2)["neutral"] + side(two, 2)["aligned"] > (
        side(again, 2)["neutral"] + side(again, 2)["aligned"]
    )


def test_neutral_is_a_side_of_its_own() -> None:
    assert side(chain(told("neutral", 0, text=False, read=1.0)), 10)["neutral"] > 0.8


def test_a_misread_claim_rules_nothing_out() -> None:
    p = {read: side(chain(told("part_of", 0, read=read)), 0) for read in (0.1, 0.3, 0.6, 0.95)}
    assert sorted(p, key=lambda read: p[read]["aligned"]) == sorted(p)
    assert min(p[0.1].values()) > 0.05
    assert side(chain(told("part_of", 0, modality=Modality.INTENDED)), 0)["aligned"] == (
        pytest.approx(1 / 3)
    )
