"""Claims in, who holds what out: the field of neighbours and each place's chain, joined.

First every place's chain runs on its own claims alone, over a prior. What that says of the places
around one is the base rate of its chain in the second run. A place's own claims never enter its
base rates, so removing a claim and running the place's chain again is that claim's influence.
Sources with enough claims are then judged by how their claims agree with everything else, and both
runs are done again; influences hold what was learned fixed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy import sparse

from marchland.claims import Claim
from marchland.control.assemble import WEEK, Calendar, Told, leaving, make_calendar, steps_of, tell
from marchland.control.chain import Array, Steps, resting, smooth
from marchland.control.evidence import Piece, by_place, can_be_held, known_by, read_evidence
from marchland.control.field import ControlField
from marchland.control.learn import learn
from marchland.control.neighbours import base_rates, examples, priors, weights
from marchland.control.presence import infer_presence
from marchland.control.settings import CONTESTED, DEFAULT, NONE, ControlSettings
from marchland.errors import BadInput, UnknownName
from marchland.vocabulary import Place, Vocabulary

_BLOCK = 4_000_000
"""Numbers in one array of a block of places, which bounds the memory used."""


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
    prior = priors(found, outcomes, vocabulary, settings)
    near = weights(found, settings)
    example = examples(found, outcomes, vocabulary, settings)
    used = settings
    solved = _solve(pieces, everywhere, outcomes, calendar, prior, near, example, used, before=None)
    for _ in range(settings.learning_rounds):
        learned = learn(
            solved.mine, solved.told, solved.odds, outcomes, used, settings.reliabilities
        )
        if learned == used.reliabilities:
            break
        used = replace(settings, reliabilities=learned)
        pieces = read_evidence(known, vocabulary, used)
        solved = _solve(
            pieces, everywhere, outcomes, calendar, prior, near, example, used, before=solved
        )

    stays = infer_presence(known, vocabulary, places=asked, settings=used)
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
        pieces=tuple(tuple(m) for m in solved.mine[:n]),
        told=tuple(solved.told[:n]),
        chains=tuple(solved.odds[:n]),
        pi=solved.pi[:, :n],
        prior=prior[:n],
        leave=leaving(outcomes, used),
        stays=stays,
        settings=used,
        names=_names(outcomes, vocabulary),
        seed=seed,
        revision=revision,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Solved:
    """One round: per place its pieces, its evidence, its odds; and the base rates."""

    mine: Sequence[Sequence[Piece]]
    told: Sequence[Told]
    first: Mapping[int, Array]
    odds: Sequence[Array]
    pi: Array
    trust: Mapping[str, float]


def _solve(
    pieces: Sequence[Piece],
    places: Sequence[str],
    outcomes: tuple[str, ...],
    calendar: Calendar,
    prior: Array,
    near: sparse.csr_matrix,
    example: Array,
    settings: ControlSettings,
    *,
    before: _Solved | None,
) -> _Solved:
    """Both runs of every place's chain, with the sources trusted as `settings` says.

    Parameters
    ----------
    before
        The round before, if any: places whose sources are trusted as they were keep its first run.
    """
    column = {k: i for i, k in enumerate(outcomes)}
    grouped = by_place(pieces)
    mine = [grouped.get(i, []) for i in places]
    trust = settings.reliabilities
    moved = (
        set()
        if before is None
        else {s for s in {*trust, *before.trust} if trust.get(s) != before.trust.get(s)}
    )
    same = [
        before is not None and not any(x.claim.source.id in moved for x in mine[p])
        for p in range(len(places))
    ]
    told = [
        before.told[p]
        if before is not None and same[p]
        else tell(mine[p], calendar, column, prior[p], settings)
        for p in range(len(places))
    ]
    leave = leaving(outcomes, settings)

    alone = np.repeat(prior[None], len(calendar.knots), axis=0)
    kept = before.first if before is not None else {}
    spoken = [p for p in range(len(places)) if mine[p] and not same[p]]
    first = {p: odds for p, odds in kept.items() if same[p]} | run(
        told, calendar, alone, leave, prior, settings, only=spoken
    )
    weekly = 1.0 - np.exp(-leave * calendar.quiet[0] * WEEK)
    rest = resting(prior, weekly)
    at_knots = np.repeat(rest[None], len(calendar.knots), axis=0)
    for p, odds in first.items():
        at_knots[:, p] = odds[np.searchsorted(told[p].days, calendar.knots)]
    pi = base_rates(at_knots, rest, near, example, settings)
    low, high = calendar.inner
    pi[:low], pi[high + 1 :] = pi[low], pi[high]

    everywhere = range(len(places))
    second = run(told, calendar, pi, leave, prior, settings, only=everywhere)
    return _Solved(
        mine=mine,
        told=told,
        first=first,
        odds=[second[p] for p in everywhere],
        pi=pi,
        trust=trust,
    )


def run(
    told: Sequence[Told],
    calendar: Calendar,
    pi: Array,
    leave: Array,
    prior: Array,
    settings: ControlSettings,
    *,
    only: Sequence[int],
) -> dict[int, Array]:
    """Odds (T_p, K) of some places on their own axes, a block of places at a time."""
    out: dict[int, Array] = {}
    todo = sorted(only, key=lambda p: (len(told[p].days), p))
    while todo:
        longest = len(told[todo[-1]].days)
        size = max(1, _BLOCK // (longest * pi.shape[-1]))
        block, todo = todo[-size:], todo[:-size]
        out.update(_run_block(block, told, calendar, pi, leave, prior, settings))
    return out


def _run_block(
    block: Sequence[int],
    told: Sequence[Told],
    calendar: Calendar,
    pi: Array,
    leave: Array,
    prior: Array,
    settings: ControlSettings,
) -> dict[int, Array]:
    """One block; a shorter axis is filled up with steps that change nothing."""
    k, b = pi.shape[-1], len(block)
    longest = max(len(told[p].days) for p in block)
    loglik = np.zeros((longest, b, k))
    steps = Steps(
        rho=np.ones((longest - 1, b, k)),
        pi=np.zeros((longest - 1, b, k)),
        drop=np.zeros((longest - 1, b, k)),
        gain=np.zeros((longest - 1, b, k)),
        stay=np.ones((longest - 1, b)),
        news=np.zeros((longest - 1, b, k)),
    )
    for column, p in enumerate(block):
        t = len(told[p].days)
        loglik[:t, column] = told[p].total()[:, 0]
        own = steps_of(told[p], calendar, pi[:, p], leave, prior[p], settings)
        steps.rho[: t - 1, column] = own.rho[:, 0]
        steps.pi[: t - 1, column] = own.pi[:, 0]
        steps.drop[: t - 1, column] = own.drop[:, 0]
        steps.gain[: t - 1, column] = own.gain[:, 0]
        steps.stay[: t - 1, column] = own.stay[:, 0]
        steps.news[: t - 1, column] = own.news[:, 0]
    odds = smooth(loglik, steps, resting(steps.pi[0], 1.0 - steps.rho[0]))
    return {p: odds[: len(told[p].days), column].copy() for column, p in enumerate(block)}


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
