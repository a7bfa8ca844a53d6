"""The same thing told once, however many print it: no confirmation, and nothing from the future."""

import itertools
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.observations import (
    Copy,
    count_sources,
    first_told,
    observations,
    observe,
    origins,
)

DAY = date(2030, 5, 1)
FORD = PlaceRef(id="ford", name="Ford")


def claim(
    outlet: str,
    *,
    day: int = 0,
    predicate: str = "captures",
    subject: str = "rebels",
    speaker: str | None = None,
    begin: int = 0,
    valid: Span | None = None,
) -> Claim:
    published = DAY + timedelta(days=day)
    report = Report.of(
        f"{outlet} {day}".encode(),
        title=outlet,
        source=Source(id=outlet, name=outlet.title()),
        published=published,
    )
    return Claim(
        predicate=predicate,
        report=report,
        subject=Ref(id=subject, name=subject),
        place=FORD,
        valid=valid or Span.day(DAY),
        speaker=Ref(id=speaker, name=speaker) if speaker else None,
        quote="took Ford",
        begin=begin,
        end=begin + 9,
    )


def copy(a: Claim, b: Claim, *, whole: bool = False) -> Copy:
    return Copy(
        report=a.report.id, other=b.report.id, begin=0, end=50, other_begin=0, other_end=50,
        likeness=0.9, whole=whole,
    )  # fmt: skip


def test_five_printers_of_one_story_are_one_observation_and_one_source() -> None:
    printed = [claim(o, day=n) for n, o in enumerate("abcde")]
    copies = [copy(a, b) for a, b in itertools.pairwise(printed)]
    (told,) = observations(observe(printed, copies))
    assert [s.id for s in told.printers] == list("abcde")
    assert first_told(observe(printed, copies)) == printed[:1]
    assert count_sources(observe(printed, copies)) == 1
    assert count_sources(printed) == 5


def test_a_copier_with_a_story_of_its_own_is_a_source() -> None:
    wire, printed, own = claim("a"), claim("b", day=1), claim("b", day=2, begin=200)
    told = observe([wire, printed, own], [copy(wire, printed)])
    assert count_sources(told) == 2
    assert origins(told)[printed.id] == "a"
    assert origins(told)[own.id] == "b"


def test_only_the_copied_stretch_is_one_observation() -> None:
    wire, there, elsewhere = claim("a"), claim("b", day=1), claim("b", day=1, begin=400)
    told = observe([wire, there, elsewhere], [copy(wire, there)])
    assert [c.observation is None for c in told] == [False, False, True]


def test_copies_as_a_whole_join_what_is_said_alike_though_it_was_edited() -> None:
    wire, edited = claim("a", begin=300), claim("b", begin=700)
    other = claim("b", begin=900, subject="army")
    told = observe([wire, edited, other], [copy(wire, edited, whole=True)])
    assert told[0].observation == told[1].observation is not None
    assert told[2].observation is None


def test_the_word_of_one_speaker_is_one_observation_within_days() -> None:
    first = claim("a", speaker="monitor")
    passed_on = claim("b", day=1, speaker="monitor")
    own = claim("monitor", day=2)
    later = claim("c", day=9, speaker="monitor", valid=Span.day(DAY + timedelta(days=9)))
    another = claim("d", speaker="army")
    told = observe([first, passed_on, own, later, another])
    assert len(observations(told)) == 3
    assert told[0].observation == told[1].observation == told[2].observation is not None


def test_what_was_read_otherwise_from_a_copy_stays_but_is_no_second_source() -> None:
    wire, read_so = claim("a"), claim("b", day=1, predicate="holds")
    told = observe([wire, read_so], [copy(wire, read_so)])
    assert first_told(told) == [wire, read_so]
    assert count_sources(told) == 1


OUTLETS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 6)), unique=True, min_size=1, max_size=8
)


@given(
    outlets=OUTLETS,
    pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=10),
    known=st.integers(0, 6),
)
def test_observations_of_a_day_do_not_know_what_was_printed_later(
    outlets: list[tuple[str, int]], pairs: list[tuple[int, int]], known: int
) -> None:
    claims = [claim(o, day=n) for o, n in outlets]
    copies = [copy(claims[a], claims[b]) for a, b in pairs if a != b and max(a, b) < len(claims)]
    then = [c for c in claims if c.published and c.published <= DAY + timedelta(days=known)]
    ids = {c.report.id for c in then}
    earlier = [c for c in copies if c.report in ids and c.other in ids]
    assert observe(then, copies) == observe(then, earlier)
    told = observe(then, copies)
    assert [c.observation for c in told] == [c.observation for c in observe(then, earlier)]
    assert 0 <= count_sources(told) <= count_sources(then)
    assert count_sources(first_told(told)) == count_sources(told)
    assert observe(told, copies) == told


@given(outlets=OUTLETS, pairs=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7))))
def test_the_order_of_claims_and_copies_makes_no_difference(
    outlets: list[tuple[str, int]], pairs: list[tuple[int, int]]
) -> None:
    claims = [claim(o, day=n) for o, n in outlets]
    copies = [copy(claims[a], claims[b]) for a, b in pairs if a != b and max(a, b) < len(claims)]
    one = {c.id: c.observation for c in observe(claims, copies)}
    other = {c.id: c.observation for c in observe(claims[::-1], copies[::-1])}
    assert one == other
