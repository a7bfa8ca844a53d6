"""Showing the answers: briefs and maps."""

from collections.abc import Mapping
from datetime import date

from marchland.alignment import AlignmentEstimate
from marchland.alignment.acts import acts_between
from marchland.alignment.shifts import shifts
from marchland.brief import Brief, write_brief
from marchland.brief.ties import TieStory
from marchland.corridor import (
    CorridorEstimate,
)
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.maps import MapPage, draw_map
from marchland.theatre.corridor import CorridorQuestions
from marchland.theatre.parts import Day
from marchland.theatre.question import told


class Showing(CorridorQuestions):
    """Briefs and maps."""

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
            ties=[
                self._story(now, before.on)
                for before, now in zip(earlier, answers, strict=False)
                if isinstance(now, AlignmentEstimate)
            ],
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

    def _story(self, answer: AlignmentEstimate, since: date) -> TieStory:
        """What became of a pair since an earlier day."""
        a, b = answer.about["a"]["id"], answer.about["b"]["id"]
        start, end = sorted((since, answer.on))
        return TieStory(
            a=a,
            b=b,
            start=start,
            end=end,
            shifts=shifts(self.alignment_network(as_of=answer.as_of), a, b, start=start, end=end),
            acts=acts_between(
                self._inferred.told(answer.as_of), a, b,
                vocabulary=self.vocabulary, start=start, end=end,
            ),
        )  # fmt: skip

    def _again(self, answer: Estimate, on: Day) -> Estimate:
        """The same question asked for another day, as known on the same day."""
        about, given = answer.about, dict(answer.given) or None
        if isinstance(answer, CorridorEstimate):
            q = answer.asked
            return self.corridor(
                q.origin, q.destination, via=q.via, avoid=q.avoid, traveller=q.traveller,
                on=on, as_of=answer.as_of, given=given, seed=answer.seed,
                ground=answer.model.parameters["ground"],
            )  # fmt: skip
        if answer.question == "control":
            return self.control(about["place"]["id"], on=on, as_of=answer.as_of, given=given)
        return self.alignment(
            about["a"]["id"], about["b"]["id"], on=on, as_of=answer.as_of, given=given
        )
