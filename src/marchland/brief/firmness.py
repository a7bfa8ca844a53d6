"""How firmly a road is held, in sentences: each stretch by its weakest place, with every part."""

from collections.abc import Iterator

from marchland.corridor import CorridorEstimate, PlaceFirmness, Stretch
from marchland.estimate import percent
from marchland.vocabulary import Vocabulary


def firmly(corridor: CorridorEstimate, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """The weakest place of each stretch, by id, and the sentence about it."""
    if corridor.status == "unknown":
        return
    for stretch in corridor.firmness.stretches:
        if stretch.holder is not None:
            yield stretch.weakest.place, _sentence(stretch, corridor, vocabulary)


def _sentence(stretch: Stretch, corridor: CorridorEstimate, vocabulary: Vocabulary) -> str:
    place = stretch.weakest
    name = _name(vocabulary, place.place)
    if len(stretch.places) == 1:
        head = f"{name} scores {place.score:.2f} for firmness, from 0 to 1"
    else:
        first, last = (_name(vocabulary, stretch.places[i].place) for i in (0, -1))
        head = (
            f"From {first} to {last} the road is held least firmly at {name}, which scores "
            f"{place.score:.2f} from 0 to 1"
        )
    return f"{head}: {_parts(place, corridor, vocabulary)}."


def _parts(place: PlaceFirmness, corridor: CorridorEstimate, vocabulary: Vocabulary) -> str:
    more = "at least " if place.at_least else ""
    told = [
        f"odds of passing for {corridor.traveller_name} {percent(place.parts['held'])}",
        f"so for {more}{place.held_days} days" if place.held_days else "not so a fortnight before",
    ]
    if place.rival is not None and place.rival_km is not None:
        rival = _name(vocabulary, place.rival)
        told.append(f"{place.rival_km:.0f} km from {rival}, likely not on its side")
    forces = [_name(vocabulary, f) for f in place.forces]
    bases = [_name(vocabulary, b) for b in place.bases]
    told.append(f"forces of its side there: {', '.join(forces) or 'none told of'}")
    if bases:
        told.append(f"bases near: {', '.join(bases)}")
    if place.age_days is not None:
        told.append(f"the evidence is {place.age_days} days old")
    return "; ".join(told)


def _name(vocabulary: Vocabulary, id: str) -> str:
    thing = vocabulary.find_place(id) or vocabulary.find_actor(id)
    return thing.name if thing else id
