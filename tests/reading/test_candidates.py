"""Who and what could fill a role: phrases whole, offered once a token, and what each names."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.reading.candidates import Candidate, ThingKind, candidates, outermost
from marchland.reading.link import Linker
from marchland.reading.mentions import NameMatcher
from marchland.reading.tree import Tree
from marchland.vocabulary import Vocabulary

Offer = Callable[..., tuple[Tree, list[Candidate]]]


@pytest.fixture(scope="module")
def offer(world: Vocabulary, parse: Callable[[str], Tree]) -> Offer:
    matcher = NameMatcher(world.names())

    def make(*paragraphs: str) -> tuple[Tree, list[Candidate]]:
        linker = Linker(vocabulary=world, matcher=matcher)
        for text in paragraphs:
            linker.enter(parse(text))
        return linker.tree, candidates(linker)

    return make


def kinds(offer: Offer, text: str) -> dict[str, ThingKind | None]:
    tree, found = offer(text)
    return {tree.span_text(c.first, c.last): c.kind for c in outermost(found)}


@pytest.mark.parametrize(
    ("text", "phrase", "kind"),
    [
        ("Iraq signed the agreement with Turkey.", "Iraq", ThingKind.BODY),
        ("Iraq signed the agreement with Turkey.", "Turkey", ThingKind.BODY),
        ("The fighters crossed into Iraq.", "Iraq", ThingKind.PLACE),
        ("The fighters crossed into Iraq.", "The fighters", ThingKind.BODY),
        ("A resident fled the town of Azaz.", "A resident", ThingKind.PERSON),
        ("A resident fled the town of Azaz.", "the town of Azaz", ThingKind.PLACE),
        ("He said that we are ready.", "He", ThingKind.PERSON),
        ("He said that we are ready.", "we", ThingKind.BODY),
        ("Turkish jets bombed the village.", "Turkish jets", ThingKind.PLATFORM),
        ("General Joseph Votel met the rebels.", "General Joseph Votel", ThingKind.PERSON),
        ("The Foreign Secretary met the rebels.", "The Foreign Secretary", ThingKind.PERSON),
        ("The regime shelled 139 insurgents.", "insurgents", ThingKind.BODY),
    ],
)
def test_what_a_phrase_names_where_it_stands(
    offer: Offer, text: str, phrase: str, kind: ThingKind
) -> None:
    assert kinds(offer, text)[phrase] is kind


def test_a_strike_or_a_part_is_nobody_and_nowhere(offer: Offer) -> None:
    named = kinds(offer, "Several airstrikes hit part of the town.")
    assert not {p for p in named if "airstrike" in p or p == "part"}


def test_a_modifier_offers_the_state_it_names(offer: Offer) -> None:
    _, found = offer("Turkish-backed rebels ignored the French calls for a truce.")
    assert {"turkey", "france"} <= {c.actor.id for c in found if c.actor}


def test_the_bare_word_coalition_is_the_one_named_before(offer: Offer) -> None:
    tree, found = offer(
        "The US-led Coalition helped the SDF.", "Coalition airstrikes killed six fighters."
    )
    at = tree.words.index("Coalition")
    meant = next(c.actor for c in found if c.head == at)
    assert meant is not None
    assert meant.resolved


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Palmyra fell after Army of Conquest gains.", "Conquest", "Army of Conquest"),
        ("Ahmed al-Shamri of the Nineveh council spoke.", "Shamri", "Ahmed al-Shamri"),
    ],
)
def test_a_part_of_a_name_means_the_whole(offer: Offer, text: str, word: str, name: str) -> None:
    tree, found = offer(text)
    at = tree.words.index(word)
    assert {c.actor.name for c in found if c.head == at and c.actor} == {name}


@settings(max_examples=25, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(
            ["the", "rebels", "Iraq", "captured", "of", "Mosul", "and", ",", "al-Qaim", "he", "-"]
        ),
        min_size=1,
        max_size=14,
    )
)
def test_phrases_hold_their_heads_and_the_outermost_do_not_nest(
    offer: Offer, words: list[str]
) -> None:
    tree, found = offer(" ".join(words))
    assert all(0 <= c.first <= c.head <= c.last < len(tree) for c in found)
    assert len({c.head for c in found}) == len(found)
    kept = outermost(found)
    assert all(a.last < b.last for a, b in pairwise(kept))
