"""The workbench: a map with a day slider, and the same answers as JSON.

It is for one person on their own machine. It listens on loopback alone, answers only requests
that name loopback as their host, and changes nothing in the ledger.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from threading import Lock
from typing import Any

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.middleware.base import RequestResponseEndpoint
from starlette.middleware.trustedhost import TrustedHostMiddleware

from marchland import __version__
from marchland.dates import parse_day
from marchland.errors import AmbiguousName, MarchlandError, UnknownName
from marchland.maps import (
    corridor_summary,
    frame_of,
    page_html,
    place_detail,
    place_layer,
    road_layer,
)
from marchland.theatre import Theatre

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "testserver")
_STEP_DAYS = 7
_COLOUR_STEP = 26
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class Workbench:
    """The theatre behind the page; one question at a time."""

    def __init__(self, theatre: Theatre, *, as_of: date | None = None) -> None:
        self.theatre, self.as_of, self._lock = theatre, as_of or theatre.latest, Lock()
        self.start, self.end = self._period()

    def warm(self) -> None:
        """Infer the whole period once, so that the slider answers at once."""
        with self._lock:
            self._field()

    def days(self) -> list[str]:
        """The slider's days: weekly, and the last one."""
        count = (self.end - self.start).days // _STEP_DAYS
        days = [self.start + timedelta(days=_STEP_DAYS * i) for i in range(count + 1)]
        return [d.isoformat() for d in (days if days[-1] == self.end else [*days, self.end])]

    def frame(self, on: str) -> dict[str, Any]:
        """Who holds what on a day, without the sentences, and the default corridor."""
        day = parse_day(on)
        with self._lock:
            field = self._field()
            estimates = [field.estimate(p, day, explain=False) for p in field.places]
            corridor = None
            if self.theatre.default_route() is not None:
                corridor = self.theatre.corridor(on=day, as_of=self.as_of)
        return {
            **frame_of(estimates, corridor),
            "on": day.isoformat(),
            "as_of": self.as_of.isoformat(),
        }

    def place(self, place: str, on: str) -> dict[str, Any]:
        """One place on one day, with its sentences."""
        with self._lock:
            estimate = self.theatre.control(place, on=on, as_of=self.as_of)
        return {**place_detail(estimate), "estimate": estimate.to_json()}

    def page(self) -> str:
        """The page itself."""
        theatre = self.theatre
        ids = [*theatre.vocabulary.own_places, *self._field().places]
        data = {
            "mode": "live",
            "days": self.days(),
            "places": place_layer(theatre.vocabulary, sorted(set(ids))),
            "roads": road_layer(theatre.roads),
            "holders": self._holders(),
        }
        return page_html(theatre.settings.title or theatre.name, data)

    def _field(self) -> Any:
        return self.theatre.control_field(start=self.start, end=self.end, as_of=self.as_of)

    def _holders(self) -> list[str]:
        """Likeliest holders over the period, the most frequent first, for the clearest colours."""
        field, seen = self._field(), Counter[str]()
        for day in self.days()[::_COLOUR_STEP]:
            seen.update(field.outcomes[k] for k in field.odds(parse_day(day)).argmax(axis=1))
        return [who for who, _ in seen.most_common()]

    def _period(self) -> tuple[date, date]:
        period = self.theatre.settings.period
        if period is not None and period.start is not None:
            return period.start, period.end - timedelta(days=1) if period.end else self.as_of
        starts = [c.valid.start for c in self.theatre.claims() if c.valid.start]
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
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))
    app.state.bench = bench

    @app.middleware("http")
    async def nothing_from_elsewhere(request: Request, answer: RequestResponseEndpoint) -> Response:
        response = await answer(request)
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @app.exception_handler(MarchlandError)
    def refuse(request: Request, error: MarchlandError) -> JSONResponse:
        missing = isinstance(error, UnknownName | AmbiguousName)
        return JSONResponse({"detail": str(error)}, status_code=404 if missing else 400)

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> str:
        return bench.page()

    @app.get("/api/frame")
    def frame(on: str) -> dict[str, Any]:
        """Who holds what on a day, and the default corridor's status."""
        return bench.frame(on)

    @app.get("/api/control/{place}")
    def control(place: str, on: str) -> dict[str, Any]:
        """One place on a day: odds, evidence and sentences."""
        return bench.place(place, on)

    @app.get("/api/corridor")
    def corridor(
        on: str,
        origin: str | None = None,
        destination: str | None = None,
        via: Sequence[str] | None = Query(default=None),
        traveller: str | None = None,
    ) -> dict[str, Any]:
        """Whether a corridor is open on a day; left out, the theatre's own."""
        with bench._lock:
            answer = theatre.corridor(
                origin, destination, via=via, traveller=traveller, on=on, as_of=bench.as_of
            )
        return {"id": answer.id, **answer.to_json(), "summary": corridor_summary(answer)}

    @app.get("/api/why/{id}")
    def why(id: str) -> dict[str, Any]:
        """From an estimate, claim or report to the sentences."""
        with bench._lock:
            return theatre.why(id).to_json()

    return app
