"""Who says what: verbs of saying, "according to", quotes, and nobody."""

import pytest

from marchland.reading.attribution import find_speeches, opens_speech, speech_at


def speaker(parse, text: str, word: str) -> str | None:
    tree = parse(text)
    speech = speech_at(find_speeches(tree), tree.words.index(word))
    return None if speech is None or speech.speaker is None else tree.words[speech.speaker]


@pytest.mark.parametrize(
    ("text", "word", "who"),
    [
        ("The monitor said that rebels captured the town.", "captured", "monitor"),
        ("The monitor said rebels captured the town.", "captured", "monitor"),
        ("Rebels captured the town, the monitor said.", "captured", "monitor"),
        ("According to the monitor, rebels captured the town.", "captured", "monitor"),
        ("Rebels captured the town, according to the monitor.", "captured", "monitor"),
        ("The monitor reported explosions near the base.", "explosions", "monitor"),
        ("Turkey accused Syria of bombing the town.", "bombing", "Turkey"),
        ("Rebels captured the town on Monday.", "captured", None),
        ("It was reported that rebels captured the town.", "captured", None),
    ],
)
def test_the_speaker_of_a_clause(parse, text: str, word: str, who: str | None) -> None:
    assert speaker(parse, text, word) == who


def test_the_innermost_speaker_counts(parse) -> None:
    text = "The agency reported that the minister said rebels captured the town."
    assert speaker(parse, text, "captured") == "minister"


def test_a_quote_goes_on_over_sentences(parse) -> None:
    text = (
        "“The rebels have captured the town,” said Smith. "
        "“Their fighters attacked the base during the night as well.”"
    )
    assert speaker(parse, text, "attacked") == "Smith"


def test_a_colon_hands_the_floor_over(parse) -> None:
    tree = parse("Foreign Secretary Boris Johnson said:")
    opened = opens_speech(tree)
    assert opened is not None
    assert tree.words[opened] == "Johnson"
    assert opens_speech(parse("Foreign Secretary Boris Johnson said so.")) is None
