"""Which passages of a ledger's reports are copies, found once and kept in the user's cache.

What is kept is a function of the reports' ids, which are hashes of their content: throwing it away
loses nothing, and a file that can't be read or written is passed over.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from platformdirs import user_cache_path

from marchland.claims import Report
from marchland.ledger import Ledger
from marchland.observations import Copy
from marchland.reading.duplicates import VERSION, Story, find_copies

_WORTH_KEEPING = 300
_KEPT = 8


def copies_of(ledger: Ledger) -> list[Copy]:
    """The copied passages of every report that a ledger holds the text of.

    A small ledger's are found anew; those of a larger one are kept for the next time.
    """
    reports = ledger.reports()
    if len(reports) < 2:
        return []
    kept = _file(reports) if len(reports) >= _WORTH_KEEPING else None
    if kept is not None:
        with suppress(OSError, ValueError, TypeError):
            return [Copy(**record) for record in json.loads(kept.read_text(encoding="utf-8"))]
    found = find_copies(
        Story(report=r.id, source=r.source.id, published=r.published, text=text)
        for r, text in ledger.texts()
    )
    if kept is not None:
        with suppress(OSError):
            _keep(kept, found)
    return found


def _file(reports: Sequence[Report]) -> Path:
    ids = "\n".join([VERSION, *sorted(r.id for r in reports)])
    name = hashlib.sha256(ids.encode()).hexdigest()[:24]
    return user_cache_path("marchland") / "copies" / f"{name}.json"


def _keep(file: Path, copies: Sequence[Copy]) -> None:
    """Write whole or not at all, and let the oldest go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".part")
    fresh.write_text(json.dumps([asdict(c) for c in copies]), encoding="utf-8")
    fresh.replace(file)
    held = sorted(file.parent.glob("*.json"), key=lambda f: f.stat().st_mtime)
    for old in held[:-_KEPT]:
        old.unlink(missing_ok=True)
