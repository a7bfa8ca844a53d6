"""Points and distances on the globe."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.errors import BadInput
from marchland.geo import Point, distance_km, distances_km, offset

points = st.builds(Point, st.floats(-179, 179), st.floats(-85, 85))


def test_a_degree_along_the_equator() -> None:
    assert distance_km(Point(0, 0), Point(1, 0)) == pytest.approx(111.319, abs=0.001)


@given(a=points, b=points)
def test_distance_is_symmetric_and_zero_to_itself(a: Point, b: Point) -> None:
    assert distance_km(a, b) == pytest.approx(distance_km(b, a))
    assert distance_km(a, a) == pytest.approx(0.0, abs=1e-9)


@given(a=points, bearing=st.floats(0, 359), km=st.floats(1, 500))
def test_an_offset_lies_at_its_distance(a: Point, bearing: float, km: float) -> None:
    assert distance_km(a, offset(a, bearing_deg=bearing, distance_km=km)) == pytest.approx(km)


@given(st.lists(points, min_size=1, max_size=4), st.lists(points, min_size=1, max_size=4))
def test_a_table_of_distances_is_the_distances(a: list[Point], b: list[Point]) -> None:
    table = distances_km(
        np.array([(p.lon, p.lat) for p in a]), np.array([(p.lon, p.lat) for p in b])
    )
    assert table.shape == (len(a), len(b))
    for i, p in enumerate(a):
        for j, q in enumerate(b):
            assert table[i, j] == pytest.approx(distance_km(p, q))


def test_latitude_given_as_longitude_is_noticed() -> None:
    with pytest.raises(BadInput, match="swapped"):
        Point(34.0, 140.0)
