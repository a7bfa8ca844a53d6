"""What was inferred from one revision of the ledger, kept until it grows.

A field of control is inferred once for the theatre's whole period, and answers for every day in it;
that a day is asked for alone or within a longer span changes nothing in its answer.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from marchland.alignment import AlignmentNetwork, infer_alignment
from marchland.claims import Claim
from marchland.control import ControlField, ControlSettings, can_be_held, infer_control
from marchland.dates import Span
from marchland.errors import BadInput
from marchland.ledger import Ledger
from marchland.observations import Copy, first_told, observe
from marchland.scenario import Assumptions
from marchland.theatre.copies import copies_of
from marchland.vocabulary import Vocabulary

_FAR = timedelta(days=100 * 365)
"""Claims say nothing of days further off than this, and a field would have to span them all."""


class Inferred:
    """Claims, fields of control and networks of alignment, each worked out once.

    Parameters
    ----------
    vocabulary
        The theatre's, without the ledger's own places and actors.
    period
        The days the theatre is about; None when it is left to the claims.
    control
        How control is inferred.
    """

    def __init__(
        self,
        ledger: Ledger,
        vocabulary: Vocabulary,
        period: Span | None,
        control: ControlSettings,
    ) -> None:
        self._ledger, self._base, self._period = ledger, vocabulary, period
        self._control = control
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._at_revision = -1

    @property
    def vocabulary(self) -> Vocabulary:
        """The theatre's vocabulary and the ledger's own places and actors."""

        def extended() -> Vocabulary:
            actors, places = self._ledger.own_actors(), self._ledger.own_places()
            if not actors and not places:
                return self._base
            return self._base.extended(actors=actors, places=places)

        vocabulary: Vocabulary = self._keep(("vocabulary",), extended)
        return vocabulary

    def claims(self, as_of: date) -> list[Claim]:
        """Every claim published by the end of a day, with its observation."""
        claims: list[Claim] = self._keep(
            ("claims", as_of), lambda: observe(self._ledger.claims(as_of=as_of), self.copies())
        )
        return claims

    def copies(self) -> list[Copy]:
        """Passages of the ledger's reports that are copies of each other."""
        copies: list[Copy] = self._keep(("copies",), lambda: copies_of(self._ledger))
        return copies

    def told(self, as_of: date) -> list[Claim]:
        """The claims of `claims` without those that repeat: what questions are answered from."""
        claims: list[Claim] = self._keep(("told", as_of), lambda: first_told(self.claims(as_of)))
        return claims

    def places(self, as_of: date) -> list[str]:
        """Every place to answer for: the theatre's own, and whatever else a claim names."""
        vocabulary = self.vocabulary
        ids = {*vocabulary.own_places}
        ids |= {c.place.id for c in self.claims(as_of) if c.place and c.place.resolved}
        return sorted(
            i for i in ids if (p := vocabulary.find_place(i)) is not None and can_be_held(p)
        )

    def field(
        self, *, start: date, end: date, as_of: date, given: Assumptions, also: Sequence[str] = ()
    ) -> ControlField:
        """A field that answers for `start` to `end` at least.

        Parameters
        ----------
        also
            Places to answer for that nobody has said anything about.

        Raises
        ------
        BadInput
            If a day lies decades from anything known.
        """
        whole = self._whole(as_of)
        known_from, known_to = whole or (as_of, as_of)
        if start < known_from - _FAR or end > known_to + _FAR:
            far = start if start < known_from - _FAR else end
            raise BadInput(
                f"{far} lies more than {_FAR.days // 365} years from what is known, {known_from} "
                f"to {known_to}; ask about a day nearer to it"
            )
        if whole is not None and whole[0] <= start and end <= whole[1]:
            start, end = whole
        assumed = tuple(sorted(given.places.items()))

        def infer() -> ControlField:
            return infer_control(
                self.told(as_of),
                self.vocabulary,
                as_of=as_of,
                start=start,
                end=end,
                places=[*self.places(as_of), *also],
                given=given.places,
                settings=self._control,
                revision=self._ledger.revision,
            )

        field: ControlField = self._keep(
            ("control", start, end, as_of, assumed, tuple(also)), infer
        )
        return field

    def network(self, *, as_of: date, given: Assumptions) -> AlignmentNetwork:
        """Who stands with whom, for every pair and day."""

        def infer() -> AlignmentNetwork:
            return infer_alignment(
                self.told(as_of),
                self.vocabulary,
                as_of=as_of,
                given=given.actors,
                revision=self._ledger.revision,
            )

        key = ("alignment", as_of, tuple(sorted(given.actors.items())))
        network: AlignmentNetwork = self._keep(key, infer)
        return network

    def _whole(self, as_of: date) -> tuple[date, date] | None:
        """The theatre's period, up to the day of knowledge; None where nothing says it."""
        if self._period is not None and self._period.start and self._period.end:
            return self._period.start, max(self._period.end, as_of)
        days = [c.valid.start or c.published for c in self.claims(as_of)]
        known = [d for d in days if d is not None]
        return (min(known), as_of) if known and min(known) <= as_of else None

    def _keep(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        if self._at_revision != self._ledger.revision:
            self._kept.clear()
            self._at_revision = self._ledger.revision
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]
