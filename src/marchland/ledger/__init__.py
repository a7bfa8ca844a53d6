"""The ledger: every report and claim taken in, append-only, on three clocks.

Nothing is ever changed or deleted. What was known on a day (`as_of`) is asked by publication; what
the ledger held at a revision is replayed by ``open_ledger(path, revision=n)``. SQL lives only here.
"""

from marchland.errors import Rejected
from marchland.ledger.intake import Intake, Revision
from marchland.ledger.ledger import Ledger, open_ledger

__all__ = ["Intake", "Ledger", "Rejected", "Revision", "open_ledger"]
