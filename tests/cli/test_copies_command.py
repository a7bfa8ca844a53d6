"""`duplicates`: who printed the same story, and that it counts once."""

from pathlib import Path

WIRE = (
    "Fighters of the Vale Front captured Dravish from the Orvand army on Tuesday after a night of "
    "shelling, residents said. The army drew back over the bridge and left its heavy guns behind.\n"
)


def test_a_story_with_two_printers_is_told_with_both(run, mine: Path, tmp_path: Path) -> None:
    for outlet in ("alpha", "beta"):
        path = tmp_path / f"{outlet}.txt"
        path.write_text(WIRE, encoding="utf-8")
        run("-t", mine, "read", path, "--source", outlet.title(), "--date", "2021-06-02")
    done = run("-t", mine, "duplicates")
    assert done.lines[0].startswith("2 printers: ")
    assert "first     Alpha, 2021-06-02" in done.out
    assert "copy >99% Beta, 2021-06-02" in done.out
    (group,) = run("-t", mine, "duplicates", "--json").json_lines()
    assert [s["name"] for s in group["printers"]] == ["Alpha", "Beta"]
    assert group["reports"][1]["copies"] == group["reports"][0]["id"]


def test_no_copies_are_said_to_be_none(run, mine: Path) -> None:
    assert run("-t", mine, "duplicates").out.startswith("No passage stands in two of ")
