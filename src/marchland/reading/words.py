"""The reader's word lists and rules, read from their data files once."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_DATA = files("marchland.reading").joinpath("data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One way to find an argument: a slot of the frame, what it must be, and what is taken of it.

    Written ``on:place`` (what it must be), ``A1.holder`` (the actor that modifies it),
    ``between#2`` (the second of a pair).
    """

    name: str
    want: str = ""
    take: str = ""

    @classmethod
    def parse(cls, text: str) -> "Slot":
        """Read the written form."""
        name, _, want = text.partition(":")
        name, _, take = name.partition(".")
        if "#" in name:
            name, _, take = name.partition("#")
        return cls(name=name, want=want, take=take)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the grammar; the data file explains the fields."""

    id: str
    predicate: str
    verbs: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()
    tails: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    light: frozenset[str] | None = None
    unless: frozenset[str] = frozenset()
    host: frozenset[str] | None = None
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    subject: tuple[Slot, ...] = ()
    object: tuple[Slot, ...] = ()
    place: tuple[Slot, ...] = ()
    need: tuple[frozenset[str], ...] = ()
    without: tuple[str, ...] = ()
    prior: float = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The rules by trigger lemma."""

    rules: tuple[Rule, ...]
    verbs: dict[str, tuple[Rule, ...]]
    nouns: dict[str, tuple[Rule, ...]]
    adjectives: dict[str, tuple[Rule, ...]]
    tails: dict[str, Rule]
    heads: dict[str, Rule]


@cache
def words(name: str) -> frozenset[str]:
    """A word list by name.

    Examples
    --------
    >>> "militia" in words("acting")
    True
    """
    return frozenset(_lists()[name])


@cache
def _lists() -> dict[str, frozenset[str]]:
    raw = _table("words.yaml")
    return {name: frozenset(str(text).split()) for name, text in raw.items()}


@cache
def grammar() -> Grammar:
    """The rules of the shipped grammar."""
    raw = _table("rules.yaml")
    rules = tuple(_rule(entry) for entry in raw)
    return Grammar(
        rules=rules,
        verbs=_by(rules, "verbs"),
        nouns=_by(rules, "nouns"),
        adjectives=_by(rules, "adjectives"),
        tails={t: r for r in rules for t in r.tails},
        heads={h: r for r in rules for h in r.heads},
    )


def _table(name: str) -> Any:
    # Strings only: YAML would read the prepositions "on" and "no" as truth values.
    return yaml.load(_DATA.joinpath(name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def _rule(entry: dict[str, Any]) -> Rule:
    many: dict[str, Any] = {
        k: frozenset(entry[k])
        for k in ("verbs", "nouns", "adjectives", "tails", "heads")
        if k in entry
    }
    slots: dict[str, Any] = {
        k: tuple(Slot.parse(s) for s in entry[k])
        for k in ("subject", "object", "place")
        if k in entry
    }
    return Rule(
        id=entry["id"],
        predicate=entry["predicate"],
        light=frozenset(entry["light"]) if "light" in entry else None,
        unless=frozenset(entry.get("unless", ())),
        host=frozenset(entry["host"]) if "host" in entry else None,
        when=tuple((k, frozenset(v)) for k, v in entry.get("when", {}).items()),
        need=tuple(frozenset(n.split("|")) for n in entry.get("need", ())),
        without=tuple(entry.get("without", ())),
        prior=float(entry["prior"]),
        **many,
        **slots,
    )


def _by(rules: tuple[Rule, ...], field: str) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for lemma in getattr(rule, field):
            found[lemma] = (*found.get(lemma, ()), rule)
    return found
