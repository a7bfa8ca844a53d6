"""Cleaning: text as an extractor left it, made readable, with every character's way back.

Lines broken in mid-sentence are joined, words broken by hyphens made whole, dropped capitals put
back on their words, sentences cut by a column or page joined across what stands between. What
interrupts a sentence (a heading, a caption, a page number) becomes an aside. The rule: the order
never changes and nothing is reworded; `Cleaned.offsets` says where each character stood.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marchland.reading.layout import (
    BlockKind,
    Draft,
    Piece,
    drafts_of,
    ends_open,
    is_open,
    joint,
    lines_of,
    starts_low,
)
from marchland.reading.lexicon import is_word

__all__ = ["Aside", "Block", "BlockKind", "Cleaned", "clean", "clean_sections"]

_SKIPPED = frozenset(
    {
        BlockKind.HEADING,
        BlockKind.CAPTION,
        BlockKind.CREDIT,
        BlockKind.BYLINE,
        BlockKind.FURNITURE,
        BlockKind.PULL_QUOTE,
    }
)
_LOOK_AHEAD = 6
_INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe"
)
_ODD = re.compile(
    f"\\s[\\s{_INVISIBLE}]+|[{_INVISIBLE}]+(?:\\s[\\s{_INVISIBLE}]*)?|[^\\S ]"
    "|[\u2010\u2011\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc\uff01-\uff5e]"
    "|\\*\\*|__(?=\\w)|(?<=\\w)__"
    "|(?<=[a-z\\d][a-z\\d]\\.)(?=[A-Z][a-z]+[\\s,])"
    "|[АВЕКМНОРСТХасеорх](?=[a-z]{2})"
)
_LATIN = dict(zip("АВЕКМНОРСТХасеорх", "ABEKMHOPCTXaceopx", strict=True))
_LINK = re.compile(r"!?\[([^\]\n]{1,300})\]\((?:https?://|/|#|mailto:)[^)\s]*\)")
_UNBROKEN = re.compile(r"\w+(?:-\w+)*")
_LOST = {"here": "T", "he": "T", "hat": "T", "his": "T", "hese": "T", "hey": "T", "hree": "T"}
_AFTER_HERE = frozenset(("was", "were", "is", "are", "has", "have", "had"))
_FIRST_WORDS = re.compile(r"([a-z]+) ([\w’'-]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or the like: where it stands in the clean text, and what it is."""

    begin: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What stood in the middle of a sentence and was taken out: offsets into the original."""

    begin: int
    end: int
    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A text made readable.

    Parameters
    ----------
    text
        The clean text; blocks are parted by a blank line.
    offsets
        For each character of `text`, and for its end, the offset it has in the original;
        ``len(text) + 1`` of them, never falling.
    blocks
        The blocks in order; together with the blank lines they cover `text`.
    asides
        Blocks that interrupted a sentence, in order; not part of `text`.
    restored
        Offsets in `text` of characters that the original lost (a first capital).
    """

    text: str
    offsets: NDArray[np.int64]
    blocks: tuple[Block, ...]
    asides: tuple[Aside, ...] = ()
    restored: tuple[int, ...] = ()

    def original(self, begin: int, end: int) -> tuple[int, int]:
        """The half-open stretch of the original that holds ``text[begin:end]``.

        Raises
        ------
        ValueError
            If the stretch is empty or lies outside the clean text.
        """
        if not 0 <= begin < end <= len(self.text):
            raise ValueError(f"no stretch {begin}:{end} in a text of {len(self.text)} characters")
        return int(self.offsets[begin]), int(self.offsets[end - 1]) + 1

    def kind_at(self, offset: int) -> BlockKind:
        """The kind of the block that holds the clean offset; the next one's on a blank line."""
        ends = [b.end for b in self.blocks]
        place = int(np.searchsorted(ends, offset, side="right"))
        return self.blocks[min(place, len(self.blocks) - 1)].kind


def clean(text: str, *, start: int = 0, end: int | None = None) -> Cleaned:
    """Make extractor-broken text readable.

    Parameters
    ----------
    text
        The original.
    start, end
        The stretch of it to clean; offsets still count from the start of `text`.

    Examples
    --------
    >>> c = clean("Iran-\\nbacked militias con-\\ntrol the road.")
    >>> c.text
    'Iran-backed militias control the road.'
    >>> c.original(21, 28)
    (22, 31)
    """
    return _clean(text, start, len(text) if end is None else end, first=True)


def _clean(text: str, start: int, stop: int, *, first: bool) -> Cleaned:
    lines = lines_of(text, start, stop)
    seen = _unbroken_words(text, start, stop)
    drafts = drafts_of(text, lines, seen=seen)
    kept, asides = _mend(text, drafts, seen)
    return _emit(text, kept, asides, stop, restore=first)


def clean_sections(text: str, *, start: int = 0, size: int = 200_000) -> Iterator[Cleaned]:
    """Clean a long text in stretches of about `size` characters, cut at blank lines.

    Memory stays that of one section; offsets count from the start of `text` throughout.
    """
    first = True
    while start < len(text):
        stop = len(text)
        if stop - start > size * 3 // 2:
            cut = text.find("\n\n", start + size)
            if cut < 0 or cut - start > 2 * size:
                cut = text.rfind("\n", start, start + size)
            if cut <= start:
                cut = text.rfind(" ", start, start + size)
            stop = cut + 1 if cut > start else start + size
        yield _clean(text, start, stop, first=first)
        start, first = stop, False


def _unbroken_words(text: str, start: int, end: int) -> set[str]:
    """Hyphenated words and words that a line's end could have broken, as they stand whole."""
    found = {w.lower() for w in _UNBROKEN.findall(text[start:end])}
    for half in re.findall(r"(?:^|[^\w-])([\w-]+)[-‐][ \t]*[\r\n]", text[start:end]):
        found.discard(half.lower())
    return found


def _mend(text: str, drafts: list[Draft], seen: set[str]) -> tuple[list[Draft], list[Draft]]:
    """Join blocks that one sentence runs through; what stood between becomes an aside."""
    kept: list[Draft] = []
    asides: list[Draft] = []
    number = 0
    while number < len(drafts):
        draft = drafts[number]
        number += 1
        while is_open(draft):
            following = _continuation(draft, drafts, number)
            if following is None:
                break
            asides.extend(drafts[number:following])
            draft = _merge(text, draft, drafts[following], seen)
            number = following + 1
        kept.append(draft)
    return kept, asides


def _continuation(draft: Draft, drafts: list[Draft], number: int) -> int | None:
    if draft.words < 3 and not draft.wrapped:
        return None
    for ahead in range(number, min(number + _LOOK_AHEAD, len(drafts))):
        candidate = drafts[ahead]
        if candidate.kind is BlockKind.BODY:
            goes_on = starts_low(candidate.text) or (draft.words >= 6 and ends_open(draft.text))
            return ahead if goes_on else None
        if candidate.kind not in _SKIPPED:
            return None
    return None


def _merge(text: str, left: Draft, right: Draft, seen: set[str]) -> Draft:
    last, first = joint(text, left.pieces[-1], right.pieces[0], seen=seen)
    pieces = [*left.pieces[:-1], last, first, *right.pieces[1:]]
    return Draft(pieces, "".join(p.before + text[p.begin : p.end] for p in pieces), wrapped=True)


def _emit(
    text: str, drafts: list[Draft], asides: list[Draft], stop: int, *, restore: bool
) -> Cleaned:
    parts: list[str] = []
    maps: list[NDArray[np.int64]] = []
    blocks: list[Block] = []
    restored: list[int] = []
    at, last = 0, drafts[0].pieces[0].begin if drafts else stop
    for number, draft in enumerate(drafts):
        shown, where = _plain(text, draft, last)
        if not shown.strip():
            continue
        begins = draft.pieces[0].begin
        if blocks:
            parts.append("\n\n")
            following = max(last, min(last + 1, begins))
            maps.append(np.array([last, following], dtype=np.int64))
            at += 2
        if number == 0 and restore and (capital := _lost_capital(draft)):
            shown = capital + shown
            where = [np.array([begins], dtype=np.int64), *where]
            restored.append(at)
        parts.append(shown)
        maps.extend(where)
        blocks.append(Block(begin=at, end=at + len(shown), kind=draft.kind))
        at += len(shown)
        last = draft.pieces[-1].end
    maps.append(np.full(1, last, dtype=np.int64))
    return Cleaned(
        text="".join(parts),
        offsets=np.concatenate(maps),
        blocks=tuple(blocks),
        asides=tuple(
            Aside(begin=d.pieces[0].begin, end=d.pieces[-1].end, kind=d.kind, text=d.text)
            for d in asides
        ),
        restored=tuple(restored),
    )


def _plain(text: str, draft: Draft, last: int) -> tuple[str, list[NDArray[np.int64]]]:
    """A block without its oddities: ligatures opened, invisible characters dropped.

    `last` is where the block before it ended.
    """
    parts: list[str] = []
    maps: list[NDArray[np.int64]] = []

    def add(shown: str, where: NDArray[np.int64]) -> None:
        parts.append(shown)
        maps.append(where)

    for piece in draft.pieces:
        if piece.before:
            add(piece.before, np.full(len(piece.before), last, dtype=np.int64))
        at = piece.begin
        for begin, end, shown, there in _oddities(text, piece):
            if begin > at:
                add(text[at:begin], np.arange(at, begin, dtype=np.int64))
            if shown:
                add(shown, np.full(len(shown), there, dtype=np.int64))
            at = end
        if at < piece.end:
            add(text[at : piece.end], np.arange(at, piece.end, dtype=np.int64))
        last = piece.end
    return "".join(parts), maps


def _oddities(text: str, piece: Piece) -> Iterator[tuple[int, int, str, int]]:
    raw = text[piece.begin : piece.end]
    links = list(_LINK.finditer(raw)) if "](" in raw else []
    found: list[tuple[int, int, str, int]] = []
    for link in links:
        found.append((link.start(), link.start(1), "", link.start()))
        found.append((link.end(1), link.end(), "", link.end(1)))
    for match in _ODD.finditer(raw):
        if any(link.end(1) <= match.start() < link.end() for link in links):
            continue
        found.append((match.start(), match.end(), _replacement(match[0]), match.start()))
    for begin, end, shown, where in sorted(found):
        yield piece.begin + begin, piece.begin + end, shown, piece.begin + where


def _replacement(odd: str) -> str:
    if not odd or any(c.isspace() for c in odd):
        return " "  # also where a sentence runs into the next: "in 2022.Recaptured"
    if odd in _LATIN:
        return _LATIN[odd]  # a Cyrillic letter that looks like the Latin one it stands for
    if odd in "\u2010\u2011":
        return "-"
    shown = unicodedata.normalize("NFKC", odd)
    if shown == odd or not shown.strip():
        return ""
    return shown


def _lost_capital(draft: Draft) -> str:
    """The first letter a text has lost with its drop capital, where only one can be meant."""
    match = _FIRST_WORDS.match(draft.text)
    if draft.kind is not BlockKind.BODY or not match:
        return ""
    word, after = match[1], match[2].lower()
    if word in _LOST:
        if word == "here":
            return "T" if after in _AFTER_HERE else ""
        if word == "he":
            return "T" if not after.endswith(("ed", "s")) and after[0].isalpha() else ""
        return "T" if word not in ("hat", "his") else ""
    if is_word(word):
        return ""
    fits = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if is_word(c + word)]
    return fits[0] if len(fits) == 1 else ""
