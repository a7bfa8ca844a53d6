"""Estimates of control to GeoJSON (RFC 7946): one feature a place, its odds in the properties.

Coordinates are longitude then latitude, WGS84. A place without coordinates of its own is drawn by
its members, where it has any; else its geometry is null, as the standard has it.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.exporters.files import whole_file
from marchland.geo import Point
from marchland.vocabulary.model import Place


class Places(Protocol):
    """What is asked of a vocabulary."""

    def find_place(self, id: str) -> Place | None: ...

    def members_of(self, area_id: str) -> tuple[str, ...]: ...


def collection(estimates: Iterable[Estimate], vocabulary: Places) -> dict[str, Any]:
    """A FeatureCollection of estimates about places.

    Raises
    ------
    BadInput
        If an estimate is about no place.
    """
    return {
        "type": "FeatureCollection",
        "features": [_feature(estimate, vocabulary) for estimate in estimates],
    }


def write(estimates: Iterable[Estimate], vocabulary: Places, path: Path | str) -> int:
    """Write estimates about places to a .geojson file.

    Returns
    -------
        How many places were written.

    Raises
    ------
    BadInput
        If an estimate is about no place, or the file can't be written.
    """
    made = collection(estimates, vocabulary)
    with whole_file(Path(path)) as file:
        file.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return len(made["features"])


def _feature(estimate: Estimate, vocabulary: Places) -> dict[str, Any]:
    about = estimate.about.get("place")
    if not isinstance(about, dict) or "id" not in about:
        raise BadInput(f"an estimate of {estimate.question} is about no place; GeoJSON needs one")
    record = estimate.to_json()
    sources = {b["source"]["id"]: b["source"]["name"] for b in record["because"] if b.get("source")}
    return {
        "type": "Feature",
        "id": about["id"],
        "geometry": _geometry(about["id"], vocabulary),
        "properties": {
            **{k: v for k, v in record.items() if k not in ("because", "place", "question")},
            "id": about["id"],
            "name": about.get("name", about["id"]),
            "best_name": estimate.name_of(estimate.best) if estimate.best else None,
            "estimate": estimate.id,
            "sources": [{"id": key, "name": name} for key, name in sorted(sources.items())],
            "claims": [b["id"] for b in record["because"]],
        },
    }


def _geometry(place_id: str, vocabulary: Places) -> dict[str, Any] | None:
    place = vocabulary.find_place(place_id)
    if place is None:
        return None
    if place.point is not None:
        return {"type": "Point", "coordinates": _coordinates(place.point)}
    members = [vocabulary.find_place(m) for m in vocabulary.members_of(place_id)]
    points = [_coordinates(m.point) for m in members if m and m.point]
    return {"type": "MultiPoint", "coordinates": points} if points else None


def _coordinates(point: Point) -> list[float]:
    """Six decimals, a tenth of a metre, are all that the standard recommends."""
    return [round(point.lon, 6), round(point.lat, 6)]
