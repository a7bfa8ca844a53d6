"""The claims about a place that a corridor's answer rests on."""

from datetime import date

from marchland.claims import Claim
from marchland.control import ControlField


def claims_at(control: ControlField, place: str, on: date, *, most: int) -> list[Claim]:
    """The claims about a place that speak of days nearest to one, those before it first.

    What is said of the place itself comes before what is said of an area it lies in; what is said
    of a whole country tells of no place in it.
    """
    if place not in control.places:
        return []
    day = on.toordinal()
    pieces = [
        p
        for p in control.pieces(place)
        if p.claim.place is not None and p.claim.place.geo_precision != "country"
    ]
    near = sorted(
        pieces,
        key=lambda p: (
            not p.claim.from_text,
            p.claim.place is not None and p.claim.place.id != place,
            min((abs(m.day - day) + 1000 * (m.day > day) for m in p.marks), default=10**6),
            p.claim.id,
        ),
    )
    return list({p.claim.id: p.claim for p in near}.values())[:most]
