"""Colours of holders: one each, steady, told apart by the colour-blind."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.maps.colours import PALETTE, UNDECIDED, actor_layer

# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHTS = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
NOTICEABLE = 2.3
"""A just noticeable difference in CIELAB (Mahy and others, 1994)."""


def lab(colour: str, sight: np.ndarray) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels > 0.04045, ((channels + 0.055) / 1.055) ** 2.4, channels / 12.92)
    xyz = TO_XYZ @ np.clip(sight @ linear, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_colours_differ_by_several_noticeable_steps(sight: str) -> None:
    seen = [lab(c, SIGHTS[sight]) for c in PALETTE]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 5 * NOTICEABLE


names = st.text(st.characters(categories=["Ll"]), min_size=1, max_size=6)


@given(holders=st.lists(names, unique=True, max_size=18))
def test_no_two_of_eighteen_holders_look_alike(holders: list[str]) -> None:
    layer = actor_layer(holders, {})
    looks = [(layer[h]["colour"], layer[h]["dotted"]) for h in holders if h not in UNDECIDED]
    assert len(set(looks)) == len(looks)


@given(holders=st.lists(names, unique=True, min_size=1, max_size=30), known=st.sets(names))
def test_those_that_hold_most_have_plain_colours_whoever_else_is_known(
    holders: list[str], known: set[str]
) -> None:
    layer = actor_layer(holders, {name: name.title() for name in known})
    first = [h for h in holders if h not in UNDECIDED][: len(PALETTE)]
    assert [layer[h]["colour"] for h in first] == list(PALETTE[: len(first)])
    assert not any(layer[h]["dotted"] for h in first)
    assert known <= set(layer)


def test_contested_ground_is_nobodys_colour() -> None:
    layer = actor_layer(["a", "contested", "none", "b"], {"contested": "contested"})
    assert layer["contested"]["colour"] not in PALETTE
    assert [layer["a"]["colour"], layer["b"]["colour"]] == list(PALETTE[:2])
