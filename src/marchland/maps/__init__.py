"""Maps: who holds what on a day, as one page that opens offline."""

from marchland.maps.frames import (
    Frame,
    corridor_summary,
    frame_of,
    place_detail,
    place_layer,
    road_layer,
)
from marchland.maps.page import MapPage, draw_map, page_html

__all__ = [
    "Frame",
    "MapPage",
    "corridor_summary",
    "draw_map",
    "frame_of",
    "page_html",
    "place_detail",
    "place_layer",
    "road_layer",
]
