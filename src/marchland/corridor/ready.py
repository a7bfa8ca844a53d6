"""A corridor question made ready: the road graph, its legs as node numbers, what each link is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marchland.corridor.model import CorridorQuestion
from marchland.corridor.reach import Graph, connected, count, pack
from marchland.errors import BadInput
from marchland.roads import Link, RoadNetwork
from marchland.vocabulary import Vocabulary

_INFORMAL = ("no formal crossing", "informal", "smuggling")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A question made ready: the graph, its nodes and legs.

    Parameters
    ----------
    hours
        (links,) time.
    informal, unpaved, border
        (links,) whether it is a crossing that is no recognised one, a track, a crossing.
    """

    nodes: tuple[str, ...]
    graph: Graph
    hours: NDArray[np.float64]
    legs: list[tuple[int, int]]
    ends: tuple[int, ...]
    informal: NDArray[np.bool_]
    unpaved: NDArray[np.bool_]
    border: NDArray[np.bool_]


def prepare(question: CorridorQuestion, roads: RoadNetwork, vocabulary: Vocabulary) -> Setting:
    """The road graph and the question's legs as node numbers.

    Raises
    ------
    BadInput
        If a place of the question has no road, or no road joins a leg at all.
    """
    network = roads.of_mode("road")
    number = {p: i for i, p in enumerate(network.places)}
    for place in (question.origin, *question.via, question.destination, *question.avoid):
        if place not in number:
            raise BadInput(
                f"{name_of(vocabulary, place)} has no road in this theatre; add links to it in "
                "roads.csv, or ask for a place that has one"
            )
    links = network.links
    graph = Graph(
        n=len(number),
        start=np.array([number[x.start] for x in links], dtype=np.int64),
        end=np.array([number[x.end] for x in links], dtype=np.int64),
    )
    ready = Setting(
        nodes=network.places,
        graph=graph,
        hours=np.array([x.hours for x in links]),
        informal=np.array([is_informal(x) for x in links], dtype=bool),
        unpaved=np.array([not x.paved for x in links], dtype=bool),
        border=np.array([x.border for x in links], dtype=bool),
        legs=[(number[a], number[b]) for a, b in question.legs],
        ends=tuple(number[p] for p in dict.fromkeys(question.ends)),
    )
    everywhere = pack(np.ones((64, graph.n), dtype=bool))
    for leg in question.legs:
        if not count(connected(graph, everywhere, [number[place] for place in leg])):
            raise BadInput(
                f"no road of this theatre joins {name_of(vocabulary, leg[0])} and "
                f"{name_of(vocabulary, leg[1])}, whoever holds it"
            )
    return ready


def is_informal(link: Link) -> bool:
    """Whether a link crosses a border where there is no recognised crossing."""
    return link.border and any(word in link.note.casefold() for word in _INFORMAL)


def name_of(vocabulary: Vocabulary, id: str) -> str:
    """The name of a place or actor; the id itself where nobody has it."""
    found = vocabulary.find_place(id) or vocabulary.find_actor(id)
    return found.name if found else id
