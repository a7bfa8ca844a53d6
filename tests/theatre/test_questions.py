"""A theatre's questions: what they answer for, and what they refuse."""

from datetime import date

import pytest

from marchland.errors import AmbiguousName, BadInput, UnknownName
from marchland.theatre import Theatre

ON = "2021-06-01"


def test_names_ids_and_spellings_are_one_place(vale: Theatre) -> None:
    told = {vale.control(n, on=ON).id for n in ("Dravish", "dravish", "al-Dravish", "DRAWISH")}
    assert len(told) == 1


def test_days_are_words_or_days(vale: Theatre) -> None:
    assert vale.control("Dravish", on=ON).id == vale.control("Dravish", on=date(2021, 6, 1)).id


def test_all_and_one_agree(vale: Theatre) -> None:
    for every in vale.control_all(on=ON):
        once = vale.control(every.about["place"]["id"], on=ON)
        assert once.p == pytest.approx(every.p, abs=1e-9)
        assert once.n_claims == every.n_claims


def test_within_an_area_are_its_places(vale: Theatre) -> None:
    told = [e.about["place"]["id"] for e in vale.control_all(on=ON, within="Upper Mirrow")]
    assert sorted(told) == sorted(vale.vocabulary.members_of("upper-mirrow"))


def test_claims_about_an_area_are_those_about_its_places(vale: Theatre) -> None:
    area = {c.id for c in vale.claims(place="Upper Mirrow")}
    assert area >= {c.id for c in vale.claims(place="Dravish")}
    assert area.isdisjoint({c.id for c in vale.claims(place="Ollenby")})


def test_an_assumption_moves_the_answer_and_is_carried(vale: Theatre) -> None:
    told = vale.control("Dravish", on=ON, given={"Dravish": "River Guard"})
    assert told.best == "river-guard"
    assert told.given == {"dravish": "river-guard"}
    assert vale.control("Dravish", on=ON).given == {}


def test_an_assumption_about_an_actor_moves_the_coalition(vale: Theatre) -> None:
    def members(**given: str) -> set[str]:
        return {m.actor for m in vale.coalition("Tessmar", on=ON, given=given or None).members}

    assert "river-guard" not in members()
    assert "river-guard" in members(**{"River Guard": "with"})


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda t: t.control("Zzyzx Qqq", on=ON), UnknownName),
        (lambda t: t.control("Springfield", on=ON), AmbiguousName),
        (lambda t: t.control("Upper Mirrow", on=ON), BadInput),
        (lambda t: t.control("Dravish", on="June"), BadInput),
        (lambda t: t.control("Dravish", on=ON, as_of="2021-06-31"), BadInput),
        (lambda t: t.claims(actor="Zzyzx Qqq"), UnknownName),
        (lambda t: t.alignment("Orvand", "Orvand", on=ON), BadInput),
        (lambda t: t.coalition("Zzyzx Qqq", on=ON), UnknownName),
        (lambda t: t.corridor("Pellisk", "Pellisk", on=ON), BadInput),
        (lambda t: t.corridor("Pellisk", "Beirut", on=ON), BadInput),
        (lambda t: t.corridor_timeline(start=ON, end="2021-01-01"), BadInput),
        (lambda t: t.brief(title="Nothing"), BadInput),
        (lambda t: t.why("nonsense"), BadInput),
        (lambda t: t.why("e:ffffffffffff"), UnknownName),
    ],
)
def test_what_can_not_be_answered_is_an_error_of_ours(vale: Theatre, ask, error) -> None:
    with pytest.raises(error):
        ask(vale)


def test_why_walks_from_the_answer_to_the_sentence(vale: Theatre) -> None:
    answer = vale.control("Dravish", on=ON)
    found = vale.why(answer.id)
    assert [g.claim.id for g in found.grounds] == [b.claim.id for b in answer.because]
    assert found.answer is not None
    assert found.answer["best"] == answer.best
    for ground in found.grounds:
        assert ground.passage is not None
        assert ground.passage.quote == ground.claim.quote
        assert ground.passage.quote in str(ground.passage).replace("\n", " ") or "\n" in (
            ground.passage.quote
        )


def test_the_text_around_a_quote_is_text_of_the_report(vale: Theatre) -> None:
    for claim in vale.claims(kind="control"):
        for ground in vale.why(claim.id).grounds:
            if ground.passage is None:
                continue
            p = ground.passage
            assert p.before + p.quote + p.after in vale.ledger.text(claim.report.id)
            assert "rests_on:" not in p.before
