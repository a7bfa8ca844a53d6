"""What the network is told of a pair: the path between two words, and how far apart they stand."""

from hypothesis import given
from hypothesis import strategies as st

from marchland.reading.learned.features import near, path_between, step
from marchland.reading.tree import Tree

# "rebels took the town from the army": took is the root
TREE = Tree(
    text="rebels took the town from the army",
    words=["rebels", "took", "the", "town", "from", "the", "army"],
    lemmas=["rebel", "take", "the", "town", "from", "the", "army"],
    pos=["NOUN", "VERB", "DET", "NOUN", "ADP", "DET", "NOUN"],
    tags=["NNS", "VBD", "DT", "NN", "IN", "DT", "NN"],
    deps=["nsubj", "ROOT", "det", "dobj", "prep", "det", "pobj"],
    heads=[1, 1, 3, 1, 1, 6, 4],
    begins=[0, 7, 12, 16, 21, 26, 30],
    ends=[6, 11, 15, 20, 25, 29, 34],
    sentences=[(0, 7)],
)


def test_a_path_goes_down_from_the_verb_to_its_arguments() -> None:
    assert path_between(TREE, 1, 0) == (">nsubj", "0/1")
    assert path_between(TREE, 1, 6) == (">prep>pobj", "0/2")


def test_a_path_goes_up_and_down_between_arguments() -> None:
    assert path_between(TREE, 3, 0) == ("^dobj>nsubj", "1/1")


def test_no_way_from_a_word_to_itself() -> None:
    assert path_between(TREE, 3, 3) == ("", "0/0")


@given(st.integers(-300, 300), st.integers(-300, 300))
def test_steps_grow_with_the_distance(a: int, b: int) -> None:
    assert 0 <= step(a) <= 20
    if a <= b and (a > 0) == (b > 0):
        assert step(a) <= step(b)


def test_some_predicates_border_on_each_other() -> None:
    assert near("leads", "commands")
    assert near("captures", "captures")
    assert not near("captures", "loses")
