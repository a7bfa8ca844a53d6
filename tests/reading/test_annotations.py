"""Claims marked by hand beside a report: JSON lines and brat's standoff format."""

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from marchland.claims import Claim, Modality
from marchland.cli import main
from marchland.errors import BadInput
from marchland.reading.annotations import AnnotationsReader
from marchland.reading.files import load
from marchland.theatre import open_theatre

TEXT = (
    "The Islamic State seized Palmyra on 20 May 2015, the Syrian army said.\n"
    "The Islamic State may leave Raqqa.\n"
)
SEIZED = {
    "predicate": "captures",
    "subject": "Islamic State",
    "place": "Palmyra",
    "when": "20 May 2015",
    "speaker": "the Syrian army",
    "quote": "seized Palmyra",
}
STANDOFF = """\
T1\tActor 0 17\tThe Islamic State
T2\tcaptures 18 24\tseized
T3\tPlace 25 32\tPalmyra
T4\tActor 49 64\tthe Syrian army
T5\tTime 36 47\t20 May 2015
E1\tcaptures:T2 subject:T1 place:T3 speaker:T4 when:T5
A1\tmodality E1 possible
A2\tp_read E1 0.9
R1\tfights Arg1:T1 Arg2:T4
#1\tAnnotatorNotes E1\tto be talked over
"""

Marks = Callable[..., Path]
Read = Callable[[], list[Claim]]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "dispatch.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def mark(paper: Path) -> Marks:
    """Write claims, a line each, into a file beside the report."""

    def write(*records: dict[str, Any] | str, name: str = "dispatch.annotations.jsonl") -> Path:
        path = paper.parent / name
        lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
        path.write_text("\n".join(lines), "utf-8")
        return path

    return write


@pytest.fixture
def taken(world, paper: Path) -> Read:
    """What the reader makes of the report."""
    return lambda: AnnotationsReader(world).read(
        load(paper, source="Wire", published=date(2015, 5, 21))
    )


def test_a_line_is_a_claim(mark: Marks, taken: Read) -> None:
    mark(SEIZED)
    (made,) = taken()
    assert TEXT[made.begin : made.end] == made.quote == "seized Palmyra"
    assert made.subject is not None
    assert made.subject.resolved
    assert made.place is not None
    assert made.place.text == "Palmyra"
    assert made.valid.start == date(2015, 5, 20)
    assert (made.p_read, made.modality) == (1.0, Modality.ASSERTED)
    assert made.reader == "hand/annotations"


def test_a_line_says_what_it_likes_and_the_rest_is_filled_in(mark: Marks, taken: Read) -> None:
    mark(
        SEIZED,
        "",
        {
            "predicate": "loses",
            "subject": "Islamic State",
            "place": {"name": "the town on the river", "id": None},
            "modality": "possible",
            "begin": TEXT.index("may leave"),
            "end": TEXT.index("may leave") + 9,
            "p_read": 0.7,
            "annotator": "ana",
            "note": "left out",
        },
    )
    first, second = taken()
    assert second.quote == "may leave"
    assert second.begin > first.begin
    assert (second.modality, second.p_read, second.reader) == (Modality.POSSIBLE, 0.7, "hand/ana")
    assert second.place is not None
    assert not second.place.resolved
    assert second.valid.start == date(2015, 5, 21)


def test_a_file_for_the_whole_folder(mark: Marks, taken: Read) -> None:
    mark(
        {**SEIZED, "doc": "dispatch.txt"}, {**SEIZED, "doc": "other.txt"}, name="annotations.jsonl"
    )
    assert len(taken()) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"predicate": "conquers"}, "conquers"),
        ({"colour": "red"}, "unknown field colour"),
        ({"modality": "maybe"}, "no modality"),
        ({"p_read": "high"}, "p_read must be a number"),
        ({"p_read": 1.5}, "p_read"),
        ({"quote": "took Palmyra"}, "does not stand in the report"),
        ({"quote": "The Islamic State"}, "stands 2 times"),
        ({"quote": None}, "needs a quote"),
        ({"begin": 3}, "come together"),
        ({"begin": 0, "end": 9_999}, "no stretch"),
        ({"begin": 0, "end": 3}, "not the quote"),
        ({"subject": ["IS"]}, "subject must be text"),
        ({"subject": {"id": "no-such-actor"}}, "no actor has the id"),
        ({"place": {"id": "no-such-place"}}, "no place has the id"),
        ({"when": "once upon a time"}, "no time that can be read"),
        ({"valid": "20 of May"}, "20 of May"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_line(
    mark: Marks, taken: Read, changes: dict[str, Any], why: str
) -> None:
    path = mark(SEIZED, {**SEIZED, **changes})
    with pytest.raises(BadInput, match=why) as caught:
        taken()
    assert (caught.value.path, caught.value.row) == (path, 2)


@pytest.mark.parametrize("line", ["{", "7", "[" * 100_000])
def test_what_is_no_json_object_is_named_so(mark: Marks, taken: Read, line: str) -> None:
    path = mark(SEIZED, line)
    with pytest.raises(BadInput, match="is no JSON") as caught:
        taken()
    assert (caught.value.path, caught.value.row) == (path, 2)


def test_a_report_without_annotations_is_not_taken_as_empty(taken: Read) -> None:
    with pytest.raises(BadInput, match=r"dispatch\.annotations\.jsonl nor dispatch\.ann"):
        taken()


def test_brat_events_relations_and_attributes(mark: Marks, taken: Read) -> None:
    mark(STANDOFF, name="dispatch.ann")
    claims = {c.predicate: c for c in taken()}
    captures, fights = claims["captures"], claims["fights"]
    assert captures.quote == TEXT[:64]
    assert captures.place is not None
    assert captures.place.text == "Palmyra"
    assert (captures.modality, captures.p_read) == (Modality.POSSIBLE, 0.9)
    assert captures.valid.start == date(2015, 5, 20)
    assert captures.speaker is not None
    assert captures.speaker.resolved
    assert fights.object is not None
    assert fights.object == captures.speaker


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("T9\tActor 0\tThe", "is no line such as T1"),
        ("T9\tActor 0 9999\tThe", "lies outside the report"),
        ("T9\tActor 0 3\tHer", "not 'Her'"),
        ("E9\tconquers:T2 subject:T1", "'conquers' is no predicate"),
        ("E9\tcaptures:T2 hero:T1", "'hero' is no role"),
        ("E9\tcaptures:T2 place:T77", "'T77' is marked nowhere"),
        ("E9\tcaptures:T2 place:T3 place2:T3", "two of place"),
        ("A9\tmodality E77 possible", "'E77' is marked nowhere"),
        ("A9\tmood E1 grim", "'mood' is no attribute"),
        ("A9\tp_read E1 high", "p_read must be a number"),
        ("something else", "no line of brat"),
    ],
)
def test_a_mistake_in_standoff_is_named_with_its_file_and_line(
    mark: Marks, taken: Read, line: str, why: str
) -> None:
    path = mark(STANDOFF + line, name="dispatch.ann")
    with pytest.raises(BadInput, match=why) as caught:
        taken()
    assert (caught.value.path, caught.value.row) == (path, STANDOFF.count("\n") + 1)


def test_a_setting_it_has_not(world) -> None:
    with pytest.raises(BadInput, match="no setting colour"):
        AnnotationsReader(world, settings={"colour": "red"})


def test_from_the_command_line_a_mended_mistake_is_read_then(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "marked"
    folder.mkdir()
    words = ["marchland", "-t", str(mine), "read", str(folder), "--source", "Wire"]
    words += ["--date", "2021-03-17", "--reader", "annotations", "--set", "annotator=ana"]
    monkeypatch.setattr(sys, "argv", words)
    line = {"predicate": "holds", "subject": "Vale Front", "place": "Dravish"}
    for name, quote in (("good", "Vale Front holds"), ("bad", "Vale Front lost")):
        (folder / f"{name}.txt").write_text(f"The Vale Front holds Dravish, {name} says.", "utf-8")
        (folder / f"{name}.annotations.jsonl").write_text(json.dumps({**line, "quote": quote}))
    with pytest.raises(SystemExit, match="1"):
        main()
    out, err = capsys.readouterr()
    assert "1 claim added from 1 new report" in out
    assert "bad.annotations.jsonl, row 1: the quote 'Vale Front lost' does not stand" in err
    mended = folder / "bad.annotations.jsonl"
    mended.write_text(mended.read_text().replace("lost", "holds"))
    main()
    assert "1 claim added from 1 new report; 1 known already" in capsys.readouterr().out
    with open_theatre(mine) as theatre:
        assert [c.reader for c in theatre.claims(place="Dravish")] == ["hand/ana"] * 2
