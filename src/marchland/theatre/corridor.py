"""Questions of the road: whether a traveller can go by land from one place to another."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

from marchland.alignment import AlignmentNetwork
from marchland.claims import Claim
from marchland.control import ControlField
from marchland.corridor import (
    CorridorEstimate,
    CorridorQuestion,
    CorridorSettings,
    Sweep,
    Timeline,
    judge,
    sweep,
    timeline,
)
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.roads import RoadNetwork
from marchland.theatre.alignment import AlignmentQuestions
from marchland.theatre.control import ControlQuestions
from marchland.theatre.parts import Day
from marchland.theatre.question import corridor_question
from marchland.theatre.scenarios import Scenario, find, keep, kept_in
from marchland.theatre.settings import Route
from marchland.vocabulary import Vocabulary


class _Known(TypedDict):
    """What was known and assumed, as every question of the road takes it."""

    as_of: date
    claims: Sequence[Claim]
    given: Mapping[str, str]


class CorridorQuestions(AlignmentQuestions, ControlQuestions):
    """Whether the road can be travelled."""

    def corridor(
        self,
        origin: str | None = None,
        destination: str | None = None,
        *,
        via: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        traveller: str | None = None,
        on: Day,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
        ground: str | None = None,
        routes: int | None = None,
        seed: int = 0,
    ) -> CorridorEstimate:
        """Whether a traveller can go by land from one place to another on a day.

        Origin, destination, waypoints and traveller that are left out are the theatre's own.

        Parameters
        ----------
        avoid
            Places to go round.
        routes
            How many ways to give, where so many differ; left out, as many as the theatre says.
        """
        day = parse_day(on)
        asked = self.corridor_question(
            origin, destination, via=via, avoid=avoid, traveller=traveller
        )
        return self._save(
            judge(
                asked,
                *self._inferred_for(day, day, as_of=as_of, given=given),
                on=day,
                **self._known(as_of, given),
                settings=self._corridor_settings(ground).with_alternatives(routes),
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
        avoid: Sequence[str] = (),
        traveller: str | None = None,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
        ground: str | None = None,
        step_days: int = 7,
        seed: int = 0,
    ) -> Timeline:
        """The corridor's status and odds through time, and the days on which it changed."""
        first, last = parse_day(start), parse_day(end)
        asked = self.corridor_question(
            origin, destination, via=via, avoid=avoid, traveller=traveller
        )
        return timeline(
            asked,
            *self._inferred_for(first, last, as_of=as_of, given=given),
            start=first,
            end=last,
            step_days=step_days,
            **self._known(as_of, given),
            settings=self._corridor_settings(ground),
            seed=seed,
        )

    def sweep(
        self,
        origin: str | None = None,
        destination: str | None = None,
        *,
        on: Day,
        via: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        traveller: str | None = None,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
        ground: str | None = None,
        seed: int = 0,
    ) -> Sweep:
        """Each single change tried: what would open or break the road, ranked by its effect.

        Places lost and gained, crossings closed and opened, actors that stand otherwise,
        assumptions dropped, the other ground. `given` holds throughout.
        """
        day = parse_day(on)
        asked = self.corridor_question(
            origin, destination, via=via, avoid=avoid, traveller=traveller
        )
        return sweep(
            asked,
            *self._inferred_for(day, day, as_of=as_of, given=given),
            on=day,
            **self._known(as_of, given),
            settings=self._corridor_settings(ground),
            seed=seed,
        )

    def scenarios(self) -> tuple[str, ...]:
        """Names of the scenarios kept in the theatre's folder."""
        return tuple(kept_in(self.folder))

    def scenario(self, name: Path | str) -> Scenario:
        """A scenario by the name it is kept under, or by its file.

        Raises
        ------
        UnknownName
            If there is none; those there are are told.
        BadInput
            If its file can't be used.
        """
        return find(name, self.folder)

    def keep_scenario(self, scenario: Scenario) -> Path:
        """Keep a scenario in the theatre's folder, to be asked again; gives its file.

        Raises
        ------
        BadInput
            If the theatre is a sample, or has no folder that can be written.
        """
        self._require_own()
        if self.folder is None:
            raise BadInput("a ledger without a folder keeps no scenarios; give a file instead")
        return keep(scenario, self.folder)

    def ask(self, scenario: Scenario, **instead: Any) -> CorridorEstimate:
        """Ask a scenario's question.

        Parameters
        ----------
        instead
            Arguments of `corridor` that come before the scenario's own.

        Raises
        ------
        BadInput
            If neither says which day.
        """
        asked = {**scenario.asked(), **instead}
        if "on" not in asked:
            raise BadInput(f"scenario {scenario.name!r} says no day: add on = 2021-03-02, or ask")
        return self.corridor(**asked)

    def corridor_question(
        self,
        origin: str | None = None,
        destination: str | None = None,
        *,
        via: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        traveller: str | None = None,
    ) -> CorridorQuestion:
        """Names made ids; what is left out is the theatre's default route."""
        return corridor_question(
            origin, destination, via, traveller, avoid=avoid,
            route=self.settings.route, vocabulary=self.vocabulary, roads=self.roads,
        )  # fmt: skip

    def _inferred_for(
        self, start: date, end: date, *, as_of: Day | None, given: Mapping[str, str] | None
    ) -> tuple[ControlField, AlignmentNetwork, RoadNetwork, Vocabulary]:
        """What a question of the road rests on."""
        return (
            self.control_field(start=start, end=end, as_of=as_of, given=given),
            self.alignment_network(as_of=as_of, given=given),
            self.roads,
            self.vocabulary,
        )

    def _corridor_settings(self, ground: str | None) -> CorridorSettings:
        """The theatre's settings; who lets pass is said of its own traveller."""
        route = self.settings.route
        own = self.vocabulary.actor(route.traveller).id if route and route.traveller else None
        return self.settings.corridor.with_ground(ground).for_traveller(own)

    def _known(self, as_of: Day | None, given: Mapping[str, str] | None) -> _Known:
        day = self._as_of(as_of)
        return {
            "as_of": day,
            "claims": self._inferred.claims(day),
            "given": self._given(given).as_given(),
        }

    def default_route(self) -> Route | None:
        """The corridor this theatre asks about when none is named."""
        return self.settings.route
