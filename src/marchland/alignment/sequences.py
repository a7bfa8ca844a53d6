"""Action and answer: runs of acts in which two sides take turns, with the lags.

An answer is told by its time alone: it follows, and nobody says that it was caused. Beside each lag
stands how often an act of that side would fall so near by chance, at its own pace over the days
asked about (a Poisson process).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from marchland.alignment.acts import DONE, Act

_WARNING = frozenset({"threatens", "says", "accuses", "rejects", "opposes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one side did to the other on one day.

    Parameters
    ----------
    kind
        ``strike``, ``clash`` (who began is not said), ``warning``, ``pressure`` (coercion),
        ``opening`` (a friendly act) or ``words``.
    lag_days
        Days since the other side's last step; None where there is none before it in the run.
    by_chance
        Odds of a step of this side within so few days by chance; None without a lag.
    p
        Odds that at least one of its claims was read rightly.
    """

    day: date
    by: str
    to: str
    kind: str
    acts: tuple[Act, ...]
    p: float
    lag_days: int | None = None
    by_chance: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "by": self.by,
            "to": self.to,
            "kind": self.kind,
            "p": round(self.p, 4),
            "lag_days": self.lag_days,
            "by_chance": None if self.by_chance is None else round(self.by_chance, 4),
            "acts": [a.to_json() for a in self.acts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A run of steps of two sides, each at most so many days after the one before."""

    steps: tuple[Step, ...]

    @property
    def start(self) -> date:
        return self.steps[0].day

    @property
    def end(self) -> date:
        return self.steps[-1].day

    @property
    def turns(self) -> int:
        """How often the other side's step came next."""
        return sum(a.by != b.by for a, b in pairwise(self.steps))

    def to_json(self) -> dict[str, Any]:
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "turns": self.turns,
            "steps": [s.to_json() for s in self.steps],
        }


def kind_of(act: Act) -> str:
    """What sort of step an act is."""
    if act.what == "fights":
        return "clash"
    if act.value > 0:
        return "opening"
    if act.side == DONE:
        return "pressure" if act.what == "coerces" else "strike"
    return "warning" if act.what in _WARNING else "words"


def sequences(
    acts: Sequence[Act], *, start: date, end: date, lag_days: int = 30
) -> tuple[Exchange, ...]:
    """Runs in which both sides act, each step at most `lag_days` after the one before.

    Acts of one day, side and sort are one step. An act that both sides do to each other (a clash)
    opens a run or goes on with it, and answers nothing.

    Parameters
    ----------
    start, end
        The days asked about: what the pace of each side is counted over.
    """
    steps = _steps(acts)
    days = max(1, (end - start).days + 1)
    pace = {by: len({s.day for s in steps if s.by == by}) / days for by in {s.by for s in steps}}
    runs: list[list[Step]] = []
    for step in steps:
        if runs and (step.day - runs[-1][-1].day).days <= lag_days:
            runs[-1].append(step)
        else:
            runs.append([step])
    found = []
    for run in runs:
        told = tuple(_answer(step, run, pace) for step in run)
        if any(s.lag_days is not None for s in told):
            found.append(Exchange(steps=told))
    return tuple(found)


def _steps(acts: Sequence[Act]) -> list[Step]:
    groups: dict[tuple[date, str, str, str], list[Act]] = {}
    for act in acts:
        groups.setdefault((act.day, act.by, act.to, kind_of(act)), []).append(act)
    return [
        Step(
            day=day,
            by=by,
            to=to,
            kind=kind,
            acts=tuple(group),
            p=1 - math.prod(1 - a.p for a in group),
        )
        for (day, by, to, kind), group in sorted(groups.items(), key=lambda kv: kv[0])
    ]


def _answer(step: Step, run: Sequence[Step], pace: dict[str, float]) -> Step:
    """The step with its lag since the other side's last step of an earlier day."""
    shared = {a.claim.id for a in step.acts}
    before = [
        s
        for s in run
        if s.by != step.by and s.day < step.day and not shared & {a.claim.id for a in s.acts}
    ]
    if not before:
        return step
    lag = (step.day - before[-1].day).days
    return Step(
        day=step.day,
        by=step.by,
        to=step.to,
        kind=step.kind,
        acts=step.acts,
        p=step.p,
        lag_days=lag,
        by_chance=1 - math.exp(-pace[step.by] * lag),
    )
