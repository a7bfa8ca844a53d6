"""Passages that stand in several reports: wire stories, updates of a story, copied paragraphs.

Sentences are compared by their word triples. MinHash signatures in bands (Broder 1997; Leskovec,
Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3) give the pairs worth a look, and each
of those is then compared exactly. The rule: a pair is judged by the two texts alone, and found
from texts published before the later of the two, so that what is printed later changes no pair of
earlier days. Plain arrays over all sentences at once: an object a sentence would take
minutes where these take seconds.
"""

import hashlib
import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from marchland.observations import Copy

VERSION = "copies/1"
"""Of the rules below; whatever is kept of another version's finds is worth nothing."""

NEAR_DAYS = 30
"""Passages printed further apart are no copies: what is said again a month later is said anew."""
SHORT_NEAR_DAYS = 3
"""The same for a single short sentence, which may well tell of another day."""

_LEAST_WORDS = 8
_LEAST_SHARED = 6
_LONG_WORDS = 15
_OWN_WORDS = 25
_LIKE = 0.6
_LIKE_SHORT = 0.85
_LIKE_OTHER_NAMES = 0.85
_WHOLE, _WHOLE_OF_LONGER = 0.5, 0.3
_WHOLE_WORDS = 20
_BANDS, _ROWS = 12, 2
_BACK = 6
_SENTENCE_END = re.compile(
    r"(?<=[.!?…؟۔])[\"'”’»)\]]*\s+(?=[\"'“‘«(\[]*(?:[^\W\d_a-z]|\d))|\n[ \t]*\n"
)
_HEADER = re.compile(r"\ufeff?---\r?\n.*?\n---[ \t]*\r?\n", re.DOTALL)
_WORD = re.compile(r"\w+")
_MASK = (1 << 64) - 1

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A report's text, as it is compared."""

    report: str
    source: str
    published: date | None
    text: str


@dataclass(slots=True)
class _Sentence:
    """A sentence long enough to be compared: where it stands, and how many words it has."""

    story: int
    place: int
    begin: int
    end: int
    size: int


_Pair = tuple[_Sentence, _Sentence, float]


@dataclass(frozen=True, slots=True)
class _Stock:
    """Every sentence, with the hashes of its word triples: those of n from `starts[n]` on."""

    stories: list[Story]
    sizes: list[int]
    sentences: list[_Sentence]
    triples: Hashes
    starts: NDArray[np.intp]

    def triples_of(self, n: int) -> frozenset[int]:
        return frozenset(self.triples[self.starts[n] : self.starts[n + 1]].tolist())

    def words_of(self, n: int) -> list[str]:
        """Its words as they are spelled, the first left out, which any word's capital begins."""
        sentence = self.sentences[n]
        text = self.stories[sentence.story].text
        return _WORD.findall(text, sentence.begin, sentence.end)[1:]


def find_copies(stories: Iterable[Story]) -> list[Copy]:
    """Stretches of one report that stand in another, nearly word for word.

    Parameters
    ----------
    stories
        In any order. 10,000 of 350 words take some 300 MB.

    Returns
    -------
        In order of the first report of each pair, then of the text; the same for every order given.
    """
    stock = _stock(sorted(stories, key=lambda s: (s.published or date.max, s.source, s.report)))
    if len(stock.sentences) < 2:
        return []
    alike: dict[tuple[int, int], list[_Pair]] = defaultdict(list)
    for a, b in _candidates(stock):
        first, second = stock.sentences[a], stock.sentences[b]
        short = min(first.size, second.size) < _LONG_WORDS
        apart = _days(stock.stories[first.story], stock.stories[second.story])
        if apart > (SHORT_NEAR_DAYS if short else NEAR_DAYS):
            continue
        likeness = _likeness(stock, a, b)
        if likeness is not None:
            alike[first.story, second.story].append((first, second, likeness))
    found: list[Copy] = []
    for (a, b), pairs in sorted(alike.items()):
        shorter, longer = sorted((stock.sizes[a], stock.sizes[b]))
        enough = max(_WHOLE_WORDS, _WHOLE * shorter, _WHOLE_OF_LONGER * longer)
        found += _copies(stock.stories[a], stock.stories[b], pairs, enough)
    return found


def _stock(stories: list[Story]) -> _Stock:
    known: dict[str, int] = {}
    ids = array("q")
    sentences: list[_Sentence] = []
    sizes: list[int] = []
    for number, story in enumerate(stories):
        header = _HEADER.match(story.text)  # says about the report, not what it reports
        begin, size = header.end() if header else 0, 0
        ends = [m.span() for m in _SENTENCE_END.finditer(story.text, begin)]
        for place, (end, following) in enumerate([*ends, (len(story.text),) * 2]):
            words = _WORD.findall(story.text[begin:end].lower())
            size += len(words)
            if len(words) >= _LEAST_WORDS:
                ids.extend([known.setdefault(w, len(known)) for w in words])
                sentences.append(_Sentence(number, place, begin, end, len(words)))
            begin = following
        sizes.append(size)
    lengths = np.array([s.size for s in sentences], dtype=np.intp)
    return _Stock(
        stories=stories,
        sizes=sizes,
        sentences=sentences,
        triples=_triples(np.array(ids), np.array([_hash(w) for w in known], np.uint64), lengths),
        starts=np.concatenate([[0], np.cumsum(lengths - 2)]),
    )


def _triples(words: NDArray[np.int64], hashes: Hashes, lengths: NDArray[np.intp]) -> Hashes:
    """Hashes of the word triples of all sentences on end."""
    if not len(words):
        return np.zeros(0, dtype=np.uint64)
    hashed = hashes[words]
    triples = _mixed(
        hashed[:-2] * np.uint64(_ODD[0])
        + hashed[1:-1] * np.uint64(_ODD[1])
        + hashed[2:] * np.uint64(_ODD[2])
    )
    ends = np.cumsum(lengths)[:-1]
    keep = np.ones(len(triples), dtype=bool)
    keep[ends - 2] = keep[ends - 1] = False
    return triples[keep]


def _candidates(stock: _Stock) -> list[tuple[int, int]]:
    """Pairs of sentences of different reports whose signatures agree in a band, earlier first.

    In a full bucket each sentence meets the few before it: copies are then a chain.
    """
    story = np.array([s.story for s in stock.sentences])
    triples, starts = stock.triples, stock.starts[:-1]
    pairs: list[NDArray[np.intp]] = []
    for band in range(_BANDS):
        bucket = np.zeros(len(starts), dtype=np.uint64)
        for row in range(_ROWS):
            n = band * _ROWS + row
            mixed = _mixed(triples * np.uint64(_ODD[3 + n]) + np.uint64(n + 1))
            bucket = _mixed(bucket * np.uint64(_ODD[0]) + np.minimum.reduceat(mixed, starts))
        order = np.argsort(bucket, kind="stable")
        sorted_bucket = bucket[order]
        for back in range(1, _BACK + 1):
            same = np.flatnonzero(sorted_bucket[back:] == sorted_bucket[:-back])
            if not len(same):
                break
            a, b = order[same], order[same + back]
            other = story[a] != story[b]
            pairs.append(np.stack([a[other], b[other]], axis=1))
    if not pairs:
        return []
    unique = np.unique(np.concatenate(pairs), axis=0)
    return [(int(a), int(b)) for a, b in unique]


def _days(a: Story, b: Story) -> int:
    """Days between two publications; 0 where one is not known."""
    if a.published is None or b.published is None:
        return 0
    return (b.published - a.published).days


def _likeness(stock: _Stock, a: int, b: int) -> float | None:
    """Share of the shorter one's triples that both have; None where they are no copies.

    A sentence with another number in it, or mostly other names, is the same form filled in anew.
    """
    in_a, in_b = stock.triples_of(a), stock.triples_of(b)
    shared = len(in_a & in_b)
    likeness = shared / min(len(in_a), len(in_b))
    short = min(stock.sentences[a].size, stock.sentences[b].size) < _LONG_WORDS
    if shared < _LEAST_SHARED or likeness < (_LIKE_SHORT if short else _LIKE):
        return None
    spelled = [stock.words_of(n) for n in (a, b)]
    if _differ([{w for w in words if w[0].isdigit()} for words in spelled]):
        return None
    other_names = _differ([{w for w in words if w[0].isupper()} for words in spelled])
    return None if other_names and likeness < _LIKE_OTHER_NAMES else likeness


def _differ(pair: list[set[str]]) -> bool:
    """Whether each of two sets has something that the other lacks."""
    return bool(pair[0] - pair[1] and pair[1] - pair[0])


def _copies(a: Story, b: Story, pairs: list[_Pair], enough: float) -> list[Copy]:
    """The copied stretches of two reports, sentences that follow each other in both as one.

    With at least so many words of them copied, the reports are copies as a whole.
    """
    pairs.sort(key=lambda p: (p[0].place, p[1].place))
    whole = sum({s.place: s.size for s, _, _ in pairs}.values()) >= enough
    found: list[Copy] = []
    run: list[_Pair] = []
    for pair in [*pairs, None]:
        if pair and run and _follow(run[-1], pair):
            run.append(pair)
            continue
        # One outlet's own short sentence said again tells of another day, not of the same one.
        if run and (whole or a.source != b.source or _size(run) >= _OWN_WORDS):
            found.append(_copy(a, b, run, whole=whole))
        run = [pair] if pair else []
    return found


def _follow(before: _Pair, after: _Pair) -> bool:
    """Whether a pair stands right behind another one in both reports."""
    return after[0].place == before[0].place + 1 and after[1].place == before[1].place + 1


def _size(run: Sequence[_Pair]) -> int:
    return sum(s.size for s, _, _ in run)


def _copy(a: Story, b: Story, run: Sequence[_Pair], *, whole: bool) -> Copy:
    weighed = sum(s.size * likeness for s, _, likeness in run)
    return Copy(
        report=a.report,
        other=b.report,
        begin=run[0][0].begin,
        end=run[-1][0].end,
        other_begin=run[0][1].begin,
        other_end=run[-1][1].end,
        likeness=weighed / _size(run),
        whole=whole,
    )


def _hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Well spread bits (the finalizer of splitmix64; Steele, Lea and Flood 2014)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = x ^ (x >> np.uint64(31))
    return mixed


_ODD: tuple[int, ...] = tuple((_hash(f"triple {n}") | 1) & _MASK for n in range(3 + _BANDS * _ROWS))
