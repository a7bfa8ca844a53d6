"""A brief: every statement cites a claim, and every claim cited resolves to a span of a report."""

import json
from datetime import date
from pathlib import Path

import pytest

from marchland.brief import Brief, Citation, Statement
from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.errors import BadInput
from marchland.roads import CrossingNotice, RoadNetwork
from marchland.theatre import Theatre

NOW, BEFORE, AS_OF = "2021-06-01", "2021-02-01", "2022-02-01"


@pytest.fixture(scope="module")
def brief(vale: Theatre) -> Brief:
    road = vale.corridor(on=NOW, as_of=AS_OF)
    holder = vale.control(road.route[1].place, on=NOW, as_of=AS_OF)
    return vale.brief(road, holder, title="The road through the vale", then=BEFORE)


def test_every_statement_resolves_to_a_span_of_a_report(brief: Brief, vale: Theatre) -> None:
    statements = [s for section in brief.sections for s in section.statements]
    assert len(statements) >= 6
    for statement in statements:
        for number in statement.cites:
            claim = brief.citations[number - 1].claim
            stored = vale.ledger.claim(claim.id)
            text = vale.ledger.text(stored.report.id)
            assert stored.begin is not None
            assert text[stored.begin : stored.end] == claim.quote


def test_the_bottom_line_gives_status_first_then_odds_dates_and_sources(brief: Brief) -> None:
    line = brief.sections[0].statements[0].text
    assert line.index(" is open for ") < line.index("%")
    for part in ("1 June 2021", "1 February 2022", "90 % interval", "claims from", "sources"):
        assert part in line


def test_then_and_now_tells_how_the_road_changed(brief: Brief) -> None:
    told = " ".join(s.text for x in brief.sections if x.heading == "Then and now"
                    for s in x.statements)  # fmt: skip
    assert "the road was broken on 1 February 2021 and is open on 1 June 2021" in told


def test_how_firmly_the_road_is_held_is_told_with_every_part(brief: Brief) -> None:
    (section,) = (x for x in brief.sections if x.heading == "How firmly it is held")
    for statement in section.statements:
        assert "from 0 to 1" in statement.text
        assert "odds of passing for Tessmar" in statement.text
        assert "days old" in statement.text
        assert statement.cites


def test_what_became_of_a_tie_is_told_with_words_beside_deeds(vale: Theatre) -> None:
    tie = vale.alignment("Orvand", "Vale Front", on=NOW, as_of=AS_OF)
    told = vale.brief(tie, title="Two sides", then="2021-01-05")
    found = {x.heading: x.statements for x in told.sections}
    (first, *_) = found["Words and deeds"]
    assert "Goldstein's scale" in first.text
    assert "From 5 January 2021 to 1 June 2021" in first.text
    assert first.cites
    for statement in found.get("Ties that changed", ()):
        assert "90 % interval" in statement.text


def test_a_road_is_never_called_safe(brief: Brief) -> None:
    assert "safe" not in brief.to_html().casefold()


def test_markdown_numbers_each_source_once(brief: Brief) -> None:
    text = brief.to_markdown()
    for citation in brief.citations:
        assert text.count(f"\n[^{citation.number}]: ") == 1
        assert citation.claim.id in text


def test_the_page_opens_offline_and_escapes_what_reports_say(brief: Brief) -> None:
    page = brief.to_html()
    assert "<script" not in page
    assert 'src="http' not in page
    assert "url(http" not in page


def test_it_is_saved_by_its_suffix(brief: Brief, tmp_path: Path) -> None:
    for name in ("b.html", "b.md", "b.json"):
        assert brief.save(tmp_path / "new" / name).read_text(encoding="utf-8")
    record = json.loads((tmp_path / "new" / "b.json").read_text(encoding="utf-8"))
    assert record["on"] == NOW
    with pytest.raises(BadInput, match=r"\.html, \.md or \.json"):
        brief.save(tmp_path / "b.pdf")


def test_a_statement_without_a_citation_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="must cite"):
        Statement(text="All is well.", cites=())


def _claim(text: str, quote: str) -> Claim:
    report = Report.of(
        text.encode(), title="A day", source=Source(id="post", name="Post"),
        published=date(2030, 1, 1),
    )  # fmt: skip
    begin = text.index(quote)
    return Claim(
        predicate="holds", report=report, subject=Ref(id="crown", name="The Crown"),
        place=PlaceRef(id="gate", name="Gate"),
        quote=quote, begin=begin, end=begin + len(quote),
    )  # fmt: skip


def test_a_citation_gives_the_whole_sentence_and_no_more() -> None:
    text = "---\ntitle: A day\n---\nIt rained. The Crown holds\nthe gate, he said. Then night fell."
    claim = _claim(text, "Crown holds\nthe gate")
    assert claim.begin is not None
    assert claim.end is not None
    cited = Citation(number=1, claim=claim, before=text[: claim.begin], after=text[claim.end :])
    assert cited.sentence == "The Crown holds the gate, he said."


def test_a_table_claim_cannot_be_cited() -> None:
    report = Report.of(b"row", title="Table", source=Source(id="t", name="T"),
                       published=date(2030, 1, 1))  # fmt: skip
    claim = Claim(predicate="holds", report=report, subject=Ref(id="crown", name="The Crown"),
                  place=PlaceRef(id="gate", name="Gate"))  # fmt: skip
    with pytest.raises(ValueError, match="rests on no text"):
        Citation(number=1, claim=claim)


def test_what_is_known_of_crossings_is_told_with_its_source(vale: Theatre) -> None:
    fact = CrossingNotice(
        crossing="lorrim-crossing", state="closed", traffic=("all",), start=date(2021, 5, 1),
        source="Customs notice 7", published=date(2021, 4, 20),
    )  # fmt: skip
    theatre = Theatre(
        folder=None, settings=vale.settings, vocabulary=vale.vocabulary, ledger=vale.ledger,
        roads=RoadNetwork(vale.roads.links, [fact]),
    )  # fmt: skip
    road = theatre.corridor(on=NOW, as_of=AS_OF)
    assert (road.status, road.p["open"]) == ("broken", 0.0)
    brief = theatre.brief(road, title="The gate is shut")
    told = "closed to all traffic from 2021-05-01 (Customs notice 7, published 2021-04-20)"
    assert told in brief.sections[0].statements[0].text
    assert any(told in gap for gap in brief.gaps)


def test_a_brief_of_nothing_is_refused(vale: Theatre) -> None:
    with pytest.raises(BadInput, match="at least one answer"):
        vale.brief(title="Nothing")
