"""Taking in: reports read once, tables loaded, and what a theatre's folder holds."""

from pathlib import Path

import pytest

from marchland.claims import Claim, Report
from marchland.errors import BadInput
from marchland.theatre import Theatre, open_theatre, unrecorded

WHO = {"source": "The Courier", "date": "2021-03-17"}


def test_a_report_is_read_once(mine: Path, report: Path) -> None:
    with open_theatre(mine) as theatre:
        first, again = theatre.read(report, **WHO), theatre.read([str(report)], **WHO)
        assert (first.added, first.known, first.reports) == (1, 0, 1)
        assert (again.added, again.known, again.reports) == (0, 1, 0)


def test_the_same_text_printed_by_another_is_another_report(mine: Path, report: Path) -> None:
    with open_theatre(mine) as theatre:
        theatre.read(report, **WHO)
        assert theatre.read(report, source="The Post", date="2021-03-17").added == 1


def test_a_preview_records_nothing_and_finds_what_is_known_too(mine: Path, report: Path) -> None:
    with open_theatre(mine) as theatre:
        before = theatre.preview(report, **WHO)[0]
        assert theatre.claims(place="Dravish") == []
        theatre.read(report, **WHO)
        assert [c.id for c in theatre.preview(report, **WHO)[0]] == [c.id for c in before]


def test_progress_and_each_report_are_told(mine: Path, report: Path) -> None:
    (report.parent / "second.txt").write_text("The Orvand army holds Ollenby.", "utf-8")
    steps: list[tuple[int, int, str]] = []
    told: list[tuple[Report, int]] = []

    def each(read: Report, claims: list[Claim]) -> None:
        told.append((read, len(claims)))

    with open_theatre(mine) as theatre:
        paths = [report, report.parent / "second.txt"]
        theatre.read(paths, **WHO, progress=lambda *step: steps.append(step), each=each)
        assert [(done, of) for done, of, _ in steps] == [(0, 2), (1, 2), (2, 2)]
        assert sorted(r.title for r, _ in told) == ["dravish", "second"]
        told.clear()
        theatre.read(paths, **WHO, each=each)
        assert [n for _, n in told] == [1, 1]


def test_a_bad_file_is_named_and_the_good_kept(mine: Path, report: Path) -> None:
    folder = report.parent / "reports"
    folder.mkdir()
    report.rename(folder / "b.txt")
    (folder / "a.txt").touch()
    (folder / "c.pdf").write_bytes(b"%PDF-1.7 cut")
    with open_theatre(mine) as theatre:
        intake = theatre.read(folder, **WHO)
        assert intake.added == 1
        assert [Path(r.where).name for r in intake.rejected] == ["a.txt", "c.pdf"]
        assert all(r.why for r in intake.rejected)


def test_a_sample_stays_as_it_is(vale: Theatre, report: Path, tmp_path: Path) -> None:
    before = vale.ledger.revision
    with pytest.raises(BadInput, match="--like sample:vale"):
        vale.read(report, **WHO)
    (tmp_path / "t.csv").write_text("predicate,subject.id,source.id\n", "utf-8")
    with pytest.raises(BadInput, match="--like sample:vale"):
        vale.load("claims", tmp_path / "t.csv")
    assert vale.preview(report, **WHO)[0]
    assert vale.ledger.revision == before


def test_without_a_theatre_the_whole_world_is_known(report: Path) -> None:
    report.write_text("The Lebanese army controls Beirut.", "utf-8")
    with unrecorded() as world:
        (claim,), rejected = world.preview(report, **WHO)
        assert (claim.predicate, rejected) == ("holds", ())
        assert claim.place is not None
        assert claim.place.name == "Beirut"


def test_a_folder_takes_in_its_facts_and_reports(mine: Path, report: Path) -> None:
    report.rename(mine / "reports" / "one.txt")
    with open_theatre(mine) as theatre:
        intake = theatre.take_in()
        assert intake.known == 7
        assert intake.added == 1


def test_the_readers_account_of_itself(vale: Theatre, report: Path) -> None:
    (told,) = vale.explain(report, **WHO)
    assert "captures" in str(told)
    assert ("Dravish", "dravish") in told.names
