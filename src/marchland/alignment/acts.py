"""Acts between two sides, said and done, on the Goldstein scale; where words and deeds part.

What a claim weighs, and whether it tells of words or of deeds, stands in ``data/goldstein.yaml``:
the scale of Goldstein (1992) by CAMEO code, as in the GDELT Project's ``CAMEO.goldsteinscale.txt``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from marchland.claims import Claim, Modality
from marchland.vocabulary import Vocabulary

SAID, DONE = "said", "done"
_TOLD = frozenset({Modality.ASSERTED, Modality.POSSIBLE})
_THERE = frozenset({"holds", "presence"})
_MEANT = frozenset({Modality.INTENDED, Modality.CONDITIONAL})
_ACCUSED = -2.0
"""CAMEO 112, to accuse: who says that another attacked."""
_NEAR_DAYS = 365
_BY_PLACE = 0.7
"""How likely a blow on a place, whose target is not named, was meant for a side told of there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that one side said to, or did to, the other.

    Parameters
    ----------
    day
        When, as the claim says.
    by, to
        Actor ids of the two asked about; the claim names who acted for them.
    side
        ``said`` or ``done``.
    value
        Goldstein scale, -10 to 10.
    what
        The predicate, ``says`` or ``accuses``.
    p
        Odds that the claim was read rightly, lowered where it is only possible.
    by_place
        Whether `to` is not named, but was told to be at the place within a year of the day.
    """

    day: date
    by: str
    to: str
    side: str
    value: float
    what: str
    p: float
    claim: Claim
    by_place: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "day": self.day.isoformat(),
            "precision": self.claim.valid.precision.value,
            "by": self.by,
            "to": self.to,
            "side": self.side,
            "value": self.value,
            "what": self.what,
            "p": round(self.p, 4),
            "by_place": self.by_place,
            "claim": self.claim.to_json(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What one side said and did to the other in a quarter of a year.

    Parameters
    ----------
    words, deeds
        Mean value, each act weighing its odds; None where there was none.
    """

    start: date
    by: str
    to: str
    words: float | None
    deeds: float | None
    acts: tuple[Act, ...]

    @property
    def parted(self) -> bool:
        """Whether words and deeds point opposite ways."""
        return self.words is not None and self.deeds is not None and self.words * self.deeds < 0

    def to_json(self) -> dict[str, Any]:
        return {
            "quarter": self.start.isoformat(),
            "by": self.by,
            "to": self.to,
            "words": None if self.words is None else round(self.words, 2),
            "deeds": None if self.deeds is None else round(self.deeds, 2),
            "parted": self.parted,
            "acts": [a.to_json() for a in self.acts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """Two messages of one speaker that do not go together.

    Parameters
    ----------
    why
        What they differ in, in words.
    """

    speaker: str
    why: str
    first: Claim
    second: Claim
    days_apart: int

    def to_json(self) -> dict[str, Any]:
        return {
            "speaker": self.speaker,
            "why": self.why,
            "days_apart": self.days_apart,
            "first": self.first.to_json(),
            "second": self.second.to_json(),
        }


@cache
def _scale() -> tuple[
    Mapping[str, Mapping[str, Any]], float, Sequence[tuple[float, re.Pattern[str]]]
]:
    table = yaml.safe_load(
        files("marchland.alignment").joinpath("data", "goldstein.yaml").read_text("utf-8")
    )
    tones = [
        (
            float(row["value"]),
            re.compile(r"\b(?:" + "|".join(map(re.escape, row["words"])) + ")", re.IGNORECASE),
        )
        for row in table["statements"]
    ]
    return table["acts"], float(table["intended"]), tones


def value_of(predicate: str) -> tuple[float, str] | None:
    """A predicate's value on the Goldstein scale and whether it is said or done; None for none.

    Examples
    --------
    >>> value_of("fights"), value_of("holds")
    ((-10.0, 'done'), None)
    """
    row = _scale()[0].get(predicate)
    return None if row is None else (float(row["value"]), str(row["side"]))


def tone(text: str) -> float:
    """What a statement's words weigh; 0 where they tell of neither liking nor enmity.

    Examples
    --------
    >>> tone("welcomed the help of its ally"), tone("warned the militias"), tone("spoke")
    (3.4, -4.4, 0.0)
    """
    plain = " ".join(text.split())
    return next((value for value, words in _scale()[2] if words.search(plain)), 0.0)


def acts_between(
    claims: Iterable[Claim],
    a: str,
    b: str,
    *,
    vocabulary: Vocabulary,
    start: date,
    end: date,
    acting_for: Mapping[str, str] | None = None,
) -> tuple[Act, ...]:
    """What two sides said and did to each other, in order of days.

    A relation that a table has standing is a state, not an act, and is left out, as are claims that
    are denied or held unlikely. A blow on a place, of whom no text says, counts against a side that
    was told to be there.

    Parameters
    ----------
    start, end
        Both days belong to it.
    acting_for
        Actor id to `a` or `b`, besides those that belong to them for good (an army to its state).
    """
    sides = {a: a, b: b, **(acting_for or {})}

    def side_of(actor: str | None) -> str | None:
        if actor is None:
            return None
        return sides.get(actor) or sides.get(vocabulary.holder_of(actor))

    claims = list(claims)
    names = {s: _mentioned(s, sides, vocabulary) for s in (a, b)}
    there: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for claim in claims:
        side = side_of(claim.subject.id if claim.subject else None)
        seen = claim.valid.start or claim.published
        if claim.predicate in _THERE and claim.modality in _TOLD and claim.place and side and seen:
            there[claim.place.id].append((seen, side))
    found = []
    for claim in claims:
        day = claim.valid.start or claim.published
        if day is None or not start <= day <= end:
            continue
        found.extend(_acts_of(claim, day, side_of, names) or _on_place(claim, day, side_of, there))
    return tuple(sorted(found, key=lambda x: (x.day, x.by, x.claim.id)))


def periods(acts: Sequence[Act]) -> tuple[Period, ...]:
    """Words and deeds by quarter and direction; quarters without any are left out."""
    groups: dict[tuple[date, str, str], list[Act]] = defaultdict(list)
    for act in acts:
        quarter = date(act.day.year, 3 * ((act.day.month - 1) // 3) + 1, 1)
        groups[quarter, act.by, act.to].append(act)
    return tuple(
        Period(
            start=start,
            by=by,
            to=to,
            words=_mean([x for x in group if x.side == SAID]),
            deeds=_mean([x for x in group if x.side == DONE]),
            acts=tuple(group),
        )
        for (start, by, to), group in sorted(groups.items())
    )


def partings(acts: Sequence[Act], *, within_days: int = 45) -> tuple[tuple[Act, Act], ...]:
    """A word and a deed of one side that point opposite ways, few days apart; nearest first."""
    found = [
        (word, deed)
        for word in acts
        for deed in acts
        if word.side == SAID
        and deed.side == DONE
        and word.by == deed.by
        and word.value * deed.value < 0
        and abs((word.day - deed.day).days) <= within_days
    ]
    return tuple(sorted(found, key=lambda x: (abs((x[0].day - x[1].day).days), x[0].day)))


def mixed_messages(
    claims: Iterable[Claim], speaker: str, *, vocabulary: Vocabulary, within_days: int = 60
) -> tuple[Mixed, ...]:
    """Statements of one speaker side by side that can't both be meant.

    The same thing said and denied at any time; within some days also friendly and hostile words
    to one addressee, and one place said to be in two hands.

    Parameters
    ----------
    speaker
        Actor id; a body that belongs to it for good speaks for it.
    """
    said = sorted(
        (c for c in claims if _speaks(c, speaker, vocabulary) and (c.valid.start or c.published)),
        key=lambda c: (c.valid.start or c.published, c.id),
    )
    found = []
    for i, first in enumerate(said):
        for second in said[i + 1 :]:
            d1, d2 = first.valid.start or first.published, second.valid.start or second.published
            assert d1 is not None
            assert d2 is not None
            why = _differ(first, second, near=(d2 - d1).days <= within_days)
            if why:
                found.append(
                    Mixed(speaker=speaker, why=why, first=first, second=second,
                          days_apart=(d2 - d1).days)
                )  # fmt: skip
    return tuple(sorted(found, key=lambda m: (m.days_apart, m.first.id, m.second.id)))


def _acts_of(
    claim: Claim, day: date, side_of: Any, names: Mapping[str, re.Pattern[str]]
) -> list[Act]:
    by = side_of(claim.subject.id if claim.subject else None)
    to: str | None = side_of(claim.object.id if claim.object else None)
    speaker = side_of(claim.speaker.id if claim.speaker else None)
    found = []
    if claim.predicate == "says":
        by = speaker or by
        for to, words in names.items():
            value = tone(claim.quote or "")
            if by is not None and by != to and value and words.search(claim.quote or ""):
                found.append(_act(claim, day, by, to, SAID, value, "says"))
        return found
    weighed = value_of(claim.predicate)
    if weighed is None or (not claim.from_text and claim.kind.value == "relation"):
        return found
    value, side = weighed
    if by is not None and to is not None and by != to:
        symmetric = claim.predicate in ("fights", "agrees", "consults", "deals_with", "allied_with")
        pairs = [(by, to), (to, by)] if symmetric else [(by, to)]
        for x, y in pairs:
            if claim.modality in _TOLD:
                found.append(_act(claim, day, x, y, side, value, claim.predicate))
            elif claim.modality in _MEANT:
                found.append(_act(claim, day, x, y, SAID, value * _scale()[1], claim.predicate))
    if speaker is not None and by is not None and speaker != by and value < 0:
        found.append(_act(claim, day, speaker, by, SAID, _ACCUSED, "accuses"))
    return found


def _on_place(
    claim: Claim, day: date, side_of: Any, there: Mapping[str, Sequence[tuple[date, str]]]
) -> list[Act]:
    """A blow whose target no text names, on a place where the other side was told to be."""
    by = side_of(claim.subject.id if claim.subject else None)
    weighed = value_of(claim.predicate)
    named = claim.object is not None and claim.object.resolved
    if by is None or weighed is None or named or claim.place is None or not claim.from_text:
        return []
    value, side = weighed
    if side != DONE or value > 0 or claim.modality not in _TOLD:
        return []
    near = (s for seen, s in there.get(claim.place.id, ()) if abs((day - seen).days) <= _NEAR_DAYS)
    return [
        replace(act, p=act.p * _BY_PLACE, by_place=True)
        for to in sorted(set(near) - {by})
        for act in [_act(claim, day, by, to, side, value, claim.predicate)]
    ]


def _act(claim: Claim, day: date, by: str, to: str, side: str, value: float, what: str) -> Act:
    doubt = 0.5 if claim.modality is Modality.POSSIBLE else 1.0
    return Act(
        day=day, by=by, to=to, side=side, value=value, what=what, p=claim.p_read * doubt,
        claim=claim,
    )  # fmt: skip


def _mean(acts: Sequence[Act]) -> float | None:
    weight = sum(x.p for x in acts)
    return sum(x.p * x.value for x in acts) / weight if weight else None


def _mentioned(side: str, sides: Mapping[str, str], vocabulary: Vocabulary) -> re.Pattern[str]:
    names = []
    for actor in (k for k, v in sides.items() if v == side):
        found = vocabulary.find_actor(actor)
        names += [found.name, *found.aliases] if found else [actor]
    return re.compile(r"\b(?:" + "|".join(re.escape(n) for n in names) + r")\b")


def _speaks(claim: Claim, speaker: str, vocabulary: Vocabulary) -> bool:
    who = claim.speaker or (claim.subject if claim.predicate == "says" else None)
    if who is None:
        weighed = value_of(claim.predicate)
        who = claim.subject if weighed and weighed[1] == SAID and claim.from_text else None
    return who is not None and speaker in (who.id, vocabulary.holder_of(who.id))


def _differ(first: Claim, second: Claim, *, near: bool) -> str | None:
    """What two statements of one speaker differ in; None where they go together."""
    one, two = _content(first), _content(second)
    denies = {Modality.DENIED, Modality.UNLIKELY}
    firm = first.modality in denies, second.modality in denies
    if first.predicate != "says" and one == two and firm[0] != firm[1]:
        return "the same said and denied"
    if not near or (first.report.id == second.report.id and first.begin == second.begin):
        return None
    if (
        first.predicate == second.predicate == "holds"
        and not any(firm)
        and one[3] == two[3]
        and one[1] != two[1]
        and None not in (one[1], two[1], one[3])
    ):
        return "one place in two hands"
    values = [(value_of(c.predicate) or (tone(c.quote or ""), SAID))[0] for c in (first, second)]
    target = one[2] if one[2] is not None and one[2] == two[2] else None
    same = target is not None or (first.predicate == second.predicate == "says" and one == two)
    friendly = values[0] * values[1] < 0 and min(abs(v) for v in values) >= 1
    if friendly and same and target is not None:
        return "friendly and hostile words to one addressee"
    return None


def _content(claim: Claim) -> tuple[str | None, ...]:
    return (
        claim.predicate,
        claim.subject.id if claim.subject else None,
        claim.object.id if claim.object else None,
        claim.place.id if claim.place else None,
    )
