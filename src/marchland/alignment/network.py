"""Who stands with whom, on any day: a signed network of claims.

A pair's odds come from the hidden Markov chain of its claims (`marchland.alignment.chain`), which
knows lasting ties from passing ones and when a tie began, ended or turned. Before the first claim
about a pair nothing is known of it: no report is read backwards. A coalition goes from the
principal downwards along command, membership and backing, and to its allies and those that these
direct (`marchland.alignment.ways`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from marchland.alignment.answers import AlignmentEstimate, Coalition, Member, Tie
from marchland.alignment.backing import backing_of
from marchland.alignment.chain import SIDES, Evidence, TieChain, evidence_of, is_loose
from marchland.alignment.settings import AlignmentSettings
from marchland.alignment.ways import (
    ALLIANCE,
    BACKING,
    BOND,
    LOOSE,
    Handing,
    Step,
    Way,
    ways_from,
)
from marchland.claims import Claim
from marchland.errors import BadInput
from marchland.estimate import Because, Model
from marchland.vocabulary import Vocabulary

VERSION = "0.3"
_Z90 = 1.645
_TRUST = 1.4
_PACE = 2.0
"""How far off trust in claims and the pace of change may be, for the interval."""
_EXPLAINED = 12
_HOSTILE = 0.75
_LIKELY = 0.2
_MOST_BY_OTHERS = 0.97
_DOUBTFUL = 0.8
_LED = 0.5
_FLOOR = 1e-6


_Odds = tuple[float, float, float]


class AlignmentNetwork:
    """The network for every day, from what was published by `as_of`. Made by `infer_alignment`."""

    def __init__(
        self,
        claims: Sequence[Claim],
        vocabulary: Vocabulary,
        *,
        as_of: date,
        settings: AlignmentSettings,
        given: Mapping[str, str],
        seed: int,
        revision: int,
    ) -> None:
        self.vocabulary, self.as_of, self.settings = vocabulary, as_of, settings
        self.given, self.seed, self.revision = dict(given), seed, revision
        self._pairs: dict[frozenset[str], list[Claim]] = defaultdict(list)
        self._neighbours: dict[str, set[str]] = defaultdict(set)
        self._chains: dict[frozenset[str], TieChain] = {}
        self._asked: dict[tuple[frozenset[str], date], tuple[_Odds, list[Evidence]]] = {}
        self._patrons: dict[tuple[str, date], dict[str, float]] = {}
        for claim in claims:
            a, b = claim.subject, claim.object
            if a is None or b is None or not (a.resolved and b.resolved) or a.id == b.id:
                continue
            hostile = settings.strength.get(claim.predicate, 0.0) < 0
            if hostile and claim.from_text and self._is_within(a.id, b.id):
                continue  # an army that strikes its own state was misread
            if claim.predicate in settings.strength or claim.predicate in settings.neutral:
                self._pairs[frozenset((a.id, b.id))].append(claim)
                self._neighbours[a.id].add(b.id)
                self._neighbours[b.id].add(a.id)

    def _is_within(self, a: str, b: str) -> bool:
        """Whether the vocabulary has one of two actors as part of the other for good."""
        return self.vocabulary.holder_of(a) == b or self.vocabulary.holder_of(b) == a

    def assuming(self, given: Mapping[str, str]) -> "AlignmentNetwork":
        """The same network under other assumptions; what was worked out is shared, not repeated.

        Parameters
        ----------
        given
            Actor id to ``with`` or ``against``, in place of the network's own.

        Raises
        ------
        BadInput
            If an assumption is neither.
        """
        other = copy(self)
        other.given = _checked(given)
        return other

    def tie(self, a: str, b: str, on: date) -> AlignmentEstimate:
        """Where two actors stand towards each other on a day.

        Parameters
        ----------
        a, b
            Actor ids.

        Raises
        ------
        BadInput
            If both are the same actor.
        """
        if a == b:
            raise BadInput(f"{self._name(a)} is asked about itself; name two actors")
        odds, evidence = self._direct(a, b, on)
        way = self._way(a, b, on)
        path = way.path if way else ()
        through = [c for _, c in way.claims] if way else []
        by_others = min(_MOST_BY_OTHERS, way.p) if way else 1 / 3
        p = _together(odds, by_others)
        claims = [*(e.claim for e in evidence), *through]
        return AlignmentEstimate(
            question="alignment",
            about={"a": {"id": a, "name": self._name(a)}, "b": {"id": b, "name": self._name(b)}},
            on=on,
            as_of=self.as_of,
            given=self.given,
            p=p,
            names={"aligned": "aligned", "opposed": "opposed", "neutral": "neither"},
            interval=self._interval(a, b, on, p, by_others),
            because=self._because(a, b, on, p, by_others, evidence, through),
            n_claims=len(claims),
            n_sources=len({c.source.id for c in claims}),
            model=Model(name="chain of ties", version=VERSION, parameters=self.settings.to_json()),
            seed=self.seed,
            revision=self.revision,
            ties=self._ties(p, claims),
            path=path,
        )

    def coalition(
        self,
        principal: str,
        on: date,
        *,
        ground: str = "loose",
        permissive: Mapping[str, str] | None = None,
        beside: Sequence[str] = (),
    ) -> Coalition:
        """Who stands with a principal on a day.

        Parameters
        ----------
        ground
            ``loose``: permissive actors count; ``strict``: those of `beside` only where an
            aligned force stands beside them.
        permissive
            Actors that let the principal pass without being allies: id to the reason.

        Raises
        ------
        BadInput
            If `ground` is neither.
        """
        if ground not in ("loose", "strict"):
            raise BadInput(f"ground is loose or strict, not {ground!r}")
        found: dict[str, Member] = {principal: Member(actor=principal, p=1.0, path=(principal,))}
        for actor, way in self._ways(principal, on).items():
            found[actor] = Member(
                actor=actor,
                p=way.p,
                path=way.path,
                because=tuple(Because(claim=c, weight=p) for p, c in way.claims),
                assumption=self._doubt(way),
            )
        for actor, reason in (permissive or {}).items():
            if actor not in found or found[actor].p < self.settings.permissive:
                found[actor] = Member(
                    actor=actor,
                    p=self.settings.permissive,
                    path=(principal, actor),
                    assumption=reason,
                    conditional=ground == "strict" and actor in beside,
                )
        for actor, side in self.given.items():
            found[actor] = Member(
                actor=actor,
                p=1.0 if side == "with" else 0.0,
                path=(principal, actor),
                assumption=f"assumed {side} {self._name(principal)}",
            )
        members = sorted(
            (m for m in found.values() if m.p >= self.settings.least),
            key=lambda m: (-m.p, m.actor),
        )
        return Coalition(
            principal=principal, on=on, as_of=self.as_of, ground=ground, members=tuple(members)
        )

    # ---------------------------------------------------------------- inner

    def _ways(self, top: str, on: date, *, without: str | None = None) -> dict[str, Way]:
        """Ways from an actor to those that stand with it; `without` the tie to one of them.

        Whom a foe commands or backs does not come along with an ally: patronage is nearer.
        """
        found = self._raw_ways(top, on, without=without)
        by_ally = [actor for actor, way in found.items() if way.allied]
        if not by_ally:
            return found
        for foe in sorted(self._neighbours.get(top, set()) - set(found)):
            if self.is_person(foe) or not self._hostile(top, foe, on):
                continue
            theirs = self._patronage(foe, on)
            for actor in by_ally:
                if actor in theirs:
                    way = found[actor]
                    kept = 1 - theirs[actor] * self._direct(top, foe, on)[0][2]
                    doubts = (*way.doubts, ("foe", foe))
                    found[actor] = replace(way, p=way.p * kept, doubts=doubts)
        return {actor: way for actor, way in found.items() if way.p >= self.settings.least}

    def _raw_ways(
        self, top: str, on: date, *, without: str | None = None, across: bool = True
    ) -> dict[str, Way]:
        def near(actor: str) -> list[str]:
            others = (x for x in self._neighbours.get(actor, ()) if not self.is_person(x))
            return sorted(x for x in others if {actor, x} != {top, without})

        def step(actor: str, other: str) -> Step | None:
            found = self._step(actor, other, on)
            return found if across or found is None or found.kind in (BOND, BACKING) else None

        return ways_from(
            top,
            near,
            step,
            handing=Handing(**self.settings.handing),
            least=self.settings.least,
            joins=lambda other: not self._hostile(top, other, on),
        )

    def _patronage(self, top: str, on: date) -> dict[str, float]:
        """Odds of those that an actor commands, contains or backs, itself or through others."""
        if (top, on) not in self._patrons:
            ways = self._raw_ways(top, on, across=False)
            self._patrons[top, on] = {actor: way.p for actor, way in ways.items()}
        return self._patrons[top, on]

    def _step(self, actor: str, other: str, on: date) -> Step | None:
        """The tie by which an actor brings another along, if likely enough to be one."""
        odds, evidence = self._direct(actor, other, on)
        if odds[0] <= _LIKELY:
            return None
        told = sorted((e for e in evidence if e.weight > 0), key=lambda e: -abs(e.leaning))
        down = [e.claim for e in told if self._downward(e.claim, actor)]
        if down:
            kind = BACKING if down[0].predicate == "backs" else BOND
            return Step(kind, odds[0], tuple(down))
        allied = [e.claim for e in told if e.claim.predicate == "allied_with"]
        if allied:
            kind = LOOSE if all(is_loose(c) for c in allied) else ALLIANCE
            return Step(kind, odds[0], tuple(allied))
        return None

    def _downward(self, claim: Claim, actor: str) -> bool:
        """Whether a claim makes its other actor a follower of `actor`."""
        assert claim.subject is not None
        assert claim.object is not None
        if claim.predicate == "part_of":
            return claim.object.id == actor
        if claim.predicate in ("commands", "backs"):
            backed = self.vocabulary.find_actor(claim.object.id)
            state = backed is not None and backed.kind == "state"
            return claim.subject.id == actor and not state
        return False

    def is_person(self, actor: str) -> bool:
        """Whether an actor is a person in a public role."""
        found = self.vocabulary.find_actor(actor)
        return found is not None and found.kind.startswith("person")

    def led_by(self, actor: str, start: date, end: date) -> tuple[str, ...]:
        """Persons told to lead an actor, or to hold office in it, some time between two days.

        With odds of one half at least, and nothing else more surely.
        """
        found = []
        for person in sorted(self._neighbours.get(actor, ())):
            if self.is_person(person):
                p = self._leads(person, actor, start, end)
                others = (self._leads(person, x, start, end) for x in self._neighbours[person])
                if p >= _LED and p >= max(others):
                    found.append(person)
        return tuple(found)

    def _leads(self, person: str, actor: str, start: date, end: date) -> float:
        days = [
            max(e.start, start)
            for e in self.chain(person, actor).evidence
            if e.weight > 0
            and e.claim.predicate in ("commands", "leads", "part_of")
            and e.claim.subject is not None
            and e.claim.subject.id == person
            and e.start <= end
            and (e.end is None or e.end > start)
        ]
        return max((self._direct(person, actor, day)[0][0] for day in days), default=0.0)

    def _hostile(self, principal: str, other: str, on: date) -> bool:
        return self._direct(principal, other, on)[0][2] > _HOSTILE

    def _way(self, a: str, b: str, on: date) -> Way | None:
        """The likelier way through others between two actors, from either end."""
        found = []
        for top, bottom in ((a, b), (b, a)):
            if not self._hostile(top, bottom, on):
                way = self._ways(top, on, without=bottom).get(bottom)
                if way is not None and way.p > 1 / 3:
                    found.append(way)
        return max(found, key=lambda w: (w.p, w.path), default=None)

    def _doubt(self, way: Way) -> str | None:
        """What a doubtful membership rests on."""
        if way.p >= _DOUBTFUL:
            return None
        top = self._name(way.path[0])
        for kind, before in reversed(way.doubts):
            if kind == "foe":
                return f"that it stands with {top} though {self._name(before)} backs or commands it"
            if kind == "ally of backed":
                return f"that what stands with {self._name(before)} stands with {top} too"
            after = way.path[way.path.index(before) + 1]
            return f"that {self._name(after)}, told of beside {self._name(before)}, is its ally"
        names = " - ".join(self._name(a) for a in way.path)
        return f"that the tie {names} holds"

    def follows(self, path: Sequence[str], on: date) -> bool:
        """Whether each actor of a path is part of, led or backed by the one before it."""
        steps = [self._step(a, b, on) for a, b in pairwise(path)]
        return all(step is not None and step.kind in (BOND, BACKING) for step in steps)

    def chain(self, a: str, b: str) -> TieChain:
        """The chain of a pair through time; with no evidence where no claim is about both."""
        pair = frozenset((a, b))
        if pair not in self._chains:
            evidence = evidence_of(self._pairs.get(pair, ()), self.settings)
            self._chains[pair] = TieChain(evidence, self.settings)
        return self._chains[pair]

    def pairs(self) -> list[tuple[str, str]]:
        """Every pair that some claim is about, in order."""
        return sorted((min(p), max(p)) for p in self._pairs)

    def odds(self, a: str, b: str, on: date) -> dict[str, float] | None:
        """Odds of `SIDES` by the pair's own claims alone; None where none bears on the day."""
        odds, evidence = self._direct(a, b, on)
        return dict(zip(SIDES, odds, strict=True)) if evidence else None

    def ties_on(self, a: str, b: str, on: date) -> tuple[Tie, ...]:
        """The kinds of tie between two actors on a day by their own claims, likeliest first."""
        odds, evidence = self._direct(a, b, on)
        return self._ties(dict(zip(SIDES, odds, strict=True)), [e.claim for e in evidence])

    def _direct(self, a: str, b: str, on: date) -> "tuple[_Odds, list[Evidence]]":
        """Odds of a pair by its own claims, and what bears on the day."""
        key = (frozenset((a, b)), on)
        if key not in self._asked:
            chain = self.chain(a, b)
            evidence = chain.bearing(on)
            odds = chain.at(on).tolist() if evidence else (1 / 3, 1 / 3, 1 / 3)
            self._asked[key] = ((odds[0], odds[1], odds[2]), evidence)
        return self._asked[key]

    def _ties(self, p: Mapping[str, float], claims: Sequence[Claim]) -> tuple[Tie, ...]:
        groups: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            assert claim.subject is not None
            assert claim.object is not None
            groups[claim.predicate, claim.subject.id, claim.object.id].append(claim)
        ties = []
        for (kind, subject, other), group in groups.items():
            told = 1 - np.prod(
                [1 - max(0.0, self.settings.modality[c.modality.value] * c.p_read) for c in group]
            )
            strength = self.settings.strength.get(kind, 0.0)
            side = "aligned" if strength > 0 else "opposed" if strength < 0 else "neutral"
            if kind in self.settings.neutral:
                side = max(p, key=lambda k: p[k]) if kind != "neutral" else "neutral"
            ties.append(
                Tie(
                    kind=kind,
                    subject=subject,
                    object=other,
                    p=float(told) * p[side],
                    claims=tuple(group),
                    backing=backing_of(group),
                )
            )
        return tuple(sorted(ties, key=lambda t: (-t.p, t.kind, t.subject, t.object)))

    def _interval(
        self, a: str, b: str, on: date, p: Mapping[str, float], by_others: float
    ) -> dict[str, tuple[float, float]]:
        """90 % range: trust in claims and the pace of change each moved both ways, in squares."""
        evidence = self.chain(a, b).evidence
        spread = dict.fromkeys(SIDES, 0.0)
        for trust, pace in ((_TRUST, 1.0), (1.0, _PACE)):
            ends = []
            for sign in (1.0, -1.0):
                moved = TieChain(
                    evidence, self.settings, trust=trust**sign, pace=pace**sign
                ).at(on) if self._direct(a, b, on)[1] else np.full(3, 1 / 3)  # fmt: skip
                others = _squash(_logit(by_others) * trust**sign) if by_others > 1 / 3 else 1 / 3
                ends.append(_together(moved, others))
            for k in SIDES:
                half = 0.5 * (_logit(ends[0][k]) - _logit(ends[1][k]))
                spread[k] += half * half
        found = {}
        for k in SIDES:
            reach = _Z90 * float(np.sqrt(spread[k]))
            found[k] = (_squash(_logit(p[k]) - reach), _squash(_logit(p[k]) + reach))
        return found

    def _because(
        self,
        a: str,
        b: str,
        on: date,
        p: Mapping[str, float],
        by_others: float,
        evidence: Sequence[Evidence],
        through: Sequence[Claim],
    ) -> tuple[Because, ...]:
        """Each claim with how far the likeliest side's odds fall without it."""
        best = max(SIDES, key=lambda k: p[k])
        every = self.chain(a, b).evidence
        ranked = sorted(evidence, key=lambda e: (-abs(e.leaning), -e.start.toordinal(), e.claim.id))
        reasons = []
        for e in ranked[:_EXPLAINED]:
            rest = TieChain([x for x in every if x is not e], self.settings)
            without = rest.at(on) if rest.bearing(on) else np.full(3, 1 / 3)
            reasons.append(
                Because(claim=e.claim, weight=p[best] - _together(without, by_others)[best])
            )
        direct = self._direct(a, b, on)[0]
        for claim in through[:_EXPLAINED]:
            reasons.append(Because(claim=claim, weight=p[best] - direct[SIDES.index(best)]))
        return tuple(sorted(reasons, key=lambda b: (-abs(b.weight), b.claim.id)))

    def _name(self, actor: str) -> str:
        found = self.vocabulary.find_actor(actor)
        return found.name if found else actor


def infer_alignment(
    claims: Sequence[Claim],
    vocabulary: Vocabulary,
    *,
    as_of: date,
    settings: AlignmentSettings = AlignmentSettings(),
    given: Mapping[str, str] | None = None,
    seed: int = 0,
    revision: int = 0,
) -> AlignmentNetwork:
    """Who stands with whom, from relation claims and deeds.

    Parameters
    ----------
    claims
        Those published after `as_of`, or on no known day, are left out.
    given
        Actor id to ``with`` or ``against``: membership assumed, whoever the principal.

    Raises
    ------
    BadInput
        If an assumption is neither ``with`` nor ``against``.
    """
    assumed = _checked(given or {})
    known = [c for c in claims if c.published is not None and c.published <= as_of]
    return AlignmentNetwork(
        known,
        vocabulary,
        as_of=as_of,
        settings=settings,
        given=assumed,
        seed=seed,
        revision=revision,
    )


def _checked(given: Mapping[str, str]) -> dict[str, str]:
    for actor, side in given.items():
        if side not in ("with", "against"):
            raise BadInput(f"an actor is assumed with or against, not {side!r} ({actor})")
    return dict(given)


def _together(odds: "Sequence[float] | NDArray[np.float64]", by_others: float) -> dict[str, float]:
    """A pair's own odds and those of aligned by ways through others, which tell of it each alone.

    Where either says nothing (one third), the other's odds stand; so what leads through others is
    never surer than its weakest tie.
    """
    rest = (1 - by_others) / 2
    weights = np.asarray(odds, dtype=float) * np.array([by_others, rest, rest])
    return dict(zip(SIDES, (weights / weights.sum()).tolist(), strict=True))


def _logit(p: float) -> float:
    p = min(max(p, _FLOOR), 1 - _FLOOR)
    return float(np.log(p / (1 - p)))


def _squash(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))
