"""Roads between settlements from an OpenStreetMap extract, by pyosmium.

The main roads of an extract (``.osm.pbf``) are cut at junctions, settlements and border posts;
what lies between two of these becomes one link. Travel time is that of a lorry by class and
surface. Then junctions go too: a link joins two settlements where the quickest way that passes no
third one takes no more than a quarter longer than the quickest by others. So the corridor's places
are those that somebody can be said to hold, travel times between them are the whole network's, and
ways round a town stay. Opening hours of border posts become dated facts: they count from the day of
the post's last edit.
"""

import importlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from marchland.errors import BadInput, MissingExtra
from marchland.roads import CrossingNotice, Link, mean_wait_h
from marchland.vocabulary import Place

SPEED_KM_H = {
    "motorway": 80.0,
    "trunk": 70.0,
    "primary": 60.0,
    "secondary": 50.0,
    "tertiary": 40.0,
    "track": 20.0,
}
"""Of a loaded lorry by class; rough figures for planning. A slip road counts as its class."""
UNPAVED_KM_H = 25.0
"""At most this where the surface is none of asphalt, concrete or paving."""
SETTLEMENT_KM, POST_KM = 5.0, 1.0
"""A settlement and a border post lie on the nearest road no further off than this."""
_PAVED = frozenset(
    {"", "paved", "asphalt", "concrete", "concrete:plates", "concrete:lanes", "paving_stones",
     "sett", "chipseal"}
)  # fmt: skip
_CLASSES = tuple(SPEED_KM_H)
_GEOD = pyproj.Geod(ellps="WGS84")
_EARTH_KM = 6371.0
_SAME_POST_KM = 30.0
_NO_YEAR = 1970
"""What an edit is dated by where the extract has no dates."""
_FURTHEST_H = 10.0
"""Between two neighbouring settlements no way is looked for that takes longer."""
_DETOUR = 1.25

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmRoads:
    """What an extract gives a theatre.

    Parameters
    ----------
    crossings
        Border posts on the roads, each a place with its other side where that is in the extract.
    links
        Between settlements and crossings, by place id.
    facts
        Opening hours of border posts, for ordinary traffic on their own side.
    left_out
        Opening hours that were not taken, each with the post and the reason.
    unreached
        Ids of settlements that no road of the extract comes near to.
    ways, junctions
        How many ways were read, and how many junctions they meet in.
    """

    crossings: tuple[Place, ...]
    links: tuple[Link, ...]
    facts: tuple[CrossingNotice, ...] = ()
    left_out: tuple[str, ...] = ()
    unreached: tuple[str, ...]
    ways: int
    junctions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """A border post, with its opening hours as they stand and the day that they were edited."""

    number: int
    name: str
    lon: float
    lat: float
    hours: str
    edited: date | None

    @property
    def id(self) -> str:
        return f"osm-node-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """Ways as one run of node ids; way k is ``refs[first[k]:first[k + 1]]``."""

    refs: Ints
    first: Ints
    grade: Ints
    paved: NDArray[np.bool_]
    speed: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edges:
    """Stretches between key nodes: ends, km, hours, km by class, unpaved km, whether a border."""

    a: Ints
    b: Ints
    km: Floats
    hours: Floats
    by_class: Floats
    unpaved: Floats
    border: NDArray[np.bool_]


def read_osm(
    extract: Path | str, settlements: Sequence[Place], *, classes: Sequence[str] = _CLASSES[:5]
) -> OsmRoads:
    """The road network between settlements by an OpenStreetMap extract.

    Parameters
    ----------
    extract
        A file that pyosmium reads: ``.osm.pbf``, ``.osm``, ``.osm.bz2``.
    settlements
        Places with a point; those near a road become nodes.
    classes
        Highway classes to use, of `SPEED_KM_H`; slip roads of a class come with it.

    Raises
    ------
    BadInput
        If the file can't be read, a class is unknown, or no road of these classes is in it.
    MissingExtra
        If pyosmium is not installed.
    """
    unknown = [c for c in classes if c not in SPEED_KM_H]
    if unknown:
        raise BadInput(f"no road class {', '.join(unknown)}; there are {', '.join(SPEED_KM_H)}")
    try:
        osmium = importlib.import_module("osmium")
    except ModuleNotFoundError:
        raise MissingExtra("osm", "Reading an OpenStreetMap extract") from None
    path = Path(extract)
    if not path.is_file():
        raise BadInput("there is no such file", path=path)
    try:
        ways = _read_ways(osmium, path, classes)
        borders = _read_borders(osmium, path)
        posts = _read_posts(osmium, path)
        wanted = np.unique(np.concatenate([ways.refs, *borders]))
        ids, points = _read_points(osmium, path, wanted)
    except RuntimeError as error:
        raise BadInput(f"can't be read as OpenStreetMap data: {error}", path=path) from error
    if len(ways.first) < 2:
        raise BadInput(f"has no road of the classes {', '.join(classes)}", path=path)
    tail, head, way = _segments(ways, ids)
    used = np.unique(np.concatenate([tail, head]))
    places = [p for p in settlements if p.point is not None and not p.is_area]
    at_place = _nearest(points, used, np.array([(p.lon, p.lat) for p in places]), SETTLEMENT_KM)
    at_post = _nearest(points, used, np.array([(p.lon, p.lat) for p in posts]), POST_KM)
    site_of: dict[int, Place] = {}
    for post, node in zip(posts, at_post, strict=True):
        if node >= 0 and node not in site_of:
            near = _closest(places, post.lon, post.lat)
            site_of[int(node)] = Place(
                id=post.id, name=post.name or f"Border post {post.number}", kind="crossing",
                country=near.country if near else None, lat=post.lat, lon=post.lon,
                note="OpenStreetMap",
            )  # fmt: skip
    # The most populous settlement first: a smaller one on the same node has no node of its own.
    order = sorted(range(len(places)), key=lambda i: (-(places[i].population or 0), places[i].id))
    for i in order:
        if at_place[i] >= 0 and int(at_place[i]) not in site_of:
            site_of[int(at_place[i])] = places[i]
    edges, keys = _contracted(
        ways, tail, head, way, points, list(site_of), _lines(borders, ids, points)
    )
    sites = {k: site_of[int(node)] for k, node in enumerate(keys) if int(node) in site_of}
    links = _between_sites(edges, len(keys), sites)
    kept = {p.id for p in sites.values()}
    on_roads = {end for x in links for end in (x.start, x.end)}
    facts, left_out = _opening_hours([p for p in posts if p.id in kept & on_roads])
    return OsmRoads(
        crossings=_paired([p for p in sites.values() if p.kind == "crossing" and
                           p.id.startswith("osm-node-")], links),
        links=links,
        facts=facts,
        left_out=left_out,
        unreached=tuple(p.id for p in places if p.id not in kept),
        ways=len(ways.first) - 1,
        junctions=len(keys),
    )  # fmt: skip


def _read_ways(osmium: Any, path: Path, classes: Sequence[str]) -> _Ways:
    tags = [("highway", f"{c}{link}") for c in classes for link in ("", "_link")]
    tags = [t for t in tags if t[1] not in ("track_link", "tertiary_link")] + (
        [("highway", "tertiary_link")] if "tertiary" in classes else []
    )
    refs: list[int] = []
    first, grade, paved, speed = [0], [], [], []
    reader = osmium.FileProcessor(str(path), osmium.osm.WAY)
    for way in reader.with_filter(osmium.filter.TagFilter(*tags)):
        if way.tags.get("access") in ("no", "private") or len(way.nodes) < 2:
            continue
        refs.extend(n.ref for n in way.nodes)
        first.append(len(refs))
        name = way.tags["highway"].removesuffix("_link")
        grade.append(_CLASSES.index(name))
        hard = way.tags.get("surface", "") in _PAVED and name != "track"
        paved.append(hard)
        at_most = SPEED_KM_H[name] if hard else min(SPEED_KM_H[name], UNPAVED_KM_H)
        limit = way.tags.get("maxspeed", "")
        speed.append(min(at_most, float(limit)) if limit.isdigit() and int(limit) >= 5 else at_most)
    return _Ways(
        refs=np.array(refs, dtype=np.int64), first=np.array(first, dtype=np.int64),
        grade=np.array(grade, dtype=np.int64), paved=np.array(paved, dtype=bool),
        speed=np.array(speed, dtype=np.float64),
    )  # fmt: skip


def _read_borders(osmium: Any, path: Path) -> list[Ints]:
    """Node ids of the ways that are borders of countries."""
    reader = osmium.FileProcessor(str(path), osmium.osm.WAY)
    reader = reader.with_filter(osmium.filter.TagFilter(("admin_level", "2")))
    found = (np.array([n.ref for n in way.nodes], dtype=np.int64) for way in reader)
    return [refs for refs in found if len(refs) > 1]


def _read_posts(osmium: Any, path: Path) -> list[_Post]:
    """Border posts; where an edit is not dated, the extract's own day stands for it."""
    reader = osmium.FileProcessor(str(path), osmium.osm.NODE)
    whole = _day(reader.header.get("osmosis_replication_timestamp", ""))
    reader = reader.with_filter(osmium.filter.TagFilter(("barrier", "border_control")))
    return [
        _Post(
            number=n.id, name=n.tags.get("name:en") or n.tags.get("name", ""),
            lon=n.location.lon, lat=n.location.lat, hours=n.tags.get("opening_hours", "").strip(),
            edited=n.timestamp.date() if n.timestamp.year > _NO_YEAR else whole,
        )
        for n in reader
    ]  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _opening_hours(posts: Sequence[_Post]) -> tuple[tuple[CrossingNotice, ...], tuple[str, ...]]:
    """Facts of the posts that say their hours; and what can't be one, with the reason."""
    facts, left_out = [], []
    for post in posts:
        if not post.hours:
            continue
        if post.edited is None:
            left_out.append(f"{post.id}: hours {post.hours!r} without a day of their edit")
            continue
        try:
            opens = mean_wait_h(post.hours, post.edited) is not None
            facts.append(
                CrossingNotice(
                    crossing=post.id, state="open" if opens else "closed",
                    traffic=("goods", "people"), both_sides=False, start=post.edited,
                    hours=post.hours if opens else "", source=f"OpenStreetMap, {post.id[4:]}",
                    published=post.edited, note="" if opens else f"hours {post.hours}",
                )
            )  # fmt: skip
        except BadInput as error:
            left_out.append(f"{post.id}: {error.message}")
    return tuple(facts), tuple(left_out)


def _read_points(osmium: Any, path: Path, wanted: Ints) -> tuple[Ints, Floats]:
    """Sorted ids and (n, 2) longitudes and latitudes of nodes."""
    reader = osmium.FileProcessor(str(path), osmium.osm.NODE)
    ids = np.empty(len(wanted), dtype=np.int64)
    points = np.empty((len(wanted), 2))
    n = 0
    for node in reader.with_filter(osmium.filter.IdFilter(wanted.tolist())):
        if n < len(ids):
            ids[n] = node.id
            points[n] = node.lon, node.lat
            n += 1
    order = np.argsort(ids[:n], kind="stable")
    return ids[:n][order], points[:n][order]


def _segments(ways: _Ways, ids: Ints) -> tuple[Ints, Ints, Ints]:
    """From node, to node, way of each step of each way; steps to nodes not in the file are left."""
    way = np.repeat(np.arange(len(ways.first) - 1), np.diff(ways.first))
    at = np.searchsorted(ids, ways.refs)
    known = (at < len(ids)) & (ids[np.minimum(at, len(ids) - 1)] == ways.refs)
    whole = (way[1:] == way[:-1]) & known[1:] & known[:-1] & (at[1:] != at[:-1])
    return at[:-1][whole], at[1:][whole], way[:-1][whole]


def _xyz(points: Floats) -> Floats:
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    return _EARTH_KM * np.column_stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)]
    )


def _nearest(points: Floats, used: Ints, asked: Floats, within_km: float) -> Ints:
    """The nearest used node to each point; -1 where none is so near."""
    if not len(asked):
        return np.zeros(0, dtype=np.int64)
    far, at = cKDTree(_xyz(points[used])).query(_xyz(asked), distance_upper_bound=within_km)
    return np.where(np.isfinite(far), used[np.minimum(at, len(used) - 1)], -1)


def _closest(places: Sequence[Place], lon: float, lat: float) -> Place | None:
    return min(places, key=lambda p: _apart(p, lon, lat), default=None)


def _apart(place: Place, lon: float, lat: float) -> float:
    assert place.lon is not None
    assert place.lat is not None
    return float((place.lon - lon) ** 2 * np.cos(np.radians(lat)) ** 2 + (place.lat - lat) ** 2)


def _lines(borders: Sequence[Ints], ids: Ints, points: Floats) -> Any:
    """Borders as lines, in a tree."""
    found = []
    for refs in borders:
        at = np.searchsorted(ids, refs)
        at = at[(at < len(ids)) & (ids[np.minimum(at, len(ids) - 1)] == refs)]
        if len(at) > 1:
            found.append(shapely.LineString(points[at]))
    return shapely.STRtree(found)


def _contracted(
    ways: _Ways,
    tail: Ints,
    head: Ints,
    way: Ints,
    points: Floats,
    sites: Sequence[int],
    borders: Any,
) -> tuple[_Edges, Ints]:
    """Stretches between key nodes, and the key nodes: junctions, dead ends and sites."""
    km = np.asarray(_GEOD.inv(*points[tail].T, *points[head].T)[2]) / 1000
    hours = km / ways.speed[way]
    over = np.zeros(len(tail), dtype=bool)
    if len(borders):
        steps = shapely.linestrings(np.stack([points[tail], points[head]], axis=1))
        over[borders.query(steps, predicate="intersects")[0]] = True
    degree = np.bincount(np.concatenate([tail, head]), minlength=len(points))
    key = (degree != 2) & (degree > 0)
    key[np.asarray(sites, dtype=np.int64)] = True
    # Chains of nodes that are no keys hang together; each has its two ends at keys.
    inner = ~key[tail] & ~key[head]
    n = len(points)
    _, chain = connected_components(
        csr_matrix((np.ones(inner.sum()), (tail[inner], head[inner])), shape=(n, n)),
        directed=False,
    )
    single = key[tail] & key[head]
    of = np.where(key[tail], chain[head], chain[tail])
    group = np.where(single, -1, of)
    chains, at = np.unique(group[~single], return_inverse=True)
    number = np.empty(len(tail), dtype=np.int64)
    number[~single] = at
    number[single] = len(chains) + np.arange(int(single.sum()))
    total = len(chains) + int(single.sum())
    ends = np.full((total, 2), -1, dtype=np.int64)
    for node, at_end in ((tail, key[tail]), (head, key[head])):
        for row, k in zip(number[at_end], node[at_end], strict=True):
            if ends[row, 0] < 0:
                ends[row, 0] = k
            else:
                ends[row, 1] = k
    whole = (ends[:, 1] >= 0) & (ends[:, 0] != ends[:, 1])
    by_class = np.zeros((total, len(_CLASSES)))
    np.add.at(by_class, (number, ways.grade[way]), km)
    keys = np.unique(ends[whole])

    def summed(values: NDArray[Any]) -> Floats:
        return np.asarray(np.bincount(number, weights=values, minlength=total)[whole])

    return _Edges(
        a=np.searchsorted(keys, ends[whole, 0]),
        b=np.searchsorted(keys, ends[whole, 1]),
        km=summed(km),
        hours=summed(hours),
        by_class=by_class[whole],
        unpaved=summed(km * ~ways.paved[way]),
        border=summed(over) > 0,
    ), keys


def _between_sites(edges: _Edges, n: int, sites: dict[int, Place]) -> tuple[Link, ...]:
    """Links between sites: the quickest way that passes no other, unless it is a long detour."""
    at = np.array(sorted(sites), dtype=np.int64)
    if len(at) < 2:
        return ()
    order = np.lexsort((edges.hours, np.maximum(edges.a, edges.b), np.minimum(edges.a, edges.b)))
    low, high = np.minimum(edges.a, edges.b)[order], np.maximum(edges.a, edges.b)[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    best = order[first]
    a, b, hours = edges.a[best], edges.b[best], np.maximum(edges.hours[best], 1e-6)
    told = np.column_stack(
        [hours, edges.km[best], edges.unpaved[best], edges.border[best], edges.by_class[best]]
    )
    edge_of = {(int(x), int(y)): i for i, (x, y) in enumerate(zip(a, b, strict=True))}
    edge_of |= {(y, x): i for (x, y), i in edge_of.items()}
    # No arc leaves a site, so that no way goes on through one; each starts from a twin of its own.
    twin = np.full(n, -1, dtype=np.int64)
    twin[at] = n + np.arange(len(at))
    tail, head = np.concatenate([a, b]), np.concatenate([b, a])
    start = np.where(twin[tail] >= 0, twin[tail], tail)
    matrix = csr_matrix(
        (np.concatenate([hours, hours]), (start, head)), shape=(n + len(at), n + len(at))
    )
    found: dict[tuple[int, int], NDArray[np.float64]] = {}
    for k, site in enumerate(at.tolist()):
        far, before = dijkstra(matrix, indices=n + k, return_predecessors=True, limit=_FURTHEST_H)
        for other in at[k + 1 :][np.isfinite(far[at[k + 1 :]])].tolist():
            total, v = np.zeros(told.shape[1]), other
            while v != site:
                u = int(before[v])
                u = site if u == n + k else u
                total = total + told[edge_of[u, v]]
                v = u
            found[site, other] = total
    if not found:
        return ()
    number = {site: k for k, site in enumerate(at.tolist())}
    rows, columns = (np.array([number[ends[i]] for ends in found]) for i in (0, 1))
    took = np.array([total[0] for total in found.values()])
    quickest = dijkstra(csr_matrix((took, (rows, columns)), shape=(len(at),) * 2), directed=False)
    kept = took <= _DETOUR * quickest[rows, columns] + 1e-9
    return tuple(
        _link(sites[ends[0]], sites[ends[1]], total)
        for keep, (ends, total) in zip(kept, found.items(), strict=True)
        if keep
    )


def _link(start: Place, end: Place, total: Floats) -> Link:
    hours, km, unpaved, over, *by_class = total.tolist()
    abroad = bool(start.country and end.country and start.country != end.country)
    return Link(
        id=f"{start.id}--{end.id}",
        start=start.id,
        end=end.id,
        road_class="track" if unpaved > km / 2 else _CLASSES[int(np.argmax(by_class))],
        km=round(max(km, 0.01), 2),
        hours=round(max(hours, 0.001), 3),
        border=over > 0 or abroad,
        note="OpenStreetMap contributors, ODbL",
    )


def _paired(posts: Sequence[Place], links: Sequence[Link]) -> tuple[Place, ...]:
    """Posts with their other side: the nearest post across a border link."""
    ids = {p.id for p in posts}
    other: dict[str, tuple[float, str]] = {}
    for link in links:
        if link.border and link.km <= _SAME_POST_KM and {link.start, link.end} <= ids:
            for one, two in ((link.start, link.end), (link.end, link.start)):
                other[one] = min(other.get(one, (np.inf, "")), (link.km, two))
    return tuple(replace(p, other_side=other[p.id][1]) if p.id in other else p for p in posts)
