"""A corridor through time as a picture: status, odds and weakest point, week by week.

SVG, PNG or PDF by matplotlib. The same timeline gives the same SVG, byte for byte. Statuses differ
by hatch as well as by colour (Paul Tol's *bright* scheme), and the picture says as of which day.
"""

import importlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from marchland.corridor import Point, Timeline
from marchland.errors import BadInput, MissingExtra
from marchland.exporters.files import whole_file

ENDINGS = (".svg", ".png", ".pdf")
_LOOKS = {
    "open": ("#228833", ""),
    "contested": ("#CCBB44", "//"),
    "broken": ("#AA3377", "xx"),
    "unknown": ("#DDDDDD", ".."),
}
_PLACES = 8
_WIDE, _HIGH = 11.0, 6.0
_DAYS_APART = 45
"""Two changes nearer than this share one date, or their labels would stand on each other."""


def write(line: Timeline, path: Path | str, *, title: str) -> Path:
    """Write a timeline's picture.

    Parameters
    ----------
    path
        Ends in .svg, .png or .pdf.
    title
        What road and whose; the as-of day is added.

    Raises
    ------
    BadInput
        If the ending is another, the timeline has fewer than two points, or the file can't be
        written.
    MissingExtra
        If matplotlib is not installed.
    """
    target = Path(path)
    kind = target.suffix.casefold()
    if kind not in ENDINGS:
        raise BadInput(f"{target}: a picture is written as {', '.join(ENDINGS)}")
    if len(line.points) < 2:
        raise BadInput("a picture of a road through time needs two days at least")
    try:
        matplotlib = importlib.import_module("matplotlib")
        figure_of = importlib.import_module("matplotlib.figure").Figure
    except ModuleNotFoundError:
        raise MissingExtra("picture", "Drawing a timeline") from None
    settings = {"svg.hashsalt": "marchland", "svg.fonttype": "none", "font.size": 9}
    with matplotlib.rc_context(settings):
        figure = figure_of(figsize=(_WIDE, _HIGH), layout="constrained")
        _draw(figure, line, title)
        with whole_file(target) as file:
            metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(kind)
            figure.savefig(file, format=kind[1:], dpi=150, metadata=metadata)
    return target


def weakest_runs(points: Sequence[Point]) -> Iterator[tuple[str, date, date, float]]:
    """Runs of looks with one weakest place: its id, first day, the next run's first, least odds."""
    runs = [list(run) for _, run in groupby(points, key=lambda p: p.weakest)]
    ends = [*(run[0].on for run in runs[1:]), points[-1].on]
    for looks, end in zip(runs, ends, strict=True):
        yield looks[0].weakest, looks[0].on, end, min(p.p_weakest for p in looks)


def status_runs(line: Timeline) -> Iterator[tuple[str, date, date]]:
    """Spans of one status, half-open, by the days on which it changed."""
    start, status = line.points[0].on, line.points[0].status
    for change in line.changes:
        yield status, start, change.on
        start, status = change.on, change.after
    yield status, start, line.points[-1].on


def _draw(figure: Any, line: Timeline, title: str) -> None:
    band, odds, weakest = figure.subplots(
        3, 1, sharex=True, gridspec_kw={"height_ratios": [0.7, 3, 3]}
    )
    band.set_xlim(line.points[0].on, line.points[-1].on)
    figure.suptitle(f"{title}, as known on {line.as_of}", x=0.01, ha="left")
    _status(band, line)
    _odds(odds, line)
    _weakest(weakest, line)
    for axes in (odds, weakest):
        for change in line.changes:
            axes.axvline(change.on, color="#888888", linewidth=0.6, linestyle=":")
    weakest.set_xlabel(
        "Odds are the model's, given the claims published by the as-of day. Unknown: it hangs on "
        "places of which too little is known."
    )


def _status(axes: Any, line: Timeline) -> None:
    seen: set[str] = set()
    for status, start, end in status_runs(line):
        colour, hatch = _LOOKS[status]
        axes.axvspan(
            start, end, facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0.0,
            label=None if status in seen else status,
        )  # fmt: skip
        seen.add(status)
    last: date | None = None
    for change in line.changes:
        if last is None or (change.on - last).days > _DAYS_APART:
            axes.annotate(
                str(change.on), (change.on, 1.0), xycoords=("data", "axes fraction"),
                xytext=(0, 2), textcoords="offset points", fontsize=7, ha="center",
            )  # fmt: skip
            last = change.on
    axes.set_yticks([])
    axes.set_ylabel("status", rotation=0, ha="right", va="center")
    axes.legend(
        loc="upper left", bbox_to_anchor=(1.0, 1.2), frameon=False, handlelength=1.5, fontsize=8
    )


def _odds(axes: Any, line: Timeline) -> None:
    days = [p.on for p in line.points]
    open_ = [p.p_open for p in line.points]
    loosely = [min(1.0, p.p_open + p.p_contested) for p in line.points]
    axes.fill_between(days, open_, color=_LOOKS["open"][0], alpha=0.35, linewidth=0)
    axes.fill_between(
        days, open_, loosely, color=_LOOKS["contested"][0], alpha=0.35, linewidth=0, hatch="//"
    )
    axes.plot(days, open_, color=_LOOKS["open"][0], linewidth=1.2)
    axes.axhline(0.5, color="#888888", linewidth=0.6)
    axes.set_ylim(0, 1)
    axes.set_ylabel("odds: open,\ncontested above")


def _weakest(axes: Any, line: Timeline) -> None:
    spans: Counter[str] = Counter()
    runs = list(weakest_runs(line.points))
    for place, start, end, _ in runs:
        spans[place] += (end - start).days + 1
    shown = [place for place, _ in spans.most_common(_PLACES)]
    rows = {place: len(shown) - i for i, place in enumerate(shown)}
    others = 0
    for place, start, end, p in runs:
        row = rows.get(place, 0)
        others += row == 0
        wide = max((end - start).days, 7)
        axes.barh(
            row, timedelta(days=wide), left=start, height=0.7, color=_LOOKS["broken"][0],
            alpha=0.15 + 0.8 * (1 - p), linewidth=0,
        )  # fmt: skip
    labels = [line.names.get(place, place) for place in shown]
    ticks = [rows[place] for place in shown]
    if others:
        labels, ticks = [*labels, "others"], [*ticks, 0]
    axes.set_yticks(ticks, [_short(label) for label in labels])
    axes.set_ylabel("weakest point\n(darker: less passable)")


def _short(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:26].rstrip()}..."
