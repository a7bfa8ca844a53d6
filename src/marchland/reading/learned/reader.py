"""The reader ``learned``: the grammar's analysis, and a small network trained on top of it.

The grammar reads every paragraph first. The network then says of each word which predicate it says
and of each name which role it fills, also across sentences; drafts of claims, the grammar's own
finds among them, get a calibrated chance, and those likely enough stand. `p_read` is that chance.
When a claim is true, and whose words it is in, is worked out as in the grammar. Runs offline on
the processor; the grammar alone is the reader ``grammar``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path

from marchland.claims import Claim
from marchland.reading.dating import in_order
from marchland.reading.files import Document
from marchland.reading.findings import Finding
from marchland.reading.learned.decode import Draft, drafts
from marchland.reading.learned.network import Network
from marchland.reading.link import Linker
from marchland.reading.phrases import name_span
from marchland.reading.reader import Explained, GrammarReader, Kept, Run
from marchland.reading.tree import Tree
from marchland.vocabulary import Vocabulary

NAME = "learned/0.2"
_TOLD = 0.1


class LearnedReader(GrammarReader):
    """Reads reports by grammar and network.

    Parameters
    ----------
    vocabulary
        What names mean.
    model
        Name of an installed spaCy model package; None for the one that ships.
    network
        Folder of a trained network; None for the one that ships.
    """

    name = NAME

    def __init__(
        self, vocabulary: Vocabulary, *, model: str | None = None, network: Path | None = None
    ) -> None:
        super().__init__(vocabulary, model=model)
        self._network = shipped() if network is None else Network(network)
        self.reader = f"{NAME}+{self.reader}"

    def _begin(self, document: Document) -> Run:
        run = Run(self, document)
        run.kept = []
        return run

    def _claims(self, run: Run) -> list[Claim]:
        kept = run.kept or []
        standing, _ = self._read(run, kept)
        made = (_claim(run, kept, draft) for draft in standing)
        return in_order([claim for claim in made if claim is not None])

    def _read(self, run: Run, kept: Sequence[Kept]) -> tuple[list[Draft], list[Draft]]:
        """The drafts that stand, and all of them."""
        passages = [k.passage for k in kept]
        every = [
            _at_home(draft, run.linker)
            for window, scores in self._network.read(passages)
            for draft in drafts(passages, window, scores)
        ]

        def position(passage: int, token: int) -> int:
            return kept[passage].original(token)[0]

        return self._network.ranker.standing(every, position), every

    def explain(self, document: Document) -> list[Explained]:
        """What the reader made of each sentence of a report: the grammar's analysis, what stands,
        and what was too unlikely."""
        run = self._analysed(document, keep=True)
        told, kept = run.told or [], run.kept or []
        standing, every = self._read(run, kept)
        chances = self._network.ranker.chances(every)
        stands = {(d.passage, d.trigger, d.predicate, d.ids) for d in standing}
        sentences = list(_sentences(kept))
        out = []
        for explained, (passage, number) in zip(told, sentences, strict=True):
            sentence = kept[passage].passage.tree.sentence_of

            def here(
                draft: Draft, p: int = passage, n: int = number, s: list[int] = sentence
            ) -> bool:
                return draft.passage == p and s[draft.trigger] == n

            found = []
            for draft in standing:
                if here(draft):
                    claim = _claim(run, kept, draft)
                    if claim is not None:
                        found.append(f"{claim}   {_how(kept, draft)}")
            left = [
                f"{_words(d)}: chance {p:.0%}, needs {self._network.ranker.least:.0%}"
                if p < self._network.ranker.least
                else f"{_words(d)}: says again what stands"
                for d, p in zip(every, chances, strict=True)
                if here(d)
                and p >= _TOLD
                and (d.passage, d.trigger, d.predicate, d.ids) not in stands
            ]
            out.append(
                replace(explained, findings=tuple(found), dropped=(*explained.dropped, *left))
            )
        return out + self._unread(document)


@cache
def shipped() -> Network:
    """The network that comes with the package."""
    with resources.as_file(resources.files("marchland.reading.learned") / "model") as folder:
        return Network(folder)


def _at_home(draft: Draft, linker: Linker) -> Draft:
    """The draft with "government forces" as those of the country whose ground it is about."""
    if draft.subject is None or draft.place is None:
        return draft
    return replace(draft, subject=linker.at_home(draft.subject, draft.place))


def _claim(run: Run, kept: Sequence[Kept], draft: Draft) -> Claim | None:
    at = kept[draft.passage]
    tree = at.passage.tree
    sentence = tree.sentence_of[draft.trigger]
    finding = draft.finding
    if finding is None:
        first, last = _span(tree, draft)
        finding = Finding(
            predicate=draft.predicate,
            rule="network",
            prior=draft.p,
            trigger=draft.trigger,
            first=first,
            last=last,
            where=draft.where,
            subject=draft.subject,
            object=draft.object,
            place=draft.place,
            modality=draft.modality,
        )
    finding = replace(finding, prior=round(draft.p, 3))
    return run.claim(
        at.paragraph, tree, finding, draft.speaker, at.dates[sentence], at.carried[sentence]
    )


def _span(tree: Tree, draft: Draft) -> tuple[int, int]:
    """First and last token of the words that say a draft: those of its trigger's sentence."""
    begin, end = tree.sentences[tree.sentence_of[draft.trigger]]
    first = last = draft.trigger
    for passage, token in draft.words:
        if passage == draft.passage and begin <= token < end:
            a, b = name_span(tree, token)
            first, last = min(first, a, token), max(last, b, token)
    return max(first, begin), min(last, end - 1)


def _sentences(kept: Sequence[Kept]) -> Iterator[tuple[int, int]]:
    for number, one in enumerate(kept):
        yield from ((number, s) for s in range(len(one.passage.tree.sentences)))


def _how(kept: Sequence[Kept], draft: Draft) -> str:
    word = kept[draft.passage].passage.tree.words[draft.trigger]
    by = "the network" if draft.finding is None else f"rule {draft.finding.rule} and the network"
    return f"by {by} on {word!r}, chance {draft.p:.0%}"


def _words(draft: Draft) -> str:
    parts = [r.name if r is not None else "-" for r in (draft.subject, draft.object, draft.place)]
    return f"{draft.predicate} ({', '.join(parts)})"
