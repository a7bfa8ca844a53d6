"""The reference pages are what the code says now, at any width of terminal."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from marchland.cli import HELP
from marchland.theatre import Theatre


@pytest.fixture(scope="module")
def reference(root: Path) -> Iterator[ModuleType]:
    """tools/reference.py as a module."""
    spec = importlib.util.spec_from_file_location("reference", root / "tools" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_committed_pages_are_fresh(reference: ModuleType) -> None:
    assert reference.stale() == [], "run `make docs`"


def test_no_page_is_left_over(reference: ModuleType) -> None:
    assert {f.name for f in reference.FOLDER.glob("*")} == set(reference.PAGES)


@pytest.mark.parametrize("columns", ["40", "300"])
def test_help_does_not_depend_on_the_terminal(
    reference: ModuleType, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    here = (reference.FOLDER / "commands.md").read_text("utf-8")
    assert reference.NOTE + reference.commands() == here


def test_every_command_and_every_question_is_told(reference: ModuleType) -> None:
    told = reference.commands()
    assert [f"## {name}" for name in HELP] == [x for x in told.splitlines() if x[:3] == "## "]
    methods = reference.python()
    asked = [
        n for n in ("control", "corridor", "alignment", "claims", "why") if hasattr(Theatre, n)
    ]
    assert all(f"### t.{name}()" in methods for name in asked)


def test_a_docstring_becomes_lists_and_code(reference: ModuleType) -> None:
    doc = (
        "Does ``x``.\n\nParameters\n----------\na, b\n    Two\n    things.\n\n"
        "Returns\n-------\n    One."
    )
    assert "\n".join(reference._docstring(doc)) == (
        "Does `x`.\n\nParameters:\n\n- `a`, `b`: Two things.\n\nReturns:\n\nOne.\n"
    )
