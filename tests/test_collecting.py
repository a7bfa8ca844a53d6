"""The search for dead cycles is put off, and comes back as it was."""

import gc

import pytest

from marchland.collecting import uncollected


@pytest.mark.parametrize("was_on", [True, False])
def test_the_search_is_as_it_was_before(was_on: bool, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(gc.enable)
    (gc.enable if was_on else gc.disable)()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled() is was_on


def test_the_search_comes_back_after_an_error(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(gc.enable)
    with pytest.raises(ZeroDivisionError), uncollected():
        1 / 0  # noqa: B018  # the error is what is wanted
    assert gc.isenabled()
