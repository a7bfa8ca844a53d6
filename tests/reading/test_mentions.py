"""Names in running text: the longest, whole words, and case where it tells names from words."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.reading.mentions import NameMatcher, find_mentions
from marchland.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def matcher(world: Vocabulary) -> NameMatcher:
    return NameMatcher(world.names())


def found(matcher: NameMatcher, text: str) -> dict[str, str]:
    return {text[m.begin : m.end]: (m.actors or m.places)[0] for m in matcher.find(text)}


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("held by Daesh fighters", "Daesh", "isis"),
        ("IS took the town", "IS", "isis"),
        ("the so-called Islamic State.", "so-called Islamic State", "isis"),
        ("the PMUs took it", "PMUs", "pmf"),
        ("Hay’at Tahrir al-Sham said", "Hay’at Tahrir al-Sham", "hts"),
        ("Syria's army", "Syria", "syria"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(
    matcher: NameMatcher, text: str, name: str, meant: str
) -> None:
    assert found(matcher, text).get(name) == meant


@pytest.mark.parametrize(
    "text", ["it is over", "they told us", "the ambassador spoke", "usage grew", "an iraqian"]
)
def test_a_common_word_or_a_part_of_one_is_no_name(matcher: NameMatcher, text: str) -> None:
    assert not matcher.find(text)


def test_the_longest_name_wins(matcher: NameMatcher) -> None:
    assert list(found(matcher, "the Syrian Democratic Forces held")) == ["Syrian Democratic Forces"]


def test_a_name_does_not_reach_over_the_end_of_a_sentence(matcher: NameMatcher) -> None:
    assert "Turkey" in found(matcher, "from Aleppo to Turkey. Government forces held it")


def test_a_state_is_named_by_its_people_and_its_capital(matcher: NameMatcher) -> None:
    roles = {m.role for m in matcher.find("Iraqi and Baghdad")}
    assert roles == {"demonym", "capital"}


def test_mentions_carry_their_tokens(matcher: NameMatcher, parse) -> None:
    tree = parse("Fighters of the Islamic State left.")
    (mention,) = find_mentions(tree, matcher)
    assert tree.span_text(mention.first, mention.last) == mention.text == "Islamic State"


@settings(deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_searched(text: str) -> None:
    matcher = _shared()
    ends = [(m.begin, m.end) for m in matcher.find(text)]
    assert all(0 <= a < b <= len(text) for a, b in ends)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(ends))


_CACHE: list[NameMatcher] = []


def _shared() -> NameMatcher:
    if not _CACHE:
        _CACHE.append(NameMatcher(Vocabulary.load(None).names()))
    return _CACHE[0]
