"""Is the road from A to B open for X: joint draws beside independent ones of the same odds.

    python -m bench.control_draws [--places 600] [--seeds 4] [--world NAME]

On invented worlds with known truth (`bench._worlds`) every two of some places 30 to 150 km apart
are joined by the shortest way over links between neighbouring places. The way is open for X where X
holds every place on it (``this road``), or where any way leads from one to the other over places
that X holds (``any road``). Each is asked on some days with hindsight, and again as known on the
day, of the same odds of single places: drawn independently, and jointly with several ranges of the
dependence. Printed are log loss and calibration error, means over seeds with standard errors, and
how much is gained over independent draws; ``open`` counts only the questions that the odds leave
open, between .02 and .98 whatever the dependence.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay

from bench._machine import machine
from bench._scores import calibration, spread
from bench._worlds import START, World, make_world
from marchland.control import ControlSettings, infer_control
from marchland.control.draws import draw, gumbel_fields

WORLDS = ("smooth", "second", "contact", "front")
RANGES_KM = (0.0, 15.0, 30.0, 60.0, 120.0, 240.0)
_NEAREST_KM, _FARTHEST_KM = 30.0, 150.0
_SHUT, _OPEN = 0.02, 0.98
Array = NDArray[np.float64]
Index = NDArray[np.intp]
Found = dict[tuple[str, str, float], tuple[list[float], list[bool], list[bool]]]


class Roads:
    """Links between neighbouring places of a world, and the shortest ways between some pairs."""

    def __init__(self, world: World, *, pairs: int, seed: int) -> None:
        rng = np.random.default_rng([seed, 7])
        at, n = world.at, len(world.at)
        corners = Delaunay(at).simplices
        every = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
        links = np.unique(np.sort(every, axis=1), axis=0)
        length = np.sqrt(((at[links[:, 0]] - at[links[:, 1]]) ** 2).sum(axis=1))
        kept = (length < 4.0 * np.median(length)) & (rng.random(len(links)) < 2 / 3)
        self.links, length = links[kept], length[kept]
        graph = csr_matrix((length, self.links.T), shape=(n, n))
        far, before = dijkstra(graph, directed=False, return_predecessors=True)
        gap = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=-1))
        fits = np.isfinite(far) & (gap > _NEAREST_KM) & (gap < _FARTHEST_KM)
        a, b = np.nonzero(np.triu(fits))
        chosen = rng.permutation(len(a))[:pairs]
        self.ends = np.stack([a[chosen], b[chosen]], axis=1)
        self.ways = [_way(before, a, b) for a, b in self.ends.tolist()]

    def this(self, held: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n, R) whether every place on each way is held, of (n, P)."""
        return np.stack([held[:, way].all(axis=1) for way in self.ways], axis=1)

    def any(self, held: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n, R) whether any way over places that are held joins the ends, of (n, P)."""
        out = np.empty((len(held), len(self.ends)), dtype=bool)
        a, b = self.ends.T
        for i, here in enumerate(held):
            used = self.links[here[self.links].all(axis=1)]
            ones = np.ones(len(used), dtype=np.int8)
            graph = csr_matrix((ones, used.T), shape=(len(here), len(here)))
            label = connected_components(graph, directed=False)[1]
            out[i] = (label[a] == label[b]) & here[a] & here[b]
        return out


def _way(before: NDArray[np.int32], a: int, b: int) -> Index:
    way = [b]
    while way[-1] != a:
        way.append(int(before[a, way[-1]]))
    return np.array(way, dtype=np.intp)


def ask(
    world: World, *, settings: ControlSettings, days: int, pairs: int, draws: int, seed: int
) -> Iterator[tuple[str, str, float, float, bool, bool]]:
    """Clock, question, range, odds that it is open, whether it is, whether odds leave that open."""
    vocabulary, claims, towns = world.vocabulary(), world.claims(), world.towns()
    ids = [t.id for t in towns]
    roads = Roads(world, pairs=pairs, seed=seed)
    total, k = len(world.held), world.holders
    noise = {
        r: gumbel_fields(towns, outcomes=k, n=draws, range_km=max(r, 1e-6), seed=seed)
        for r in RANGES_KM
    }
    end = START + timedelta(days=total - 1)
    whole = infer_control(
        claims, vocabulary, as_of=end, start=START, end=end, places=ids, settings=settings
    )
    for d in np.linspace(total // 4, total - 1, days).astype(int).tolist():
        day = START + timedelta(days=d)
        then = infer_control(
            claims, vocabulary, as_of=day, start=day, end=day, places=ids, settings=settings
        )
        for clock, field in (("hindsight", whole), ("as of the day", then)):
            odds = field.odds(day)[:, [field.outcomes.index(f"a{x}") for x in range(k)]]
            odds /= odds.sum(axis=1, keepdims=True)
            held = {r: draw(odds, g) for r, g in noise.items()}
            for x in range(k):
                truth = world.held[d][None] == x
                for name, question in (("this road", roads.this), ("any road", roads.any)):
                    is_open = question(truth)[0]
                    p = {
                        r: (question(h == x).sum(axis=0) + 0.5) / (draws + 1.0)
                        for r, h in held.items()
                    }
                    least, most = (f([*p.values()], axis=0) for f in (np.min, np.max))
                    left = (most > _SHUT) & (least < _OPEN)
                    for r, found in p.items():
                        for one in zip(
                            found.tolist(), is_open.tolist(), left.tolist(), strict=True
                        ):
                            yield (clock, name, r, *one)


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--places", type=int, default=600)
    parser.add_argument("--days", type=int, default=6, help="days asked about")
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--world", choices=WORLDS, action="append")
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    print(machine())
    for name in chosen.world or WORLDS:
        runs: dict[tuple[str, str, str, float], list[tuple[float, float]]] = {}
        for seed in range(chosen.seeds):
            world = make_world(name, places=chosen.places, days=365, seed=seed)
            by: Found = {}
            for clock, question, r, *one in ask(
                world, settings=ControlSettings(tuning_least=60), days=chosen.days,
                pairs=chosen.pairs, draws=chosen.draws, seed=seed,
            ):  # fmt: skip
                for column, value in zip(
                    by.setdefault((clock, question, r), ([], [], [])), one, strict=True
                ):
                    column.append(value)
            for (clock, question, r), columns in by.items():
                p, is_open, left = (np.array(c) for c in columns)
                for which, used in (("all", np.ones(len(p), dtype=bool)), ("open", left)):
                    runs.setdefault((clock, question, which, r), []).append(
                        _scores(p[used], is_open[used])
                    )
        _show(f"{name}: {chosen.places} places, {chosen.seeds} seeds", runs)
    return 0


def _scores(p: Array, is_open: NDArray[np.bool_]) -> tuple[float, float]:
    loss = -np.log(np.where(is_open, p, 1.0 - p)).mean()
    return float(loss), calibration(np.maximum(p, 1.0 - p), (p > 0.5) == is_open)


def _show(title: str, runs: dict[tuple[str, str, str, float], list[tuple[float, float]]]) -> None:
    print(f"\n{title}\n{'':36}range km{'log loss':>14}{'ece':>14}{'gain':>16}")
    for (clock, question, which, r), found in sorted(runs.items()):
        loss, ece = (np.array(x) for x in zip(*found, strict=True))
        alone = np.array([x[0] for x in runs[clock, question, which, 0.0]])
        gain = "" if r == 0.0 else f"{spread(alone - loss):>16}"
        print(
            f"  {clock:14}{question:10}{which:10}{r:7.0f} {spread(loss):>14}{spread(ece):>14}{gain}"
        )


if __name__ == "__main__":
    sys.exit(main())
