"""Ground that is fought over, shared or nobody's; lists of places; who "our forces" are."""

import pytest

from marchland.claims import Modality


def triples(claims, predicate: str) -> set[tuple[str | None, str | None, str | None]]:
    return {
        (c.subject and c.subject.id, c.object and c.object.id, c.place and c.place.text)
        for c in claims
        if c.predicate == predicate
    }


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (
            "The town of Manbij remained contested between ISIS and the SDF.",
            ("isis", "sdf", "Manbij"),
        ),
        ("Deir ez-Zor was split between the SDF and ISIS.", ("sdf", "isis", "Deir ez-Zor")),
        ("The city of Mosul is divided between ISIS and the PMF.", ("isis", "pmf", "Mosul")),
        ("Control of Qamishli is shared between the YPG and the SDF.", ("ypg", "sdf", "Qamishli")),
        ("ISIS and the SDF contested the town of Hajin.", ("isis", "sdf", "Hajin")),
        ("Raqqa remains contested.", (None, None, "Raqqa")),
    ],
)
def test_contested_ground(read, text: str, claim: tuple[str | None, ...]) -> None:
    assert claim in triples(read(text), "contests")


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Hezbollah and the SDF were present in Raqqa.", {"hezbollah", "sdf"}),
        ("Both Russian and Turkish troops are based in Raqqa.",
         {"russian-military", "turkish-military"}),
    ],
)  # fmt: skip
def test_several_forces_can_be_present_in_one_place(read, text: str, who: set[str]) -> None:
    assert {s for s, _, _ in triples(read(text), "presence")} == who


@pytest.mark.parametrize(
    "text",
    [
        "The SDF captured Hajin, Manbij and Raqqa.",
        "The SDF captured Hajin (14 December), Manbij (11 January) and Raqqa (17 January).",
        "The SDF took Hajin on 2 March, Manbij on 12 April and Raqqa on 14 May.",
        "The SDF captured the towns of Hajin and Manbij and the city of Raqqa.",
    ],
)
def test_a_list_names_every_place(read, text: str) -> None:
    found = triples(read(text), "captures")
    assert {p for _, _, p in found} == {"Hajin", "Manbij", "Raqqa"}
    assert {s for s, _, _ in found} == {"sdf"}


def test_each_place_of_a_list_has_its_own_date(read) -> None:
    claims = read("The SDF took Hajin on 2 March, Manbij on 12 April and Raqqa on 14 May.")
    days = {c.place.text: str(c.valid.start) for c in claims if c.predicate == "captures"}
    assert days == {"Hajin": "2017-03-02", "Manbij": "2017-04-12", "Raqqa": "2017-05-14"}


def test_neither_of_two_holds_it(read) -> None:
    claims = [c for c in read("Neither ISIS nor the SDF controlled Raqqa.") if c.place]
    assert {c.subject.id for c in claims} == {"isis", "sdf"}
    assert {c.modality for c in claims} == {Modality.DENIED}


def test_what_is_denied_is_the_words_of_who_denies_it(read) -> None:
    (claim,) = [c for c in read("Hezbollah denied that ISIS had captured Raqqa.") if c.place]
    assert claim.modality is Modality.DENIED
    assert claim.speaker is not None
    assert claim.speaker.id == "hezbollah"


@pytest.mark.parametrize(
    "text",
    [
        "It is hard to imagine the SDF committing to holding Raqqa.",
        "It is difficult for the SDF to hold Raqqa.",
    ],
)
def test_a_supposition_is_not_asserted(read, text: str) -> None:
    (claim,) = [c for c in read(text) if c.predicate == "holds"]
    assert claim.modality is Modality.UNLIKELY


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("State radio claimed that ISIS had captured Raqqa.", "State radio"),
        ("A monitor said ISIS had captured Raqqa.", "monitor"),
    ],
)
def test_a_common_noun_speaks_for_itself(read, text: str, speaker: str) -> None:
    (claim,) = [c for c in read(text) if c.predicate == "captures"]
    assert claim.speaker is not None
    assert (claim.speaker.name, claim.speaker.resolved) == (speaker, False)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ('"Our forces have captured Raqqa," said Hezbollah commander Ali Musa.', "hezbollah"),
        ('"Our forces control the city of Raqqa," an SDF spokesman said.', "sdf"),
    ],
)
def test_our_forces_are_the_speakers(read, text: str, who: str) -> None:
    (claim,) = [c for c in read(text) if c.kind == "control"]
    assert claim.subject is not None
    assert claim.subject.id == who


def test_an_acronym_that_is_also_a_verb(read) -> None:
    assert ("isis", None, "Raqqa") in triples(read("IS fighters captured Raqqa."), "captures")
    assert not [c for c in read("THE ROAD IS CLOSED") if c.subject and c.subject.id == "isis"]


def test_a_facility_in_a_city_is_not_the_city(read) -> None:
    (claim,) = read("Israeli jets struck the international airport in Damascus.")
    assert claim.place is not None
    assert "airport" in claim.place.name.lower()
    assert claim.place.geo_precision != "settlement"


def test_the_quote_says_that_only_a_part_is_meant(read) -> None:
    (claim,) = read("ISIS captured parts of Raqqa.")
    assert claim.quote == "ISIS captured parts of Raqqa"


def test_a_goal_is_an_intention_of_whose_goal_it_is(read) -> None:
    (claim,) = [c for c in read("One of the goals of ISIS is to take Raqqa.") if c.place]
    assert (claim.predicate, claim.subject.id) == ("captures", "isis")
    assert claim.modality is Modality.INTENDED


def test_an_opinion_belongs_to_who_holds_it(read) -> None:
    claims = read("In the opinion of a White House official, ISIS controls Raqqa.")
    (claim,) = [c for c in claims if c.predicate == "holds"]
    assert claim.speaker is not None
    assert "White House" in claim.speaker.name


def test_an_official_who_spoke_to_a_newspaper_was_not_consulted(read) -> None:
    claims = read("The White House official spoke to the Washington Post about Raqqa.")
    assert not [c for c in claims if c.predicate == "consults"]


def test_where_an_attack_was_is_not_where_its_speaker_sits(read) -> None:
    claims = read("The spokesman in Iraq said that Syrian forces battled ISIS on Monday.")
    assert {c.place and c.place.id for c in claims if c.predicate == "fights"} == {None}


def test_a_side_of_a_border_is_not_the_border(read) -> None:
    (claim,) = [c for c in read("Hezbollah controls the Iraqi side of the border.") if c.place]
    assert claim.place.name == "Iraqi side of the border"


@pytest.mark.parametrize(
    "text",
    [
        "The SDF launched an offensive to retake Raqqa.",
        "The SDF began their offensive to retake Raqqa on 2 March.",
        "The SDF started a ground offensive to retake Raqqa from ISIS.",
    ],
)
def test_what_an_offensive_is_for_has_not_happened(read, text: str) -> None:
    (claim,) = [c for c in read(text) if c.predicate == "captures"]
    assert (claim.subject.id, claim.modality) == ("sdf", Modality.INTENDED)


def test_what_a_position_was_used_for_has(read) -> None:
    (claim,) = [c for c in read("Iran has used its position to attack ISIS.") if c.object]
    assert claim.modality is Modality.ASSERTED


def test_who_takes_part_in_a_capture_captures(read) -> None:
    assert ("sdf", None, "Raqqa") in triples(
        read("The SDF participated in the capture of Raqqa."), "captures"
    )


def test_two_who_did_it_to_each_other(read) -> None:
    assert ("isis", "sdf", None) in {
        (s, o, None) for s, o, _ in triples(read("ISIS and the SDF clashed in Raqqa."), "fights")
    }


def test_a_deal_that_is_struck_is_no_attack(read) -> None:
    claims = read("Turkey struck a deal with Russia.")
    assert [c.predicate for c in claims] == ["agrees"]


def test_a_body_is_part_of_whose_it_is(read) -> None:
    claims = read("The SDF's Manbij Military Council entered Raqqa.")
    assert any(c.predicate == "part_of" and c.object.id == "sdf" for c in claims)


def test_civilians_killed_hold_no_ground(read) -> None:
    claims = read("ISIS killed at least 280 people in Palmyra. ISIS captured Raqqa.")
    (claim,) = [c for c in claims if c.predicate == "captures"]
    assert claim.object is None


def test_a_headline_in_capitals(read) -> None:
    found = triples(read("SDF RETAKES RAQQA FROM ISIS"), "captures")
    assert ("sdf", "isis", "RAQQA") in found


def test_a_denied_report_is_denied(read) -> None:
    (claim,) = [c for c in read("Hezbollah denied reports that ISIS had retaken Raqqa.") if c.place]
    assert (claim.modality, claim.speaker.id) == (Modality.DENIED, "hezbollah")


def test_all_of_a_town_is_the_town(read) -> None:
    (claim,) = [c for c in read("ISIS controls all of Raqqa.") if c.predicate == "holds"]
    assert claim.place.text == "Raqqa"


def test_the_rebels_are_no_jihadist_group(read) -> None:
    claims = read("ISIS held Dabiq for two years. The rebels captured Raqqa in the evening.")
    (claim,) = [c for c in claims if c.predicate == "captures"]
    assert claim.subject.id != "isis"


def test_occupied_ground_was_not_captured_now(read) -> None:
    claims = read("A shot was heard at the border of the Israeli-occupied Golan Heights.")
    assert not [c for c in claims if c.predicate == "captures"]
