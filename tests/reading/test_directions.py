"""What lies at a distance from a town, or is a part of it, is not the town."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.geo import Point, distance_km
from marchland.reading.directions import direction_id, told_distance_km


@pytest.mark.parametrize(
    ("before", "km"),
    [
        ("a base 70 km ", 70.0),
        ("some 70km ", 70.0),
        ("about 70 kilometers (43 miles) ", 70.0),
        ("1,200 kilometres to the ", None),
        ("10 miles to the ", 16.09344),
        ("2.5 km ", 2.5),
        ("70 fighters ", None),
        ("70 km of road ", None),
        ("villages ", None),
        ("", None),
    ],
)
def test_a_distance_is_what_stands_right_before_the_direction(
    before: str, km: float | None
) -> None:
    text = before + "north of al-Tanf"
    assert told_distance_km(text, len(before)) == (None if km is None else pytest.approx(km))


@given(st.integers(1, 999), st.sampled_from(["km", " km", "-km", " kilometres", " kilometers"]))
def test_spelling_makes_no_other_place(n: int, unit: str) -> None:
    text = f"{n}{unit} north"
    found = told_distance_km(text, text.index("north"))
    assert direction_id(found, "north", "tanf") == f"{n} km north of tanf"


def place(read, text: str):
    return next(c.place for c in read(text) if c.place is not None and c.predicate == "captures")


@pytest.mark.parametrize(("words", "km"), [("70 km", 70.0), ("43 miles", 69.2)])
def test_a_place_at_a_distance_lies_there(read, words: str, km: float) -> None:
    town = place(read, "The SDF captured Palmyra.")
    found = place(read, f"The SDF captured a base {words} north of Palmyra.")
    assert not found.resolved
    assert found.geo_precision == "area"
    away = distance_km(Point(town.lon, town.lat), Point(found.lon, found.lat))
    assert away == pytest.approx(km, rel=0.01)
    assert found.lat > town.lat


@pytest.mark.parametrize(
    "part", ["the eastern half of Mosul", "the countryside of Mosul", "the outskirts of Mosul"]
)
def test_a_part_of_a_town_is_not_the_town(read, part: str) -> None:
    found = place(read, f"Iraqi forces captured {part}.")
    assert not found.resolved
    assert found.geo_precision == "area"
    assert "Mosul" in found.name
