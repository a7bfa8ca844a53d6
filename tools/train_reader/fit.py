"""Training, and what the trained network says about texts it has not seen."""

import random
import time
from collections.abc import Callable, Sequence

import torch
from tools.train_reader.data import Case, Entity, batch
from tools.train_reader.network import Network
from torch import Tensor, nn
from torch.nn import functional

from marchland.reading.learned.features import ROLES

BATCH = 8
ENCODER_RATE = 1e-4
HEAD_RATE = 1e-3
HIDDEN = 0.05
HIDDEN_NAMES = 0.25
_FOURTH = 4
_SPEAKER = ROLES.index("speaker")
_MANY = (ROLES.index("object"), ROLES.index("place"))


def train(
    network: Network,
    cases: Sequence[Case],
    *,
    beside: Sequence[Case] = (),
    epochs: int,
    seed: int,
    say: Callable[[str], None] = print,
) -> Network:
    """The network fitted to the cases; the same seed gives the same network on one machine.

    Parameters
    ----------
    beside
        Cases of which each epoch sees one in four, so that what was learned from them is kept.
    """
    torch.manual_seed(seed)
    draw = random.Random(seed)
    network.train()
    inner = list(network.encoder.parameters())
    held = {id(p) for p in inner}
    outer = [p for p in network.parameters() if id(p) not in held]
    optimiser = torch.optim.AdamW(
        [{"params": inner, "lr": ENCODER_RATE}, {"params": outer, "lr": HEAD_RATE}],
        weight_decay=0.01,
    )
    each = [[*cases, *beside[epoch % _FOURTH :: _FOURTH]] for epoch in range(epochs)]
    steps = sum(-(-len(some) // BATCH) for some in each)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min(1.0, (s + 1) / (0.08 * steps)) * max(0.02, 1 - s / steps)
    )
    for epoch, seen in enumerate(each):
        draw.shuffle(seen)
        start, totals = time.perf_counter(), [0.0, 0.0, 0.0]
        for at in range(0, len(seen), BATCH):
            some = seen[at : at + BATCH]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                x = network.tokens(batch(some, hidden=HIDDEN, hidden_names=HIDDEN_NAMES))
            loss, parts = _loss(network, x.float(), some)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            totals = [a + b for a, b in zip(totals, parts, strict=True)]
        per = [totals[0] / len(seen), totals[1] / max(totals[2], 1)]
        say(
            f"epoch {epoch + 1}/{epochs}: triggers {per[0]:.2f} a window, "
            f"roles {per[1]:.2f} a trigger, {time.perf_counter() - start:.0f} s"
        )
    return network.eval()


def _loss(network: Network, x: Tensor, some: Sequence[Case]) -> tuple[Tensor, list[float]]:
    logits = network.triggers(x)
    triggers = roles = firm = torch.zeros(())
    count = 0
    for row, case in enumerate(some):
        n = case.labels.shape[0]
        triggers = triggers + functional.binary_cross_entropy_with_logits(
            logits[row, :n],
            case.labels,
            weight=case.weights,
            pos_weight=torch.tensor(2.0),
            reduction="sum",
        )
        if case.pairs is None:
            continue
        filled, nobody, modality = network.heads(x[row], case.pairs)
        roles = roles + _one(filled, nobody, case) + _many(filled, case)
        count += len(case.filled)
        if (case.modality >= 0).any():
            firm = firm + functional.cross_entropy(
                modality, case.modality, ignore_index=-1, reduction="sum"
            )
    loss = triggers / len(some) / 6 + (roles + 0.3 * firm) / max(count, 1)
    return loss, [float(triggers.detach()), float(roles.detach()), count]


def _one(filled: Tensor, nobody: Tensor, case: Case) -> Tensor:
    """Subject and speaker: one of the candidates or nobody."""
    total = torch.zeros(())
    for at, role in enumerate((0, _SPEAKER)):
        open_ = torch.where(case.fits[:, role], 0.0, -1e4)
        scores = torch.cat([filled[:, :, role] + open_, nobody[:, at : at + 1]], 1)
        for row, entities in enumerate(case.filled):
            right = _right(entities[role])
            if right is None:
                continue
            beside = [i for e in entities[role] if not e.asked for i in e.candidates]
            line = scores[row].clone()
            for i in set(beside) - set(right):
                line[i] = -1e4
            where = right or [line.shape[0] - 1]
            weight = 1.0 if right or role == _SPEAKER else 0.5
            total = total - weight * (torch.logsumexp(line[where], 0) - torch.logsumexp(line, 0))
    return total


def _right(entities: Sequence[Entity]) -> list[int] | None:
    """Candidates that are right; empty where nobody is; None where the text can't tell."""
    asked = [e for e in entities if e.asked]
    if not asked:
        return []
    found = sorted({i for e in asked for i in e.candidates})
    return found or None


def _many(filled: Tensor, case: Case) -> Tensor:
    """Objects and places: each candidate does or does not; of several that name one thing, the
    likeliest is asked."""
    target = torch.zeros_like(filled)
    weight = case.fits[None].expand_as(filled).float().clone()
    weight[:, :, 0] = weight[:, :, _SPEAKER] = 0
    now = filled.detach()
    for row, entities in enumerate(case.filled):
        for role in _MANY:
            for entity in entities[role]:
                if not entity.candidates:
                    continue
                best = max(entity.candidates, key=lambda i: float(now[row, i, role]))
                for i in entity.candidates:
                    if target[row, i, role] == 0:
                        weight[row, i, role] = 0
                target[row, best, role] = weight[row, best, role] = 1
    return functional.binary_cross_entropy_with_logits(
        filled, target, weight=weight, pos_weight=torch.tensor(2.0), reduction="sum"
    )
