"""What kind of backing a claim speaks of, by the words it rests on."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import yaml

from marchland.claims import Claim

_TOLD_OF = frozenset({"backs", "assists", "aids", "commands", "protects"})


@cache
def _lexicon() -> Mapping[str, re.Pattern[str]]:
    table = yaml.safe_load(
        files("marchland.alignment").joinpath("data", "backing.yaml").read_text("utf-8")
    )
    return {
        kind: re.compile(r"\b(?:" + "|".join(re.escape(w) for w in words) + ")", re.IGNORECASE)
        for kind, words in table.items()
    }


def kinds_of_backing() -> tuple[str, ...]:
    """Every kind there is, in the order of printing."""
    return tuple(_lexicon())


def backing_in(text: str) -> tuple[str, ...]:
    """The kinds of backing that a text names.

    Examples
    --------
    >>> backing_in("Tehran trains and funds the brigade")
    ('money', 'training')
    >>> backing_in("the Iran-backed militia")
    ()
    """
    plain = " ".join(text.split())
    return tuple(kind for kind, words in _lexicon().items() if words.search(plain))


def backing_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The kinds of backing that claims of support name; a command is one by its predicate."""
    found = set()
    for claim in claims:
        if claim.predicate == "commands":
            found.add("command")
        if claim.predicate in _TOLD_OF and claim.quote:
            found.update(backing_in(claim.quote))
    return tuple(kind for kind in kinds_of_backing() if kind in found)
