"""The claims a corridor's answer rests on: about places, and about crossings being open or shut."""

from collections.abc import Sequence
from datetime import date

from marchland.claims import Claim, Modality
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


def closures(claims: Sequence[Claim], *, on: date, as_of: date) -> dict[str, Claim]:
    """Crossings whose latest claim up to a day says that they are closed to traffic.

    Returns
    -------
        Place id to that claim.
    """
    latest: dict[str, tuple[tuple[date, str], Claim]] = {}
    for claim in claims:
        if claim.predicate not in ("opens", "closes") or claim.place is None:
            continue
        if claim.modality is not Modality.ASSERTED or claim.published is None:
            continue
        start = claim.valid.start or claim.published
        ended = claim.valid.end is not None and claim.valid.end <= on
        if start > on or claim.published > as_of or ended:
            continue
        mark = (start, claim.id)
        if claim.place.id not in latest or mark > latest[claim.place.id][0]:
            latest[claim.place.id] = (mark, claim)
    return {p: c for p, (_, c) in latest.items() if c.predicate == "closes"}
