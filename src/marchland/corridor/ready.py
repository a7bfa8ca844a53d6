"""A corridor question made ready: the road graph, its legs as node numbers, what each link is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marchland.corridor.model import CorridorQuestion
from marchland.corridor.openings import Opening, Openings
from marchland.corridor.reach import Graph, connected, count, pack
from marchland.errors import BadInput
from marchland.roads import Link, RoadNetwork
from marchland.vocabulary import Vocabulary

SHUT_H = 1500.0
"""Hours that a link over a closed crossing counts for where a way is looked for all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Links between numbered nodes, with what ways are chosen by.

    Parameters
    ----------
    hours
        (links,) time.
    wait
        (links,) mean wait for a crossing's opening hours.
    informal, unpaved, border
        (links,) whether it is a crossing that is no recognised one, a track, a crossing.
    """

    graph: Graph
    hours: NDArray[np.float64]
    wait: NDArray[np.float64]
    informal: NDArray[np.bool_]
    unpaved: NDArray[np.bool_]
    border: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A question made ready: the graph, its nodes and legs.

    Parameters
    ----------
    links
        What can be gone by: those over crossings that are shut are left out.
    every
        All links, those over shut crossings at `SHUT_H` hours more.
    over
        Of `every`, number of the crossing that shuts it, from `shut`; -1 where none does.
    """

    nodes: tuple[str, ...]
    links: Links
    every: Links
    legs: list[tuple[int, int]]
    ends: tuple[int, ...]
    shut: tuple[Opening, ...] = ()
    over: NDArray[np.int64]

    @property
    def graph(self) -> Graph:
        """What can be gone by."""
        return self.links.graph


def prepare(
    question: CorridorQuestion,
    roads: RoadNetwork,
    vocabulary: Vocabulary,
    openings: Openings | None = None,
) -> Setting:
    """The road graph and the question's legs as node numbers.

    Parameters
    ----------
    openings
        When crossings are open; left out, none is known to be closed.

    Raises
    ------
    BadInput
        If a place of the question has no road, or no road joins a leg at all.
    """
    network = roads.of_mode("road")
    number = {p: i for i, p in enumerate(network.places)}
    for place in (question.origin, *question.via, question.destination, *question.avoid):
        if place not in number:
            found = vocabulary.find_place(place)
            if found is not None and (found.is_area or found.kind == "country"):
                raise BadInput(f"{found.name} is an area; name a place in it that a road leads to")
            raise BadInput(
                f"{name_of(vocabulary, place)} has no road in this theatre; add links to it in "
                "roads.csv, or ask for a place that has one"
            )
    shut = openings.shut_links if openings is not None else frozenset()
    waits = openings.wait_h if openings is not None else {}
    crossings = openings.shut if openings is not None else ()
    number_of = {
        i: k
        for k, crossing in enumerate(crossings)
        for i, o in (openings.by_link.items() if openings is not None else ())
        if o.shut and o.ends == crossing.ends
    }
    every = _links(network.links, number, waits, shut)
    passable = [x for x in network.links if x.id not in shut]
    ready = Setting(
        nodes=network.places,
        links=_links(passable, number, waits) if shut else every,
        every=every,
        shut=crossings,
        over=np.array([number_of.get(x.id, -1) for x in network.links], dtype=np.int64),
        legs=[(number[a], number[b]) for a, b in question.legs],
        ends=tuple(number[p] for p in dict.fromkeys(question.ends)),
    )
    everywhere = pack(np.ones((64, every.graph.n), dtype=bool))
    for leg in question.legs:
        if not count(connected(every.graph, everywhere, [number[place] for place in leg])):
            raise BadInput(
                f"no road of this theatre joins {name_of(vocabulary, leg[0])} and "
                f"{name_of(vocabulary, leg[1])}, whoever holds it"
            )
    return ready


def _links(
    links: Sequence[Link],
    number: Mapping[str, int],
    waits: Mapping[str, float],
    shut: Collection[str] = (),
) -> Links:
    return Links(
        graph=Graph(
            n=len(number),
            start=np.array([number[x.start] for x in links], dtype=np.int64),
            end=np.array([number[x.end] for x in links], dtype=np.int64),
        ),
        hours=np.array([x.hours + (SHUT_H if x.id in shut else 0.0) for x in links]),
        wait=np.array([waits.get(x.id, 0.0) for x in links]),
        informal=np.array([x.informal for x in links], dtype=bool),
        unpaved=np.array([not x.paved for x in links], dtype=bool),
        border=np.array([x.border for x in links], dtype=bool),
    )


def name_of(vocabulary: Vocabulary, id: str) -> str:
    """The name of a place or actor; the id itself where nobody has it."""
    found = vocabulary.find_place(id) or vocabulary.find_actor(id)
    return found.name if found else id
