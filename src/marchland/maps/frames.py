"""What a map shows of one day, as plain JSON for the page's script.

The rule: a place nobody has said anything about is drawn hollow and called "not known"; its odds
are never shown as if they were knowledge.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marchland.claims import Claim
from marchland.corridor import CorridorEstimate
from marchland.estimate import Estimate, probability_words
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary

Frame = Mapping[str, Any]
"""``{"on", "as_of", "held": {place id: {...}}, "corridor": {...} | None}``."""

_SENTENCES = 6
_LEAST = 0.005


def frame_of(estimates: Iterable[Estimate], corridor: CorridorEstimate | None = None) -> Frame:
    """One day of the map.

    Parameters
    ----------
    estimates
        Control estimates of one day.
    corridor
        The corridor's answer for the same day.
    """
    listed = list(estimates)
    first = listed[0] if listed else corridor
    return {
        "on": first.on.isoformat() if first else None,
        "as_of": first.as_of.isoformat() if first else None,
        "held": {str(e.about["place"]["id"]): place_detail(e) for e in listed},
        "corridor": corridor_summary(corridor) if corridor else None,
    }


def place_detail(estimate: Estimate) -> dict[str, Any]:
    """Odds, evidence and sentences of one place."""
    ranked = sorted(estimate.p.items(), key=lambda kv: (-kv[1], kv[0]))
    return {
        "id": estimate.id,
        "best": estimate.best,
        "word": probability_words(estimate.p[estimate.best]) if estimate.best else "not known",
        "odds": [
            {"who": k, "name": estimate.name_of(k), "p": round(v, 3)}
            for k, v in ranked
            if v >= _LEAST
        ],
        "confidence": estimate.confidence,
        "claims": estimate.n_claims,
        "sources": estimate.n_sources,
        "because": [
            sentence(b.claim, b.weight)
            for b in estimate.because[:_SENTENCES]
            if isinstance(b.claim, Claim)
        ],
    }


def sentence(claim: Claim, weight: float) -> dict[str, Any]:
    """A claim as the page shows it."""
    return {
        "id": claim.id,
        "says": str(claim),
        "quote": " ".join(claim.quote.split()) if claim.quote else None,
        "speaker": claim.speaker.name if claim.speaker else None,
        "source": claim.source.name,
        "title": claim.report.title,
        "published": claim.published.isoformat() if claim.published else None,
        "modality": claim.modality.value,
        "weight": round(weight, 3),
    }


def corridor_summary(corridor: CorridorEstimate) -> dict[str, Any]:
    """Status first, then odds, route and weakest points."""
    return {
        "id": corridor.id,
        "status": corridor.status,
        "says": str(corridor),
        "p": {k: round(v, 3) for k, v in corridor.p.items()},
        "route": [stop.place for stop in corridor.route],
        "stops": {stop.place: round(stop.p_pass, 3) for stop in corridor.route},
        "weakest": [c.place for c in corridor.chokepoints[:5]],
    }


def place_layer(vocabulary: Vocabulary, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Name, point and kind of each place that has a point."""
    layer = {}
    for place_id in ids:
        place = vocabulary.find_place(place_id)
        if place is None or place.lat is None:
            continue
        layer[place_id] = {
            "name": place.name,
            "lat": place.lat,
            "lon": place.lon,
            "kind": place.kind,
            "people": place.population or 0,
            "vague": place.coord_confidence == "low",
        }
    return layer


def road_layer(roads: RoadNetwork) -> list[dict[str, Any]]:
    """Road links as pairs of place ids; air and sea links are not drawn."""
    return [
        {"from": link.start, "to": link.end, "class": link.road_class, "name": link.name}
        for link in roads.links
        if link.mode == "road"
    ]
