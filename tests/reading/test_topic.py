"""Notes that leave out what they are about: their title, heading or label gives the place."""

import pytest

from marchland.reading.mentions import NameMatcher
from marchland.reading.topic import place_labelled, place_named, place_of_title


def told(claims) -> list[tuple[str, str | None, str]]:
    return [
        (c.predicate, c.subject and c.subject.id, c.place.text)
        for c in claims
        if c.place is not None
    ]


@pytest.mark.parametrize(
    ("note", "claim"),
    [
        ("Captured by ISIS on 2 June.", ("captures", "isis", "Mosul")),
        ("Recaptured by Iraq 2 June 2017", ("captures", "iraq", "Mosul")),
        ("Partially captured by ISIS in May.", ("captures", "isis", "Mosul")),
        ("Claimed to be captured by ISIS.", ("captures", "isis", "Mosul")),
        ("Local sources claimed captured by ISIS on 2 June.", ("captures", "isis", "Mosul")),
        ("Under siege by ISIS", ("contests", "isis", "Mosul")),
        ("Surrounded by Iraqi forces as of 2 June", ("contests", "iraqi-security-forces", "Mosul")),
        ("Control claimed by ISIS", ("holds", "isis", "Mosul")),
        ("Capture claimed by ISIS 2 June 2017.", ("captures", "isis", "Mosul")),
        ("ISIS says Iraqi forces have withdrawn.", ("withdraws", "iraqi-security-forces", "Mosul")),
        ("ISIS claims to control the city.", ("holds", "isis", "Mosul")),
    ],
)
def test_a_note_is_about_the_place_in_its_title(read, note, claim) -> None:
    assert claim in told(read(note, title="Mosul"))


@pytest.mark.parametrize(
    "text",
    [
        "ISIS fighters were killed, wounded or captured on 2 June.",
        "The convoy was attacked and the guards captured.",
        "Fighters stood at the river.",
        "He spoke of his capture by ISIS.",
        "The general in charge of a few hundred men spoke.",
    ],
)
def test_a_sentence_that_says_whom_or_what_takes_no_place_from_the_title(read, text) -> None:
    assert told(read(text, title="Mosul")) == []


def test_without_one_place_in_the_title_a_note_is_about_nowhere(read) -> None:
    for title in ("Roundup", "From Mosul to Raqqa", "Iraq"):
        assert told(read("Captured by ISIS on 2 June.", title=title)) == []


def test_a_place_of_its_own_comes_before_the_title(read) -> None:
    assert told(read("Raqqa, captured by ISIS in 2014.", title="Mosul")) == [
        ("captures", "isis", "Raqqa")
    ]


def test_a_heading_gives_its_place_to_what_stands_under_it_alone(read) -> None:
    text = "Mosul\n\nCaptured by ISIS in 2014.\n\nRaqqa\n\nHeld by ISIS since 2013.\n"
    assert told(read(text)) == [("captures", "isis", "Mosul"), ("holds", "isis", "Raqqa")]


def test_a_label_names_the_place_of_its_line(world) -> None:
    named = place_labelled("Mosul: captured by ISIS in 2014.", world)
    assert named is not None
    assert named.name == "Mosul"
    assert place_labelled("He said: captured by ISIS.", world) is None


def test_a_title_gives_a_place_only_where_it_names_one_point(world) -> None:
    matcher = NameMatcher(world.names())
    assert place_of_title("Mosul", world, matcher) == place_named("Mosul", world)
    assert place_named("Iraq", world) is None
    assert place_named("captured by ISIS", world) is None
    assert place_of_title("No place at all", world, matcher) is None


def test_the_speaker_of_a_claimed_capture_is_who_claims_it(read) -> None:
    (claim,) = read("Capture claimed by ISIS 2 June 2017.", title="Mosul")
    assert claim.speaker is not None
    assert claim.speaker.id == "isis"


def test_what_a_text_points_at_is_told_elsewhere(read) -> None:
    assert read("See Siege of Mosul (2014), Battle of Mosul", title="Mosul") == []
    found = told(read("See also Siege of Mosul. Captured by ISIS 2 June 2014.", title="Mosul"))
    assert found == [("captures", "isis", "Mosul")]
