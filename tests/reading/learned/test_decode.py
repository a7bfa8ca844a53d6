"""Drafts become claims where they are likely enough and say something new."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marchland.claims import Modality, PlaceRef, Ref
from marchland.reading.findings import Finding
from marchland.reading.learned.decode import Draft, Ranker

RANKER = Ranker(mean=np.zeros(1), scale=np.ones(1), weights=np.ones(1), bias=0.0, least=0.3)


def draft(
    logit: float,
    *,
    at: int = 0,
    predicate: str = "captures",
    subject: str | None = "a",
    object_: str | None = None,
    place: str | None = "p",
) -> Draft:
    return Draft(
        passage=0,
        trigger=at,
        predicate=predicate,
        subject=Ref(id=subject, name=subject) if subject else None,
        object=Ref(id=object_, name=object_) if object_ else None,
        place=PlaceRef(id=place, name=place) if place else None,
        speaker=None,
        modality=Modality.ASSERTED,
        finding=None,
        words=((0, at),),
        where=None,
        features=np.array([logit]),
    )


def standing(*drafts: Draft) -> list[Draft]:
    return RANKER.standing(drafts, lambda _, token: token)


def test_what_is_too_unlikely_is_left_out() -> None:
    (kept,) = standing(draft(2.0), draft(-2.0, place="q"))
    assert kept.p == pytest.approx(1 / (1 + np.exp(-2.0)))


def test_of_two_that_say_the_same_the_likelier_stands() -> None:
    (kept,) = standing(draft(0.5), draft(1.5, object_="b"))
    assert kept.object is not None


def test_each_place_of_a_list_stands() -> None:
    assert len(standing(draft(1.0), draft(1.0, place="q"), draft(0.9, place="r"))) == 3


def test_the_same_told_again_far_on_stands_again() -> None:
    assert len(standing(draft(1.0), draft(1.0, at=1000))) == 2


def test_neighbouring_predicates_say_the_same() -> None:
    fight = draft(1.0, predicate="fights", object_="b")
    assert len(standing(fight, draft(0.5, predicate="opposes", object_="b"))) == 1
    assert len(standing(fight, draft(0.5, predicate="agrees", object_="b"))) == 2


@given(st.lists(st.tuples(st.floats(-3, 3), st.integers(0, 2000)), max_size=30))
def test_what_stands_is_in_order_and_likely(rows: list[tuple[float, int]]) -> None:
    kept = standing(*(draft(logit, at=at, place=f"p{i % 3}") for i, (logit, at) in enumerate(rows)))
    assert [d.trigger for d in kept] == sorted(d.trigger for d in kept)
    assert all(d.p >= RANKER.least for d in kept)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=8))
def test_chances_are_chances_and_grow_with_the_evidence(logits: list[float]) -> None:
    chances = RANKER.chances([draft(x) for x in sorted(logits)])
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances) >= 0).all()


def test_a_ranker_is_the_same_after_it_was_written() -> None:
    again = Ranker.from_json(RANKER.to_json())
    assert again.to_json() == RANKER.to_json()
    assert dataclasses.replace(again, least=0.5).least == 0.5


def test_a_place_may_be_taken_by_the_same_twice_where_notes_tell_its_story() -> None:
    def note(at: int, *, topical: bool) -> Draft:
        found = Finding(
            predicate="captures", rule="capture", prior=0.8, trigger=at, first=at, last=at,
            topical=topical,
        )  # fmt: skip
        return dataclasses.replace(draft(2.0, at=at), finding=found)

    assert len(standing(note(0, topical=True), note(40, topical=True))) == 2
    assert len(standing(note(0, topical=True), note(40, topical=False))) == 1
