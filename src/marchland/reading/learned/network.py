"""The trained network, run offline by onnxruntime on the processor.

Its folder holds ``tokens.onnx`` (encoder and triggers, weights in eight bits), ``heads.onnx``
(roles, speaker, modality), ``pieces.txt``, ``codes.json`` and ``ranker.json``.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from marchland.reading.learned.decode import LEAST_TRIGGER, Ranker, Scores
from marchland.reading.learned.features import (
    PAIRS,
    Codes,
    Known,
    grammar_modality,
    known_in,
    pair_features,
    token_features,
)
from marchland.reading.learned.pieces import ENDS, WordPieces
from marchland.reading.learned.windows import Passage, Window, windows


class Network:
    """Reads windows of a report.

    Parameters
    ----------
    folder
        Where the files of a trained network lie.
    """

    def __init__(self, folder: Path) -> None:
        def told(name: str) -> Any:
            return json.loads((folder / name).read_text(encoding="utf-8"))

        self.codes = Codes.from_json(told("codes.json"))
        self.ranker = Ranker.from_json(told("ranker.json"))
        self._pieces = WordPieces.load(folder / "pieces.txt")
        options = SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._tokens = InferenceSession(folder / "tokens.onnx", options)
        self._heads = InferenceSession(folder / "heads.onnx", options)

    def read(self, passages: Sequence[Passage]) -> Iterator[tuple[Window, Scores]]:
        """What it says of a report, window by window."""
        known = known_in(passages)
        for window in windows(passages, self._pieces, ends=ENDS):
            if not window.candidates:
                continue
            x, chances = self._triggers(passages, window)
            triggers = asked(passages, window, chances, self.codes)
            if triggers:
                yield window, self._scores(passages, window, x, chances, triggers, known)

    def _triggers(
        self, passages: Sequence[Passage], window: Window
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        features = token_features(passages, window, self.codes)
        given = {
            "pieces": window.pieces[None],
            "mask": np.ones_like(window.pieces)[None],
            "firsts": window.firsts[None],
            **{name: array[None] for name, array in features.items()},
        }
        x, chances = self._tokens.run(None, given)
        return x[0], chances[0]

    def _scores(
        self,
        passages: Sequence[Passage],
        window: Window,
        x: NDArray[np.float32],
        chances: NDArray[np.float32],
        triggers: list[tuple[int, str]],
        known: Known,
    ) -> Scores:
        arrays = pair_features(passages, window, triggers, self.codes, known)
        number = {p: i for i, p in enumerate(self.codes.predicates)}
        at = np.array([k for k, _ in triggers], dtype=np.int64)
        says = np.array([number[p] for _, p in triggers], dtype=np.int64)
        roles, nobody, firm = self._heads.run(
            None,
            {
                "x": x,
                "token": at,
                "predicate": says,
                "candidate": np.array(window.candidates, dtype=np.int64),
                "told": np.array(
                    [grammar_modality(passages, window, k) for k, _ in triggers], dtype=np.int64
                ),
                **{name: arrays[name] for name in (*PAIRS, "flags")},
            },
        )
        return Scores(triggers=triggers, p=chances[at, says], roles=roles, nobody=nobody, firm=firm)


def asked(
    passages: Sequence[Passage], window: Window, chances: NDArray[Any], codes: Codes
) -> list[tuple[int, str]]:
    """The triggers to ask about: likely ones, and those of the grammar."""
    number = {p: i for i, p in enumerate(codes.predicates)}
    found = {
        (int(k) + window.own, codes.predicates[int(j)])
        for k, j in np.argwhere(chances[window.own :] >= LEAST_TRIGGER)
    }
    for k in range(window.own, len(window.tokens)):
        p, t = window.tokens[k]
        found |= {(k, f.predicate) for f in passages[p].found_at(t) if f.predicate in number}
    return sorted(found)
