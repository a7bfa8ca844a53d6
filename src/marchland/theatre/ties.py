"""Questions of ties: their changes, words against deeds, action and answer, balance."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from marchland.alignment.acts import Act, Mixed, acts_between, mixed_messages
from marchland.alignment.balance import Balance, balance, signed_ties
from marchland.alignment.sequences import Exchange, sequences
from marchland.alignment.shifts import Shift, Turned, shifts, turned
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.exporters import graph
from marchland.theatre.alignment import AlignmentQuestions
from marchland.theatre.parts import Day

_MEMBER = 0.5


class TieQuestions(AlignmentQuestions):
    """What became of ties, and what was said and done."""

    def shifts(
        self, a: str, b: str, *, start: Day, end: Day, as_of: Day | None = None
    ) -> tuple[Shift, ...]:
        """When two actors came to stand together or against each other, or ceased to."""
        first, last = _days(start, end)
        x, y = self._two(a, b)
        return shifts(self.alignment_network(as_of=as_of), x, y, start=first, end=last)

    def turned(self, *, then: Day, now: Day, as_of: Day | None = None) -> tuple[Turned, ...]:
        """Every two actors that stand otherwise on one day than on an earlier one."""
        first, last = _days(then, now)
        return turned(self.alignment_network(as_of=as_of), first, last)

    def deeds(
        self,
        a: str,
        b: str,
        *,
        start: Day,
        end: Day,
        as_of: Day | None = None,
        proxies: bool = False,
    ) -> tuple[Act, ...]:
        """What two actors said and did to each other, on the Goldstein scale.

        Parameters
        ----------
        proxies
            Count what those did whom either side commands, backs or contains on the last day,
            with odds of one half or more; who stands with both counts for neither. Persons who lead
            a side always speak and act for it; with `proxies` also those who lead such others.
        """
        first, last = _days(start, end)
        x, y = self._two(a, b)
        return acts_between(
            self._inferred.told(self._as_of(as_of)), x, y, vocabulary=self.vocabulary,
            start=first, end=last,
            acting_for=self._acting_for(x, y, first, last, as_of, proxies=proxies),
        )  # fmt: skip

    def exchanges(
        self,
        a: str,
        b: str,
        *,
        start: Day,
        end: Day,
        as_of: Day | None = None,
        proxies: bool = False,
        lag_days: int = 30,
    ) -> tuple[Exchange, ...]:
        """Runs of strike, warning and answer between two actors; `proxies` as for `deeds`."""
        first, last = _days(start, end)
        acts = self.deeds(a, b, start=start, end=end, as_of=as_of, proxies=proxies)
        return sequences(acts, start=first, end=last, lag_days=lag_days)

    def mixed_messages(
        self, speaker: str, *, as_of: Day | None = None, within_days: int = 60
    ) -> tuple[Mixed, ...]:
        """Statements of one actor, side by side, that do not go together."""
        claims = self._inferred.told(self._as_of(as_of))
        actor = self.vocabulary.actor(speaker).id
        return mixed_messages(claims, actor, vocabulary=self.vocabulary, within_days=within_days)

    def balance(self, *, on: Day, as_of: Day | None = None, people: bool = False) -> Balance:
        """The two camps that the ties of a day fit best, and the ties that do not fit."""
        network = self.alignment_network(as_of=as_of)
        return balance(signed_ties(network, parse_day(on), people=people))

    def write_network(self, path: Path | str, *, on: Day, as_of: Day | None = None) -> int:
        """Write the ties of a day to .graphml, .gexf or .csv; gives how many there are."""
        return graph.write(self.alignment_network(as_of=as_of), parse_day(on), path)

    def _two(self, a: str, b: str) -> tuple[str, str]:
        first, second = self.vocabulary.actor(a), self.vocabulary.actor(b)
        if first.id == second.id:
            raise BadInput(f"{first.name} is asked about itself; name two actors")
        return first.id, second.id

    def _acting_for(
        self, a: str, b: str, start: date, end: date, as_of: Day | None, *, proxies: bool
    ) -> Mapping[str, str]:
        network = self.alignment_network(as_of=as_of)
        found: dict[str, set[str]] = {}
        for side in (a, b):
            bodies = {side}
            for member in network.coalition(side, end).members if proxies else ():
                if (
                    member.actor not in (a, b)
                    and member.p >= _MEMBER
                    and not self._is_state(member.actor)
                    and network.follows(member.path, end)
                ):
                    bodies.add(member.actor)
            for body in bodies:
                for actor in (body, *network.led_by(body, start, end)):
                    found.setdefault(actor, set()).add(side)
        return {
            actor: sides.pop()
            for actor, sides in found.items()
            if len(sides) == 1 and actor not in (a, b)
        }

    def _is_state(self, actor: str) -> bool:
        known = self.vocabulary.find_actor(actor)
        return known is not None and known.kind == "state"


def _days(start: Day, end: Day) -> tuple[date, date]:
    first, last = parse_day(start), parse_day(end)
    if last < first:
        raise BadInput(f"the last day, {last}, is before the first, {first}")
    return first, last
