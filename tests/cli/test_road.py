"""Asking about the road: its status, its status through time, and what changes it."""

from pathlib import Path

import pytest

ROAD = ("Pellisk", "Joruvel", "--for", "Tessmar")
OPEN, CUT = "2021-06-01", "2021-12-01"


class TestCorridor:
    def test_the_record(self, ask) -> None:
        told = ask("corridor", *ROAD, "--on", OPEN, "--json").json()
        assert told["status"] == "open"
        assert set(told["p"]) == {"open", "contested", "broken"}
        assert sum(told["p"].values()) == pytest.approx(1, abs=1e-3)
        low, high = told["interval"]["open"]
        assert low <= told["p"]["open"] <= high
        places = [s["place"] for s in told["route"]]
        assert (places[0], places[-1]) == ("pellisk", "joruvel")
        assert all(set(s) >= {"place", "holder", "p_pass"} for s in told["route"])
        assert told["km"] > 0
        assert told["hours"] > 0
        assert told["chokepoints"]
        assert told["routes"]
        assert {"air", "land", "id", "as_of", "seed", "revision"} <= set(told)

    def test_status_then_odds_then_route_then_weakest_points_then_claims(self, ask) -> None:
        done = ask("corridor", *ROAD, "--on", OPEN)
        assert done.lines[0] == f"{OPEN}  OPEN"
        at = [done.out.index(w) for w in ("odds:", "route (", "weakest points:", "because:")]
        assert at == sorted(at)
        assert "published by 28 January 2022" in done.out
        assert " c:" in done.out
        assert done.lines[-1].startswith("  more: marchland -t sample:vale why e:")

    @pytest.mark.parametrize("on", ["2021-01-15", OPEN, CUT])
    def test_no_road_is_ever_called_without_danger(self, ask, on) -> None:
        for words in (["corridor", *ROAD, "--on", on], ["corridor", *ROAD, "--on", on, "--json"]):
            assert "safe" not in ask(*words).out.casefold()

    @pytest.mark.parametrize("on", ["2021-01-15", OPEN, CUT])
    def test_nothing_is_certain(self, ask, on) -> None:
        said = ask("corridor", *ROAD, "--on", on).out
        assert " 0%" not in said
        assert "(0%" not in said
        assert " 100%" not in said

    def test_what_nobody_told_of_is_unknown(self, ask) -> None:
        told = ask("corridor", *ROAD, "--on", OPEN, "--as-of", "2021-01-01", "--json").json()
        assert told["status"] == "unknown"
        done = ask("corridor", *ROAD, "--on", OPEN, "--as-of", "2021-01-01")
        assert done.lines[0].endswith("UNKNOWN")

    def test_an_assumption_shuts_it_and_is_printed(self, ask) -> None:
        done = ask("corridor", *ROAD, "--on", OPEN, "--given", "Dravish=Orvand")
        assert done.lines[0].endswith("BROKEN")
        assert "assuming Dravish = Orvand" in done.out

    def test_a_crossing_that_a_fact_closes_is_shut_cited_and_opened_by_assumption(
        self, run, mine: Path
    ) -> None:
        (mine / "crossings.csv").write_text(
            "crossing,state,traffic,from,until,hours,source,published\n"
            "Lorrim crossing,closed,all,2021-03-01,2021-08-01,,Customs notice 7,2021-02-20\n",
            "utf-8",
        )
        known = ("--as-of", "2022-01-28")
        told = run("-t", mine, "corridor", *ROAD, "--on", OPEN, *known).out
        assert "closed to all traffic from 2021-03-01 until 2021-08-01" in told
        assert "Customs notice 7, published 2021-02-20" in told
        record = run("-t", mine, "corridor", *ROAD, "--on", OPEN, *known, "--json").json()
        assert record["crossings"][0]["opening"]["shut"]
        lifted = run("-t", mine, "corridor", *ROAD, "--on", OPEN, *known, "--json",
                     "--given", "Lorrim crossing=open").json()  # fmt: skip
        assert lifted["closures"] == []
        early = ("--on", OPEN, "--as-of", "2021-02-01", "--json")
        assert run("-t", mine, "corridor", *ROAD, *early).json()["closures"] == []

    def test_an_area_is_gone_round_as_a_whole_and_is_no_end(self, ask) -> None:
        told = ask("corridor", *ROAD, "--on", OPEN, "--avoid", "Upper Mirrow", "--json").json()
        assert told["status"] == "broken"
        done = ask("corridor", "Pellisk", "Upper Mirrow", "--for", "Tessmar", "--on", OPEN, code=1)
        assert "is an area; name a place in it" in done.err

    def test_an_area_closed_by_assumption_closes_its_places(self, ask) -> None:
        done = ask("corridor", *ROAD, "--on", OPEN, "--given", "Upper Mirrow=closed")
        assert done.lines[0].endswith("BROKEN")

    def test_waypoints_are_passed_in_order(self, ask) -> None:
        words = ("corridor", *ROAD, "--via", "Skarvale", "--on", OPEN, "--json")
        places = [s["place"] for s in ask(*words).json()["route"]]
        assert 0 < places.index("skarvale") < len(places) - 1

    def test_same_question_same_bytes(self, ask) -> None:
        words = ("corridor", *ROAD, "--on", OPEN, "--seed", 7, "--json")
        assert ask(*words).out == ask(*words).out

    def test_half_a_question(self, ask) -> None:
        ask("corridor", "Pellisk", "--for", "Tessmar", "--on", OPEN, code=2)
        ask("corridor", *ROAD, "--on", OPEN, "--seed", "-1", code=2)
        ask("corridor", *ROAD, code=2)

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["Pellisk", "Pellisk", "--for", "Tessmar"], "same place"),
            (["Pellisk", "Beirut", "--for", "Tessmar"], "no road"),
            (["Pellisk", "Joruvel", "--for", "Zzyzx Qqq"], "No actor called 'Zzyzx Qqq'"),
            (["Pellisk", "Zzyzx Qqq", "--for", "Tessmar"], "No place called 'Zzyzx Qqq'"),
            (["Pellisk", "Springfield", "--for", "Tessmar"], "more than one place"),
        ],
    )
    def test_a_question_that_has_no_answer_says_why(self, ask, words, told) -> None:
        done = ask("corridor", *words, "--on", OPEN, code=1)
        assert told in done.err
        assert done.err.startswith("marchland: ")
        assert done.out == ""

    def test_left_out_it_is_the_theatres_own_road(self, ask) -> None:
        told = ask("corridor", "--on", OPEN, "--json").json()
        assert (told["origin"]["id"], told["destination"]["id"]) == ("pellisk", "joruvel")
        assert told["traveller"]["id"] == "tessmar"

    def test_a_theatre_without_a_road_of_its_own(self, run, mine: Path) -> None:
        (mine / "theatre.toml").write_text('[theatre]\nname = "mine"\n', "utf-8")
        for words, told in (
            ([], "from where to where"),
            (["Pellisk", "Joruvel"], "name the traveller"),
        ):
            assert told in run("-t", mine, "corridor", *words, "--on", OPEN, code=1).err


class TestTimeline:
    SPAN = ("--from", "2021-03-01", "--to", "2022-01-01", "--step", "30")

    def test_the_record(self, ask) -> None:
        told = ask("timeline", *ROAD, *self.SPAN, "--json").json()
        assert told["question"] == "timeline"
        assert told["places"] == ["pellisk", "joruvel"]
        assert told["traveller"] == "tessmar"
        assert told["names"]["pellisk"] == "Pellisk"
        assert told["as_of"] == "2022-01-28"
        assert [p["on"] for p in told["points"]] == sorted(p["on"] for p in told["points"])
        after = [c["after"] for c in told["changes"]]
        assert after[-2:] == ["open", "broken"]
        assert all(c["claims"] for c in told["changes"])

    def test_it_agrees_with_the_corridor_on_a_day(self, ask) -> None:
        told = ask("timeline", *ROAD, "--from", OPEN, "--to", OPEN, "--json").json()
        once = ask("corridor", *ROAD, "--on", OPEN, "--json").json()
        assert told["points"][0]["status"] == once["status"]

    def test_for_people_the_road_the_days_and_the_claims(self, ask) -> None:
        done = ask("timeline", *ROAD, *self.SPAN, "--given", "Ollenby=Vale Front")
        assert done.lines[0] == "The road Pellisk - Joruvel for Tessmar, as known on 2022-01-28:"
        assert done.lines[1] == "assuming Ollenby = Vale Front"
        assert any("broken -> open" in line for line in done.lines)
        assert " c:" in done.out

    def test_bad_spans(self, ask) -> None:
        assert "before" in ask("timeline", *ROAD, "--from", CUT, "--to", OPEN, code=1).err
        ask("timeline", *ROAD, *self.SPAN[:4], "--step", 0, code=2)


class TestCompare:
    def test_then_and_now(self, ask) -> None:
        done = ask("compare", *ROAD, "--then", OPEN, "--on", CUT)
        assert done.lines[0] == "open -> broken"
        assert "Dravish: held by Vale Front, then Orvand" in done.out
        assert done.out.count("marchland -t sample:vale why e:") == 2

    def test_what_if(self, ask) -> None:
        words = ("compare", *ROAD, "--on", OPEN, "--given", "Dravish=Orvand")
        told = ask(*words, "--json").json()
        assert told["first"]["given"] == {}
        assert told["second"]["given"] == {"dravish": "orvand"}
        assert told["moved"]["open"] < -0.5
        assert "Assumed in the second: Dravish = Orvand." in told["why"]

    def test_an_assumption_holds_on_both_days(self, ask) -> None:
        words = ("compare", *ROAD, "--then", OPEN, "--on", CUT, "--given", "Dravish=Orvand")
        told = ask(*words, "--json").json()
        assert told["first"]["given"] == told["second"]["given"] == {"dravish": "orvand"}

    def test_something_must_differ(self, ask) -> None:
        assert "--then" in ask("compare", *ROAD, "--on", OPEN, code=2).err
