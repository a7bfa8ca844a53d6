"""The map page: Leaflet, base map, data and script in one file, no request to anywhere.

The page carries a content policy that lets nothing run but its own two scripts, named by their
hashes, and lets nothing be fetched; a claim that many days share stands in it once.
"""

import base64
import hashlib
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
import numpy as np

from marchland.corridor import CorridorEstimate
from marchland.errors import BadInput
from marchland.estimate import Estimate
from marchland.maps.colours import actor_layer, names_in
from marchland.maps.frames import Frame, country_layer, frame_of, place_layer, road_layer
from marchland.maps.sentences import FindPassage
from marchland.roads import RoadNetwork
from marchland.vocabulary import Vocabulary

_PAGE = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
_BASEMAP = ("land", "countries", "admin1", "rivers")
_OUTLIERS_PERCENT = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """A map of one day or several, ready to be written.

    Parameters
    ----------
    frames
        One per day, in order; the page has a slider when there are several.
    names
        Display name of every holder.
    countries
        Names to be written where there is room.
    """

    title: str
    frames: tuple[Frame, ...]
    places: Mapping[str, Mapping[str, Any]]
    roads: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    countries: Sequence[Mapping[str, Any]] = ()

    def joined(self, other: "MapPage") -> "MapPage":
        """This map with another's days after its own."""
        return MapPage(
            title=self.title,
            frames=(*self.frames, *other.frames),
            places={**self.places, **other.places},
            roads=self.roads,
            names={**self.names, **other.names},
            countries=self.countries or other.countries,
        )

    def to_html(self) -> str:
        """One self-contained page that opens offline."""
        claims: dict[str, dict[str, Any]] = {}
        data = {
            "mode": "page",
            "frames": [_compact(frame, claims) for frame in self.frames],
            "claims": claims,
            "places": self.places,
            "roads": self.roads,
            "countries": self.countries,
            "actors": actor_layer(_holders(self.frames), self.names),
            "view": view_of(self.places, self.frames),
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
    passage: FindPassage | None = None,
) -> MapPage:
    """A map of one day.

    Parameters
    ----------
    estimates
        Control, one per place.
    corridor
        Drawn as a line over the roads when given.
    passage
        Finds the text around a claim's quote; without it only the quotes are shown.
    """
    ids = {str(e.about["place"]["id"]) for e in estimates}
    ids |= {end for link in roads.links if link.mode == "road" for end in (link.start, link.end)}
    frame = frame_of(estimates, corridor, vocabulary=vocabulary, passage=passage)
    places = place_layer(vocabulary, sorted(ids))
    return MapPage(
        title=title,
        frames=({**frame, "on": on.isoformat(), "as_of": as_of.isoformat()},),
        places=places,
        roads=road_layer(roads),
        names=names_in(estimates),
        countries=country_layer(vocabulary, places),
    )


def page_html(title: str, data: Mapping[str, Any]) -> str:
    """The page around `data`; the workbench uses the same page with ``mode`` ``"live"``."""
    template = _PAGE.from_string(_asset("map.html"))
    return template.render(
        title=title,
        policy=policy(live=data["mode"] == "live"),
        leaflet_css=_asset("leaflet.css"),
        leaflet_js=_leaflet(),
        style=_asset("map.css"),
        script=_asset("map.js"),
        data=_script_json(data),
        basemap=_script_json({name: json.loads(_base(name)) for name in _BASEMAP}),
    )


@cache
def policy(*, live: bool) -> str:
    """The content policy of the page.

    Parameters
    ----------
    live
        Whether the page may ask its own server for more days.
    """
    scripts = " ".join(map(_hash, (_leaflet(), _asset("map.js"))))
    styles = " ".join(map(_hash, (_asset("leaflet.css"), _asset("map.css"))))
    return (
        f"default-src 'none'; script-src {scripts}; style-src {styles}; img-src data:; "
        f"connect-src {_SELF if live else _NOWHERE}; base-uri 'none'; form-action 'none'"
    )


_SELF, _NOWHERE = "'self'", "'none'"


def view_of(
    places: Mapping[str, Mapping[str, Any]], frames: Sequence[Frame] = ()
) -> list[list[float]] | None:
    """South-west and north-east corner of what is worth seeing first.

    That is the route and all but the outermost places; None where there is no place.
    """
    if not places:
        return None
    points = np.array([[p["lat"], p["lon"]] for p in places.values()], dtype=float)
    low, high = np.percentile(points, [_OUTLIERS_PERCENT, 100 - _OUTLIERS_PERCENT], axis=0)
    corridors = [f["corridor"] for f in frames if f["corridor"]]
    on_route = {i for c in corridors for i in (*c["ends"], *(s["place"] for s in c["route"]))}
    stops = [[places[i]["lat"], places[i]["lon"]] for i in sorted(on_route) if i in places]
    if stops:
        low, high = np.minimum(low, np.min(stops, axis=0)), np.maximum(high, np.max(stops, axis=0))
    return [low.round(3).tolist(), high.round(3).tolist()]


def _holders(frames: Sequence[Frame]) -> list[str]:
    """Likeliest holders, the one of most places and days first."""
    held = Counter(h["best"] for f in frames for h in f["held"].values() if h["best"])
    return sorted(held, key=lambda who: (-held[who], who))


def _compact(frame: Frame, claims: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A frame that names its claims by id; `claims` takes them in."""

    def told(detail: Mapping[str, Any]) -> dict[str, Any]:
        for b in detail["because"]:
            claims.setdefault(b["id"], {k: v for k, v in b.items() if k not in ("id", "weight")})
        return {**detail, "because": [[b["id"], b["weight"]] for b in detail["because"]]}

    held = {}
    for place, detail in frame["held"].items():
        slim = told(detail)
        slim["odds"] = [
            {k: v for k, v in o.items() if k != "name"} for o in detail["odds"] if o["p"] > 0
        ]
        held[place] = slim
    corridor = told(frame["corridor"]) if frame["corridor"] else None
    return {**frame, "held": held, "corridor": corridor}


def _script_json(value: object) -> str:
    """JSON that can stand inside a script element whatever a report says."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair, out of a broken file, has no place in UTF-8; as an escape it has.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _hash(text: str) -> str:
    """As a content policy names an inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _asset(name: str) -> str:
    return (files("marchland.maps") / "data" / name).read_text(encoding="utf-8")


@cache
def _leaflet() -> str:
    return _asset("leaflet.js").rpartition("//# sourceMappingURL")[0]


@cache
def _base(name: str) -> str:
    return (files("marchland") / "data" / "basemap" / f"{name}.json").read_text(encoding="utf-8")
