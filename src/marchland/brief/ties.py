"""What became of ties between two days, in sentences: shifts, and words beside deeds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from marchland.alignment.acts import DONE, SAID, Act
from marchland.alignment.shifts import Shift
from marchland.claims import Claim
from marchland.estimate import percent
from marchland.vocabulary import Vocabulary

_STANDS = {
    "aligned": "with each other",
    "opposed": "against each other",
    "neutral": "neither with nor against each other",
    None: "in a way not firmly known",
}

Told = tuple[str, list[Claim]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TieStory:
    """Two actors from one day to another: their shifts, and what they said and did."""

    a: str
    b: str
    start: date
    end: date
    shifts: tuple[Shift, ...]
    acts: tuple[Act, ...]


def shifts_told(story: TieStory, vocabulary: Vocabulary) -> Iterator[Told]:
    """A sentence for each shift, with the claims behind it."""
    a, b = (_name(vocabulary, i) for i in (story.a, story.b))
    for shift in story.shifts:
        yield (
            f"{a} and {b} stood {_STANDS[shift.before]} before and {_STANDS[shift.after]} after a "
            f"change that had as likely as not come by {_long(shift.day)} (90 % interval "
            f"{_long(shift.earliest)} to {_long(shift.latest)}; odds of both sides of it "
            f"{percent(shift.p)}).",
            list(shift.claims),
        )


def deeds_told(story: TieStory, vocabulary: Vocabulary) -> Iterator[Told]:
    """For each direction what was said beside what was done, with the weightiest of each."""
    span = f"From {_long(story.start)} to {_long(story.end)}"
    for by, to in ((story.a, story.b), (story.b, story.a)):
        acts = [x for x in story.acts if (x.by, x.to) == (by, to)]
        said, done = ([x for x in acts if x.side == side] for side in (SAID, DONE))
        if not acts:
            continue
        words, deeds = _mean(said), _mean(done)
        told = [
            "nothing is told of words" if words is None
            else f"words weigh {words:+.1f} ({_count(said)})",
            "nothing is told of deeds" if deeds is None
            else f"deeds weigh {deeds:+.1f} ({_count(done)})",
        ]  # fmt: skip
        parted = words is not None and deeds is not None and words * deeds < 0
        heaviest = [max(x, key=lambda act: abs(act.value) * act.p) for x in (said, done) if x]
        yield (
            f"{span} {_name(vocabulary, by)} towards {_name(vocabulary, to)}, on Goldstein's scale "
            f"from -10 to +10: {'; '.join(told)}"
            f"{'; the two point opposite ways' if parted else ''}.",
            [x.claim for x in (*heaviest, *acts)],
        )


def _mean(acts: Sequence[Act]) -> float | None:
    weight = sum(x.p for x in acts)
    return sum(x.p * x.value for x in acts) / weight if weight > 0 else None


def _count(acts: Sequence[Act]) -> str:
    return "1 claim" if len(acts) == 1 else f"{len(acts)} claims"


def _name(vocabulary: Vocabulary, id: str) -> str:
    actor = vocabulary.find_actor(id)
    return actor.name if actor else id


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
