"""Blueprint texts for the tests: the embedded one, and broken copies of it."""

from functools import cache

from jru.blueprints import embedded_blueprint
from jru.domain.blueprint_lines import LineIndex, Path, index_lines
from jru.domain.blueprint_parsing import BlueprintErrors, Problem, parse_blueprint


@cache
def embedded() -> str:
    """Return the embedded blueprint."""
    return embedded_blueprint()


@cache
def embedded_lines() -> LineIndex:
    """Return the places of its keys."""
    return index_lines(embedded())


def with_value(path: Path, written: str) -> str:
    """Return the embedded blueprint with the value at a path written anew."""
    span = embedded_lines().values[path]
    return embedded()[: span.start] + written + embedded()[span.end :]


def without(path: Path) -> str:
    """Return the embedded blueprint without a key or table."""
    span = embedded_lines().entries[path]
    assert span.end > span.start
    return embedded()[: span.start] + embedded()[span.end :]


def line_of(text: str, marker: str) -> int:
    """Return the only line that holds a marker."""
    [line] = [number for number, line in enumerate(text.split("\n"), 1) if marker in line]
    return line


def problems_of(text: str) -> list[Problem]:
    """Return what is wrong with a text; every problem must name a line of it."""
    try:
        parse_blueprint(text)
    except BlueprintErrors as errors:
        found = list(errors.problems)
    else:
        return []
    assert found
    last = text.count("\n") + 1
    assert [problem for problem in found if not 1 <= problem.line <= last] == []
    assert [problem for problem in found if not problem.message or not problem.path] == []
    return found
