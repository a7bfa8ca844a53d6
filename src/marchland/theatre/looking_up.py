"""Looking up what the ledger holds: claims, copies, and what an answer rests on."""

from marchland.claims import Claim, Kind
from marchland.dates import parse_day
from marchland.theatre.copies import Duplicates, duplicates_among
from marchland.theatre.parts import Day, Parts
from marchland.theatre.why import Why, trace


class LookingUp(Parts):
    """Claims, and the way back from an answer to its sentences."""

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

    def duplicates(self, *, as_of: Day | None = None) -> list[Duplicates]:
        """Reports that print the same story or passage, each group first to last.

        Parameters
        ----------
        as_of
            Only reports published by the end of this day; left out, all of them.
        """
        day = parse_day(as_of) if as_of else None
        reports = [
            r
            for r in self.ledger.reports()
            if day is None or (r.published is not None and r.published <= day)
        ]
        return duplicates_among(reports, self._inferred.copies(), self.ledger.text)

    def why(self, id: str) -> Why:
        """Walk from an estimate, claim or report id down to the sentences."""
        return trace(self.ledger, id)
