"""What a brief is made of.

The rule: a statement without a passage to stand on is not written. It cites at least one claim
that points at a stretch of a report; what rests on a table alone, or on nothing, is listed apart.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from marchland.brief.render import to_html, to_markdown
from marchland.claims import Claim
from marchland.errors import BadInput

_SENTENCE_END = re.compile(r"(?<=[.!?؟])[\"'”’)]*\s+|\n\s*\n|\n---\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence and the numbers of the citations it rests on, counted from 1.

    Raises
    ------
    ValueError
        If it cites nothing.
    """

    text: str
    cites: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.cites:
            raise ValueError(f"a statement must cite a claim: {self.text!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    heading: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A claim that is cited, with the text around its quote.

    Raises
    ------
    ValueError
        If the claim points at no stretch of text.
    """

    number: int
    claim: Claim
    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        if not self.claim.from_text:
            raise ValueError(f"claim {self.claim.id} rests on no text and can't be cited")

    @property
    def sentence(self) -> str:
        """The sentence that the quote stands in, on one line."""
        head = _SENTENCE_END.split(self.before)[-1]
        tail = _SENTENCE_END.split(self.after)[0]
        return " ".join(f"{head}{self.claim.quote}{tail}".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A brief: statements with citations, what is not known, and what it was made from.

    Parameters
    ----------
    gaps
        What the brief could not say from a text, and why.
    answers
        Ids of the estimates it tells.
    """

    title: str
    theatre: str
    on: date
    as_of: date
    sections: tuple[Section, ...]
    citations: tuple[Citation, ...]
    gaps: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "theatre": self.theatre,
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "given": dict(self.given),
            "sections": [
                {
                    "heading": s.heading,
                    "statements": [
                        {
                            "text": t.text,
                            "claims": [self.citations[n - 1].claim.id for n in t.cites],
                        }
                        for t in s.statements
                    ],
                }
                for s in self.sections
            ],
            "citations": [{"number": c.number, **c.claim.to_json()} for c in self.citations],
            "gaps": list(self.gaps),
            "answers": list(self.answers),
        }

    def to_html(self) -> str:
        """One self-contained page that opens offline."""
        return to_html(self)

    def to_markdown(self) -> str:
        return to_markdown(self)

    def save(self, path: str | Path) -> Path:
        """Write it as .html, .md or .json, by the file's suffix.

        Raises
        ------
        BadInput
            If the suffix is another, or the file can't be written.
        """
        target = Path(path)
        if target.suffix == ".html":
            text = self.to_html()
        elif target.suffix == ".md":
            text = self.to_markdown()
        elif target.suffix == ".json":
            text = json.dumps(self.to_json(), ensure_ascii=False, indent=1) + "\n"
        else:
            raise BadInput("a brief is written as .html, .md or .json", path=target)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadInput(f"can't be written: {error.strerror}", path=target) from error
        return target
