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
    def test_counts_and_learned_reliability(self, ask, vale: Theatre) -> None:
        told = {s["id"]: s for s in ask("sources", "--json").json_lines()}
        claims = vale.claims()
        assert {k: s["claims"] for k, s in told.items()} == {
            k: sum(c.source.id == k for c in claims) for k in {c.source.id for c in claims}
        }
        settings = vale.control_field(start=vale.latest, end=vale.latest).settings
        for key, source in told.items():
            assert source["learned"] == (key in settings.reliabilities)
            reliability = settings.reliabilities.get(key, settings.reliability)
            assert source["reliability"] == round(reliability, 4)
        assert {s["learned"] for s in told.values()} == {True, False}

    def test_for_people(self, ask) -> None:
        done = ask("sources")
        assert done.lines[0].strip() == "Who the claims come from, as known on 2022-01-28"
        assert "% (default)" in done.out
        assert "Harbour Wire" in done.out

    def test_as_of_a_day(self, ask) -> None:
        told = ask("sources", "--as-of", "2021-01-01", "--json").json_lines()
        assert [s["id"] for s in told] == ["vale-handbook"]
        assert told[0]["as_of"] == "2021-01-01"
