"""The wheel holds all that an installed Marchland needs, and nothing of the checkout beside it."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from marchland.plugins import available


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(built)


def test_every_module_and_data_file_is_inside(wheel: zipfile.ZipFile, root: Path) -> None:
    package = root / "src" / "marchland"
    files = {
        f.relative_to(root / "src").as_posix()
        for f in package.rglob("*")
        if f.is_file() and "__pycache__" not in f.parts
    }
    assert files <= set(wheel.namelist())
    assert {
        "marchland/py.typed",
        "marchland/vocabulary/data/gazetteer.sqlite",
        "marchland/vocabulary/data/predicates.yaml",
        "marchland/reading/data/rules.yaml",
        "marchland/maps/data/leaflet.js",
        "marchland/data/basemap/land.json",
        "marchland/samples/levant/theatre.toml",
        "marchland/samples/vale/truth.csv",
    } <= files


def test_the_samples_bring_their_reports_and_no_ledger(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    levant = [n for n in names if n.startswith("marchland/samples/levant/reports/")]
    assert len(levant) >= 150
    assert not [n for n in names if n.endswith("ledger.sqlite")]


def test_nothing_of_the_checkout_beside_the_package_is_inside(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"marchland"}
    assert not [n for n in wheel.namelist() if Path(n).name.startswith(("test_", "conftest"))]


def test_licence_and_notice_travel_with_it(wheel: zipfile.ZipFile) -> None:
    names = {Path(n).name for n in wheel.namelist() if ".dist-info/licenses/" in n}
    assert names == {"LICENSE", "NOTICE"}


def test_its_doors_are_those_of_this_environment(wheel: zipfile.ZipFile) -> None:
    (name,) = (n for n in wheel.namelist() if n.endswith("entry_points.txt"))
    said = wheel.read(name).decode("utf-8")
    for group in ("readers", "importers", "exporters", "commands"):
        assert f"[marchland.{group}]" in said
        for door in available(f"marchland.{group}"):
            assert f"\n{door} = " in said
