"""The facade: a theatre is a folder with a vocabulary, a ledger, roads and settings."""

from marchland.theatre.copies import Duplicates, Printing
from marchland.theatre.facade import Theatre
from marchland.theatre.folder import make_for_countries, make_like, sample_folder, samples
from marchland.theatre.from_osm import roads_from_osm
from marchland.theatre.intake import Progress
from marchland.theatre.opening import open_theatre, open_unread, unrecorded
from marchland.theatre.scenarios import Scenario
from marchland.theatre.settings import Route, Settings, read_settings
from marchland.theatre.why import Ground, Passage, Why

__all__ = [
    "Duplicates",
    "Ground",
    "Passage",
    "Printing",
    "Progress",
    "Route",
    "Scenario",
    "Settings",
    "Theatre",
    "Why",
    "make_for_countries",
    "make_like",
    "open_theatre",
    "open_unread",
    "read_settings",
    "roads_from_osm",
    "sample_folder",
    "samples",
    "unrecorded",
]
