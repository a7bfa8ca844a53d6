"""Cleaning: what an extractor broke reads as one again, and every character knows its place."""

import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marchland.reading.clean import BlockKind, Cleaned, clean, clean_sections
from marchland.reading.lexicon import is_word, keeps_hyphen


def kinds(cleaned: Cleaned) -> list[tuple[str, str]]:
    return [(b.kind.value, cleaned.text[b.begin : b.end]) for b in cleaned.blocks]


def paragraphs(text: str) -> list[str]:
    return clean(text).text.split("\n\n")


@pytest.mark.parametrize(
    ("head", "tail", "keeps"),
    [
        ("con", "trol", False),
        ("mili", "tias", False),
        ("Is", "lamic", False),
        ("tribes", "men", False),
        ("conflic", "tion", False),
        ("with", "held", False),
        ("Mu", "handis", False),
        ("Iran", "backed", True),
        ("Kurdish", "led", True),
        ("Shia", "majority", True),
        ("power", "sharing", True),
        ("anti", "ISIS", True),
        ("al", "Abadi", True),
        ("F", "16", True),
    ],
)
def test_hyphen_at_the_end_of_a_line_belongs_to_the_word_or_to_the_page(
    head: str, tail: str, keeps: bool
) -> None:
    assert keeps_hyphen(head, tail) is keeps
    joined = head + ("-" if keeps else "") + tail
    assert clean(f"They saw the {head}-\n{tail} there.").text == f"They saw the {joined} there."


def test_the_same_word_elsewhere_in_the_text_decides() -> None:
    assert keeps_hyphen("co", "ordinate", seen={"co-ordinate"})
    assert not keeps_hyphen("co", "ordinate", seen={"coordinate"})
    text = "The re-election was near. It was a re-\nelection of sorts."
    assert clean(text).text == "The re-election was near. It was a re-election of sorts."


def test_word_list_has_words_and_no_fragments() -> None:
    assert all(map(is_word, ("militias", "control", "the", "Iraq")))
    assert not any(map(is_word, ("tias", "lamic", "conflic")))


def test_lines_broken_in_mid_sentence_are_joined() -> None:
    text = "The army took the town on\nSunday after a week of heavy\nfighting near the river."
    assert clean(text).text == (
        "The army took the town on Sunday after a week of heavy fighting near the river."
    )


def test_short_last_line_ends_a_paragraph_without_a_blank_line() -> None:
    text = (
        "The army took the town on the river bank after\n"
        "a week of fighting.\n"
        "Rebels said that they still held the two villages\n"
        "to the east of it.\n"
    )
    assert len(paragraphs(text)) == 2


def test_one_paragraph_a_line_stays_one_paragraph_a_line() -> None:
    first = "The army said on Monday that it had taken the town after a week of fighting. " * 4
    second = "Rebels in the town said that they still held the two villages to the east. " * 4
    assert paragraphs(f"{first}\n{second}\n") == [first.strip(), second.strip()]


def test_paragraph_broken_by_a_column_is_joined() -> None:
    text = (
        "It fell under the control of local mili-\n\ntias from Iraq and Syria. They stayed there."
    )
    assert clean(text).text == (
        "It fell under the control of local militias from Iraq and Syria. They stayed there."
    )


def test_paragraph_cut_after_an_article_goes_on_with_a_name() -> None:
    text = "They had previously made several deals with the\n\nAssad regime, he said."
    assert (
        clean(text).text == "They had previously made several deals with the Assad regime, he said."
    )


def test_heading_inside_a_sentence_becomes_an_aside() -> None:
    text = (
        "The army of the neighbours \nhas not attacked them as the \ngovernment, a US ally, has "
        "\nfound them \n\nMixed messages over the border road\n"
        "useful in the fight.\n\nNonetheless the goal is \nto rebuild the army \nand the police \n"
        "and the courts.\n"
    )
    cleaned = clean(text)
    assert "government, a US ally, has found them useful in the fight.\n\n" in cleaned.text
    (aside,) = cleaned.asides
    assert aside.kind is BlockKind.HEADING
    assert text[aside.begin : aside.end] == aside.text == "Mixed messages over the border road"


def test_page_number_inside_a_sentence_becomes_an_aside() -> None:
    cleaned = clean("The road to the crossing was\n\n12\n\f\nclosed by the army on Monday.")
    assert cleaned.text == "The road to the crossing was closed by the army on Monday."
    assert [a.kind for a in cleaned.asides] == [BlockKind.FURNITURE]


def test_drop_cap_is_put_back_on_its_word() -> None:
    cleaned = clean("T\nhe Trump administra-\ntion has acted.")
    assert cleaned.text == "The Trump administration has acted."
    assert cleaned.original(0, 3) == (0, 4)
    assert cleaned.restored == ()


def test_lost_first_letter_is_restored_only_where_one_can_be_meant() -> None:
    cleaned = clean("here were fears at the end of May.")
    assert cleaned.text == "There were fears at the end of May."
    assert cleaned.restored == (0,)
    assert cleaned.original(0, 5) == (0, 4)
    assert clean("he walked to the town.").text == "he walked to the town."
    assert clean("iran is near.").text == "iran is near."


def test_caption_and_credit_are_told_apart_from_text() -> None:
    text = (
        "The militias hold the road and the crossing beside it.\n"
        " Waiting. Militiamen are seen at the border, west of Mosul.            (Reuters)\n"
    )
    assert kinds(clean(text)) == [
        ("body", "The militias hold the road and the crossing beside it."),
        ("caption", "Waiting. Militiamen are seen at the border, west of Mosul."),
        ("credit", "(Reuters)"),
    ]


def test_repeated_pull_quote_is_marked_even_with_a_word_dropped() -> None:
    body = "The shifting alliances and interests in Syria and Iraq, however, remain unpredictable."
    quote = "The shifting alliances \nand interests in Syria \nand Iraq remain \nunpredictable."
    found = kinds(clean(f"{body} Some are wary of it.\n\nView point\n\n{quote}\n"))
    assert [kind for kind, _ in found] == ["body", "heading", "pull_quote"]


def test_bylines_headings_and_furniture() -> None:
    text = "Army takes border town\n\nBy Jane Doe\n\nThe army took the town.\n\nPage 3 of 12\n"
    assert [kind for kind, _ in kinds(clean(text))] == ["heading", "byline", "body", "furniture"]


def test_markdown_marks_are_dropped() -> None:
    cleaned = clean("## The crossing\n\nThe **army** holds [Abu Kamal](https://example.org/a) now.")
    assert cleaned.text == "The crossing\n\nThe army holds Abu Kamal now."
    assert cleaned.blocks[0].kind is BlockKind.HEADING


def test_address_broken_at_a_dot_is_made_whole() -> None:
    assert "on thecipherbrief.com." in clean("he wrote on thecipherbrief.\ncom. It was new.").text


def test_list_items_stay_apart() -> None:
    text = "The towns taken on Monday were:\n• Rawa\n• Ana\n• al-Qaim"
    assert len(paragraphs(text)) == 4


def test_ligatures_soft_hyphens_and_invisible_characters() -> None:
    text = "The \ufb01ghters\u00a0of the o\ufb03ce con\u00adtrol\u200b \u202bthe\u202c road\x07."
    cleaned = clean(text)
    assert cleaned.text == "The fighters of the office control the road."
    begin = cleaned.text.index("fighters")
    low, high = cleaned.original(begin, begin + 8)
    assert text[low:high] == "\ufb01ghters"


def test_pdf_hyphens_are_hyphens() -> None:
    assert clean("They con\u0002\ntrol it.").text == "They control it."
    assert clean("They con\ufffe\ntrol it.").text == "They control it."
    assert clean("The Iran\u2010\nbacked men.").text == "The Iran-backed men."


def test_right_to_left_text_is_kept() -> None:
    text = "Abu Kamal (البوكمال) fell.\n\nسيطرت القوات على المدينة."
    assert clean(text).text == text


def test_smart_quotes_are_kept() -> None:
    text = "“We hold it,” he said; it’s ‘ours’."
    assert clean(text).text == text


def test_start_and_end_bound_what_is_cleaned_and_offsets_count_from_the_whole() -> None:
    text = "---\ndate: x\n---\nThe army con-\ntrols it."
    cleaned = clean(text, start=16)
    assert cleaned.text == "The army controls it."
    begin = cleaned.text.index("controls")
    low, high = cleaned.original(begin, begin + 8)
    assert text[low:high] == "con-\ntrols"


@pytest.mark.parametrize("text", ["", " \n\n\t", "\x00", "\f\f", "-", "-\n-"])
def test_nothing_comes_to_nothing_much(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.offsets) == len(cleaned.text) + 1


def test_original_refuses_stretches_outside_the_text() -> None:
    with pytest.raises(ValueError, match="no stretch"):
        clean("The army.").original(3, 3)
    with pytest.raises(ValueError, match="no stretch"):
        clean("The army.").original(0, 99)


def test_kind_at_names_the_block_an_offset_lies_in() -> None:
    cleaned = clean("Army takes border town\n\nThe army took it on Monday.")
    assert cleaned.kind_at(0) is BlockKind.HEADING
    assert cleaned.kind_at(len(cleaned.text) - 1) is BlockKind.BODY


def test_sections_cover_the_text_once_with_offsets_into_the_whole() -> None:
    paragraph = "The army took the vil-\nlage on Monday after a week of heavy fighting.\n\n"
    text = paragraph * 400
    sections = list(clean_sections(text, size=2_000))
    assert len(sections) > 5
    assert sum(s.text.count("village") for s in sections) == 400
    assert sections[0].text in clean(text).text
    edges = [(int(s.offsets[0]), int(s.offsets[-1])) for s in sections]
    assert all(a[1] <= b[0] for a, b in pairwise(edges))
    last = sections[-1]
    begin = last.text.rindex("village")
    low, high = last.original(begin, begin + 7)
    assert text[low:high] == "vil-\nlage"


def test_sections_end_on_text_without_any_break() -> None:
    text = "x" * 5_000
    assert "".join(s.text for s in clean_sections(text, size=1_000)) == text


LISTED = (
    "The the army militias took Abu Kamal con- trol Iran- backed on Monday, border. (Reuters) "
    "“we hold it” de-conflict T he 12 • View point By Jane \ufb01ght \u00a0 \u00ad \u200b ** ] and"
)
WORDS = st.sampled_from(LISTED.split(" "))
BREAKS = st.sampled_from([" ", " ", "\n", " \n", "\n\n", "\r\n", "\f", "   "])
PIECES = st.lists(st.tuples(WORDS, BREAKS), max_size=60)


def text_of(pieces: list[tuple[str, str]]) -> str:
    return "".join(word + gap for word, gap in pieces)


def check_offsets(text: str, cleaned: Cleaned) -> None:
    offsets = cleaned.offsets
    assert len(offsets) == len(cleaned.text) + 1
    assert (np.diff(offsets) >= 0).all()
    assert offsets[0] >= 0
    assert offsets[-1] <= len(text)
    for place, shown in enumerate(cleaned.text):
        if shown.isspace() or place in cleaned.restored:
            continue
        there = text[offsets[place]]
        assert (
            shown == there
            or shown in unicodedata.normalize("NFKC", there)
            or (shown == "-" and there in "\u2010\u2011")
        )


@given(PIECES)
def test_offsets_never_fall_and_characters_are_the_originals(pieces: list[tuple[str, str]]) -> None:
    text = text_of(pieces)
    check_offsets(text, clean(text))


@given(st.text(max_size=200))
@example("\u2028a\u0085b\x0cc\u2029")
@example("ab\u200b \u200b cd")
def test_any_text_at_all_can_be_cleaned(text: str) -> None:
    cleaned = clean(text)
    check_offsets(text, cleaned)
    for block in cleaned.blocks:
        assert cleaned.text[block.begin : block.end].strip()


@given(PIECES)
def test_letters_are_neither_lost_nor_doubled(pieces: list[tuple[str, str]]) -> None:
    text = text_of(pieces)
    cleaned = clean(text)
    kept = [c for n, c in enumerate(cleaned.text) if n not in cleaned.restored and c.isalnum()]
    aside = [
        c for a in cleaned.asides for c in unicodedata.normalize("NFKC", a.text) if c.isalnum()
    ]
    whole = [c for c in unicodedata.normalize("NFKC", text) if c.isalnum()]
    assert sorted(kept + aside) == sorted(whole)


SENTENCES = st.lists(
    st.sampled_from(
        [
            "The army took the town of Rawa on Monday.",
            "“We hold the road,” said the mayor.",
            "Iran-backed militias control the crossing near Abu Kamal, he said.",
            "Was it a deal? No one would say.",
        ]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_clean_text_is_left_alone(written: list[str]) -> None:
    text = "\n\n".join(written)
    cleaned = clean(text)
    assert cleaned.text == text
    assert (cleaned.offsets == np.arange(len(text) + 1)).all()
    assert clean(cleaned.text).text == cleaned.text


@pytest.mark.parametrize(
    ("glued", "parts"),
    [
        (
            "Battle of MosulCaptured by the army on 2 March 2017.",
            ["Battle of Mosul", "Captured by the army on 2 March 2017."],
        ),
        (
            "Lost on 13 June 2014Recaptured by the army on 2 March.",
            ["Lost on 13 June 2014", "Recaptured by the army on 2 March."],
        ),
        (
            "The battle (2017)Partially taken in May.",
            ["The battle (2017)", "Partially taken in May."],
        ),
        ("In the governorateSee the siege.", ["In the governorate", "See the siege."]),
        ("Taken in 2022.Recaptured in May.", ["Taken in 2022. Recaptured in May."]),
        ("He told BuzzFeed that LinkedIn was down.", ["He told BuzzFeed that LinkedIn was down."]),
        ("McDonald said so on BuzzFeed today.", ["McDonald said so on BuzzFeed today."]),
        ("Held by A until 2014\nRecaptured by B", ["Held by A until 2014", "Recaptured by B"]),
    ],
)
def test_line_breaks_and_spaces_that_an_extractor_dropped_come_back(glued, parts) -> None:
    assert paragraphs(glued) == parts


def test_a_letter_of_another_script_that_looks_latin_is_latin_inside_a_latin_word() -> None:
    assert clean("\u0421aptured by the army").text == "Captured by the army"
    assert clean("\u0421\u0438\u0440\u0456\u044f").text == "\u0421\u0438\u0440\u0456\u044f"
