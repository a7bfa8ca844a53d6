"""Questions of control: who holds what, and who says otherwise."""

from collections.abc import Mapping
from pathlib import Path

from marchland.control import Contradiction, ControlField, contradictions
from marchland.control.areas import HALF_KM, AreaShares, share_of_areas
from marchland.control.changes import Change, changes_of
from marchland.control.records import Learned, Record, records
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.theatre.ground import hexes
from marchland.theatre.ground import polygons as read_polygons
from marchland.theatre.parts import Day, Parts


class ControlQuestions(Parts):
    """Who holds what."""

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

    def changes(
        self,
        place: str,
        *,
        start: Day,
        end: Day,
        as_of: Day | None = None,
        given: Mapping[str, str] | None = None,
    ) -> list[Change]:
        """When a place changed hands within some days, each change with an interval.

        Raises
        ------
        UnknownName, AmbiguousName
            If the place is not known, or could be several.
        BadInput
            If it is an area, or the days run backwards.
        """
        found = self.vocabulary.place(place)
        field = self.control_field(start=start, end=end, as_of=as_of, given=given)
        if found.id not in field.places:
            if self.vocabulary.members_of(found.id):
                raise BadInput(f"{found.name} is an area of many places; ask for one of them")
            return []
        return changes_of(field, found.id, start=parse_day(start), end=parse_day(end))

    def sources(self, *, as_of: Day | None = None) -> list[Record]:
        """What each source and speaker has said, how it stood against the rest, what was learned.

        Parameters
        ----------
        as_of
            Only what was published by the end of this day; left out, everything.
        """
        latest = self.ledger.latest_published()
        claims = self.ledger.claims(as_of=parse_day(as_of) if as_of else None)
        if latest is None:
            return records(
                claims, self.vocabulary, as_of=None, learned={}, settings=self.settings.control
            )
        day = parse_day(as_of) if as_of else latest
        field = self.control_field(start=day, end=day, as_of=day)
        # As fetched for a day, claims know which others tell the same thing.
        observed = {c.id: c for c in self._inferred.claims(day)}
        return records(
            [observed.get(c.id, c) for c in claims],
            self.vocabulary,
            as_of=parse_day(as_of) if as_of else None,
            learned=_learned(field),
            settings=field.settings,
        )

    def control_areas(
        self,
        *,
        on: Day,
        as_of: Day | None = None,
        resolution: int | None = None,
        polygons: Path | str | None = None,
        within: str | None = None,
        half_km: float = HALF_KM,
        given: Mapping[str, str] | None = None,
    ) -> list[AreaShares]:
        """Who holds how much of each area: cells of H3 about the places, or polygons of a file.

        Parameters
        ----------
        resolution
            Of the cells, 0 to 10.
        polygons
            A GeoJSON file of polygons, WGS84.
        within
            Only cells about the places of this area.
        half_km
            Distance from the nearest place with a claim at which half of the ground is unknown.

        Raises
        ------
        BadInput
            If neither or both of `resolution` and `polygons` are given.
        MissingExtra
            If cells are asked for and h3 is not installed.
        """
        if (resolution is None) == (polygons is None):
            raise BadInput("say either a resolution of cells or a file of polygons")
        field = self.control_field(start=on, end=on, as_of=as_of, given=given)
        day = parse_day(on)
        if polygons is not None:
            areas = read_polygons(polygons)
        else:
            assert resolution is not None
            counts = field.n_claims(day)
            about = [
                p
                for p, n in zip(field.found, counts, strict=True)
                if p.point and (n or p.id in field.given)
            ]
            if within is not None:
                members = set(self.vocabulary.members_of(self.vocabulary.place(within).id))
                about = [p for p in field.found if p.point and p.id in members]
            areas = hexes(
                [p.point for p in about if p.point], resolution=resolution, reach_km=half_km
            )
        return share_of_areas(field, areas, day, half_km=half_km)

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


def _learned(field: ControlField) -> dict[str, Learned]:
    """What the model learned of each teller."""
    return {
        k: Learned(right=t.right, lean=t.lean, false=t.false, n=t.n) for k, t in field.trust.items()
    }
