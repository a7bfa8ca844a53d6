"""Asking of claims: who holds what, who stands with whom, what a name means."""

import json
from datetime import date

import pytest

from marchland.claims import PREDICATES
from marchland.theatre import Theatre

DAY = "2021-04-01"
ESTIMATE = {"id", "question", "on", "as_of", "given", "p", "best", "n_claims", "n_sources"}
ESTIMATE |= {"because", "model", "seed", "revision", "interval", "confidence", "names"}


class TestClaims:
    def test_one_json_record_a_line(self, ask) -> None:
        found = ask("claims", "--place", "Dravish", "--json").json_lines()
        assert len(found) > 5
        assert {c["place"]["id"] for c in found} == {"dravish"}
        assert {c["predicate"] for c in found} <= set(PREDICATES)
        assert all(c["id"].startswith("c:") for c in found)

    def test_a_table_for_people_that_says_as_known_when(self, ask) -> None:
        done = ask("claims", "--place", "Dravish", "--as-of", "2021-02-01")
        assert "Orvand army" in done.out
        assert done.lines[-1] == "1 claim, as known on 2021-02-01."

    def test_a_question_nobody_answers_is_an_answer(self, ask) -> None:
        assert ask("claims", "--actor", "River Guard", "--as-of", "2020-01-01").out.startswith("0")
        assert ask("claims", "--actor", "River Guard", "--as-of", "2020-01-01", "--json").out == ""

    def test_an_area_stands_for_its_places(self, ask) -> None:
        found = ask("claims", "--place", "Upper Mirrow", "--json").json_lines()
        assert {c["place"]["id"] for c in found} >= {"dravish", "kestrane"}

    @pytest.mark.parametrize(
        ("option", "value", "kept"),
        [
            ("--kind", "relation", lambda c: c["kind"] == "relation"),
            ("--predicate", "captures", lambda c: c["predicate"] == "captures"),
            ("--as-of", "2021-03-01", lambda c: c["report"]["published"] <= "2021-03-01"),
            ("--on", DAY, lambda c: (c["valid"]["start"] or "") <= DAY),
        ],
    )
    def test_each_option_narrows(self, ask, option, value, kept) -> None:
        every = ask("claims", "--json").json_lines()
        found = ask("claims", option, value, "--json").json_lines()
        assert 0 < len(found) < len(every)
        assert all(kept(c) for c in found)

    def test_a_limit(self, ask) -> None:
        assert len(ask("claims", "--limit", 3, "--json").json_lines()) == 3
        ask("claims", "--limit", 0, code=2)

    def test_a_misspelt_predicate_is_told_the_near_ones(self, ask) -> None:
        assert "captures" in ask("claims", "--predicate", "capture", code=1).err


class TestControl:
    def test_the_record(self, ask) -> None:
        told = ask("control", "Dravish", "--on", DAY, "--as-of", DAY, "--json").json()
        assert set(told) >= ESTIMATE
        assert told["place"] == {"id": "dravish", "name": "Dravish"}
        assert (told["on"], told["as_of"]) == (DAY, DAY)
        assert told["best"] == "vale-front"
        assert sum(told["p"].values()) == pytest.approx(1, abs=1e-3)
        assert all(b["report"]["published"] <= DAY for b in told["because"])

    def test_status_first_then_odds_then_claims_then_where_to_look(self, ask) -> None:
        lines = ask("control", "Dravish", "--on", DAY).lines
        assert lines[0] == f"{DAY}  VALE FRONT"
        assert "confidence in the evidence" in lines[1]
        assert "published by 28 January 2022" in lines[1]
        assert lines[2].split("  ")[-1] == "Vale Front"
        because = next(i for i, line in enumerate(lines) if line.startswith("Because"))
        assert " c:" in lines[because + 1]
        assert lines[-1].startswith("More: marchland -t sample:vale why e:")

    def test_what_nobody_told_of_is_not_known(self, ask) -> None:
        done = ask("control", "Dravish", "--on", DAY, "--as-of", "2020-06-01")
        assert done.lines[0] == f"{DAY}  NOT KNOWN"
        assert "rest on no claim" in done.out
        told = ask("control", "Dravish", "--on", DAY, "--as-of", "2020-06-01", "--json").json()
        assert (told["best"], told["n_claims"]) == (None, 0)

    def test_a_place_of_the_wide_world_is_answered_too(self, ask) -> None:
        assert "NOT KNOWN" in ask("control", "Beirut", "--on", DAY).lines[0]

    def test_all_answers_for_every_place_that_a_claim_is_about(self, ask, vale: Theatre) -> None:
        about = {c.place.id for c in vale.claims(as_of=DAY) if c.place and c.place.resolved}
        named = about | {m for area in about for m in vale.vocabulary.members_of(area)}
        told = ask("control", "--all", "--on", DAY, "--as-of", DAY, "--json").json_lines()
        assert {t["place"]["id"] for t in told} == {
            p for p in named if not vale.vocabulary.members_of(p)
        }
        assert all(set(t) >= ESTIMATE for t in told)

    def test_an_area(self, ask) -> None:
        told = ask("control", "--within", "Lower Mirrow", "--on", DAY, "--json").json_lines()
        assert {t["place"]["id"] for t in told} == {
            *("ollenby", "skarvale", "joruvel", "haldrun", "veskary", "quenmoor")
        }

    def test_the_table_names_its_days(self, ask) -> None:
        done = ask("control", "--all", "--on", DAY, "--as-of", DAY)
        assert done.lines[0].strip() == f"Who holds what on {DAY}, as known on {DAY}"
        assert any("Dravish" in line and "Vale Front" in line for line in done.lines)

    def test_nothing_known_yet_is_said(self, ask) -> None:
        done = ask("control", "--all", "--on", DAY, "--as-of", "2000-01-01")
        assert (
            done.out
            == f"No place to tell of on {DAY}: no claim had been published by 2000-01-01.\n"
        )

    def test_one_place_or_all_or_an_area(self, ask) -> None:
        for words in ([], ["Dravish", "--all"], ["--all", "--within", "Lower Mirrow"]):
            ask("control", *words, "--on", DAY, code=2)

    def test_an_area_is_not_one_place_and_a_place_no_area(self, ask) -> None:
        assert "--within" in ask("control", "Upper Mirrow", "--on", DAY, code=1).err
        assert "no area" in ask("control", "--within", "Dravish", "--on", DAY, code=1).err


class TestAssumptions:
    def test_an_assumption_is_printed_with_the_answer(self, ask) -> None:
        done = ask("control", "Dravish", "--on", DAY, "--given", "Dravish=Orvand")
        assert done.lines[0].endswith("ORVAND")
        assert "Assuming Dravish = Orvand." in done.out
        told = ask("control", "Dravish", "--on", DAY, "--given", "Dravish=Orvand", "--json").json()
        assert told["given"] == {"dravish": "orvand"}

    def test_an_area_is_assumed_for_every_place_of_it(self, ask) -> None:
        words = ("--within", "Upper Mirrow", "--on", DAY, "--given", "Upper Mirrow=River Guard")
        assert {t["best"] for t in ask("control", *words, "--json").json_lines()} == {"river-guard"}
        assert "Assuming " in ask("control", *words).lines[-1]

    @pytest.mark.parametrize(
        "words",
        [
            ["control", "Dravish", "--given", "Vale Front=against"],
            ["alignment", "Tessmar", "Orvand", "--given", "Dravish=Orvand"],
            ["control", "--all", "--given", "Kestrane crossing=closed"],
        ],
    )
    def test_one_that_has_no_bearing_is_warned_about(self, ask, words) -> None:
        done = ask(*words, "--on", DAY, "--json")
        assert "no bearing" in done.err
        assert done.err.startswith("warning: ")
        assert all(json.loads(line) for line in done.lines[:1] if line != "{")

    def test_bad_assumptions(self, ask) -> None:
        for given in ("Dravish", "=Orvand", "Dravish="):
            assert (
                "NAME=VALUE" in ask("control", "--all", "--on", DAY, "--given", given, code=2).err
            )
        twice = ("--given", "Dravish=Orvand", "--given", "Dravish=Tessmar")
        assert "twice" in ask("control", "--all", "--on", DAY, *twice, code=2).err
        for given, told in (
            ("Orvand=Tessmar", "with or against"),
            ("Zzyzx Qqq=Orvand", "No place called"),
            ("Dravish=Zzyzx Qqq", "No actor called"),
        ):
            assert told in ask("control", "--all", "--on", DAY, "--given", given, code=1).err


class TestAlignment:
    def test_the_record(self, ask) -> None:
        told = ask("alignment", "Tessmar", "Vale Front", "--on", DAY, "--json").json()
        assert set(told) >= ESTIMATE
        assert told["best"] == "aligned"
        assert told["ties"]

    def test_status_first(self, ask) -> None:
        done = ask("alignment", "Tessmar", "Orvand", "--on", DAY)
        assert done.lines[0] == f"{DAY}  OPPOSED"
        assert "The Mirrow Handbook" in done.out

    def test_an_actor_and_itself(self, ask) -> None:
        assert "name two actors" in ask("alignment", "Orvand", "Orvand", "--on", DAY, code=1).err

    def test_a_coalition_with_its_days_and_names(self, ask) -> None:
        told = ask("coalition", "Tessmar", "--on", DAY, "--as-of", DAY, "--json").json()
        assert (told["on"], told["as_of"], told["principal"]) == (DAY, DAY, "tessmar")
        assert "vale-front" in {m["actor"] for m in told["members"]}
        assert told["names"]["vale-front"] == "Vale Front"
        assert told["given"] == {}

    def test_a_coalition_for_people(self, ask) -> None:
        done = ask("coalition", "Tessmar", "--on", DAY, "--given", "River Guard=with")
        assert "as known on 2022-01-28" in done.lines[0]
        assert "Tessmar - Vale Front" in done.out
        assert done.lines[-1] == "Assuming River Guard = with."


class TestContradictions:
    SPAN = ("--from", "2021-01-01", "--to", "2022-01-01")

    def test_both_sides_are_laid_out(self, ask) -> None:
        done = ask("contradictions", *self.SPAN)
        assert "Ollenby" in done.out
        assert done.lines[-1].startswith("1 contradiction between 2021-01-01 and 2022-01-01, as kn")
        told = ask("contradictions", *self.SPAN, "--json").json_lines()
        assert len(told) == 1

    def test_of_one_place_or_area(self, ask) -> None:
        for place, n in (("Ollenby", 1), ("Lower Mirrow", 1), ("Dravish", 0)):
            words = ("contradictions", *self.SPAN, "--place", place, "--json")
            assert len(ask(*words).json_lines()) == n

    def test_what_was_not_yet_denied_is_no_contradiction(self, ask) -> None:
        done = ask("contradictions", *self.SPAN, "--as-of", "2021-05-03")
        assert done.lines[-1].startswith("0 contradictions")


class TestResolve:
    def test_one_thing(self, ask) -> None:
        told = ask("resolve", "Haldroon", "--json").json()
        assert (told["place"]["answer"], told["place"]["id"]) == ("resolved", "haldrun")
        assert told["actor"]["answer"] == "unknown"
        assert "as place: resolved haldrun" in ask("resolve", "Haldroon").out

    def test_several_things_are_never_guessed(self, ask) -> None:
        told = ask("resolve", "Springfield", "--as", "place", "--json").json()
        assert told["place"]["id"] is None
        assert told["place"]["answer"] == "ambiguous"
        assert len(told["place"]["candidates"]) > 1
        assert "actor" not in told

    def test_nothing(self, ask) -> None:
        assert "unknown" in ask("resolve", "Zzyzx Qqq").out


def test_days_in_answers_are_days(ask) -> None:
    told = ask("control", "Dravish", "--on", DAY, "--json").json()
    assert date.fromisoformat(told["as_of"]) >= date.fromisoformat(told["on"])
