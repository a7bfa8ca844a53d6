"""What every ledger does, whichever database it is kept in."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text as sql

from marchland.claims import Kind, Modality, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import AmbiguousName, LedgerError, UnknownName
from marchland.ledger import Intake, Ledger, open_ledger
from marchland.ledger.tables import metadata
from marchland.vocabulary.model import Actor, Place


def ids(claims):
    return {c.id for c in claims}


class TestRecording:
    def test_a_claim_comes_back_as_it_was_with_the_time_it_was_recorded(self, url, clock, make):
        claim = make.claim(
            object=make.guard, speaker=make.guard, modality="possible", p_read=0.25,
            valid=Span.parse("2017-06/2018-01-01"), quote="holds Ford", begin=9, end=19,
            reader="grammar/0.1", corrects="c:0123456789abcdef",
        )  # fmt: skip
        with open_ledger(url, clock=clock) as ledger:
            assert ledger.record([claim]) == Intake(added=1, reports=1)
            (found,) = ledger.claims()
        assert found.recorded == datetime(2026, 1, 1, 1, tzinfo=UTC)
        assert {**found.to_json(), "recorded": None} == claim.to_json()

    def test_recording_twice_changes_nothing(self, url, clock, make):
        report = make.report()
        with open_ledger(url, clock=clock) as ledger:
            claims = [make.claim(report), make.claim(report, place=make.mill)]
            ledger.record(claims, report=report, text="The army holds Ford.")
            before = ledger.claims(), ledger.revision, ledger.revisions()
            again = ledger.record(claims, report=report, text="The army holds Ford.")
            assert again == Intake(known=2)
            assert (ledger.claims(), ledger.revision, ledger.revisions()) == before

    def test_a_claim_twice_in_one_recording_counts_once(self, url, make):
        with open_ledger(url) as ledger:
            assert ledger.record([make.claim()] * 3) == Intake(added=1, known=2, reports=1)

    def test_revisions_count_recordings_that_added_something(self, url, clock, make):
        with open_ledger(url, clock=clock) as ledger:
            assert ledger.revision == 0
            ledger.record([make.claim()])
            ledger.record([])
            ledger.record([make.claim()])
            ledger.record([make.claim(place=make.mill)])
            assert ledger.revision == 2
            assert [(r.number, r.what) for r in ledger.revisions()] == [
                (1, "1 claim, 1 report"),
                (2, "1 claim, 0 reports"),
            ]
            assert ledger.revisions()[1].recorded == datetime(2026, 1, 1, 2, tzinfo=UTC)

    def test_what_fails_in_the_middle_leaves_no_trace(self, url, make):
        def breaks():
            for n in range(12_000):
                yield make.claim(valid=Span.unknown(), quote=f"claim {n}")
            raise ZeroDivisionError

        with open_ledger(url) as ledger:
            with pytest.raises(ZeroDivisionError):
                ledger.record(breaks())
            assert (ledger.revision, ledger.claims(), ledger.reports()) == (0, [], [])

    def test_a_quote_that_the_text_does_not_say_is_rejected_and_the_rest_kept(self, url, make):
        text = "The army holds Ford."
        report = make.report(text)
        good = make.claim(report, quote="holds Ford", begin=9, end=19)
        bad = make.claim(report, quote="holds Mill", begin=9, end=19, place=make.mill)
        with open_ledger(url) as ledger:
            intake = ledger.record([bad, good], report=report, text=text)
            assert (intake.added, [r.where for r in intake.rejected]) == (1, [bad.id])
            assert "9-19" in intake.rejected[0].why
            assert ids(ledger.claims()) == {good.id}

    @pytest.mark.parametrize(
        "odd", ["a\x00b", "half \ud83d of a pair", "\u200fالبوكمال", "~json:x", "\x1b[0m"]
    )
    def test_no_character_is_lost(self, url, make, odd):
        text = f"before {odd} after"
        report = Report.of(
            text.encode("utf-8", "surrogatepass"), title=odd, url=odd,
            source=Source(id=odd, name=odd), published=date(2017, 6, 18),
        )  # fmt: skip
        claim = make.claim(
            report, subject=Ref.unresolved(odd), place=PlaceRef(id=odd, name=odd), quote=text,
            begin=0, end=len(text),
        )  # fmt: skip
        with open_ledger(url) as ledger:
            assert ledger.record([claim], report=report, text=text).added == 1
            assert ledger.text(report.id) == text
            assert ledger.report(report.id) == report
            assert ledger.has_report(report.sha256, odd, report.published)
            for found in (
                ledger.claims(place_ids=[odd]),
                ledger.claims(actor_ids=[claim.subject.id]),
                ledger.claims(report_id=report.id),
            ):
                assert [c.quote for c in found] == [text]
            ledger.add_actors([Actor(id=odd, name=odd)])
            assert ledger.own_actors() == [Actor(id=odd, name=odd)]


class TestReports:
    def test_a_report_is_had_when_it_was_taken_in_whole_even_without_a_claim(self, url, make):
        report = make.report("Nothing happened.")
        with open_ledger(url) as ledger:
            assert not ledger.has_report(report.sha256, report.source.id, report.published)
            ledger.record([], report=report, text="Nothing happened.")
            assert ledger.has_report(report.sha256, report.source.id, report.published)
            assert not ledger.has_report(report.sha256, "another", report.published)
            assert not ledger.has_report(report.sha256, report.source.id, date(2017, 6, 19))
            assert ledger.revision == 1

    def test_an_undated_report_is_had_too(self, url, make):
        report = make.report(published=None)
        with open_ledger(url) as ledger:
            ledger.record([make.claim(report)], report=report, text="x")
            assert ledger.has_report(report.sha256, report.source.id, None)
            assert not ledger.has_report(report.sha256, report.source.id, date(2017, 6, 18))

    def test_one_that_a_table_only_names_is_not_had_until_it_is_read(self, url, make):
        report = make.report()
        key = report.sha256, report.source.id, report.published
        with open_ledger(url) as ledger:
            ledger.record([make.claim(report)])
            assert not ledger.has_report(*key)
            with pytest.raises(LedgerError, match="without its text"):
                ledger.text(report.id)
            assert ledger.record([], report=report).reports == 0
            assert ledger.has_report(*key)
            ledger.record([make.claim(report)], report=report, text="The text.")
            assert ledger.text(report.id) == "The text."

    def test_the_latest_dated_one_is_the_default_as_of(self, url, make):
        with open_ledger(url) as ledger:
            assert ledger.latest_published() is None
            for day in ("2017-06-18", None, "2021-03-02", "2019-01-01"):
                ledger.record([make.claim(make.report(str(day), day))])
            assert ledger.latest_published() == date(2021, 3, 2)
            assert [r.published and r.published.year for r in ledger.reports()] == [
                None, 2017, 2019, 2021,
            ]  # fmt: skip

    def test_a_long_text_is_kept_to_the_letter(self, url, make):
        text = "\r\n\tThe army\u00a0holds Ford.\x0c" * 50_000
        report = make.report(text)
        with open_ledger(url) as ledger:
            ledger.record([], report=report, text=text)
            assert ledger.text(report.id) == text


class TestAsking:
    @pytest.fixture
    def ledger(self, url, make):
        with open_ledger(url) as ledger:
            yield ledger

    def test_by_place_actor_kind_predicate_modality_report_and_id(self, ledger, make):
        report = make.report()
        holds = make.claim(report)
        loses = make.claim(report, predicate="loses", place=make.mill, modality="denied")
        backs = make.claim(report, predicate="backs", place=None, object=make.guard)
        says = make.claim(make.report("other"), predicate="says", subject=None, speaker=make.guard)
        ledger.record([holds, loses, backs, says])
        assert ids(ledger.claims(place_ids=["mill"])) == {loses.id}
        assert ids(ledger.claims(place_ids=[])) == set()
        assert ids(ledger.claims(actor_ids=["river-guard"])) == {backs.id, says.id}
        assert ids(ledger.claims(actor_ids=["northern-army"])) == ids([holds, loses, backs])
        assert ids(ledger.claims(kinds=["relation", Kind.STATEMENT])) == {backs.id, says.id}
        assert ids(ledger.claims(predicates=["loses", "backs"])) == {loses.id, backs.id}
        assert ids(ledger.claims(modality="denied")) == {loses.id}
        assert ids(ledger.claims(modality=[Modality.DENIED, "asserted"])) == ids(ledger.claims())
        assert ids(ledger.claims(report_id=report.id)) == ids([holds, loses, backs])
        assert ids(ledger.claims(ids=[says.id, "c:none"])) == {says.id}
        assert ids(ledger.claims(place_ids=["ford"], kinds=["control"])) == {holds.id}

    def test_on_a_day_means_a_span_that_covers_it(self, ledger, make):
        spans = ["2017-06-04", "2017-06-04/2017-06-10", "2016"]
        claims = [make.claim(valid=Span.parse(s)) for s in spans]
        until = make.claim(valid=Span(end=date(2017, 6, 1)))
        always = make.claim(valid=Span.unknown())
        ledger.record([*claims, until, always])
        for day in (date(2015, 1, 1), date(2017, 6, 1), date(2017, 6, 9), date(2017, 6, 10)):
            expected = {c.id for c in [*claims, until, always] if c.valid.covers(day)}
            assert ids(ledger.claims(on=day)) == expected

    def test_as_of_a_day_means_published_by_its_end(self, ledger, make):
        early = make.claim(make.report("early", "2017-06-18"))
        late = make.claim(make.report("late", "2017-06-19"))
        undated = make.claim(make.report("undated", None))
        ledger.record([late, undated, early])
        assert ids(ledger.claims(as_of=date(2017, 6, 17))) == set()
        assert ids(ledger.claims(as_of=date(2017, 6, 18))) == {early.id}
        assert ids(ledger.claims(as_of=date(2017, 6, 19))) == {early.id, late.id}
        assert ids(ledger.claims()) == {early.id, late.id, undated.id}

    def test_in_order_of_publication_then_of_the_text_whatever_the_order_of_recording(
        self, ledger, make
    ):
        first = make.report("first", "2017-01-01")
        second = make.report("second", "2017-01-02")
        wanted = [
            make.claim(first, quote="a", begin=2, end=3),
            make.claim(first, quote="b", begin=10, end=11),
            make.claim(second, quote="a", begin=0, end=1),
        ]
        ledger.record(wanted[::-1])
        assert [c.id for c in ledger.claims()] == [c.id for c in wanted]
        assert [c.id for c in ledger.claims(limit=2)] == [c.id for c in wanted[:2]]

    def test_one_by_id_or_by_a_prefix_that_is_the_only_one(self, ledger, make):
        claims = [make.claim(quote=str(n)) for n in range(40)]
        ledger.record(claims)
        one = claims[0]
        assert ledger.claim(one.id).id == one.id
        assert ledger.claim(one.id[:-2]).id == one.id
        assert ledger.claim(one.id.removeprefix("c:")).id == one.id
        with pytest.raises(AmbiguousName, match="c:"):
            ledger.claim("c:" + min("0123456789abcdef", key=lambda h: -_starts(claims, h)))
        for missing in ("c:", "", "c:zz", "%", "c:0000000000000000"):
            with pytest.raises(UnknownName):
                ledger.claim(missing)

    def test_a_report_by_prefix(self, ledger, make):
        report = make.report()
        ledger.record([], report=report, text="t")
        assert ledger.report(report.id[:8]) == report
        assert ledger.text(report.id[:8]) == "t"
        with pytest.raises(UnknownName, match="report"):
            ledger.report("r:no")


def _starts(claims, digit):
    return sum(c.id.startswith("c:" + digit) for c in claims)


class TestCorrections:
    def test_a_corrected_claim_is_left_out_and_still_there(self, url, make):
        wrong = make.claim()
        right = wrong.corrected(place=make.mill)
        with open_ledger(url) as ledger:
            ledger.record([wrong])
            ledger.record([right])
            assert ids(ledger.claims()) == {right.id}
            assert ids(ledger.claims(include_corrected=True)) == {wrong.id, right.id}
            assert ledger.claim(wrong.id).id == wrong.id
            assert ids(ledger.corrections(wrong.id)) == {right.id}
            assert ledger.corrections(right.id) == []

    def test_it_counts_only_once_it_was_published(self, url, make):
        wrong = make.claim(make.report("wrong", "2017-06-18"))
        right = wrong.corrected(report=make.report("right", "2017-07-01"))
        undated = wrong.corrected(report=make.report("undated", None))
        with open_ledger(url) as ledger:
            ledger.record([wrong, right])
            assert ids(ledger.claims(as_of=date(2017, 6, 30))) == {wrong.id}
            assert ids(ledger.claims(as_of=date(2017, 7, 1))) == {right.id}
            ledger.record([undated])
            assert ids(ledger.claims(as_of=date(2017, 6, 30))) == {wrong.id}

    def test_it_may_be_recorded_before_what_it_corrects(self, url, make):
        wrong = make.claim()
        right = wrong.corrected(place=make.mill)
        with open_ledger(url) as ledger:
            ledger.record([right])
            ledger.record([wrong])
            assert ids(ledger.claims()) == {right.id}


class TestItsOwn:
    ford = Place(id="ford", name="Ford", aliases=("The Ford",), lat=34.5, lon=41.0, members=("a",))

    def test_places_and_actors_come_back_as_they_were(self, url):
        army = Actor(id="army", name="Army", aliases=("the troops",), country="XA")
        with open_ledger(url) as ledger:
            assert (ledger.add_places([self.ford]), ledger.add_actors([army])) == (1, 1)
            assert ledger.own_places() == [self.ford]
            assert ledger.own_actors() == [army]
            assert ledger.revision == 2
            assert (ledger.add_places([self.ford]), ledger.add_actors([])) == (0, 0)
            assert ledger.revision == 2

    def test_of_two_records_the_newer_counts_and_the_older_is_replayed(self, url):
        moved = Place(id="ford", name="Ford", lat=35.0, lon=41.0)
        with open_ledger(url) as ledger:
            ledger.add_places([self.ford])
            ledger.add_places([moved, Place(id="a", name="A")])
            assert ledger.own_places() == [Place(id="a", name="A"), moved]
            assert ledger.at(1).own_places() == [self.ford]

    def test_an_estimate_is_kept_by_its_id_without_a_revision(self, url):
        record = {"p": {"army": 0.5, "none": 0.5}, "because": [{"id": "c:1", "weight": 0.1}]}
        with open_ledger(url) as ledger:
            ledger.save_estimate("e:abc123", record)
            ledger.save_estimate("e:abc123", record)
            assert ledger.estimate("e:abc") == record
            assert ledger.revision == 0
            with pytest.raises(UnknownName, match="estimate"):
                ledger.estimate("e:fff")


def everything(ledger: Ledger) -> object:
    """Every answer a ledger gives, down to the bytes of its records."""
    days = [date(2017, m, 1) for m in (1, 6, 7, 12)]
    reports = ledger.reports()
    return [
        ledger.revision,
        ledger.revisions(),
        ledger.latest_published(),
        [(r, r.to_json()) for r in reports],
        [ledger.has_report(r.sha256, r.source.id, r.published) for r in reports],
        ledger.own_places(),
        ledger.own_actors(),
        [
            [repr(c.to_json()) for c in ledger.claims(**asked)]
            for asked in (
                {}, {"include_corrected": True}, {"place_ids": ["ford"]},
                {"actor_ids": ["river-guard"]}, *({"as_of": d} for d in days),
                *({"on": d} for d in days),
            )
        ],
    ]  # fmt: skip


class TestReplay:
    def test_every_past_revision_answers_as_it_did(self, url, clock, make):
        wrong = make.claim(make.report("wrong", "2017-05-01"))
        steps = [
            lambda x: x.record([wrong]),
            lambda x: x.add_places([Place(id="ford", name="Ford", lat=1.0, lon=2.0)]),
            lambda x: x.record([make.claim(object=make.guard)]),
            lambda x: x.record([wrong.corrected(place=make.mill)]),
            lambda x: x.add_actors([Actor(id="river-guard", name="River Guard")]),
            lambda x: x.record([], report=wrong.report, text="wrong"),
            lambda x: x.add_places([Place(id="ford", name="Old Ford", lat=1.0, lon=2.0)]),
            lambda x: x.record([make.claim(make.report("undated", None))]),
        ]
        with open_ledger(url, clock=clock) as ledger:
            seen = [everything(ledger)]
            for step in steps:
                step(ledger)
                seen.append(everything(ledger))
        assert len({repr(s) for s in seen}) == len(steps) + 1
        for number, then in enumerate(seen):
            with open_ledger(url, revision=number) as past:
                assert everything(past) == then

    def test_the_past_takes_nothing_in(self, url, make):
        with open_ledger(url) as ledger:
            ledger.record([make.claim()])
        with open_ledger(url, revision=0) as past:
            assert past.read_only
            with pytest.raises(LedgerError, match="at revision 0"):
                past.record([make.claim()])
            with pytest.raises(UnknownName):
                past.claim(make.claim().id)
            with pytest.raises(UnknownName):
                past.report(make.report().id)

    @pytest.mark.parametrize("number", [-1, 2])
    def test_a_revision_it_never_had_is_refused(self, url, make, number):
        with open_ledger(url) as ledger:
            ledger.record([make.claim()])
        with pytest.raises(LedgerError, match="from 0 to 1"):
            open_ledger(url, revision=number)


class TestAppendOnly:
    def test_the_database_itself_refuses_to_change_or_delete(self, url, make):
        wrong = make.claim()
        with open_ledger(url) as ledger:
            ledger.record([wrong, wrong.corrected(place=make.mill)], report=wrong.report, text="t")
            ledger.add_places([Place(id="p", name="P")])
            ledger.add_actors([Actor(id="a", name="A")])
            ledger.save_estimate("e:1", {})
            before = everything(ledger)
            for name, table in metadata.tables.items():
                column = next(iter(table.columns)).name
                change = f"UPDATE {name} SET {column} = {column}"
                for statement in (change, f"DELETE FROM {name}"):
                    with (
                        pytest.raises(LedgerError, match="append-only"),
                        ledger._writing() as connection,
                    ):
                        connection.execute(sql(statement))
            assert everything(ledger) == before

    @pytest.mark.postgres
    def test_postgresql_refuses_to_truncate(self, postgres, make):
        with open_ledger(postgres()) as ledger:
            ledger.record([make.claim()])
            with pytest.raises(LedgerError, match="append-only"), ledger._writing() as connection:
                connection.execute(sql("TRUNCATE claims"))
            assert len(ledger.claims()) == 1

    def test_a_tampered_claim_is_noticed(self, url, make):
        with open_ledger(url) as ledger:
            ledger.record([make.claim()])
            with ledger._writing() as connection:
                connection.execute(
                    sql(
                        "INSERT INTO claims SELECT 'c:ffffffffffffffff', revision, report_id, "
                        "predicate, kind, modality, subject_id, object_id, speaker_id, place_id, "
                        "valid_start, valid_end, published, begins, record FROM claims"
                    )
                )
            with pytest.raises(LedgerError, match=r"c:f{16} is not as it was recorded"):
                ledger.claims()


class TestSharing:
    def test_two_programs_record_in_one_ledger_without_doubling(self, url, make):
        with open_ledger(url) as one, open_ledger(url) as two:
            one.record([make.claim()])
            assert two.record([make.claim()]) == Intake(known=1)
            two.record([make.claim(place=make.mill)])
            assert one.revision == two.revision == 2
            assert ids(one.claims()) == ids(two.claims())

    def test_read_only_reads_and_does_not_write(self, url, make):
        with open_ledger(url) as ledger:
            ledger.record([make.claim()])
        with open_ledger(url, read_only=True) as ledger:
            assert (ledger.read_only, len(ledger.claims())) == (True, 1)
            with pytest.raises(LedgerError, match="reading only"):
                ledger.record([make.claim(place=make.mill)])

    def test_read_only_wants_a_ledger_that_is_there(self, url):
        with pytest.raises(LedgerError, match="no ledger yet"):
            open_ledger(url, read_only=True)

    def test_one_of_a_newer_version_is_refused(self, url):
        with open_ledger(url) as ledger, ledger._writing() as connection:
            drop = (
                "DROP TRIGGER meta_no_update"
                if connection.dialect.name == "sqlite"
                else "DROP TRIGGER meta_no_change ON meta"
            )
            connection.execute(sql(drop))
            connection.execute(sql("UPDATE meta SET value = '99'"))
        with pytest.raises(LedgerError, match=r"newer version .*99.* Upgrade"):
            open_ledger(url)
