"""The house's own rules, held against every module of the package."""

import ast
from pathlib import Path

import pytest

import marchland

ROOT = Path(marchland.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
LINES = 600
BY_NAME = {
    "__init__.py": "public names load when first used",
    "exporters/areas.py": "GeoPackage and GeoParquet, an extra",
    "corridor/engine.py": "numba, an extra",
    "corridor/osm.py": "pyosmium, an extra",
    "roads/hours.py": "opening hours, an extra",
    "exporters/claims_table.py": "Parquet, an extra",
    "exporters/timeline_picture.py": "matplotlib, an extra",
    "importers/sheets.py": "Parquet, an extra",
    "theatre/ground.py": "cells of H3, an extra",
}
"""Modules that import by a name made at run time, and what for; parts come by the plugin door."""


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(node: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.fixture(params=MODULES, ids=name)
def module(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_are_modules() -> None:
    assert len(MODULES) > 80


def test_a_module_is_short(module: Path) -> None:
    assert len(module.read_text("utf-8").splitlines()) <= LINES


def test_a_module_says_what_it_is(module: Path) -> None:
    parsed = tree(module)
    assert not parsed.body or ast.get_docstring(parsed)


def test_nothing_is_imported_inside_a_function(module: Path) -> None:
    hidden = [
        f"line {n.lineno}"
        for function in functions(tree(module))
        for n in ast.walk(function)
        if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_imports_are_absolute(module: Path) -> None:
    relative = [
        n.lineno for n in ast.walk(tree(module)) if isinstance(n, ast.ImportFrom) and n.level
    ]
    assert relative == []


def test_what_is_public_says_what_it_does(module: Path) -> None:
    public = [
        n
        for n in tree(module).body
        if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")
    ]
    assert [n.name for n in public if not ast.get_docstring(n)] == []


def test_nothing_asks_what_day_it_is_below_the_command_line(module: Path) -> None:
    """Same inputs, same bytes: only the ledger's own clock says when something was recorded."""
    if name(module).startswith(("cli/", "web/", "ledger/")):
        return
    asked = [
        n.lineno
        for n in ast.walk(tree(module))
        if isinstance(n, ast.Attribute) and n.attr in ("now", "today", "utcnow")
    ]
    assert asked == []


def test_chance_comes_from_a_seed(module: Path) -> None:
    loose = [
        n.lineno
        for n in ast.walk(tree(module))
        if isinstance(n, ast.Call)
        and isinstance(n.func, ast.Attribute)
        and n.func.attr == "default_rng"
        and not n.args
    ]
    assert loose == []


@pytest.mark.parametrize("floor", ["control", "alignment", "corridor"])
def test_the_pure_floors_know_no_database_no_parser_no_web(floor: str) -> None:
    heavy = {"sqlalchemy", "spacy", "fastapi", "httpx", "urllib", "requests", "click"}
    for path in (ROOT / floor).glob("*.py"):
        named = {
            alias.name.partition(".")[0]
            for n in ast.walk(tree(path))
            if isinstance(n, ast.Import)
            for alias in n.names
        } | {
            (n.module or "").partition(".")[0]
            for n in ast.walk(tree(path))
            if isinstance(n, ast.ImportFrom)
        }
        assert not named & heavy, path
