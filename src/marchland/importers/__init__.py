"""Importers: data sets to claims. What can't be used is collected with its row and reason."""

from marchland.importers.base import Importer, Loaded, Names
from marchland.importers.claims_table import COLUMNS, ClaimsTable

__all__ = ["COLUMNS", "ClaimsTable", "Importer", "Loaded", "Names"]
