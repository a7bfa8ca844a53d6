"""Who stands with whom in invented worlds, where every tie of every day is known.

    python -m bench.alignment_worlds [--seeds N] [--pace FACTOR]

A world has states, groups that they back, units of both, and ties that begin, turn and end at times
that do not forget (gamma, not the model's exponential). Six sources tell of them: good and bad
ones, late ones that tell what stood months ago, and one that lays its enemies at a rival's door.
What they say is then misread as a reader does: the sense alone, the side, or the actors. Many pairs
are hardly ever told of.

Asked every quarter, with everything told (hindsight) and with what was published by the day: log
loss and Brier score over aligned, neutral and opposed, lower is better, how often answers of given
odds were right, and how many days after a turn from one side to the other the new side has even
odds. Beside it, on the same answers: the signed sum of faded log odds that the program used before,
the last claim at 0.9, and for each pair the share of its claims by side, which knows no time. At
last pairs that nobody spoke of but that others join, against every such way taken to hold at 0.9.
`--pace 2` makes all ties twice as short-lived.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

import numpy as np

from bench._machine import machine
from bench.alignment import calibration, last_claim, score, signed_sum
from marchland.alignment import AlignmentNetwork, AlignmentSettings, infer_alignment
from marchland.alignment.chain import SIDES
from marchland.claims import Claim, Ref, Report, Source
from marchland.dates import Span
from marchland.vocabulary import Actor, Vocabulary

START, YEARS = date(2030, 1, 1), 7
DAYS = 365 * YEARS
STATES = ("bond", "ally", "help", "neutral", "clash", "enemy")
SIDE = {"bond": 0, "ally": 0, "help": 0, "neutral": 1, "clash": 2, "enemy": 2}
LASTS_YEARS = {
    "bond": 30.0,
    "ally": 15.0,
    "help": 0.8,
    "neutral": 12.0,
    "clash": 0.6,
    "enemy": 15.0,
}
AFTER = {
    "bond": {"neutral": 0.5, "ally": 0.2, "enemy": 0.3},
    "ally": {"neutral": 0.5, "enemy": 0.3, "clash": 0.2},
    "help": {"neutral": 0.6, "ally": 0.4},
    "neutral": {"help": 0.4, "clash": 0.35, "ally": 0.15, "enemy": 0.1},
    "clash": {"neutral": 0.6, "enemy": 0.4},
    "enemy": {"neutral": 0.6, "ally": 0.25, "help": 0.15},
}
TOLD_PER_YEAR: Mapping[str, Mapping[str, float]] = {
    "bond": {"part_of": 0.4, "commands": 0.2, "assists": 0.1},
    "ally": {"backs": 0.4, "allied_with": 0.2, "assists": 0.3, "aids": 0.2, "consults": 0.2},
    "help": {"assists": 1.5, "aids": 0.7, "allied_with": 0.8, "agrees": 0.5, "consults": 0.5},
    "neutral": {"consults": 0.1, "agrees": 0.1, "deals_with": 0.05, "neutral": 0.03},
    "clash": {"assaults": 3.0, "fights": 1.0, "threatens": 1.0, "coerces": 0.5},
    "enemy": {"fights": 0.4, "opposes": 0.3, "assaults": 1.2, "threatens": 0.3, "coerces": 0.1},
}
ALIKE = (
    ("part_of", "commands", "backs", "allied_with"), ("assists", "aids", "allied_with"),
    ("fights", "opposes"), ("assaults", "threatens", "coerces"),
    ("consults", "agrees", "deals_with", "neutral"),
)  # fmt: skip
"""What is taken for what."""
SOURCES = {
    "herald": (0.98, 5.0, 0.0), "post": (0.97, 10.0, 20.0), "wire": (0.95, 2.0, 0.0),
    "blog": (0.8, 20.0, 60.0), "almanac": (0.96, 40.0, 250.0), "voice": (0.9, 5.0, 30.0),
}  # fmt: skip
"""Source to: how often it is right, days till it prints, days its knowledge is old, on average."""
READ = (0.4, 0.5, 0.6, 0.65, 0.75, 0.9)
MISREAD = {"side": 0.75, "opposite": 0.12, "nothing": 0.13}
"""What becomes of a claim not read exactly; about as measured on hand-marked reports, where claims
between known actors are also read exactly more often than is said of them (`_CAUTIOUS`)."""
_CAUTIOUS = 0.65


@dataclass
class World:
    """Truth and what was told of it.

    Parameters
    ----------
    truth
        Pair to the state on each day, from the first on.
    """

    actors: list[Actor]
    truth: dict[frozenset[str], list[str]]
    claims: list[Claim] = field(default_factory=list)

    def side(self, pair: frozenset[str], day: int) -> int:
        return SIDE[self.truth[pair][day]] if pair in self.truth else 1


def make_world(seed: int, pace: float = 1.0) -> World:
    """A world, its truth and its claims, all from one seed."""
    rng = np.random.default_rng(seed)
    states = [f"state{i}" for i in range(3)]
    groups = [f"group{i}" for i in range(9)]
    units = [f"unit{i}" for i in range(8)]
    actors = [
        Actor(id=x, name=x, kind="state" if x in states else "army")
        for x in (*states, *groups, *units)
    ]
    begin: dict[frozenset[str], str] = {}
    patron = {g: states[int(rng.integers(3))] for g in groups}
    for g, s in patron.items():
        begin[frozenset((g, s))] = "ally"
    whole = {u: str(rng.choice([*groups, *states])) for u in units}
    for u, w in whole.items():
        begin[frozenset((u, w))] = "bond"
    camp = {states[0]: 0, states[1]: 1, states[2]: int(rng.integers(2))}
    camp |= {g: camp[s] for g, s in patron.items()}
    for a, b in combinations((*states, *groups), 2):
        if frozenset((a, b)) not in begin and rng.random() < 0.45:
            apart = camp[a] != camp[b]
            odds = (0.1, 0.2, 0.1, 0.6) if apart else (0.5, 0.2, 0.2, 0.1)
            begin[frozenset((a, b))] = str(rng.choice(["ally", "help", "clash", "enemy"], p=odds))
    for pair in combinations(sorted(x.id for x in actors), 2):
        if frozenset(pair) not in begin and rng.random() < 0.08:
            begin[frozenset(pair)] = "neutral"
    world = World(actors, {p: _life(s, rng, pace) for p, s in begin.items()})
    directed = {frozenset((g, s)): (s, g) for g, s in patron.items()}
    directed |= {frozenset((u, w)): (u, w) for u, w in whole.items()}
    for pair in world.truth:
        _tell(world, pair, directed.get(pair) or tuple(sorted(pair)), rng)  # type: ignore[arg-type]
    for g in groups:  # the voice lays what its patron fights at the rival's door
        for day in rng.integers(0, DAYS, rng.poisson(0.25 * YEARS)):
            if world.side(frozenset((g, states[0])), int(day)) == 2:
                _say(world, rng, states[1], "backs", g, int(day), "voice")
    return world


def _life(state: str, rng: np.random.Generator, pace: float) -> list[str]:
    found: list[str] = []
    gone = float(rng.random())  # of the first state, some is over before the world begins
    while len(found) < DAYS:
        days = rng.gamma(2.0, LASTS_YEARS[state] * 365 / pace / 2.0) * (1 - gone)
        found += [state] * max(10, int(days))
        gone = 0.0
        state = str(rng.choice(list(AFTER[state]), p=list(AFTER[state].values())))
    return found[:DAYS]


def _tell(
    world: World, pair: frozenset[str], order: tuple[str, str], rng: np.random.Generator
) -> None:
    """What sources say of a pair: of what they know, some of it old, not all of it so."""
    chatty = float(rng.lognormal(-1.2, 1.3))
    for source, (right, _, old) in SOURCES.items():
        for day in np.flatnonzero(rng.random(DAYS) < 6 * chatty / 365 / len(SOURCES)):
            knows = max(0, int(day) - int(rng.exponential(old))) if old else int(day)
            state = world.truth[pair][knows]
            if rng.random() > sum(TOLD_PER_YEAR[state].values()) / 5.5:
                continue  # less happens between these two
            if rng.random() > right:
                state = str(rng.choice([s for s in STATES if SIDE[s] != SIDE[state]]))
            rates = TOLD_PER_YEAR[state]
            weights = np.array(list(rates.values()))
            predicate = str(rng.choice(list(rates), p=weights / weights.sum()))
            _say(world, rng, order[0], predicate, order[1], int(day), source)


def _say(
    world: World, rng: np.random.Generator, a: str, predicate: str, b: str, day: int, source: str
) -> None:
    read = float(rng.choice(READ))
    if rng.random() < _CAUTIOUS * (1 - read):
        how = str(rng.choice(list(MISREAD), p=list(MISREAD.values())))
        alike = next(i for i, group in enumerate(ALIKE) if predicate in group)
        if how == "nothing":
            near = sorted({x for p in world.truth if b in p for x in p} - {a, b})
            b = str(rng.choice(near or [x.id for x in world.actors if x.id not in (a, b)]))
        if how == "opposite":
            alike = int(rng.integers(2)) + (0 if alike in (2, 3) else 2)
        predicate = str(rng.choice(ALIKE[alike]))
    on = START + timedelta(day)
    printed = on + timedelta(int(rng.exponential(SOURCES[source][1])))
    world.claims.append(
        Claim(
            predicate=predicate,
            report=Report.of(
                f"{a}{predicate}{b}{day}{source}{len(world.claims)}".encode(),
                title="x",
                source=Source(id=source, name=source),
                published=printed,
            ),
            subject=Ref(id=a, name=a),
            object=Ref(id=b, name=b),
            valid=Span(start=on, end=None),
            p_read=read,
            quote="x",
            begin=0,
            end=1,
        )
    )


def constant(claims: Sequence[Claim], day: date, settings: AlignmentSettings) -> list[float]:
    """The share of a pair's claims by side, smoothed by one for each, whatever the day."""
    counts = np.ones(3)
    for c in claims:
        x = settings.strength.get(c.predicate, 0.0)
        neutral = settings.neutral.get(c.predicate, 0.0)
        counts[1 if neutral >= abs(x) else 0 if x > 0 else 2] += c.p_read
    return [float(x) for x in counts / counts.sum()]


Rule = Callable[[Sequence[Claim], date, AlignmentSettings], list[float]]
RIVALS: Mapping[str, Rule] = {
    "signed sum": signed_sum, "last claim": last_claim, "pair constant": constant,
}  # fmt: skip


def pairs_of(claims: Sequence[Claim]) -> dict[frozenset[str], list[Claim]]:
    found: dict[frozenset[str], list[Claim]] = defaultdict(list)
    for c in claims:
        assert c.subject is not None
        assert c.object is not None
        found[frozenset((c.subject.id, c.object.id))].append(c)
    return found


def infer(world: World, as_of: date, settings: AlignmentSettings) -> AlignmentNetwork:
    vocabulary = Vocabulary.load(None).extended(actors=world.actors)
    return infer_alignment(world.claims, vocabulary, as_of=as_of, settings=settings)


Answers = dict[str, list[list[float]]]


def ask(
    world: World, settings: AlignmentSettings, *, hindsight: bool
) -> tuple[Answers, list[int], Answers, list[int]]:
    """Odds of every rule for the pairs told of, and for those that only others join; with truth."""
    odds: Answers = defaultdict(list)
    joined: Answers = defaultdict(list)
    held: list[int] = []
    joined_held: list[int] = []
    last = START + timedelta(DAYS)
    network = infer(world, last, settings)
    for day in range(365, DAYS, 91):
        on = START + timedelta(day)
        if not hindsight:
            network = infer(world, on, settings)
        told = [c for c in world.claims if hindsight or (c.published or last) <= on]
        by_pair = pairs_of(told)
        for a, b in network.pairs():
            found = network.odds(a, b, on)
            if found is None:
                continue
            pair = frozenset((a, b))
            held.append(world.side(pair, day))
            odds["chain"].append([found[k] for k in SIDES])
            for name, rule in RIVALS.items():
                odds[name].append(rule(by_pair[pair], on, settings))
        for state in (x.id for x in world.actors if x.kind == "state"):
            for unit in (x.id for x in world.actors if x.id.startswith("unit")):
                if network.odds(state, unit, on) is None:
                    _ask_joined(world, network, state, unit, day, joined, joined_held)
    return odds, held, joined, joined_held


def _ask_joined(
    world: World, network: AlignmentNetwork, top: str, bottom: str, day: int,
    odds: Answers, held: list[int],
) -> None:  # fmt: skip
    estimate = network.tie(top, bottom, START + timedelta(day))
    if len(estimate.path) < 3:
        return
    links = zip(estimate.path, estimate.path[1:], strict=False)
    held.append(0 if all(world.side(frozenset(p), day) == 0 for p in links) else 1)
    odds["through others"].append([estimate.p[k] for k in SIDES])
    odds["every way at .9"].append([0.9, 0.05, 0.05])


def delays(world: World, settings: AlignmentSettings) -> dict[str, list[float]]:
    """Days after a turn from one side to the other till the new side has even odds, as of the day.

    Only turns that last for half a year and of which some later claim of the new side tells; a rule
    that has not seen it in two years counts as two years.
    """
    found: dict[str, list[float]] = defaultdict(list)
    by_pair = pairs_of(world.claims)
    for pair, states in world.truth.items():
        a, b = sorted(pair)
        for day in range(1, DAYS - 180):
            old, new = SIDE[states[day - 1]], SIDE[states[day]]
            if {old, new} != {0, 2} or any(SIDE[s] != new for s in states[day : day + 180]):
                continue
            on = START + timedelta(day)
            sign = 1 if new == 0 else -1
            tells = [
                c
                for c in by_pair.get(pair, ())
                if settings.strength.get(c.predicate, 0.0) * sign > 0.5
                and on <= (c.valid.start or on) < on + timedelta(365)
            ]
            before = [c for c in by_pair.get(pair, ()) if (c.published or on) < on]
            if not tells or not before:
                continue
            seen: dict[str, float] = {}
            for later in range(0, 730, 15):
                now = on + timedelta(later)
                told = [c for c in by_pair[pair] if (c.published or now) <= now]
                network = infer_alignment(
                    told, Vocabulary.load(None).extended(actors=world.actors), as_of=now,
                    settings=settings,
                )  # fmt: skip
                odds = network.odds(a, b, now)
                looks = {"chain": [odds[k] for k in SIDES] if odds else [0.0] * 3}
                looks |= {name: rule(told, now, settings) for name, rule in RIVALS.items()}
                for name, p in looks.items():
                    if p[new] >= 0.5:
                        seen.setdefault(name, later)
            for name in ("chain", *RIVALS):
                found[name].append(seen.get(name, 730))
    return found


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=5, help="how many worlds")
    parser.add_argument("--pace", type=float, default=1.0, help="how short-lived ties are")
    asked = parser.parse_args()
    print(machine())
    settings = AlignmentSettings()
    worlds = [make_world(seed, asked.pace) for seed in range(asked.seeds)]
    print(
        f"{len(worlds)} worlds, pace {asked.pace}: {sum(len(w.truth) for w in worlds)} pairs that "
        f"have to do with each other, {sum(len(w.claims) for w in worlds)} claims"
    )
    for hindsight in (True, False):
        odds: Answers = defaultdict(list)
        joined: Answers = defaultdict(list)
        held: list[int] = []
        joined_held: list[int] = []
        for world in worlds:
            one, sides, two, others = ask(world, settings, hindsight=hindsight)
            for name in one:
                odds[name] += one[name]
            for name in two:
                joined[name] += two[name]
            held += sides
            joined_held += others
        print(f"\n{'with hindsight' if hindsight else 'as of the day'}: {len(held)} answers")
        for rows, sides in ((odds, held), (joined, joined_held)):
            for name, found in rows.items():
                told = score(found, sides)
                print(f"  {name:16}" + "  ".join(f"{k} {v:.3f}" for k, v in told.items()))
        print("  the chain by its odds:")
        calibration(odds["chain"], held)
        print("  through others, by its odds:")
        calibration(joined["through others"], joined_held)
    late: dict[str, list[float]] = defaultdict(list)
    for world in worlds:
        for name, days in delays(world, settings).items():
            late[name] += days
    print(f"\n{len(late['chain'])} turns: days till the new side has even odds, median and mean")
    for name, days in late.items():
        print(f"  {name:16}{np.median(days):5.0f}{np.mean(days):7.0f}")


if __name__ == "__main__":
    main()
