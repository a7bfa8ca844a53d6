"""Copied passages are found, in whole reports and inside longer ones; forms filled anew are not."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from marchland.observations import Copy
from marchland.reading.duplicates import NEAR_DAYS, Story, find_copies

DAY = date(2017, 6, 10)
WIRE = (
    "Iraqi paramilitary fighters captured several villages near the border with Syria from the "
    "Islamic State group on Saturday, a commander said. The fighters reached the frontier south "
    "of Sinjar for the first time since the militants overran the area three years before. "
    "Officials in Baghdad declined to say whether the force would be allowed to go on."
)
OWN = (
    "Shopkeepers along the river told this newspaper that trade had slowly come back in spring. "
    "Most of them expect prices of flour and fuel to fall further once the bridge is mended."
)


def story(name: str, text: str, *, day: int = 0, source: str | None = None) -> Story:
    published = DAY + timedelta(days=day)
    return Story(report=name, source=source or name, published=published, text=text)


def copied(copies: list[Copy], texts: dict[str, str]) -> list[str]:
    return [texts[c.other][c.other_begin : c.other_end] for c in copies]


def test_a_lightly_edited_copy_is_one_whole_copy() -> None:
    edited = WIRE.replace("captured several", "seized several").replace(" on Saturday", "")
    (found,) = find_copies([story("a", WIRE), story("b", edited, day=1)])
    assert found.whole
    assert (found.report, found.other) == ("a", "b")
    assert 0.7 < found.likeness < 1.0


def test_lines_broken_elsewhere_make_no_difference() -> None:
    broken = WIRE.replace(" the ", "\nthe ")
    (found,) = find_copies([story("a", WIRE), story("b", broken)])
    assert found.likeness == 1.0


def test_a_wire_paragraph_inside_a_longer_story_is_told_by_its_offsets() -> None:
    first = WIRE.split(". ")[0] + "."
    texts = {"a": first, "b": f"{OWN}\n\n{first}\n\n{OWN.upper()}"}
    wide = texts | {"b": texts["b"] + " " + "Nothing else was said by anyone that day. " * 8}
    (found,) = find_copies([story(n, t) for n, t in wide.items()])
    assert copied([found], wide) == [first]


def test_the_same_form_filled_in_anew_is_no_copy() -> None:
    form = "Clashes between {} and {} went on in the countryside of {} for {} hours, sources said."
    a = form.format("the army", "opposition fighters", "eastern Hama", 12)
    b = form.format("the army", "opposition fighters", "western Aleppo", 30)
    assert not find_copies([story("a", a), story("b", b)])


def test_an_outlets_short_sentence_said_again_next_day_is_told_anew() -> None:
    daily = "Clashes went on between the two sides around the besieged town through the night."
    assert not find_copies(
        [story("a", daily + " " + OWN, source="s"), story("b", daily + " " + WIRE, source="s")]
    )


def test_an_update_of_a_story_by_the_same_outlet_is_a_copy() -> None:
    update = WIRE + " Two fighters were killed, the commander said later in the day."
    found = find_copies([story("a", WIRE, source="s"), story("b", update, source="s")])
    assert any(c.whole for c in found)


def test_a_passage_said_again_long_after_is_said_anew() -> None:
    assert not find_copies([story("a", WIRE), story("b", WIRE, day=NEAR_DAYS + 1)])
    assert find_copies([story("a", WIRE), story("b", WIRE, day=NEAR_DAYS)])


def test_what_a_report_says_of_itself_is_no_part_of_it() -> None:
    head = f"---\nsource: x\nnote: {OWN}\n---\n"
    assert not find_copies([story("a", head + WIRE), story("b", head + "The road was quiet. " * 9)])


def test_other_scripts_are_compared_too() -> None:
    text = (
        "قال قائد في الحشد الشعبي إن قواته سيطرت على عدة قرى قرب الحدود السورية بعد معارك مع "
        "تنظيم داعش استمرت ثلاثة أيام جنوب قضاء سنجار."
    )
    (found,) = find_copies([story("a", text), story("b", text, day=1)])
    assert found.whole


sentences = st.lists(
    st.sampled_from(
        [s + "." for s in (WIRE + " " + OWN).split(". ")] + ["The road stayed quiet all day long."]
    ),
    min_size=1,
    max_size=5,
    unique=True,
)


@settings(deadline=None)
@given(
    texts=st.lists(st.tuples(sentences, st.integers(0, 5)), min_size=2, max_size=6),
    known=st.integers(0, 5),
)
def test_later_reports_change_no_copy_of_earlier_ones(
    texts: list[tuple[list[str], int]], known: int
) -> None:
    stories = [story(f"r{n}", " ".join(said), day=day) for n, (said, day) in enumerate(texts)]
    then = [s for s in stories if s.published and s.published <= DAY + timedelta(days=known)]
    ids = {s.report for s in then}
    among = [c for c in find_copies(stories) if c.report in ids and c.other in ids]
    assert find_copies(then) == among
    assert find_copies(stories[::-1]) == find_copies(stories)
    for found in find_copies(stories):
        assert 0 < found.likeness <= 1
        assert found.begin < found.end
        assert found.other_begin < found.other_end
