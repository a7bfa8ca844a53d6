"""Who stands with whom, on any day: a signed network of claims.

A tie's odds come from the claims about the pair that speak of the day or of days before it, each
giving log-odds by its predicate, modality and age, summed and squashed. A coalition goes from the
principal downwards along command, membership and backing, and to its allies; an ally's own clients
do not join by that (alliance does not compose), except those that the ally's state directs.
"""

import heapq
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.alignment.settings import AlignmentSettings
from marchland.claims import Claim
from marchland.errors import BadInput
from marchland.estimate import Because, Estimate, Model
from marchland.vocabulary import Vocabulary

VERSION = "0.1"
_DEEDS = frozenset({"assaults", "threatens", "coerces", "rejects", "captures", "aids", "assists",
                    "agrees", "consults", "deals_with"})  # fmt: skip
_DOWN = {"part_of": "member", "commands": "command", "backs": "backing", "leads": "leader"}
_OWN_DOUBT = 0.4
_COMMON_DOUBT = 0.25
_Z90 = 1.645
_NEUTRAL_LOGIT = 0.0
_EXPLAINED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One kind of tie between two actors on a day.

    Parameters
    ----------
    subject, object
        Actor ids, in the direction of the predicate.
    p
        Odds that the tie holds on the day.
    """

    kind: str
    subject: str
    object: str
    p: float
    claims: tuple[Claim, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "subject": self.subject,
            "object": self.object,
            "p": round(self.p, 4),
            "claims": [c.id for c in self.claims],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignmentEstimate(Estimate):
    """Where two actors stand: odds over ``aligned``, ``opposed`` and ``neutral``.

    Parameters
    ----------
    ties
        The kinds of tie behind it, likeliest first.
    path
        Actor ids by which one leads to the other, where the tie runs through others.
    """

    ties: tuple[Tie, ...] = ()
    path: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        record = Estimate.to_json(self)
        record["ties"] = [t.to_json() for t in self.ties]
        record["path"] = list(self.path)
        return record


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An actor that stands with a principal.

    Parameters
    ----------
    path
        Actor ids from the principal to the member.
    assumption
        What its membership rests on where that is doubtful; None where claims say so.
    conditional
        Whether it counts only where an aligned force stands beside it (strict ground).
    """

    actor: str
    p: float
    path: tuple[str, ...]
    assumption: str | None = None
    conditional: bool = False
    because: tuple[Because, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "actor": self.actor,
            "p": round(self.p, 4),
            "path": list(self.path),
            "assumption": self.assumption,
            "conditional": self.conditional,
            "because": [
                {**b.claim.to_json(), "weight": round(b.weight, 4)} for b in self.because[:6]
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Coalition:
    """Who stands with a principal on a day, with odds per member, likeliest first."""

    principal: str
    on: date
    as_of: date
    ground: str
    members: tuple[Member, ...]

    def draws(self, *, n: int, seed: int = 0) -> tuple[tuple[str, ...], NDArray[np.bool_]]:
        """Actor ids and (n, A) draws of membership: each at its odds, and only beside its link.

        The link of a member is the one before it on its path to the principal.
        """
        rng = np.random.default_rng([seed, 7919])
        actors = tuple(m.actor for m in self.members)
        column = {a: i for i, a in enumerate(actors)}
        u = rng.random((n, len(actors)))
        drawn = np.zeros((n, len(actors)), dtype=bool)
        for i in sorted(range(len(actors)), key=lambda i: (len(self.members[i].path), i)):
            member = self.members[i]
            link = column.get(member.path[-2]) if len(member.path) > 1 else None
            if link is None or link == i or self.members[link].p < member.p:
                drawn[:, i] = u[:, i] < member.p
            else:
                drawn[:, i] = drawn[:, link] & (u[:, i] < member.p / self.members[link].p)
        return actors, drawn

    def to_json(self) -> dict[str, Any]:
        return {
            "principal": self.principal,
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "ground": self.ground,
            "members": [m.to_json() for m in self.members],
        }


_Waiting = tuple[float, str, tuple[str, ...], tuple[Because, ...], bool]


@dataclass(frozen=True, slots=True)
class _Weighed:
    claim: Claim
    logit: float


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
        for claim in claims:
            a, b = claim.subject, claim.object
            if a is None or b is None or not (a.resolved and b.resolved) or a.id == b.id:
                continue
            if claim.predicate in settings.strength:
                self._pairs[frozenset((a.id, b.id))].append(claim)
                self._neighbours[a.id].add(b.id)
                self._neighbours[b.id].add(a.id)

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
        weighed = self._weighed(a, b, on)
        path: tuple[str, ...] = ()
        parts = [w.logit for w in weighed]
        if not any(w.logit > 0 for w in weighed):
            chain = self._chain(a, b, on) or self._chain(b, a, on)
            if chain is not None:
                p_chain, path, through = chain
                parts.append(float(np.log(p_chain / (1 - p_chain))))
                weighed = [*weighed, *through]
        logit = sum(parts)
        p = _three(logit)
        claims = [w.claim for w in weighed]
        return AlignmentEstimate(
            question="alignment",
            about={"a": {"id": a, "name": self._name(a)}, "b": {"id": b, "name": self._name(b)}},
            on=on,
            as_of=self.as_of,
            given=self.given,
            p=p,
            names={"aligned": "aligned", "opposed": "opposed", "neutral": "neither"},
            interval=_interval(parts),
            because=self._because(weighed, logit),
            n_claims=len(claims),
            n_sources=len({c.source.id for c in claims}),
            model=Model(name="signed claims", version=VERSION, parameters=self.settings.to_json()),
            seed=self.seed,
            revision=self.revision,
            ties=self._ties(weighed, on),
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
        self._spread(principal, on, found)
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

    def _spread(self, principal: str, on: date, found: dict[str, Member]) -> None:
        """Best-first from the principal: downward ties hand on, alliance takes one step."""
        waiting: list[_Waiting] = [(-1.0, principal, (principal,), (), False)]
        done: set[str] = set()
        while waiting:
            minus, actor, path, because, by_alliance = heapq.heappop(waiting)
            if actor in done:
                continue
            done.add(actor)
            if actor != principal:
                found[actor] = Member(
                    actor=actor, p=-minus, path=path, because=because,
                    assumption=self._doubt(-minus, path),
                )  # fmt: skip
            for other in sorted(self._neighbours[actor] - done):
                if self._is_person(other):
                    continue
                step = self._step(actor, other, on, may_ally=not by_alliance)
                if step is None:
                    continue
                p, allied, weighed = step
                joint = -minus * p
                if joint >= self.settings.least and not self._hostile(principal, other, on):
                    reasons = tuple(Because(claim=w.claim, weight=p) for w in weighed[:3])
                    heapq.heappush(
                        waiting, (-joint, other, (*path, other), (*because, *reasons),
                                  by_alliance or allied)
                    )  # fmt: skip

    def _step(
        self, actor: str, other: str, on: date, *, may_ally: bool
    ) -> tuple[float, bool, list[_Weighed]] | None:
        """Odds that `other` stands with `actor`, and whether by alliance alone."""
        weighed = self._weighed(actor, other, on)
        logit = sum(w.logit for w in weighed)
        aligned = _three(logit)["aligned"]
        down = [w for w in weighed if w.logit > 0 and self._downward(w.claim, actor)]
        ally = [w for w in weighed if w.logit > 0 and w.claim.predicate == "allied_with"]
        if down and aligned > 0.2:
            return aligned * self.settings.downward, False, down
        if ally and may_ally and aligned > 0.2:
            return aligned * self.settings.downward, True, ally
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

    def _is_person(self, actor: str) -> bool:
        found = self.vocabulary.find_actor(actor)
        return found is not None and found.kind.startswith("person")

    def _hostile(self, principal: str, other: str, on: date) -> bool:
        return sum(w.logit for w in self._weighed(principal, other, on)) < -1.5

    def _chain(
        self, top: str, bottom: str, on: date
    ) -> tuple[float, tuple[str, ...], list[_Weighed]] | None:
        found: dict[str, Member] = {}
        self._spread(top, on, found)
        member = found.get(bottom)
        if member is None or len(member.path) < 2:
            return None
        through = [
            _Weighed(b.claim, self.settings.strength[b.claim.predicate])
            for b in member.because
            if isinstance(b.claim, Claim)
        ]
        return min(0.97, member.p), member.path, through

    def _doubt(self, p: float, path: Sequence[str]) -> str | None:
        if p >= 0.8:
            return None
        names = " - ".join(self._name(a) for a in path)
        return f"that the tie {names} holds"

    def _weighed(self, a: str, b: str, on: date) -> list[_Weighed]:
        """Claims about a pair that bear on a day, each with its log-odds."""
        s = self.settings
        best: dict[tuple[object, ...], _Weighed] = {}
        for claim in self._pairs.get(frozenset((a, b)), ()):
            age = _age_days(claim, on)
            if age is None:
                continue
            fade = 0.5 ** (age / (s.deed_days if claim.predicate in _DEEDS else s.lasting_days))
            logit = (
                s.strength[claim.predicate] * s.modality[claim.modality.value] * claim.p_read * fade
            )
            key = (claim.predicate, claim.subject and claim.subject.id, claim.source.id)
            if abs(logit) > 1e-6 and (key not in best or abs(best[key].logit) < abs(logit)):
                best[key] = _Weighed(claim, float(logit))
        return sorted(best.values(), key=lambda w: (-abs(w.logit), w.claim.id))

    def _ties(self, weighed: Sequence[_Weighed], on: date) -> tuple[Tie, ...]:
        groups: dict[tuple[str, str, str], list[_Weighed]] = defaultdict(list)
        for w in weighed:
            assert w.claim.subject is not None
            assert w.claim.object is not None
            groups[w.claim.predicate, w.claim.subject.id, w.claim.object.id].append(w)
        ties = [
            Tie(
                kind=kind,
                subject=subject,
                object=other,
                p=float(1 - np.prod([1 - _squash(abs(w.logit)) for w in group])),
                claims=tuple(w.claim for w in group),
            )
            for (kind, subject, other), group in groups.items()
        ]
        return tuple(sorted(ties, key=lambda t: (-t.p, t.kind)))

    def _because(self, weighed: Sequence[_Weighed], logit: float) -> tuple[Because, ...]:
        p = _three(logit)
        best = max(p, key=lambda k: p[k])
        reasons = [
            Because(claim=w.claim, weight=p[best] - _three(logit - w.logit)[best])
            for w in weighed[:_EXPLAINED]
        ]
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
    for actor, side in (given or {}).items():
        if side not in ("with", "against"):
            raise BadInput(f"an actor is assumed with or against, not {side!r} ({actor})")
    known = [c for c in claims if c.published is not None and c.published <= as_of]
    return AlignmentNetwork(
        known,
        vocabulary,
        as_of=as_of,
        settings=settings,
        given=given or {},
        seed=seed,
        revision=revision,
    )


def _age_days(claim: Claim, on: date) -> float | None:
    """Days since the claim's time, 0 while its span goes on; None where it says nothing of `on`."""
    start = claim.valid.start or claim.published
    if start is None or start > on:
        return None
    if claim.valid.end is not None:
        return 0.0 if on < claim.valid.end else None
    if not claim.from_text and claim.predicate not in _DEEDS:
        return 0.0
    return float((on - start).days)


def _three(logit: float) -> dict[str, float]:
    """Odds over aligned, opposed and neutral from one signed score."""
    scores = np.array([logit, -logit, _NEUTRAL_LOGIT])
    weights = np.exp(scores - scores.max())
    aligned, opposed, neutral = (weights / weights.sum()).tolist()
    return {"aligned": aligned, "opposed": opposed, "neutral": neutral}


def _interval(parts: Sequence[float]) -> dict[str, tuple[float, float]]:
    """90 % range of the odds: what each part adds may be off, on its own and with all others.

    How far is a judgement (`_OWN_DOUBT`, `_COMMON_DOUBT`, as shares of the log odds), not measured.
    """
    logit = sum(parts)
    own = sum((_OWN_DOUBT * x) ** 2 for x in parts)
    reach = _Z90 * float(np.sqrt(own + (_COMMON_DOUBT * logit) ** 2))
    answers = [_three(logit + x) for x in np.linspace(-reach, reach, 9)]
    return {k: (min(a[k] for a in answers), max(a[k] for a in answers)) for k in answers[0]}


def _squash(x: float) -> float:
    return float(1 / (1 + np.exp(-x)))
