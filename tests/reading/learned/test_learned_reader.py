"""The reader ``learned``: grammar and network together, on sentences of our own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from marchland.claims import Claim, Modality
from marchland.errors import BadInput
from marchland.reading.files import Document
from marchland.reading.learned.reader import LearnedReader
from marchland.theatre import make_for_countries
from marchland.vocabulary import Vocabulary

STORY = (
    "Government forces captured the town of Kidal from the rebels on Monday after two days of "
    "fighting. The rebels withdrew towards Gao.\n\n"
    "Russia rejected a request from the United Nations to open the road."
)


@pytest.fixture(scope="session")
def learned(world: Vocabulary) -> LearnedReader:
    return LearnedReader(world)


@pytest.fixture(scope="session")
def story(learned: LearnedReader, make_document: Callable[..., Document]) -> list[Claim]:
    return learned.read(make_document(STORY))


def test_it_reads_who_took_what_from_whom(story: list[Claim]) -> None:
    taken = [c for c in story if c.predicate == "captures"]
    assert taken
    assert any(c.place is not None and c.place.name == "Kidal" for c in taken)


def test_each_claim_quotes_the_report_and_has_a_chance(story: list[Claim]) -> None:
    for claim in story:
        assert claim.begin is not None
        assert STORY[claim.begin : claim.end] == claim.quote
        assert 0 < claim.p_read <= 1


def test_it_is_named_with_its_parts(story: list[Claim]) -> None:
    assert all(c.reader and c.reader.startswith("learned/") for c in story)


def test_the_same_text_is_read_the_same(
    learned: LearnedReader, make_document: Callable[..., Document], story: list[Claim]
) -> None:
    assert [c.id for c in learned.read(make_document(STORY))] == [c.id for c in story]


def test_many_reports_are_read_as_each_alone(
    learned: LearnedReader, make_document: Callable[..., Document], story: list[Claim]
) -> None:
    other = make_document("Iran backs Hezbollah.")
    read = {d.text: claims for d, claims in learned.read_many([other, make_document(STORY)])}
    assert [c.id for c in read[STORY]] == [c.id for c in story]


def test_a_text_that_says_nothing_has_no_claims(
    learned: LearnedReader, make_document: Callable[..., Document]
) -> None:
    assert learned.read(make_document("It was raining. The shop opened late.")) == []


def test_another_language_is_refused(
    learned: LearnedReader, make_document: Callable[..., Document]
) -> None:
    with pytest.raises(BadInput, match="another language"):
        learned.read(
            make_document(
                "Die Armee hat gestern nach schweren Kämpfen die Stadt eingenommen und die "
                "Aufständischen aus den umliegenden Dörfern vertrieben."
            )
        )


def test_it_explains_what_stands_and_what_was_too_unlikely(
    learned: LearnedReader, make_document: Callable[..., Document]
) -> None:
    told = learned.explain(make_document(STORY))
    assert len(told) == 3
    said = [line for sentence in told for line in sentence.findings]
    assert any("chance" in line and "'captured'" in line for line in said)
    left = [line for sentence in told for line in sentence.dropped]
    assert all(isinstance(line, str) for line in left)


def test_government_forces_are_those_of_the_ground_and_told_once(
    make_document: Callable[..., Document], tmp_path: Path
) -> None:
    make_for_countries(tmp_path / "mine", ["SY", "IQ"], min_population=5_000)
    learned = LearnedReader(Vocabulary.load(tmp_path / "mine"))
    text = (
        "Government forces seized the town of Palmyra from Islamic State on Tuesday, state media "
        "said, after a week of heavy shelling that emptied most of the eastern quarter."
    )
    taken = [c for c in learned.read(make_document(text)) if c.predicate == "captures"]
    assert [c.subject.id for c in taken if c.subject is not None] == ["saa"]


def test_what_a_group_denies_is_denied(
    learned: LearnedReader, make_document: Callable[..., Document]
) -> None:
    text = (
        "The Syrian Democratic Forces (SDF) said on Saturday that its fighters had captured the "
        "Jafra oil field from the Islamic State and were advancing on Markada and Al-Suwar, "
        "villages the militants have held since 2014. The group denied that Russian jets had "
        "bombed its positions near Khusham."
    )
    told = [c for c in learned.read(make_document(text)) if c.predicate == "assaults"]
    assert told
    assert {c.modality for c in told} == {Modality.DENIED}
