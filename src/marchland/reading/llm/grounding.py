"""From a model's answer to claims: nothing stands that the report's own text does not carry.

Each record needs a quote that is found in the text it was asked about; who and what it names must
be named in the report, and is resolved as the default reader resolves it, by the same parse and
the same linker; its time is read by the same code; the constructor of `Claim` has the last word.
What fails is dropped with the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marchland.claims import PREDICATES, Claim, Modality, PlaceRef, Ref
from marchland.dates import Span
from marchland.errors import InvalidClaim
from marchland.reading.files import Document
from marchland.reading.findings import Finding
from marchland.reading.llm.prompt import FIRMNESS
from marchland.reading.quoting import find_quote, words_in
from marchland.reading.reader import GrammarReader, Kept, Run
from marchland.reading.times import find_dates
from marchland.vocabulary import Vocabulary

_LEAST_WORDS = 2
_MOST = 200
_SHOWN = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Quote:
    """Where a quote stands: its paragraph, its characters in it, and its tokens."""

    paragraph: int
    begin: int
    end: int
    first: int
    last: int


class Grounding:
    """Makes claims of one report out of records.

    Parameters
    ----------
    grammar
        The reader whose parse and linker are used.
    reader
        The name that the claims carry.
    p_read
        Of a claim that the model is sure of.
    """

    def __init__(
        self, grammar: GrammarReader, document: Document, *, reader: str, p_read: float
    ) -> None:
        self.kept: list[Kept] = grammar.passages(document)
        self.document, self._reader, self._p_read = document, reader, p_read
        self._vocabulary: Vocabulary = grammar.vocabulary
        self._run = Run(grammar, document)
        self._ids = {a.id for k in self.kept for a in k.passage.actors if a is not None}
        self._ids |= {p.id for k in self.kept for several in k.passage.places for p in several}

    def claims(
        self, records: Sequence[Any], paragraphs: range
    ) -> Iterator[Claim | tuple[str, str]]:
        """A claim for each record that stands, and for each other what it was and why not.

        Parameters
        ----------
        paragraphs
            The numbers of those that were asked about; a quote must stand in one of them.
        """
        for record in records[:_MOST]:
            try:
                yield self._claim(record, paragraphs)
            except InvalidClaim as error:
                yield _shown(record), str(error)
        if len(records) > _MOST:
            yield f"{len(records) - _MOST} more", f"more than {_MOST} claims in one answer"

    def _claim(self, record: Any, paragraphs: range) -> Claim:
        if not isinstance(record, Mapping):
            raise InvalidClaim("it is no JSON object")
        predicate = _word(record, "predicate")
        if predicate not in PREDICATES:
            raise InvalidClaim(f"{predicate!r} is no predicate")
        modality = _word(record, "modality") or Modality.ASSERTED.value
        if modality not in set(Modality):
            raise InvalidClaim(f"{modality!r} is no modality")
        firmness = _word(record, "firmness") or "likely"
        if firmness not in FIRMNESS:
            raise InvalidClaim(f"{firmness!r} is no firmness")
        quote = self._quote(_word(record, "quote"), paragraphs)
        subject = self._actor(_word(record, "subject"), quote)
        aim = self._actor(_word(record, "object"), quote)
        place = self._place(_word(record, "place"), quote)
        speaker = self._actor(_word(record, "speaker"), quote)
        when = self._when(_word(record, "when"), quote)
        kept = self.kept[quote.paragraph]
        tree = kept.passage.tree
        finding = Finding(
            predicate=predicate,
            rule="model",
            prior=round(self._p_read * FIRMNESS[firmness], 3),
            trigger=_root(kept, quote),
            first=quote.first,
            last=quote.last,
            subject=subject,
            object=aim,
            place=place,
            modality=Modality(modality),
        )
        sentence = tree.sentence_of[finding.trigger]
        claim = self._run.claim(
            kept.paragraph, tree, finding, speaker, kept.dates[sentence], kept.carried[sentence]
        )
        if claim is None:
            raise InvalidClaim("the same was claimed from that sentence already")
        begin, end = self._original(quote)
        return replace(
            claim,
            quote=self.document.text[begin:end],
            begin=begin,
            end=end,
            valid=claim.valid if when is None else when,
            reader=self._reader,
        )

    def _original(self, quote: _Quote) -> tuple[int, int]:
        paragraph = self.kept[quote.paragraph].paragraph
        return paragraph.cleaned.original(
            paragraph.begin + quote.begin, paragraph.begin + quote.end
        )

    def _quote(self, text: str, paragraphs: range) -> _Quote:
        if words_in(text) < _LEAST_WORDS:
            raise InvalidClaim("it has no quote of two words or more")
        for number in paragraphs:
            kept = self.kept[number]
            tree = kept.passage.tree
            for begin, end in find_quote(kept.paragraph.text, text):
                inside = [
                    i for i in range(len(tree)) if tree.begins[i] < end and tree.ends[i] > begin
                ]
                if inside:
                    return _Quote(
                        paragraph=number, begin=begin, end=end, first=inside[0], last=inside[-1]
                    )
        raise InvalidClaim("its quote does not stand in the text")

    def _actor(self, name: str, quote: _Quote) -> Ref | None:
        if not name:
            return None
        for number, first, last in self._named(name, quote):
            actors = self.kept[number].passage.actors
            for i in _heads(self.kept[number], first, last):
                ref = actors[i]
                if ref is not None:
                    return replace(ref, text=name)
        found = self._vocabulary.resolve_actor(name)
        if found.id is not None:
            actor = self._vocabulary.find_actor(found.id)
            if actor is not None and (found.id in self._ids or self._stands(name)):
                return Ref(id=actor.id, name=actor.name, text=name)
        if not self._stands(name):
            raise InvalidClaim(f"the report names no {name!r}")
        return Ref.unresolved(name)

    def _place(self, name: str, quote: _Quote) -> PlaceRef | None:
        if not name:
            return None
        for number, first, last in self._named(name, quote):
            places = self.kept[number].passage.places
            for i in _heads(self.kept[number], first, last):
                if len(places[i]) == 1:
                    return replace(places[i][0], text=name)
        found = self._vocabulary.resolve_place(name)
        if found.id is not None:
            place = self._vocabulary.find_place(found.id)
            if place is not None and found.id in self._ids:
                return PlaceRef(
                    id=place.id, name=place.name, text=name, lat=place.lat, lon=place.lon
                )
        if not self._stands(name):
            raise InvalidClaim(f"the report names no {name!r}")
        return PlaceRef.unresolved(name)

    def _stands(self, name: str) -> bool:
        return any(find_quote(k.paragraph.text, name) for k in self.kept)

    def _named(self, name: str, quote: _Quote) -> Iterator[tuple[int, int, int]]:
        """Where a name stands, as paragraph and tokens, those nearest to the quote first."""
        found = []
        for number, kept in enumerate(self.kept):
            if number > quote.paragraph:
                break
            tree = kept.passage.tree
            for begin, end in find_quote(kept.paragraph.text, name):
                at = [i for i in range(len(tree)) if tree.begins[i] < end and tree.ends[i] > begin]
                if at:
                    far = max(at[0] - quote.last, quote.first - at[-1], 0)
                    found.append((quote.paragraph - number, far, number, at[0], at[-1]))
        for _, _, number, first, last in sorted(found):
            yield number, first, last

    def _when(self, words: str, quote: _Quote) -> Span | None:
        """What the words for a time come to; None where they say nothing that can be read."""
        if not words:
            return None
        kept = self.kept[quote.paragraph]
        published = self.document.report.published
        for begin, end in find_quote(kept.paragraph.text, words):
            for date in find_dates(kept.paragraph.text, published=published):
                if date.begin < end and begin < date.end and date.span != Span.unknown():
                    return date.span
        if not self._stands(words):
            raise InvalidClaim(f"the report does not say {words!r}")
        told = [d.span for d in find_dates(words, published=published)]
        return told[0] if told and told[0] != Span.unknown() else None


def _heads(kept: Kept, first: int, last: int) -> list[int]:
    """The tokens of a name, the one that the sentence hangs on first."""
    tree = kept.passage.tree
    tokens = range(last, first - 1, -1)
    return sorted(tokens, key=lambda i: first <= tree.heads[i] <= last and tree.heads[i] != i)


def _root(kept: Kept, quote: _Quote) -> int:
    """The word of a quote that the others hang on, a verb if there is one."""
    tree = kept.passage.tree
    tops = [
        i
        for i in range(quote.first, quote.last + 1)
        if not quote.first <= tree.heads[i] <= quote.last or tree.heads[i] == i
    ]
    verbs = [i for i in tops if tree.pos[i] in ("VERB", "AUX")]
    return (verbs or tops or [quote.first])[0]


def _word(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidClaim(f"{name} must be text, not {type(value).__name__}")
    return " ".join(value.split())


def _shown(record: Any) -> str:
    text = record.get("quote") if isinstance(record, Mapping) else None
    shown = text if isinstance(text, str) and text else repr(record)
    shown = " ".join(shown.split())
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"
