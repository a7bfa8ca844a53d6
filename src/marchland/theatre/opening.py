"""Opening a theatre: a folder, a sample, or a database alone."""

import os
from pathlib import Path

from marchland.errors import LedgerError
from marchland.ledger import open_ledger
from marchland.roads import RoadNetwork
from marchland.theatre import folder as folders
from marchland.theatre.facade import Theatre
from marchland.theatre.intake import Progress
from marchland.theatre.settings import Settings, read_settings
from marchland.vocabulary import Vocabulary


def open_theatre(
    where: Path | str,
    *,
    revision: int | None = None,
    progress: Progress | None = None,
) -> Theatre:
    """Open a theatre.

    Parameters
    ----------
    where
        A theatre's folder; ``sample:NAME``; or a database URL, for a ledger without a folder.
    revision
        Replay the ledger as it was at this revision.
    progress
        Told how far a sample's first reading has come.

    Raises
    ------
    BadInput, UnknownName, LedgerError
        If there is no theatre there, or its ledger can't be opened.
    """
    text = str(where)
    if text.startswith("sample:"):
        return _open_sample(text.removeprefix("sample:"), revision, progress)
    if "://" in text:
        settings = Settings(name=text.rpartition("/")[2] or "ledger", title="")
        ledger = open_ledger(text, revision=revision)
        return Theatre(
            folder=None,
            settings=settings,
            vocabulary=Vocabulary.load(None),
            ledger=ledger,
            roads=RoadNetwork.empty(),
        )
    folder = folders.require_folder(Path(where))
    url = os.environ.get("MARCHLAND_DATABASE")
    return _open_folder(folder, ledger_at=url, revision=revision)


def open_unread(sample: str) -> Theatre:
    """A sample's vocabulary, roads and settings with an empty ledger in memory.

    For reading without recording: its own reports need not be read first.

    Raises
    ------
    UnknownName
        If there is no such sample.
    """
    folder = folders.sample_folder(sample.removeprefix("sample:"))
    return _open_folder(folder, ledger_at="sqlite://", is_sample=True)


def unrecorded() -> Theatre:
    """A theatre of the whole world with a ledger in memory, for reading without recording."""
    return Theatre(
        folder=None,
        settings=Settings(name="world", title="World"),
        vocabulary=Vocabulary.load(None),
        ledger=open_ledger("sqlite://"),
        roads=RoadNetwork.empty(),
    )


def _open_folder(
    folder: Path,
    *,
    ledger_at: Path | str | None = None,
    revision: int | None = None,
    is_sample: bool = False,
) -> Theatre:
    settings = read_settings(folder / folders.SETTINGS)
    vocabulary = Vocabulary.load(folder)
    table = folder / "roads.csv"
    crossings = folder / folders.CROSSINGS
    roads = (
        RoadNetwork.load(table, vocabulary, crossings=crossings if crossings.is_file() else None)
        if table.is_file()
        else RoadNetwork.empty()
    )
    return Theatre(
        folder=folder,
        settings=settings,
        vocabulary=vocabulary,
        ledger=open_ledger(
            ledger_at or settings.ledger_url or folder / folders.LEDGER, revision=revision
        ),
        roads=roads,
        is_sample=is_sample,
    )


def _open_sample(name: str, revision: int | None, progress: Progress | None) -> Theatre:
    """Open a sample, reading its reports into the user's cache the first time."""
    folder, ledger = folders.sample_folder(name), folders.sample_ledger(name)
    done = ledger.with_name("whole")
    if not done.is_file():
        try:
            ledger.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                f"the sample's ledger can't be kept in {ledger.parent}: {error.strerror}. Set "
                "XDG_CACHE_HOME to a folder that can be written"
            ) from error
        with _open_folder(folder, ledger_at=ledger) as theatre:
            theatre.take_in(progress=progress)
        done.touch()
    return _open_folder(folder, ledger_at=ledger, revision=revision, is_sample=True)
