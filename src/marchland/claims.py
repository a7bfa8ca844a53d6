"""The claim: one thing one source says about the world, and where it says it.

A claim is never a fact. It says who said it (speaker), who printed it (source, report), when it
was published, what it is about, how firmly (modality), and the stretch of text that says so.
Its id is a hash of its content, so recording a claim twice changes nothing.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Self

from marchland.dates import Span, parse_day
from marchland.errors import InvalidClaim

_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class Modality(StrEnum):
    """How firmly a claim is made."""

    ASSERTED = "asserted"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNCLEAR = "unclear"
    DENIED = "denied"
    INTENDED = "intended"
    CONDITIONAL = "conditional"


class Kind(StrEnum):
    """The four kinds of claim."""

    CONTROL = "control"
    RELATION = "relation"
    EVENT = "event"
    STATEMENT = "statement"


PREDICATES: Mapping[str, Kind] = {
    name: kind
    for kind, names in {
        Kind.CONTROL: "holds captures loses contests presence",
        Kind.RELATION: "backs allied_with part_of leads commands opposes fights assists"
        " deals_with neutral protects",
        Kind.EVENT: "assaults threatens mobilizes withdraws consults agrees rejects coerces aids"
        " opens closes protests",
        Kind.STATEMENT: "says",
    }.items()
    for name in names.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """An actor as a text names it, and what that was resolved to.

    An unresolved mention has an id that starts with ``?`` and keeps its text.
    """

    id: str
    name: str
    text: str | None = None

    def __post_init__(self) -> None:
        if not self.id or not self.name:
            raise InvalidClaim("an actor needs an id and a name")

    @property
    def resolved(self) -> bool:
        return not self.id.startswith("?")

    @classmethod
    def unresolved(cls, text: str) -> Self:
        """A mention nobody could resolve: an id of its own, never a guess."""
        name = " ".join(text.split())
        return cls(id="?" + name.casefold().replace(" ", "-"), name=name, text=text)

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "text": self.text}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        return cls(id=record["id"], name=record["name"], text=record.get("text"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRef:
    """A place as a text names it, and what that was resolved to.

    Parameters
    ----------
    geo_precision
        ``settlement``, ``crossing``, ``facility``, ``area``, ``country``, ``route`` (between two
        places) or ``unknown``.
    lat, lon
        WGS84 degrees, where known; the anchor of an area or the start of a route.
    """

    id: str
    name: str
    text: str | None = None
    lat: float | None = None
    lon: float | None = None
    geo_precision: str = "unknown"

    def __post_init__(self) -> None:
        if not self.id or not self.name:
            raise InvalidClaim("a place needs an id and a name")
        if (self.lat is None) != (self.lon is None):
            raise InvalidClaim(f"place {self.name!r} has only one of lat and lon")

    @property
    def resolved(self) -> bool:
        return not self.id.startswith("?")

    @classmethod
    def unresolved(cls, text: str) -> Self:
        """A mention nobody could resolve: an id of its own, never a guess."""
        name = " ".join(text.split())
        return cls(id="?" + name.casefold().replace(" ", "-"), name=name, text=text)

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "text": self.text,
            "lat": self.lat,
            "lon": self.lon,
            "geo_precision": self.geo_precision,
        }

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        return cls(
            id=record["id"],
            name=record["name"],
            text=record.get("text"),
            lat=record.get("lat"),
            lon=record.get("lon"),
            geo_precision=record.get("geo_precision") or "unknown",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who prints a report: an outlet, a monitor, a data set."""

    id: str
    name: str

    @property
    def spoken(self) -> str:
        """Its name within a sentence: a dispatch named "after X" is called a dispatch."""
        return f"a dispatch {self.name}" if self.name.startswith("after ") else self.name

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One published item a claim was read from.

    Parameters
    ----------
    id
        ``r:`` and a hash of the content.
    published
        The day it was published (the second clock); None when not known.
    sha256
        Of the original bytes, as captured.
    """

    id: str
    title: str
    source: Source
    published: date | None
    sha256: str
    path: str | None = None
    url: str | None = None

    @classmethod
    def of(
        cls,
        content: bytes,
        *,
        title: str,
        source: Source,
        published: date | None,
        path: str | None = None,
        url: str | None = None,
    ) -> Self:
        """A report with the id its content, source and date give it."""
        sha256 = hashlib.sha256(content).hexdigest()
        key = f"{sha256}|{source.id}|{published}"
        return cls(
            id="r:" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16],
            title=title,
            source=source,
            published=published,
            sha256=sha256,
            path=path,
            url=url,
        )

    def to_json(self) -> dict[str, Any]:
        """The record form; the source is a field of the claim, not of its report."""
        return {
            "id": self.id,
            "title": self.title,
            "path": self.path,
            "url": self.url,
            "published": self.published.isoformat() if self.published else None,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing a report says.

    Parameters
    ----------
    predicate
        One of `PREDICATES`; it decides the kind.
    subject, object
        The actors; None where the text names none.
    place
        Where; None where it is about no place.
    valid
        When it is said to be true (the first clock).
    modality
        How firmly it is said.
    speaker
        Who is quoted; None when the report speaks in its own voice.
    report
        The item it was read from; its `source` is who printed it.
    quote, begin, end
        The stretch of the report's original text that says so, half-open offsets in characters.
        A claim out of a table has none.
    p_read
        Chance that the text says this; not that it is true.
    reader
        Which reader found it, ``name/version``.
    corrects
        Id of the claim that this one corrects.
    recorded
        When the ledger took it in (the third clock), set by the ledger; no part of the id.
    observation
        Which observation it tells, where other reports known by the as-of day tell the same one
        (`marchland.observations`); None where it stands alone. Set when claims are fetched for a
        day; no part of the id or the record.
    id
        Hash of the content, ``c:`` and sixteen hexadecimal digits; never given, always computed.

    Raises
    ------
    InvalidClaim
        If the record breaks these rules.
    """

    predicate: str
    report: Report
    subject: Ref | None = None
    object: Ref | None = None
    place: PlaceRef | None = None
    valid: Span = Span()
    modality: Modality = Modality.ASSERTED
    speaker: Ref | None = None
    quote: str | None = None
    begin: int | None = None
    end: int | None = None
    p_read: float = 1.0
    reader: str = "table/1"
    corrects: str | None = None
    recorded: datetime | None = None
    observation: str | None = field(default=None, compare=False)
    id: str = field(init=False, default="")

    def __post_init__(self) -> None:
        if self.predicate not in PREDICATES:
            raise InvalidClaim(
                f"{self.predicate!r} is no predicate; choose from {' '.join(sorted(PREDICATES))}"
            )
        try:
            object.__setattr__(self, "modality", Modality(self.modality))
        except ValueError:
            raise InvalidClaim(
                f"{self.modality!r} is no modality; choose from {' '.join(Modality)}"
            ) from None
        if not 0.0 <= self.p_read <= 1.0:
            raise InvalidClaim(f"p_read must lie in 0..1, not {self.p_read}")
        spans = (self.quote is None, self.begin is None, self.end is None)
        if any(spans) and not all(spans) and self.begin is not None:
            raise InvalidClaim("quote, begin and end come together or not at all")
        if self.begin is not None and not 0 <= self.begin < (self.end or 0):
            raise InvalidClaim(f"a quote must begin before it ends: {self.begin} to {self.end}")
        if self.kind is Kind.CONTROL and self.place is None:
            raise InvalidClaim(f"{self.predicate!r} says who holds what and needs a place")
        if not any((self.subject, self.object, self.place, self.speaker)):
            raise InvalidClaim("a claim needs a subject, an object, a place or a speaker")
        if self.recorded is not None and self.recorded.tzinfo is None:
            raise InvalidClaim("recorded must carry a time zone (UTC)")
        object.__setattr__(self, "id", self._content_id())

    @property
    def kind(self) -> Kind:
        return PREDICATES[self.predicate]

    @property
    def source(self) -> Source:
        """Who printed it."""
        return self.report.source

    @property
    def published(self) -> date | None:
        """The day its report was published."""
        return self.report.published

    @property
    def from_text(self) -> bool:
        """Whether a stretch of text stands behind it; False for a table's claim."""
        return self.begin is not None

    def _content_id(self) -> str:
        """``c:`` and sixteen hexadecimal digits; the recording clock is no part of it."""
        record = self._record()
        del record["recorded"]
        record["report"] = self.report.id
        text = _canonical(record)
        return "c:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def corrected(self, **changes: Any) -> Self:
        """A new claim with `changes` that corrects this one; this one stays as it is."""
        return replace(self, **{"recorded": None, **changes, "corrects": self.id})

    def _record(self) -> dict[str, Any]:
        return {
            "predicate": self.predicate,
            "kind": self.kind.value,
            "subject": self.subject.to_json() if self.subject else None,
            "object": self.object.to_json() if self.object else None,
            "place": self.place.to_json() if self.place else None,
            "valid": self.valid.to_json(),
            "modality": self.modality.value,
            "speaker": self.speaker.to_json() if self.speaker else None,
            "source": self.source.to_json(),
            "report": self.report.to_json(),
            "quote": self.quote,
            "begin": self.begin,
            "end": self.end,
            "p_read": round(self.p_read, 4),
            "reader": self.reader,
            "corrects": self.corrects,
            "recorded": self.recorded.astimezone(UTC).isoformat(timespec="seconds")
            if self.recorded
            else None,
        }

    def to_json(self) -> dict[str, Any]:
        """The claim record, ready for `json.dumps`."""
        return {"id": self.id, **self._record()}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Self:
        """Read the claim record; the reverse of `to_json`.

        Raises
        ------
        InvalidClaim
            If a field is missing or breaks the record's rules.
        """
        try:
            report, source = record["report"], record["source"]
            published, recorded = report.get("published"), record.get("recorded")
            return cls(
                predicate=record["predicate"],
                report=Report(
                    id=report["id"],
                    title=report["title"],
                    source=Source(id=source["id"], name=source["name"]),
                    published=parse_day(published) if published else None,
                    sha256=report["sha256"],
                    path=report.get("path"),
                    url=report.get("url"),
                ),
                subject=Ref.from_json(record["subject"]) if record.get("subject") else None,
                object=Ref.from_json(record["object"]) if record.get("object") else None,
                place=PlaceRef.from_json(record["place"]) if record.get("place") else None,
                valid=Span.from_json(record.get("valid") or {}),
                modality=Modality(record.get("modality") or "asserted"),
                speaker=Ref.from_json(record["speaker"]) if record.get("speaker") else None,
                quote=record.get("quote"),
                begin=record.get("begin"),
                end=record.get("end"),
                p_read=1.0 if record.get("p_read") is None else float(record["p_read"]),
                reader=record.get("reader") or "table/1",
                corrects=record.get("corrects"),
                recorded=datetime.fromisoformat(recorded) if recorded else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidClaim(f"not a claim record: {error!r}") from error

    def __str__(self) -> str:
        parts = [
            self.subject.name if self.subject else "(nobody named)",
            self.predicate.replace("_", " "),
            self.object.name if self.object else "",
            f"at {self.place.name}" if self.place else "",
        ]
        firm = "" if self.modality is Modality.ASSERTED else f" [{self.modality.value}]"
        said = f", said {self.speaker.name}" if self.speaker else ""
        said_by = f"{said} ({self.source.name}, {self.published or 'undated'})"
        return " ".join(p for p in parts if p) + firm + said_by
