"""Claims of one report about one place: what a change put an end to is told of beside it."""

from collections.abc import Callable
from datetime import date

import pytest

from marchland.claims import Claim
from marchland.control import ControlField, infer_control
from marchland.control.changes import changes_of
from marchland.vocabulary import Vocabulary

Tell = Callable[..., Claim]
START, DAY, END = date(2017, 1, 1), date(2017, 6, 4), date(2017, 12, 1)


def told(vocabulary: Vocabulary, tell: Tell, quote: str, *, speaker: str | None) -> ControlField:
    claims = [
        tell("holds", "rebels", "t1", "2017-03-01", report="before"),
        tell("captures", "north", "t1", str(DAY), report="fall", quote=("fell to the army", 9, 25)),
        tell("holds", "rebels", "t1", str(DAY), report="fall", speaker=speaker,
             quote=(quote, 30, 30 + len(quote))),
    ]  # fmt: skip
    return infer_control(claims, vocabulary, as_of=END, start=START, end=END)


@pytest.mark.parametrize(
    "quote", ["the last town held by rebels", "rebel-held town", "rebels had held it"]
)
def test_what_a_change_ended_is_of_the_day_before_it(
    borderland: Vocabulary, tell: Tell, quote: str
) -> None:
    field = told(borderland, tell, quote, speaker=None)
    (change,) = changes_of(field, "t1", start=date(2017, 3, 1), end=END)
    assert (change.before, change.after, change.day) == ("rebels", "north", DAY)
    (held,) = [p for p in field.pieces("t1") if p.claim.quote == quote]
    assert max(m.day for m in held.marks) == DAY.toordinal() - 1


@pytest.mark.parametrize(
    ("quote", "speaker"),
    [
        ("the town is still held by rebels", None),
        ("rebels hold the town", None),
        ("the last town held by rebels", "rebels"),
    ],
)
def test_a_word_against_a_change_stays_one(
    borderland: Vocabulary, tell: Tell, quote: str, speaker: str | None
) -> None:
    field = told(borderland, tell, quote, speaker=speaker)
    (held,) = [p for p in field.pieces("t1") if p.claim.quote == quote]
    assert max(m.day for m in held.marks) >= DAY.toordinal()
