"""What came of recording, and what a revision is."""

from dataclasses import dataclass
from datetime import datetime

from marchland.errors import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What came of taking something in; intakes add up with ``+``.

    Parameters
    ----------
    added
        Claims that are new.
    known
        Claims that the ledger held already; recording those changes nothing.
    rejected
        What was not taken in, with the reason.
    reports
        Reports that are new.

    Examples
    --------
    >>> Intake(added=2, known=1) + Intake(added=3)
    Intake(added=5, known=1, rejected=(), reports=0)
    """

    added: int = 0
    known: int = 0
    rejected: tuple[Rejected, ...] = ()
    reports: int = 0

    def __add__(self, other: "Intake") -> "Intake":
        return Intake(
            added=self.added + other.added,
            known=self.known + other.known,
            rejected=self.rejected + other.rejected,
            reports=self.reports + other.reports,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One step of a ledger: a recording that added something.

    Parameters
    ----------
    number
        Counted from 1.
    recorded
        When (the third clock), UTC, to the second.
    what
        What was added, in words.
    """

    number: int
    recorded: datetime
    what: str
