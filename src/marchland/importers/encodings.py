"""Which encoding a table's file is in: what it says itself, else UTF-8, else a guess that is told.

A guess is made only among the code pages that tables of the region come in (Arabic, Cyrillic,
Turkish, Hebrew and western ones), from the lines that are not plain ASCII.
"""

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from marchland.errors import BadInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSES = ["cp1256", "cp1252", "cp1251", "cp1254", "cp1255", "latin_1"]
_PIECE = 1 << 20
_ENOUGH = 1 << 16


def encoding_of(path: Path, head: bytes) -> tuple[str, str | None]:
    """The encoding of a text file.

    Parameters
    ----------
    head
        Its first bytes, some thousands where there are as many.

    Returns
    -------
        Its name for `open`, and a warning where it was guessed.

    Raises
    ------
    BadInput
        If it is no text.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, None
    if head.count(0) > 0.1 * len(head) or (b"\x00" in head and not _decodes(path, "utf-8")):
        return _without_mark(path, head), None
    if _decodes(path, "utf-8"):
        return "utf-8", None
    matches = from_bytes(_telling_lines(path), cp_isolation=_GUESSES, enable_fallback=False)
    for name in [*(m.encoding for m in matches), "latin_1"]:
        if _decodes(path, name):
            return name, (
                f"{path}: not in UTF-8; read as {name}, which is a guess. Save it as UTF-8 if "
                "names come out wrong"
            )
    raise BadInput("its encoding can't be told. Save it as UTF-8", path=path)


def _without_mark(path: Path, head: bytes) -> str:
    """UTF-16 without its mark has a zero in nearly every other byte of plain text."""
    low, high = head[1::2].count(0), head[0::2].count(0)
    name = "utf-16-le" if low > high else "utf-16-be"
    if max(low, high) > 0.3 * len(head) / 2 and _decodes(path, name):
        return name
    raise BadInput("it is a binary file, not a table. Save it as CSV, in UTF-8", path=path)


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _telling_lines(path: Path) -> bytes:
    """Lines that are not plain ASCII, as many as a guess needs."""
    found, size = [], 0
    with path.open("rb") as file:
        while size < _ENOUGH and (line := file.readline(_ENOUGH)):
            if not line.isascii():
                found.append(line)
                size += len(line)
    return b"".join(found)
