"""Who and what could fill a role in a paragraph: every phrase that can be read as actor or place.

The rule: a phrase is offered once, at the token it hangs on, with all that it can mean there and
the kind of thing that it names. Which of them takes part in what is said is for others to choose.
"""

from dataclasses import dataclass
from enum import StrEnum

from marchland.claims import PlaceRef, Ref
from marchland.reading.link import Linker
from marchland.reading.mentions import Mention
from marchland.reading.persons import Person, person_at
from marchland.reading.phrases import is_acting, is_place_noun, proper_run
from marchland.reading.tree import Tree
from marchland.reading.words import words

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ", "ADV", "X"})
_BEFORE = frozenset({"det", "predet", "amod", "compound", "nmod", "poss"})
_ONE = frozenset({"he", "she", "i", "me", "him", "myself", "himself", "herself"})
_MANY = frozenset({"we", "us", "they", "them", "ourselves", "themselves"})
_THERE = frozenset({"there", "here"})
_ACTS_WITH = frozenset({"by", "with", "against", "between", "among"})
_PLATFORMS = frozenset(
    ["aircraft", "jet", "plane", "warplane", "bomber", "helicopter", "drone", "tank", "warship",
     "airlifter", "ship", "vessel", "vehicle", "uav"]
)  # fmt: skip
_PEOPLE = frozenset(
    ["resident", "villager", "civilian", "refugee", "protester", "fighter", "soldier", "militant",
     "gunman", "rebel", "insurgent", "jihadist", "terrorist", "citizen", "witness", "prisoner",
     "detainee", "foreigner", "student", "teacher", "doctor", "diplomat", "lawmaker", "suspect",
     "people", "person", "man", "woman", "child", "boy", "girl", "family", "user", "attacker",
     "victim", "perpetrator", "mourner", "enthusiast", "friend", "colleague", "brother", "sister",
     "father", "mother", "son", "daughter", "wife", "husband", "relative", "translator", "worker",
     "partner", "ally", "adversary", "player", "hostage", "survivor", "founder", "employee",
     "staff", "crew", "team", "troop", "personnel", "servicemember", "member", "leader",
     "engineer", "lawyer", "farmer", "driver", "pilot", "sniper", "trainer", "trainee", "recruit",
     "workforce", "youth", "population", "public", "crowd", "gang", "clan", "tribe", "company",
     "society", "institution", "department", "office", "bureau", "team", "insurgency",
     "opposition", "leadership", "community", "prosecution", "anyone", "everyone", "somebody",
     "someone", "everybody", "nobody", "individual", "adult", "neighbour", "neighbor", "guest",
     "supporter", "follower", "sympathizer", "sympathiser", "believer", "scholar", "cleric"]
)  # fmt: skip
_NO_PERSON = frozenset(
    ["group", "coalition", "government", "army", "military", "regime", "state", "country",
     "family", "community", "people", "staff", "crew", "team", "personnel", "police", "public",
     "workforce", "population", "company", "opposition", "insurgency", "leadership", "clan"]
)  # fmt: skip
_NAMED_PLACES = frozenset(
    ["river", "sea", "gulf", "mountain", "mountains", "lake", "valley", "island", "peninsula",
     "desert", "province", "governorate", "district", "city", "town", "village", "airport",
     "airfield", "airbase", "base", "hospital", "university", "square", "street", "gate", "dam",
     "camp", "region", "bridge", "road", "border", "crossing", "neighbourhood", "neighborhood",
     "mosque", "museum", "plains", "hills", "heights", "room", "east", "africa", "county"]
)  # fmt: skip


_NO_PLACE = frozenset(
    ["point", "position", "ground", "field", "line", "front", "site", "pass", "settlement",
     "capital", "center", "centre", "state", "country", "way", "headquarters", "post", "axis",
     "corridor", "tunnel", "well", "canal", "mine", "artillery", "convoy", "defence", "defense",
     "media", "source"]
)  # fmt: skip


class ThingKind(StrEnum):
    """The kind of thing that a phrase names where it stands."""

    PERSON = "person"
    BODY = "body"
    PLACE = "place"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A phrase that could be an actor or a place, or whose reference is not known.

    Parameters
    ----------
    head
        The token it hangs on.
    first, last
        Its tokens, both included: determiner, titles, and an "of" that belongs to its name.
    kind
        What it names where it stands: a country that acts is a body; None where nothing says.
    actor
        Whom it means as an actor; None where it is none.
    places
        What it means as places, one for each it names.
    """

    head: int
    first: int
    last: int
    kind: ThingKind | None = None
    actor: Ref | None = None
    places: tuple[PlaceRef, ...] = ()


def candidates(linker: Linker) -> list[Candidate]:
    """The phrases of the paragraph that `linker` stands in, in the order of their heads."""
    tree = linker.tree
    found = []
    for i in range(len(tree)):
        if tree.pos[i] not in _NOMINAL:
            continue
        actor = linker.actor(i, loose=True) or _modifying(linker, i)
        places = tuple(linker.places(i))
        run = proper_run(tree, i) if tree.pos[i] == "PROPN" else (i, i)
        person = person_at(tree, run[1]) if tree.pos[i] == "PROPN" else None
        kind = _kind_at(linker, i, actor, run, person)
        if actor is None and not places and kind is None:
            continue
        first, last = _extent(tree, i, linker.mention_at(i), run, person)
        found.append(
            Candidate(
                head=i,
                first=first,
                last=last,
                kind=kind,
                actor=actor,
                places=places,
            )
        )
    return found


def _modifying(linker: Linker, i: int) -> Ref | None:
    """The actor that a modifier names: "French calls", "Turkish-backed rebels"."""
    m = linker.mention_at(i)
    if m is None or i != m.last or not m.actors or (m.places and m.role == "name"):
        return None
    actor = linker.vocabulary.find_actor(m.actors[0])
    return Ref(id=actor.id, name=actor.name, text=m.text) if actor is not None else None


def outermost(offered: list[Candidate]) -> list[Candidate]:
    """Those of a kind that stand inside no other: "the town of Azaz" without "Azaz"."""
    kept: list[Candidate] = []
    for c in sorted(offered, key=lambda c: (c.first, -c.last, c.kind is None)):
        if not kept or c.last > kept[-1].last:
            kept.append(c)
    return [c for c in kept if c.kind is not None]


def _extent(
    tree: Tree, i: int, mention: Mention | None, run: tuple[int, int], person: Person | None
) -> tuple[int, int]:
    """First and last token of the phrase that hangs on token `i`, clauses behind it left out."""
    first = last = i
    if mention is not None:
        first, last = min(i, mention.first), max(i, mention.last)
    if tree.pos[i] == "PROPN":
        first, last = min(first, run[0]), max(last, run[1])
        if person is not None:
            first = min(first, person.title)
    for t in dict.fromkeys((i, first, last)):
        for c in tree.children[t]:
            if c < first and tree.deps[c] in _BEFORE:
                first = min(first, tree.left[c])
    while first < i and (
        tree.pos[first] in ("PUNCT", "SYM")
        or tree.deps[first] in ("cc", "nummod", "quantmod", "case")
    ):
        first += 1
    own = tree.pos[i] == "PROPN" or tree.lemmas[i] in _OF_NAMES
    if own:
        for prep in tree.of_dep(i, "prep"):
            if prep == last + 1 and tree.lemmas[prep] == "of":
                for p in tree.of_dep(prep, "pobj"):
                    if tree.pos[p] == "PROPN" and p - prep <= 6:
                        last = max(last, p)
    return first, last


_TITLES = frozenset(
    ["secretary", "minister", "president", "spokesman", "spokeswoman", "spokesperson", "envoy",
     "ambassador", "commander", "general", "director", "adviser", "advisor", "chief", "king",
     "prince", "sheikh", "officer", "representative", "commissioner", "capt.", "gen.", "col."]
)  # fmt: skip
_PAPERS = frozenset(
    ["resolution", "resolutions", "law", "act", "agreement", "agreements", "treaty", "convention",
     "charter", "protocol", "constitution", "summit", "exercise", "facebook", "twitter", "war",
     "spring", "road-map", "plan", "statement", "accord", "islam", "arabic", "english"]
)  # fmt: skip
_BODIES = frozenset(
    ["association", "press", "watch", "rights", "news", "times", "post", "united", "national",
     "ministry", "state", "islamic", "international", "group", "union", "agency", "court",
     "organization", "organisation", "department", "office", "house", "bank", "university",
     "institute", "center", "centre", "company", "network", "coalition", "alliance", "league",
     "federation", "operation", "operations", "exercise", "service", "services", "fund", "wing",
     "squadron", "joint", "task", "congress", "parliament", "assembly", "nations", "european",
     "commission", "society", "foundation", "middle", "north", "south", "east", "west",
     "northern", "southern", "eastern", "western", "marine", "marines", "air", "field", "new"]
)  # fmt: skip
_OF_NAMES = frozenset(
    ["city", "town", "village", "suburb", "district", "province", "people", "government", "state",
     "member", "vicinity", "island", "governorate", "republic", "kingdom", "region", "ministry"]
)  # fmt: skip


def _kind_at(
    linker: Linker,
    i: int,
    actor: Ref | None,
    run: tuple[int, int],
    person: Person | None,
) -> ThingKind | None:
    """What the phrase at token `i`, which means `actor`, names where it stands."""
    tree = linker.tree
    word, lemma = tree.words[i].lower(), tree.lemmas[i]
    if word in _ONE and tree.pos[i] == "PRON":
        return ThingKind.PERSON
    if word in _MANY and tree.pos[i] == "PRON":
        return ThingKind.BODY
    if tree.pos[i] == "ADV":
        return ThingKind.PLACE if word in _THERE else None
    if tree.pos[i] in ("PRON", "DET", "NUM"):
        return None
    m = linker.mention_at(i)
    if m is not None:
        kind = _of_mention(linker, m, i)
        if kind is not None:
            return kind
    if tree.pos[i] == "PROPN" or (m is None and tree.words[i].isupper() and len(word) > 1):
        return _of_name(linker, i, actor, run, person)
    if tree.pos[i] == "NOUN":
        return _of_noun(tree, i, lemma)
    return None


def _of_mention(linker: Linker, m: Mention, i: int) -> ThingKind | None:
    if m.role == "demonym":
        plural = linker.tree.words[i].lower().endswith("s") or linker.tree.tags[i] == "NNPS"
        return ThingKind.BODY if plural and linker.tree.pos[i] != "ADJ" else None
    actor = linker.vocabulary.find_actor(m.actors[0]) if m.actors else None
    if actor is not None and actor.kind == "person in a public role":
        return ThingKind.PERSON
    if m.names_place:
        if actor is not None and acts(linker.tree, i):
            return ThingKind.BODY
        return ThingKind.PLACE
    return ThingKind.BODY


def _of_name(
    linker: Linker,
    i: int,
    actor: Ref | None,
    run: tuple[int, int],
    person: Person | None,
) -> ThingKind | None:
    tree = linker.tree
    first, last = run
    lower = [tree.words[t].lower() for t in range(first, last + 1)]
    if not any(w.isalpha() for w in lower) or lower[0] in words("time"):
        return None
    if person is not None:
        return ThingKind.PERSON
    if lower[-1] in words("time") or lower[-1] in _PAPERS:
        return None
    if lower[-1] in _TITLES:
        return ThingKind.PERSON
    if lower[-1] in _NAMED_PLACES or lower[0] in ("lake", "mount", "tel", "tell"):
        return ThingKind.PLACE
    if lower[-1] in words("body") or is_acting(tree, i):
        return ThingKind.BODY
    if actor is not None and not actor.resolved and len(actor.name) > len(actor.text or ""):
        return ThingKind.PERSON  # the short of a full name that stood before
    if linker.known_place(i) and not acts(tree, i):
        return ThingKind.PLACE
    if linker.is_place(i) and tree.lemmas[tree.heads[i]] in ("in", "at", "near"):
        return ThingKind.PLACE
    if _like_a_person(tree, first, last, lower):
        return ThingKind.PERSON
    return ThingKind.BODY


def _like_a_person(tree: Tree, first: int, last: int, lower: list[str]) -> bool:
    """Whether an unknown name stands as a person's does: without article, and no body's words."""
    if lower[0] in ("abu", "umm", "ibn", "bin"):
        return True
    if any(not tree.words[t].replace("-", "").replace(".", "").isalpha()
           or (tree.words[t].isupper() and len(tree.words[t]) > 2)
           for t in range(first, last + 1)):  # fmt: skip
        return False
    if any(w in words("body") or w in _BODIES or w in words("place") for w in lower):
        return False
    head = next((t for t in range(last, first - 1, -1) if not first <= tree.heads[t] <= last), last)
    if any(tree.deps[c] in ("det", "amod") for c in tree.children[head]):
        return False
    names = [w for w in lower if w.isalpha() and w not in ("al", "el")]
    if len(names) in (2, 3):
        return True
    return tree.deps[head] == "nsubj" and tree.lemmas[tree.heads[head]] in words("say")


def _of_noun(tree: Tree, i: int, lemma: str) -> ThingKind | None:
    if lemma in words("partial") or lemma in _NO_PLACE or lemma.endswith("strike"):
        return None
    if lemma in _PLATFORMS:
        return ThingKind.PLATFORM
    plural = tree.tags[i] == "NNS"
    person = (
        lemma in _PEOPLE
        or lemma in words("member_role")
        or lemma in words("leads_role")
        or lemma in words("commands_role")
        or lemma in words("person_title")
        or lemma.endswith(("man", "woman", "ist", "ian"))
    )
    if is_place_noun(tree, i):
        return ThingKind.PLACE
    if person or is_acting(tree, i):
        one = not plural and lemma not in _NO_PERSON and (person or lemma in words("force"))
        return ThingKind.PERSON if one else ThingKind.BODY
    return None


def acts(tree: Tree, i: int) -> bool:
    """Whether a place stands where one who acts does: "Iraq signed", "talks with Iran"."""
    t = i
    while tree.deps[t] in ("conj", "appos") and tree.heads[t] != t:
        t = tree.heads[t]
    dep, head = tree.deps[t], tree.heads[t]
    if dep in ("nsubj", "nsubjpass"):
        return tree.lemmas[head] != "be" or any(
            tree.pos[c] == "ADJ" for c in tree.of_dep(head, "acomp")
        )
    if dep == "dative":
        return True
    if dep == "pobj":
        return tree.deps[head] == "agent" or tree.lemmas[head] in _ACTS_WITH
    return False
