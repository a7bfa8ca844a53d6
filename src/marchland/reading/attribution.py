"""Who says what: the stretches of a paragraph that are somebody's words.

A speech is found by a verb of saying and its clause, by "according to", by a noun such as "claim
that", or by quotation marks; quotes that go on over sentences keep their speaker. The rule: the
innermost speech a word stands in decides, and a speech whose speaker isn't named is still a speech.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marchland.reading.grammar import claims, passive, verb_frame
from marchland.reading.phrases import is_acting
from marchland.reading.tree import Tree
from marchland.reading.words import words

_QUOTED = re.compile(r"[“\"«„]+([^“”\"«»„]{2,1500}?)(?:[”\"»]+|$)")
_REPORT_NOUNS = frozenset(
    [
        "report",
        "media",
        "source",
        "account",
        "rumor",
        "rumour",
        "statement",
        "study",
        "poll",
        "document",
        "video",
        "investigation",
        "inquiry",
        "survey",
        "data",
        "agency",
        "tv",
        "television",
        "radio",
        "broadcaster",
        "website",
        "channel",
        "bulletin",
        "paper",
        "newspaper",
        "magazine",
        "daily",
        "wire",
        "outlet",
        "station",
        "statistic",
        "dispatch",
        "communique",
    ]
)


_VIEWS = frozenset({"opinion", "view", "assessment", "estimation", "judgment", "judgement", "word"})
_ATTITUDES = frozenset({"hope", "fear", "think", "believe", "expect"})
_OWN_WORDS = frozenset({"statement", "comment", "remark", "tweet", "speech", "announcement"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A stretch of tokens (both included) and the token that names its speaker.

    Parameters
    ----------
    verb
        Token of the verb, noun or preposition that says that it is said; None for a bare quote.
    speaker
        Head token of the speaker; None where nobody is named.
    """

    first: int
    last: int
    speaker: int | None
    verb: int | None = None

    def covers(self, i: int) -> bool:
        return self.first <= i <= self.last and i != self.verb


def find_speeches(tree: Tree) -> list[Speech]:
    """Every speech of a paragraph, in no special order."""
    found: list[Speech] = []
    said: dict[int, int] = {}
    for i in range(len(tree)):
        lemma, pos = tree.lemmas[i], tree.pos[i]
        if pos == "VERB" and lemma in words("say"):
            if lemma in _ATTITUDES and {"may", "might", "could"} & set(tree.marks(i)):
                continue  # "he may hope that" is another's guess
            speaker = _subject(tree, i)
            for first, last in _content(tree, i, lemma):
                found.append(Speech(first=first, last=last, speaker=speaker, verb=i))
            if speaker is not None and lemma in words("say_anything") | {"add", "warn", "tell"}:
                said.setdefault(tree.sentence_of[i], speaker)
        elif pos == "VERB" and lemma == "quote":
            subject = list(tree.of_dep(i, "nsubjpass")) or list(tree.of_dep(i, "dobj"))
            if subject:
                first, last = tree.sentences[tree.sentence_of[i]]
                found.append(Speech(first=i + 1, last=last - 1, speaker=subject[0], verb=i))
                said.setdefault(tree.sentence_of[i], subject[0])
        elif lemma in ("accord", "according") and tree.words[i].lower() == "according":
            speaker = _according(tree, i)
            first, last = tree.sentences[tree.sentence_of[i]]
            found.append(Speech(first=first, last=last - 1, speaker=speaker, verb=i))
            if speaker is not None:
                said.setdefault(tree.sentence_of[i], speaker)
        elif pos == "NOUN" and lemma in _VIEWS and (speaker := _whose_view(tree, i)) is not None:
            first, last = tree.sentences[tree.sentence_of[i]]
            found.append(Speech(first=first, last=last - 1, speaker=speaker, verb=i))
            said.setdefault(tree.sentence_of[i], speaker)
        elif pos == "NOUN" and lemma in words("say_noun"):
            for c in tree.of_dep(i, "acl", "ccomp", "relcl"):
                if tree.words[tree.left[c]].lower() == "that" or tree.deps[c] == "ccomp":
                    found.append(
                        Speech(
                            first=tree.left[c], last=tree.right[c], speaker=_owner(tree, i), verb=i
                        )
                    )
    found.extend(_quotes(tree, found, said))
    return found


def speech_at(speeches: Sequence[Speech], i: int) -> Speech | None:
    """The innermost speech that token `i` stands in."""
    inside = [s for s in speeches if s.covers(i)]
    named = [s for s in inside if s.speaker is not None and s.speaker != i]
    pool = named or inside
    return min(pool, key=lambda s: (s.last - s.first, -(s.verb or 0)), default=None)


def _subject(tree: Tree, verb: int) -> int | None:
    subjects = verb_frame(tree, verb).get("A0")
    if not subjects and tree.deps[verb] == "relcl":
        subjects = [tree.heads[verb]]
    for s in subjects:
        speaks = is_acting(tree, s) or tree.lemmas[s] in _REPORT_NOUNS
        if tree.lemmas[s] in _OWN_WORDS:  # "his statement reiterates"
            whose = tree.first(s, "poss")
            if whose is not None:
                return whose
        if tree.pos[s] == "NOUN" and tree.words[s].islower() and not speaks:
            continue
        if tree.pos[s] in ("NOUN", "PROPN", "PRON") and tree.words[s].lower() not in (
            "it",
            "there",
            "this",
            "that",
        ):
            return s
        if tree.words[s].lower() == "it" and not passive(tree, verb):
            return s
    return None


def _whose_view(tree: Tree, noun: int) -> int | None:
    """The one of "in the opinion of X", "in X's view"."""
    if tree.deps[noun] != "pobj" or tree.words[tree.heads[noun]].lower() not in ("in", "from"):
        return None
    for c in tree.children[noun]:
        if tree.deps[c] == "poss" and tree.pos[c] != "PRON":
            return c
        if tree.deps[c] == "prep" and tree.lemmas[c] == "of":
            return tree.first(c, "pobj")
    return None


def _content(tree: Tree, verb: int, lemma: str) -> list[tuple[int, int]]:
    """Token ranges of what a verb of saying governs."""
    spans = []
    is_passive = passive(tree, verb)
    for c in tree.children[verb]:
        dep = tree.deps[c]
        if dep == "ccomp" and lemma not in ("see",):
            spans.append(_around(tree, c, verb))
        elif dep == "xcomp" and lemma in (
            "claim",
            "report",
            "believe",
            "say",
            "allege",
            "deny",
            "admit",
        ):
            spans.append((tree.left[c], tree.right[c]))
        elif (
            dep == "dobj"
            and lemma in words("say_anything") | words("deny")
            and lemma not in ("tell", "charge")
        ):
            if not is_passive:
                spans.append((tree.left[c], tree.right[c]))
        elif (
            (dep in ("prep",) and lemma in words("accuse") and tree.lemmas[c] in ("of", "for"))
            or dep == "pcomp"
            or (
                dep == "nsubjpass"
                and is_passive
                and lemma in ("report", "deny", "claim", "announce", "confirm")
            )
        ):
            spans.append((tree.left[c], tree.right[c]))
    named = (tree.heads[verb],) if tree.deps[verb] == "acl" else tree.of_dep(verb, "nsubj")
    spans += [(noun, noun) for noun in named if claims(tree, verb, noun)]
    aside = tree.deps[verb] in ("parataxis", "ccomp", "advcl") and tree.heads[verb] < verb
    if not spans and aside and lemma in ("say", "add", "write", "state", "tell", "note", "report"):
        # "The town fell, the monitor said": the parser may hang the verb on what is said
        spans.append((tree.sentences[tree.sentence_of[verb]][0], tree.left[verb] - 1))
    return [(a, b) for a, b in spans if a <= b]


def _around(tree: Tree, clause: int, verb: int) -> tuple[int, int]:
    first, last = tree.left[clause], tree.right[clause]
    if first <= verb <= last:
        if clause < verb:
            last = verb - 1
        else:
            first = verb + 1
    return first, last


def _according(tree: Tree, i: int) -> int | None:
    for to in tree.of_dep(i, "prep"):
        for p in tree.of_dep(to, "pobj"):
            return p
    for p in tree.of_dep(i, "pobj"):
        return p
    return None


def _owner(tree: Tree, noun: int) -> int | None:
    for c in tree.children[noun]:
        if tree.deps[c] == "poss":
            return c
        if tree.deps[c] == "prep" and tree.lemmas[c] in ("by", "from"):
            for p in tree.of_dep(c, "pobj"):
                return p
    head = tree.heads[noun]
    if tree.deps[noun] in ("dobj",) and tree.pos[head] == "VERB":
        subject = list(tree.of_dep(head, "nsubj"))
        return subject[0] if subject else None
    if tree.deps[noun] == "pobj":
        return None
    return noun if tree.lemmas[noun] in _REPORT_NOUNS and tree.deps[noun] == "nsubj" else None


def _quotes(tree: Tree, speeches: Sequence[Speech], said: dict[int, int]) -> list[Speech]:
    """Quoted stretches, each with the speaker of its own or a neighbouring sentence."""
    found: list[Speech] = []
    token = 0
    for match in _QUOTED.finditer(tree.text):
        begin, end = match.span(1)
        if end - begin < 25:
            continue
        while token < len(tree) and tree.begins[token] < begin:
            token += 1
        first = token
        last = first
        while last + 1 < len(tree) and tree.ends[last + 1] <= end:
            last += 1
        if first >= len(tree):
            break
        a, b = tree.sentence_of[first], tree.sentence_of[last]
        near = [a, *range(a + 1, b + 1), b + 1, a - 1, a - 2, a - 3]
        speaker = next((said[s] for s in near if s in said), None)
        if speaker is not None and first <= speaker <= last:
            speaker = next(
                (said[s] for s in near if s in said and not first <= said[s] <= last), None
            )
        if speaker is not None:
            found.append(Speech(first=first, last=last, speaker=speaker))
    return found


def opens_speech(tree: Tree) -> int | None:
    """The speaker's token where a paragraph ends in "X said:" and what follows is X's."""
    if not tree.text.rstrip().endswith(":"):
        return None
    first, last = tree.sentences[-1]
    for i in range(last - 1, first - 1, -1):
        if tree.pos[i] == "VERB" and tree.lemmas[i] in words("say_anything"):
            return _subject(tree, i)
    return None
