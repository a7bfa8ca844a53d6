"""`import marchland as ml`: what it offers is there, told of, and costs nothing until used."""

import inspect
import subprocess
import sys

import pytest

import marchland as ml

NAMES = [name for name in ml.__all__ if name != "__version__"]


def fresh(script: str) -> str:
    """What a script prints in a Python of its own."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_it_loads_nothing_else() -> None:
    script = "import sys, marchland; print(*sorted(m for m in sys.modules if 'marchland' in m))"
    assert fresh(script).split() == ["marchland"]


def test_each_name_can_be_had_alone() -> None:
    script = (
        "import marchland, sys\n"
        f"for name in {NAMES!r}:\n"
        "    getattr(marchland, name)\n"
        "from marchland import *\n"
        f"print(*[name for name in {NAMES!r} if name not in globals()])\n"
    )
    assert fresh(script).split() == []


@pytest.mark.parametrize("name", NAMES)
def test_each_name_says_what_it_is(name: str) -> None:
    thing = getattr(ml, name)
    assert inspect.getdoc(thing)
    assert inspect.isclass(thing) or inspect.isfunction(thing)


@pytest.mark.parametrize("name", sorted(set(dir(ml.Theatre))))
def test_each_method_of_a_theatre_says_what_it_does(name: str) -> None:
    method = inspect.getattr_static(ml.Theatre, name)
    if not name.startswith("_") and inspect.isfunction(method):
        assert inspect.getdoc(method)


def test_all_is_sorted_and_whole() -> None:
    assert list(ml.__all__) == sorted(ml.__all__)
    assert set(ml._HOMES) == set(NAMES)


def test_a_name_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nosuch'"):
        _ = ml.nosuch


def test_the_version_is_the_packages() -> None:
    script = "import marchland, importlib.metadata as m; print(m.version('marchland'))"
    assert fresh(script).strip() == ml.__version__
