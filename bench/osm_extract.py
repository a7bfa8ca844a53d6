"""A country's OpenStreetMap extract to a corridor's roads: time and memory.

    python -m bench.osm_extract [--mb 100] [--keep FILE]

No extract comes with the project, so one is made: settlements joined by main roads with a node
every hundred metres, residential streets and buildings about them, in the proportions of a sparse
country, until the ``.osm.pbf`` has the size asked for. Then it is read as ``marchland new --osm``
reads it. The time to make the file is not counted. Needs ``pip install 'marchland[osm]'``.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import osmium
from scipy.spatial import Delaunay

from bench._machine import machine, peak_mb
from marchland.corridor.osm import read_osm
from marchland.vocabulary import Place

SETTLEMENTS = 1500
WIDE, LOW_LON, LOW_LAT = 6.0, 40.0, 30.0
STEP = 0.001
BYTES_A_NODE = 4.7
CLASSES = ("trunk", "primary", "secondary", "tertiary")


class Extract:
    """Writes an invented country node by node, way by way."""

    def __init__(self, path: Path, rng: np.random.Generator) -> None:
        self.nodes, self.ways, self.rng = 0, 0, rng
        self.later: list[tuple[list[int], dict[str, str]]] = []
        self.writer = osmium.SimpleWriter(str(path), overwrite=True)

    def node(self, lon: float, lat: float, **tags: str) -> int:
        self.nodes += 1
        self.writer.add_node(
            osmium.osm.mutable.Node(id=self.nodes, location=(lon, lat), tags=tags, version=1)
        )
        return self.nodes

    def way(self, refs: list[int], **tags: str) -> None:
        self.later.append((refs, tags))

    def close(self) -> None:
        for refs, tags in self.later:
            self.ways += 1
            self.writer.add_way(
                osmium.osm.mutable.Way(id=self.ways, nodes=refs, tags=tags, version=1)
            )
        self.writer.close()


def make(path: Path, mb: float, *, seed: int = 0) -> list[Place]:
    """Write the extract; gives its settlements."""
    rng = np.random.default_rng(seed)
    extract = Extract(path, rng)
    at = rng.random((SETTLEMENTS, 2)) * WIDE + [LOW_LON, LOW_LAT]
    centre = [extract.node(*xy) for xy in at]
    corners = Delaunay(at).simplices
    pairs = {tuple(sorted((int(s[i]), int(s[i - 1])))) for s in corners for i in range(3)}
    for a, b in sorted(pairs):
        n = max(2, int(np.hypot(*(at[b] - at[a])) / STEP))
        wobble = np.cumsum(rng.normal(0, STEP / 8, size=(n - 1, 2)), axis=0)
        between = at[a] + (at[b] - at[a]) * (np.arange(1, n) / n)[:, None] + wobble
        refs = [centre[a], *(extract.node(*xy) for xy in between), centre[b]]
        hard = "asphalt" if rng.random() < 0.8 else "gravel"
        kind = CLASSES[int(rng.integers(len(CLASSES)))]
        extract.way(refs, highway=kind, surface=hard)
    wanted = int(mb * 1e6 / BYTES_A_NODE)
    while extract.nodes < wanted:
        x, y = at[int(rng.integers(SETTLEMENTS))] + rng.normal(0, 0.02, size=2)
        if rng.random() < 0.1:
            bend = np.cumsum(rng.normal(0, STEP, size=(8, 2)), axis=0)
            refs = [extract.node(x + dx, y + dy) for dx, dy in bend]
            extract.way(refs, highway="residential")
        else:
            w, h = rng.uniform(0.0001, 0.0003, size=2)
            refs = [extract.node(x + dx, y + dy) for dx, dy in ((0, 0), (w, 0), (w, h), (0, h))]
            extract.way([*refs, refs[0]], building="yes")
    extract.close()
    return [
        Place(id=f"s{i}", name=f"S{i}", lon=float(x), lat=float(y), population=1000 + i)
        for i, (x, y) in enumerate(at)
    ]


def main() -> None:
    """Make the extract, read it, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mb", type=float, default=100.0, help="size of the extract")
    parser.add_argument("--keep", type=Path, help="keep the extract here, and use it if there")
    asked = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        path = asked.keep or Path(folder) / "country.osm.pbf"
        begin = time.perf_counter()
        places = make(path, asked.mb)
        print(f"made {path.stat().st_size / 1e6:.0f} MB in {time.perf_counter() - begin:.0f} s")
        before = peak_mb()
        begin, used = time.perf_counter(), time.process_time()
        found = read_osm(path, places)
        print(
            f"read in {time.perf_counter() - begin:.1f} s ({time.process_time() - used:.1f} s of "
            f"processor time): {found.ways} ways, {found.junctions} junctions, {len(found.links)} "
            f"links between {len(places) - len(found.unreached)} settlements; peak {peak_mb():.0f} "
            f"MB, of which {before:.0f} MB before, when the extract was made"
        )


if __name__ == "__main__":
    main()
