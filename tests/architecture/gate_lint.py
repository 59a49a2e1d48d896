"""Reads the sources for ways around the gate: raw content in services, raw state in the web, fields without a label.

A line that has to be an exception says so: `# past the gate: why` with at least three words of reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

ESCAPE = re.compile(r"# past the gate: (\S+ ){2,}\S+")
READ_CONTENTS = {
    "board": "keeps what rows show, by label",
    "debriefing": "reads a whole exercise, of invented people, to say what the gate let through to whom",
    "ground": "reads back the ids of a repeated command",
    "own_record": "reads a person's own names and debriefs, within what the viewer may be handed",
    "reading": "reads what narrative and gate then let through",
    "record_view": "reads the own service's records for the gate",
    "retention": "looks for what is due for erasure",
    "system": "hands the stores to those above",
}
"""The modules of the services that may touch contents, and what for."""
CONTENTS = frozenset({"payloads", "_payloads", "part_content", "content_of", "get_many", "_contents"})
UNPROJECTED = frozenset(
    {
        *("jru.services.board", "jru.services.streams", "jru.services.ports", "jru.services.records"),
        *("jru.services.part_records", "jru.services.reading", "jru.services.record_view"),
        *("jru.services.incident_view", "jru.services.unit_view", "jru.services.narrative"),
        *("jru.services.projection", "jru.services.past_records", "jru.services.consequences"),
        *("jru.domain.incident", "jru.domain.unit", "jru.domain.joint", "jru.domain.codec"),
        *("jru.domain.incident_events", "jru.domain.unit_events", "jru.domain.record_events"),
        *("jru.domain.record_book", "jru.domain.events"),
    }
)
"""Modules that hold what no viewer has been weighed against: the web imports none of them."""
INSIDES = frozenset(
    {"ground", "payloads", "legs", "reading", "recorder", "parts", "log", "fetch", "fetch_unit"}
)
"""Names behind the services' doors."""
Rule = Callable[[ast.Module], Iterator[tuple[int, str]]]


def contents_read(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where contents of events are read."""
    for node in ast.walk(tree):
        name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
        if name in CONTENTS:
            yield node.lineno, f"touches contents: {name}"  # type: ignore[attr-defined]


def rows_made_of_state(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where a whole object is turned into a row, fields without a label included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("__dict__", "asdict", "astuple"):
            yield node.lineno, f"makes a row of an object: {node.attr}"
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in ("vars", "asdict", "astuple"):
            yield called.lineno, f"makes a row of an object: {called.id}"


def insides_reached(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield where the web reaches behind the services' doors."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in INSIDES:
            yield node.lineno, f"reaches behind the services: {node.attr}"
        elif isinstance(node, ast.ImportFrom) and node.module in UNPROJECTED:
            yield node.lineno, f"imports what is not projected: {node.module}"


def looks_without_viewer(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the routes behind the door that ask the services without saying for whom."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef) and _is_guarded_route(node):
            called = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
            if "services_of" in called and "viewer_at" not in called:
                yield node.lineno, f"{node.name} asks the services for nobody"


def _names_in(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}


def _is_guarded_route(node: ast.AsyncFunctionDef) -> bool:
    for mark in node.decorator_list:
        if not isinstance(mark, ast.Call):
            continue
        words = {each.arg: each.value for each in mark.keywords}
        signed_in = words.get("openapi_extra")
        looks = isinstance(mark.func, ast.Attribute) and mark.func.attr == "get"
        if looks and signed_in is not None and "SIGNED_IN" in _names_in(signed_in):
            return True
        if isinstance(mark.func, ast.Name) and mark.func.id in ("_get", "reading"):
            return True
    return False


def fields_without_label(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the fields of records (classes with a relation) that are declared without `label(...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        fields = [item for item in node.body if isinstance(item, ast.AnnAssign)]
        names = [item.target.id for item in fields if isinstance(item.target, ast.Name)]
        if names[:1] != ["relation"]:
            continue
        for item, name in zip(fields[1:], names[1:], strict=True):
            value = item.value
            labelled = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
            if not (labelled and value.func.id == "label"):  # type: ignore[union-attr]
                yield item.lineno, f"{node.name}.{name} has no label"


def breaches(source: str, *rules: Rule) -> list[str]:
    """Return what the rules find in a source, without the lines that name their exception."""
    lines = source.splitlines()
    tree = ast.parse(source)
    found = {(line, words) for rule in rules for line, words in rule(tree)}
    return [f"line {line}: {words}" for line, words in sorted(found) if not ESCAPE.search(lines[line - 1])]
