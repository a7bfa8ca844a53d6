"""Claims as a page shows them: the sentence, the claim's stretch of it, and where it stands."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.claims import Claim, PlaceRef, Report, Source
from marchland.dates import Span
from marchland.maps import sentence


@dataclass(frozen=True)
class Around:
    before: str
    after: str


REPORT = Report.of(
    b"text", title="Front", source=Source(id="wire", name="Wire"), published=date(2021, 3, 2)
)


def claim(quote: str | None, *, begin: int = 0) -> Claim:
    return Claim(
        predicate="holds", report=REPORT, place=PlaceRef(id="ollenby", name="Ollenby"),
        valid=Span(), quote=quote, begin=None if quote is None else begin,
        end=None if quote is None else begin + len(quote),
    )  # fmt: skip


def told(before: str, quote: str, after: str) -> str:
    shown = sentence(claim(quote), passage=Around(before, after))
    return f"{shown['head']}{shown['quote']}{shown['tail']}"


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("It rained. On Monday ", ", he said. More.", "On Monday the army held Ollenby, he said."),
        ("A headline\n\nThen ", " again.\n\nNext", "Then the army held Ollenby again."),
        ("---\ndate: x\n---\n", " still.", "the army held Ollenby still."),
        ("قال. ثم ", " أيضا؟ نعم.", "ثم the army held Ollenby أيضا؟"),
        ("", "", "the army held Ollenby"),
    ],
)
def test_the_whole_sentence_is_shown_and_no_more(before: str, after: str, whole: str) -> None:
    assert told(before, "the army held Ollenby", after) == whole


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_nothing_is_shown_that_the_report_does_not_say(before: str, after: str) -> None:
    quote = "the army  held\nOllenby"
    shown = told(before, quote, after)
    assert "".join(shown.split()) in "".join(f"{before}{quote}{after}".split())
    assert "the army held Ollenby" in shown


def test_a_table_has_no_sentence_so_the_claim_itself_is_told() -> None:
    shown = sentence(claim(None))
    assert shown["quote"] is None
    assert shown["says"] == str(claim(None))


def test_it_says_who_printed_it_when_and_where_it_stands() -> None:
    shown = sentence(claim("the army held Ollenby", begin=7), weight=0.25)
    assert (shown["source"], shown["published"], shown["title"]) == ("Wire", "2021-03-02", "Front")
    assert (shown["report"], shown["begin"], shown["end"]) == (REPORT.id, 7, 28)
    assert shown["weight"] == 0.25
