"""What kind of backing the words of a claim name."""

import pytest

from marchland.alignment import backing_in, kinds_of_backing
from marchland.alignment.backing import backing_of
from marchland.claims import Claim, Ref, Report, Source


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Tehran supplied weapons and ammunition to the brigade", ("arms",)),
        ("Qatar funds the rebels and pays their salaries", ("money",)),
        ("American instructors train the Syrian Democratic Forces", ("training",)),
        ("the Guards sent advisers", ("advisers",)),
        ("with Russian air cover", ("air cover",)),
        ("a brigade led by the Quds Force", ("command",)),
        ("the US-backed Syrian Democratic Forces", ()),
        ("a restrained answer", ()),
        ("the army", ()),
    ],
)
def test_words_tell_the_kind(text: str, kinds: tuple[str, ...]) -> None:
    assert backing_in(text) == kinds


def test_kinds_come_in_one_order_and_only_from_claims_of_support() -> None:
    def claim(predicate: str, quote: str) -> Claim:
        return Claim(
            predicate=predicate,
            report=Report.of(b"x", title="x", source=Source(id="x", name="x"), published=None),
            subject=Ref(id="a", name="A"),
            object=Ref(id="b", name="B"),
            quote=quote,
        )

    assert backing_of([claim("fights", "with weapons")]) == ()
    both = backing_of([claim("backs", "trained and funded"), claim("commands", "heads")])
    assert both == ("money", "training", "command")
    assert set(both) <= set(kinds_of_backing())
