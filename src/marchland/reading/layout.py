"""From lines to blocks: which line breaks are the page's and which the writer's.

A break is the page's when the next word would not have fitted on the line, when the line leaves a
trailing space as column extractors do, or when the sentence plainly goes on; else it is the
writer's and starts a block. Every block gets a kind, so that what is not running text (headings,
captions, credits, bylines, repeated pull quotes, page furniture) can be told apart. Nothing is
moved or lost here; a block is a list of stretches of the original with what joins them.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from marchland.reading.lexicon import is_word, keeps_hyphen


class BlockKind(StrEnum):
    """What a block of text is."""

    BODY = "body"
    HEADING = "heading"
    CAPTION = "caption"
    PULL_QUOTE = "pull_quote"
    BYLINE = "byline"
    CREDIT = "credit"
    FURNITURE = "furniture"


@dataclass(slots=True)
class Line:
    """One line of the original: where its text stands and what surrounds it."""

    begin: int
    end: int
    trailing: bool
    gap: bool
    """Whether a blank line or a page break stands before it."""


@dataclass(slots=True)
class Piece:
    """A stretch of the original and what is put before it."""

    begin: int
    end: int
    before: str


@dataclass(slots=True)
class Draft:
    """A block in the making."""

    pieces: list[Piece]
    text: str
    kind: BlockKind = BlockKind.BODY
    wrapped: bool = False
    """Whether it stood on several lines."""
    trails: bool = False
    """Whether it ends as a line does that the next one goes on from."""
    marked: bool = False
    """Whether its kind was said by a mark, such as ``#``, rather than guessed."""
    words: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.words = self.text.count(" ") + 1


HYPHENS = "-\u2010\u00ad\u0002\ufffe"
_LINE = re.compile(r"[^\n\r\f\v\x85\u2028\u2029]+|\n|\r\n?|[\f\v\x85\u2028\u2029]")
_BLANK = (
    " \t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_INVISIBLE = "\u200b\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_EDGE = _BLANK + _INVISIBLE + "".join(map(chr, (*range(2), *range(3, 9), *range(14, 32), 127)))
_TERMINAL = re.compile(r"[.!?…؟۔:][\"'”’»)\]]*$|[.!?…][”\"’'][\])]*$")
_HALF = re.compile(rf"(?:^|[^\w])(\w+)[{HYPHENS}]$")
_FIRST_WORD = re.compile(r"\w+")
_GLUED = re.compile(
    r"(?:(?<=[a-zà-öø-ÿ]{3})|(?<=\b(?:19|20)\d\d)|(?<=[a-z\d]\)))"
    r"([A-Z](?:[a-z]+(?:ed|ly|ing)|ee|(?:ec)?apture|ontrol))\b(?=[\s,])"
)
_NOTE = re.compile(r"(?:[A-Z][a-z]+ly [a-z]|[A-Z])[a-z]+ed by\b")
_STARTS_LOW = re.compile(r"^[\"'“‘«(\[]*[a-zà-öø-ÿ]")
_URL_TAIL = re.compile(r"^(?:com|org|net|info|gov|edu|mil|tv|news|co|eu|uk|fr|de|ru|iq|sy|ir)\b")
_URL_HEAD = re.compile(r"\w{4,}\.$")
_BULLET = re.compile(r"^(?:[•▪■●◦‣·*]|[-–—](?=\s)|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s)")
_MARKDOWN = re.compile(r"^#{1,6}\s+|^>\s+")
_LABEL = re.compile(
    r"^(?:view\s?point|opinion|analysis|comment(?:ary)?|editorial|news|feature|briefing|"
    r"exclusive|in brief|read more|related|key points?|background|summary|world|middle east|"
    r"(?:special )?report)$",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^(?:[Bb]y|BY|Written by|Reported by)\s+[A-Z][\w.’'-]*(?:\s+[\w.’'&,-]+){0,9}$"
)
_AGENCY = (
    r"(?:Reuters|AP|AFP|EPA|UPI|DPA|dpa|ANSA|Xinhua|Getty(?: Images)?|Anadolu|SANA|TASS|"
    r"Associated Press|Shutterstock|"
    r"(?:REUTERS|AP Photo|AFP Photo|Photo|Image|Courtesy)\b[^()]{0,60})"
)
_CREDIT = re.compile(
    rf"^(?:\(?{_AGENCY}\)?|(?:photo|image|picture|credit|photograph|source|copyright|©|\(c\))\b\s*"
    r"[:/©]?.{0,80}|©.{0,80}|\(?(?:Additional )?(?:Reporting|Editing|Writing) by .{3,200})$",
    re.IGNORECASE,
)
_CAPTION_CREDIT = re.compile(rf"\s{{3,}}\(({_AGENCY}|[A-Z][\w ./&’'-]{{1,40}})\)\s*$")
_ENDS_CREDIT = re.compile(rf"\(({_AGENCY})\)\s*$")
_CAPTION_START = re.compile(
    r"^(?:FILE(?: PHOTO)?\b|PHOTO\b|File photo|Caption:|Image caption|"
    r"In this (?:file )?(?:photo|image|picture)|Pictured[:,])"
)
_CAPTION_CUE = re.compile(
    r"\b(?:is|are) (?:seen|pictured|shown)\b|\bpictured\b|\bfile photo\b|"
    r"\b(?:gestures?|poses?|stands?|walks?|attends?|speaks?|shakes? hands|rides?) "
)
_FURNITURE = re.compile(
    r"^(?:[-–—]?\s*\d{1,4}\s*[-–—]?|(?:page|p\.)\s*\d+(?:\s*(?:of|/)\s*\d+)?|\d+\s*(?:of|/)\s*\d+)$",
    re.IGNORECASE,
)
_OPEN_ENDS = """
    a an the of to in on at by for from with and or but nor as than that which who whose its their
    his her our my your this these those into onto upon over under between among against towards
    toward through during including is are was were be been has have had will would could should
    may might must not no president minister general prime mr mrs ms dr
"""
_HOSTS = 12
OPEN_ENDS = frozenset(_OPEN_ENDS.split())


def lines_of(text: str, start: int, end: int) -> list[Line]:
    """The lines that hold something, without their edges."""
    found: list[Line] = []
    breaks = 2
    for match in _LINE.finditer(text, start, end):
        first = match[0][0]
        if first == "\f":
            breaks = 2
        elif first in "\n\r\v\x85\u2028":
            breaks += 1
        elif first == "\u2029":
            breaks = 2
        else:
            raw = match[0]
            body = raw.rstrip(_EDGE)
            lead = len(body) - len(body.lstrip(_EDGE))
            if lead == len(body):
                continue
            begin = match.start()
            trailing = len(raw) > len(body)
            at, gap = begin + lead, breaks > 1
            for cut in _lost_breaks(body[lead:]):
                found.append(Line(at, begin + lead + cut, False, gap))
                at, gap = begin + lead + cut, True
            found.append(Line(at, begin + len(body), trailing, gap))
            breaks = 0
    return found


def _lost_breaks(line: str) -> Iterator[int]:
    """Where an extractor dropped a line break: "Battle of KonotopCaptured on 2 March".

    A year, a bracket or a word in small letters runs into a word that opens a note. What only looks
    so ("BuzzFeed", "LinkedIn") has no participle, adverb, "See" or "Capture" in its second half.
    """
    for match in _GLUED.finditer(line):
        word = match[1]
        if word == "See" or (len(word) > 5 and is_word(word)):
            yield match.start(1)


def drafts_of(text: str, lines: Sequence[Line], *, seen: Set[str]) -> list[Draft]:
    """The blocks of a text, in order, each with a kind."""
    column_mode = _leaves_trailing_spaces(text, lines)
    drafts: list[Draft] = []
    for run in _runs(lines):
        for group in _groups(text, run, column_mode=column_mode):
            drafts.extend(_draft(text, group, seen=seen, column_mode=column_mode))
    _tell_kinds(drafts)
    _mark_pull_quotes(drafts)
    return drafts


def is_open(draft: Draft) -> bool:
    """Whether a block stops in mid-sentence."""
    return draft.kind is BlockKind.BODY and not _TERMINAL.search(draft.text)


def starts_low(text: str) -> bool:
    """Whether a text begins in lower case, as the rest of a sentence does."""
    return bool(_STARTS_LOW.match(text))


def ends_open(text: str) -> bool:
    """Whether the last word is one no sentence ends with, or a comma stands last."""
    last = text.rsplit(None, 1)[-1].lower()
    return last.endswith(",") or last in OPEN_ENDS


def joint(text: str, left: Piece, right: Piece, *, seen: Set[str]) -> tuple[Piece, Piece]:
    """Two stretches with what belongs between them: a space, a hyphen, nothing."""
    if right.begin >= right.end or left.begin >= left.end:
        return left, right
    stop = text[left.end - 1]
    nxt = text[right.begin]
    if stop in HYPHENS and (nxt.isalnum()):
        half = _HALF.search(text[max(left.begin, left.end - 40) : left.end])
        tail = _FIRST_WORD.match(text, right.begin, right.end)
        if half and tail:
            if stop == "\u00ad":
                keep = False
            elif half[1].isdigit() or tail[0][0].isdigit():
                keep = True
            else:
                keep = keeps_hyphen(half[1], tail[0], seen=seen)
            if keep:
                return left, Piece(right.begin, right.end, "")
            return Piece(left.begin, left.end - 1, left.before), Piece(right.begin, right.end, "")
    ahead = text[right.begin : right.begin + 12]
    if stop == "." and _URL_TAIL.match(ahead) and _URL_HEAD.search(text[left.begin : left.end]):
        return left, Piece(right.begin, right.end, "")
    if stop in "/" and text[max(left.begin, left.end - 60) : left.end].rfind("http") >= 0:
        return left, Piece(right.begin, right.end, "")
    return left, Piece(right.begin, right.end, " ")


def _leaves_trailing_spaces(text: str, lines: Sequence[Line]) -> bool:
    inner = [a for a, b in pairwise(lines) if not b.gap]
    whole = [line for line in inner if text[line.end - 1] not in HYPHENS]
    return len(whole) >= 4 and sum(line.trailing for line in whole) > 0.5 * len(whole)


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if line.gap and run:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _groups(text: str, run: Sequence[Line], *, column_mode: bool) -> Iterator[list[Line]]:
    width = max(line.end - line.begin for line in run)
    group = [run[0]]
    for line, following in pairwise(run):
        if _breaks(text, line, following, width, column_mode=column_mode):
            yield group
            group = []
        group.append(following)
    yield group


def _breaks(text: str, line: Line, following: Line, width: int, *, column_mode: bool) -> bool:
    """Whether the writer ended a block after `line`."""
    this, nxt = text[line.begin : line.end], text[following.begin : following.end]
    if _alone(this) or _alone(nxt):
        return True
    if _BULLET.match(nxt):
        return True
    if is_drop_cap(this, nxt) or (this[-1] in HYPHENS and nxt[0].isalpha()):
        return False
    low = starts_low(nxt)
    if _URL_HEAD.search(this) and _URL_TAIL.match(nxt):
        return False
    if column_mode:
        return not line.trailing and not (low and len(this) <= width * 0.9)
    if low and not _TERMINAL.search(this):
        return False
    if _NOTE.match(nxt) and not ends_open(this):
        return True
    if width > 240:
        return True
    first = nxt.split(None, 1)[0]
    if len(this) + 1 + len(first) > 0.85 * width:
        return False
    return bool(_TERMINAL.search(this)) or not ends_open(this)


def _alone(line: str) -> bool:
    """Whether a line is a block by itself whatever stands around it."""
    return bool(
        _MARKDOWN.match(line)
        or _CAPTION_CREDIT.search(line)
        or _FURNITURE.match(line)
        or _LABEL.match(line)
    )


def is_drop_cap(line: str, following: str) -> bool:
    """Whether `line` is a big first letter cut off the word that `following` goes on with."""
    return (
        len(line) == 1
        and line.isalpha()
        and line.isupper()
        and following[:1].islower()
        and (is_word(line + following.split(None, 1)[0].strip(".,;:’'\"”)")) or len(following) > 1)
    )


def _draft(
    text: str, group: Sequence[Line], *, seen: Set[str], column_mode: bool
) -> Iterator[Draft]:
    pieces = [Piece(group[0].begin, group[0].end, "")]
    for line in group[1:]:
        right = Piece(line.begin, line.end, " ")
        left = pieces[-1]
        if (
            is_drop_cap(text[left.begin : left.end], text[line.begin : line.end])
            and len(pieces) == 1
        ):
            right.before = ""
        else:
            pieces[-1], right = joint(text, left, right, seen=seen)
        pieces.append(right)
    whole = len(group) > 1
    if len(pieces) == 1:
        only = pieces[0]
        raw = text[only.begin : only.end]
        if mark := _MARKDOWN.match(raw):
            kind = BlockKind.HEADING if raw[0] == "#" else BlockKind.BODY
            only.begin += mark.end()
            yield Draft([only], text[only.begin : only.end], kind, marked=True)
            return
        if credit := _CAPTION_CREDIT.search(raw):
            caption = Piece(only.begin, only.begin + credit.start(), "")
            if caption.end > caption.begin:
                shown = text[caption.begin : caption.end]
                yield Draft([caption], shown, BlockKind.CAPTION, marked=True)
            inside = Piece(only.begin + credit.start(1) - 1, only.begin + credit.end(1) + 1, "")
            yield Draft([inside], text[inside.begin : inside.end], BlockKind.CREDIT, marked=True)
            return
    joined = "".join(p.before + text[p.begin : p.end] for p in pieces)
    trails = column_mode and group[-1].trailing
    yield Draft(pieces, joined, wrapped=whole, trails=trails)


def _tell_kinds(drafts: Sequence[Draft]) -> None:
    repeated = Counter(d.text for d in drafts if d.words <= 12 and not _TERMINAL.search(d.text))
    for number, draft in enumerate(drafts):
        if draft.marked:
            continue
        text = draft.text
        if _FURNITURE.match(text) or (
            len(drafts) > 20 and repeated[text] >= 4 and draft.words <= 12
        ):
            draft.kind = BlockKind.FURNITURE
        elif _LABEL.match(text):
            draft.kind = BlockKind.HEADING
        elif draft.words <= 14 and _BYLINE.match(text):
            draft.kind = BlockKind.BYLINE
        elif draft.words <= 40 and _CREDIT.match(text):
            draft.kind = BlockKind.CREDIT
        elif _is_caption(text, draft.words):
            draft.kind = BlockKind.CAPTION
        elif _is_heading(draft, last=number + 1 == len(drafts)):
            draft.kind = BlockKind.HEADING


def _is_caption(text: str, words: int) -> bool:
    if words > 60:
        return False
    if _CAPTION_START.match(text):
        return True
    return words <= 45 and bool(_ENDS_CREDIT.search(text) and _CAPTION_CUE.search(text))


def _is_heading(draft: Draft, *, last: bool) -> bool:
    text = draft.text
    if last or draft.trails or draft.words > 16 or len(text) > 130 or _TERMINAL.search(text):
        return bool(not last and draft.words <= 12 and text.endswith("?") and not draft.wrapped)
    first = text.lstrip("\"'“‘«([")[:1]
    return bool(
        (first.isupper() or first.isdigit())
        and not ends_open(text)
        and text[-1] not in ",;" + HYPHENS
        and not _BULLET.match(text)
    )


def _mark_pull_quotes(drafts: Sequence[Draft], *, window: int = 400) -> None:
    """Mark short blocks whose words stand, in the same order, in a longer block.

    A pull quote drops words ("however,"), so runs of three words are compared: three fifths of
    them must stand elsewhere. Looks no further than `window` blocks, about an article.
    """
    for first in range(0, len(drafts), window):
        part = drafts[first : first + window]
        shingles = [_shingles(d.text) if d.kind is BlockKind.BODY else [] for d in part]
        short = {n for n, d in enumerate(part) if 6 <= d.words <= 60 and len(shingles[n]) >= 4}
        wanted = {s for n in short for s in shingles[n]}
        standing: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
        for number, listed in enumerate(shingles):
            for shingle in listed:
                # A few hosts tell as much as all; text that repeats itself throughout has too many.
                if shingle in wanted and len(standing[shingle]) < _HOSTS:
                    standing[shingle].add(number)
        for number in sorted(short):
            hosts = Counter(n for s in set(shingles[number]) for n in standing[s] if n != number)
            needed = 0.6 * len(set(shingles[number]))
            for host, shared in hosts.items():
                bigger = part[host].words - part[number].words
                if shared >= needed and (bigger > 0 or (bigger == 0 and host < number)):
                    part[number].kind = BlockKind.PULL_QUOTE
                    break


def _shingles(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return list(zip(words, words[1:], words[2:], strict=False))
