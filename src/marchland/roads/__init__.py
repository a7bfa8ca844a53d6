"""Roads: places joined by links, and what is known of when crossings were open."""

from marchland.roads.crossings import TRAFFIC, CrossingNotice
from marchland.roads.hours import mean_wait_h
from marchland.roads.network import MODES, Link, RoadNetwork

__all__ = ["MODES", "TRAFFIC", "CrossingNotice", "Link", "RoadNetwork", "mean_wait_h"]
