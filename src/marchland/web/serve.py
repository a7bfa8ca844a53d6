"""`marchland serve`: the workbench on loopback."""

import socket
from contextlib import suppress

import click
import uvicorn

from marchland.dates import parse_day
from marchland.errors import BadInput
from marchland.theatre import open_theatre
from marchland.web.app import create_app

_HOST = "127.0.0.1"
_LAST_PORT = 65535


@click.command(short_help="Open the workbench on loopback.")
@click.option("--port", default=8765, show_default=True, help="0 takes any free one.")
@click.option("--as-of", metavar="DAY", help="Use only what was published by this day.")
@click.pass_context
def serve(ctx: click.Context, port: int, as_of: str | None) -> None:
    """Open the workbench on loopback.

    Only this machine can reach it. Stop it with Ctrl-C.
    """
    if not 0 <= port <= _LAST_PORT:
        raise click.BadParameter(f"{port} is not in 0 to {_LAST_PORT}", param_hint="--port")
    known_by = parse_day(as_of) if as_of else None
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Before the work, so that nobody waits for a port that is taken.
        try:
            listener.bind((_HOST, port))
        except OSError as error:
            raise BadInput(f"port {port} can't be used: {error.strerror}; try --port 0") from error
        click.echo("Reading and inferring...", err=True)
        with open_theatre(ctx.obj["where"] or ".", revision=ctx.obj["revision"]) as theatre:
            app = create_app(theatre, as_of=known_by)
            app.state.bench.warm()
            listener.listen()
            click.echo(f"Open http://{_HOST}:{listener.getsockname()[1]}/", err=True)
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
            # Ctrl-C is how it is stopped.
            with suppress(KeyboardInterrupt):
                server.run(sockets=[listener])
