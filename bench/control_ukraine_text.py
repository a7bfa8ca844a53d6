"""Who holds what from free text alone: the holder column of a public table hidden.

    python -m bench.control_ukraine_text --reports REPORTS.csv.gz --places PLACES.csv
        [--reader learned grammar] [--days 12] [--wrong N]

Each row's free text ("Captured by Russia 25 February 2022. Recaptured by Ukraine 2 April 2022.")
is a report titled with the row's place and published on the day it was first seen; it is read by
the reader as any report is, and who holds what on a day is inferred from the claims published by
then. A text that stands there again is no new report. Scored against what the table's own
holder column said on the day, and thirty days later. Beside it: a crude pattern (the last
"captured, held or controlled by X" of the text stands, Ukraine where there is none), the last claim
of the same reader (Ukraine where there is none), and the hidden column itself; and the same with
hindsight, all texts known, which asks what their dates are read to say. `--wrong` lists the
places that changed where the model is wrong most often, with their text and what was read.
"""

import argparse
import csv
import gzip
import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench._machine import machine
from bench._scores import score
from bench.control_ukraine import HOLDERS, Table, read_table, strata
from marchland import plugins
from marchland.claims import Claim, Kind
from marchland.control import infer_control, last_claim
from marchland.reading.files import Document, load_all
from marchland.vocabulary import Actor, Vocabulary

_LATER = 30
_LAST = date(2023, 6, 30)
_SURE = 0.94
_REPUBLICS = (
    Actor(
        id="donetsk-pr", name="Donetsk PR", kind="armed group", part_of="russia",
        aliases=("DPR", "Donetsk People's Republic"),
    ),
    Actor(
        id="luhansk-pr", name="Luhansk PR", kind="armed group", part_of="russia",
        aliases=("LPR", "Luhansk People's Republic", "Lugansk PR"),
    ),
)  # fmt: skip
_CRUDE = re.compile(
    r"(?:captured|recaptured|held|controlled|occupied|annexed)\s+by\s+(?:the\s+)?"
    r"(Ukrain|Russia|Donetsk|Luhansk|Lugansk|DPR|LPR)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a row said of its place from a day on."""

    place: str
    name: str
    day: date
    text: str


def read_texts(reports: Path, table: Table) -> list[Text]:
    """The free texts in the order in which they were first seen."""
    ids = {p.name: p.id for p in table.places}
    seen: set[tuple[str, str]] = set()
    found = []
    with gzip.open(reports, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name, text = row["name"], row["more_information"].strip()
            if row["kind"] == "row" and name in ids and text and (name, text) not in seen:
                seen.add((name, text))
                day = date.fromisoformat(row["seen_at"][:10])
                found.append(Text(place=ids[name], name=name, day=day, text=text))
    return found


def as_documents(texts: Sequence[Text]) -> list[Document]:
    """The texts as a user would give them: records of a title, a date and a text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for t in texts:
                record = {"title": t.name, "date": t.day.isoformat(), "text": t.text}
                file.write(json.dumps(record | {"source": "Public table"}) + "\n")
        return list(load_all(path))


def vocabulary_of(table: Table) -> Vocabulary:
    """The worldwide base with the table's places and the two republics under Russia."""
    return Vocabulary.load(None).extended(actors=_REPUBLICS, places=table.places)


def read_claims(reader: str, texts: Sequence[Text], vocabulary: Vocabulary) -> list[list[Claim]]:
    """Of each text, the claims that a reader finds in it."""
    engine = plugins.load("marchland.readers", reader)(vocabulary)
    return [claims for _, claims in engine.read_many(as_documents(texts))]


def crude(texts: Sequence[Text], table: Table, day: date) -> NDArray[np.int64]:
    """(P,) what the pattern says: the last match of the text as it stands on a day."""
    stands = {t.place: t.text for t in texts if t.day <= day}
    out = np.zeros(len(table.places), dtype=np.int64)
    for p, place in enumerate(table.places):
        matches = _CRUDE.findall(stands.get(place.id, ""))
        out[p] = bool(matches) and not matches[-1].lower().startswith("ukrain")
    return out


def changed(table: Table) -> NDArray[np.bool_]:
    """(P,) whether the table ever named another holder than at first."""
    held = [{k for _, k in table.rows[p.id] if k >= 0} for p in table.places]
    return np.array([len(h) > 1 for h in held])


def infer(
    claims: Sequence[Claim], vocabulary: Vocabulary, table: Table, day: date, *, as_of: date
) -> NDArray[np.float64]:
    """(P, 3) odds on a day from the claims published by another."""
    ids = [p.id for p in table.places]
    field = infer_control(claims, vocabulary, as_of=as_of, start=day, end=day, places=ids)
    odds = field.odds(day)
    columns = [
        odds[:, field.outcomes.index(h)] if h in field.outcomes else np.zeros(len(ids))
        for h in HOLDERS
    ]
    shown = np.stack(columns, axis=1)
    return shown / shown.sum(axis=1, keepdims=True)


def naive(
    claims: Sequence[Claim], vocabulary: Vocabulary, table: Table, day: date, *, as_of: date
) -> NDArray[np.int64]:
    """(P,) what the last claim says; Ukraine where there is none."""
    ids = [p.id for p in table.places]
    rule = last_claim(claims, vocabulary, as_of=as_of, places=ids)
    # Without a claim all odds are the same; Ukraine comes first of what is asked about.
    columns = [
        rule.odds(day)[:, rule.outcomes.index(h)] if h in rule.outcomes else np.zeros(len(ids))
        for h in HOLDERS
    ]
    return np.stack(columns, axis=1).argmax(axis=1)


def sure(named: NDArray[np.int64]) -> NDArray[np.float64]:
    """Odds of a rule that is always equally sure of the holder it names."""
    rest = (1.0 - _SURE) / (len(HOLDERS) - 1)
    return np.where(np.eye(len(HOLDERS))[named] > 0, _SURE, rest)


def main(arguments: Iterable[str] | None = None) -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--reports", type=Path, required=True)
    parser.add_argument("--places", type=Path, required=True)
    parser.add_argument("--reader", nargs="+", default=["learned", "grammar"])
    parser.add_argument("--days", type=int, default=12, help="days asked about")
    parser.add_argument("--wrong", type=int, default=0, help="list so many places")
    chosen = parser.parse_args(list(arguments) if arguments is not None else None)
    table = read_table(chosen.reports, chosen.places)
    texts = read_texts(chosen.reports, table)
    vocabulary = vocabulary_of(table)
    first, last = date(2022, 4, 15), date(2023, 5, 31)
    days = [
        first + timedelta(days=round(float(s) * (last - first).days))
        for s in np.linspace(0, 1, chosen.days)
    ]
    print(f"{machine()}\n{len(table.places)} places, {int(changed(table).sum())} of them changed")
    said = sum(bool(_CRUDE.search(t.text)) for t in texts) / len(texts)
    print(f"{len(texts)} texts about {len({t.place for t in texts})} places; {len(days)} days")
    print(f"crude pattern: matches in {said:.3f} of the texts")
    truth = np.array([table.at(d) for d in days])
    later = np.array([table.at(d + timedelta(days=_LATER)) for d in days])
    parts = [strata(table, t, d) for t, d in zip(truth, days, strict=True)]
    masks = {k: np.array([p[k] for p in parts]) for k in parts[0]}
    masks["places changed"] = masks["all"] & changed(table)[None]
    both = {k: m & (later >= 0) for k, m in masks.items()}
    rules = {
        "crude pattern": np.array([sure(crude(texts, table, d)) for d in days]),
        "the same, all texts known": np.array([sure(crude(texts, table, _LAST))] * len(days)),
        "hidden column": np.array([sure(np.maximum(t, 0)) for t in truth]),
    }
    print(f"\n{'':28}{'':16}{'n':>6}  on the day: right  loss   ece   30 days later: right  loss")
    for title, odds in rules.items():
        _show(title, odds, truth, later, masks, both)
    for reader in chosen.reader:
        read = read_claims(reader, texts, vocabulary)
        told = sum(any(c.kind is Kind.CONTROL and c.place for c in claims) for claims in read)
        where = sum(
            any(c.kind is Kind.CONTROL and c.place and c.place.id == t.place for c in claims)
            for claims, t in zip(read, texts, strict=True)
        )
        print(
            f"\n{reader}: a claim of control in {told / len(texts):.3f} of the texts, "
            f"of the place itself in {where / len(texts):.3f}"
        )
        claims = [c for found in read for c in found]
        odds = np.array([infer(claims, vocabulary, table, d, as_of=d) for d in days])
        looked_back = np.array([infer(claims, vocabulary, table, d, as_of=_LAST) for d in days])
        rule = np.array([sure(naive(claims, vocabulary, table, d, as_of=d)) for d in days])
        back = np.array([sure(naive(claims, vocabulary, table, d, as_of=_LAST)) for d in days])
        _show(reader, odds, truth, later, masks, both)
        _show(f"{reader}, all texts known", looked_back, truth, later, masks, both)
        _show(f"{reader}, last claim", rule, truth, later, masks, both)
        _show(f"{reader}, last claim, all", back, truth, later, masks, both)
        if chosen.wrong:
            _wrong(odds, truth, masks["places changed"], table, texts, read, days, chosen.wrong)
    return 0


def _show(
    title: str,
    odds: NDArray[np.float64],
    truth: NDArray[np.int64],
    later: NDArray[np.int64],
    masks: Mapping[str, NDArray[np.bool_]],
    both: Mapping[str, NDArray[np.bool_]],
) -> None:
    now = score(odds, np.maximum(truth, 0), masks)
    then = score(odds, np.maximum(later, 0), both)
    for name in masks:
        a, b = now[name], then[name]
        print(
            f"{title:28}{name[:15]:16}{a.n:6}{a.right:19.3f} {a.loss:5.3f} {a.ece:5.3f}"
            f"{b.right:23.3f} {b.loss:5.3f}"
        )


def _wrong(
    odds: NDArray[np.float64],
    truth: NDArray[np.int64],
    mask: NDArray[np.bool_],
    table: Table,
    texts: Sequence[Text],
    read: Sequence[Sequence[Claim]],
    days: Sequence[date],
    most: int,
) -> None:
    by_place: dict[str, list[tuple[Text, Sequence[Claim]]]] = defaultdict(list)
    for text, claims in zip(texts, read, strict=True):
        by_place[text.place].append((text, claims))
    named = odds.argmax(axis=-1)
    wrong = (named != truth) & mask
    for p, n in Counter(dict(enumerate(wrong.sum(axis=0)))).most_common(most):
        if not n:
            break
        place = table.places[p]
        row = "".join("URC"[k] if k >= 0 else "-" for k in truth[:, p])
        ours = "".join("URC"[k] for k in named[:, p])
        print(f"{place.name}: wrong on {n} of {len(days)} days; table {row}, model {ours}")
        for text, claims in by_place[place.id]:
            print(f"    {text.day} {text.text!r}")
            print("\n".join(f"        {c} [{c.valid}]" for c in claims) or "        nothing")


if __name__ == "__main__":
    sys.exit(main())
