"""The three clocks: later knowledge never changes an earlier answer, whatever is recorded."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.claims import Claim, PlaceRef, Ref, Report, Source
from marchland.dates import Span
from marchland.ledger import open_ledger

FIRST = date(2017, 1, 1)
days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))
refs = st.sampled_from("abc").map(lambda x: Ref(id=x, name=x.upper()))
places = st.sampled_from("xyz").map(lambda x: PlaceRef(id=x, name=x.upper()))


@st.composite
def spans(draw):
    start, end = draw(st.none() | days), draw(st.none() | days)
    return Span(start=start, end=end if start is None or end is None or start < end else None)


@st.composite
def claims(draw, published=days):
    report = Report.of(
        draw(st.binary(max_size=1)), title="t", source=Source(id="s", name="S"),
        published=draw(published),
    )  # fmt: skip
    return Claim(
        predicate=draw(st.sampled_from(["holds", "captures", "backs"])),
        report=report, subject=draw(refs), object=draw(st.none() | refs), place=draw(places),
        valid=draw(spans()), modality=draw(st.sampled_from(["asserted", "denied"])),
    )  # fmt: skip


def recordings(published):
    """Batches of claims, some of which correct earlier ones."""

    @st.composite
    def draw_all(draw):
        batches, seen = [], []
        for _ in range(draw(st.integers(1, 4))):
            batch = draw(st.lists(claims(published), max_size=4))
            if seen and draw(st.booleans()):
                wrong, other = draw(st.sampled_from(seen)), draw(claims(published))
                batch.append(wrong.corrected(report=other.report, place=other.place))
            seen += batch
            batches.append(batch)
        return batches

    return draw_all()


def clock():
    return datetime(2026, 1, 1, tzinfo=UTC)


def answers(ledger, as_of):
    asked = [{}, {"place_ids": ["x"]}, {"actor_ids": ["a"]}, {"on": FIRST + timedelta(days=20)}]
    return [[repr(c.to_json()) for c in ledger.claims(as_of=as_of, **a)] for a in asked]


@settings(max_examples=60, deadline=None)
@given(recordings(st.none() | days), days, st.data())
def test_what_is_published_later_never_changes_what_was_known_before(recorded, as_of, data):
    later_days = st.integers(1, 90).map(lambda n: as_of + timedelta(days=n))
    with open_ledger("sqlite://", clock=clock) as ledger:
        for batch in recorded:
            ledger.record(batch)
        before = answers(ledger, as_of)
        held = ledger.claims(include_corrected=True)
        for batch in data.draw(recordings(later_days)):
            ledger.record(batch)
        if held:
            wrong = data.draw(st.sampled_from(held))
            later = Report.of(b"", title="t", source=wrong.source, published=data.draw(later_days))
            ledger.record([wrong.corrected(report=later, modality="denied")])
        assert answers(ledger, as_of) == before


@settings(max_examples=40, deadline=None)
@given(recordings(st.none() | days), days)
def test_every_past_revision_replays_whatever_came_after(recorded, as_of):
    with open_ledger("sqlite://", clock=clock) as ledger:
        seen = {}
        for batch in recorded:
            ledger.record(batch)
            now = answers(ledger, as_of), answers(ledger, None), ledger.reports()
            assert seen.setdefault(ledger.revision, now) == now
        for revision, then in seen.items():
            past = ledger.at(revision)
            assert (answers(past, as_of), answers(past, None), past.reports()) == then


@settings(max_examples=60, deadline=None)
@given(st.lists(claims(st.none() | days), max_size=12), days, st.none() | days)
def test_on_and_as_of_say_what_the_claim_itself_says(recorded, on, as_of):
    with open_ledger("sqlite://", clock=clock) as ledger:
        ledger.record(recorded)
        expected = {
            c.id
            for c in recorded
            if c.valid.covers(on)
            and (as_of is None or (c.published is not None and c.published <= as_of))
        }
        assert {c.id for c in ledger.claims(on=on, as_of=as_of)} == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(claims(st.none() | days), max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_recording_changes_no_answer(recorded, random):
    shuffled = list(recorded)
    random.shuffle(shuffled)
    with (
        open_ledger("sqlite://", clock=clock) as one,
        open_ledger("sqlite://", clock=clock) as two,
    ):
        one.record(recorded)
        for claim in shuffled:
            two.record([claim])
        assert answers(one, None) == answers(two, None)
        assert one.reports() == two.reports()
