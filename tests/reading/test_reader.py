"""Reports to claims: what is said, by whom, where in the text, and what is left alone."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.claims import Modality
from marchland.dates import Precision
from marchland.errors import BadInput


def said(claims) -> set[tuple[str, str | None, str | None, str | None]]:
    return {
        (
            c.predicate,
            c.subject and c.subject.id,
            c.object and c.object.id,
            c.place and c.place.text,
        )
        for c in claims
    }


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("ISIS captured Palmyra on Monday.", ("captures", "isis", None, "Palmyra")),
        ("Palmyra was captured on Monday.", ("captures", None, None, "Palmyra")),
        ("Palmyra fell to ISIS.", ("captures", "isis", None, "Palmyra")),
        ("The SDF took control of Raqqa.", ("captures", "sdf", None, "Raqqa")),
        ("The capture of Raqqa by the SDF was slow.", ("captures", "sdf", None, "Raqqa")),
        ("ISIS controls Raqqa.", ("holds", "isis", None, "Raqqa")),
        ("They drove to ISIS-held Raqqa.", ("holds", "isis", None, "Raqqa")),
        ("ISIS lost Raqqa.", ("loses", "isis", None, "Raqqa")),
        ("The SDF besieged Raqqa.", ("contests", "sdf", None, "Raqqa")),
        ("Raqqa is under the control of ISIS.", ("holds", "isis", None, "Raqqa")),
        ("Russia backs the Syrian government.", ("backs", "russia", "syria", None)),
        ("Militiamen loyal to Hezbollah left.", ("allied_with", "?militiamen", "hezbollah", None)),
    ],
)
def test_what_a_sentence_says(read, text: str, claim: tuple[str, ...]) -> None:
    assert claim in said(read(text))


def test_backed_by_a_hyphen(read) -> None:
    claims = read("Turkish-backed rebels entered the town of Azaz.")
    assert any(c.predicate == "backs" and c.subject.id == "turkey" for c in claims)


def test_a_passive_strike_has_no_subject(read) -> None:
    (claim,) = list(read("The town of Azaz was shelled on Monday."))
    assert claim.predicate == "assaults"
    assert claim.subject is None


def test_the_content_of_what_is_said_is_a_claim_with_a_speaker(read) -> None:
    claims = read("Hezbollah said that ISIS captured Palmyra.")
    (claim,) = [c for c in claims if c.predicate == "captures"]
    assert claim.speaker is not None
    assert claim.speaker.id == "hezbollah"
    assert claim.modality is Modality.ASSERTED
    assert not [c for c in claims if c.predicate == "says"]


def test_only_what_maps_to_nothing_is_a_statement(read) -> None:
    claims = read("Hezbollah said that the weather in spring would be pleasant for everybody.")
    assert [c.predicate for c in claims] == ["says"]
    assert claims[0].speaker == claims[0].subject


def test_heads_of_government_lead(read) -> None:
    claims = read("Iraqi Prime Minister Haider al-Abadi spoke.")
    assert any(
        c.predicate == "leads" and c.subject.name == "Haider al-Abadi" and c.object.id == "iraq"
        for c in claims
    )


def test_the_date_of_the_clause_counts(read) -> None:
    (claim,) = read("ISIS captured Palmyra on 20 May 2015.")
    assert claim.valid.start == date(2015, 5, 20)
    assert claim.valid.precision is Precision.DAY


def test_without_a_date_it_is_news_of_the_week(read) -> None:
    (claim,) = read("ISIS captured Palmyra.")
    assert claim.valid.start == date(2017, 6, 18)
    assert claim.valid.precision is Precision.WEEK
    (undated,) = read("ISIS captured Palmyra.", published=None)
    assert undated.valid.precision is Precision.UNKNOWN


def test_what_had_been_held_is_over(read) -> None:
    (claim,) = list(read("The town of Azaz had been held by ISIS since 2014."))
    assert claim.valid.start == date(2014, 1, 1)
    assert claim.valid.end is not None
    assert claim.valid.end <= date(2017, 6, 18)


def test_quotes_point_into_the_original_of_broken_text(read, make_document) -> None:
    text = "Iran-backed militias cap-\ntured several villages from the Is-\nlamic State.\n"
    (claim,) = [c for c in read(text) if c.predicate == "captures"]
    assert claim.object is not None
    assert claim.object.id == "isis"
    assert text[claim.begin : claim.end] == claim.quote
    assert "cap-\ntured" in claim.quote


def test_another_language_is_said_to_be_one(reader, make_document) -> None:
    text = "قال الجيش إن قواته سيطرت على المدينة التي تقع في شرق سوريا بعد معارك عنيفة"
    with pytest.raises(BadInput, match=r"another language \(Arabic\)"):
        reader.read(make_document(text))
    ((_, claims),) = reader.read_many([make_document(text)])
    assert claims == []


def test_many_reports_read_as_one_by_one(reader, make_document) -> None:
    texts = ["ISIS captured Palmyra.", "12/6", "The SDF captured Raqqa.\n\nISIS left Raqqa.", "..."]
    documents = [make_document(t) for t in texts]
    together = list(reader.read_many(documents))
    assert [d for d, _ in together] == documents
    assert [c for _, c in together] == [reader.read(d) for d in documents]


def test_explain_shows_parse_names_rules_and_what_was_dropped(reader, make_document) -> None:
    told = reader.explain(make_document("ISIS captured Palmyra. They captured it."))
    assert [e.sentence for e in told] == ["ISIS captured Palmyra.", "They captured it."]
    shown = str(told[0])
    assert "captured/VERB" in shown
    assert "ISIS = isis" in shown
    assert "rule capture" in shown
    assert any("no place" in d for d in told[1].dropped)


def test_a_dateline_is_no_part_of_the_sentence(reader, make_document) -> None:
    text = "Town taken\n\nBEIRUT, 15 June 2017 (Reuters) - ISIS captured Palmyra."
    told = reader.explain(make_document(text))
    assert "ISIS captured Palmyra." in [e.sentence for e in told]


def test_the_reader_names_itself_and_its_model(reader) -> None:
    assert reader.reader == "grammar/0.1+en_core_web_sm-3.8"


@settings(max_examples=25, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("abc IS Syria said “”'\".,:;-()\n\t\u200f0123"), max_size=300)
)
def test_any_text_is_read_and_every_quote_is_found(text: str) -> None:
    reader, document = _READER[0](), _READER[1](text)
    for claim in next(iter(reader.read_many([document])))[1]:
        assert text[claim.begin : claim.end] == claim.quote


_READER: list = []


@pytest.fixture(autouse=True)
def _shared(reader, make_document):
    _READER[:] = [lambda: reader, make_document]


def test_a_report_in_two_languages_is_read_where_it_is_english(reader, make_document) -> None:
    arabic = "قال قائد في الجيش إن قواته سيطرت على مدينة تدمر بعد معارك مع تنظيم داعش."
    text = f"{arabic}\n\nISIS captured Palmyra from the Syrian army on Saturday.\n\n{arabic}"
    document = make_document(text)
    assert [c.predicate for c in reader.read(document)] == ["captures"]
    told = reader.explain(document)
    assert any("in Arabic" in why for t in told for why in t.dropped)
    assert any("by rule" in found and "when: 2017-06-17" in found for found in told[0].findings)


def test_an_age_without_a_date_is_not_the_day_of_the_report(read) -> None:
    held = [c for c in read("Before the war, the Syrian army controlled Palmyra.") if c.place]
    assert held
    assert all(c.valid.start is None for c in held)
