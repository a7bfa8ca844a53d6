"""A reader that asks a language model, behind any OpenAI-compatible endpoint.

It sends a report's text to the endpoint that was named, and nowhere without one. What comes back is
material, not truth: see `marchland.reading.llm.grounding`.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marchland.claims import Claim
from marchland.errors import BadInput, Rejected
from marchland.reading.files import Document
from marchland.reading.llm.answers import NAME as ANSWERS
from marchland.reading.llm.answers import Answer, Answers, records_of
from marchland.reading.llm.asking import Asker
from marchland.reading.llm.grounding import Grounding
from marchland.reading.llm.prompt import VERSION, question
from marchland.reading.llm.settings import LlmSettings
from marchland.reading.reader import GrammarReader
from marchland.vocabulary import Vocabulary

_CONTEXT = 600
"""Characters of the paragraphs before a stretch that are sent along with it."""


@dataclass(slots=True, kw_only=True)
class _Asked:
    """A stretch of a report, as numbers of its paragraphs, and the answer to come."""

    paragraphs: range
    answer: Future[Answer]


class LlmReader:
    """Reads reports by asking a language model.

    Parameters
    ----------
    vocabulary
        What names mean.
    model
        Name of an installed spaCy model package, for resolving names; None for the default.
    settings
        Of `LlmSettings`, by name; at least ``endpoint`` and ``model``.
    folder
        Where answers are kept; None keeps them for the run only.

    Raises
    ------
    BadInput
        If no endpoint is named, or a setting can't be used.
    """

    name = "llm"

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        model: str | None = None,
        settings: Mapping[str, Any] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.settings = LlmSettings.from_mapping(settings or {})
        self.vocabulary = vocabulary
        self.reader = f"llm/0.1+{self.settings.model}+{VERSION}"
        self._grammar = GrammarReader(vocabulary, model=model)
        self._asker = Asker(self.settings, Answers(folder / ANSWERS if folder else None))
        self._begun: dict[str, tuple[Grounding, list[_Asked]]] = {}
        self._dropped: list[Rejected] = []

    @property
    def ahead(self) -> int:
        """How many reports are worth beginning before the first of them is read."""
        return 2 * self.settings.at_once

    def begin(self, document: Document) -> None:
        """Send a report's questions off, for `read` to find the answers there."""
        if document.report.id in self._begun:
            return
        grounding = Grounding(
            self._grammar, document, reader=self.reader, p_read=self.settings.p_read_at_most
        )
        asked = [self._ask(grounding, stretch) for stretch in self._stretches(grounding)]
        self._begun[document.report.id] = grounding, asked

    def read(self, document: Document) -> list[Claim]:
        """The claims of one report, in the order they stand.

        Raises
        ------
        BadInput
            If the model gave no usable answer about this report.
        ReadingStopped
            If it will give none about any: a limit is reached, or the endpoint refuses.
        """
        self.begin(document)
        grounding, asked = self._begun.pop(document.report.id)
        answered: list[tuple[list[Any], range]] = []
        while asked:
            first = asked.pop(0)
            answer = first.answer.result()
            if not answer.cut:
                answered.append((records_of(answer.text), first.paragraphs))
                continue
            numbers = first.paragraphs
            if len(numbers) < 2:
                raise BadInput(
                    f"the model's answer was cut off at {self.settings.max_tokens} tokens; "
                    "raise max_tokens of the llm reader",
                    path=document.report.path,
                )
            half = numbers.start + len(numbers) // 2
            halves = (range(numbers.start, half), range(half, numbers.stop))
            asked = [self._ask(grounding, part) for part in halves] + asked
        made: list[Claim] = []
        for records, numbers in answered:
            for found in grounding.claims(records, numbers):
                if isinstance(found, Claim):
                    made.append(found)
                else:
                    what, why = found
                    where = f"{document.report.path or document.report.title}: {what}"
                    self._dropped.append(Rejected(where=where, why=why))
        return sorted(made, key=lambda c: (c.begin or 0, c.end or 0))

    def dropped(self) -> list[Rejected]:
        """What the model claimed since the last call that did not stand, and why."""
        told, self._dropped = self._dropped, []
        return told

    def summary(self) -> str:
        """What the run has used so far: requests, tokens, cost."""
        return str(self._asker.spending)

    def close(self) -> None:
        """Wait for the answers under way, keep them, and ask nothing more."""
        self._asker.close()

    def _ask(self, grounding: Grounding, paragraphs: range) -> _Asked:
        texts = [k.paragraph.text for k in grounding.kept]
        own = texts[paragraphs.start : paragraphs.stop]
        content = question(own, before=list(_context(texts[: paragraphs.start])))
        return _Asked(paragraphs=paragraphs, answer=self._asker.ask(content))

    def _stretches(self, grounding: Grounding) -> Iterator[range]:
        """Runs of whole paragraphs, none longer than asked for unless one paragraph is."""
        start = size = 0
        for number, kept in enumerate(grounding.kept):
            length = len(kept.paragraph.text)
            if number > start and size + length > self.settings.chunk_chars:
                yield range(start, number)
                start, size = number, 0
            size += length
        if start < len(grounding.kept):
            yield range(start, len(grounding.kept))


def _context(texts: Sequence[str]) -> Sequence[str]:
    """The last paragraphs before a stretch, as many as are worth sending along."""
    taken: list[str] = []
    left = _CONTEXT
    for text in reversed(texts):
        if left <= 0:
            break
        taken.insert(0, text[-left:])
        left -= len(text)
    return taken
