"""Claims in, who holds what out: the field of neighbours and each place's chain, joined.

First every place's chain runs on its own claims alone, over a prior. What that says of the places
around one is the base rate of its chain in the second run. A place's own claims never enter its
base rates, so removing a claim and running the place's chain again is that claim's influence.
How far neighbours speak, how quickly places change hands and how far each teller can be trusted are
learned from the claims first (`marchland.control.learn`); influences hold it fixed.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from marchland.claims import Claim
from marchland.collecting import uncollected
from marchland.control.assemble import make_calendar
from marchland.control.evidence import Piece, can_be_held, known_by, read_evidence
from marchland.control.field import ControlField
from marchland.control.presence import infer_presence
from marchland.control.settings import CONTESTED, DEFAULT, NONE, ControlSettings
from marchland.control.solve import Solver
from marchland.errors import BadInput, UnknownName
from marchland.vocabulary import Place, Vocabulary


def infer_control(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    start: date,
    end: date,
    places: Sequence[str] | None = None,
    given: Mapping[str, str] | None = None,
    settings: ControlSettings = DEFAULT,
    seed: int = 0,
    revision: int = 0,
) -> ControlField:
    """Who holds what, on every day from `start` to `end`.

    Parameters
    ----------
    claims
        In any order; those published after `as_of` are not used.
    as_of
        Only what had been published by the end of this day.
    places
        Ids to answer for; default: the theatre's own and every one that a claim is about. Claims
        about other places still count as their neighbours.
    given
        Assumptions, place id to actor id (or ``contested``, ``none``): the odds of that place are
        set; no other place's odds change.

    Raises
    ------
    BadInput
        If `end` is before `start`.
    UnknownName
        If a place asked for is not known, or is an area.
    """
    if end < start:
        raise BadInput(f"end {end} is before start {start}")
    assumed = {p: _outcome(a, vocabulary) for p, a in (given or {}).items()}
    with uncollected():
        known = known_by(claims, as_of)
        pieces = read_evidence(known, vocabulary, settings)
        asked = _asked(places, pieces, vocabulary)
        everywhere = list(dict.fromkeys([*asked, *sorted({p.place for p in pieces})]))
        found = [_place(i, vocabulary) for i in everywhere]
        outcomes = _outcomes(pieces, found, assumed, vocabulary)
        calendar = make_calendar(
            pieces,
            start=start.toordinal(),
            end=end.toordinal(),
            as_of=as_of.toordinal(),
            settings=settings,
        )
        model = Solver(pieces, found, outcomes, calendar, vocabulary, settings)
    if settings.learning_rounds:
        model.learn()
    solved = model.solve(len(asked))
    stays = infer_presence(known, vocabulary, places=asked, settings=model.settings)
    n = len(asked)
    return ControlField(
        places=tuple(asked),
        outcomes=outcomes,
        start=start,
        end=end,
        as_of=as_of,
        given={p: a for p, a in assumed.items() if p in asked},
        calendar=calendar,
        found=tuple(found[:n]),
        evidence=model.evidence,
        knot_days=solved.days,
        knot_odds=solved.odds,
        offset=solved.start,
        rates=solved.rates,
        around=solved.around,
        prior=model.prior[:n],
        xyz=model.near.xyz,
        trust=model.trust,
        stays=stays,
        settings=model.settings,
        names=_names(outcomes, vocabulary),
        seed=seed,
        revision=revision,
    )


def _asked(
    places: Sequence[str] | None, pieces: Sequence[Piece], vocabulary: Vocabulary
) -> list[str]:
    if places is not None:
        return list(dict.fromkeys(places))
    own = {p for p in vocabulary.own_places if can_be_held(vocabulary.places[p])}
    return sorted(own | {p.place for p in pieces})


def _place(id: str, vocabulary: Vocabulary) -> Place:
    place = vocabulary.find_place(id)
    if place is None:
        raise UnknownName(id, what="place")
    if not can_be_held(place):
        raise UnknownName(
            id, vocabulary.members_of(id)[:3], what="place with one holder (it is an area)"
        )
    return place


def _outcome(actor: str, vocabulary: Vocabulary) -> str:
    return actor if actor in (CONTESTED, NONE) else vocabulary.holder_of(actor)


def _outcomes(
    pieces: Sequence[Piece],
    places: Sequence[Place],
    given: Mapping[str, str],
    vocabulary: Vocabulary,
) -> tuple[str, ...]:
    """Holders that a claim names, the states whose places these are, and those assumed."""
    countries = {p.country for p in places if p.country}
    actors = {t for p in pieces for t in p.targets} | set(given.values())
    actors |= {
        vocabulary.holder_of(a.id)
        for a in vocabulary.actors.values()
        if a.kind == "state" and a.country in countries
    }
    return (*sorted(actors - {CONTESTED, NONE}), CONTESTED, NONE)


def _names(outcomes: Sequence[str], vocabulary: Vocabulary) -> dict[str, str]:
    names = {CONTESTED: "contested", NONE: "nobody"}
    for outcome in outcomes:
        actor = vocabulary.find_actor(outcome)
        names.setdefault(outcome, actor.name if actor else outcome)
    return names
