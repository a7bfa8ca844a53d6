"""Plain text: which encoding its bytes are in, and the front matter above it.

The rule: never a silent replacement. Bytes that are not UTF-8 are read in the encoding they fit
best, and a warning names it; bytes that fit none are refused.
"""

import codecs
import logging
import re
from pathlib import Path
from typing import Any

import yaml
from charset_normalizer import from_bytes

from marchland.errors import BadInput
from marchland.reading.calendar_words import read_day
from marchland.reading.formats.extracted import Extracted

_log = logging.getLogger(__name__)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CANDIDATES = [
    "cp1252",
    "cp1256",
    "cp1251",
    "cp1250",
    "cp1253",
    "cp1254",
    "cp1255",
    "koi8_r",
    "iso8859_6",
    "gb18030",
    "shift_jis",
    "euc_kr",
]
_SAMPLE = 1 << 16
_CONTROLS = bytes([*range(9), *range(14, 27), *range(28, 32)])
_PUNCTUATION_1252 = frozenset(
    b"\x80\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b\xa0\xa3\xab\xb0\xb7\xbb"
)
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(.*?)(?:^|\n)---[ \t]*(?:\r?\n|$)", re.DOTALL)
_NO_VALUE = ("", "~", "null", "none", "None", "unknown")
_KEYS = frozenset(("title", "source", "date", "url", "rests_on"))


def read_plain(content: bytes, path: Path) -> Extracted:
    """Text or Markdown, with the front matter that may stand above it.

    Raises
    ------
    BadInput
        If the bytes are no text, or the front matter can't be read.
    """
    return read_front_matter(decode(content, path), path)


def decode(content: bytes, path: Path) -> str:
    """The text that bytes stand for.

    Raises
    ------
    BadInput
        If they are binary or fit no known encoding.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _strictly(content, encoding, path)
    if wide := _utf16_without_mark(content):
        return _strictly(content, wide, path)
    if _is_binary(content):
        raise BadInput(
            "is not text but binary data. Give a txt, html, pdf or docx file.", path=path
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(content, path, error)


def read_front_matter(text: str, path: Path) -> Extracted:
    """Take the YAML between two ``---`` lines at the top as what the file says of itself.

    Raises
    ------
    BadInput
        If it is no mapping of keys to values, or its date is none.
    """
    found = _FRONT.match(text)
    if not found:
        return Extracted(text=text)
    try:
        # The base loader leaves values strings, so a day that does not exist is named as such.
        head: Any = yaml.load(found[1], Loader=yaml.BaseLoader) or {}
    except (yaml.YAMLError, ValueError) as error:
        why = str(error).splitlines()[0]
        raise BadInput(f"its front matter is not YAML ({why}). Mend it.", path=path) from None
    if not isinstance(head, dict):
        if not any(f"{key}:" in found[1] for key in _KEYS):
            return Extracted(text=text)
        raise BadInput("its front matter must be 'key: value' lines.", path=path)
    if unknown := sorted(str(key) for key in head if key not in _KEYS):
        _log.warning("%s: unknown front matter left aside: %s", path, ", ".join(unknown))
    try:
        published = read_day(head["date"]) if head.get("date", "") not in _NO_VALUE else None
    except BadInput as error:
        row = 2 + found[1][: max(found[1].find("date"), 0)].count("\n")
        raise BadInput(error.message, path=path, row=row) from None

    def word(key: str) -> str | None:
        value = head.get(key) or ""
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        return None if shown.strip() in _NO_VALUE else shown.strip()

    return Extracted(
        text=text,
        body=found.end(),
        title=word("title"),
        source=word("source"),
        published=published,
        date_from="front matter" if published else "none",
        url=word("url"),
        rests_on=word("rests_on"),
    )


def _strictly(content: bytes, encoding: str, path: Path) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"says it is {encoding} but is not from byte {error.start} on; it may be cut short. "
            "Save it again as UTF-8.",
            path=path,
        ) from None


def _utf16_without_mark(content: bytes) -> str | None:
    head = content[: min(len(content), 4096) // 2 * 2]
    if len(head) < 8:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _is_binary(content: bytes) -> bool:
    head = content[:_SAMPLE]
    return len(head) - len(head.translate(None, _CONTROLS)) > 0.05 * len(head)


def _not_utf8(content: bytes, path: Path, error: UnicodeDecodeError) -> str:
    if len(content) - error.start < 4 and error.reason == "unexpected end of data":
        _log.warning("%s: cut short in mid-character; its last bytes are left out", path)
        return content[: error.start].decode("utf-8")
    high = content.translate(None, bytes(range(128)))
    if set(high) <= _PUNCTUATION_1252:
        encoding = "cp1252"
    else:
        mended = content.decode("utf-8", errors="replace")
        broken = mended.count("\ufffd")
        if broken * 20 < len(high) and broken * 1000 < len(mended):
            _log.warning("%s: %d characters are no UTF-8 and read as \ufffd", path, broken)
            return mended
        start = max(0, error.start - _SAMPLE // 2)
        best = from_bytes(content[start : start + _SAMPLE], cp_isolation=_CANDIDATES).best()
        if best is None:
            raise BadInput("is in no known encoding. Save it again as UTF-8.", path=path)
        encoding = best.encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput(
            f"is not UTF-8, and not {encoding} throughout. Save it again as UTF-8.", path=path
        ) from None
    _log.warning("%s: not UTF-8; read as %s", path, encoding)
    return text
