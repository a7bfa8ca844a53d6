"""Theatres of one's own to write to, over the vale's places and roads."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from marchland.claims import Claim
from marchland.ledger import open_ledger
from marchland.roads import RoadNetwork
from marchland.theatre import Theatre, read_settings, sample_folder
from marchland.vocabulary import Vocabulary

Made = Callable[[Iterable[Claim]], Theatre]


@pytest.fixture(scope="session")
def holding() -> Made:
    """A theatre in memory whose ledger holds some claims of the vale."""
    folder = sample_folder("vale")
    vocabulary = Vocabulary.load(folder)
    roads = RoadNetwork.load(folder / "roads.csv", vocabulary)
    settings = read_settings(folder / "theatre.toml")

    def made(claims: Iterable[Claim]) -> Theatre:
        ledger = open_ledger("sqlite://")
        ledger.record(claims)
        return Theatre(
            folder=None, settings=settings, vocabulary=vocabulary, ledger=ledger, roads=roads
        )

    return made


@pytest.fixture(scope="session")
def plain() -> Callable[[Any], Any]:
    """An answer's record without what counts recordings: the ledger's revision."""

    def without(record: Any) -> Any:
        if isinstance(record, dict):
            counted = ("revision", "recorded")
            return {k: without(v) for k, v in record.items() if k not in counted}
        return [without(v) for v in record] if isinstance(record, list) else record

    return without
