"""Training texts written for this project, with their claims: the files below `written/`.

Those in `dense/` say something worth marking in nearly every clause; those in `usual/` as seldom as
reports do.

    python -m tools.train_reader.written FILE...

checks files and says what is wrong with them, and where. A file holds reports one after another:

    === Title of the report | kind of publisher | 2019-04-03
    The text, in paragraphs.

    ---
    captures ; army = Northern Army ; rebels ; Tarma ;  ; reported ; the army [retook] Tarma

A claim is a predicate, subject, object, place, speaker, modality, and words of the text with the
one that says it in brackets. Names of one thing stand beside `=`, joint subjects beside `&`. `?`
before a predicate: right to read, but not asked for. The events are invented.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from tools.train_reader.gold import Marked

from marchland.claims import PREDICATES, Report, Source
from marchland.reading.files import Document

FOLDER = Path(__file__).parent / "written"
FOLDERS = (FOLDER / "dense", FOLDER / "usual")
_MODALITIES = frozenset({"asserted", "reported", "intended", "possible", "denied", "unlikely"})
_ROLES = ("subject", "object", "place", "speaker")


class WrongLine(ValueError):
    """What is wrong with a line of a file, and where."""


def written(folder: Path) -> list[tuple[Document, list[Marked]]]:
    """The reports of all files of a folder, in the order of their names."""
    return [one for path in sorted(folder.glob("*.txt")) for one in reports(path)]


def reports(path: Path) -> Iterator[tuple[Document, list[Marked]]]:
    """The reports of a file and the claims marked in each.

    Raises
    ------
    WrongLine
        Where the file can't be read; says what and where.
    """
    for name, where, part in _parts(path):
        document, claims = _report(part, name, where)
        yield document, [_claim(told, document.text, where) for told in claims]


def _parts(path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, place in the file and words of each report."""
    parts = re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))
    line = 1 + parts[0].count("\n")
    for number, part in enumerate(parts[1:]):
        yield f"{path.parent.name}-{path.stem}-{number}", f"{path.name}, line {line}", part
        line += part.count("\n")


def _report(part: str, name: str, where: str) -> tuple[Document, list[str]]:
    """A report, and the lines that mark its claims."""
    head, _, rest = part.partition("\n")
    told = [x.strip() for x in head.split("|")]
    body, line, claims = rest.partition("\n---\n")
    if len(told) != 3 or not line:
        raise WrongLine(f"{where}: wants '=== title | publisher | date', a text, '---', claims")
    text = body.strip()
    try:
        day = date.fromisoformat(told[2]) if told[2] else None
    except ValueError as error:
        raise WrongLine(f"{where}: {told[2]!r} is no date like 2019-04-03") from error
    source = Source(id="written", name=told[1] or "Written")
    report = Report.of(text.encode(), title=name, source=source, published=day)
    lines = [told for told in claims.splitlines() if told.strip()]
    return Document(report=report, text=text, body=0), lines


def _claim(line: str, text: str, where: str) -> Marked:
    fields = [x.strip() for x in line.split(";")]
    if len(fields) != 7:
        raise WrongLine(f"{where}: {len(fields)} fields, wants 7: {line!r}")
    predicate = fields[0].removeprefix("?").strip()
    if predicate not in PREDICATES:
        raise WrongLine(f"{where}: no predicate {predicate!r}: {line!r}")
    if fields[5] not in _MODALITIES:
        raise WrongLine(f"{where}: no modality {fields[5]!r}: {line!r}")
    first, *besides = fields[1].split("&")
    names = [tuple(x.strip() for x in f.split("=") if x.strip()) for f in (first, *fields[2:5])]
    beside = tuple(x.strip() for x in besides)
    flat = " ".join(text.split()).casefold()
    for role, group in zip(_ROLES, names, strict=True):
        if group and not any(" ".join(n.split()).casefold() in flat for n in group):
            raise WrongLine(f"{where}: {role} {group[0]!r} is not in the text: {line!r}")
    return Marked(
        predicate=predicate,
        subject=names[0],
        object=names[1],
        place=names[2],
        speaker=names[3],
        besides=beside,
        modality="asserted" if fields[5] == "reported" else fields[5],
        statement=predicate == "says",
        optional=fields[0].startswith("?"),
        span=_span(fields[6], text, where),
        exact=True,
    )


def _span(quote: str, text: str, where: str) -> tuple[int, int]:
    parts = re.fullmatch(r"(.*)\[(.+?)\](.*)", quote)
    if parts is None:
        raise WrongLine(f"{where}: no word in brackets: {quote!r}")
    before, said, after = parts.groups()
    count = text.count(before + said + after)
    if count != 1:
        raise WrongLine(f"{where}: stands {count} times in the text, wants once: {quote!r}")
    begin = text.index(before + said + after) + len(before)
    return begin, begin + len(said.split(" ")[0])


def main() -> int:
    wrong = 0
    for path in [Path(x) for x in sys.argv[1:]] or sorted(FOLDER.rglob("*.txt")):
        counts: Counter[str] = Counter()
        number = words = 0
        for name, where, part in _parts(path):
            number += 1
            try:
                document, claims = _report(part, name, where)
            except WrongLine as error:
                print(error)
                wrong += 1
                continue
            words += len(document.text.split())
            for told in claims:
                try:
                    counts[_claim(told, document.text, where).predicate] += 1
                except WrongLine as error:
                    print(error)
                    wrong += 1
        print(f"{path.name}: {number} reports, {words:,} words, {counts.total()} claims")
        print("  " + ", ".join(f"{p} {n}" for p, n in counts.most_common()))
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
