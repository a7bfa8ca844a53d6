"""Shares of areas as GeoJSON, GeoPackage or GeoParquet: one feature an area.

GeoJSON keeps every share with its interval as an object; the other two, being tables, have a
column a holder, ``share_ID``, ``low_ID`` and ``high_ID``.
"""

import importlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from marchland.control.areas import AreaShares
from marchland.errors import BadInput, MissingExtra
from marchland.exporters.files import whole_file

_ENDINGS = (".geojson", ".json", ".gpkg", ".parquet")


def collection(areas: Iterable[AreaShares]) -> dict[str, Any]:
    """A FeatureCollection of areas."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": a.area.id,
                "geometry": a.area.outline,
                "properties": {**_flat(a), "shares": a.to_json()["shares"],
                               "interval": a.to_json()["interval"], "names": dict(a.names)},
            }
            for a in areas
        ],
    }  # fmt: skip


def write(areas: Iterable[AreaShares], path: Path | str) -> int:
    """Write areas by the file's ending: .geojson, .gpkg or .parquet.

    Returns
    -------
        How many were written.

    Raises
    ------
    BadInput
        If the ending is another or the file can't be written.
    MissingExtra
        If what writes it is not installed.
    """
    path, listed = Path(path), list(areas)
    ending = path.suffix.casefold()
    if ending not in _ENDINGS:
        raise BadInput(f"{path}: areas are written as {', '.join(_ENDINGS)}")
    if ending in (".geojson", ".json"):
        with whole_file(path) as file:
            file.write_text(json.dumps(collection(listed), ensure_ascii=False) + "\n", "utf-8")
        return len(listed)
    frame = _frame(listed)
    # The library goes by a file's name and leaves others beside it.
    with tempfile.TemporaryDirectory() as folder, whole_file(path) as file:
        made = Path(folder) / f"areas{ending}"
        if ending == ".parquet":
            frame.to_parquet(made)
        else:
            frame.to_file(made, driver="GPKG", layer="control", engine="pyogrio")
        shutil.copyfile(made, file)
    return len(listed)


def _frame(areas: list[AreaShares]) -> Any:
    try:
        geopandas = importlib.import_module("geopandas")
        importlib.import_module("pyogrio")
        importlib.import_module("pyarrow")
    except ModuleNotFoundError:
        raise MissingExtra("geo", "Writing GeoPackage and GeoParquet") from None
    outcomes = sorted({k for a in areas for k in a.shares})
    rows = []
    for a in areas:
        row = _flat(a)
        for k in outcomes:
            low, high = a.interval.get(k, (0.0, 0.0))
            row |= {f"share_{k}": a.shares.get(k, 0.0), f"low_{k}": low, f"high_{k}": high}
        rows.append({**row, "geometry": a.area.outline})
    shape = importlib.import_module("shapely.geometry").shape
    geometry = [shape(r.pop("geometry")) for r in rows]
    return geopandas.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4326")


def _flat(a: AreaShares) -> dict[str, Any]:
    record = a.to_json()
    return {
        "id": a.area.id,
        "name": a.area.name,
        "on": record["on"],
        "as_of": record["as_of"],
        "best": a.best,
        "best_name": a.names.get(a.best) if a.best else None,
        "unknown": record["unknown"],
        "km2": record["area"]["km2"],
        "n_places": a.n_places,
        "n_claims": a.n_claims,
        "nearest_km": record["nearest_km"],
        "revision": a.revision,
    }
