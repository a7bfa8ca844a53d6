"""How firmly a clause is said: own words first, then what it stands under."""

import pytest

from marchland.claims import Modality
from marchland.reading.modality import modality_of, revised


@pytest.mark.parametrize(
    ("text", "word", "modality"),
    [
        ("The army captured the town.", "captured", "asserted"),
        ("The army managed to capture the town.", "capture", "asserted"),
        ("The army did not capture the town.", "capture", "denied"),
        ("The army failed to capture the town.", "capture", "denied"),
        ("The army withdrew without capturing the town.", "capturing", "denied"),
        ("The army denied that it captured the town.", "captured", "denied"),
        ("The army could capture the town.", "capture", "possible"),
        ("The army has probably captured the town.", "captured", "possible"),
        ("The army is believed to have captured the town.", "captured", "possible"),
        ("The army plans to capture the town.", "capture", "intended"),
        ("The army will capture the town.", "capture", "intended"),
        ("The army announced its goal of capturing the town.", "capturing", "intended"),
        ("The army launched an offensive to capture the town.", "capture", "intended"),
        ("It is unlikely that the army captured the town.", "captured", "unlikely"),
        ("It is unclear whether the army captured the town.", "captured", "unclear"),
        ("If the army captured the town, rebels would leave.", "captured", "conditional"),
        ("The army is no longer holding the town.", "holding", "denied"),
    ],
)
def test_verbs(frame_of, text: str, word: str, modality: str) -> None:
    assert modality_of(*frame_of(text, word)) is Modality(modality)


@pytest.mark.parametrize(
    ("text", "word", "modality"),
    [
        ("The army launched an attack on the town.", "attack", "asserted"),
        ("The army planned an attack on the town.", "attack", "intended"),
        ("There are fears of an attack on the town.", "attack", "possible"),
        ("A planned attack on the town was called off.", "attack", "intended"),
    ],
)
def test_nouns(frame_of, text: str, word: str, modality: str) -> None:
    assert modality_of(*frame_of(text, word)) is Modality(modality)


def test_a_later_clause_can_take_it_back(frame_of) -> None:
    text = "The town could fall to rebels but such a scenario now appears unlikely."
    tree, frame = frame_of(text, "fall")
    assert modality_of(tree, frame) is Modality.POSSIBLE
    assert revised(tree, frame, Modality.POSSIBLE) is Modality.UNLIKELY
    assert revised(tree, frame, Modality.ASSERTED) is Modality.ASSERTED
