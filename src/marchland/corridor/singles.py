"""Every single change tried: what the road's odds would be, were one thing otherwise.

A place or a crossing lost to the traveller or gained by it, an actor that stands otherwise than the
claims say, an assumption dropped, the other ground. Each is judged on the same draws as the answer
itself, so that a change that does nothing moves nothing, and asking for the corridor with the same
assumption gives the same odds to the last digit. Changes are independent interventions, one at a
time (Pearl 2009): nothing is said of how one would bring about another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marchland.alignment import AlignmentNetwork, Coalition
from marchland.claims import Claim
from marchland.control import ControlField
from marchland.corridor.model import CorridorQuestion
from marchland.corridor.openings import openings
from marchland.corridor.reach import importance, pack
from marchland.corridor.ready import Setting, name_of, prepare
from marchland.corridor.settings import CorridorSettings
from marchland.corridor.sides import coalition_of
from marchland.corridor.verdict import Verdict, forced_by, thin_of, verdict
from marchland.corridor.worlds import Worlds, draw_worlds
from marchland.estimate import percent
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary

KINDS = (
    "place lost",
    "place gained",
    "crossing closed",
    "crossing opened",
    "actor against",
    "actor with",
    "assumption dropped",
    "other ground",
)
_LIKELY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Single:
    """One change, and what the road would be.

    Parameters
    ----------
    kind
        One of `KINDS`.
    about
        Ids of the places (a crossing's two sides) or the actor; empty for the ground.
    given
        The assumption that makes the change, as ``given=`` takes it; empty for the ground.
    ground
        The other ground, for that change; None for the rest.
    p_now
        Odds that it is so already; None for what is no matter of odds.
    p_open
        Odds that the road is open, were it so.
    effect
        `p_open` less the odds as they are.
    """

    kind: str
    about: tuple[str, ...]
    given: Mapping[str, str]
    ground: str | None = None
    p_now: float | None
    status: str
    p_open: float
    effect: float

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "about": list(self.about),
            "given": dict(self.given),
            "ground": self.ground,
            "p_now": None if self.p_now is None else round(self.p_now, 4),
            "status": self.status,
            "p_open": round(self.p_open, 4),
            "effect": round(self.effect, 4),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Single changes, those that move the odds most first.

    Parameters
    ----------
    status, p_open
        As it is, under `given`.
    tried
        How many changes were tried; those that change neither odds nor status are not listed.
    """

    asked: CorridorQuestion
    on: date
    as_of: date
    given: Mapping[str, str]
    status: str
    p_open: float
    tried: int
    singles: tuple[Single, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    seed: int = 0

    def describe(self, single: Single) -> str:
        """A change in words."""
        names = " / ".join(self.names.get(i, i) for i in single.about)
        return {
            "place lost": f"{names} lost to the traveller",
            "place gained": f"{names} gained",
            "crossing closed": f"{names} closed",
            "crossing opened": f"{names} opened, both sides",
            "actor against": f"{names} against it",
            "actor with": f"{names} with it",
            "assumption dropped": f"{names} no longer lets it pass",
            "other ground": f"{single.ground} ground",
        }[single.kind]

    def to_json(self) -> dict[str, Any]:
        return {
            "question": "sweep",
            "places": list(self.asked.ends),
            "avoid": list(self.asked.avoid),
            "traveller": self.asked.traveller,
            "on": self.on.isoformat(),
            "as_of": self.as_of.isoformat(),
            "given": dict(self.given),
            "status": self.status,
            "p_open": round(self.p_open, 4),
            "tried": self.tried,
            "singles": [s.to_json() for s in self.singles],
            "names": dict(self.names),
            "seed": self.seed,
            "revision": self.revision,
        }

    def __str__(self) -> str:
        lines = [
            f"{self.on}, as known on {self.as_of}: {self.status}, {percent(self.p_open)} open. "
            f"{self.tried} single changes tried, {len(self.singles)} of them move it:"
        ]
        for s in self.singles:
            now = "" if s.p_now is None else f"; odds that it is so already {percent(s.p_now)}"
            lines.append(
                f"{100 * s.effect:+4.0f} points: {self.describe(s)} -> {s.status}, "
                f"{percent(s.p_open)} open{now}"
            )
        return "\n".join(lines)


def sweep(
    question: CorridorQuestion,
    control: ControlField,
    alignment: AlignmentNetwork,
    roads: RoadNetwork,
    vocabulary: Vocabulary,
    *,
    on: date,
    as_of: date,
    claims: Sequence[Claim] = (),
    given: Mapping[str, str] | None = None,
    settings: CorridorSettings = CorridorSettings(),
    seed: int = 0,
) -> Sweep:
    """Try each single change that could matter, and rank them by effect.

    Parameters
    ----------
    claims, given
        As for `judge`.

    Raises
    ------
    BadInput
        If a place of the question has no road.
    """
    trial = _Trial(question, control, alignment, roads, vocabulary, on, as_of, claims,
                   dict(given or {}), settings, seed)  # fmt: skip
    base = trial.base
    tried = [*trial.places(), *trial.crossings(), *trial.actors(), *trial.grounds()]
    moved = [s for s in tried if abs(s.effect) > 0 or s.status != base.status]
    moved.sort(key=lambda s: (-abs(s.effect), -(s.p_now or 0.0), KINDS.index(s.kind), s.about))
    named = {i for s in moved for i in s.about} | {*question.ends, question.traveller}
    return Sweep(
        asked=question,
        on=on,
        as_of=as_of,
        given=trial.given,
        status=base.status,
        p_open=base.p["open"],
        tried=len(tried),
        singles=tuple(moved),
        names={i: name_of(vocabulary, i) for i in sorted(named)},
        revision=control.revision,
        seed=seed,
    )


class _Trial:
    """One question's draws, judged again and again with one thing changed."""

    def __init__(
        self,
        question: CorridorQuestion,
        control: ControlField,
        alignment: AlignmentNetwork,
        roads: RoadNetwork,
        vocabulary: Vocabulary,
        on: date,
        as_of: date,
        claims: Sequence[Claim],
        given: dict[str, str],
        settings: CorridorSettings,
        seed: int,
    ) -> None:
        self.question, self.control, self.alignment = question, control, alignment
        self.on, self.given, self.settings, self.seed = on, given, settings, seed
        self.roads, self.vocabulary, self.claims, self.as_of = roads, vocabulary, claims, as_of
        self.ready = self._ready(given)
        self.borders = [
            (x.start, x.end) for x in roads.of_mode("road").links if x.border
        ]  # fmt: skip
        self.borders += [o.ends * 2 for o in self.ready.shut if len(o.ends) == 1]
        self.shut = question.avoid
        self.forced = forced_by(given, question)
        self.holders = control.draws(on, n=settings.draws)
        self.coalition = self._coalition(alignment, settings)
        self.worlds = self._worlds(self.coalition, self.forced)
        self.row = {n: i for i, n in enumerate(self.ready.nodes)}
        self.p_pass = self.worlds.passable.mean(axis=0)
        self.thin = thin_of(
            self.ready.nodes, control, on, settings=settings, forced={*self.forced, *self.shut}
        )  # fmt: skip
        self.base = self._verdict(self.coalition, self.forced)

    def places(self) -> Iterator[Single]:
        """Each place that some world hangs on, lost and gained; of a crossing one side closed."""
        at_border = {p for ends in self.borders for p in ends}
        for i in np.flatnonzero(self._deciding()):
            place = self.ready.nodes[i]
            if place in self.question.avoid or place in self.forced:
                continue
            p = float(self.p_pass[i])
            lost = "crossing closed" if place in at_border else "place lost"
            yield self._forced(lost, (place,), False, 1 - p)
            if place not in at_border:
                yield self._forced("place gained", (place,), True, p)

    def crossings(self) -> Iterator[Single]:
        """Each crossing of a border opened: both sides at once."""
        for ends in dict.fromkeys(tuple(sorted({*x})) for x in self.borders):
            if set(ends) & {*self.question.avoid, *self.forced}:
                continue
            at = [self.row[p] for p in ends]
            both = float(self.worlds.passable[:, at].all(axis=1).mean())
            closed = any(set(o.ends) == set(ends) for o in self.ready.shut)
            if both < 1 or closed:
                both = 0.0 if closed else both
                yield self._forced("crossing opened", ends, True, both)

    def actors(self) -> Iterator[Single]:
        """Each member of the coalition against the traveller, each other holder with it."""
        member = {m.actor: m for m in self.coalition.members}
        for actor, m in member.items():
            if actor in (self.question.traveller, *self.given):
                continue
            assumed = m.assumption == self.settings.permissive.get(actor, "")
            kind = "assumption dropped" if assumed else "actor against"
            yield self._standing(kind, actor, "against", None if assumed else 1 - m.p)
        for actor in self._holders():
            known = member.get(actor)
            if actor not in self.given and (known is None or known.p < 1):
                yield self._standing("actor with", actor, "with", known.p if known else None)

    def grounds(self) -> Iterator[Single]:
        """The other ground, where some holder's counts otherwise there."""
        if not self.settings.beside:
            return
        other = "strict" if self.settings.ground == "loose" else "loose"
        settings = replace(self.settings, ground=other)
        coalition = self._coalition(self.alignment, settings)
        found = self._verdict(coalition, self.forced)
        yield self._single("other ground", (), {}, found, None, ground=other)

    def _deciding(self) -> NDArray[np.bool_]:
        """(nodes,) whether a place mends or parts any world, contested places counted or not."""
        found = np.zeros(len(self.ready.nodes), dtype=bool)
        for worlds in (self.worlds.passable, self.worlds.if_contested):
            counts = importance(self.ready.graph, pack(worlds), self.ready.ends)
            found |= (counts.gain > 0) | (counts.loss > 0)
        return found

    def _holders(self) -> list[str]:
        """Actors that likely hold some place of the network, in order."""
        odds = self.control.odds(self.on)
        known = [p for p, place in enumerate(self.control.places) if place in self.row]
        best = odds[known].argmax(axis=1)
        likely = odds[known, best] >= _LIKELY
        found = {self.control.outcomes[k] for k in best[likely]}
        return sorted(found - {"contested", "none", self.question.traveller})

    def _forced(self, kind: str, about: tuple[str, ...], passable: bool, p_now: float) -> Single:
        given = dict.fromkeys(about, "open" if passable else "closed")
        ready = self.ready
        if passable and any(set(o.ends) & set(about) for o in ready.shut):
            ready = self._ready({**self.given, **given})
        forced = {**self.forced, **dict.fromkeys(about, passable)}
        found = self._verdict(self.coalition, forced, ready)
        return self._single(kind, about, given, found, p_now)

    def _standing(self, kind: str, actor: str, side: str, p_now: float | None) -> Single:
        network = self.alignment.assuming({**self.alignment.given, actor: side})
        found = self._verdict(self._coalition(network, self.settings), self.forced)
        return self._single(kind, (actor,), {actor: side}, found, p_now)

    def _single(
        self,
        kind: str,
        about: tuple[str, ...],
        given: dict[str, str],
        found: Verdict,
        p_now: float | None,
        *,
        ground: str | None = None,
    ) -> Single:
        return Single(
            kind=kind, about=about, given=given, ground=ground, p_now=p_now, status=found.status,
            p_open=found.p["open"], effect=found.p["open"] - self.base.p["open"],
        )  # fmt: skip

    def _coalition(self, network: AlignmentNetwork, settings: CorridorSettings) -> Coalition:
        return coalition_of(self.question.traveller, network, self.on, settings)

    def _ready(self, given: Mapping[str, str]) -> Setting:
        known = openings(
            self.roads, self.claims, on=self.on, as_of=self.as_of, given=given,
            legal_only=self.settings.legal_only,
        )  # fmt: skip
        return prepare(self.question, self.roads, self.vocabulary, known)

    def _verdict(
        self, coalition: Coalition, forced: Mapping[str, bool], ready: Setting | None = None
    ) -> Verdict:
        if coalition is self.coalition:
            worlds = self.worlds
        else:
            worlds = self._worlds(coalition, self.forced)
        thin = self.thin.copy()
        if forced != self.forced:
            passable, loosely = worlds.passable.copy(), worlds.if_contested.copy()
            p = worlds.p.copy()
            for place, open_ in forced.items():
                i = self.row.get(place)
                if i is not None:
                    passable[:, i] = loosely[:, i] = open_
                    p[i], thin[i] = float(open_), False
            worlds = Worlds(passable=passable, if_contested=loosely, p=p)
        return verdict(ready or self.ready, worlds, thin)

    def _worlds(self, coalition: Coalition, forced: Mapping[str, bool]) -> Worlds:
        return draw_worlds(
            self.ready.nodes, self.control, coalition, on=self.on, n=self.settings.draws,
            seed=self.seed, ends=self.question.ends, shut=self.shut, forced=forced,
            holders=self.holders,
        )  # fmt: skip
