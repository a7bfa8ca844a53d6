"""How firmly a clause says what it says.

From the trigger upwards: negation, modal verbs and adverbs of its own clause, then the verbs, nouns
and conjunctions it is under ("failed to", "plan to", "appears unlikely", "whether", "denied"). The
first that says something decides. Being reported is no modality: that is a claim with a speaker.
"""

from marchland.claims import Modality
from marchland.reading.grammar import Frame, passive, undertaking
from marchland.reading.tree import Tree
from marchland.reading.words import words

_POSSIBLE = frozenset({"may", "might", "could", "can"})
_FUTURE = frozenset({"will", "shall", "'ll", "’ll", "wo", "must", "should", "to-be", "gonna"})
_BECOMING = frozenset(
    [
        "be",
        "remain",
        "fall",
        "come",
        "stay",
        "bring",
        "pass",
        "place",
        "end",
        "keep",
        "put",
        "return",
        "go",
    ]
)
_OPEN = frozenset({Modality.INTENDED, Modality.POSSIBLE, Modality.CONDITIONAL, Modality.UNCLEAR})
_OUTCOMES = frozenset(
    ["scenario", "prospect", "outcome", "possibility", "move", "plan", "threat", "such"]
)
_NOUN_HEDGES = {
    Modality.INTENDED: frozenset(
        [
            "planned",
            "intended",
            "attempted",
            "future",
            "upcoming",
            "imminent",
            "impending",
            "proposed",
            "prospective",
            "possible-future",
        ]
    ),
    Modality.POSSIBLE: frozenset(
        ["possible", "potential", "suspected", "likely", "apparent", "probable"]
    ),
}


def _modality_of(tree: Tree, frame: Frame) -> Modality:
    if frame.host and tree.pos[frame.verb] in ("VERB", "AUX"):
        if frame.host not in _BECOMING:
            return Modality.ASSERTED
        return _of_noun(tree, frame.trigger) or _of_verb(tree, frame.verb, 0) or Modality.ASSERTED
    if frame.kind != "verb":
        found = _of_noun(tree, frame.trigger)
        if found is not None:
            return found
        if frame.verb == frame.trigger or tree.pos[frame.verb] not in ("VERB", "AUX"):
            return _above_noun(tree, frame.trigger)
        if frame.light in words("fail") or tree.lemmas[frame.verb] in words("fail"):
            return Modality.DENIED
        if tree.lemmas[frame.verb] in (
            "plan",
            "seek",
            "prepare",
            "order",
            "threaten",
            "want",
            "intend",
            "propose",
            "consider",
            "demand",
        ):
            return Modality.INTENDED
        if frame.light not in words("light") and frame.kind == "noun":
            # "vowing to increase their presence" intends it; "failed to stop the attack" tells one
            above = _above_noun(tree, frame.trigger)
            under = _of_verb(tree, frame.verb, 0) or Modality.ASSERTED
            return under if above is Modality.ASSERTED and under in _OPEN else above
    return _of_verb(tree, frame.verb, 0) or Modality.ASSERTED


def modality_of(tree: Tree, frame: Frame) -> Modality:
    """The modality of what a frame says."""
    found = _modality_of(tree, frame)
    if found in (Modality.ASSERTED, Modality.INTENDED):
        return _supposed(tree, frame.trigger) or found
    return found


def revised(tree: Tree, frame: Frame, modality: Modality) -> Modality:
    """What a later clause of the sentence makes of it: "but such a scenario appears unlikely"."""
    if modality in (Modality.ASSERTED, Modality.DENIED):
        return modality
    _, last = tree.sentences[tree.sentence_of[frame.trigger]]
    for i in range(frame.trigger + 1, last):
        if tree.lemmas[i] in _OUTCOMES and tree.deps[i] == "nsubj":
            judged = _judged(tree, tree.heads[i])
            if judged is not None:
                return judged
    return modality


def _of_noun(tree: Tree, noun: int) -> Modality | None:
    for c in tree.children[noun]:
        if tree.deps[c] == "amod":
            for modality, hedges in _NOUN_HEDGES.items():
                if tree.words[c].lower() in hedges:
                    return modality
        if tree.deps[c] in ("det", "neg") and tree.words[c].lower() in ("no", "neither"):
            return Modality.DENIED
    return None


def _above_noun(tree: Tree, noun: int) -> Modality:
    """A noun without a light verb: "the goal of the attack", "fears of an offensive"."""
    dep, head = tree.deps[noun], tree.heads[noun]
    if dep == "pobj":
        prep, above = head, tree.heads[head]
        if tree.lemmas[prep] in ("without", "despite") and tree.lemmas[prep] == "without":
            return Modality.DENIED
        lemma = tree.lemmas[above]
        if lemma in words("intend_noun") or (
            tree.pos[above] == "VERB" and lemma in ("aim", "plan", "prepare", "call", "intend")
        ):
            return Modality.INTENDED
        if lemma in (
            "fear",
            "concern",
            "risk",
            "possibility",
            "threat",
            "warning",
            "prospect",
            "danger",
        ):
            return Modality.POSSIBLE
    if dep == "dobj" and tree.lemmas[head] in (
        "plan",
        "prepare",
        "seek",
        "order",
        "consider",
        "threaten",
        "want",
        "propose",
    ):
        return Modality.INTENDED
    if dep == "dobj" and tree.lemmas[head] in words("deny"):
        return Modality.DENIED
    return Modality.ASSERTED


def _of_verb(tree: Tree, verb: int, depth: int) -> Modality | None:
    own = _own(tree, verb)
    if own is not None or depth > 8:
        return own
    dep, head = tree.deps[verb], tree.heads[verb]
    if head == verb:
        return None
    lemma = tree.lemmas[head]
    infinitive = any(tree.words[c].lower() == "to" for c in tree.of_dep(verb, "aux"))
    if undertaking(tree, verb) is not None:
        return Modality.INTENDED
    if dep == "xcomp" or (dep == "ccomp" and infinitive):
        return _under(tree, verb, head, lemma, depth)
    shown = {tree.lemmas[c] for c in tree.of_dep(head, "acomp", "attr", "oprd")}
    if dep in ("advcl", "ccomp", "xcomp") and infinitive and shown & words("hard"):
        return Modality.UNLIKELY
    if dep in ("advcl", "acl", "relcl") and infinitive and tree.tags[verb] == "VB":
        if tree.deps[head] == "dobj" and tree.lemmas[tree.heads[head]] == "use":
            return _of_verb(tree, tree.heads[head], depth + 1)  # "used its position to attack"
        if lemma in words("succeed") and tree.pos[head] == "VERB":
            return _of_verb(tree, head, depth + 1)
        if lemma in ("be", "remain") and tree.deps[head] == "conj":
            return Modality.INTENDED
        if passive(tree, head) and lemma in words("hedge_verb") | {"say", "report", "claim"}:
            return Modality.POSSIBLE if lemma in words("hedge_verb") else None
        return Modality.INTENDED
    if dep == "ccomp" and tree.tags[verb] == "VB" and lemma in words("cause"):
        return _of_verb(tree, head, depth + 1)
    if dep == "ccomp":
        return _reported(tree, verb, head, lemma)
    told = dep in ("acl", "ccomp", "relcl") and lemma in words("say_noun")
    if told and tree.deps[head] == "dobj" and tree.lemmas[tree.heads[head]] in words("deny"):
        return Modality.DENIED  # "denied reports that"
    if dep in ("csubj", "advcl", "acl") and lemma == "be":
        return _judged(tree, head)
    if dep == "acl" and lemma in (
        "fear",
        "concern",
        "possibility",
        "risk",
        "speculation",
        "threat",
        "chance",
    ):
        return Modality.POSSIBLE
    if dep == "conj" and tree.pos[head] in ("VERB", "AUX"):
        shared = not any(tree.deps[c] in ("aux", "nsubj", "nsubjpass") for c in tree.children[verb])
        if shared and (
            tree.tags[verb] in ("VB", "VBN", "VBG") or tree.tags[head] == tree.tags[verb]
        ):
            found = _of_verb(tree, head, depth + 1)
            return None if found is Modality.DENIED and tree.tags[verb] in ("VBD",) else found
        return None
    if dep == "pcomp":
        return _after_preposition(tree, head, depth)
    return None


def _own(tree: Tree, verb: int) -> Modality | None:
    """What the verb's own auxiliaries and adverbs say."""
    found: Modality | None = None
    if _nobody(tree, verb):
        return Modality.DENIED
    marks = list(tree.marks(verb))
    for word in marks:
        if word in words("negator") or word == "longer":
            return Modality.DENIED
        if word in ("if", "unless"):
            return Modality.CONDITIONAL
        if word == "whether":
            return Modality.UNCLEAR
        if word in words("doubt"):
            return Modality.UNLIKELY
    for word in marks:
        if word in _POSSIBLE or word in words("hedge_adverb"):
            return Modality.POSSIBLE
        if word in _FUTURE:
            found = Modality.INTENDED
        elif word in ("would", "'d"):
            found = Modality.INTENDED if _reported_future(tree, verb) else Modality.CONDITIONAL
    return found


def _nobody(tree: Tree, verb: int) -> bool:
    """Whether a verb is said of nobody: "neither A nor B", "no side", "none of them"."""
    for s in tree.of_dep(verb, "nsubj", "nsubjpass"):
        if tree.words[s].lower() in ("neither", "none", "nobody"):
            return True
        if any(
            tree.words[c].lower() in ("neither", "no")
            for c in tree.of_dep(s, "det", "preconj", "advmod", "cc", "neg", "dep")
        ):
            return True
    return False


def _supposed(tree: Tree, verb: int) -> Modality | None:
    """What is only imagined: "it is hard to imagine A holding B", "suppose that A takes B"."""
    for above in tree.ancestors(verb):
        lemma = tree.lemmas[above]
        if lemma in words("imagine"):
            hard = {tree.lemmas[tree.heads[above]]} | {
                tree.lemmas[c] for c in tree.of_dep(tree.heads[above], "acomp", "attr", "oprd")
            }
            never = {tree.lemmas[c] for c in tree.children[above]}
            if hard & words("hard") or never & (words("negator") | {"hardly", "scarcely"}):
                return Modality.UNLIKELY
            return Modality.POSSIBLE
        if lemma in words("suppose") and above < verb:
            return Modality.CONDITIONAL
    return None


def _reported_future(tree: Tree, verb: int) -> bool:
    """Whether "would" is the future of a past report, not a condition."""
    return any(
        tree.lemmas[a] in words("say") or tree.lemmas[a] in words("intend")
        for a in tree.ancestors(verb)
    )


def _under(tree: Tree, verb: int, head: int, lemma: str, depth: int) -> Modality | None:
    if lemma == "be":  # "one of the goals is to take"
        for goal in tree.of_dep(head, "nsubj"):
            of = [p for c in tree.of_dep(goal, "prep") for p in tree.of_dep(c, "pobj")]
            if any(tree.lemmas[n] in words("intend_noun") for n in (goal, *of)):
                return Modality.INTENDED
    if lemma in words("fail"):
        return Modality.DENIED
    if lemma in words("succeed"):
        return _of_verb(tree, head, depth + 1)
    if lemma in words("hedge_verb") and (passive(tree, head) or lemma in ("appear", "seem")):
        if any(tree.lemmas[c] in words("doubt") for c in tree.children[verb]):
            return Modality.UNLIKELY
        return Modality.POSSIBLE
    if lemma == "be" or tree.pos[head] == "ADJ":
        if lemma in words("hedge_adjective"):
            return Modality.POSSIBLE
        if lemma in words("doubt") or (tree.pos[head] == "ADJ" and lemma in words("hard")):
            return Modality.UNLIKELY
        if lemma in ("able",):
            return _of_verb(tree, head, depth + 1)
        if lemma in ("ready", "set", "due", "eager", "willing", "determined", "prepared"):
            return Modality.INTENDED
        return _of_verb(tree, head, depth + 1)
    if lemma in words("intend"):
        return Modality.INTENDED
    return _of_verb(tree, head, depth + 1)


def _reported(tree: Tree, verb: int, head: int, lemma: str) -> Modality | None:
    if lemma in words("deny"):
        return Modality.DENIED
    if lemma in ("believe", "think", "suspect", "fear", "speculate", "expect", "hope", "suggest"):
        if lemma == "hope":
            return Modality.INTENDED
        return Modality.POSSIBLE
    if lemma in ("appear", "seem"):
        return Modality.POSSIBLE
    if lemma in ("doubt",):
        return Modality.UNLIKELY
    if lemma in words("unclear"):
        return Modality.UNCLEAR
    return _judged(tree, head)


def _judged(tree: Tree, head: int) -> Modality | None:
    """ "It is unlikely that", "it remains unclear whether"."""
    around = {tree.lemmas[c] for c in tree.of_dep(head, "acomp", "oprd", "attr")} | {
        tree.lemmas[head]
    }
    if around & words("doubt"):
        return Modality.UNLIKELY
    if around & words("unclear"):
        return Modality.UNCLEAR
    if around & words("hedge_adjective"):
        return Modality.POSSIBLE
    return None


def _after_preposition(tree: Tree, prep: int, depth: int) -> Modality | None:
    word, above = tree.lemmas[prep], tree.heads[prep]
    if word in ("toward", "towards"):
        return Modality.INTENDED
    if word in ("without", "instead", "rather"):
        return Modality.DENIED
    lemma = tree.lemmas[above]
    if lemma in ("prevent", "stop", "keep", "refrain", "block") and word == "from":
        return Modality.DENIED
    if lemma in ("instead", "short"):
        return Modality.DENIED
    if lemma in words("intend") | words("intend_noun") and word in (
        "at",
        "of",
        "for",
        "on",
        "in",
        "to",
    ):
        return Modality.INTENDED
    if lemma in words("deny"):
        return Modality.DENIED
    if word == "of" and lemma in ("fear", "possibility", "risk", "suspect"):
        return Modality.POSSIBLE
    if lemma in words("succeed") and tree.pos[above] == "VERB":
        return _of_verb(tree, above, depth + 1)
    if tree.pos[above] == "VERB" and _POSSIBLE & set(tree.marks(above)):
        return Modality.POSSIBLE  # "might not object to their holding it"
    return None


def modality_at(tree: Tree, token: int) -> Modality:
    """The modality of what a word says, where no frame was made of it."""
    if tree.pos[token] in ("VERB", "AUX"):
        return _of_verb(tree, token, 0) or Modality.ASSERTED
    return _of_noun(tree, token) or _above_noun(tree, token)
