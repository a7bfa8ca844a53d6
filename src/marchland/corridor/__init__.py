"""Corridor: control, alignment and roads to whether the road is open."""

from marchland.corridor.evidence import claims_at
from marchland.corridor.grades import CrossingFirmness, Firmness, PlaceFirmness, Stretch
from marchland.corridor.judge import judge
from marchland.corridor.model import (
    STATUSES,
    ChangeSet,
    Chokepoint,
    CorridorEstimate,
    CorridorQuestion,
    Crossing,
    RouteOption,
    Spread,
    Stop,
    TravelTime,
)
from marchland.corridor.settings import CorridorSettings, Figure
from marchland.corridor.singles import Single, Sweep, sweep
from marchland.corridor.timeline import Change, Point, Timeline, timeline
from marchland.corridor.verdict import RULE

__all__ = [
    "RULE",
    "STATUSES",
    "Change",
    "ChangeSet",
    "Chokepoint",
    "CorridorEstimate",
    "CorridorQuestion",
    "CorridorSettings",
    "Crossing",
    "CrossingFirmness",
    "Figure",
    "Firmness",
    "PlaceFirmness",
    "Point",
    "RouteOption",
    "Single",
    "Spread",
    "Stop",
    "Stretch",
    "Sweep",
    "Timeline",
    "TravelTime",
    "claims_at",
    "judge",
    "sweep",
    "timeline",
]
