"""Persons in public roles: a capitalised name and the title or role that stands beside it."""

from dataclasses import dataclass

from marchland.reading.phrases import proper_run
from marchland.reading.tree import Tree
from marchland.reading.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person's name.

    Parameters
    ----------
    first, last
        Tokens of the name alone, without titles.
    title
        Index of the first token of the titles before it; `first` where there are none.
    roles
        Lemmas of the titles.
    """

    first: int
    last: int
    title: int
    name: str
    roles: tuple[str, ...] = ()


_NOT_A_NAME = frozenset(
    [
        "army",
        "forces",
        "force",
        "party",
        "council",
        "front",
        "state",
        "movement",
        "brigade",
        "division",
        "committee",
        "ministry",
        "group",
        "union",
        "league",
        "organization",
        "organisation",
        "agency",
        "court",
        "commission",
        "company",
        "university",
        "institute",
        "center",
        "centre",
        "operation",
        "battle",
        "treaty",
        "river",
        "mountain",
        "mountains",
        "sea",
        "street",
        "university",
        "station",
        "base",
        "airbase",
        "airport",
        "province",
        "governorate",
        "district",
        "city",
        "town",
        "village",
        "region",
        "valley",
        "news",
        "times",
        "post",
        "house",
        "department",
        "office",
        "observatory",
        "coalition",
        "command",
        "guard",
        "guards",
        "corps",
        "bank",
    ]
)


def person_at(tree: Tree, i: int) -> Person | None:
    """The person whose name ends with token `i`'s capitalised run; None where nothing says so.

    A title or role before the name says so, or one in apposition.
    """
    if tree.pos[i] != "PROPN":
        return None
    first, last = proper_run(tree, i)
    titles = words("person_title")
    cut = None
    for t in range(first, last + 1):
        if tree.words[t].lower().rstrip(".") in titles:
            cut = t
    title = first
    roles = [] if cut is None else [_title(tree, t) for t in range(first, cut + 1)]
    before = first - 1
    while before >= 0:
        if _title(tree, before) in titles and tree.pos[before] in ("NOUN", "ADJ", "PROPN"):
            roles.insert(0, _title(tree, before))
            title = before
        elif not (
            tree.words[before].lower() in ("of", "for", "-")
            and before > 0
            and roles
            and _title(tree, before - 1) in titles
        ):
            break
        before -= 1
    if cut == last:
        return None
    if cut is not None:
        first = cut + 1
    elif not roles and not _role_in_apposition(tree, first, last):
        return None
    while first < last and not tree.words[first][0].isalpha():
        first += 1
    if any(tree.words[t].lower() in _NOT_A_NAME for t in range(first, last + 1)):
        return None
    return Person(
        first=first,
        last=last,
        title=title,
        name=tree.span_text(first, last),
        roles=tuple(r for r in roles if r in titles),
    )


def _title(tree: Tree, t: int) -> str:
    return tree.words[t].lower().rstrip(".")


def _role_in_apposition(tree: Tree, first: int, last: int) -> bool:
    roles = words("leads_role") | words("commands_role") | words("member_role")
    head = next((t for t in range(last, first - 1, -1) if not first <= tree.heads[t] <= last), last)
    if any(tree.lemmas[c] in roles for c in tree.of_dep(head, "appos")):
        return True
    return tree.deps[head] == "appos" and tree.lemmas[tree.heads[head]] in roles
