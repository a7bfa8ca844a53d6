"""What every question of a theatre stands on: folder, vocabulary, ledger, roads, settings."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from marchland.dates import parse_day
from marchland.errors import BadInput, LedgerError
from marchland.estimate import Estimate
from marchland.ledger import Ledger
from marchland.roads import RoadNetwork
from marchland.scenario import Assumptions, read_given
from marchland.theatre.inferred import Inferred
from marchland.theatre.settings import Settings
from marchland.theatre.why import Passages
from marchland.vocabulary import Vocabulary

Day = date | str
AnEstimate = TypeVar("AnEstimate", bound=Estimate)


class Parts:
    """A vocabulary, a ledger and roads, and what was inferred from them."""

    def __init__(
        self,
        *,
        folder: Path | None,
        settings: Settings,
        vocabulary: Vocabulary,
        ledger: Ledger,
        roads: RoadNetwork,
        is_sample: bool = False,
    ) -> None:
        self.is_sample = is_sample
        self.folder, self.settings, self.ledger, self.roads = folder, settings, ledger, roads
        self._inferred = Inferred(ledger, vocabulary, settings.period, settings.control)
        self._passage = Passages(ledger)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace_back: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the ledger."""
        self.ledger.close()

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def vocabulary(self) -> Vocabulary:
        """The theatre's vocabulary and the ledger's own places and actors."""
        return self._inferred.vocabulary

    @property
    def latest(self) -> date:
        """The default as-of day: that of the latest report.

        Raises
        ------
        LedgerError
            If the ledger holds no dated report.
        """
        day = self.ledger.latest_published()
        if day is None:
            raise LedgerError(
                "the ledger holds no dated report yet; read some first: "
                "marchland read reports/ --source NAME --date YYYY-MM-DD"
            )
        return day

    def _as_of(self, as_of: Day | None) -> date:
        return parse_day(as_of) if as_of is not None else self.latest

    def _given(self, given: Mapping[str, str] | None) -> Assumptions:
        return read_given(given or {}, self.vocabulary)

    def _save(self, estimate: AnEstimate) -> AnEstimate:
        """Keep what was answered, so that `why` can walk back from its id."""
        if not self.ledger.read_only:
            # An answer is worth more than its record: a ledger busy elsewhere keeps none.
            with suppress(LedgerError):
                self.ledger.save_estimate(estimate.id, estimate.to_json())
        return estimate

    def _require_own(self) -> None:
        if self.is_sample:
            raise BadInput(
                "a sample is not added to. Make a theatre of your own like it: "
                f"marchland new FOLDER --like sample:{self.name}; or look with --dry-run"
            )
