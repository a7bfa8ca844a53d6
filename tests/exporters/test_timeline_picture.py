"""A corridor through time as a picture: what it draws, and that it draws the same again."""

import sys
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from marchland.corridor import Change, CorridorQuestion, Point, Timeline
from marchland.errors import BadInput, MissingExtra
from marchland.exporters.timeline_picture import status_runs, weakest_runs, write

START = date(2030, 1, 1)


def looks(*told: tuple[str, float, str]) -> tuple[Point, ...]:
    return tuple(
        Point(on=START + timedelta(days=7 * i), status=status, p_open=p, p_contested=0.1,
              weakest=weakest, p_weakest=p)
        for i, (status, p, weakest) in enumerate(told)
    )  # fmt: skip


LINE = Timeline(
    asked=CorridorQuestion(origin="alder", destination="birch", traveller="crown"),
    as_of=date(2030, 6, 1),
    points=looks(
        ("unknown", 0.5, "ford"), ("open", 0.8, "ford"), ("open", 0.9, "gate"),
        ("broken", 0.1, "gate"), ("broken", 0.1, "ford"),
    ),
    changes=(
        Change(on=date(2030, 1, 5), before="unknown", after="open", places=(), informed=("ford",),
               claims=()),
        Change(on=date(2030, 1, 20), before="open", after="broken", places=(("gate", -0.8),),
               informed=(), claims=()),
    ),
    names={"ford": "The Ford & Mill", "gate": "West Gate"},
)  # fmt: skip


def test_spans_of_a_status_meet_on_the_day_it_changed() -> None:
    assert list(status_runs(LINE)) == [
        ("unknown", START, date(2030, 1, 5)),
        ("open", date(2030, 1, 5), date(2030, 1, 20)),
        ("broken", date(2030, 1, 20), LINE.points[-1].on),
    ]


def test_runs_of_the_weakest_place_cover_the_time_without_a_gap() -> None:
    runs = list(weakest_runs(LINE.points))
    assert [(place, p) for place, _, _, p in runs] == [("ford", 0.5), ("gate", 0.1), ("ford", 0.1)]
    assert [end for _, _, end, _ in runs[:-1]] == [start for _, start, _, _ in runs[1:]]


def test_the_picture_says_what_and_as_of_when_and_is_the_same_again(tmp_path: Path) -> None:
    first, again = (write(LINE, tmp_path / n, title="The road") for n in ("a.svg", "b.svg"))
    text = first.read_text("utf-8")
    assert text == again.read_text("utf-8")
    said = "\n".join(t.text or "" for t in ElementTree.fromstring(text).iter() if t.text)
    for part in ("The road, as known on 2030-06-01", "The Ford & Mill", "2030-01-05", "unknown"):
        assert part in said
    assert "safe" not in said.casefold()


@pytest.mark.parametrize(("name", "magic"), [("a.png", b"\x89PNG"), ("a.pdf", b"%PDF")])
def test_other_kinds(tmp_path: Path, name: str, magic: bytes) -> None:
    assert write(LINE, tmp_path / name, title="x").read_bytes().startswith(magic)


def test_what_can_not_be_drawn_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.svg"):
        write(LINE, tmp_path / "a.gif", title="x")
    short = Timeline(
        asked=LINE.asked, as_of=LINE.as_of, points=LINE.points[:1], changes=(), names={}
    )
    with pytest.raises(BadInput, match="two days"):
        write(short, tmp_path / "a.svg", title="x")


def test_without_matplotlib_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"marchland\[picture\]"):
        write(LINE, tmp_path / "a.svg", title="x")
