"""What the network answers: ties, estimates of a pair, members and coalitions."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from marchland.claims import Claim
from marchland.estimate import Because, Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One kind of tie between two actors on a day.

    Parameters
    ----------
    subject, object
        Actor ids, in the direction of the predicate.
    p
        Odds that the tie holds on the day: never more than those of the side it speaks for.
    backing
        Kinds of backing its claims name: ``arms``, ``money``, ``training``, ``air cover``,
        ``command`` and the like; empty where none says.
    """

    kind: str
    subject: str
    object: str
    p: float
    claims: tuple[Claim, ...]
    backing: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "subject": self.subject,
            "object": self.object,
            "p": round(self.p, 4),
            "backing": list(self.backing),
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
        actors = tuple(m.actor for m in self.members)
        column = {a: i for i, a in enumerate(actors)}
        # Each actor has noise of its own, so that who else is a member moves no other's draws.
        u = np.empty((n, len(actors)))
        for i, actor in enumerate(actors):
            u[:, i] = np.random.default_rng([seed, 7919, crc32(actor.encode())]).random(n)
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
