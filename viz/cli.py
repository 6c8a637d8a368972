"""`gpfed dashboard`: serve the page on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False)

LOCAL = ("127.0.0.1", "localhost", "::1")


@app.callback()
def commands() -> None:
    """Commands of the dashboard."""


@app.command("dashboard")
def dashboard(
    places: Annotated[
        list[str] | None, typer.Argument(help="Folders or CSV files of places to offer beside the presets.")
    ] = None,
    port: Annotated[int, typer.Option(help="1024 to 65535.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to serve on; 127.0.0.1 is this machine alone.")] = "127.0.0.1",
    most_runs: Annotated[int, typer.Option(help="Most simulations at once.")] = 30,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Whether to open a browser.")] = True,
) -> None:
    """Explore five years in a browser: play, move levers, ask why, take the results home."""
    from abm.errors import InputError
    from viz.server import serve

    if not 1024 <= port <= 65_535:
        raise InputError(f"--port {port} is out of range; allowed are 1024 to 65535")
    if not 1 <= most_runs <= 1000:
        raise InputError(f"--most-runs {most_runs} is out of range; allowed are 1 to 1000")
    offered = {}
    for place in places or ():
        path = Path(place)
        if not path.exists():
            raise InputError(f"the place '{place}' does not exist; allowed is a CSV file or a folder of a place")
        offered[path.resolve().stem] = path.resolve()
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}/"

    def ready() -> None:
        typer.echo(f"The dashboard is at {address} (Ctrl-C ends it).")
        if host not in LOCAL:
            typer.echo(
                f"It listens on {host}: everybody who can reach this machine can use it, without a password and "
                "unencrypted. For more than a trusted network see docs/hosting.md."
            )
        if open_browser:
            import webbrowser

            webbrowser.open(address)

    typer.echo("Starting; the first time the engine is compiled, about a minute ...")
    serve(host, port, offered, most_runs, ready)
