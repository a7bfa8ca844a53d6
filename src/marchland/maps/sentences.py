"""Claims as a page shows them: the sentence, with the claim's own stretch of it marked.

What is shown is the report's original text on one line; nothing is put into it.
"""

import re
from collections.abc import Callable
from typing import Any, Protocol

from marchland.claims import Claim

_END = re.compile(r"(?<=[.!?؟])[\"'”’)]*\s+|\n\s*\n|\n---\n")


class PassageLike(Protocol):
    """The text around a claim's quote."""

    @property
    def before(self) -> str: ...

    @property
    def after(self) -> str: ...


FindPassage = Callable[[Claim], PassageLike | None]


def sentence(
    claim: Claim, *, weight: float = 0.0, passage: PassageLike | None = None
) -> dict[str, Any]:
    """A claim, its sentence and where that stands.

    Parameters
    ----------
    weight
        How far it moves the odds; 0 where that was not worked out.
    passage
        The text around the quote; the sentence is cut out of it.
    """
    head = _END.split(passage.before)[-1] if passage and claim.quote else ""
    tail = _END.split(passage.after)[0] if passage and claim.quote else ""
    return {
        "id": claim.id,
        "says": None if claim.quote else str(claim),
        "head": _one_line(head),
        "quote": _one_line(claim.quote).strip() if claim.quote else None,
        "tail": _one_line(tail),
        "speaker": claim.speaker.name if claim.speaker else None,
        "source": claim.source.name,
        "title": claim.report.title,
        "report": claim.report.id,
        "begin": claim.begin,
        "end": claim.end,
        "published": claim.published.isoformat() if claim.published else None,
        "modality": claim.modality.value,
        "weight": round(weight, 3),
    }


def _one_line(text: str) -> str:
    """Runs of white space made one blank each, also at the ends."""
    return re.sub(r"\s+", " ", text)
