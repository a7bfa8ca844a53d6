"""Frames: the same arguments in the same slots, however the sentence is built."""

import pytest

from marchland.claims import PREDICATES
from marchland.reading.grammar import fire
from marchland.reading.words import grammar, words


def slot(frame_of, text: str, word: str, name: str) -> list[str]:
    tree, frame = frame_of(text, word)
    return [tree.words[t] for t in frame.get(name)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Rebels captured the village.", "captured"),
        ("The village was captured by rebels.", "captured"),
        ("The village captured by rebels is small.", "captured"),
        ("Rebels, who captured the village, left.", "captured"),
        ("Rebels managed to capture the village.", "capture"),
        ("Rebels advanced, capturing the village.", "capturing"),
        ("Rebels attacked and captured the village.", "captured"),
        ("After capturing the village, rebels left.", "capturing"),
    ],
)
def test_who_and_what_are_found_in_any_construction(frame_of, text: str, word: str) -> None:
    assert slot(frame_of, text, word, "A0")[0].lower() == "rebels"
    assert slot(frame_of, text, word, "A1") == ["village"]


def test_a_passive_without_an_agent_has_no_doer(frame_of) -> None:
    assert slot(frame_of, "The village was captured on Monday.", "captured", "A0") == []


def test_at_the_hands_of_names_the_doer(frame_of) -> None:
    text = "Many were killed at the hands of the militia."
    assert slot(frame_of, text, "killed", "A0") == ["militia"]


def test_from_whom_hangs_on_the_verb_or_on_what_was_taken(frame_of) -> None:
    text = "Rebels captured several villages from militants."
    assert slot(frame_of, text, "captured", "from") == ["militants"]


def test_a_noun_takes_its_doer_from_the_light_verb(frame_of) -> None:
    text = "The army launched an offensive against militants."
    assert "army" in slot(frame_of, text, "offensive", "A0")
    assert slot(frame_of, text, "offensive", "against") == ["militants"]


def test_the_aim_of_an_offensive_is_a_slot(frame_of) -> None:
    text = "The army launched an offensive to retake the city."
    assert slot(frame_of, text, "offensive", "aim") == ["city"]


def test_every_rule_says_something_the_claim_record_knows() -> None:
    for rule in grammar().rules:
        assert rule.predicate in PREDICATES
        assert rule.verbs or rule.nouns or rule.adjectives or rule.tails or rule.heads
        assert 0 < rule.prior < 1
        assert all(need <= {"subject", "object", "place"} for need in rule.need)


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in grammar().rules]
    assert len(ids) == len(set(ids))


def test_word_lists_are_lower_case() -> None:
    for name in ("acting", "place", "say", "light", "force"):
        assert all(w == w.lower() for w in words(name))


def test_a_rule_fires_on_its_trigger_only(parse) -> None:
    tree = parse("Rebels captured the village.")
    assert {f.rule.predicate for f in fire(tree, 0, len(tree))} == {"captures", "coerces"}
    quiet = parse("The weather was fine.")
    assert not list(fire(quiet, 0, len(quiet)))
