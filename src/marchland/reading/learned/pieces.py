"""Words to word pieces, as the encoder was trained on them.

The scheme is WordPiece over lower case without accents (Devlin et al. 2019): a word falls apart at
its punctuation, and each part into the longest pieces that the list has.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

ENDS = (101, 102)
"""Ids of the marks before and behind a text."""
UNKNOWN = 100
_LONGEST = 100


class WordPieces:
    """A list of word pieces.

    Parameters
    ----------
    ids
        Pieces and their ids; one that goes on a word begins with ``##``.
    """

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = dict(ids)
        self._known: dict[str, list[int]] = {}

    @classmethod
    def load(cls, path: Path) -> "WordPieces":
        """From a file with a piece a line, in the order of their ids."""
        lines = path.read_text(encoding="utf-8").splitlines()
        return cls({piece: i for i, piece in enumerate(lines)})

    def __call__(self, words: Sequence[str]) -> list[list[int]]:
        """The ids of each word's pieces; a word of none is unknown."""
        return [self._of(word) for word in words]

    def _of(self, word: str) -> list[int]:
        found = self._known.get(word)
        if found is None:
            found = [i for part in _parts(word) for i in self._split(part)] or [UNKNOWN]
            self._known[word] = found
        return found

    def _split(self, part: str) -> list[int]:
        if len(part) > _LONGEST:
            return [UNKNOWN]
        found: list[int] = []
        start = 0
        while start < len(part):
            mark = "##" if start else ""
            for end in range(len(part), start, -1):
                piece = self._ids.get(mark + part[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return [UNKNOWN]
        return found


def _parts(word: str) -> list[str]:
    """A word in lower case without accents, apart at spaces, punctuation and ideographs."""
    plain = unicodedata.normalize("NFD", word).lower()
    spaced = []
    for c in plain:
        kind = unicodedata.category(c)
        if kind == "Mn" or c in "\0\ufffd" or (kind.startswith("C") and c not in "\t\n\r"):
            continue
        alone = kind.startswith("P") or (c.isascii() and not c.isalnum()) or _ideograph(c)
        spaced.append(f" {c} " if alone else c)
    return "".join(spaced).split()


def _ideograph(c: str) -> bool:
    return "\u4e00" <= c <= "\u9fff" or "\u3400" <= c <= "\u4dbf" or "\uf900" <= c <= "\ufaff"
