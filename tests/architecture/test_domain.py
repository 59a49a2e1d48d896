"""The domain is pure: standard library only, no clock, no chance, no input or output, no HTTP."""

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import imported_names, modules, name, syntax

THINGS_THAT_ACT = {
    *("asyncio", "ctypes", "http", "logging", "multiprocessing", "os", "pathlib", "random", "secrets"),
    *("select", "shutil", "signal", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "tempfile"),
    *("threading", "time", "urllib", "wsgiref"),
}
CLOCK_READINGS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}
UUID_DRAWS = {"uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7"}
INPUT_OUTPUT = {"open", "print", "input", "exec", "eval", "__import__"}
OWN_FLOOR = ("jru.domain", "jru.errors")


def domain() -> list[Path]:
    """Return the modules of the domain, of which there must be some."""
    found = modules("domain")
    assert found
    return found


def impurities(path: Path) -> list[str]:
    """Return what a module imports or calls that the domain may not."""
    found = [f"imports {name}" for name in sorted(imported_names(path)) if not allowed(name)]
    calls = (node for node in ast.walk(syntax(path)) if isinstance(node, ast.Call))
    found += [f"line {node.lineno} calls {called}" for node in calls if (called := forbidden_call(node.func))]
    return found


def allowed(full_name: str) -> bool:
    """Tell whether the domain may import this name."""
    top = full_name.partition(".")[0]
    if any(full_name == own or full_name.startswith(f"{own}.") for own in OWN_FLOOR):
        return True
    return top in sys.stdlib_module_names - THINGS_THAT_ACT and full_name not in UUID_DRAWS


def forbidden_call(function: ast.expr) -> str | None:
    """Return the name of a call that reads a clock or does input or output."""
    if isinstance(function, ast.Name) and function.id in INPUT_OUTPUT:
        return function.id
    if isinstance(function, ast.Attribute):
        owner = function.value
        owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if (owner_name, function.attr) in CLOCK_READINGS or f"{owner_name}.{function.attr}" in UUID_DRAWS:
            return f"{owner_name}.{function.attr}"
    return None


def test_the_domain_is_pure() -> None:
    found = {name(path): found for path in domain() if (found := impurities(path))}
    assert found == {}, "hand moments, ids and content in as arguments"


@pytest.mark.parametrize(
    "line",
    [
        "import random",
        "from time import monotonic",
        "from datetime import datetime\ndatetime.now()",
        "import datetime\ndatetime.date.today()",
        "import fastapi",
        "from http import HTTPStatus",
        "from jru.store import log",
        "from uuid import uuid4",
        "import uuid\nuuid.uuid4()",
        "open('x')",
    ],
)
def test_the_rule_finds_each_kind_of_impurity(tmp_path: Path, line: str) -> None:
    module = tmp_path / "impure.py"
    module.write_text(line)
    assert impurities(module)


def test_the_rule_lets_pure_code_pass(tmp_path: Path) -> None:
    module = tmp_path / "pure.py"
    module.write_text("from datetime import datetime\nfrom jru.domain.agency import Agency\nimport tomllib\n")
    assert impurities(module) == []
