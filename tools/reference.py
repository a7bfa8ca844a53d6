"""Write docs/reference from the code: commands, predicates, errors, public names.

python tools/reference.py          write the pages
python tools/reference.py --check  fail where a page is not what the code says
"""

import inspect
import sys
from pathlib import Path

import click

import marchland
from marchland import errors, plugins
from marchland.cli import HELP, cli
from marchland.theatre import Theatre
from marchland.vocabulary import Vocabulary

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py; change the code, then run `make docs`. -->\n\n"


def commands() -> str:
    """Every command with its options."""
    parts = ["# Commands\n", "Every command, as `marchland COMMAND --help` prints it.\n"]
    for name in HELP:
        command: click.Command = plugins.load("marchland.commands", name)
        context = click.Context(command, info_name=f"marchland {name}", max_content_width=96)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context)}\n```\n")
    context = click.Context(cli, info_name="marchland", max_content_width=96)
    parts.insert(2, f"```text\n{cli.get_help(context)}\n```\n")
    return "\n".join(parts)


def predicates() -> str:
    """Every predicate with its definition and codes in other schemes."""
    rows = ["# Predicates\n", "What a claim may say, and its codes in other schemes.\n"]
    rows += [
        "| predicate | kind | means | PLOVER | CAMEO | ACLED | UCDP |",
        "|---|---|---|---|---|---|---|",
    ]
    for p in sorted(Vocabulary.load(None).predicates.values(), key=lambda p: (p.kind, p.id)):
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


def names() -> str:
    """The public names and the methods of a theatre."""
    rows = ["# Python\n", "## `import marchland as ml`\n"]
    for name in marchland.__all__:
        thing = getattr(marchland, name)
        rows.append(
            f"- `ml.{name}`: {_first(thing) if not isinstance(thing, str) else 'the version.'}"
        )
    rows.append("\n## Theatre\n")
    for name, method in inspect.getmembers(Theatre):
        if not name.startswith("_") and inspect.getdoc(method):
            is_method = inspect.isfunction(method)
            signature = str(inspect.signature(method)).replace("self, ", "") if is_method else ""
            rows.append(f"### {name}\n\n```python\nt.{name}{_plain(signature)}\n```\n")
            rows.append(f"```text\n{inspect.getdoc(method)}\n```\n")
    return "\n".join(rows) + "\n"


def _plain(signature: str) -> str:
    for prefix in ("pathlib._local.", "pathlib.", "datetime.", "collections.abc.", "typing."):
        signature = signature.replace(prefix, "")
    return signature


def _first(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


PAGES = {
    "commands.md": commands,
    "errors.md": errors_page,
    "predicates.md": predicates,
    "python.md": names,
}


def main() -> int:
    """Write the pages, or check them."""
    stale = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        text, file = NOTE + page(), FOLDER / name
        if "--check" in sys.argv:
            if not file.is_file() or file.read_text("utf-8") != text:
                stale.append(name)
        else:
            file.write_text(text, "utf-8")
    if stale:
        print(f"docs/reference is stale: {', '.join(stale)}; run `make docs`")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
