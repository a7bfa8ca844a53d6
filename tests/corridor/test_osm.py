"""Roads of an OpenStreetMap extract: settlements and crossings, with length and time between."""

from datetime import date
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marchland.corridor.osm import OsmRoads, read_osm
from marchland.errors import BadInput
from marchland.geo import Point, distance_km
from marchland.roads import Link
from marchland.vocabulary import Place

STEP = 0.1
"""Degrees between neighbouring nodes of the invented grids: about eleven kilometres."""

Way = tuple[list[int], dict[str, str]]


def town(id: str, x: float, y: float, **more: object) -> Place:
    return Place(id=id, name=id.title(), lon=x * STEP, lat=y * STEP, **more)  # type: ignore[arg-type]


def write(
    path: Path,
    nodes: dict[int, tuple[float, float]],
    ways: list[Way],
    tags: dict[int, dict[str, str]] | None = None,
) -> Path:
    """An extract in XML, nodes on a grid of `STEP` degrees."""

    def told(found: dict[str, str]) -> str:
        return "".join(f'<tag k="{k}" v="{v}"/>' for k, v in found.items())

    rows = []
    for i, (x, y) in sorted(nodes.items()):
        at = f'lon="{x * STEP}" lat="{y * STEP}"'
        rows.append(f'<node id="{i}" version="1" {at}>{told((tags or {}).get(i, {}))}</node>')
    for i, (refs, found) in enumerate(ways, start=1):
        steps = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        rows.append(f'<way id="{i}" version="1">{steps}{told(found)}</way>')
    path.write_text(
        f'<?xml version="1.0"?><osm version="0.6">{"".join(rows)}</osm>', encoding="utf-8"
    )
    return path


def by_ends(found: OsmRoads) -> dict[frozenset[str], Link]:
    return {frozenset((x.start, x.end)): x for x in found.links}


def test_a_road_between_two_towns_is_one_link_with_its_length_and_time(tmp_path: Path) -> None:
    nodes = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (3, 0)}
    ways: list[Way] = [
        ([1, 2], {"highway": "primary", "surface": "asphalt"}),
        ([2, 3, 4], {"highway": "primary", "surface": "gravel"}),
        ([1, 4], {"highway": "footway"}),
    ]
    found = read_osm(write(tmp_path / "a.osm", nodes, ways), [town("a", 0, 0), town("b", 3, 0)])
    (link,) = found.links
    step = distance_km(Point(0, 0), Point(STEP, 0))
    assert link.km == pytest.approx(3 * step, abs=0.02)
    assert link.hours == pytest.approx(step / 60 + 2 * step / 25, abs=0.002)
    assert (link.road_class, link.paved, link.border) == ("track", False, False)
    assert found.unreached == ()


def test_a_way_past_a_third_town_is_no_link_of_the_first_two(tmp_path: Path) -> None:
    nodes = {i: (i, 0) for i in range(1, 6)}
    ways: list[Way] = [([1, 2, 3, 4, 5], {"highway": "trunk"})]
    towns = [town("a", 1, 0), town("b", 3, 0), town("c", 5, 0), town("far", 3, 9)]
    found = read_osm(write(tmp_path / "a.osm", nodes, ways), towns)
    assert set(by_ends(found)) == {frozenset("ab"), frozenset("bc")}
    assert found.unreached == ("far",)


def test_border_posts_are_crossings_with_two_sides(tmp_path: Path) -> None:
    nodes: dict[int, tuple[float, float]] = {
        1: (0, 0), 2: (1, 0), 3: (1.2, 0), 4: (2, 0), 8: (1.1, -1), 9: (1.1, 1)
    }  # fmt: skip
    ways: list[Way] = [
        ([1, 2, 3, 4], {"highway": "primary"}),
        ([8, 9], {"boundary": "administrative", "admin_level": "2"}),
    ]
    post = {"barrier": "border_control"}
    path = write(tmp_path / "a.osm", nodes, ways, {2: {**post, "name": "West Gate"}, 3: post})
    found = read_osm(path, [town("a", 0, 0, country="XA"), town("b", 2, 0, country="XB")])
    west, east = sorted(found.crossings, key=lambda p: p.lon or 0)
    assert (west.name, west.country, west.other_side) == ("West Gate", "XA", east.id)
    assert (east.name, east.country, east.other_side) == ("Border post 3", "XB", west.id)
    assert [x.border for x in found.links if {x.start, x.end} == {west.id, east.id}] == [True]
    assert sum(x.border for x in found.links) == 1


def test_opening_hours_of_a_post_are_dated_facts_of_its_own_side(tmp_path: Path) -> None:
    nodes: dict[int, tuple[float, float]] = {i: (i / 10, 0) for i in range(1, 8)}
    ways: list[Way] = [(list(nodes), {"highway": "primary"})]
    post = {"barrier": "border_control"}
    hours = {2: "08:00-16:00", 3: "off", 4: "8 to 4", 5: "24/7", 6: ""}
    tags = {i: {**post, **({"opening_hours": h} if h else {})} for i, h in hours.items()}
    path = write(tmp_path / "a.osm", nodes, ways, tags)
    text = path.read_text("utf-8")
    for i in (2, 3, 4):
        dated = f'<node id="{i}" timestamp="2020-03-0{i}T10:00:00Z" '
        text = text.replace(f'<node id="{i}" ', dated)
    path.write_text(text, "utf-8")
    found = read_osm(path, [town("a", 0.1, 0), town("b", 0.7, 0)])
    shut, opened = sorted(found.facts, key=lambda f: f.state)
    assert (opened.crossing, opened.hours, opened.start) == (
        "osm-node-2", "08:00-16:00", date(2020, 3, 2),
    )  # fmt: skip
    assert (shut.crossing, shut.state, shut.published) == ("osm-node-3", "closed", date(2020, 3, 3))
    assert not opened.both_sides
    assert "OpenStreetMap" in opened.source
    bad, undated = sorted(found.left_out)
    assert "osm-node-4" in bad
    assert "no opening hours" in bad
    assert "osm-node-5" in undated
    assert "without a day" in undated


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 2**32 - 1))
def test_the_quickest_way_between_towns_is_kept(tmp_path: Path, seed: int) -> None:
    """Between any two towns the links take as long as the whole network does."""
    rng = np.random.default_rng(seed)
    n = 5
    nodes = {1 + x + n * y: (float(x), float(y)) for x in range(n) for y in range(n)}
    graph = nx.Graph()
    ways: list[Way] = []
    for x in range(n):
        for y in range(n):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < n and y + dy < n and rng.random() < 0.8:
                    kind, speed = [("trunk", 70), ("secondary", 50)][int(rng.integers(2))]
                    a, b = 1 + x + n * y, 1 + x + dx + n * (y + dy)
                    ways.append(([a, b], {"highway": kind}))
                    ends = (Point(*(STEP * v for v in nodes[k])) for k in (a, b))
                    graph.add_edge(a, b, hours=distance_km(*ends) / speed)
    chosen = rng.choice(sorted(nodes), size=4, replace=False).tolist()
    towns = [town(f"t{k}", *nodes[k]) for k in chosen]
    found = read_osm(write(tmp_path / "grid.osm", nodes, ways), towns)
    links = nx.Graph()
    for x in found.links:
        links.add_edge(x.start, x.end, hours=x.hours)
    for a in chosen:
        for b in chosen:
            if a < b and a in graph and b in graph and nx.has_path(graph, a, b):
                whole = nx.dijkstra_path_length(graph, a, b, "hours")
                kept = nx.dijkstra_path_length(links, f"t{a}", f"t{b}", "hours")
                assert kept == pytest.approx(whole, abs=0.01)


def test_what_can_not_be_used_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_osm(tmp_path / "none.osm.pbf", [])
    with pytest.raises(BadInput, match="no road class path"):
        read_osm(tmp_path / "none.osm.pbf", [], classes=["path"])
    broken = tmp_path / "a.osm.pbf"
    broken.write_bytes(b"not a map at all")
    with pytest.raises(BadInput, match="can't be read as OpenStreetMap data"):
        read_osm(broken, [])
    empty = write(tmp_path / "b.osm", {1: (0, 0), 2: (1, 0)}, [([1, 2], {"highway": "path"})])
    with pytest.raises(BadInput, match="has no road"):
        read_osm(empty, [])
