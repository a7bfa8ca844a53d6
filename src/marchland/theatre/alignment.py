"""Questions of alignment: who stands with whom."""

from collections.abc import Mapping

from marchland.alignment import AlignmentEstimate, AlignmentNetwork, Coalition
from marchland.dates import parse_day
from marchland.theatre.parts import Day, Parts


class AlignmentQuestions(Parts):
    """Who stands with whom."""

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
        """Who stands with a principal on a day, with odds and the assumption each rests on.

        The permissive actors of theatre.toml are those of the theatre's own traveller, and are no
        members for anybody else.
        """
        network = self.alignment_network(as_of=as_of, given=given)
        actor = self.vocabulary.actor(principal).id
        route = self.settings.route
        own = route is None or route.traveller is None
        if route is not None and route.traveller is not None:
            own = self.vocabulary.actor(route.traveller).id == actor
        return network.coalition(
            actor,
            parse_day(on),
            ground=ground or self.settings.corridor.ground,
            permissive=self.settings.corridor.permissive if own else {},
            beside=self.settings.corridor.beside if own else (),
        )
