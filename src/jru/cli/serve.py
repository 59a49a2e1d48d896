"""`jru serve`: the server for control rooms and crews."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import CONFIG, DATA, settings_of

HOST = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 when absent.")]
PORT = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; 8080 when absent.")]


def serve(data: DATA = None, host: HOST = None, port: PORT = None, config: CONFIG = None) -> None:
    """Open the log in the data directory and serve the console and the crew app."""
    from jru.bootstrap import build
    from jru.web.server import run_server

    settings = settings_of(config, data=data, host=host, port=port)
    system = build(settings)
    try:
        run_server(
            system.app, settings.host, settings.port, ready=lambda url: typer.echo(f"jru serves {url}")
        )
    finally:
        system.close()
