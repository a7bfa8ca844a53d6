"""Frames: who does what to whom, read off a dependency tree.

A verb, noun or adjective that a rule names becomes a frame: its arguments in plain slots, the same
whether it stands active or passive, in a relative clause, as a participle, under "managed to" or
as a noun with a light verb ("launched an attack on"). Rules then ask only for slots. What fills a
slot is a token; what it means is for `marchland.reading.link`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from marchland.claims import PREDICATES, Kind
from marchland.reading.phrases import is_acting
from marchland.reading.tree import Tree
from marchland.reading.words import Rule, grammar, words

LOCATIVE = (
    "in", "at", "near", "on", "around", "outside", "inside", "across", "along", "throughout",
    "over", "within", "toward", "towards", "into", "north", "south", "east", "west",
    "northeast", "northwest", "southeast", "southwest", "north-east", "north-west", "south-east",
    "south-west",
)  # fmt: skip
_STAYING = frozenset({"be", "remain", "stay", "become", "keep"})
_VENTURES = frozenset({"assaults", "fights", "mobilizes"})
_CLAIMING = frozenset({"claim", "announce", "declare"})
"""What one does with one's own deed: "capture claimed by the army"."""
_SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_WH = frozenset({"who", "which", "that", "whom", "whose", "where"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A trigger and its arguments.

    Parameters
    ----------
    trigger
        Token of the word that says it.
    verb
        Token of the verb that carries it: the trigger itself, or a noun's light verb.
    light
        Lemma of that light verb, or the preposition a noun stands under.
    slots
        Slot to the tokens that fill it, in order.
    """

    trigger: int
    kind: str
    verb: int
    light: str = ""
    host: str = ""
    slots: dict[str, list[int]] = field(default_factory=dict)

    def get(self, slot: str) -> list[int]:
        """Tokens in a slot; of ``LOC``, those of every preposition of place."""
        if slot == "LOC":
            return [t for name in LOCATIVE for t in self.slots.get(name, ())]
        return self.slots.get(slot, [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """A rule that a frame satisfies, before its arguments are read."""

    rule: Rule
    frame: Frame


def fire(tree: Tree, first: int, last: int) -> Iterator[Fired]:
    """Rules that fire on the tokens of a sentence, in the order of their triggers."""
    rules = grammar()
    for i in range(first, last):
        pos, lemma = tree.pos[i], tree.lemmas[i]
        if pos in ("VERB", "AUX"):
            yield from _verb(tree, i, lemma, rules.verbs)
        elif pos in ("NOUN", "PROPN") and (found := rules.nouns.get(lemma.removeprefix("re-"))):
            if pos == "PROPN" and tree.deps[i] == "compound":
                continue
            frame = noun_frame(tree, i)
            yield from (Fired(rule=r, frame=frame) for r in found if _allowed(tree, r, frame))
        elif pos == "ADJ" and (found := rules.adjectives.get(lemma)):
            frame = adjective_frame(tree, i)
            yield from (Fired(rule=r, frame=frame) for r in found if _allowed(tree, r, frame))


def _verb(tree: Tree, i: int, lemma: str, rules: dict[str, tuple[Rule, ...]]) -> Iterator[Fired]:
    glued = i > 0 and tree.words[i - 1] == "-" and tree.ends[i - 1] == tree.begins[i]
    if glued and tree.words[i].lower() in grammar().tails:
        return  # "the Israeli-occupied heights" is read as a compound
    if i > 1 and glued and tree.words[i - 2].lower() in ("over", "re"):
        lemma = tree.words[i - 2].lower() + lemma  # "over-ran"
    found: list[Rule] = []
    for particle in tree.of_dep(i, "prt", "advmod", "prep"):
        found.extend(rules.get(f"{lemma}+{tree.lemmas[particle]}", ()))
    if not found:
        found.extend(rules.get(lemma, ()))
    if found and tree.deps[i] not in ("aux", "auxpass"):
        frame = verb_frame(tree, i)
        yield from (Fired(rule=r, frame=frame) for r in found if _allowed(tree, r, frame))


def _allowed(tree: Tree, rule: Rule, frame: Frame) -> bool:
    if rule.light is not None and frame.light not in rule.light:
        return False
    if frame.light in rule.unless:
        return False
    if rule.host is not None and frame.host not in rule.host:
        return False
    if not rule.when:
        return True
    return any(tree.lemmas[t] in lemmas for slot, lemmas in rule.when for t in frame.get(slot))


def passive(tree: Tree, verb: int) -> bool:
    """Whether a verb stands in the passive, as a clause or a reduced relative."""
    if any(tree.deps[c] in ("auxpass", "nsubjpass", "agent") for c in tree.children[verb]):
        return True
    shown = tree.tags[verb] in ("VBN", "VBD") and tree.deps[verb] in ("acomp", "xcomp", "oprd")
    if shown and tree.lemmas[tree.heads[verb]] in _STAYING:  # "remains contested"
        return True
    return (
        tree.tags[verb] == "VBN"
        and tree.deps[verb] in ("acl", "amod", "advcl")
        and not any(tree.deps[c] in ("aux", "nsubj", "dobj") for c in tree.children[verb])
    )


def prepositions(tree: Tree, i: int, slots: dict[str, list[int]]) -> None:
    """Add what the prepositions that hang on `i` govern, by preposition."""
    for c in tree.children[i]:
        dep = tree.deps[c]
        if dep == "prep":
            _preposition(tree, c, slots)
        elif dep in ("dative",):
            if tree.pos[c] == "ADP":
                _preposition(tree, c, slots)
            else:
                slots.setdefault("dative", []).append(c)
        elif dep in ("advmod", "npadvmod", "appos") and tree.lemmas[c] in words("direction"):
            slots.setdefault(tree.lemmas[c], []).append(c)
        elif dep == "prt":
            for inner in tree.of_dep(c, "prep"):
                _preposition(tree, inner, slots)


def _preposition(tree: Tree, prep: int, slots: dict[str, list[int]]) -> None:
    name = tree.lemmas[prep]
    for c in tree.children[prep]:
        if tree.deps[c] in ("pobj", "dobj", "conj") and tree.pos[c] in (
            "NOUN",
            "PROPN",
            "PRON",
            "NUM",
            "ADJ",
            "VERB",
            "ADV",
        ):
            slots.setdefault(name, []).append(c)
        elif tree.deps[c] in ("prep", "pcomp") and tree.pos[c] == "ADP":
            _preposition(tree, c, slots)
    for c in tree.of_dep(prep, "conj"):
        if tree.pos[c] == "ADP":
            _preposition(tree, c, slots)


def verb_frame(tree: Tree, verb: int) -> Frame:
    """The frame of a verb."""
    slots: dict[str, list[int]] = {}
    is_passive = passive(tree, verb)
    if is_passive:
        slots["A1"] = _logical_subject(tree, verb)
        slots["A0"] = [
            p
            for agent in tree.of_dep(verb, "agent", "prep")
            if tree.lemmas[agent] == "by"
            for p in tree.of_dep(agent, "pobj")
        ]
        for at in tree.of_dep(verb, "prep"):  # "killed at the hands of"
            for hand in tree.of_dep(at, "pobj"):
                if tree.lemmas[hand] == "hand" and tree.lemmas[at] == "at":
                    slots["A0"] += [
                        p for of in tree.of_dep(hand, "prep") for p in tree.of_dep(of, "pobj")
                    ]
    else:
        slots["A0"] = _logical_subject(tree, verb)
        objects = list(tree.of_dep(verb, "dobj"))
        # "the Qayyarah airfield" taken for two objects is one
        slots["A1"] = [c for c in objects if c + 1 not in objects]
        if not objects and tree.deps[verb] == "amod" and tree.first(verb, "nsubj") is not None:
            slots["A1"] = [tree.heads[verb]]  # a headline taken for a noun phrase
    slots["A0"] = _with_doers(tree, slots["A0"])
    slots["A2"] = list(tree.of_dep(verb, "attr", "acomp", "oprd"))
    if not is_passive and tree.deps[verb] == "relcl":
        _relative(tree, verb, slots)
    prepositions(tree, verb, slots)
    for c in list(slots["A1"]):
        inner: dict[str, list[int]] = {}
        for item in tree.conjuncts(c):
            prepositions(tree, item, inner)
        for name in ("from", "into"):
            if name not in slots and name in inner:
                slots[name] = inner[name]
    for shared in tree.of_dep(verb, "conj"):
        # "besieged and took Homs": the object stands with the last verb only
        if (
            not slots["A1"]
            and not is_passive
            and tree.pos[shared] == "VERB"
            and (tree.words[shared - 1].lower() in ("and", "or") and shared - verb <= 4)
        ):
            slots["A1"] = list(tree.of_dep(shared, "dobj"))
    return Frame(trigger=verb, kind="verb", verb=verb, slots={k: v for k, v in slots.items() if v})


def _with_doers(tree: Tree, tokens: list[int]) -> list[int]:
    """What does something, and behind an attack or a weapon whose it is: "ISIS rockets hit"."""
    found: list[int] = []
    for t in tokens:
        found.append(t)
        lemma = tree.lemmas[t]
        harm = lemma in words("weapon") or any(
            r.predicate == "assaults" for r in grammar().nouns.get(lemma, ())
        )
        if harm and tree.pos[t] == "NOUN":
            found += [o for o in noun_frame(tree, t, 3).get("A0") if o != t]
    return list(dict.fromkeys(found))


def _relative(tree: Tree, verb: int, slots: dict[str, list[int]]) -> None:
    """In a relative clause the noun before it fills the empty slot."""
    head = tree.heads[verb]
    subject = tree.first(verb, *_SUBJECTS)
    if not slots["A1"] and subject is not None and tree.lemmas[subject] not in _WH:
        slots["A1"] = [head]
    slots["A1"] = [head if tree.lemmas[c] in ("which", "that", "whom") else c for c in slots["A1"]]
    if any(tree.words[c].lower() == "where" for c in tree.children[verb]):
        slots.setdefault("in", []).append(head)
    for prep in tree.of_dep(verb, "prep"):
        if any(tree.words[c].lower() == "which" for c in tree.children[prep]):
            slots.setdefault(tree.lemmas[prep], []).append(head)


def _logical_subject(tree: Tree, verb: int, depth: int = 0) -> list[int]:
    """Who a verb is said of, its own or the one it shares with the verb above it."""
    own = list(tree.of_dep(verb, "nsubj", "nsubjpass")) or [
        s for a in tree.of_dep(verb, "aux", "auxpass") for s in tree.of_dep(a, "nsubj", "nsubjpass")
    ]
    if own:
        if tree.words[own[-1]].lower() in _WH:
            clause = verb
            while tree.deps[clause] == "conj" and tree.pos[tree.heads[clause]] in ("VERB", "AUX"):
                clause = tree.heads[clause]
            if tree.deps[clause] in ("relcl", "acl", "ccomp", "advcl"):
                head = tree.heads[clause]
                if tree.pos[head] not in ("VERB", "AUX"):
                    raid = _struck_by(tree, verb, head)
                    if raid is not None:
                        return [raid, *_happening_owner(tree, raid, depth)]
                    return [head, *_happening_owner(tree, head, depth)]
            return _before(tree, own[-1])
        return [own[-1], *_happening_owner(tree, own[-1], depth)]
    if depth > 6:
        return []
    dep, head = tree.deps[verb], tree.heads[verb]
    if head == verb:
        return []
    venture = undertaking(tree, verb)
    if venture is not None and venture != head:
        return _owner(tree, venture, depth + 1)
    if dep in ("acl", "relcl", "amod"):
        if tree.tags[verb] == "VB":  # "an offensive to retake": whoever has the offensive
            return _owner(tree, head, depth + 1)
        if dep == "acl" and tree.tags[verb] == "VBG" and tree.lemmas[head] in words("intend_noun"):
            return _owner(tree, head, depth + 1)
        return [head]
    under = ("conj", "xcomp", "acomp", "oprd", "advcl", "ccomp", "parataxis", "dep", "aux")
    if dep in under and tree.pos[head] in ("VERB", "AUX"):
        if tree.lemmas[head] == "be" and tree.tags[verb] == "VB":  # "the goal of X is to take Y"
            for goal in tree.of_dep(head, "nsubj"):
                of = [p for c in tree.of_dep(goal, "prep") for p in tree.of_dep(c, "pobj")]
                for noun in (goal, *of):
                    if tree.lemmas[noun] in words("intend_noun"):
                        return _whose(tree, noun)
        if dep in ("xcomp", "ccomp"):
            controlled = list(tree.of_dep(head, "dobj"))
            if controlled and dep == "xcomp" and tree.lemmas[head] not in ("use", "take", "have"):
                return controlled[-1:]
        if dep in ("ccomp", "parataxis") and tree.tags[verb] not in ("VBG", "VB", "VBN"):
            return []
        if passive(tree, head):
            above = _logical_subject(tree, head, depth + 1)
            if dep in ("advcl", "xcomp") and tree.tags[verb] in ("VBG", "VB"):
                agents = [p for a in tree.of_dep(head, "agent") for p in tree.of_dep(a, "pobj")]
                return agents or above
            return above
        return _logical_subject(tree, head, depth + 1)
    if dep in ("pcomp", "pobj") and tree.pos[head] in ("ADP", "SCONJ"):
        over = tree.heads[head]
        while tree.lemmas[head] in ("include", "including") and tree.pos[over] not in (
            "VERB",
            "AUX",
        ):
            if tree.heads[over] == over:
                break
            over = tree.heads[over]
        if tree.pos[over] in ("VERB", "AUX"):
            return _logical_subject(tree, over, depth + 1)
        return _owner(tree, over, depth + 1)
    if tree.pos[head] in ("NOUN", "PROPN"):
        return [head]
    return []


def _owner(tree: Tree, noun: int, depth: int) -> list[int]:
    """Whose a noun is: "ISIS's plan", "the army's offensive", "launched an offensive"."""
    if tree.lemmas[noun] in words("acting") and tree.lemmas[noun] not in words("light"):
        return [noun]
    own = list(noun_frame(tree, noun, depth).get("A0"))
    verb = next((a for a in tree.ancestors(noun) if tree.pos[a] in ("VERB", "AUX")), None)
    if verb is None or depth > 5:
        return own
    if passive(tree, verb):
        return own + [p for a in tree.of_dep(verb, "agent") for p in tree.of_dep(a, "pobj")]
    return own + [t for t in _logical_subject(tree, verb, depth + 1) if t != noun]


def undertaking(tree: Tree, verb: int) -> int | None:
    """The noun whose purpose an infinitive is: "launched an offensive to retake Mosul".

    The parser may hang the infinitive on the verb that carries the noun.
    """
    if tree.tags[verb] != "VB" or tree.deps[verb] not in ("xcomp", "acl", "advcl", "relcl"):
        return None
    start = next((c for c in tree.of_dep(verb, "aux") if tree.words[c].lower() == "to"), 0)
    before = start - 1
    if before < 1 or start > verb:
        return None
    if tree.pos[before] == "ADJ" and tree.heads[before] == before - 1:
        before -= 1  # "a ground offensive", the offensive taken for an adjective
    elif tree.pos[before] not in ("NOUN", "PROPN"):
        return None
    happening = {tree.lemmas[before], tree.lemmas[start - 1]}
    rules = [r for lemma in happening for r in grammar().nouns.get(lemma, ())]
    venture = bool(happening & words("intend_noun")) or any(r.predicate in _VENTURES for r in rules)
    return before if venture and not is_acting(tree, before) else None


def _whose(tree: Tree, noun: int) -> list[int]:
    """Whose a goal is: "the goal of X", "X's goal"."""
    own = list(tree.of_dep(noun, "poss", "compound"))
    for prep in tree.of_dep(noun, "prep"):
        if tree.lemmas[prep] in ("of", "for", "by"):
            own += tree.of_dep(prep, "pobj")
    return own


def _struck_by(tree: Tree, verb: int, head: int) -> int | None:
    """In "an airstrike on X, which killed two": the airstrike, not X."""
    if not {r.predicate for r in grammar().verbs.get(tree.lemmas[verb], ())} & {"assaults"}:
        return None
    if tree.words[tree.left[verb]].lower() != "which":
        return None
    for t in tree.ancestors(head):
        if tree.pos[t] in ("VERB", "AUX"):
            return None
        if any(r.predicate == "assaults" for r in grammar().nouns.get(tree.lemmas[t], ())):
            return t
    return None


def _happening_owner(tree: Tree, noun: int, depth: int) -> list[int]:
    """Whose doing a subject such as "the offensive" is."""
    if depth > 3 or tree.lemmas[noun] not in grammar().nouns or is_acting(tree, noun):
        return []
    return [t for t in noun_frame(tree, noun, depth + 1).get("A0") if t != noun]


def _before(tree: Tree, i: int) -> list[int]:
    """The last noun before a relative pronoun whose clause the parser hung elsewhere."""
    for t in range(i - 1, max(i - 8, -1), -1):
        if tree.pos[t] in ("NOUN", "PROPN"):
            return [t]
        if tree.pos[t] not in ("PUNCT", "ADP"):
            break
    return []


def noun_frame(tree: Tree, noun: int, depth: int = 0) -> Frame:
    """The frame of a noun: its own modifiers and those of the light verb that carries it."""
    slots: dict[str, list[int]] = {}
    own: list[int] = []
    for c in tree.children[noun]:
        dep = tree.deps[c]
        if dep in ("poss", "compound", "nmod", "amod", "nummod", "npadvmod"):
            (own if dep in ("poss", "compound", "nmod", "amod") else []).append(c)
        elif dep == "prep" and tree.lemmas[c] == "by":
            slots.setdefault("by", []).extend(tree.of_dep(c, "pobj"))
        elif dep == "prep" and tree.lemmas[c] == "of":
            for p in tree.of_dep(c, "pobj"):  # "the capture of Raqqa by the SDF"
                for by in tree.of_dep(p, "prep"):
                    if tree.lemmas[by] in ("by", "to", "from"):
                        slots.setdefault(tree.lemmas[by], []).extend(tree.of_dep(by, "pobj"))
        elif dep in ("acl", "relcl") and (
            tree.lemmas[c] in words("light") or claims(tree, c, noun)
        ):
            if passive(tree, c):
                slots.setdefault("by", []).extend(_agents(tree, c))
            else:
                slots.setdefault("by", []).extend(tree.of_dep(c, "nsubj"))
            prepositions(tree, c, slots)
    prepositions(tree, noun, slots)
    verb, light, host = noun, "", ""
    carrier = noun
    while tree.deps[carrier] == "conj" and tree.pos[tree.heads[carrier]] in ("NOUN", "PROPN"):
        carrier = tree.heads[carrier]
    dep, head = tree.deps[carrier], tree.heads[carrier]
    if dep in ("nsubj", "nsubjpass") and claims(tree, head, noun):
        slots.setdefault("by", []).extend(_agents(tree, head))
    if dep in ("dobj", "nsubjpass", "attr") or (dep == "nsubj" and tree.pos[head] == "VERB"):
        light, verb = tree.lemmas[head], head
        if dep == "nsubj":
            light = "" if light not in words("light") else light
        if light in words("light"):
            outer: dict[str, list[int]] = {}
            prepositions(tree, head, outer)
            for name, tokens in outer.items():
                slots.setdefault(name, tokens)
            if dep == "nsubjpass":
                slots.setdefault("by", []).extend(_agents(tree, head))
            elif dep in ("dobj", "attr") and depth < 4:
                slots["shared"] = _logical_subject(tree, head, depth + 1)
        elif tree.deps[head] == "xcomp" and light == "":
            light = tree.lemmas[head]
    elif dep == "pobj":
        prep = head
        light = tree.lemmas[prep]
        above = tree.heads[prep]
        host = tree.lemmas[above]
        slots["host"] = (
            _logical_subject(tree, above, depth + 1) + list(tree.of_dep(above, "dobj"))
            if tree.pos[above] in ("VERB", "AUX") and depth < 4
            else [above]
        )
        if tree.pos[above] == "VERB":
            verb = above
    elif dep == "compound" and tree.pos[head] in ("NOUN", "PROPN"):
        light = ""
    for v in dict.fromkeys((noun, verb)):
        for c in tree.of_dep(v, "acl", "advcl", "xcomp"):
            if tree.tags[c] == "VB" and c > noun:  # "an offensive to retake Mosul"
                slots.setdefault("aim", []).extend(tree.of_dep(c, "dobj"))
    # "Idlib airstrikes", "ISIS attack": what a bare modifier names decides which slot it fills
    slots["A1"] = [c for c in own if tree.deps[c] in ("compound", "nmod", "amod")]
    slots["A0"] = slots.get("by", []) + own + slots.get("shared", [])
    if dep == "attr":
        slots["A0.copula"] = slots.get("shared", []) or _logical_subject(tree, head, depth + 1)
    if tree.deps[noun] == "appos":
        slots["self.appos"] = [tree.heads[noun]]
    slots["self"] = [noun]
    return Frame(
        trigger=noun,
        kind="noun",
        verb=verb,
        light=light,
        host=host,
        slots={k: v for k, v in slots.items() if v},
    )


def claims(tree: Tree, verb: int, noun: int) -> bool:
    """Whether a passive says who claims to hold or have taken: "capture claimed by the army"."""
    return (
        tree.lemmas[verb] in _CLAIMING
        and passive(tree, verb)
        and any(
            PREDICATES[r.predicate] is Kind.CONTROL
            for r in grammar().nouns.get(tree.lemmas[noun], ())
        )
    )


def _agents(tree: Tree, verb: int) -> list[int]:
    """The ones behind "by" of a passive."""
    return [p for a in tree.of_dep(verb, "agent") for p in tree.of_dep(a, "pobj")]


def adjective_frame(tree: Tree, i: int) -> Frame:
    """The frame of an adjective: "forces loyal to Iran", "the group is neutral towards"."""
    slots: dict[str, list[int]] = {}
    prepositions(tree, i, slots)
    head, dep = tree.heads[i], tree.deps[i]
    if dep == "amod":
        slots["modified"] = [head]
    elif dep in ("acomp", "oprd", "conj", "relcl", "attr"):
        slots["modified"] = _logical_subject(tree, head)
        if dep == "conj":
            prepositions(tree, head, slots)
    verb = head if tree.pos[head] in ("VERB", "AUX") else i
    return Frame(
        trigger=i, kind="adjective", verb=verb, slots={k: v for k, v in slots.items() if v}
    )
