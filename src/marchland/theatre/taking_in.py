"""Taking in: reports that are read, and data sets that are loaded."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from marchland.claims import Claim, Report
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.ledger import Intake, Rejected
from marchland.reading.files import load_all
from marchland.theatre.intake import Progress, Taken, load_table, make_reader, read_documents
from marchland.theatre.parts import Day, Parts


class TakingIn(Parts):
    """What adds to the ledger."""

    def read(
        self,
        paths: Path | str | Iterable[Path | str],
        *,
        source: str | None = None,
        date: Day | None = None,
        url: str | None = None,
        reader: str | None = None,
        progress: Progress | None = None,
        each: Callable[[Report, Sequence[Claim]], None] | None = None,
        options: Mapping[str, Any] | None = None,
        note: Callable[[str], None] | None = None,
    ) -> Intake:
        """Read reports and record their claims; each report is recorded whole or not at all.

        Reports already in the ledger are not read again, so an interrupted read resumes.

        Parameters
        ----------
        paths
            Files or folders: txt, md, html, pdf, docx, json, jsonl.
        source, date, url
            Who printed it, when it was published (YYYY-MM-DD) and where, for all of `paths`; left
            out, they are taken from the files themselves where those say.
        reader
            Name of a reader behind the plugin door; None for the one that theatre.toml names.
        each
            Told each report and its claims, those known already too.
        options
            Settings of the reader, over those of ``[reader.NAME]`` in theatre.toml.
        note
            Told what the reader says beside its claims: what it dropped and why, what it has used.

        Returns
        -------
            What was added, was known already, and was rejected with the reason.

        Raises
        ------
        BadInput
            If the theatre is a sample: samples stay as they are.
        """
        self._require_own()
        total = Intake()
        found = self._documents(
            paths, source, date, url, reader, progress, options=options, note=note
        )
        with closing(found):
            for taken in found:
                if taken.rejected:
                    total += Intake(rejected=(taken.rejected,))
                    continue
                report, claims = taken.report, taken.claims
                assert report is not None
                if taken.text is None:
                    claims = tuple(self.ledger.claims(report_id=report.id))
                    total += Intake(known=len(claims))
                else:
                    total += self.ledger.record(claims, report=report, text=taken.text)
                if each:
                    each(report, claims)
        return total

    def preview(
        self,
        paths: Path | str | Iterable[Path | str],
        *,
        source: str | None = None,
        date: Day | None = None,
        url: str | None = None,
        reader: str | None = None,
        progress: Progress | None = None,
        options: Mapping[str, Any] | None = None,
        note: Callable[[str], None] | None = None,
    ) -> tuple[list[Claim], tuple[Rejected, ...]]:
        """What `read` would record, without recording it; known reports are read again."""
        found: list[Claim] = []
        refused: list[Rejected] = []
        reports = self._documents(
            paths, source, date, url, reader, progress, again=True, options=options, note=note
        )
        with closing(reports):
            for taken in reports:
                found.extend(taken.claims)
                if taken.rejected:
                    refused.append(taken.rejected)
        return found, tuple(refused)

    def _documents(
        self,
        paths: Path | str | Iterable[Path | str],
        source: str | None,
        day: Day | None,
        url: str | None,
        reader: str | None,
        progress: Progress | None,
        *,
        again: bool = False,
        options: Mapping[str, Any] | None = None,
        note: Callable[[str], None] | None = None,
    ) -> Generator[Taken, None, None]:
        def known(report: Report) -> bool:
            return not again and self.ledger.has_report(
                report.sha256, report.source.id, report.published
            )

        return read_documents(
            [paths] if isinstance(paths, str | Path) else list(paths),
            source=source,
            published=parse_day(day) if day else None,
            url=url,
            known=known,
            reader=lambda: self._reader(reader, options),
            progress=progress,
            note=note,
        )

    def _reader(self, name: str | None, options: Mapping[str, Any] | None = None) -> Any:
        settings = self.settings
        chosen = name or settings.reader
        return make_reader(
            chosen,
            self.vocabulary,
            model=settings.language_model,
            settings={**settings.readers.get(chosen, {}), **(options or {})},
            folder=None if self.is_sample else self.folder,
        )

    def explain(
        self,
        path: Path | str,
        *,
        source: str | None = None,
        date: Day | None = None,
        reader: str | None = None,
    ) -> list[Any]:
        """Per sentence: the parse, the rules that fired, what was resolved or dropped, and why."""
        engine = self._reader(reader)
        if not hasattr(engine, "explain"):
            raise BadInput(
                f"the reader {reader or self.settings.reader} can't explain itself; leave out "
                "--explain, or name another --reader"
            )
        published = parse_day(date) if date else None
        return [
            explained
            for document in load_all(Path(path), source=source, published=published)
            for explained in engine.explain(document)
        ]

    def load(
        self,
        importer: str,
        path: Path | str,
        *,
        strict: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        options: Mapping[str, str] | None = None,
    ) -> tuple[Intake, tuple[str, ...]]:
        """Load a data set through an importer behind the plugin door.

        Parameters
        ----------
        importer
            ``claims``, ``ucdp_ged``, ``acled``, ``viina``, ``control_polygons`` or a plugin's.
        options
            What the importer is told beside the file, such as ``crosswalk``; the theatre's own
            ``crosswalks/IMPORTER.csv`` is used where there is one and none is named.

        Returns
        -------
            What was added and rejected, and warnings such as unknown columns.

        Raises
        ------
        BadInput
            If the file can't be read; with `strict` also at the first bad row.
        """
        if not dry_run:
            self._require_own()
        own = self.folder / "crosswalks" / f"{importer}.csv" if self.folder else None
        return load_table(
            importer,
            Path(path),
            self.ledger,
            self.vocabulary,
            strict=strict,
            dry_run=dry_run,
            options=options,
            usual={"crosswalk": str(own)} if own is not None and own.is_file() else {},
        )

    def take_in(self, *, progress: Progress | None = None) -> Intake:
        """Take in what lies in the theatre's own folder: facts.csv, then reports/."""
        total = Intake()
        if self.folder is None:
            return total
        if (self.folder / "facts.csv").is_file():
            total += self.load("claims", self.folder / "facts.csv")[0]
        if (self.folder / "reports").is_dir():
            total += self.read(self.folder / "reports", progress=progress)
        return total
