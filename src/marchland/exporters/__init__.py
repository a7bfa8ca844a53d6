"""Exporters: claims to the tidy table, estimates to GeoJSON."""

from marchland.exporters import claims_table, geojson

__all__ = ["claims_table", "geojson"]
