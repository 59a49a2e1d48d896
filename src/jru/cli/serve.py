"""`jru serve`: the server for control rooms and crews."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jru.config import load_settings

DATA = Annotated[Path | None, typer.Option("--data", help="Directory of the log and its keys (JRU_DATA).")]
HOST = Annotated[str | None, typer.Option("--host", help="Address to listen on; 127.0.0.1 when absent.")]
PORT = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port; 8080 when absent.")]


def serve(data: DATA = None, host: HOST = None, port: PORT = None) -> None:
    """Open the log in the data directory and serve the console and the crew app."""
    from jru.bootstrap import build
    from jru.web.server import run_server

    settings = load_settings(os.environ, flags={"data": data, "host": host, "port": port})
    system = build(settings)
    try:
        run_server(
            system.app, settings.host, settings.port, ready=lambda url: typer.echo(f"jru serves {url}")
        )
    finally:
        system.close()
