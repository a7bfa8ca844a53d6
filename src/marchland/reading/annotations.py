"""A reader that takes what people marked by hand, in the files beside a report.

Beside ``dispatch.txt`` are looked for, and all of them taken:

- ``dispatch.annotations.jsonl``: a claim a line;
- ``annotations.jsonl`` in the same folder: the same, for many reports, each line with ``doc``;
- ``dispatch.ann``: brat's standoff format, with entities, relations, events and attributes.

A line with a mistake rejects the report and names the file and the line, so that the report is read
once the line is mended. A report with nothing beside it is rejected too, not taken as empty.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marchland.claims import Claim, Modality, PlaceRef, Ref
from marchland.dates import Precision, Span
from marchland.errors import BadInput, MarchlandError
from marchland.reading.files import Document
from marchland.reading.quoting import find_quote
from marchland.reading.standoff import read_standoff
from marchland.reading.times import find_dates
from marchland.vocabulary import Vocabulary

_CONTENT = ("predicate", "subject", "object", "place", "speaker", "modality", "valid", "when")
_MARGIN = ("doc", "id", "quote", "begin", "end", "p_read", "annotator", "note")
FIELDS = frozenset((*_CONTENT, *_MARGIN))
_ANNOTATOR = "annotations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One hand-made claim, not yet checked, and the line it stands on."""

    path: Path
    line: int
    record: Mapping[str, Any]


class AnnotationsReader:
    """Makes claims of hand-made annotations.

    Parameters
    ----------
    vocabulary
        What names mean; a name it does not know stays as the annotator wrote it.
    settings
        ``annotator``: the name that claims carry where a line gives none.
    """

    name = "annotations"

    def __init__(
        self, vocabulary: Vocabulary, *, settings: Mapping[str, Any] | None = None
    ) -> None:
        unknown = set(settings or {}) - {"annotator"}
        if unknown:
            raise BadInput(
                f"the annotations reader has no setting {', '.join(sorted(unknown))}; it has: "
                "annotator"
            )
        self.vocabulary = vocabulary
        self._annotator = str((settings or {}).get("annotator") or _ANNOTATOR)
        self._shared: dict[Path, dict[str, list[Marked]]] = {}

    def read(self, document: Document) -> list[Claim]:
        """The claims marked beside a report, in the order they stand.

        Raises
        ------
        BadInput
            If a line has a mistake, or nothing was marked.
        """
        path = Path((document.report.path or "").partition("#")[0])
        files = [path.with_suffix(".annotations.jsonl"), path.with_suffix(".ann")]
        marked: list[Marked] = []
        there = False
        if files[0].is_file():
            there = True
            marked += _lines(files[0])
        if files[1].is_file():
            there = True
            marked += [
                Marked(path=files[1], line=line, record=record)
                for line, record in read_standoff(files[1], document.text)
            ]
        mine = self._of_folder(path.parent).get(path.name)
        if mine is not None:
            there = True
            marked += mine
        if not there:
            raise BadInput(
                f"has no annotations: neither {files[0].name} nor {files[1].name} stands beside "
                "it, nor a line of annotations.jsonl with this doc",
                path=document.report.path,
            )
        made: dict[str, Claim] = {}
        for mark in marked:
            try:
                claim = self._claim(mark.record, document)
            except MarchlandError as error:
                why = error.message if isinstance(error, BadInput) else str(error)
                raise BadInput(why, path=mark.path, row=mark.line) from None
            made[claim.id] = claim
        return sorted(made.values(), key=lambda c: (c.begin or 0, c.end or 0))

    def _of_folder(self, folder: Path) -> Mapping[str, list[Marked]]:
        """Lines of the folder's own file, by the report they are about."""
        if folder not in self._shared:
            by_doc: dict[str, list[Marked]] = {}
            path = folder / "annotations.jsonl"
            for mark in _lines(path) if path.is_file() else ():
                doc = mark.record.get("doc")
                if not isinstance(doc, str) or not doc:
                    raise BadInput("needs doc: the name of the report", path=path, row=mark.line)
                by_doc.setdefault(doc, []).append(mark)
            self._shared[folder] = by_doc
        return self._shared[folder]

    def _claim(self, record: Mapping[str, Any], document: Document) -> Claim:
        unknown = sorted(set(record) - FIELDS)
        if unknown:
            raise BadInput(
                f"unknown field {', '.join(unknown)}; there are: {', '.join(sorted(FIELDS))}"
            )
        begin, end = _stretch(record, document.text)
        p_read = record.get("p_read", 1.0)
        if isinstance(p_read, bool) or not isinstance(p_read, int | float):
            raise BadInput(f"p_read must be a number, not {p_read!r}")
        return Claim(
            predicate=_text(record, "predicate") or "",
            report=document.report,
            subject=self._actor(record, "subject"),
            object=self._actor(record, "object"),
            place=self._place(record),
            speaker=self._actor(record, "speaker"),
            modality=Modality(modality)
            if (modality := _text(record, "modality")) in set(Modality)
            else _no_modality(modality),
            valid=self._valid(record, document),
            quote=document.text[begin:end],
            begin=begin,
            end=end,
            p_read=float(p_read),
            reader=f"hand/{_text(record, 'annotator') or self._annotator}",
        )

    def _actor(self, record: Mapping[str, Any], role: str) -> Ref | None:
        given = _named(record, role)
        if given is None:
            return None
        name, known = given
        if known is None:
            known = self.vocabulary.resolve_actor(name).id
        elif not known.startswith("?") and self.vocabulary.find_actor(known) is None:
            raise BadInput(f"{role}: no actor has the id {known!r}")
        actor = self.vocabulary.find_actor(known) if known is not None else None
        if actor is None:
            return Ref.unresolved(name)
        return Ref(id=actor.id, name=actor.name, text=name)

    def _place(self, record: Mapping[str, Any]) -> PlaceRef | None:
        given = _named(record, "place")
        if given is None:
            return None
        name, known = given
        if known is None:
            known = self.vocabulary.resolve_place(name).id
        elif not known.startswith("?") and self.vocabulary.find_place(known) is None:
            raise BadInput(f"place: no place has the id {known!r}")
        place = self.vocabulary.find_place(known) if known is not None else None
        if place is None:
            return PlaceRef.unresolved(name)
        return PlaceRef(
            id=place.id,
            name=place.name,
            text=name,
            lat=place.lat,
            lon=place.lon,
            geo_precision=_precision_of(place.kind),
        )

    def _valid(self, record: Mapping[str, Any], document: Document) -> Span:
        """``valid`` as ISO 8601, or ``when`` in words; else the week of publication."""
        published = document.report.published
        valid, when = _text(record, "valid"), _text(record, "when")
        if valid:
            return Span.parse(valid)
        if when:
            told = find_dates(when, published=published)
            if not told:
                raise BadInput(f"when: {when!r} is no time that can be read; use valid")
            return told[0].span
        if published is None:
            return Span.unknown()
        return Span(start=published, precision=Precision.WEEK)


def _precision_of(kind: str) -> str:
    if kind in ("city", "town", "village", "settlement"):
        return "settlement"
    if kind in ("crossing", "country"):
        return kind
    if kind in ("airport", "base", "station", "facility"):
        return "facility"
    return "area"


def _no_modality(given: str | None) -> Modality:
    if given is None:
        return Modality.ASSERTED
    raise BadInput(f"{given!r} is no modality; choose from {' '.join(Modality)}")


def _lines(path: Path) -> Iterator[Marked]:
    try:
        lines: Iterable[str] = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadInput(f"is not UTF-8: {error}", path=path) from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise BadInput(f"is no JSON: {error}", path=path, row=number) from None
        if not isinstance(record, dict):
            raise BadInput("is no JSON object", path=path, row=number)
        yield Marked(path=path, line=number, record=record)


def _stretch(record: Mapping[str, Any], text: str) -> tuple[int, int]:
    """Where the quote stands, by its offsets or else by its words."""
    quote = _text(record, "quote")
    begin, end = record.get("begin"), record.get("end")
    if begin is None and end is None:
        if not quote:
            raise BadInput("needs a quote, or begin and end")
        found = find_quote(text, quote)
        if len(found) != 1:
            many = "does not stand in the report" if not found else f"stands {len(found)} times"
            advice = "copy it from there" if not found else "give begin and end"
            raise BadInput(f"the quote {quote!r} {many}; {advice}")
        return found[0]
    for offset in (begin, end):
        if isinstance(offset, bool) or not isinstance(offset, int):
            raise BadInput("begin and end come together and count characters")
    assert isinstance(begin, int)
    assert isinstance(end, int)
    if not 0 <= begin < end <= len(text):
        raise BadInput(f"{begin} to {end} is no stretch of a report of {len(text)} characters")
    if quote and (0, end - begin) not in find_quote(text[begin:end], quote):
        raise BadInput(f"from {begin} to {end} stands {text[begin:end]!r}, not the quote")
    return begin, end


def _text(record: Mapping[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadInput(f"{name} must be text, not {value!r}")
    return value.strip() or None


def _named(record: Mapping[str, Any], role: str) -> tuple[str, str | None] | None:
    """A name, and the id that the annotator gave it."""
    value = record.get(role)
    if isinstance(value, dict):
        name, known = _text(value, "name") or _text(value, "text"), _text(value, "id")
        if name is None and known is None:
            raise BadInput(f"{role} needs a name or an id")
        return name or known or "", known
    name = _text(record, role)
    return None if name is None else (name, None)
