"""The ranker: how likely a draft is right, fitted on texts that the network has not seen."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from tools.train_reader.align import Text
from tools.train_reader.data import CONTROL
from tools.train_reader.gold import Marked, Scorer

from marchland.reading.learned.decode import Draft, Ranker
from marchland.reading.learned.features import near

_NEAR = 200
_DECAY = 30.0


def right(text: Text, drafts: Sequence[Draft]) -> NDArray[np.int64]:
    """Of each draft: 1 right, 0 wrong, -1 neither asked for nor wrong."""
    asked = [m for m in text.marked if not m.optional]
    spare = [m for m in text.marked if m.optional]
    out = []
    for draft in drafts:
        begin, end = text.offsets[draft.passage][draft.trigger]
        if text.of_set == "control_dev" and draft.predicate not in CONTROL:
            out.append(-1)
        elif any(_fits(text.scorer, m, draft, begin, end) for m in asked):
            out.append(1)
        elif any(_fits(text.scorer, m, draft, begin, end) for m in spare) or any(
            _fits(text.scorer, m, draft, begin, end, subject=(name,))
            for m in asked
            for name in m.besides
        ):
            out.append(-1)
        else:
            out.append(0)
    return np.array(out, dtype=np.int64)


def _fits(
    scorer: Scorer,
    claim: Marked,
    draft: Draft,
    begin: int,
    end: int,
    *,
    subject: tuple[str, ...] | None = None,
) -> bool:
    if claim.span is not None and not (
        begin <= claim.span[1] + _NEAR and end >= claim.span[0] - _NEAR
    ):
        return False
    if claim.statement:
        who = draft.subject if draft.predicate == "says" else draft.speaker
        return bool(claim.speaker) and scorer.agrees(claim.speaker, [who])
    if not near(claim.predicate, draft.predicate):
        return False
    if claim.place and not scorer.agrees(claim.place, [draft.place]):
        return False
    ends = [(draft.subject, draft.object)]
    if claim.predicate in scorer.module.SYMMETRIC:
        ends.append((draft.object, draft.subject))
    wanted = subject or claim.subject
    return any(
        (not wanted or scorer.agrees(wanted, [a]))
        and (not claim.object or scorer.agrees(claim.object, [b]))
        for a, b in ends
    )


def fit(x: NDArray[np.float64], y: NDArray[np.int64], *, least: float) -> Ranker:
    """A ranker from features and what was right; rows of -1 are left out."""
    x, y = x[y >= 0], y[y >= 0]
    mean, scale = x.mean(0), np.maximum(x.std(0), 1e-3)
    inputs = torch.tensor((x - mean) / scale)
    target = torch.tensor(y, dtype=torch.float64)
    weights = torch.zeros(x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = (
            torch.nn.functional.binary_cross_entropy_with_logits(
                inputs @ weights + bias, target, reduction="sum"
            )
            + _DECAY * (weights**2).sum()
        )
        value.backward()
        return value

    optimiser.step(loss)
    return Ranker(
        mean=mean,
        scale=scale,
        weights=weights.detach().numpy(),
        bias=float(bias.detach()),
        least=least,
    )
