"""Who and what could fill a role in a paragraph: every phrase that can be read as actor or place.

The rule: a phrase is offered once, at the token it hangs on, with all that it can mean there. Which
of them takes part in what is said is for others to choose.
"""

from dataclasses import dataclass

from marchland.claims import PlaceRef, Ref
from marchland.reading.link import Linker

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ", "ADV", "X"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A phrase that could be an actor or a place.

    Parameters
    ----------
    head
        The token it hangs on.
    first, last
        Its tokens, both included, determiner and all.
    actor
        Whom it means as an actor; None where it is none.
    places
        What it means as places, one for each it names.
    """

    head: int
    first: int
    last: int
    actor: Ref | None = None
    places: tuple[PlaceRef, ...] = ()


def candidates(linker: Linker) -> list[Candidate]:
    """The phrases of the paragraph that `linker` stands in, in the order of their heads."""
    tree = linker.tree
    found = []
    for i in range(len(tree)):
        if tree.pos[i] not in _NOMINAL:
            continue
        actor = linker.actor(i, loose=True)
        places = tuple(linker.places(i))
        if actor is None and not places:
            continue
        m = linker.mention_at(i)
        first = min([i, *(tree.left[c] for c in tree.children[i] if c < i)])
        last = i
        if m is not None:
            first, last = min(first, m.first), max(last, m.last)
        found.append(Candidate(head=i, first=first, last=last, actor=actor, places=places))
    return found
