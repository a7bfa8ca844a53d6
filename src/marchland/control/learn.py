"""Reliability learned: a source is as good as its claims agree with everything else known.

Expectation-maximisation on leave-one-out odds: a claim's odds of being right, before and apart from
the claim itself, against its source's reliability so far. Only plain claims that name the holder of
one place are judged; a source with few of them keeps the default, and one whose reliability was
given keeps that.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from marchland.claims import Modality
from marchland.control.assemble import Told, loglik_of
from marchland.control.chain import Array
from marchland.control.evidence import Piece, Says
from marchland.control.settings import ControlSettings
from marchland.control.sources import reliability_of

_BEST, _WORST = 0.98, 0.3


def learn(
    mine: Sequence[Sequence[Piece]],
    told: Sequence[Told],
    odds: Sequence[Array],
    outcomes: Sequence[str],
    settings: ControlSettings,
    given: Mapping[str, float],
) -> Mapping[str, float]:
    """Reliability per source id: those given, and those learned in one round.

    Parameters
    ----------
    mine, told, odds
        Per place its pieces, their evidence on its axis, and the odds (T, K) of its days.
    settings
        With the reliabilities of the round before.
    given
        Reliabilities that are not to be learned.
    """
    column = {k: i for i, k in enumerate(outcomes)}
    right: dict[str, list[float]] = defaultdict(list)
    for pieces, evidence, chain in zip(mine, told, odds, strict=True):
        for piece in pieces:
            mark, claim = piece.marks[-1], piece.claim
            plain = mark.says is Says.HELD and claim.modality is Modality.ASSERTED
            if not plain or piece.weight < settings.second_hand * settings.own_favour:
                continue
            at = int(np.searchsorted(evidence.days, mark.day))
            apart = chain[at] * np.exp(-loglik_of(mark, column, settings))
            p = float(apart[column[mark.target]] / apart.sum())
            r = reliability_of(claim, settings)
            wrong = (1.0 - p) * (1.0 - r) / settings.rivals
            right[claim.source.id].append(p * r / (p * r + wrong))
    found = dict(given)
    n0 = settings.learning_prior
    for source, judged in sorted(right.items()):
        if source not in found and len(judged) >= settings.learning_least:
            r = (n0 * settings.reliability + sum(judged)) / (n0 + len(judged))
            found[source] = min(max(r, _WORST), _BEST)
    return found
