"""Errors say what is wrong, where, and what to do."""

import pytest

from marchland import errors


def test_every_error_is_a_marchland_error() -> None:
    named = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert len(named) == 8
    assert all(issubclass(e, errors.MarchlandError) for e in named)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (errors.UnknownName("Abbu", what="place"), "No place called 'Abbu' is known."),
        (
            errors.UnknownName("Abbu", ["Abu Kamal", "Abu Ghraib"]),
            "No name called 'Abbu' is known. Did you mean Abu Kamal or Abu Ghraib?",
        ),
        (
            errors.AmbiguousName("Tripoli", ["tripoli-lb", "gn:2210247"], what="place"),
            "'Tripoli' could be more than one place: tripoli-lb, gn:2210247. "
            "Ask again with one of these ids.",
        ),
        (errors.BadInput("has no date", path="a.csv", row=7), "a.csv, row 7: has no date"),
        (
            errors.MissingExtra("lake", "Reading Parquet"),
            "Reading Parquet needs an optional package. Install it: pip install 'marchland[lake]'",
        ),
    ],
)
def test_a_message_says_what_where_and_what_to_do(error: Exception, message: str) -> None:
    assert str(error) == message
