"""The map page: Leaflet, base map, data and script in one file, no request to anywhere."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2

from marchland.corridor import CorridorEstimate
from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.maps.frames import Frame, frame_of, place_layer, road_layer
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary

_PAGE = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
_BASEMAP = ("land", "countries", "admin1", "rivers")


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """A map of one day or several, ready to be written.

    Parameters
    ----------
    frames
        One per day, in order; the page has a slider when there are several.
    """

    title: str
    frames: tuple[Frame, ...]
    places: Mapping[str, Mapping[str, Any]]
    roads: Sequence[Mapping[str, Any]]

    def joined(self, other: "MapPage") -> "MapPage":
        """This map with another's days after its own."""
        return MapPage(
            title=self.title,
            frames=(*self.frames, *other.frames),
            places={**self.places, **other.places},
            roads=self.roads,
        )

    def to_html(self) -> str:
        """One self-contained page that opens offline."""
        held = Counter(h["best"] for f in self.frames for h in f["held"].values() if h["best"])
        data = {
            "mode": "page",
            "frames": self.frames,
            "places": self.places,
            "roads": self.roads,
            "holders": [who for who, _ in held.most_common()],
        }
        return page_html(self.title, data)

    def save(self, path: str | Path) -> Path:
        """Write the page.

        Raises
        ------
        BadInput
            If the file can't be written.
        """
        target = Path(path)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.to_html(), encoding="utf-8")
        except OSError as error:
            raise BadInput(f"can't be written: {error.strerror}", path=target) from error
        return target


def draw_map(
    estimates: Sequence[Estimate],
    *,
    vocabulary: Vocabulary,
    roads: RoadNetwork,
    corridor: CorridorEstimate | None,
    title: str,
    on: date,
    as_of: date,
) -> MapPage:
    """A map of one day.

    Parameters
    ----------
    estimates
        Control, one per place.
    corridor
        Drawn as a line over the roads when given.
    """
    ids = {str(e.about["place"]["id"]) for e in estimates}
    ids |= {end for link in roads.links if link.mode == "road" for end in (link.start, link.end)}
    frame = {**frame_of(estimates, corridor), "on": on.isoformat(), "as_of": as_of.isoformat()}
    return MapPage(
        title=title,
        frames=(frame,),
        places=place_layer(vocabulary, sorted(ids)),
        roads=road_layer(roads),
    )


def page_html(title: str, data: Mapping[str, Any]) -> str:
    """The page around `data`; the workbench uses the same page with ``mode`` ``"live"``."""
    template = _PAGE.from_string(_asset("map.html"))
    return template.render(
        title=title,
        leaflet_css=_asset("leaflet.css"),
        leaflet_js=_asset("leaflet.js").rpartition("//# sourceMappingURL")[0],
        style=_asset("map.css"),
        script=_asset("map.js"),
        data=_script_json(data),
        basemap=_script_json({name: json.loads(_base(name)) for name in _BASEMAP}),
    )


def _script_json(value: object) -> str:
    """JSON that can stand inside a script element whatever a report says."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _asset(name: str) -> str:
    return (files("marchland.maps") / "data" / name).read_text(encoding="utf-8")


@cache
def _base(name: str) -> str:
    return (files("marchland") / "data" / "basemap" / f"{name}.json").read_text(encoding="utf-8")
