"""How corridors are judged, and what transport costs; every number is a setting with a source."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from marchland.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its range and where it comes from.

    Parameters
    ----------
    value, low, high
        In `unit`.
    """

    value: float
    low: float
    high: float
    unit: str
    source: str

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:
            raise BadInput(f"a figure's value lies in its range: {self}")

    def to_json(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "source": self.source,
        }


def _costs() -> dict[str, Figure]:
    rough = "Rough figure for planning; replace it with your own under [corridor.costs]"
    assumed = "Assumption, the same for every mode until you set your own under [corridor.costs]"
    return {
        "lorry_payload_t": Figure(value=20, low=15, high=25, unit="t", source=rough),
        "lorry_cost_per_km": Figure(value=1.6, low=1.0, high=2.5, unit="USD/km", source=rough),
        "lorry_driving_h_per_day": Figure(value=10, low=8, high=14, unit="h/day", source=rough),
        "border_wait_h": Figure(value=8, low=2, high=48, unit="h", source=rough),
        "lorries_per_day": Figure(value=20, low=5, high=60, unit="1/day", source=rough),
        "aircraft_payload_t": Figure(value=45, low=40, high=50, unit="t", source=rough),
        "aircraft_speed_km_h": Figure(value=750, low=700, high=800, unit="km/h", source=rough),
        "aircraft_cost_per_h": Figure(
            value=12000, low=8000, high=18000, unit="USD/h", source=rough
        ),
        "flights_per_day": Figure(value=1, low=0.3, high=3, unit="1/day", source=rough),
        "ship_payload_t": Figure(value=5000, low=1000, high=20000, unit="t", source=rough),
        "ship_speed_km_h": Figure(value=24, low=18, high=30, unit="km/h", source=rough),
        "ship_cost_per_day": Figure(
            value=10000, low=5000, high=20000, unit="USD/day", source=rough
        ),
        "port_days": Figure(value=4, low=1, high=10, unit="days a port", source=rough),
        "sailings_per_month": Figure(value=2, low=0.5, high=6, unit="1/month", source=rough),
        "land_loss_share": Figure(value=0.02, low=0, high=0.1, unit="share", source=assumed),
        "air_loss_share": Figure(value=0.02, low=0, high=0.1, unit="share", source=assumed),
        "sea_loss_share": Figure(value=0.02, low=0, high=0.1, unit="share", source=assumed),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class CorridorSettings:
    """Settings of the corridor's judgement.

    Parameters
    ----------
    draws
        How many worlds are drawn.
    ground
        ``loose``: permissive actors' ground is passable; ``strict``: that of the actors of `beside`
        only with an aligned force there.
    permissive
        Actors that let the traveller pass without being allies: id to the reason.
    let_pass
        Id of the actor that `permissive` is about, and with it whoever likely stands in its
        coalition; taken from `traveller`, not set by itself. None for any traveller.
    beside
        Those of them whose ground ``strict`` counts only beside an aligned force; the others' is
        passable under both.
    old_days
        Evidence older than this is too old to decide a status.
    few_claims
        Where fewer claims than this speak of a place and no holder reaches even odds, too little
        is known of it to decide a status.
    legal_only
        Whether crossings reported closed to traffic are shut for the traveller.
    alternatives
        How many routes are given.
    costs
        Figures for land against air.
    """

    draws: int = 1024
    ground: str = "loose"
    permissive: Mapping[str, str] = field(default_factory=dict)
    let_pass: str | None = None
    beside: tuple[str, ...] = ()
    old_days: int = 1100
    few_claims: int = 3
    legal_only: bool = False
    alternatives: int = 3
    costs: Mapping[str, Figure] = field(default_factory=_costs)

    def __post_init__(self) -> None:
        if self.ground not in ("loose", "strict"):
            raise BadInput(f"ground is loose or strict, not {self.ground!r}")
        if self.draws < 64 or self.draws % 64:
            raise BadInput(f"draws come in sixty-fours, not {self.draws}")
        if self.alternatives < 1:
            raise BadInput(f"at least one route is given, not {self.alternatives}")

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any]) -> Self:
        """Read the [corridor] table of theatre.toml.

        Raises
        ------
        BadInput
            If a key is unknown or a value of the wrong kind.
        """
        known = {f.name for f in fields(cls)} - {"let_pass"}
        unknown = set(table) - known
        if unknown:
            raise BadInput(
                f"unknown setting of [corridor]: {', '.join(sorted(unknown))}; known are "
                f"{', '.join(sorted(known))}"
            )
        values = {k: v for k, v in table.items() if k != "costs"}
        costs = _costs()
        for name, row in table.get("costs", {}).items():
            try:
                costs[name] = Figure(**row)
            except TypeError as error:
                raise BadInput(
                    f"[corridor.costs.{name}] needs value, low, high, unit and source: {error}"
                ) from error
        values["beside"] = tuple(values.get("beside", ()))
        strangers = set(values["beside"]) - set(values.get("permissive", {}))
        if strangers:
            raise BadInput(
                f"[corridor] beside names {', '.join(sorted(strangers))}; name them under "
                "[corridor.permissive] too, with the reason"
            )
        return cls(costs=costs, **values)

    def with_ground(self, ground: str | None) -> Self:
        """The same settings with another ground; None leaves them as they are."""
        return replace(self, ground=ground) if ground else self

    def for_traveller(self, of: str | None) -> Self:
        """The same settings, what is permissive being about one traveller."""
        return replace(self, let_pass=of)

    def with_alternatives(self, count: int | None) -> Self:
        """The same settings with another number of routes; None leaves them as they are."""
        return self if count is None else replace(self, alternatives=count)

    def to_json(self) -> dict[str, Any]:
        return {
            "draws": self.draws,
            "ground": self.ground,
            "permissive": dict(self.permissive),
            "beside": list(self.beside),
            "old_days": self.old_days,
            "few_claims": self.few_claims,
            "legal_only": self.legal_only,
        }
