"""Marchland: who holds what, who stands with whom, and whether the road is open."""

__version__ = "0.1.0"
