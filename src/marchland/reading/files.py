"""Files to documents: what a report says, who printed it, and when.

The format is told by what the bytes are, then by the suffix. What the caller says about a report
wins over what the file says of itself, and that over what is guessed from a dateline; `Document`
records which one the date came from. A file that can't be read raises `BadInput`, which names the
file and what to do; nothing is skipped in silence.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from marchland.claims import Report, Source
from marchland.errors import BadInput
from marchland.reading.calendar_words import FULL_DAY, full_day
from marchland.reading.formats.extracted import Extracted
from marchland.reading.formats.pdf import read_pdf
from marchland.reading.formats.plain import read_plain
from marchland.reading.formats.records import read_record, rows_of
from marchland.reading.formats.web import read_web
from marchland.reading.formats.word import read_word

MAX_BYTES = 512 * 2**20
"""The largest file read unless told otherwise, in bytes."""

UNKNOWN_SOURCE = Source(id="unknown", name="Unknown source")

_SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".markdown": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}
_ANNOTATIONS = (".ann", "annotations.jsonl")
_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a sound, film or picture"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0", "an old or locked Office file; save it as docx without a password"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I
)
_HEADER = re.compile(
    rf"[\s\ufeff]*(?:date|dated|published(?: on)?)\s*[:=]?\s*({FULL_DAY})\b[ \t]*[.;|]?\s*",
    re.IGNORECASE,
)
_HEADLINE = re.compile(r"\s*[^\n]{1,150}[^\n.,;:]\n\s*\n\s*")
_AGENCY = r"\(([A-Z][\w .&’'-]{1,40})\)"
_TOWN = r"[A-Z][A-Z.’'-]+(?:[ /-][A-Z][A-Z.’'-]*){0,3}"
_DATELINE = re.compile(
    rf"[\s\ufeff]*{_TOWN}(?:, [A-Z][\w. ]{{2,25}}?)?(?:,? \(?({FULL_DAY})\)?)?,? ?(?:{_AGENCY} ?)?"
    r"(?:--|[-–—]|:)\s+"
)
_REFERENCE = re.compile(
    r"(?:See(?: also)?|Main articles?|Further information|For details,? see)\b:?\s+"
    r"(?=(?:the\s+)?[\"“'(]?[A-Z\d])[^.;!?]*?(?:[.;]\s+|$|\s(?=[A-Z][a-z]+ed by\b))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One report and its text.

    Parameters
    ----------
    report
        Title, source, day of publication, hash.
    text
        The original text, what offsets point into; of a pdf, docx or page, its text as extracted.
    body
        Where the running text starts in it, after front matter, a date line or a dateline.
    date_from
        Where the day of publication was found: ``given``, ``front matter``, ``page metadata``,
        ``record``, ``date line``, ``dateline`` or ``none``.
    rests_on
        The source the report says its facts rest on.
    """

    report: Report
    text: str
    body: int = 0
    date_from: str = "none"
    rests_on: str | None = None


def load(
    path: str | Path,
    *,
    source: str | None = None,
    published: date | None = None,
    url: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> Document:
    """Read one file that holds one report.

    Parameters
    ----------
    path
        A txt, md, html, pdf, docx, json or jsonl file; another suffix is sniffed.
    source
        Who printed it; wins over what the file says.
    published
        The day it was published; wins over what the file says.
    max_bytes
        The largest size read.

    Raises
    ------
    BadInput
        If it can't be read, is empty, or holds several reports.
    """
    found = list(load_all(path, source=source, published=published, url=url, max_bytes=max_bytes))
    if len(found) != 1:
        raise BadInput(f"holds {len(found)} reports; read it with load_all.", path=path)
    return found[0]


def load_all(
    path: str | Path,
    *,
    source: str | None = None,
    published: date | None = None,
    url: str | None = None,
    max_bytes: int = MAX_BYTES,
    on_error: Callable[[BadInput], None] | None = None,
) -> Iterator[Document]:
    """Read every report of a file: one, or one a record of a json or jsonl file.

    Parameters
    ----------
    on_error
        Called for a bad record, after which the next one is read; by default it is raised.

    Raises
    ------
    BadInput
        If the file can't be read, or a record can't and `on_error` is None.
    """
    path = Path(path)
    content = _content(path, max_bytes)
    kind = _kind(content, path)
    if kind != "json":
        extracted = _extract(content, path, kind, max_bytes)
        yield _document(extracted, content, path, source=source, published=published, url=url)
        return
    for row, record in rows_of(content, path):
        try:
            extracted = read_record(record, path, row)
            line = json.dumps(record, sort_keys=True, ensure_ascii=False).encode()
            document = _document(extracted, line, path, source=source, published=published, url=url)
        except BadInput as error:
            if on_error is None:
                raise
            on_error(error)
        else:
            yield document


def walk(paths: Iterable[str | Path]) -> Iterator[Path]:
    """The files to read, in a stable order.

    Folders are opened, in the order of their names; hidden files and folders in them are skipped,
    and so are hand-made annotations (``*.ann``, ``*annotations.jsonl``), which are no reports. A
    folder reached twice (a loop of links) is opened once. What is missing or can't be opened
    is passed on, so that `load` says so and the caller can go on with the rest.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        yield from _walk(Path(path), seen)


def _walk(path: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    stat = path.stat()
    if (stat.st_dev, stat.st_ino) in seen:
        return
    seen.add((stat.st_dev, stat.st_ino))
    try:
        entries = sorted(path.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield path
        return
    for entry in entries:
        if not entry.name.startswith(".") and not entry.name.endswith(_ANNOTATIONS):
            yield from _walk(entry, seen)


def _content(path: Path, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise BadInput("is a folder that can't be opened, or not a file.", path=path)
        if not path.is_file():
            what = "is no regular file." if path.exists() else "is not there. Check the name."
            raise BadInput(what, path=path)
        size = path.stat().st_size
        if size > max_bytes:
            raise BadInput(
                f"is {size / 2**20:.0f} MB, over the limit of {max_bytes / 2**20:.0f} MB "
                "(max_bytes). Split it, or raise the limit.",
                path=path,
            )
        content = path.read_bytes()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadInput(f"can't be opened: {why}. Check its permissions.", path=path) from None
    if not content.strip(b" \t\r\n\f\x00\xef\xbb\xbf\xff\xfe"):
        raise BadInput("is empty.", path=path)
    return content


def _kind(content: bytes, path: Path) -> str:
    for magic, what in _MAGIC:
        if content.startswith(magic):
            raise BadInput(f"is no text but {what}.", path=path)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        if b"word/" in content or path.suffix.lower() == ".docx":
            return "docx"
        raise BadInput("is a zip archive or another Office file; unpack it first.", path=path)
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind in ("pdf", "docx"):
        raise BadInput(f"is no {kind}, whatever its name says. Fetch it again.", path=path)
    if kind:
        return kind
    return "html" if _HTML.match(content[:2048]) else "text"


def _extract(content: bytes, path: Path, kind: str, max_bytes: int) -> Extracted:
    if kind == "pdf":
        return read_pdf(content, path)
    if kind == "docx":
        return read_word(content, path, max_bytes=max_bytes)
    if kind == "html":
        return read_web(content, path)
    return read_plain(content, path)


def _document(
    extracted: Extracted,
    content: bytes,
    path: Path,
    *,
    source: str | None,
    published: date | None,
    url: str | None,
) -> Document:
    row = extracted.row
    if not any(c.isalnum() for c in _head(extracted)):
        raise BadInput("holds no text.", path=path, row=row)
    found = _guess(extracted)
    if published is not None:
        found = replace(found, published=published, date_from="given")
    shown = path.as_posix() if row is None else f"{path.as_posix()}#{row}"
    report = Report.of(
        content,
        title=found.title or _first_line(found) or path.stem,
        source=source_named(source or found.source),
        published=found.published,
        path=shown,
        url=url or found.url,
    )
    return Document(
        report=report,
        text=found.text,
        body=found.body,
        date_from=found.date_from,
        rests_on=found.rests_on,
    )


def source_named(name: str | None) -> Source:
    """The source of that name, with the id made from it; the unknown one for none.

    Examples
    --------
    >>> source_named("The Arab Weekly").id
    'the-arab-weekly'
    """
    words = " ".join((name or "").split())
    slug = "-".join(re.findall(r"\w+", words.casefold()))
    return Source(id=slug, name=words) if slug else UNKNOWN_SOURCE


def _head(extracted: Extracted) -> str:
    """The start of the body; all of it where the start has no letters."""
    head = extracted.text[extracted.body : extracted.body + 2000]
    return head if any(c.isalnum() for c in head) else extracted.text[extracted.body :]


def _guess(extracted: Extracted) -> Extracted:
    """Take a date line or a dateline off the body; they say what nothing else has said."""
    if header := _HEADER.match(extracted.text, extracted.body):
        day = full_day(header[1])
        if day is not None:
            extracted = replace(extracted, body=header.end())
            if extracted.published is None:
                extracted = replace(extracted, published=day, date_from="date line")
    headline = _HEADLINE.match(extracted.text, extracted.body)
    for begin in (extracted.body, *([headline.end()] if headline else [])):
        dateline = _DATELINE.match(extracted.text, begin)
        if dateline is None or not (dateline[1] or dateline[2]):
            continue
        if begin == extracted.body:
            extracted = replace(extracted, body=dateline.end())
        day = full_day(dateline[1]) if dateline[1] else None
        extracted = replace(extracted, source=extracted.source or dateline[2])
        if extracted.published is None and day is not None:
            extracted = replace(extracted, published=day, date_from="dateline")
        break
    return extracted


def after_dateline(paragraph: str) -> int:
    """Where the running text of a paragraph starts: behind its dateline, if it has one."""
    dateline = _DATELINE.match(paragraph)
    return dateline.end() if dateline and (dateline[1] or dateline[2]) else 0


def after_reference(paragraph: str) -> int:
    """Where the running text of a paragraph starts: behind "See also Siege of X.", if it has that.

    What a text points at is told there, not here, and its title is no news.
    """
    reference = _REFERENCE.match(paragraph)
    return reference.end() if reference else 0


def _first_line(extracted: Extracted) -> str | None:
    """A first line that stands alone and is no sentence, such as a headline."""
    first, _, rest = extracted.text[extracted.body : extracted.body + 400].lstrip().partition("\n")
    title = " ".join(first.lstrip("#").split())
    alone = first.startswith("#") or rest.lstrip(" \t\r").startswith("\n")
    if alone and 0 < len(title) <= 150 and title[-1] not in ".,;:" and title[0].isalnum():
        return title
    return None
