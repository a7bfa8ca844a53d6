"""From files to claims, one report at a time; a bad file never spoils the good ones."""

import inspect
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from marchland import plugins
from marchland.claims import Claim, Report
from marchland.errors import BadInput, LedgerError, MarchlandError, ReadingStopped
from marchland.ledger import Intake, Ledger, Rejected
from marchland.reading.files import Document, load_all, walk
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
    note: Callable[[str], None] | None = None,
) -> Generator[Taken, None, None]:
    """Read every report under `paths`, in a fixed order.

    Parameters
    ----------
    known
        Whether a report has been read before; those are passed over.
    reader
        Makes the reader, when the first report needs one: loading a language model takes seconds.
    note
        Told what the reader says beside its claims: what it dropped and why, what it has used.
    """
    listed = list(walk([Path(p) for p in paths]))
    engine = _Engine(reader, note or (lambda _: None))
    found = _found(listed, source, published, url, known, progress)
    waiting: deque[Taken | Document] = deque()
    try:
        for taken in found:
            waiting.append(taken)
            if isinstance(taken, Document):
                engine.begin(taken)
            while len(waiting) > engine.ahead:
                yield engine.taken(waiting.popleft())
        while waiting:
            yield engine.taken(waiting.popleft())
    except ReadingStopped as stop:
        yield Taken(rejected=Rejected(where="stopped", why=str(stop)))
    finally:
        engine.close()


def _found(
    listed: Sequence[Path],
    source: str | None,
    published: date | None,
    url: str | None,
    known: Callable[[Report], bool],
    progress: Progress | None,
) -> Iterator[Taken | Document]:
    """The reports to read; those known already and the files that can't be read, as such."""
    for done, path in enumerate(listed):
        if progress:
            progress(done, len(listed), path.name)
        try:
            for document in load_all(path, source=source, published=published, url=url):
                yield Taken(report=document.report) if known(document.report) else document
        except LedgerError:
            raise
        except (MarchlandError, OSError) as error:
            yield _rejected(path, error)
    if progress:
        progress(len(listed), len(listed), "")


class _Engine:
    """A reader, made when first needed, and what it may offer beside `read`.

    ``begin(document)`` and ``ahead``: work on so many reports at once. ``dropped()`` and
    ``summary()``: what to tell the user. ``close()``: let go.
    """

    def __init__(self, make: Callable[[], Any], note: Callable[[str], None]) -> None:
        self._make, self._note = make, note
        self._reader: Any = None

    @property
    def ahead(self) -> int:
        return int(getattr(self._reader, "ahead", 0))

    def begin(self, document: Document) -> None:
        if self._reader is None:
            self._reader = self._make()
        if hasattr(self._reader, "begin"):
            self._reader.begin(document)

    def taken(self, item: Taken | Document) -> Taken:
        """What came of one report; a report that can't be read is rejected by itself."""
        if isinstance(item, Taken):
            return item
        report = item.report
        try:
            claims = tuple(self._reader.read(item))
        except (LedgerError, ReadingStopped):
            raise
        except (MarchlandError, OSError) as error:
            return _rejected(report.path or report.title, error)
        finally:
            self._tell_dropped()
        return Taken(report=report, text=item.text, claims=claims)

    def _tell_dropped(self) -> None:
        for dropped in self._reader.dropped() if hasattr(self._reader, "dropped") else ():
            self._note(f"dropped: {dropped.where}: {dropped.why}")

    def close(self) -> None:
        if hasattr(self._reader, "close"):
            self._reader.close()
        if hasattr(self._reader, "summary"):
            self._note(self._reader.summary())


def make_reader(
    name: str,
    vocabulary: Vocabulary,
    *,
    model: str | None = None,
    settings: Mapping[str, Any] | None = None,
    folder: Path | None = None,
) -> Any:
    """A reader from behind the plugin door, with what it takes of these.

    Raises
    ------
    BadInput
        If there are settings for a reader that takes none.
    """
    make = plugins.load("marchland.readers", name)
    takes = _options_of(make) if isinstance(make, type) else {"model"}
    if settings and "settings" not in takes:
        raise BadInput(f"the reader {name} has no settings; take out {', '.join(settings)}")
    offered = {"model": model, "settings": settings or {}, "folder": folder}
    return make(vocabulary, **{k: v for k, v in offered.items() if k in takes})


def _rejected(where: Path | str, error: Exception) -> Taken:
    """What went wrong with a report, at the file and row that are at fault."""
    if isinstance(error, BadInput):
        at = str(error.path or where)
        at += "" if error.row is None or error.path is None else f", row {error.row}"
        return Taken(rejected=Rejected(where=at, why=error.message))
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return Taken(rejected=Rejected(where=str(where), why=why))


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
