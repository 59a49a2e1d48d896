"""Starts a new scheme from the text of another one, comments kept."""

from __future__ import annotations

import json
from datetime import datetime

from jru.domain.blueprint_lines import LineIndex, Path, Span, index_lines
from jru.domain.blueprint_parsing import normal, parse_blueprint

_ONLY_THE_OLD_SCHEME = ("approval", "state")


def start_scheme(text: str, name: str, title: str) -> str:
    """Return a blueprint text like `text`, under another name at version 1.

    Approvals go, because nobody has approved the new scheme, and every district starts in the state `baseline`.
    Raises `BlueprintErrors` when `text` is not a valid blueprint.
    """
    old = parse_blueprint(text)
    text = normal(text)
    if not text.endswith("\n"):
        text += "\n"
    lines = index_lines(text)
    states = _baseline_states(list(old.districts), old.effective_at, old.name)
    edits = [
        (lines.values["scheme", "name"], json.dumps(name)),
        (lines.values["scheme", "title"], json.dumps(title, ensure_ascii=False)),
        (lines.values["scheme", "version"], "1"),
    ]
    removed = [span for section in _ONLY_THE_OLD_SCHEME for span in _section_spans(section, lines)]
    edits += [(span, "") for span in removed]
    rewritten = _apply(edits, text).rstrip("\n") + "\n"
    return rewritten + "\n" + states


def _section_spans(section: str, lines: LineIndex) -> list[Span]:
    """Return the places of a section, written as `[[section]]` tables or as one array."""
    return [span for path, span in lines.entries.items() if path[0] == section and _is_whole(path, span)]


def _is_whole(path: Path, span: Span) -> bool:
    return span.end > span.start and len(path) <= 3


def _apply(edits: list[tuple[Span, str]], text: str) -> str:
    written = ""
    at = 0
    for span, replacement in sorted(edits, key=lambda edit: (edit[0].start, -edit[0].end)):
        if span.start < at:  # inside a stretch that is already gone
            at = max(at, span.end)
            continue
        written += text[at : span.start] + replacement
        at = span.end
        if not replacement:
            at += len(text[at:]) - len(text[at:].lstrip("\n"))
    return written + text[at:]


def _baseline_states(districts: list[str], since: datetime, origin: str) -> str:
    return "\n".join(
        f'[[state]]\ndistrict = "{district}"\nstatus = "baseline"\n'
        f'since = {since.isoformat().replace("+00:00", "Z")}\nby = "Scheme board"\n'
        f'reason = "Started from {origin}: recorded only, nothing is offered."\n'
        'assumed = "a new scheme starts with its baseline"\n'
        for district in districts
    )
