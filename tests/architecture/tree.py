"""The files of the project, as the architecture tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "jru"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Return every file of the project that git tracks or would track."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(sorted(path for name in set(listed.split("\0")) if (path := ROOT / name).is_file()))


def text_files() -> Iterator[tuple[str, str]]:
    """Yield name and text of every tracked file that holds text."""
    for path in tracked_files():
        try:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def modules(under: str = "") -> list[Path]:
    """Return the Python modules below `src/jru/<under>`."""
    return sorted((SOURCE / under).rglob("*.py"))


def name(path: Path) -> str:
    """Return a path the way a person would write it."""
    return str(path.relative_to(ROOT))


@cache
def syntax(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_names(path: Path) -> set[str]:
    """Return the full names of everything that a module imports absolutely, such as `datetime.datetime`."""
    names: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names
