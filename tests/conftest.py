"""What several rooms' tests stand on: the samples, opened once, and a place to keep them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from marchland.theatre import Theatre, make_like, open_theatre, sample_folder


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Samples are read afresh for a test run, so a changed reader is a changed sample."""
    cache = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(cache))
        patch.delenv("MARCHLAND_DATABASE", raising=False)
        yield cache


@pytest.fixture(scope="session")
def vale(own_cache: Path) -> Iterator[Theatre]:
    """The invented vale, read from its reports. Not to be written to."""
    with open_theatre("sample:vale") as theatre:
        yield theatre


@pytest.fixture(scope="session")
def levant(own_cache: Path) -> Iterator[Theatre]:
    """The levant sample, read from its dispatches (tens of seconds). Not to be written to."""
    with open_theatre("sample:levant") as theatre:
        yield theatre


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser, offline: it opens pages of this machine only."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium on this machine; tools/system-packages.sh installs one")
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=options)
        yield started
        started.close()


@pytest.fixture
def mine(own_cache: Path, tmp_path: Path) -> Path:
    """The folder of a theatre like the vale: its facts, and no reports yet."""
    folder = tmp_path / "mine"
    make_like(folder, sample_folder("vale"))
    with open_theatre(folder) as theatre:
        theatre.take_in()
    return folder


@pytest.fixture
def report(tmp_path: Path) -> Path:
    """A report that says who took a town."""
    path = tmp_path / "dravish.txt"
    path.write_text("The Vale Front captured Dravish from the Orvand army on Monday.\n", "utf-8")
    return path
