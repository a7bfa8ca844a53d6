"""Compiled chains and field give what numpy gives, to rounding."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np
import pytest

from marchland.claims import Claim
from marchland.control import ControlField, infer_control
from marchland.control.assemble import leaving, run, run_on_knots
from marchland.control.neighbours import Told, base_rates, field, nearest, surroundings
from marchland.control.settings import DEFAULT
from marchland.vocabulary import Place, Vocabulary

pytestmark = pytest.mark.skipif(not find_spec("numba"), reason="numba is an extra")
Tell = Callable[..., Claim]
START, END = date(2015, 1, 1), date(2015, 6, 30)
UNLEARNED = replace(DEFAULT, learning_rounds=0)


def choose(patch: pytest.MonkeyPatch, *, compiled: bool) -> None:
    def chosen(work: int, *, module: str = "compiled") -> ModuleType | None:
        return import_module(f"marchland.control.{module}") if compiled else None

    for name in ("assemble", "neighbours", "chain"):
        patch.setattr(f"marchland.control.{name}.compiled", chosen)


@pytest.fixture(scope="module")
def fields(borderland: Vocabulary, tell: Tell) -> tuple[ControlField, ControlField]:
    """Many claims of all kinds, inferred in numpy and compiled, with nothing learned."""
    rng = np.random.default_rng(0)
    kinds, actors = ("holds", "captures", "loses", "contests"), ("north", "south", "rebels")
    claims = []
    for n in range(150):
        subject, object_ = rng.choice(actors, size=2, replace=False)
        claims.append(
            tell(
                str(rng.choice(kinds)), str(subject), f"t{rng.integers(5)}",
                (START + timedelta(days=int(rng.integers(180)))).isoformat(),
                object=str(object_), source=f"s{n % 3}", published=END.isoformat(),
                modality=str(rng.choice(["asserted", "possible", "denied"])),
            )
        )  # fmt: skip
    made = []
    for compiled in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            choose(patch, compiled=compiled)
            made.append(
                infer_control(
                    claims, borderland, as_of=END, start=START, end=END, settings=UNLEARNED
                )
            )
    return made[0], made[1]


def test_inference_is_the_same(
    fields: tuple[ControlField, ControlField], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, fast = fields
    assert np.array_equal(plain.knot_days, fast.knot_days)
    assert np.abs(plain.knot_odds - fast.knot_odds).max() < 1e-12
    assert np.abs(plain.rates - fast.rates).max() < 1e-12
    for day in (START, date(2015, 3, 4), END):
        choose(monkeypatch, compiled=False)
        expected = plain.odds(day)
        choose(monkeypatch, compiled=True)
        assert np.abs(fast.odds(day) - expected).max() < 1e-12


def test_chains_that_use_some_claims_alone(
    fields: tuple[ControlField, ControlField], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two chains a place, each without half of its claims; on all days and on some knots."""
    made = fields[0]
    places = np.repeat(np.arange(len(made.places)), 2)
    half = np.random.default_rng(0).integers(2, size=len(made.evidence.pieces))
    rates, leave = made.rates[:, places], leaving(made.outcomes, made.settings)

    def keep(chain: np.ndarray, piece: np.ndarray) -> np.ndarray:
        return half[piece] == chain % 2

    found = []
    for compiled in (False, True):
        choose(monkeypatch, compiled=compiled)
        days, odds, start = run(
            made.evidence, made.calendar, places, lambda b: rates[:, b], leave, made.settings,
            keep=keep,
        )  # fmt: skip
        some = run_on_knots(
            made.evidence, made.calendar, places, rates[:1], leave, made.settings,
            weeks=(3, 9), keep=keep,
        )  # fmt: skip
        found.append((days, odds, start, some))
    assert all(len(np.unique(half[made.evidence.place == p])) == 2 for p in (1, 2, 3))
    assert found[0][3].shape == (7, len(places), len(made.outcomes))
    for plain, fast in zip(*found, strict=True):
        assert plain.shape == fast.shape
        assert np.abs(plain - fast).max() < 1e-12


@pytest.mark.parametrize("told_of", [40, 5])
def test_field_of_many_and_of_few_neighbours(told_of: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first place has no coordinates: nobody's neighbour, and no less an answer for it."""
    rng = np.random.default_rng(told_of)
    places = [Place(id="p0", name="Lost", country="A")] + [
        Place(
            id=f"p{i}", name=f"P {i}", lat=34 + rng.random(), lon=40 + rng.random(),
            country="AB"[i % 2],
        )
        for i in range(1, 60)
    ]  # fmt: skip
    near = nearest(places, np.sort(rng.permutation(60)[:told_of]), most=12)
    weeks, prior = 11, rng.dirichlet(np.ones(3), size=60)
    told = Told(
        share=rng.random((weeks, 60)),
        show=rng.normal(size=(weeks, 60, 3)),
        home=rng.random((weeks, 60)),
    )
    found = []
    for compiled in (False, True):
        choose(monkeypatch, compiled=compiled)
        mean, variance = field(near, np.arange(60), told, DEFAULT)
        found.append((mean, variance, base_rates(mean, variance, prior, DEFAULT)))
    for plain, fast in zip(*found, strict=True):
        assert np.isfinite(plain).all()
        assert np.abs(plain - fast).max() < 1e-12
    mean, variance, _ = found[0]
    assert np.all(mean[:, 0] == 0.0)
    assert np.all(variance[:, 0] == 1.0)


def test_surroundings_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some neighbours never told of, some abroad in their own states; some places without any."""
    rng = np.random.default_rng(3)
    places = [
        Place(
            id=f"p{i}", name=f"P {i}", lat=34 + rng.random(), lon=40 + rng.random(),
            country="AB"[i % 2],
        )
        for i in range(40)
    ] + [Place(id="lost", name="Lost", country="A")]  # fmt: skip
    near = nearest(places, np.arange(30), most=8)
    last = rng.dirichlet(np.ones(3), size=(9, 41))
    told, prior = rng.random(41) < 0.7, rng.dirichlet(np.ones(3), size=41)
    home = np.array([i % 2 - (i % 5 == 0) for i in range(41)])
    found = []
    for compiled in (False, True):
        choose(monkeypatch, compiled=compiled)
        found.append(surroundings(near, np.arange(41), last, told, home, prior, DEFAULT))
    assert np.abs(found[0] - found[1]).max() < 1e-12
    assert np.allclose(found[1][:, 40], prior[40])
