"""Land against air and sea: each from figures with ranges and sources, and what they come to."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import numpy as np
import pytest

from marchland.corridor import CorridorEstimate, CorridorQuestion, CorridorSettings
from marchland.corridor.costs import by_sea, land_against_air
from marchland.corridor.ready import prepare
from marchland.corridor.settings import Figure
from marchland.roads import Link, RoadNetwork

_spec = spec_from_file_location("borderland", Path(__file__).with_name("conftest.py"))
assert _spec is not None
assert _spec.loader is not None
borderland = module_from_spec(_spec)
_spec.loader.exec_module(borderland)
ALL_CROWN, ROADS, VOCABULARY = borderland.ALL_CROWN, borderland.ROADS, borderland.VOCABULARY
holding = borderland.holding

Ask = Callable[..., CorridorEstimate]
LANE = Link(id="s", start="gate-east", end="ford", mode="sea", name="Lake lane", road_class="sea",
            km=240, hours=10)  # fmt: skip
WITH_LANE = RoadNetwork([*ROADS.links, LANE])
QUESTION = CorridorQuestion(origin="alder", destination="birch", traveller="crown")


def exactly(**values: float) -> CorridorSettings:
    """Settings whose figures have no range."""
    costs = dict(CorridorSettings().costs)
    for name, value in values.items():
        costs[name] = Figure(value=value, low=value, high=value, unit="", source="a test")
    return CorridorSettings(costs=costs)


def sea(passable: np.ndarray | None = None, **values: float) -> dict:
    ready = prepare(QUESTION, WITH_LANE, VOCABULARY)
    worlds = np.ones((64, len(ready.nodes)), dtype=bool) if passable is None else passable
    return by_sea(ready, WITH_LANE, VOCABULARY, worlds, settings=exactly(**values))


def test_what_arrives_is_what_was_sent_less_what_is_lost() -> None:
    settings = exactly(
        lorry_payload_t=20, lorries_per_day=10, lorry_cost_per_km=2, land_loss_share=0.2
    )
    found = land_against_air(
        km=100, hours=2, borders=0, origin=None, destination=None, settings=settings
    )["land"]
    assert found["tonnes_per_day"]["value"] == 200
    assert found["tonnes_per_day_arriving"]["value"] == pytest.approx(160)
    assert found["usd_per_tonne"]["value"] == pytest.approx(10)
    assert found["usd_per_tonne_arriving"]["value"] == pytest.approx(12.5)


def test_by_sea_with_the_road_to_and_from_its_ports() -> None:
    found = sea(
        ship_speed_km_h=10, port_days=1, lorry_driving_h_per_day=10, ship_cost_per_day=1000,
        ship_payload_t=100, lorry_cost_per_km=2, lorry_payload_t=20, sailings_per_month=3,
        sea_loss_share=0,
    )  # fmt: skip
    # 240 km at 10 km/h is a day, two ports are two, and .7 hours by road from alder and to birch.
    assert found["days"]["value"] == pytest.approx(1 + 2 + 0.07, abs=0.01)
    assert found["usd_per_tonne"]["value"] == pytest.approx(3 * 1000 / 100 + 30 * 2 / 20)
    assert found["tonnes_per_day"]["value"] == pytest.approx(10)
    assert found["p_roads_open"] == 1
    assert [leg["by_road"] for leg in found["road"]] == [True, True]


def test_the_roads_to_its_ports_are_open_in_a_share_of_the_worlds() -> None:
    ready = prepare(QUESTION, WITH_LANE, VOCABULARY)
    passable = np.ones((64, len(ready.nodes)), dtype=bool)
    passable[:16, ready.nodes.index("ford")] = False
    assert sea(passable)["p_roads_open"] == 0.75


def test_without_a_lane_there_is_no_way_by_sea(ask: Ask) -> None:
    answer = ask(holding(**ALL_CROWN))
    assert answer.transport["sea"] == {}
    assert answer.to_json()["sea"] == {}


def test_every_mode_has_its_ranges_in_order_and_its_sources(ask: Ask) -> None:
    modes = {**ask(holding(**ALL_CROWN)).transport, "sea": sea()}
    for side in modes.values():
        for key in ("days", "usd_per_tonne_arriving", "tonnes_per_day_arriving"):
            assert side[key]["low"] <= side[key]["value"] <= side[key]["high"]
        assert side["exposure"]["source"]
        assert all(f["source"] for f in side["figures"].values())
