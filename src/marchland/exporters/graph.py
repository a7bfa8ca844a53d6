"""The signed network of a day to GraphML, GEXF (both through networkx) or a CSV table of ties.

Nodes are actors; an edge is one kind of tie in its direction, with its sign, its odds, the odds of
the pair, kinds of backing, dates, and the claims and sources behind it.
"""

import csv
import importlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from marchland.alignment import AlignmentNetwork
from marchland.errors import BadInput, MissingExtra
from marchland.exporters.files import whole_file

COLUMNS = (
    *("subject", "subject_name", "kind", "object", "object_name", "sign", "p", "aligned"),
    *("neutral", "opposed", "backing", "since", "on", "as_of", "claims", "sources"),
)


def write(network: AlignmentNetwork, on: date, path: Path | str) -> int:
    """Write the ties of a day, the format told by the ending: .graphml, .gexf or .csv.

    Returns
    -------
        How many ties were written.

    Raises
    ------
    BadInput
        If the ending is none of these, or the file can't be written.
    MissingExtra
        If networkx is needed and not installed.
    """
    path = Path(path)
    kind = path.suffix.casefold()
    if kind not in (".csv", ".graphml", ".gexf"):
        raise BadInput("can't tell what to write; end it in .graphml, .gexf or .csv", path=path)
    rows = list(tie_rows(network, on))
    with whole_file(path) as made:
        if kind == ".csv":
            with made.open("w", encoding="utf-8", newline="") as file:
                table = csv.DictWriter(file, COLUMNS)
                table.writeheader()
                table.writerows(rows)
        else:
            _graph(network, on, rows, made, kind)
    return len(rows)


def tie_rows(network: AlignmentNetwork, on: date) -> Iterator[dict[str, Any]]:
    """Every tie of a day, one a row, with the columns `COLUMNS`."""

    def name(actor: str) -> str:
        found = network.vocabulary.find_actor(actor)
        return found.name if found else actor

    for a, b in network.pairs():
        odds = network.odds(a, b, on)
        if odds is None:
            continue
        for tie in network.ties_on(a, b, on):
            strength = network.settings.strength.get(tie.kind, 0.0)
            if tie.kind in network.settings.neutral:
                strength = 0.0
            days = [d for c in tie.claims if (d := c.valid.start or c.published) is not None]
            yield {
                "subject": tie.subject,
                "subject_name": name(tie.subject),
                "kind": tie.kind,
                "object": tie.object,
                "object_name": name(tie.object),
                "sign": (strength > 0) - (strength < 0),
                "p": round(tie.p, 4),
                **{side: round(p, 4) for side, p in odds.items()},
                "backing": "; ".join(tie.backing),
                "since": min(days).isoformat() if days else "",
                "on": on.isoformat(),
                "as_of": network.as_of.isoformat(),
                "claims": " ".join(c.id for c in tie.claims),
                "sources": "; ".join(sorted({c.source.name for c in tie.claims})),
            }


def _graph(
    network: AlignmentNetwork, on: date, rows: list[dict[str, Any]], path: Path, kind: str
) -> None:
    try:
        nx = importlib.import_module("networkx")
    except ModuleNotFoundError:
        raise MissingExtra("graph", "Writing GraphML or GEXF") from None
    graph = nx.MultiDiGraph(on=on.isoformat(), as_of=network.as_of.isoformat())
    for row in rows:
        for end in ("subject", "object"):
            found = network.vocabulary.find_actor(row[end])
            graph.add_node(
                row[end],
                label=row[f"{end}_name"],
                kind=found.kind if found else "",
                country=(found.country or "") if found else "",
            )
        graph.add_edge(
            row["subject"],
            row["object"],
            label=row["kind"],
            **{k: row[k] for k in COLUMNS if k not in ("subject", "object") and "_name" not in k},
        )
    if kind == ".graphml":
        nx.write_graphml(graph, path, encoding="utf-8")
    else:
        nx.write_gexf(graph, path, encoding="utf-8", version="1.2draft")
