"""Walking back: from an answer to its claims, their sentences, reports and sources."""

from marchland.theatre import Theatre

DAY = "2021-04-01"


class TestWhy:
    def test_an_answer_printed_can_be_walked_back(self, ask, vale: Theatre) -> None:
        answer = ask("control", "Dravish", "--on", DAY, "--json").json()
        told = ask("why", answer["id"], "--json").json()
        assert [c["id"] for c in told["claims"]] == [b["id"] for b in answer["because"]]
        assert told["missing"] == []
        for claim in told["claims"]:
            text = vale.ledger.text(claim["report"]["id"])
            assert text[claim["begin"] : claim["end"]] == claim["quote"]
            assert claim["context"]["before"] + claim["quote"] in text

    def test_status_odds_then_sentences(self, ask) -> None:
        answer = ask(
            "control", "Dravish", "--on", DAY, "--given", "Ollenby=Orvand", "--json"
        ).json()
        done = ask("why", answer["id"])
        assert done.lines[0] == (
            f"{answer['id']}: control of Dravish on {DAY}, as known on 2022-01-28: Vale Front"
        )
        assert done.lines[1].startswith("  odds: Vale Front")
        assert done.lines[2] == "  assuming Ollenby = Orvand"
        assert "**Vale Front captured Dravish from the Orvand army**" in done.out

    def test_a_corridor(self, ask) -> None:
        words = ("corridor", "Pellisk", "Joruvel", "--for", "Tessmar", "--on", "2021-06-01")
        answer = ask(*words, "--json").json()
        assert ask("why", answer["id"]).lines[0].endswith(": open")

    def test_what_was_not_known_rests_on_nothing(self, ask) -> None:
        answer = ask("control", "Beirut", "--on", DAY, "--json").json()
        done = ask("why", answer["id"])
        assert done.lines[0].endswith("not known")
        assert done.lines[-1] == "No claim stands behind it."

    def test_a_claim_by_the_start_of_its_id(self, ask) -> None:
        claim = ask("claims", "--predicate", "captures", "--limit", 1, "--json").json_lines()[0]
        told = ask("why", claim["id"][:12], "--json").json()
        assert told["id"] == claim["id"]
        assert told["answer"] is None
        assert claim["report"]["id"] in ask("why", claim["id"]).out

    def test_front_matter_is_no_text_around_a_quote(self, ask) -> None:
        claim = ask("claims", "--predicate", "captures", "--limit", 1, "--json").json_lines()[0]
        assert "source:" not in ask("why", claim["id"]).out

    def test_a_report_with_its_claims(self, ask) -> None:
        claim = ask("claims", "--predicate", "captures", "--limit", 1, "--json").json_lines()[0]
        report = claim["report"]
        done = ask("why", report["id"])
        assert done.lines[0].startswith(f"{report['id']}: {report['title']}, ")
        told = ask("why", report["id"], "--json").json()["claims"]
        assert {c["report"]["id"] for c in told} == {report["id"]}

    def test_a_tables_claim_is_marked_as_one(self, ask) -> None:
        claim = ask("claims", "--predicate", "backs", "--limit", 1, "--json").json_lines()[0]
        assert "a table's claim" in ask("why", claim["id"]).out

    def test_ids_that_are_none(self, ask) -> None:
        assert "is no id" in ask("why", "nonsense", code=1).err
        for none in ("e:ffffffffffff", "c:ffffffffffffffff", "r:ffffffffffffffff", "c:"):
            assert "is known" in ask("why", none, code=1).err


class TestSources:
    def test_counts_of_claims_and_of_reports(self, ask, vale: Theatre) -> None:
        told = {s["id"]: s for s in ask("sources", "--json").json_lines() if not s["speaks"]}
        claims = vale.claims()
        assert {k: s["claims"] for k, s in told.items()} == {
            k: sum(c.source.id == k for c in claims) for k in {c.source.id for c in claims}
        }
        assert {k: s["reports"] for k, s in told.items()} == {
            k: len({c.report.id for c in claims if c.source.id == k}) for k in told
        }

    def test_reliability_lies_in_its_interval_and_some_is_learned(self, ask) -> None:
        told = ask("sources", "--json").json_lines()
        for source in told:
            low, high = source["interval"]
            assert 0.0 <= low <= source["reliability"] <= high <= 1.0
        assert {s["learned"] for s in told} == {True, False}

    def test_those_quoted_are_told_apart_from_those_who_print(self, ask, vale: Theatre) -> None:
        quoted = {s["id"] for s in ask("sources", "--json").json_lines() if s["speaks"]}
        of = vale.vocabulary.holder_of
        assert quoted == {
            f"speaker:{of(c.speaker.id)}"
            for c in vale.claims()
            if c.speaker is not None and c.speaker.resolved
        }

    def test_for_people(self, ask) -> None:
        done = ask("sources")
        assert done.lines[0].strip() == "Who the claims come from, as known on 2022-01-28"
        assert "% (default)" in done.out
        assert "Harbour Wire" in done.out

    def test_one_with_examples(self, ask) -> None:
        (told,) = ask("sources", "harbour wire", "--json").json_lines()
        done = ask("sources", "harbour wire")
        assert ("Others said the same of:" in done.out) == (told["agreed"] > 0)
        assert ("Others said otherwise of:" in done.out) == (told["disagreed"] > 0)
        assert all(e["claim"]["id"] in done.out for e in told["examples"])
        assert "Did you mean" in ask("sources", "Harbor Wire", code=1).err

    def test_as_of_a_day(self, ask) -> None:
        told = ask("sources", "--as-of", "2021-01-01", "--json").json_lines()
        assert [s["id"] for s in told] == ["vale-handbook"]
        assert told[0]["as_of"] == "2021-01-01"


class TestChanges:
    def test_each_change_has_a_day_in_its_interval_and_its_claims(self, ask, vale) -> None:
        named = {c.place.id for c in vale.claims(predicate="captures") if c.place}
        places = sorted(named & vale.vocabulary.own_places)[:4]
        days = ("--from", "2021-01-01", "--to", "2022-01-28")
        told = {p: ask("changes", p, *days, "--json").json_lines() for p in places}
        assert any(told.values())
        for change in (c for changes in told.values() for c in changes):
            first, last = change["interval"]
            assert first <= change["day"] <= last
            assert change["before"] != change["after"]
            assert change["because"]
        place = next(p for p in places if told[p])
        done = ask("changes", place, *days)
        assert "90 % interval" in done.out
        assert done.lines[-1].endswith("as known on 2022-01-28.")
