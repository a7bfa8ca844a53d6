"""Names made into a corridor question; a place told shortly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from marchland.control import ControlField
from marchland.corridor import CorridorQuestion, claims_at
from marchland.errors import BadInput
from marchland.estimate import Because, Estimate
from marchland.roads import RoadNetwork
from marchland.theatre.settings import Route
from marchland.vocabulary import Vocabulary

_NEAR = 6


def corridor_question(
    origin: str | None,
    destination: str | None,
    via: Sequence[str] | None,
    traveller: str | None,
    *,
    avoid: Sequence[str] = (),
    route: Route | None,
    vocabulary: Vocabulary,
    roads: RoadNetwork,
) -> CorridorQuestion:
    """A question of ids; what is left out is the theatre's default route.

    Raises
    ------
    BadInput
        If a part is left out and there is no default.
    UnknownName, AmbiguousName
        If a name is not known, or could be several.
    """
    if origin is None or destination is None:
        if route is None:
            raise BadInput(
                "say from where to where; this theatre sets no default route "
                "([corridor] origin and destination in theatre.toml)"
            )
        origin, destination = origin or route.origin, destination or route.destination
        via = route.via if via is None else via
    traveller = traveller or (route.traveller if route else None)
    if traveller is None:
        raise BadInput("a corridor is open or shut for somebody: name the traveller (--for)")
    return CorridorQuestion(
        origin=vocabulary.place(origin).id,
        destination=vocabulary.place(destination).id,
        via=tuple(vocabulary.place(v).id for v in via or ()),
        avoid=tuple(dict.fromkeys(p for v in avoid for p in _places_of(v, vocabulary, roads))),
        traveller=vocabulary.actor(traveller).id,
    )


def _places_of(name: str, vocabulary: Vocabulary, roads: RoadNetwork) -> tuple[str, ...]:
    """A place; of an area or a country those places that roads lead to."""
    place = vocabulary.place(name)
    on_roads = roads.of_mode("road").places
    if place.id in on_roads:
        return (place.id,)
    inside = set(vocabulary.members_of(place.id))
    if place.kind == "country":
        inside |= {
            p for p in on_roads
            if (found := vocabulary.find_place(p)) is not None and found.country == place.country
        }  # fmt: skip
    return tuple(p for p in on_roads if p in inside) or (place.id,)


def told(field: ControlField, place: str, on: date, *, weighed: bool) -> Estimate:
    """Who holds a place, with the claims behind it.

    Parameters
    ----------
    weighed
        Whether to work out what each claim moves; else the claims nearest to the day stand
        without a weight, which is quicker by far.
    """
    if weighed:
        return field.estimate(place, on)
    near = claims_at(field, place, on, most=_NEAR)
    return replace(
        field.estimate(place, on, explain=False),
        because=tuple(Because(claim=c, weight=0.0) for c in near),
    )
