"""Colours of holders: few, told apart by the colour-blind, and never the only sign.

The rule: a holder has one colour on every day of a map. The nine that hold most get Paul Tol's
*muted* scheme (Technical note SRON/EPS/TN/09-002, 2021); those after them get the same nine with
dots, since no eye tells eighteen colours apart.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from marchland.estimate import Estimate

PALETTE = (
    "#332288", "#CC6677", "#117733", "#DDCC77", "#88CCEE", "#882255", "#44AA99", "#999933",
    "#AA4499",
)  # fmt: skip
UNDECIDED = {"contested": "#555555", "none": "#BBBBBB"}
"""Outcomes that are nobody's ground, in greys."""


def actor_layer(holders: Iterable[str], names: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Name, colour and pattern of each holder.

    Parameters
    ----------
    holders
        Ids, the one that holds most first.
    names
        Display name by id; also of actors that hold nothing, which come last.
    """
    grounds = [a for a in dict.fromkeys([*holders, *sorted(names)]) if a not in UNDECIDED]
    layer: dict[str, dict[str, Any]] = {}
    for i, actor in enumerate(grounds):
        layer[actor] = {
            "name": names.get(actor, actor),
            "colour": PALETTE[i % len(PALETTE)],
            "dotted": (i // len(PALETTE)) % 2 == 1,
        }
    for outcome, grey in UNDECIDED.items():
        layer[outcome] = {"name": names.get(outcome, outcome), "colour": grey, "dotted": False}
    return layer


def names_in(estimates: Iterable[Estimate]) -> dict[str, str]:
    """Display name of every outcome that the estimates name."""
    return {who: e.name_of(who) for e in estimates for who in e.p}
