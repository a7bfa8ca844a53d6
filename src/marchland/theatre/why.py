"""From an answer back to its sentences: estimate, claims, quotes, reports."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marchland.claims import Claim
from marchland.errors import BadInput, LedgerError, UnknownName
from marchland.ledger import Ledger

_AROUND = 120
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n.*?\n---[ \t]*\r?\n", re.DOTALL)
"""Front matter, which is no text that a quote stands in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The stretch of a report that a claim rests on, with the text around it.

    Parameters
    ----------
    before, quote, after
        Original text; `quote` is exactly the claim's.
    """

    before: str
    quote: str
    after: str

    def __str__(self) -> str:
        before, after = (" ".join(t.split()) for t in (self.before, self.after))
        return f"...{before} **{' '.join(self.quote.split())}** {after}..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One claim under an answer, and the passage under the claim (None for a table's claim)."""

    claim: Claim
    weight: float | None
    passage: Passage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What an answer rests on.

    Parameters
    ----------
    id
        What was asked about: an estimate's, claim's or report's id.
    answer
        The estimate's record; None where a claim or report was asked about.
    grounds
        Claims, heaviest first.
    missing
        Ids of claims that the answer names and this ledger does not hold.
    """

    id: str
    answer: Mapping[str, Any] | None
    grounds: tuple[Ground, ...]
    missing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "answer": dict(self.answer) if self.answer else None,
            "claims": [
                {
                    **g.claim.to_json(),
                    "weight": g.weight,
                    "context": None
                    if g.passage is None
                    else {"before": g.passage.before, "after": g.passage.after},
                }
                for g in self.grounds
            ],
            "missing": list(self.missing),
        }


def trace(ledger: Ledger, id: str) -> Why:
    """Walk from an id down to the sentences.

    Parameters
    ----------
    id
        ``e:...`` (an estimate that was printed), ``c:...`` (a claim) or ``r:...`` (a report); a
        prefix will do where it is the only one.

    Raises
    ------
    UnknownName
        If the ledger knows no such id.
    """
    kind = id[:2]
    if kind == "e:":
        answer = ledger.estimate(id)
        wanted = [(b["id"], b.get("weight")) for b in _because(answer)]
        grounds, missing = [], []
        for claim_id, weight in wanted:
            try:
                grounds.append(_ground(ledger, ledger.claim(claim_id), weight))
            except (LedgerError, UnknownName):
                missing.append(claim_id)
        return Why(id=id, answer=answer, grounds=tuple(grounds), missing=tuple(missing))
    if kind == "c:":
        claim = ledger.claim(id)
        return Why(id=claim.id, answer=None, grounds=(_ground(ledger, claim, None),))
    if kind == "r:":
        report = ledger.report(id)
        claims = ledger.claims(report_id=report.id)
        return Why(
            id=report.id, answer=None, grounds=tuple(_ground(ledger, c, None) for c in claims)
        )
    raise BadInput(
        f"{id!r} is no id: an estimate's starts with e:, a claim's with c:, a report's with r:"
    )


class Passages:
    """Finds the passages of many claims; a report's text, which never changes, is fetched once.

    Parameters
    ----------
    most
        How many texts are kept.
    """

    def __init__(self, ledger: Ledger, *, most: int = 1024) -> None:
        self._ledger, self._text = ledger, lru_cache(maxsize=most)(ledger.text)

    def __call__(self, claim: Claim) -> Passage | None:
        return passage_of(self._ledger, claim, text_of=self._text)


def passage_of(
    ledger: Ledger, claim: Claim, *, text_of: Callable[[str], str] | None = None
) -> Passage | None:
    """The passage a claim rests on; None for a table's claim.

    Parameters
    ----------
    text_of
        Gives a report's text by its id; the ledger itself when left out.

    Raises
    ------
    LedgerError
        If the stored text does not carry the quote at the place the claim names.
    """
    if claim.begin is None or claim.end is None:
        return None
    text = (text_of or ledger.text)(claim.report.id)
    quote = text[claim.begin : claim.end]
    if quote != claim.quote:
        raise LedgerError(
            f"claim {claim.id}: the quote is not what report {claim.report.id} says at "
            f"{claim.begin}-{claim.end}; the ledger has been tampered with"
        )
    front = _FRONT.match(text)
    first = front.end() if front and front.end() <= claim.begin else 0
    return Passage(
        before=text[max(first, claim.begin - _AROUND) : claim.begin],
        quote=quote,
        after=text[claim.end : claim.end + _AROUND],
    )


def _ground(ledger: Ledger, claim: Claim, weight: float | None) -> Ground:
    return Ground(claim=claim, weight=weight, passage=passage_of(ledger, claim))


def _because(answer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    because: Sequence[Mapping[str, Any]] = answer.get("because") or ()
    return because
