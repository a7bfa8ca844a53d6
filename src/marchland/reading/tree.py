"""A paragraph as a dependency tree, in plain lists.

The grammar asks millions of small questions of a parse; plain lists answer them several times
faster than the parser's own objects, and can be written by hand in a test. The rule: a tree is
never changed after `mend` has put right the attachments that the parser is known to get wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc

from marchland.reading.words import words as listed

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
_NOMINAL_ROLES = frozenset(
    {"pobj", "dobj", "nsubj", "nsubjpass", "conj", "appos", "attr", "dative", "poss", "compound"}
)
_PREMODIFYING = frozenset({"compound", "nmod", "amod", "poss", "nummod"})
_JOINING = (
    ("as", "well", "as"),
    ("along", "with"),
    ("together", "with"),
    ("in", "addition", "to"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The parse of a paragraph; every list has one item a token.

    Parameters
    ----------
    begins, ends
        Character offsets into `text`, half-open.
    heads
        Index of the governor; a root is its own.
    sentences
        Half-open token ranges.
    """

    text: str
    words: list[str]
    lemmas: list[str]
    pos: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    begins: list[int]
    ends: list[int]
    sentences: list[tuple[int, int]]
    children: list[list[int]] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    right: list[int] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sentence_of.extend(
            number for number, (a, b) in enumerate(self.sentences) for _ in range(a, b)
        )
        self._mend()
        self._index()

    def __len__(self) -> int:
        return len(self.words)

    def _index(self) -> None:
        n = len(self.words)
        self.children[:] = [[] for _ in range(n)]
        self.left[:] = range(n)
        self.right[:] = range(n)
        for i, head in enumerate(self.heads):
            if head != i:
                self.children[head].append(i)
        for i in range(n):
            j, left, right, steps = i, i, i, 0
            while self.heads[j] != j and steps < 60:
                j, steps = self.heads[j], steps + 1
                if self.left[j] > left:
                    self.left[j] = left
                if self.right[j] < right:
                    self.right[j] = right

    def _mend(self) -> None:
        """Hang a noun that was coordinated with a verb on the noun it is listed with."""
        for i, dep in enumerate(self.deps):
            head = self.heads[i]
            if (
                dep != "conj"
                or self.pos[i] not in ("NOUN", "PROPN")
                or self.pos[head] not in ("VERB", "AUX")
                or i <= head
            ):
                continue
            before = i - 1
            while before > head and (
                self.heads[before] == i
                or self.pos[before] in ("DET", "ADJ", "NUM", "ADV", "PUNCT", "CCONJ")
                or self.deps[before] in ("amod", "compound", "nmod", "det", "poss", "case")
            ):
                before -= 1
            if self.pos[before] in ("NOUN", "PROPN") and self.deps[before] in _NOMINAL_ROLES:
                self.heads[i] = before
        for first, last in self.sentences:
            self._mend_headline(first, last)
            self._mend_joined(first, last)
        for i, word in enumerate(self.words):
            if word.lower() in ("around", "surrounding") and i > 0:
                self._mend_around(i)
            if word.lower() in ("until", "till") and self.deps[i] == "mark":
                self._mend_until(i)

    def _mend_headline(self, first: int, last: int) -> None:
        """ "The SDF captured Hajin, Shafa and Susah" taken for one noun phrase is a clause."""
        root = next((t for t in range(first, last) if self.heads[t] == t), first)
        if self.pos[root] not in ("NOUN", "PROPN"):
            return
        for verb in range(first + 1, last - 1):
            subject, whole = verb - 1, self.heads[verb]
            if (
                self.deps[verb] == "amod"
                and verb < whole < last
                and (whole == root or (self.heads[whole] == root and self.deps[whole] == "conj"))
                and self.tags[verb] in ("VBD", "VBN")
                and self.pos[subject] in ("NOUN", "PROPN")
                and self.heads[subject] in (whole, verb)
                and self.deps[subject] in ("nmod", "compound", "npadvmod", "amod", "poss")
            ):
                break
        else:
            return
        for t in range(first, subject):
            if self.heads[t] == whole:
                self.heads[t] = subject
        if whole != root:  # "Neither ISIS nor the SDF controlled Raqqa"
            self.heads[subject], self.deps[subject] = root, "conj"
            subject = root
        self.heads[subject], self.deps[subject] = verb, "nsubj"
        self.heads[verb], self.deps[verb], self.pos[verb] = verb, "ROOT", "VERB"
        self.heads[whole], self.deps[whole] = verb, "dobj"

    def _mend_joined(self, first: int, last: int) -> None:
        """What "as well as", "along with" and "in addition to" add is listed with what it joins."""
        low = [w.lower() for w in self.words[first:last]]
        for k in range(1, len(low) - 2):
            size = next((len(j) for j in _JOINING if tuple(low[k : k + len(j)]) == j), 0)
            if not size:
                continue
            added = first + k + size
            while added < last and (
                self.pos[added] not in ("NOUN", "PROPN")
                or (self.deps[added] in _PREMODIFYING and self.heads[added] > added)
            ):
                if self.pos[added] in ("VERB", "AUX", "ADP", "SCONJ"):
                    break
                added += 1
            before = first + k - 1
            while before > first and self.pos[before] in ("PUNCT",):
                before -= 1
            if (
                added >= last
                or self.pos[added] not in ("NOUN", "PROPN")
                or self.pos[before] not in ("NOUN", "PROPN")
                or self.deps[added] in ("nsubj", "nsubjpass")
                or self.deps[before] not in _NOMINAL_ROLES
                or self._under(before, added)
            ):
                continue
            self.heads[added], self.deps[added] = before, "conj"

    def _under(self, i: int, above: int) -> bool:
        """Whether `i` hangs below `above`."""
        for _ in range(len(self.heads)):
            if i == above:
                return True
            if self.heads[i] == i:
                return False
            i = self.heads[i]
        return True

    def _mend_until(self, until: int) -> None:
        """ "The side up until Basra is held": Basra is where it ends, not what is held."""
        verb = self.heads[until]
        subject = next(
            (
                t
                for t, dep in enumerate(self.deps)
                if self.heads[t] == verb and dep in ("nsubj", "nsubjpass") and 0 < t - until <= 3
            ),
            None,
        )
        outer = next(
            (
                t
                for t in range(until - 1, -1, -1)
                if self.deps[t] == "nsubj" and self.heads[t] in (until - 1, self.heads[verb])
            ),
            None,
        )
        if subject is None or outer is None or self.words[until - 1].lower() != "up":
            return
        self.deps[outer], self.heads[outer] = self.deps[subject], verb
        self.deps[subject], self.heads[subject] = "pobj", until
        self.deps[until], self.heads[until] = "prep", outer
        self.heads[verb], self.deps[verb] = verb, "ROOT"
        self.heads[until - 1], self.deps[until - 1] = until, "advmod"

    def _mend_around(self, i: int) -> None:
        """ "Controls the areas around Aleppo", "villages surrounding it": said of the areas."""
        before = i - 1
        if self.lemmas[before] not in listed("place") or self.pos[before] != "NOUN":
            return
        if self.deps[i] == "prep" and self.heads[i] == self.heads[before]:
            self.heads[i] = before
        elif self.tags[i] == "VBG" and self.deps[i] == "acl" and self.heads[i] == before:
            around = [t for t, h in enumerate(self.heads) if h == i and self.deps[t] == "dobj"]
            for t in around:
                self.deps[t] = "pobj"
            if around:
                self.deps[i], self.pos[i], self.lemmas[i] = "prep", "ADP", "surrounding"

    def of_dep(self, i: int, *deps: str) -> Iterator[int]:
        """Children of `i` with one of these dependency labels, in order."""
        return (c for c in self.children[i] if self.deps[c] in deps)

    def first(self, i: int, *deps: str) -> int | None:
        """The first such child."""
        return next(self.of_dep(i, *deps), None)

    def span_text(self, first: int, last: int) -> str:
        """The text from token `first` to token `last`, both included."""
        return self.text[self.begins[first] : self.ends[last]]

    def ancestors(self, i: int) -> Iterator[int]:
        """The governors of `i`, nearest first."""
        for _ in range(80):
            head = self.heads[i]
            if head == i:
                return
            yield head
            i = head

    def conjuncts(self, i: int) -> list[int]:
        """`i` and what is listed after it, in order."""
        found = [i]
        for item in found:
            found.extend(c for c in self.of_dep(item, "conj") if self._listed(item, c))
            if len(found) > 40:
                break
        return sorted(set(found))

    def _listed(self, item: int, other: int) -> bool:
        nominal = self.pos[item] in NOMINAL
        return (self.pos[other] in NOMINAL) == nominal

    def marks(self, i: int) -> Iterator[str]:
        """Lower-case words that hang on `i` and are no nouns or verbs: auxiliaries, adverbs."""
        for c in self.children[i]:
            if self.deps[c] in ("aux", "auxpass", "neg", "advmod", "mark", "prt", "cc", "preconj"):
                yield self.words[c].lower()


def tree_of(doc: Doc, is_name: Callable[[str], bool] | None = None) -> Tree:
    """The tree of a parsed paragraph, in the text's own words.

    Parameters
    ----------
    is_name
        Whether a capitalised word that the tagger took for a common noun is a name: "Homs".
    """
    tokens = list(doc)
    words: list[str] = doc.user_data.get("words") or [t.text for t in tokens]
    begins: list[int] = doc.user_data.get("begins") or [t.idx for t in tokens]
    text: str = doc.user_data.get("text", doc.text)
    starts = [t.i for t in tokens if t.is_sent_start] or [0]
    if starts[0] != 0:
        starts.insert(0, 0)
    stops = [*starts[1:], len(tokens)]
    pos, tags = [t.pos_ for t in tokens], [t.tag_ for t in tokens]
    lemmas = [t.lemma_.lower() for t in tokens]
    for i, t in enumerate(tokens):
        if pos[i] == "NOUN" and t.text.istitle() and is_name is not None and is_name(t.text):
            pos[i], tags[i], lemmas[i] = "PROPN", "NNP", t.lower_
        elif pos[i] == "PROPN" and t.text.islower() and t.text in listed("place"):
            pos[i], tags[i] = "NOUN", "NN"  # "the western bank"
        elif pos[i] == "PROPN" and t.text.islower() and t.text in listed("direction"):
            pos[i], tags[i] = "ADJ", "JJ"
    return Tree(
        text=text,
        words=words,
        lemmas=lemmas,
        pos=pos,
        tags=tags,
        deps=[t.dep_ for t in tokens],
        heads=[t.head.i for t in tokens],
        begins=begins,
        ends=[b + len(w) for b, w in zip(begins, words, strict=True)],
        sentences=list(zip(starts, stops, strict=True)) if tokens else [],
    )
