"""From files to claims, one report at a time; a bad file never spoils the good ones."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    options: Mapping[str, str] | None = None,
    usual: Mapping[str, str] | None = None,
) -> tuple[Intake, tuple[str, ...]]:
    """Load a data set through an importer, and record it unless this is a dry run.

    Parameters
    ----------
    options
        What the importer is made with.
    usual
        The same, but only where the importer takes it.

    Returns
    -------
        What was, or would be, added and rejected; and warnings.
    """
    make = plugins.load("marchland.importers", importer)
    takes = _options_of(make)
    unknown = sorted(set(options or {}) - takes)
    if unknown:
        raise BadInput(
            f"the importer {importer} has no option {', '.join(unknown)}; it has: "
            f"{', '.join(sorted(takes)) or 'none'}"
        )
    given = {k: v for k, v in (usual or {}).items() if k in takes} | dict(options or {})
    loaded = make(**given).load(path, vocabulary=vocabulary, strict=strict)
    if dry_run:
        return Intake(added=len(loaded.claims), rejected=loaded.rejected), tuple(loaded.warnings)
    if loaded.places:
        ledger.add_places(loaded.places)
    if loaded.actors:
        ledger.add_actors(loaded.actors)
    intake = ledger.record(loaded.claims)
    return intake + Intake(rejected=tuple(loaded.rejected)), tuple(loaded.warnings)


def _options_of(importer: Any) -> set[str]:
    """Names of what an importer, and what it is built on, can be made with."""
    named = [
        parameter
        for part in importer.__mro__
        if "__init__" in vars(part) and part is not object
        for parameter in inspect.signature(part.__init__).parameters.values()
    ]
    return {p.name for p in named if p.kind is p.KEYWORD_ONLY}
