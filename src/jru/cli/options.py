"""The options that every verb with settings shares, and what comes of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from jru.config import Settings, load_settings

DATA = Annotated[Path | None, typer.Option("--data", help="Directory of the log and its keys (JRU_DATA).")]
CONFIG = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Settings in TOML (JRU_CONFIG).")
]


def settings_of(config: Path | None, **flags: object) -> Settings:
    """Return the settings of the file, the environment and the flags; raises InvalidInput with every problem."""
    return load_settings(os.environ, config, flags)
