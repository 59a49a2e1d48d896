"""Schemes that ship with the product."""

from __future__ import annotations

from importlib.resources import files


def embedded_blueprint() -> str:
    """Return the text of the scheme that `jru` uses when it is given none: north Kent."""
    return files(__name__).joinpath("north_kent", "blueprint.toml").read_text(encoding="utf-8")
