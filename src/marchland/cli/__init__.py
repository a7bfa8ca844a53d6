"""The command line.

Each command is a method of `Theatre` of the same name, or nearly. It prints a readable table, and
with ``--json`` one JSON document (JSON Lines where there are many) and nothing else on stdout.
Exit 0 done, 1 a MarchlandError (its message on stderr, no traceback), 2 usage.

Commands come through the plugin door and are imported when they are called, so that ``--help``
does not wait for a language model.
"""

import sys
from typing import Any, NoReturn

import click

from marchland import __version__, plugins
from marchland.cli.terminal import visible
from marchland.errors import MarchlandError

HELP = {
    "new": "Make a theatre: a folder with places, actors, roads and a ledger.",
    "read": "Read reports and record their claims.",
    "load": "Load a data set, such as a table of claims.",
    "export": "Write claims or control to a file.",
    "claims": "List claims: who said what, when, how firmly.",
    "control": "Who holds a place on a day, as known on a day.",
    "changes": "When a place changed hands, with intervals.",
    "areas": "Who holds how much of cells or polygons, with odds.",
    "alignment": "Where two actors stand towards each other.",
    "coalition": "Who stands with an actor, and on what assumption.",
    "shifts": "When two actors came to stand together, apart or neither.",
    "deeds": "What two actors said and did to each other, and where it parts.",
    "sequence": "Strike, warning and answer between two actors, with the lags.",
    "balance": "The two camps that ties fit best, and the ties under strain.",
    "network": "Write the network of a day: GraphML, GEXF or CSV.",
    "corridor": "Whether the road is open for a traveller.",
    "timeline": "A corridor's status through time, and when it changed.",
    "compare": "The same corridor on two days, or under an assumption.",
    "contradictions": "Claims that can't all be true, side by side.",
    "sources": "Who the claims come from.",
    "duplicates": "Reports that print the same story, with who printed it.",
    "resolve": "What a name means: one thing, several, or unknown.",
    "why": "Walk from an answer to the sentences it rests on.",
    "brief": "Write a brief in which every sentence cites its claims.",
    "map": "Write a map page that opens offline.",
    "serve": "Open the workbench on loopback.",
    "demo": "Answer the sample's question; write its brief and map.",
    "bench": "Run a benchmark of the checkout.",
    "check": "Check a theatre's vocabulary and roads.",
}
"""One line a command; a test keeps it equal to each command's own."""


class _Commands(click.Group):
    """Commands by entry point, imported when called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        named = plugins.available("marchland.commands")
        return [c for c in HELP if c in named] + sorted(set(named) - set(HELP))

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in plugins.available("marchland.commands"):
            return None
        command: click.Command = plugins.load("marchland.commands", name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, HELP.get(name, "")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-t",
    "--theatre",
    "where",
    default=None,
    metavar="PATH",
    help="A theatre's folder, sample:NAME, or a database URL; default: the current folder.",
)
@click.option(
    "--revision",
    type=click.IntRange(min=0),
    default=None,
    help="Replay the ledger as of this revision.",
)
@click.version_option(__version__, prog_name="marchland")
@click.pass_context
def cli(ctx: click.Context, where: str | None, revision: int | None) -> None:
    """Who holds what, who stands with whom, and whether the road is open.

    Start with: marchland demo
    """
    ctx.obj = {"where": where, "revision": revision}


def main() -> Any:
    """Run the command line; the program's entry point."""
    try:
        cli.main(prog_name="marchland", standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.Abort:
        click.echo("interrupted; what was finished is recorded, run again to resume", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except MarchlandError as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        # A full disk or a folder that went away can strike anywhere.
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}")
    except MemoryError:
        _fail("out of memory; give it less at once: fewer or smaller files, a shorter time")


def _fail(message: str) -> NoReturn:
    click.echo(f"marchland: {visible(message)}", err=True)
    sys.exit(1)
