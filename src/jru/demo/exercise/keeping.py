"""Debriefs as files beside the log that they were made from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from jru.demo.api import Row
from jru.demo.exercise.page import page_of

DEBRIEF_FILE: Final = "debrief.json"
PAGE_FILE: Final = "debrief.html"


def save(directory: Path, found: Row) -> None:
    """Keep a debrief as JSON and as a page; the JSON appears last, and whole."""
    (directory / PAGE_FILE).write_text(page_of(found), encoding="utf-8")
    begun = directory / f"{DEBRIEF_FILE}.begun"
    begun.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    begun.replace(directory / DEBRIEF_FILE)


def kept(directory: Path) -> Row | None:
    """Return the debrief that is kept in a directory, or None."""
    path = directory / DEBRIEF_FILE
    if not path.exists():
        return None
    found: Row = json.loads(path.read_text(encoding="utf-8"))
    return found
