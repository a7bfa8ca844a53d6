"""The one answer type: odds with their date, their as-of date and the claims they rest on.

*Unknown* is no outcome. It is a wide ``p`` with ``n_claims`` 0.

Words for likelihood follow ICD 203 (US Intelligence Community Directive 203, 2015). Confidence in
the evidence is a separate word and is never mixed into the likelihood.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

_WORDS = (
    (0.01, "almost no chance"),
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
)


def percent(p: float) -> str:
    """A probability for people; nothing is certain.

    Examples
    --------
    >>> percent(0.9999), percent(0.873), percent(0.001)
    ('>99%', '87%', '<1%')
    """
    if p > 0.99:
        return ">99%"
    return "<1%" if p < 0.01 else f"{p:.0%}"


def probability_words(p: float) -> str:
    """The ICD 203 term for a probability.

    Examples
    --------
    >>> probability_words(0.87)
    'very likely'
    >>> probability_words(0.5)
    'roughly even chance'
    """
    return next((word for top, word in _WORDS if p < top), "almost certain")


class Evidence(Protocol):
    """What an estimate may rest on: anything with an id and a record form. Claims are."""

    @property
    def id(self) -> str: ...

    def to_json(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One claim behind an estimate.

    Parameters
    ----------
    claim
        The claim.
    weight
        Its influence: how much the odds of the best outcome fall without it, in -1..1; negative
        where the claim speaks against the best outcome.
    """

    claim: Evidence
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Which model gave an estimate, with its parameters."""

    name: str
    version: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "version": self.version, "parameters": dict(self.parameters)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Odds on the answer to one question.

    Parameters
    ----------
    question
        ``"control"``, ``"alignment"`` or ``"corridor"``.
    about
        What is asked about, as JSON: ``{"place": {"id", "name"}}`` and the like.
    on
        The day asked about (valid time).
    as_of
        Only what had been published by the end of this day was used.
    given
        Assumptions made, name to value.
    p
        Odds per outcome id, summing to 1.
    names
        Display name per outcome id.
    interval
        90 % interval per outcome id, where one is known.
    because
        The claims behind it, heaviest first.
    n_claims, n_sources
        How many claims and how many separate sources bear on it.
    model, seed, revision
        What reproduces it.
    spoken_for
        Outcomes that some claim speaks for, where that matters; a likeliest outcome that none
        speaks for, but only the neighbours' or the country's example, is no answer.
    """

    question: str
    about: Mapping[str, Any]
    on: date
    as_of: date
    p: Mapping[str, float]
    names: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    interval: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    because: tuple[Because, ...] = ()
    n_claims: int = 0
    n_sources: int = 0
    model: Model = Model(name="none", version="0")
    seed: int = 0
    revision: int = 0
    spoken_for: frozenset[str] | None = None

    def __post_init__(self) -> None:
        total = sum(self.p.values())
        if self.p and (abs(total - 1.0) > 1e-6 or min(self.p.values()) < -1e-9):
            raise ValueError(f"odds must be in 0..1 and sum to 1, got {dict(self.p)}")

    @property
    def best(self) -> str | None:
        """The likeliest outcome; None when no claim bears on the question or speaks for it."""
        if not self.p or self.n_claims == 0:
            return None
        top = max(self.p, key=lambda outcome: (self.p[outcome], outcome))
        return top if self.spoken_for is None or top in self.spoken_for else None

    @property
    def confidence(self) -> str:
        """Confidence in the evidence, a word apart from the odds: none, low, moderate, high."""
        if self.n_claims == 0:
            return "none"
        if self.n_sources >= 3 and self.n_claims >= 5:
            return "high"
        return "moderate" if self.n_sources >= 2 else "low"

    @property
    def id(self) -> str:
        """Content id, ``e:`` and twelve hexadecimal digits: same inputs, same id."""
        record = {**self.to_json(), "id": None}
        text = json.dumps(record, sort_keys=True, ensure_ascii=False, default=str)
        return "e:" + hashlib.sha256(text.encode()).hexdigest()[:12]

    def name_of(self, outcome: str) -> str:
        """Display name of an outcome."""
        return self.names.get(outcome, outcome)

    def to_json(self) -> dict[str, Any]:
        """The record form, as every ``--json`` prints it (without ``id``, which hashes it)."""
        return {
            "question": self.question,
            **self.about,
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "given": dict(self.given),
            "p": {k: round(float(v), 4) for k, v in self.p.items()},
            "names": {k: self.name_of(k) for k in self.p},
            "best": self.best,
            "interval": {k: [round(lo, 4), round(hi, 4)] for k, (lo, hi) in self.interval.items()},
            "confidence": self.confidence,
            "n_claims": self.n_claims,
            "n_sources": self.n_sources,
            "because": [{**b.claim.to_json(), "weight": round(b.weight, 4)} for b in self.because],
            "model": self.model.to_json(),
            "seed": self.seed,
            "revision": self.revision,
        }

    def subject(self) -> str:
        """The thing asked about, in words."""
        names = [v["name"] for v in self.about.values() if isinstance(v, dict) and "name" in v]
        return " and ".join(names) or self.question

    def __str__(self) -> str:
        on, as_of = _long(self.on), _long(self.as_of)
        if self.best is None and self.n_claims:
            few = "the one claim" if self.n_claims == 1 else f"the {self.n_claims} claims"
            are = "is" if self.n_claims == 1 else "are"
            return (
                f"{self.subject()}, {on}: not known; {few} published by {as_of} {are} too little "
                "to tell."
            )
        if self.best is None:
            return f"{self.subject()}, {on}: not known; no report published by {as_of} says."
        p = self.p[self.best]
        low_high = self.interval.get(self.best)
        spread = (
            f", 90 % interval {percent(low_high[0])} to {percent(low_high[1])}" if low_high else ""
        )
        return (
            f"{self.subject()}, {on}: {probability_words(p)} {self.name_of(self.best)} "
            f"({percent(p)}{spread}); {self.confidence} confidence in the evidence: "
            f"{_count(self.n_claims, 'claim')} from {_count(self.n_sources, 'source')} "
            f"published by {as_of}."
        )


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
