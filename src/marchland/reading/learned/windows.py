"""What the network sees: stretches of a report as word pieces, and who could fill a role in them.

A `Passage` is a paragraph after the grammar has read it. A `Window` is a run of whole sentences
of one report, short enough for the encoder, with sentences before it for context. Claims are read
from the window's own sentences; their actors and places may stand in the context.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marchland.claims import PlaceRef, Ref
from marchland.reading.attribution import Speech, speech_at
from marchland.reading.candidates import ThingKind, candidates
from marchland.reading.findings import Finding
from marchland.reading.link import Linker
from marchland.reading.tree import Tree

OWN_PIECES = 160
CONTEXT_PIECES = 72

Pieces = Callable[[Sequence[str]], list[list[int]]]
"""Words to the ids of their pieces, one list a word."""


@dataclass(slots=True, kw_only=True)
class Passage:
    """A paragraph as the grammar read it.

    Parameters
    ----------
    actors
        What each token means as the head of an actor's name; None where it is none.
    places
        What each token means as the head of the name of places.
    spoken
        The grammar's findings, each with its speaker.
    voices
        The speaker whose words each token is among; None for the author's own.
    kinds
        The kind of thing that each token names.
    """

    tree: Tree
    actors: list[Ref | None]
    places: list[list[PlaceRef]]
    spoken: list[tuple[Finding, Ref | None]]
    voices: list[Ref | None]
    kinds: list[ThingKind | None]
    _at: dict[int, list[Finding]] = field(default_factory=dict, repr=False)
    _in: dict[int, list[Finding]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        sentence_of = self.tree.sentence_of
        for finding, _ in self.spoken:
            self._at.setdefault(finding.trigger, []).append(finding)
            self._in.setdefault(sentence_of[finding.trigger], []).append(finding)

    def found_at(self, token: int) -> list[Finding]:
        """What the grammar found at a token."""
        return self._at.get(token, [])

    def found_beside(self, token: int) -> list[Finding]:
        """What the grammar found in the sentence of a token."""
        return self._in.get(self.tree.sentence_of[token], [])


def passage_of(
    tree: Tree,
    linker: Linker,
    speeches: Sequence[Speech],
    spoken: list[tuple[Finding, Ref | None]],
) -> Passage:
    """The paragraph that the linker has just read, with what each of its words can name."""
    n = len(tree)
    actors: list[Ref | None] = [None] * n
    places: list[list[PlaceRef]] = [[] for _ in range(n)]
    kinds: list[ThingKind | None] = [None] * n
    for candidate in candidates(linker):
        i = candidate.head
        actors[i], kinds[i] = candidate.actor, candidate.kind
        places[i] = list(candidate.places)
    for i in range(n - 1):
        if actors[i] is None and tree.pos[i] == "ADJ" and tree.words[i + 1] == "-":
            actors[i] = linker.modifier(i)
    voices: list[Ref | None] = []
    said: dict[int, Ref | None] = {}
    for i in range(n):
        speech = speech_at(speeches, i)
        if speech is None:
            voices.append(linker.speaker)
        elif speech.speaker is None:
            voices.append(None)
        else:
            if speech.speaker not in said:
                said[speech.speaker] = linker.actor(speech.speaker, loose=True)
            voices.append(said[speech.speaker])
    return Passage(
        tree=tree, actors=actors, places=places, kinds=kinds, spoken=spoken, voices=voices
    )


@dataclass(slots=True, kw_only=True)
class Window:
    """A stretch of a report for the encoder.

    Parameters
    ----------
    tokens
        Passage and token of every word, in order; those before `own` are context.
    sentences
        Number of each token's sentence within the report.
    pieces
        Ids of word pieces, with the encoder's marks at both ends.
    firsts
        Index into `pieces` of each token's first piece.
    candidates
        Indices into `tokens` of the words that can fill a role.
    """

    tokens: list[tuple[int, int]]
    own: int
    sentences: list[int]
    pieces: NDArray[np.int64]
    firsts: NDArray[np.int64]
    candidates: list[int] = field(default_factory=list)


def windows(
    passages: Sequence[Passage], pieces: Pieces, *, ends: tuple[int, int]
) -> Iterator[Window]:
    """The windows of a report, in order; every sentence is of the own part of exactly one."""
    sentences: list[tuple[int, int, int, list[list[int]], int]] = []
    for number, passage in enumerate(passages):
        words = pieces(passage.tree.words)
        for first, last in passage.tree.sentences:
            while first < last:
                stop, count = first, 0
                while stop < last and (stop == first or count + len(words[stop]) <= OWN_PIECES):
                    count += len(words[stop])
                    stop += 1
                sentences.append((number, first, stop, words[first:stop], count))
                first = stop
    i = 0
    while i < len(sentences):
        j, size = i, 0
        while j < len(sentences) and (j == i or size + sentences[j][4] <= OWN_PIECES):
            size += sentences[j][4]
            j += 1
        k, before = i, 0
        while k > 0 and before + sentences[k - 1][4] <= CONTEXT_PIECES:
            k -= 1
            before += sentences[k][4]
        yield _window(passages, sentences[k:i], sentences[i:j], k, ends)
        i = j


def _window(
    passages: Sequence[Passage],
    before: Sequence[tuple[int, int, int, list[list[int]], int]],
    own: Sequence[tuple[int, int, int, list[list[int]], int]],
    number: int,
    ends: tuple[int, int],
) -> Window:
    tokens: list[tuple[int, int]] = []
    numbers: list[int] = []
    ids: list[int] = [ends[0]]
    firsts: list[int] = []
    start = 0
    for at, (passage, first, last, words, _) in enumerate([*before, *own]):
        if at == len(before):
            start = len(tokens)
        for token, of_word in zip(range(first, last), words, strict=True):
            tokens.append((passage, token))
            numbers.append(number + at)
            firsts.append(len(ids))
            ids.extend(of_word)
    ids.append(ends[1])
    candidates = [
        i
        for i, (p, t) in enumerate(tokens)
        if passages[p].actors[t] is not None or passages[p].places[t]
    ]
    return Window(
        tokens=tokens,
        own=start,
        sentences=numbers,
        pieces=np.array(ids, dtype=np.int64),
        firsts=np.array(firsts, dtype=np.int64),
        candidates=candidates,
    )
