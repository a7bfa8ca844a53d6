"""What a map shows of one day, as plain JSON for the page's script.

The rule: a place nobody has said anything about is drawn hollow and called "not known"; its odds
are never shown as if they were knowledge.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marchland.claims import Claim
from marchland.corridor import CorridorEstimate
from marchland.estimate import Because, Estimate, probability_words
from marchland.maps.sentences import FindPassage, sentence
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary

Frame = Mapping[str, Any]
"""``{"on", "as_of", "held": {place id: {...}}, "corridor": {...} | None}``."""

SENTENCES = 5
"""Sentences that a map page carries for a place and day."""
_WEAKEST = 5
_MARGIN_DEGREES = 5.0


def frame_of(
    estimates: Iterable[Estimate],
    corridor: CorridorEstimate | None = None,
    *,
    vocabulary: Vocabulary | None = None,
    passage: FindPassage | None = None,
    identified: bool = True,
) -> Frame:
    """One day of the map.

    Parameters
    ----------
    estimates
        Control estimates of one day.
    corridor
        The corridor's answer for the same day.
    vocabulary
        Gives places and holders of the corridor their names.
    passage
        Finds the text around a claim's quote.
    identified
        Whether each answer carries its id, which takes as long as the answer.
    """
    listed = list(estimates)
    first = listed[0] if listed else corridor
    return {
        "on": first.on.isoformat() if first else None,
        "as_of": first.as_of.isoformat() if first else None,
        "held": {
            str(e.about["place"]["id"]): place_detail(e, passage=passage, identified=identified)
            for e in listed
        },
        "corridor": corridor_summary(corridor, vocabulary=vocabulary, passage=passage)
        if corridor
        else None,
    }


def place_detail(
    estimate: Estimate,
    *,
    passage: FindPassage | None = None,
    most: int = SENTENCES,
    identified: bool = True,
) -> dict[str, Any]:
    """Odds of every holder, evidence and sentences of one place.

    Parameters
    ----------
    most
        How many sentences at most; those that move the odds most, or lie nearest, come first.
    """
    ranked = sorted(estimate.p.items(), key=lambda kv: (-kv[1], kv[0]))
    return {
        "id": estimate.id if identified else None,
        "best": estimate.best,
        "word": probability_words(estimate.p[estimate.best]) if estimate.best else "not known",
        "odds": [
            {"who": k, "name": estimate.name_of(k), "p": round(v, 3), **_range(estimate, k)}
            for k, v in ranked
        ],
        "confidence": estimate.confidence,
        "claims": estimate.n_claims,
        "sources": estimate.n_sources,
        "because": _because(estimate.because, passage, most),
    }


def corridor_summary(
    corridor: CorridorEstimate,
    *,
    vocabulary: Vocabulary | None = None,
    passage: FindPassage | None = None,
    most: int = SENTENCES,
) -> dict[str, Any]:
    """Status first, then odds, route, weakest points, assumptions and sentences."""

    def place(id: str) -> str:
        found = vocabulary.find_place(id) if vocabulary else None
        return found.name if found else id

    def actor(id: str | None) -> str | None:
        found = vocabulary.find_actor(id) if vocabulary and id else None
        return found.name if found else id

    about = corridor.about
    ends = [about["origin"], *about["via"]["places"], about["destination"]]
    return {
        "id": corridor.id,
        "status": corridor.status,
        "says": str(corridor),
        "rule": corridor.status_rule,
        "road": " \u2013 ".join(end["name"] for end in ends),
        "ends": [end["id"] for end in ends],
        "traveller": corridor.traveller_name,
        "p": {k: round(v, 3) for k, v in corridor.p.items()},
        "claims": corridor.n_claims,
        "sources": corridor.n_sources,
        "km": round(corridor.km),
        "hours": round(corridor.hours),
        "route": [
            {
                "place": stop.place,
                "name": place(stop.place),
                "holder": stop.holder,
                "held_by": actor(stop.holder),
                "p": round(stop.p_pass, 3),
                "age_days": stop.age_days,
            }
            for stop in corridor.route
        ],
        "weakest": [
            {
                "place": c.place,
                "name": place(c.place),
                "p": round(c.p_pass, 3),
                "decides": round(c.importance, 3),
            }
            for c in corridor.chokepoints[:_WEAKEST]
        ],
        "assumptions": list(corridor.assumptions),
        "because": _because(corridor.because, passage, most),
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


def country_layer(
    vocabulary: Vocabulary, places: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """ISO code, name and middle of each country whose middle lies about where the places are."""
    if not places:
        return []
    lats, lons = ([p[axis] for p in places.values()] for axis in ("lat", "lon"))
    south, north = min(lats) - _MARGIN_DEGREES, max(lats) + _MARGIN_DEGREES
    west, east = min(lons) - _MARGIN_DEGREES, max(lons) + _MARGIN_DEGREES
    return [
        {"code": place.country, "name": place.name, "lat": place.lat, "lon": place.lon}
        for place in vocabulary.places.values()
        if place.kind == "country" and place.lat is not None and place.lon is not None
        if south <= place.lat <= north and west <= place.lon <= east
    ]


def road_layer(roads: RoadNetwork) -> list[dict[str, Any]]:
    """Road links as pairs of place ids; air and sea links are not drawn."""
    return [
        {"from": link.start, "to": link.end, "class": link.road_class, "name": link.name}
        for link in roads.links
        if link.mode == "road"
    ]


def _because(
    because: Sequence[Because], passage: FindPassage | None, most: int
) -> list[dict[str, Any]]:
    return [
        sentence(b.claim, weight=b.weight, passage=passage(b.claim) if passage else None)
        for b in because[:most]
        if isinstance(b.claim, Claim)
    ]


def _range(estimate: Estimate, outcome: str) -> dict[str, list[float]]:
    if outcome not in estimate.interval:
        return {}
    low, high = estimate.interval[outcome]
    return {"range": [round(low, 3), round(high, 3)]}
