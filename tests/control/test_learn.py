"""What is learned: how often a teller is right, whom it favours, and nothing from later."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from marchland.claims import Claim
from marchland.control import ControlSettings, infer_control
from marchland.control.assemble import gather, row_of
from marchland.control.evidence import read_evidence
from marchland.control.learn import Judged, fit_trust, learn_rivals
from marchland.control.settings import DEFAULT
from marchland.control.sources import Trust
from marchland.errors import BadInput
from marchland.vocabulary import Place, Vocabulary

Tell = Callable[..., Claim]
OUTCOMES = ("a", "b", "c", "d")
COLUMN = {k: i for i, k in enumerate(OUTCOMES)}
RIVALS = 3.0


def claims_of(trust: Trust, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Places whose holder is nearly known, and whom a teller names there."""
    rng = np.random.default_rng(seed)
    seems = rng.integers(len(OUTCOMES), size=n)
    off = rng.integers(1, len(OUTCOMES), size=n)
    truth = np.where(rng.random(n) < 0.94, seems, (seems + off) % len(OUTCOMES))
    table = np.array([row_of(trust, k, COLUMN, RIVALS) for k in range(len(OUTCOMES))])
    table /= table.sum(axis=0)
    value = np.array([rng.choice(len(OUTCOMES), p=table[:, k]) for k in truth])
    return np.where(np.eye(len(OUTCOMES))[seems] > 0, 0.94, 0.02), value


def fit(
    odds: np.ndarray,
    value: np.ndarray,
    side: str | None,
    start: Trust,
    settings: ControlSettings = DEFAULT,
    *,
    news: bool = False,
) -> tuple[Trust, float]:
    """`fit_trust` of claims that are all news, or none of them."""
    told = np.full(len(value), news)
    return fit_trust(odds, value, side, OUTCOMES, start, COLUMN, RIVALS, settings, news=told)


@pytest.mark.parametrize("right", [0.95, 0.8, 0.6])
def test_how_often_a_teller_is_right_is_found(right: float) -> None:
    odds, value = claims_of(Trust(right=right), 3000, seed=1)
    start = Trust(right=0.9)
    found, _ = fit(odds, value, None, start)
    assert found.right == pytest.approx(right, abs=0.03)
    assert found.n == 3000


def test_a_partisan_is_found_by_what_it_says_of_its_own_side() -> None:
    partisan = Trust(right=0.58, lean="b", own=0.98, false=0.4)
    odds, value = claims_of(partisan, 3000, seed=2)
    start = Trust(right=0.9)
    plain, without = fit(odds, value, None, start)
    found, loss = fit(odds, value, "b", start)
    assert loss < without - 100
    assert found.false == pytest.approx(partisan.false, abs=0.03)
    assert found.right == pytest.approx(partisan.right, abs=0.03)
    assert found.own > 0.93
    assert plain.lean is None
    other, wrong_side = fit(odds, value, "c", start)
    assert wrong_side > loss
    assert other.false < found.false


def test_a_partisans_word_against_its_side_tells_more_than_one_for_it() -> None:
    partisan = Trust(right=0.58, lean="b", own=0.98, false=0.4)
    for_it, against = (row_of(partisan, COLUMN[v], COLUMN, RIVALS) for v in ("b", "a"))
    assert for_it[COLUMN["b"]] / for_it[COLUMN["a"]] < 3
    assert against[COLUMN["a"]] / against[COLUMN["b"]] > 30


def test_chances_are_chances() -> None:
    with pytest.raises(BadInput, match="right"):
        Trust(right=1.2)


def test_nothing_is_learned_from_what_was_published_later(
    borderland: Vocabulary, tell: Tell
) -> None:
    rng = np.random.default_rng(4)
    start, cut = date(2017, 1, 1), date(2017, 9, 1)
    claims = []
    for i in range(160):
        day = start + timedelta(days=int(rng.integers(360)))
        who = "rebels" if (i + day.month) % 3 else "north"
        told = day + timedelta(days=int(rng.integers(90)))
        claims.append(
            tell("holds", who, f"t{i % 7}", str(day), source=f"s{i % 3}", published=str(told))
        )
    eager = ControlSettings(tuning_least=60)
    known = [c for c in claims if c.published is not None and c.published <= cut]
    everything, then = (
        infer_control(c, borderland, as_of=cut, start=start, end=cut, settings=eager)
        for c in (claims, known)
    )
    assert len(known) < len(claims)
    assert everything.settings == then.settings
    assert then.settings.field_heat != eager.field_heat
    assert everything.trust == then.trust
    assert then.trust
    for day in (start, date(2017, 5, 5), cut):
        assert (everything.odds(day) == then.odds(day)).all()


def test_news_that_nothing_speaks_against_makes_nobody_more_reliable() -> None:
    odds = np.full((500, 4), 0.1)
    value = np.zeros(500, dtype=np.intp)
    odds[:, 0] = 0.7
    plain, news = (fit(odds, value, None, Trust(right=0.9), news=n)[0].right for n in (False, True))
    assert plain > 0.97
    assert news == pytest.approx(DEFAULT.reliability)


def test_captures_after_a_list_of_who_held_what_are_believed(
    borderland: Vocabulary, tell: Tell
) -> None:
    """What was held before speaks against all news of change: that makes no bad teller of it."""
    towns = [
        Place(id=f"v{i}", name=f"V{i}", lat=34.0, lon=30.0 + 0.2 * i, country="NN")
        for i in range(40)
    ]
    rows = [tell("holds", "north", p.id, "2017-01-01", source="rows") for p in towns]
    news = [
        tell("captures", "rebels", p.id, f"2017-0{2 + i % 6}-10", object="north", source="news")
        for i, p in enumerate(towns[:24])
    ]
    day = date(2017, 9, 1)
    known = borderland.extended(places=towns)
    field = infer_control([*rows, *news], known, as_of=day, start=day, end=day)
    assert field.trust["news"].right > 0.8
    assert field.trust["rows"].lean is None
    assert field.estimate("v3", day).best == "rebels"


def test_a_letter_is_where_a_source_starts_and_no_verdict() -> None:
    odds, value = claims_of(Trust(right=0.6), 2000, seed=5)
    graded = ControlSettings(graded={"s": "A", "t": "E"})
    assert graded.prior_of("s") > graded.prior_of("unknown") > graded.prior_of("t")
    assert graded.prior_of("unknown") == ControlSettings(graded={"u": "F"}).prior_of("u")
    by = {
        n: [
            fit(odds[:n], value[:n], None, Trust(right=r), ControlSettings(reliability=r))[0].right
            for r in (graded.prior_of("s"), graded.prior_of("t"))
        ]
        for n in (3, 2000)
    }  # fmt: skip
    assert by[3][0] > by[3][1] + 0.1
    assert by[2000] == pytest.approx([0.6, 0.6], abs=0.03)


def test_a_source_graded_high_outweighs_one_graded_low(borderland: Vocabulary, tell: Tell) -> None:
    said = [
        tell("holds", "rebels", "t1", "2017-05-01", source="s"),
        tell("holds", "north", "t1", "2017-05-01", source="t"),
    ]
    day = date(2017, 5, 1)
    for letters, winner in (({"s": "A", "t": "E"}, "rebels"), ({"s": "E", "t": "A"}, "north")):
        settings = ControlSettings(graded=letters)
        field = infer_control(said, borderland, as_of=day, start=day, end=day, settings=settings)
        assert field.estimate("t1", day).best == winner


def test_prior_weights_leave_room_for_every_holder() -> None:
    with pytest.raises(BadInput, match="home"):
        ControlSettings(home=0.95)


def test_letters_are_a_to_f() -> None:
    with pytest.raises(BadInput, match="Admiralty"):
        ControlSettings(graded={"s": "G"})


@pytest.mark.parametrize("holders", [3, 8])
def test_how_many_a_wrong_claim_could_have_named_is_found(
    borderland: Vocabulary, tell: Tell, holders: int
) -> None:
    rng = np.random.default_rng(6)
    outcomes = (*(f"h{k}" for k in range(holders)), "contested", "none")
    n = 3000
    truth = rng.integers(holders, size=n)
    off = rng.integers(1, holders, size=n)
    value = np.where(rng.random(n) < 0.6, truth, (truth + off) % holders)
    odds = np.where(np.eye(len(outcomes))[truth] > 0, 0.99, 0.01 / (len(outcomes) - 1))
    pieces = read_evidence([tell("holds", "rebels", "t1", "2017-01-01")], borderland, DEFAULT)
    row, columns = {"t1": 0}, ("rebels", "contested", "none")
    evidence = gather(pieces, row, columns, np.full((1, 3), 1 / 3), DEFAULT)
    every = np.zeros(n, dtype=np.intp)
    known = Judged(piece=every, mark=every, value=value, status=np.ones(n, dtype=bool))
    trust = {"gazette": Trust(right=0.6, n=n)}
    found = learn_rivals(evidence, known, odds, outcomes, trust, DEFAULT)
    assert found == pytest.approx(holders - 1, rel=0.05)
    assert learn_rivals(evidence, known.only(every[:0]), odds[:0], outcomes, {}, DEFAULT) == min(
        DEFAULT.rivals, holders - 1
    )
