"""Distances and parts in words: "70 km north of al-Tanf", "the eastern half of Mosul".

The rule: what lies at a distance from a town, or is a part or the surroundings of it, is not the
town. It gets an id of its own that spelling does not change (``?70-km-north-of-tanf``), a point
where the words give one, and the precision of an area; no town's holder follows from it.
"""

import re

from marchland.reading.tree import Tree
from marchland.reading.words import words

_KM = 1.0
_MILE = 1.609344
_TOLD = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)[\s\u00a0-]?(?P<unit>kilomet(?:er|re)s?|kms?|miles?|mi)\b"
    r"\.?(?:\s?\([^()]{1,30}\))?(?: (?:or so|away))?,?(?: to the)?\s+$",
    re.IGNORECASE,
)
_FARTHEST_KM = 1000.0
_AROUND = frozenset(
    ["countryside", "outskirt", "suburb", "surroundings", "vicinity", "hinterland", "periphery"]
)
_PARTS = frozenset(
    [
        "half",
        "side",
        "part",
        "bank",
        "edge",
        "third",
        "quarter",
        "section",
        "sector",
        "outskirt",
        "district",
        "neighborhood",
        "neighbourhood",
        "suburb",
        "countryside",
        "end",
    ]
)


def told_distance_km(text: str, end: int) -> float | None:
    """The distance that stands right before a direction, in kilometres; None where none is told.

    Parameters
    ----------
    end
        Where the direction begins.

    Examples
    --------
    >>> text = "about 70 kilometers (43 miles) north of al-Tanf"
    >>> told_distance_km(text, text.index("north"))
    70.0
    >>> round(told_distance_km("18 miles northwest", 9) or 0)
    29
    """
    found = _TOLD.search(text, max(0, end - 60), end)
    if found is None:
        return None
    scale = _MILE if found["unit"].lower().startswith("mi") else _KM
    told = float(found["n"].replace(",", "")) * scale
    return told if 0 < told <= _FARTHEST_KM else None


def direction_id(km: float | None, direction: str, anchor_id: str) -> str:
    """What a distance or direction from a place is called, however it is spelled.

    Examples
    --------
    >>> direction_id(70.0, "north-east", "tanf"), direction_id(None, "west", "mosul")
    ('70 km northeast of tanf', 'west of mosul')
    """
    where = f"{direction.replace('-', '')} of {anchor_id.removeprefix('?')}"
    return where if km is None else f"{km:.0f} km {where}"


def is_only_part(tree: Tree, i: int) -> bool:
    """Whether a phrase names a part or the surroundings of a place: "the eastern half of"."""
    lemma = tree.lemmas[i]
    if lemma in _AROUND:
        return True
    return lemma in _PARTS and any(
        tree.words[c].lower() in words("direction")
        or (lemma == "side" and tree.deps[c] == "amod" and tree.words[c].istitle())  # "Iraqi"
        for c in tree.children[i]
        if c < i
    )
