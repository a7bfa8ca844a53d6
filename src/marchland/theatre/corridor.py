"""Questions of the road: whether a traveller can go by land from one place to another."""

from collections.abc import Mapping, Sequence

from marchland.corridor import (
    CorridorEstimate,
    CorridorQuestion,
    Timeline,
    judge,
    timeline,
)
from marchland.dates import parse_day
from marchland.theatre.alignment import AlignmentQuestions
from marchland.theatre.control import ControlQuestions
from marchland.theatre.parts import Day
from marchland.theatre.question import corridor_question
from marchland.theatre.settings import Route


class CorridorQuestions(AlignmentQuestions, ControlQuestions):
    """Whether the road can be travelled."""

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
