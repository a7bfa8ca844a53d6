"""Maps: who holds what on a day, as one page that opens offline."""

from marchland.maps.colours import actor_layer
from marchland.maps.frames import (
    Frame,
    corridor_summary,
    country_layer,
    frame_of,
    place_detail,
    place_layer,
    road_layer,
)
from marchland.maps.page import MapPage, draw_map, page_html, policy, view_of
from marchland.maps.sentences import FindPassage, sentence

__all__ = [
    "FindPassage",
    "Frame",
    "MapPage",
    "actor_layer",
    "corridor_summary",
    "country_layer",
    "draw_map",
    "frame_of",
    "page_html",
    "place_detail",
    "place_layer",
    "policy",
    "road_layer",
    "sentence",
    "view_of",
]
