"""From files to claims, one report at a time; a bad file never spoils the good ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marchland import plugins
from marchland.claims import Claim, Report
from marchland.errors import BadInput, LedgerError, MarchlandError
from marchland.ledger import Intake, Ledger, Rejected
from marchland.reading.files import load_all, walk
from marchland.vocabulary import Vocabulary

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all and the name of the one being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of one report: read, known already, or rejected.

    Parameters
    ----------
    report
        None only where the file was rejected.
    text
        The original text; None where the report was known already.
    """

    report: Report | None = None
    text: str | None = None
    claims: tuple[Claim, ...] = ()
    rejected: Rejected | None = None


def read_documents(
    paths: Sequence[Path | str],
    *,
    source: str | None,
    published: date | None,
    url: str | None,
    known: Callable[[Report], bool],
    reader: Callable[[], Any],
    progress: Progress | None,
) -> Iterator[Taken]:
    """Read every report under `paths`, in a fixed order.

    Parameters
    ----------
    known
        Whether a report has been read before; those are passed over.
    reader
        Makes the reader, when the first report needs one: loading a language model takes seconds.
    """
    engine = None
    listed = list(walk([Path(p) for p in paths]))
    for done, path in enumerate(listed):
        if progress:
            progress(done, len(listed), path.name)
        try:
            for document in load_all(path, source=source, published=published, url=url):
                if known(document.report):
                    yield Taken(report=document.report)
                    continue
                engine = engine or reader()
                yield Taken(
                    report=document.report,
                    text=document.text,
                    claims=tuple(engine.read(document)),
                )
        except LedgerError:
            raise
        except (MarchlandError, OSError) as error:
            yield Taken(rejected=Rejected(where=str(path), why=_reason(error)))
    if progress:
        progress(len(listed), len(listed), "")


def make_reader(name: str, *arguments: Any, **options: Any) -> Any:
    """A reader from behind the plugin door."""
    return plugins.load("marchland.readers", name)(*arguments, **options)


def _reason(error: Exception) -> str:
    if isinstance(error, BadInput):
        return error.message
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error)


def load_table(
    importer: str,
    path: Path,
    ledger: Ledger,
    vocabulary: Vocabulary,
    *,
    strict: bool,
    dry_run: bool,
) -> tuple[Intake, tuple[str, ...]]:
    """Load a data set through an importer, and record it unless this is a dry run.

    Returns
    -------
        What was, or would be, added and rejected; and warnings.
    """
    loaded = plugins.load("marchland.importers", importer)().load(
        path, vocabulary=vocabulary, strict=strict
    )
    if dry_run:
        return Intake(added=len(loaded.claims), rejected=loaded.rejected), tuple(loaded.warnings)
    if loaded.places:
        ledger.add_places(loaded.places)
    if loaded.actors:
        ledger.add_actors(loaded.actors)
    intake = ledger.record(loaded.claims)
    return intake + Intake(rejected=tuple(loaded.rejected)), tuple(loaded.warnings)
