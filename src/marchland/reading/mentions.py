"""Names in a text: the longest match over the vocabulary, whole words only.

A name is looked up by its folded key, so that spellings and articles make no difference. Case
does: a capitalised name is not found in a common word ("hit" is not Hit), and a short acronym only
where it stands in capitals ("IS", "US"). One stretch can name an actor, a place or both; which is
meant is decided by where it stands, later.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from marchland.reading.tree import Tree
from marchland.vocabulary import Name, fold

_UNIT = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’‘`ʼʿʾ][^\W_]+)*")
_GAP = re.compile(r"[\s\u00a0'’‘`-]{0,3}|\.\s")
_ARTICLES = frozenset(
    {
        "al",
        "el",
        "ul",
        "the",
        "ad",
        "ar",
        "as",
        "ash",
        "at",
        "az",
        "an",
        "ed",
        "er",
        "es",
        "esh",
        "et",
        "ez",
    }
)
_LONGEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of text that a name of the vocabulary matches.

    Parameters
    ----------
    first, last
        Its tokens, both included.
    actors, places
        Ids of what it can mean.
    role
        ``name``, or for a state ``demonym`` ("Syrian") or ``capital`` (a seat of government).
    """

    first: int
    last: int
    text: str
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    role: str = "name"

    @property
    def names_place(self) -> bool:
        """Whether it can mean a place: a seat of government always can."""
        return bool(self.places) or self.role == "capital"


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text, by character offsets."""

    begin: int
    end: int
    actors: tuple[str, ...]
    places: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class _Entry:
    what: str
    id: str
    role: str
    acronym: bool
    lower: bool
    low_start: bool


class NameMatcher:
    """Finds the vocabulary's names in running text.

    Parameters
    ----------
    names
        Every name with its key and what it names.
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._entries: dict[str, list[_Entry]] = {}
        self._longest: dict[str, int] = {}
        for name in names:
            key = name.key
            if len(key) < 2 or not any(c.isalpha() for c in key):
                continue
            words = key.split(" ")
            if len(words) > _LONGEST:
                continue
            letters = [c for c in name.text if c.isalpha()]
            entry = _Entry(
                name.what,
                name.id,
                name.role,
                len(letters) <= 5 and all(c.isupper() for c in letters),
                name.text == name.text.lower() and name.text.isascii(),
                name.text[:1].islower(),
            )
            held = self._entries.setdefault(key, [])
            if entry not in held:
                held.append(entry)
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def find(self, text: str) -> list[Match]:
        """Names in a text, in order, none overlapping."""
        units = [m.span() for m in _UNIT.finditer(text)]
        keys = [_key(text[a:b]) for a, b in units]
        found: list[Match] = []
        i = 0
        while i < len(units):
            hit = self._match(text, units, keys, i)
            if hit is None:
                i += 1
                continue
            last, match = hit
            found.append(match)
            i = last + 1
        return found

    def _match(
        self, text: str, units: list[tuple[int, int]], keys: list[str], i: int
    ) -> tuple[int, Match] | None:
        start = i
        if keys[i] in _ARTICLES and i + 1 < len(keys):
            if keys[i] == "the" or text[units[i][1]] not in "- ":
                return None
            start = i + 1
        longest = self._longest.get(keys[start].split(" ")[0], 0)
        if not longest:
            return None
        reach = start
        while (
            reach + 1 < len(units)
            and reach - start < longest + 2
            and _joined(text, units[reach], units[reach + 1])
        ):
            reach += 1
        for last in range(reach, start - 1, -1):
            begin, end = units[i][0], units[last][1]
            entries = self._entries.get(_key(text[begin:end]))
            if not entries:
                continue
            if text[end - 2 : end] in ("'s", "’s"):
                end -= 2
            fitting = [e for e in entries if _case_fits(text[begin:end], e)]
            if fitting:
                actors = [e for e in fitting if e.what == "actor"]
                actors.sort(key=lambda e: e.role != "name")
                return last, Match(
                    begin,
                    end,
                    tuple(dict.fromkeys(e.id for e in actors)),
                    tuple(dict.fromkeys(e.id for e in fitting if e.what == "place")),
                    actors[0].role if actors else "name",
                )
        return None


def _joined(text: str, a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two words can be of one name: a full stop only after an abbreviation."""
    if not _GAP.fullmatch(text, a[1], b[0]):
        return False
    return text[a[1]] != "." or a[1] - a[0] <= 3


def _key(text: str) -> str:
    """The folded key; a plural acronym ("PMUs") has that of its singular."""
    if text[-1] == "s" and len(text) > 2 and text[:-1].isupper() and text[:-1].isalpha():
        return fold(text[:-1])
    return fold(text)


def _case_fits(text: str, entry: _Entry) -> bool:
    letters = [c for c in text if c.isalpha()]
    if not letters or not letters[0].isascii():
        return True
    if entry.acronym:
        return all(c.isupper() for c in letters if c != "s") and letters[0].isupper()
    if entry.lower:
        return True
    words: list[str] = re.findall(r"[^\W_]+", text)
    main = [w for w in words if w.lower() not in _ARTICLES] or words
    return main[0][0].isupper() or (entry.low_start and any(w[0].isupper() for w in main))


def find_mentions(tree: Tree, matcher: NameMatcher) -> list[Mention]:
    """The vocabulary's names in a parsed paragraph.

    A capitalised word that the parser takes for a verb or the like at the start of a sentence
    ("Hit by shells") names nothing.
    """
    found = []
    token, n = 0, len(tree)
    for match in matcher.find(tree.text):
        begin, end = match.begin, match.end
        while token < n and tree.ends[token] <= begin:
            token += 1
        first = token
        last = first
        while last + 1 < n and tree.begins[last + 1] < end:
            last += 1
        if first >= n:
            break
        if first == last and tree.pos[first] in ("VERB", "AUX", "ADV", "ADP", "PRON", "DET"):
            starts = tree.begins[first] == 0 or any(first == a for a, _ in tree.sentences)
            if starts or tree.words[first].islower():
                continue
        found.append(
            Mention(
                first=first,
                last=last,
                text=tree.text[begin:end],
                actors=match.actors,
                places=match.places,
                role=match.role,
            )
        )
    return found
