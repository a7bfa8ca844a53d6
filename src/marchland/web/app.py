"""The workbench: a map with a day slider, and the same answers as JSON.

It is for one person on their own machine. It listens on loopback alone, answers only requests
that name loopback as their host and come from its own page, and adds no claim to the ledger.
"""

from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from threading import Lock
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response

from marchland import __version__
from marchland.control import ControlField
from marchland.dates import parse_day
from marchland.errors import AmbiguousName, BadInput, MarchlandError, UnknownName
from marchland.maps import (
    actor_layer,
    corridor_summary,
    country_layer,
    frame_of,
    page_html,
    place_detail,
    place_layer,
    policy,
    road_layer,
    view_of,
)
from marchland.theatre import Theatre
from marchland.theatre.why import Passages

LOOPBACK = ("127.0.0.1", "localhost")
_STEP_DAYS = 7
_KEPT = 512
_PLACE_SENTENCES = 12
_HEADERS = {
    "Content-Security-Policy": f"{policy(live=True)}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Workbench:
    """The theatre behind the page; one question at a time.

    Parameters
    ----------
    as_of
        Only what had been published by this day is used; default: the latest report's.
    """

    def __init__(self, theatre: Theatre, *, as_of: date | None = None) -> None:
        self.theatre, self.as_of, self._lock = theatre, as_of or theatre.latest, Lock()
        self.start, self.end = self._period()
        self._frames: OrderedDict[tuple[int, date], dict[str, Any]] = OrderedDict()
        self._passage = Passages(theatre.ledger)

    def warm(self) -> None:
        """Infer the whole period once, so that the slider answers at once."""
        self.frame(self.end.isoformat())

    def days(self) -> list[str]:
        """The slider's days: weekly, and the last one."""
        count = (self.end - self.start).days // _STEP_DAYS
        days = [self.start + timedelta(days=_STEP_DAYS * i) for i in range(count + 1)]
        return [d.isoformat() for d in (days if days[-1] == self.end else [*days, self.end])]

    def frame(self, on: str) -> dict[str, Any]:
        """Who holds what on a day, without the sentences, and the default corridor."""
        day = self._day(on)
        with self._lock:
            key = (self.theatre.ledger.revision, day)
            if key not in self._frames:
                self._frames[key] = self._frame(day)
                if len(self._frames) > _KEPT:
                    self._frames.popitem(last=False)
            self._frames.move_to_end(key)
            return self._frames[key]

    def place(self, place: str, on: str) -> dict[str, Any]:
        """One place on one day, with its sentences.

        Raises
        ------
        UnknownName
            If no place has that name, or it is none of the theatre's and no claim names it.
        """
        day = self._day(on)
        with self._lock:
            found = self.theatre.vocabulary.place(place)
            vocabulary, known = self.theatre.vocabulary, self._field().places
            if found.id not in known and not vocabulary.members_of(found.id):
                raise UnknownName(place, what="place that this theatre has or a claim names")
            estimate = self.theatre.control(found.id, on=day, as_of=self.as_of)
            detail = place_detail(estimate, passage=self._passage, most=_PLACE_SENTENCES)
        return {
            "place": found.id,
            "on": day.isoformat(),
            "as_of": self.as_of.isoformat(),
            **detail,
            "estimate": estimate.to_json(),
        }

    def corridor(
        self,
        origin: str | None,
        destination: str | None,
        *,
        via: Sequence[str] | None,
        traveller: str | None,
        on: str,
    ) -> dict[str, Any]:
        """Whether a corridor is open on a day; what is left out is the theatre's own."""
        day = self._day(on)
        with self._lock:
            answer = self.theatre.corridor(
                origin, destination, via=via, traveller=traveller, on=day, as_of=self.as_of
            )
            summary = corridor_summary(
                answer, vocabulary=self.theatre.vocabulary, passage=self._passage
            )
        return {"id": answer.id, **answer.to_json(), "summary": summary}

    def why(self, id: str) -> dict[str, Any]:
        """From an estimate, claim or report to the sentences."""
        with self._lock:
            return self.theatre.why(id).to_json()

    def page(self) -> str:
        """The page itself."""
        latest = self.frame(self.end.isoformat())
        with self._lock:
            theatre, field = self.theatre, self._field()
            ids = {*theatre.vocabulary.own_places, *field.places}
            places = place_layer(theatre.vocabulary, sorted(ids))
            data = {
                "mode": "live",
                "days": self.days(),
                "places": places,
                "roads": road_layer(theatre.roads),
                "countries": country_layer(theatre.vocabulary, places),
                "actors": actor_layer(self._holders(field), field.names),
                "view": view_of(places, [latest]),
            }
        return page_html(theatre.settings.title or theatre.name, data)

    def _frame(self, day: date) -> dict[str, Any]:
        field = self._field()
        estimates = [field.estimate(p, day, explain=False) for p in field.places]
        corridor = None
        if self.theatre.default_route() is not None:
            corridor = self.theatre.corridor(on=day, as_of=self.as_of)
        told = frame_of(
            estimates,
            corridor,
            vocabulary=self.theatre.vocabulary,
            passage=self._passage,
            identified=False,
        )
        return {**told, "on": day.isoformat(), "as_of": self.as_of.isoformat()}

    def _field(self) -> ControlField:
        return self.theatre.control_field(start=self.start, end=self.end, as_of=self.as_of)

    def _holders(self, field: ControlField) -> list[str]:
        """Likeliest holders over the period, those of most places and weeks first."""
        held = Counter[str]()
        told = field.n_claims(self.end) > 0
        for day in self.days():
            best = field.odds(date.fromisoformat(day)).argmax(axis=1)[told]
            held.update(field.outcomes[k] for k in best)
        return sorted(held, key=lambda who: (-held[who], who))

    def _day(self, on: str) -> date:
        day = parse_day(on)
        if not self.start <= day <= self.end:
            raise BadInput(
                f"{day} lies outside this theatre's period; ask for a day from {self.start} to "
                f"{self.end}"
            )
        return day

    def _period(self) -> tuple[date, date]:
        period = self.theatre.settings.period
        if period is not None and period.start is not None:
            return period.start, period.end - timedelta(days=1) if period.end else self.as_of
        starts = [c.valid.start for c in self.theatre.claims(as_of=self.as_of) if c.valid.start]
        return min(starts, default=self.as_of), self.as_of


def create_app(theatre: Theatre, *, as_of: date | None = None) -> FastAPI:
    """The workbench's app.

    Parameters
    ----------
    as_of
        Only what had been published by this day is used; default: the latest report's.
    """
    bench = Workbench(theatre, as_of=as_of)
    app = FastAPI(title="Marchland", version=__version__, docs_url=None, redoc_url=None)
    app.state.bench = bench

    @app.middleware("http")
    async def from_here_only(
        request: Request, answer: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        refusal = _refusal(request)
        response = await answer(request) if refusal is None else _error(403, refusal)
        response.headers.update(_HEADERS)
        return response

    @app.exception_handler(MarchlandError)
    def refuse(request: Request, error: MarchlandError) -> JSONResponse:
        return _error(404 if isinstance(error, UnknownName | AmbiguousName) else 400, str(error))

    @app.exception_handler(RequestValidationError)
    def misasked(request: Request, error: RequestValidationError) -> JSONResponse:
        said = "; ".join(f"{e['loc'][-1]}: {e['msg'].lower()}" for e in error.errors())
        return _error(422, f"{said}; a day is asked for like ?on={bench.end}")

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> str:
        return bench.page()

    @app.get("/api/frame")
    def frame(on: str) -> JSONResponse:
        """Who holds what on a day, and the default corridor's status."""
        return JSONResponse(bench.frame(on))

    @app.get("/api/control/{place}")
    def control(place: str, on: str) -> JSONResponse:
        """One place on a day: odds, evidence and sentences."""
        return JSONResponse(bench.place(place, on))

    @app.get("/api/corridor")
    def corridor(
        on: str,
        origin: str | None = None,
        destination: str | None = None,
        via: Sequence[str] | None = Query(default=None),
        traveller: str | None = None,
    ) -> JSONResponse:
        """Whether a corridor is open on a day; left out, the theatre's own."""
        told = bench.corridor(origin, destination, via=via, traveller=traveller, on=on)
        return JSONResponse(told)

    @app.get("/api/why/{id}")
    def why(id: str) -> JSONResponse:
        """From an estimate, claim or report to the sentences."""
        return JSONResponse(bench.why(id))

    return app


def _refusal(request: Request) -> str | None:
    """Why a request is refused: another site's name or page, which only a browser led here has."""
    host = request.headers.get("host", "").rpartition(":")
    name = host[0] if host[2].isdigit() else request.headers.get("host", "")
    if name.lower() not in LOOPBACK:
        return f"this workbench answers only as {' or '.join(LOOPBACK)}; open it under that name"
    foreign = request.headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")
    if foreign and request.url.path != "/":
        return "this workbench answers only its own page; open its address in a tab of its own"
    return None


def _error(status: int, detail: str) -> JSONResponse:
    return JSONResponse({"detail": detail}, status_code=status)
