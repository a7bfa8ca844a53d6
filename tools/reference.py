"""Write docs/reference from the code: commands, Python, settings, formats, predicates, errors.

python tools/reference.py          write the pages
python tools/reference.py --check  fail where a page is not what the code says

Signatures are read from the source and help is laid out at a fixed width, so that the pages are the
same on every terminal and every supported Python.
"""

import ast
import dataclasses
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

import marchland
from marchland import errors, plugins
from marchland.alignment import AlignmentSettings
from marchland.claims import PREDICATES, Claim, Kind, Modality, PlaceRef, Ref, Report, Source
from marchland.cli import HELP, cli
from marchland.control import ControlSettings
from marchland.corridor import CorridorEstimate, CorridorSettings, Timeline
from marchland.estimate import Because, Estimate
from marchland.importers.claims_table import COLUMNS
from marchland.reading import files as report_files
from marchland.roads import CrossingNotice
from marchland.theatre import Theatre, open_theatre
from marchland.theatre import settings as theatre_settings

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py; change the code, then run `make docs`. -->\n\n"
WIDTH = 96
"""Columns of help text, whatever the terminal."""

_SAMPLE = files("marchland.samples") / "levant"
_TABLES = ("places", "areas", "actors", "roads", "crossings", "facts")
_SECTION = re.compile(r"^(?P<title>[A-Z][A-Za-z ]+)\n-{3,}\n", re.MULTILINE)
_DEFAULT = re.compile(r"(?<=[\w\])])=(?=\S)")
"""The equals sign of a default, which `ast.unparse` writes without room."""
_PUBLIC = re.compile(r"^[a-z]\w*$")


# -------------------------------------------------------------------- pages


def commands() -> str:
    """Every command with its options."""
    parts = [
        "# Commands\n",
        "Every command, as `marchland COMMAND --help` prints it. Exit codes: 0 done; 1 an error "
        "that you can mend, with its message on stderr; 2 wrong usage; 130 interrupted.\n",
        f"```text\n{_help(cli, 'marchland')}\n```\n",
    ]
    for name in HELP:
        command: click.Command = plugins.load("marchland.commands", name)
        parts.append(f"## {name}\n\n```text\n{_help(command, f'marchland {name}')}\n```\n")
    return "\n".join(parts)


def python() -> str:
    """The public names, the theatre's methods, and the records it answers with."""
    rows = ["# Python\n", "## `import marchland as ml`\n"]
    for name in marchland.__all__:
        thing = getattr(marchland, name)
        said = "the version." if isinstance(thing, str) else _first(thing)
        rows.append(f"- `ml.{name}`: {said}")
    rows.append("")
    rows += _function("ml.open", open_theatre)
    for heading, cls, prefix in (
        ("Theatre", Theatre, "t."),
        ("Estimate", Estimate, "e."),
        ("CorridorEstimate", CorridorEstimate, "c."),
        ("Timeline", Timeline, "line."),
        ("Because", Because, "b."),
        ("Claim", Claim, "claim."),
        ("Vocabulary", marchland.Vocabulary, "v."),
    ):
        rows.append(f"## {heading}\n")
        rows += _docstring(_own_doc(cls))
        rows += _members(cls, prefix)
    rows += _function("ml.compare", marchland.compare)
    return "\n".join(rows).rstrip() + "\n"


def settings() -> str:
    """Every setting with its default."""
    rows = [
        "# Settings\n",
        "What a theatre sets in `theatre.toml`, and what the models assume. Settings of the "
        "corridor stand in `theatre.toml`; those of control and alignment are given in Python, to "
        "`infer_control` and `infer_alignment`. Every estimate carries the settings it was made "
        "with. How they work together is told in [how it works](../how-it-works.md).\n",
        "## theatre.toml\n",
    ]
    allowed = ", ".join(f"`[{t}]`" for t in sorted(theatre_settings._TABLES))
    keys = ", ".join(f"`{k}`" for k in sorted(theatre_settings._KEYS))
    rows.append(
        f"Tables: {allowed}. Keys of `[theatre]`: {keys}. `[corridor]` holds the default question "
        "(`origin`, `destination`, `via`, `traveller`) and the settings of the corridor below; "
        "`[ledger]` a `url`; `[reading]` a `model`. Unknown keys are refused. The environment "
        "variable `MARCHLAND_DATABASE` comes before `url`.\n"
    )
    rows.append("## Corridor\n")
    rows += _settings_table(CorridorSettings())
    rows += [
        "### Figures for land against air\n",
        "`[corridor.costs.NAME]` with value, low, high, unit and source. The defaults are rough "
        "figures for planning.\n",
        "| name | value | low | high | unit |",
        "|---|---|---|---|---|",
    ]
    for name, f in CorridorSettings().costs.items():
        rows.append(f"| `{name}` | {f.value:g} | {f.low:g} | {f.high:g} | {f.unit} |")
    rows.append("\n## Control\n")
    rows += _settings_table(ControlSettings())
    rows.append("## Alignment\n")
    rows += _settings_table(AlignmentSettings())
    return "\n".join(rows).rstrip() + "\n"


def formats() -> str:
    """The files that are read and written."""
    rows = [
        "# File formats\n",
        "## A theatre's tables\n",
        "CSV in UTF-8 with a header row. A list in one cell is parted by `;`. Days are ISO 8601.\n",
        "| file | columns |",
        "|---|---|",
    ]
    for name in _TABLES:
        header = (_SAMPLE / f"{name}.csv").read_text("utf-8-sig").splitlines()[0]
        rows.append(f"| `{name}.csv` | {', '.join(f'`{c}`' for c in header.split(','))} |")
    rows += [
        "\n`places.csv`, `areas.csv` and `actors.csv` need `id` and `name`; `roads.csv` needs "
        "`id`, `from`, `to`, `mode`, `km` and `hours`; `crossings.csv` needs `crossing`, `state`, "
        "`traffic`, `source` and `published`. A place:\n",
        *_docstring(_own_doc(marchland.Place)),
        "An actor:\n",
        *_docstring(_own_doc(marchland.Actor)),
        "A row of `crossings.csv`, where `sides` is `both` (if left empty) or `one`:\n",
        *_docstring(_own_doc(CrossingNotice)),
    ]
    suffixes: dict[str, list[str]] = {}
    for suffix, kind in report_files._SUFFIXES.items():
        suffixes.setdefault(kind, []).append(f"`{suffix}`")
    rows += [
        "## Reports\n",
        "| kind | endings |",
        "|---|---|",
        *(f"| {kind} | {', '.join(found)} |" for kind, found in suffixes.items()),
        "\nThe bytes decide, then the ending. A text may begin with front matter: YAML between two "
        "lines of `---`, with the keys `title`, `source`, `date`, `url` and `rests_on`. A JSON "
        "record is an object with `text`, and `title`, `date`, `source` and `url` where known.\n",
        "## The claim record\n",
        "What `--json` prints, one claim a line, and what a `.jsonl` export holds.\n",
        *_docstring(_own_doc(Claim)),
        "The kinds, and the predicates of each:\n",
        *(
            f"- **{kind.value}**: {', '.join(f'`{p}`' for p, k in PREDICATES.items() if k is kind)}"
            for kind in Kind
        ),
        f"\nThe modalities: {', '.join(f'`{m.value}`' for m in Modality)}.\n",
        "Its parts:\n",
        "| part | fields |",
        "|---|---|",
        *(
            f"| {part} | {', '.join(f'`{k}`' for k in fields)} |"
            for part, fields in _parts_of_a_claim().items()
        ),
        "\n## The tidy table\n",
        "CSV, Parquet or JSON Lines; one row a claim; columns in any order, written in this one:\n",
        "\n".join(textwrap.wrap(", ".join(f"`{c}`" for c in COLUMNS), WIDTH)),
        "\n## The estimate record\n",
        "What `--json` prints for an answer: the fields below, what was asked about by its own "
        "name (`place`, or `a` and `b`, or `origin`, `destination`, `via`, `traveller`), `best` "
        "(the likeliest outcome, null where no claim bears on the question), `confidence` and "
        "`id`.\n",
        *_docstring(_own_doc(Estimate)),
    ]
    return "\n".join(rows).rstrip() + "\n"


def predicates() -> str:
    """Every predicate with its definition and codes in other schemes."""
    rows = [
        "# Predicates\n",
        "What a claim may say, and its codes in other schemes.\n",
        "| predicate | kind | means | PLOVER | CAMEO | ACLED | UCDP |",
        "|---|---|---|---|---|---|---|",
    ]
    for p in sorted(
        marchland.Vocabulary.load(None).predicates.values(), key=lambda p: (p.kind, p.id)
    ):
        codes = dict(p.crosswalk)
        cells = (", ".join(codes.get(s, ())) for s in ("plover", "cameo", "acled", "ucdp"))
        both = " Symmetric." if p.symmetric else ""
        rows.append(f"| `{p.id}` | {p.kind} | {p.definition}{both} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def errors_page() -> str:
    """The errors, with what each says."""
    rows = ["# Errors\n", "Every error that a user can cause or mend is a `MarchlandError`.\n"]
    for name, error in vars(errors).items():
        if inspect.isclass(error) and issubclass(error, errors.MarchlandError):
            rows.append(f"- **{name}**: {_first(error)}")
    return "\n".join(rows) + "\n"


PAGES = {
    "commands.md": commands,
    "errors.md": errors_page,
    "formats.md": formats,
    "predicates.md": predicates,
    "python.md": python,
    "settings.md": settings,
}


# -------------------------------------------------------------------- parts


def _help(command: click.Command, name: str) -> str:
    context = click.Context(
        command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH,
        help_option_names=["-h", "--help"],
    )  # fmt: skip
    return command.get_help(context).rstrip()


def _members(cls: type, prefix: str) -> Iterator[str]:
    """Public properties and methods that say what they do, in the order of the source."""
    for name, node in _definitions(cls):
        thing = inspect.getattr_static(cls, name)
        method = thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing
        doc = inspect.getdoc(method)
        if not doc:
            continue
        if isinstance(thing, property):
            yield f"### {prefix}{name}\n"
        else:
            on = f"ml.{cls.__name__}." if isinstance(thing, classmethod) else prefix
            yield f"### {on}{name}()\n"
            yield f"```python\n{on}{name}{_signature(node)}\n```\n"
        yield from _docstring(doc)


def _function(shown: str, function: Any) -> Iterator[str]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    node = tree.body[0]
    assert isinstance(node, ast.FunctionDef)
    yield f"## {shown}()\n"
    yield f"```python\n{shown}{_signature(node)}\n```\n"
    yield from _docstring(inspect.getdoc(function) or "")


def _definitions(cls: type) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Of the class and of those of this package that it is put together from."""
    for part in reversed(cls.__mro__):
        if not part.__module__.startswith("marchland."):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(part))).body[0]
        assert isinstance(body, ast.ClassDef)
        for node in body.body:
            if isinstance(node, ast.FunctionDef) and _PUBLIC.match(node.name):
                yield node.name, node


def _signature(node: ast.FunctionDef) -> str:
    """Parameters as the source has them, without self, broken where they are long."""
    arguments = node.args
    if arguments.args and arguments.args[0].arg in ("self", "cls"):
        arguments = ast.arguments(
            posonlyargs=[], args=arguments.args[1:], vararg=arguments.vararg,
            kwonlyargs=arguments.kwonlyargs, kw_defaults=arguments.kw_defaults,
            kwarg=arguments.kwarg, defaults=arguments.defaults,
        )  # fmt: skip
    inner = _DEFAULT.sub(" = ", ast.unparse(arguments))
    returns = f" -> {ast.unparse(node.returns).strip(chr(39))}" if node.returns else ""
    if len(inner) + len(returns) < WIDTH - 30:
        return f"({inner}){returns}"
    lines = "".join(f"    {part},\n" for part in _split(inner))
    return f"(\n{lines}){returns}"


def _split(arguments: str) -> Iterator[str]:
    """Parameters apart, at the commas that stand in no bracket."""
    depth, begin = 0, 0
    for i, c in enumerate(arguments):
        depth += (c in "([{") - (c in ")]}")
        if c == "," and depth == 0:
            yield arguments[begin:i].strip()
            begin = i + 1
    yield arguments[begin:].strip()


def _docstring(doc: str) -> Iterator[str]:
    """A NumPy docstring as Markdown."""
    found = list(_SECTION.finditer(doc))
    ends = [*(m.start() for m in found), len(doc)]
    yield _code(doc[: ends[0]].strip()) + "\n"
    for match, end in zip(found, ends[1:], strict=True):
        title, body = match["title"], doc[match.end() : end].strip("\n")
        if title == "Examples":
            yield f"```python\n{body}\n```\n"
            continue
        yield f"{title}:\n"
        if title == "Returns":
            yield _code(" ".join(body.split())) + "\n"
            continue
        for names, text in _entries(body):
            yield f"- {names}: {_code(text)}" if text else f"- {names}"
        yield ""


def _entries(body: str) -> list[tuple[str, str]]:
    """Names and their description, of a section of a NumPy docstring."""
    found: list[tuple[str, list[str]]] = []
    for line in body.splitlines():
        if line and not line[0].isspace():
            names = ", ".join(f"`{n.strip()}`" for n in line.split(","))
            found.append((names, []))
        elif line.strip() and found:
            found[-1][1].append(line.strip())
    return [(names, " ".join(text)) for names, text in found]


def _settings_table(defaults: Any) -> list[str]:
    """Settings, their defaults, and what the class says of them."""
    found = _SECTION.search(_own_doc(type(defaults)))
    assert found is not None
    said = _entries(_own_doc(type(defaults))[found.end() :])
    rows = ["| setting | default | meaning |", "|---|---|---|"]
    told: set[str] = set()
    for names, text in said:
        several = [n.strip("` ") for n in names.split(",")]
        told.update(several)
        shown = ", ".join(_default(getattr(defaults, n)) for n in several)
        rows.append(f"| {names} | {shown} | {_code(text)} |")
    untold = {f.name for f in dataclasses.fields(defaults)} - told
    if untold:
        raise SystemExit(f"{type(defaults).__name__} does not say what {sorted(untold)} are")
    return [*rows, ""]


def _default(value: object) -> str:
    if not isinstance(value, Mapping):
        return f"`{value}`"
    if not value:
        return "none"
    if all(isinstance(v, int | float) for v in value.values()):
        return ", ".join(f"{k} `{v:g}`" for k, v in value.items())
    return "see below"


def _parts_of_a_claim() -> dict[str, list[str]]:
    source = Source(id="s", name="s")
    report = Report.of(b"", title="t", source=source, published=None)
    place = PlaceRef(id="p", name="p")
    claim = Claim(predicate="holds", report=report, subject=Ref(id="a", name="a"), place=place)
    record = claim.to_json()
    parts = {"the claim": list(record)}
    parts["`subject`, `object`, `speaker`"] = list(record["subject"])
    for name in ("place", "valid", "source", "report"):
        parts[f"`{name}`"] = list(record[name])
    return parts


def _own_doc(cls: type) -> str:
    return inspect.cleandoc(cls.__doc__ or "")


def _first(thing: object) -> str:
    return _code((inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " "))


def _code(text: str) -> str:
    """Code between double backquotes as Markdown has it."""
    return re.sub(r"``([^`]+)``", r"`\1`", text)


def stale() -> list[str]:
    """Names of the pages that are not what the code says."""
    found = []
    for name, page in PAGES.items():
        file = FOLDER / name
        if not file.is_file() or file.read_text("utf-8") != NOTE + page():
            found.append(name)
    return found


def main() -> int:
    """Write the pages, or check them."""
    if "--check" in sys.argv:
        names = stale()
        if names:
            print(f"docs/reference is stale: {', '.join(names)}; run `make docs`")
        return bool(names)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(NOTE + page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
