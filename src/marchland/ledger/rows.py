"""Between records and rows: claims, reports, texts, own places and actors.

A row keeps a record to the letter. Decoding checks that a claim's content still gives its id, so
a ledger that somebody has tampered with is noticed.
"""

import dataclasses
import json
import re
import zlib
from collections.abc import Mapping
from datetime import date, datetime
from json.encoder import encode_basestring_ascii
from typing import Any

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span, parse_day
from marchland.errors import LedgerError, MarchlandError
from marchland.ledger.tables import OPEN_END, UNDATED
from marchland.vocabulary.model import Actor, Place

_AWKWARD = re.compile("[\x00\ud800-\udfff]")
_MARK = "~json:"
_MOST_KEPT = 100_000
_dump = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def key(text: str) -> str:
    """`text` as a key column can hold it; different texts stay different.

    PostgreSQL refuses a NUL, and no database takes a lone surrogate; those texts are escaped.
    """
    if _AWKWARD.search(text) or text.startswith(_MARK):
        return _MARK + _dump(text)
    return text


def day_key(day: date | None) -> str:
    """A published day or a start as its column holds it."""
    return day.isoformat() if day else UNDATED


def _text(value: str | None) -> str:
    return "null" if value is None else encode_basestring_ascii(value)


def _number(value: int | None) -> str:
    return "null" if value is None else repr(int(value))


class ClaimEncoder:
    """Claims to rows; the JSON of what many claims share is made once.

    Parameters
    ----------
    revision
        The revision that brings them.
    """

    def __init__(self, revision: int) -> None:
        self._revision = revision
        self._made: dict[Any, tuple[str | None, str]] = {}

    def row(self, claim: Claim) -> dict[str, Any]:
        """The row of a claim."""
        if len(self._made) > _MOST_KEPT:
            self._made.clear()
        subject_id, subject = self._shared(claim.subject)
        object_id, object_ = self._shared(claim.object)
        speaker_id, speaker = self._shared(claim.speaker)
        place_id, place = self._shared(claim.place)
        valid, modality = claim.valid, claim.modality.value
        return {
            "id": claim.id,
            "revision": self._revision,
            "report_id": key(claim.report.id),
            "predicate": claim.predicate,
            "kind": claim.kind.value,
            "modality": modality,
            "subject_id": subject_id,
            "object_id": object_id,
            "speaker_id": speaker_id,
            "place_id": place_id,
            "valid_start": valid.start.isoformat() if valid.start else UNDATED,
            "valid_end": valid.end.isoformat() if valid.end else OPEN_END,
            "published": day_key(claim.published),
            "begins": -1 if claim.begin is None else claim.begin,
            "record": f'{{"predicate":"{claim.predicate}","subject":{subject},"object":{object_},'
            f'"place":{place},"valid":{self._shared(valid)[1]},"modality":"{modality}",'
            f'"speaker":{speaker},"quote":{_text(claim.quote)},"begin":{_number(claim.begin)},'
            f'"end":{_number(claim.end)},"p_read":{round(claim.p_read, 4)!r},'
            f'"reader":{_text(claim.reader)},"corrects":{_text(claim.corrects)}}}',
        }

    def _shared(self, part: Ref | PlaceRef | Span | None) -> tuple[str | None, str]:
        """Key and JSON of a part."""
        if part is None:
            return None, "null"
        # By kind, and by repr of numbers, as 34 == 34.0 but their JSON differs.
        same: Any = part
        if isinstance(part, PlaceRef):
            same = (part, repr(part.lat), repr(part.lon))
        made = self._made.get(same)
        if made is None:
            own = None if isinstance(part, Span) else key(part.id)
            made = self._made[same] = own, _dump(part.to_json())
        return made


def report_row(report: Report, revision: int) -> dict[str, Any]:
    """The row of a report, without its text."""
    return {
        "id": key(report.id),
        "revision": revision,
        "sha256": key(report.sha256),
        "source_id": key(report.source.id),
        "published": day_key(report.published),
        "record": _dump({**report.to_json(), "source": report.source.to_json()}),
    }


def read_report(record: str) -> Report:
    """The reverse of `report_row`, from its record."""
    read = json.loads(record)
    return Report(
        id=read["id"],
        title=read["title"],
        source=Source(**read["source"]),
        published=parse_day(read["published"]) if read["published"] else None,
        sha256=read["sha256"],
        path=read["path"],
        url=read["url"],
    )


class ClaimDecoder:
    """Rows back to claims; what many claims share is made once."""

    def __init__(self) -> None:
        self._reports: dict[str, Report] = {}
        self._refs: dict[tuple[Any, ...], Ref] = {}
        self._places: dict[tuple[Any, ...], PlaceRef] = {}
        self._spans: dict[tuple[Any, ...], Span] = {}

    def claim(self, id: str, record: str, report_id: str, report: str, recorded: datetime) -> Claim:
        """The claim of a row.

        Raises
        ------
        LedgerError
            If the content is no longer the one that the id was made of.
        """
        try:
            read = json.loads(record)
            claim = Claim(
                predicate=read["predicate"],
                report=self._report(report_id, report),
                subject=self._ref(read["subject"]),
                object=self._ref(read["object"]),
                place=self._place(read["place"]),
                valid=self._span(read["valid"]),
                modality=read["modality"],
                speaker=self._ref(read["speaker"]),
                quote=read["quote"],
                begin=read["begin"],
                end=read["end"],
                p_read=read["p_read"],
                reader=read["reader"],
                corrects=read["corrects"],
                recorded=recorded,
            )
        except (KeyError, TypeError, ValueError, MarchlandError) as error:
            raise LedgerError(f"claim {id} can't be read back: {error!r}. {_RESTORE}") from error
        if claim.id != id:
            raise LedgerError(f"claim {id} is not as it was recorded. {_RESTORE}")
        return claim

    def _report(self, id: str, record: str) -> Report:
        if id not in self._reports:
            self._reports[id] = read_report(record)
        return self._reports[id]

    def _ref(self, read: Mapping[str, Any] | None) -> Ref | None:
        if read is None:
            return None
        same = (read["id"], read["name"], read["text"])
        if same not in self._refs:
            self._refs[same] = Ref.from_json(read)
        return self._refs[same]

    def _place(self, read: Mapping[str, Any] | None) -> PlaceRef | None:
        if read is None:
            return None
        # By repr, as 34 and 34.0 are equal here but not in the record that the id was made of.
        same = (*read.values(), repr(read["lat"]), repr(read["lon"]))
        if same not in self._places:
            self._places[same] = PlaceRef.from_json(read)
        return self._places[same]

    def _span(self, read: dict[str, Any]) -> Span:
        same = tuple(read.values())
        if same not in self._spans:
            self._spans[same] = Span.from_json(read)
        return self._spans[same]


_RESTORE = "The ledger has been tampered with or damaged; restore it from a copy"


def text_body(text: str | None) -> tuple[str, bytes | None]:
    """A report's text as it is stored, with the name of how."""
    if text is None:
        return "none", None
    return "zlib", zlib.compress(text.encode("utf-8", "surrogatepass"))


def read_text(encoding: str, body: bytes) -> str:
    """The reverse of `text_body`."""
    if encoding != "zlib":
        raise LedgerError(f"a text is stored as {encoding!r}, which this version can't read")
    return zlib.decompress(body).decode("utf-8", "surrogatepass")


def dump_own(own: Actor | Place) -> str:
    """The record of one of the ledger's own actors or places."""
    return _dump(dataclasses.asdict(own))


def read_actor(record: str) -> Actor:
    """The reverse of `dump_own`, for an actor."""
    return Actor(**_tuples(json.loads(record)))


def read_place(record: str) -> Place:
    """The reverse of `dump_own`, for a place."""
    return Place(**_tuples(json.loads(record)))


def dump_estimate(record: Mapping[str, Any]) -> str:
    """An estimate's record as it is stored."""
    return _dump(record)


def _tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
