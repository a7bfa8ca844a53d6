"""The theatre: one folder, all the questions.

    with marchland.open("sample:levant") as t:
        t.control("Abu Kamal", on="2021-03-02")

It wires the floors together and decides nothing itself. Whenever `as_of` is left out it is the day
of the latest report in the ledger, and every answer prints it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from marchland.alignment import AlignmentEstimate, AlignmentNetwork, Coalition
from marchland.brief import Brief, write_brief
from marchland.claims import Claim, Kind, Report
from marchland.control import Contradiction, ControlField, contradictions
from marchland.corridor import (
    CorridorEstimate,
    CorridorQuestion,
    Timeline,
    judge,
    timeline,
)
from marchland.dates import parse_day
from marchland.errors import BadInput, LedgerError
from marchland.estimate import Estimate
from marchland.ledger import Intake, Ledger, Rejected
from marchland.maps import MapPage, draw_map
from marchland.reading.files import load_all
from marchland.roads import RoadNetwork
from marchland.scenario import Assumptions, read_given
from marchland.theatre.inferred import Inferred
from marchland.theatre.intake import Progress, Taken, load_table, make_reader, read_documents
from marchland.theatre.question import corridor_question, told
from marchland.theatre.settings import Route, Settings
from marchland.theatre.why import Passages, Why, trace
from marchland.vocabulary import Vocabulary

Day = date | str
AnEstimate = TypeVar("AnEstimate", bound=Estimate)


class Theatre:
    """A vocabulary, a ledger and roads, and the questions one asks of them.

    Made by `open_theatre`. Answers are pure functions of what the ledger holds: same ledger
    revision, same question, same seed, same bytes.
    """

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
        self._inferred = Inferred(ledger, vocabulary, settings.period)
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

    def read(
        self,
        paths: Path | str | Iterable[Path | str],
        *,
        source: str | None = None,
        date: Day | None = None,
        url: str | None = None,
        reader: str = "grammar",
        progress: Progress | None = None,
        each: Callable[[Report, Sequence[Claim]], None] | None = None,
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
            Name of a reader behind the plugin door.
        each
            Told each report and its claims, those known already too.

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
        for taken in self._documents(paths, source, date, url, reader, progress):
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
        reader: str = "grammar",
        progress: Progress | None = None,
    ) -> tuple[list[Claim], tuple[Rejected, ...]]:
        """What `read` would record, without recording it; known reports are read again."""
        found: list[Claim] = []
        refused: list[Rejected] = []
        for taken in self._documents(paths, source, date, url, reader, progress, again=True):
            found.extend(taken.claims)
            if taken.rejected:
                refused.append(taken.rejected)
        return found, tuple(refused)

    def _require_own(self) -> None:
        if self.is_sample:
            raise BadInput(
                "a sample is not added to. Make a theatre of your own like it: "
                f"marchland new FOLDER --like sample:{self.name}; or look with --dry-run"
            )

    def _documents(
        self,
        paths: Path | str | Iterable[Path | str],
        source: str | None,
        day: Day | None,
        url: str | None,
        reader: str,
        progress: Progress | None,
        *,
        again: bool = False,
    ) -> Iterator[Taken]:
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
            reader=lambda: self._reader(reader),
            progress=progress,
        )

    def _reader(self, name: str) -> Any:
        return make_reader(name, self.vocabulary, model=self.settings.language_model)

    def explain(
        self, path: Path | str, *, source: str | None = None, date: Day | None = None
    ) -> list[Any]:
        """Per sentence: the parse, the rules that fired, what was resolved or dropped, and why."""
        engine = self._reader("grammar")
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
    ) -> tuple[Intake, tuple[str, ...]]:
        """Load a data set through an importer behind the plugin door.

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
        return load_table(
            importer, Path(path), self.ledger, self.vocabulary, strict=strict, dry_run=dry_run
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

    def claims(
        self,
        *,
        place: str | None = None,
        actor: str | None = None,
        kind: str | None = None,
        predicate: str | None = None,
        on: Day | None = None,
        as_of: Day | None = None,
        limit: int | None = None,
    ) -> list[Claim]:
        """Claims about a place or actor, in order of publication.

        Parameters
        ----------
        place, actor
            A name or id; claims about an area count for the places in it.
        on
            Only claims whose span covers this day.
        as_of
            Only claims published by the end of this day.
        """
        vocabulary = self.vocabulary
        places = None
        if place is not None:
            found = vocabulary.place(place)
            places = [found.id, *(vocabulary.members_of(found.id) if found.is_area else ())]
        return self.ledger.claims(
            place_ids=places,
            actor_ids=[vocabulary.actor(actor).id] if actor is not None else None,
            kinds=[Kind(kind)] if kind else None,
            predicates=[predicate] if predicate else None,
            on=parse_day(on) if on else None,
            as_of=parse_day(as_of) if as_of else None,
            limit=limit,
        )

    def control_field(
        self,
        *,
        start: Day,
        end: Day,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
    ) -> ControlField:
        """Who holds what, for every place and every day from `start` to `end`, inclusive."""
        first, last = parse_day(start), parse_day(end)
        if last < first:
            raise BadInput(f"the last day {last} is before the first {first}")
        return self._inferred.field(
            start=first, end=last, as_of=self._as_of(as_of), given=self._given(given)
        )

    def control(
        self,
        place: str,
        *,
        on: Day,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Estimate:
        """Who holds a place on a day, as known on a day.

        Raises
        ------
        UnknownName, AmbiguousName
            If the place is not known, or could be several.
        BadInput
            If it is an area; ask with `control_all(within=...)` for the places in it.
        """
        found = self.vocabulary.place(place)
        field = self.control_field(start=on, end=on, as_of=as_of, given=given)
        if found.id not in field.places:
            if self.vocabulary.members_of(found.id):
                raise BadInput(
                    f"{found.name} is an area of many places; ask for the places in it: "
                    f"marchland control --within {found.id!r} --on {on}"
                )
            day = parse_day(on)
            field = self._inferred.field(
                start=day, end=day, as_of=self._as_of(as_of), given=self._given(given),
                also=(found.id,),
            )  # fmt: skip
        return self._save(field.estimate(found.id, parse_day(on)))

    def control_all(
        self,
        *,
        on: Day,
        as_of: Day | None = None,
        within: str | None = None,
        given: Mapping[str, str] | None = None,
    ) -> list[Estimate]:
        """Who holds each place: every one that a claim is about, or every one within an area."""
        field = self.control_field(start=on, end=on, as_of=as_of, given=given)
        day = parse_day(on)
        if within is not None:
            members = set(self.vocabulary.members_of(self.vocabulary.place(within).id))
            asked = [p for p in field.places if p in members]
        else:
            named = {c.place.id for c in self._inferred.claims(self._as_of(as_of)) if c.place}
            named |= {m for area in tuple(named) for m in self.vocabulary.members_of(area)}
            asked = [p for p in field.places if p in named]
        return [field.estimate(place, day) for place in asked]

    def alignment_network(
        self, *, as_of: Day | None = None, given: Mapping[str, str] | None = None
    ) -> AlignmentNetwork:
        """Who stands with whom, for every pair and day."""
        return self._inferred.network(as_of=self._as_of(as_of), given=self._given(given))

    def alignment(
        self,
        a: str,
        b: str,
        *,
        on: Day,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
    ) -> AlignmentEstimate:
        """Where two actors stand towards each other on a day."""
        first, second = self.vocabulary.actor(a).id, self.vocabulary.actor(b).id
        network = self.alignment_network(as_of=as_of, given=given)
        return self._save(network.tie(first, second, parse_day(on)))

    def coalition(
        self,
        principal: str,
        *,
        on: Day,
        as_of: Day | None = None,
        ground: str | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Coalition:
        """Who stands with a principal on a day, with odds and the assumption each rests on."""
        network = self.alignment_network(as_of=as_of, given=given)
        return network.coalition(
            self.vocabulary.actor(principal).id,
            parse_day(on),
            ground=ground or self.settings.corridor.ground,
            permissive=self.settings.corridor.permissive,
            beside=self.settings.corridor.beside,
        )

    def corridor(
        self,
        origin: str | None = None,
        destination: str | None = None,
        *,
        via: Sequence[str] | None = None,
        traveller: str | None = None,
        on: Day,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
        ground: str | None = None,
        seed: int = 0,
    ) -> CorridorEstimate:
        """Whether a traveller can go by land from one place to another on a day.

        Origin, destination, waypoints and traveller that are left out are the theatre's own.
        """
        day = parse_day(on)
        question = self.corridor_question(origin, destination, via=via, traveller=traveller)
        return self._save(
            judge(
                question,
                self.control_field(start=day, end=day, as_of=as_of, given=given),
                self.alignment_network(as_of=as_of, given=given),
                self.roads,
                self.vocabulary,
                on=day,
                as_of=self._as_of(as_of),
                claims=self._inferred.claims(self._as_of(as_of)),
                given=self._given(given).as_given(),
                settings=self.settings.corridor.with_ground(ground),
                seed=seed,
            )
        )

    def corridor_timeline(
        self,
        origin: str | None = None,
        destination: str | None = None,
        *,
        start: Day,
        end: Day,
        via: Sequence[str] | None = None,
        traveller: str | None = None,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
        ground: str | None = None,
        step_days: int = 7,
        seed: int = 0,
    ) -> Timeline:
        """The corridor's status and odds through time, and the days on which it changed."""
        first, last = parse_day(start), parse_day(end)
        question = self.corridor_question(origin, destination, via=via, traveller=traveller)
        return timeline(
            question,
            self.control_field(start=first, end=last, as_of=as_of, given=given),
            self.alignment_network(as_of=as_of, given=given),
            self.roads,
            self.vocabulary,
            start=first,
            end=last,
            step_days=step_days,
            as_of=self._as_of(as_of),
            claims=self._inferred.claims(self._as_of(as_of)),
            given=self._given(given).as_given(),
            settings=self.settings.corridor.with_ground(ground),
            seed=seed,
        )

    def corridor_question(
        self,
        origin: str | None = None,
        destination: str | None = None,
        *,
        via: Sequence[str] | None = None,
        traveller: str | None = None,
    ) -> CorridorQuestion:
        """Names made ids; what is left out is the theatre's default route."""
        return corridor_question(
            origin, destination, via, traveller,
            route=self.settings.route, vocabulary=self.vocabulary,
        )  # fmt: skip

    def default_route(self) -> Route | None:
        """The corridor this theatre asks about when none is named."""
        return self.settings.route

    def contradictions(
        self, *, start: Day, end: Day, as_of: Day | None = None
    ) -> list[Contradiction]:
        """Claims that can't all be true, laid side by side."""
        known_by = self._as_of(as_of)
        return contradictions(
            self._inferred.claims(known_by),
            self.vocabulary,
            start=parse_day(start),
            end=parse_day(end),
            as_of=known_by,
        )

    def why(self, id: str) -> Why:
        """Walk from an estimate, claim or report id down to the sentences."""
        return trace(self.ledger, id)

    def brief(
        self,
        *answers: Estimate,
        title: str,
        then: Day | None = None,
    ) -> Brief:
        """A brief in which every statement cites the claims it rests on.

        Parameters
        ----------
        answers
            Corridor, control and alignment estimates; all of one `on` and one `as_of`.
        then
            An earlier day to set beside it: the same questions are asked again for that day.
        """
        if not answers:
            raise BadInput("a brief needs at least one answer")
        earlier = tuple(self._again(a, then) for a in answers) if then is not None else ()
        on, as_of = answers[0].on, answers[0].as_of
        days = sorted(a.on for a in (*answers, *earlier))
        return write_brief(
            answers,
            title=title,
            earlier=earlier,
            contradictions=self.contradictions(start=days[0], end=on, as_of=as_of),
            vocabulary=self.vocabulary,
            passage=self._passage,
            theatre=self.settings.title,
        )

    def map(
        self,
        *,
        on: Day,
        as_of: Day | None = None,
        corridor: CorridorEstimate | None = None,
        given: Mapping[str, str] | None = None,
    ) -> MapPage:
        """A map page that opens offline: who holds what on a day, with odds and sentences.

        Influence is worked out for the corridor's weakest points; the others come with the claims
        nearest in time.
        """
        day, known_by = parse_day(on), self._as_of(as_of)
        field = self.control_field(start=day, end=day, as_of=known_by, given=given)
        deciding = {c.place for c in corridor.chokepoints} if corridor else set()
        return draw_map(
            [told(field, place, day, weighed=place in deciding) for place in field.places],
            vocabulary=self.vocabulary,
            roads=self.roads,
            corridor=corridor,
            title=self.settings.title,
            on=day,
            as_of=known_by,
            passage=self._passage,
        )

    def _again(self, answer: Estimate, on: Day) -> Estimate:
        """The same question asked for another day, as known on the same day."""
        about, given = answer.about, dict(answer.given) or None
        if isinstance(answer, CorridorEstimate):
            q = answer.asked
            return self.corridor(
                q.origin, q.destination, via=q.via, traveller=q.traveller,
                on=on, as_of=answer.as_of, given=given, seed=answer.seed,
                ground=answer.model.parameters["ground"],
            )  # fmt: skip
        if answer.question == "control":
            return self.control(about["place"]["id"], on=on, as_of=answer.as_of, given=given)
        return self.alignment(
            about["a"]["id"], about["b"]["id"], on=on, as_of=answer.as_of, given=given
        )

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
