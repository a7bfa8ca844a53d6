"""Learning from the claims alone: how far tellers can be trusted, and how the theatre moves.

Everything is judged by predicting claims that were left out. What the field says of a place leaves
out all of the place's own claims; the chain is run with one part in `FOLDS` of them left out at a
time. From that, by the log loss of the claims left out: how far neighbours speak (`range_km`,
`first_pace`, `field_heat`, `field_doubt`) and how quickly places change hands (`pace`, `hold_odds`,
`field_pull`); and how often each teller is right, by expectation-maximisation (Dawid and Skene
1979). Where claims are few, all stays near its default.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marchland.claims import Modality
from marchland.control.assemble import Evidence, Flags, Index, rivals_of, row_of, trusted
from marchland.control.chain import Array
from marchland.control.evidence import Says
from marchland.control.settings import CONTESTED, NONE, ControlSettings
from marchland.control.sources import Trust

_BEST, _WORST = 0.99, 0.2
_ROUNDS = 5
_SEEN, _WRONG = 0.5, 4.0
"""Wrong claims that count as one seen; and how many of them each of the prior's is worth."""
_LEAN_GAIN = 6.0
"""Nats by which a lean must beat none to be believed, beside the logarithm of the sides tried."""
_AGAINST, _OFTEN = 0.2, 3
"""Odds below which all else speaks against a claim; how many such a side nobody knew of needs.

Who never names another has not thereby a side: it may have told of one side's places alone.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Plain claims of who holds a place: those that others can be judged by.

    Parameters
    ----------
    piece, mark
        (J,) index of the piece and of the mark that names the holder.
    value
        (J,) whom it names.
    status
        (J,) whether it says who holds the place and not that this changed. Only these tell how
        quickly places change hands: news is told where something changed, so by news alone
        everything always changes.
    """

    piece: Index
    mark: Index
    value: Index
    status: Flags

    def only(self, chosen: Index) -> "Judged":
        """Some of them."""
        return Judged(
            piece=self.piece[chosen],
            mark=self.mark[chosen],
            value=self.value[chosen],
            status=self.status[chosen],
        )


def judged(evidence: Evidence, outcomes: Sequence[str], settings: ControlSettings) -> Judged:
    """The claims that name the holder of one place plainly."""
    column = {k: i for i, k in enumerate(outcomes)}
    last = np.searchsorted(evidence.mark_piece, np.arange(len(evidence.pieces)), side="right") - 1
    least = settings.second_hand * settings.own_favour
    found = [
        (i, last[i], column[piece.marks[-1].target])
        for i, piece in enumerate(evidence.pieces)
        if piece.marks[-1].says is Says.HELD
        and piece.claim.modality is Modality.ASSERTED
        and piece.weight >= least
    ]
    piece, mark, value = np.array(found, dtype=np.intp).reshape(-1, 3).T
    status = np.array([evidence.pieces[i].claim.predicate == "holds" for i in piece], dtype=bool)
    return Judged(piece=piece, mark=mark, value=value, status=status)


def learn_trust(
    evidence: Evidence,
    known: Judged,
    odds: Array,
    outcomes: Sequence[str],
    rivals: float,
    trust: Mapping[str, Trust],
    settings: ControlSettings,
) -> dict[str, Trust]:
    """How far each teller with enough claims can be trusted.

    Parameters
    ----------
    odds
        (J, K) of each place and day apart from the claim judged.
    trust
        As learned so far.
    """
    odds = _with_news(odds, known, settings)
    rows: dict[str, list[int]] = defaultdict(list)
    for j, piece in enumerate(known.piece):
        rows[str(evidence.teller[piece])].append(j)
    column = {k: i for i, k in enumerate(outcomes)}
    found: dict[str, Trust] = {}
    for teller, mine in sorted(rows.items()):
        if teller in settings.reliabilities or len(mine) < settings.learning_least:
            continue
        first = evidence.pieces[known.piece[mine[0]]]
        own = replace(settings, reliability=settings.prior_of(teller))
        start = trusted(first, trust, settings)[0]
        o, v = odds[mine], known.value[mine]
        news = ~known.status[mine]
        plain, loss = fit_trust(o, v, None, outcomes, start, column, rivals, own, news=news)
        speaks_for = teller.removeprefix("speaker:") if teller.startswith("speaker:") else None
        sides = {speaks_for, settings.leanings.get(teller)} - {None}
        tried = sorted(set(outcomes) & sides) if sides else outcomes[:-2]
        least = 0.0 if sides else _LEAN_GAIN + float(np.log(len(tried)))
        for side in tried:
            mine_for = v == column[side]
            if mine_for.sum() < settings.learning_least:
                continue
            if not sides and (o[mine_for, column[side]] < _AGAINST).sum() < _OFTEN:
                continue
            leaning, other = fit_trust(o, v, side, outcomes, start, column, rivals, own, news=news)
            if other < loss - least and leaning.false > _even(leaning, rivals):
                plain, loss, least = leaning, other, 0.0
        found[teller] = plain
    return found


def _with_news(odds: Array, known: Judged, settings: ControlSettings) -> Array:
    """Odds (J, K) once something may have changed: what was known before speaks against news."""
    news = np.where(known.status, 0.0, settings.change_odds)[:, None]
    return np.asarray((1.0 - news) * odds + news * np.eye(odds.shape[1])[known.value])


def learn_rivals(
    evidence: Evidence,
    known: Judged,
    odds: Array,
    outcomes: Sequence[str],
    trust: Mapping[str, Trust],
    settings: ControlSettings,
) -> float:
    """How many other holders a wrong claim could as well have named, as such claims show it.

    For each holder the perplexity of what is named where it holds and is not named, with the
    correction of Miller (1955) for few claims; their geometric mean, shrunk to the setting.

    Parameters
    ----------
    odds
        (J, K) as for `learn_trust`.
    """
    column = {k: i for i, k in enumerate(outcomes)}
    rivals = rivals_of(outcomes, settings)
    wrong = np.zeros((len(outcomes), len(outcomes)))
    tellers = np.unique(evidence.teller[known.piece], return_inverse=True)
    for n, teller in enumerate(tellers[0].tolist()):
        told = trust.get(teller)
        if told is None or told.lean is not None:
            continue
        table = np.array([row_of(told, k, column, rivals) for k in range(len(outcomes))])
        mine = tellers[1] == n
        value = known.value[mine]
        joint = odds[mine] * table[value]
        np.add.at(wrong.T, value, joint / joint.sum(axis=1, keepdims=True))
    holders = [i for i, k in enumerate(outcomes) if k not in (CONTESTED, NONE)]
    wrong = wrong[np.ix_(holders, holders)]
    np.fill_diagonal(wrong, 0.0)
    total = wrong.sum(axis=1)
    share = wrong / np.maximum(total, 1e-12)[:, None]
    spread = -(share * np.log(np.maximum(share, 1e-12))).sum(axis=1)
    nats = (total * spread + ((wrong > _SEEN).sum(axis=1) - 1).clip(0) / 2.0).sum()
    n0 = settings.learning_prior * _WRONG
    return float(np.exp((n0 * np.log(rivals) + nats) / (n0 + total.sum())))


def _even(trust: Trust, rivals: float) -> float:
    """How often it would name its side wrongly if it had none."""
    return (1.0 - trust.right) / rivals


def fit_trust(
    odds: Array,
    value: Index,
    side: str | None,
    outcomes: Sequence[str],
    start: Trust,
    column: Mapping[str, int],
    rivals: float,
    settings: ControlSettings,
    *,
    news: Flags,
) -> tuple[Trust, float]:
    """Rows of one teller's confusion matrix, and its negative log likelihood with its prior.

    Parameters
    ----------
    news
        (J,) whether a claim tells of a change. That nothing speaks against news does not make its
        teller more reliable than one that nobody knows.
    """
    n0, r0 = settings.learning_prior, settings.reliability
    most = np.where(news, r0, 1.0)
    every = np.arange(len(value))
    trust = Trust(right=start.right, lean=side, own=max(start.right, r0), false=(1.0 - r0) / rivals)
    if start.lean == side:
        trust = start
    loss = 0.0
    for _ in range(_ROUNDS * 3):
        table = np.array([row_of(trust, k, column, rivals) for k in range(len(outcomes))])
        joint = odds * table[value]
        total = joint.sum(axis=1)
        loss = -float(np.log(total).sum())
        given = joint / total[:, None]
        right = given[every, value]
        if side is None:
            r = (n0 * r0 + np.minimum(right, most).sum()) / (n0 + len(value))
            trust = Trust(right=float(np.clip(r, _WORST, _BEST)), n=len(value))
            continue
        s = column[side]
        ours, theirs = given[:, s].sum(), (1.0 - given[:, s]).sum()
        mine = value == s
        own = (n0 * r0 + given[mine, s].sum()) / (n0 + ours)
        false = (n0 * (1.0 - r0) / rivals + (1.0 - given[mine, s]).sum()) / (n0 + theirs)
        r = (n0 * r0 + right[~mine].sum()) / (n0 + theirs)
        own, r = (float(np.clip(x, _WORST, _BEST)) for x in (own, r))
        trust = Trust(right=r, lean=side, own=own, false=float(min(false, 0.95)), n=len(value))
    return trust, loss
