"""The network of a day in three formats: what is written is what the network says."""

import csv
from datetime import date
from pathlib import Path

import networkx as nx
import pytest

from marchland.alignment import AlignmentNetwork, infer_alignment
from marchland.claims import Claim, Ref, Report, Source
from marchland.dates import Span
from marchland.errors import BadInput
from marchland.exporters import graph
from marchland.vocabulary import Actor, Vocabulary

DAY = date(2030, 6, 1)
VOCABULARY = Vocabulary.load(None).extended(
    actors=[Actor(id=a, name=f"{a.title()} & <Sons>") for a in ("crown", "guard", "rebels")]
)


def told(a: str, predicate: str, b: str, quote: str) -> Claim:
    day = date(2030, 1, 1)
    return Claim(
        predicate=predicate,
        report=Report.of(quote.encode(), title="x", source=Source(id="post", name="The Post"),
                         published=day),
        subject=Ref(id=a, name=a),
        object=Ref(id=b, name=b),
        valid=Span.day(day),
        quote=quote,
    )  # fmt: skip


@pytest.fixture(scope="module")
def network() -> AlignmentNetwork:
    return infer_alignment(
        [
            told("crown", "backs", "guard", "The Crown funds and trains the Guard"),
            told("crown", "fights", "rebels", "They fight"),
        ],
        VOCABULARY,
        as_of=DAY,
    )


@pytest.mark.parametrize("kind", ["graphml", "gexf"])
def test_a_graph_reads_back(network: AlignmentNetwork, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"ties.{kind}"
    assert graph.write(network, DAY, path) == 2
    read = nx.read_graphml(path) if kind == "graphml" else nx.read_gexf(path)
    edges = {(a, b): d for a, b, d in read.edges(data=True)}
    assert set(edges) == {("crown", "guard"), ("crown", "rebels")}
    assert edges["crown", "guard"]["sign"] == 1
    assert edges["crown", "guard"]["backing"] == "money; training"
    assert edges["crown", "rebels"]["sign"] == -1
    assert edges["crown", "rebels"]["sources"] == "The Post"
    assert read.nodes["crown"]["label"] == "Crown & <Sons>"


def test_a_table_has_odds_that_sum_to_one(network: AlignmentNetwork, tmp_path: Path) -> None:
    path = tmp_path / "ties.csv"
    graph.write(network, DAY, path)
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [r["kind"] for r in rows] == ["backs", "fights"]
    for row in rows:
        assert sum(float(row[k]) for k in ("aligned", "neutral", "opposed")) == pytest.approx(
            1, abs=2e-4
        )
        assert row["as_of"] == "2030-06-01"
        assert row["claims"].startswith("c:")


def test_another_ending_is_refused(network: AlignmentNetwork, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="graphml"):
        graph.write(network, DAY, tmp_path / "ties.txt")
