"""Frameworks stay where they belong, and what is imported is declared."""

import importlib.metadata
import re
import sys
import tomllib

import pytest

from tests.architecture.tree import ROOT, imported_names, modules, name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OUTER = {"fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "psycopg", "pydantic", "typer", "httpx"}


def tops(under: str) -> dict[str, set[str]]:
    """Return, for each module below `under`, the top-level packages that it imports."""
    return {name(path): {full.partition(".")[0] for full in imported_names(path)} for path in modules(under)}


@pytest.mark.parametrize(
    ("under", "forbidden"),
    [
        ("domain", OUTER),
        ("services", OUTER),
        ("geo", OUTER),
        ("store", {"fastapi", "starlette", "uvicorn", "pydantic", "typer"}),
        ("exchange", {"fastapi", "starlette", "uvicorn", "sqlalchemy", "typer"}),
        ("web", {"sqlalchemy", "alembic", "psycopg", "typer"}),
    ],
)
def test_a_layer_keeps_frameworks_out(under: str, forbidden: set[str]) -> None:
    found = tops(under)
    assert found
    assert {path: got for path, packages in found.items() if (got := packages & forbidden)} == {}


def importers_of(*targets: str) -> set[str]:
    """Return the modules that import one of `targets` or something in it."""
    return {
        name(path)
        for path in modules()
        if any(f"{full}.".startswith(f"{target}.") for full in imported_names(path) for target in targets)
    }


def test_the_web_never_imports_the_store() -> None:
    assert {path for path in importers_of("jru.store") if path.startswith("src/jru/web/")} == set()


def test_only_the_bootstrap_imports_the_payload_stores_of_police_and_patients() -> None:
    kept = importers_of("jru.store.police_records", "jru.store.patient_records")
    assert kept <= {"src/jru/bootstrap.py"}


def test_every_package_imported_is_declared() -> None:
    extras = PROJECT["optional-dependencies"]
    declared = {bare(line) for line in [*PROJECT["dependencies"], *extras["postgres"]]}
    provided = importlib.metadata.packages_distributions()
    undeclared: set[str] = set()
    for path, packages in tops("").items():
        for package in packages - sys.stdlib_module_names - {"jru"}:
            distributions = {bare(found) for found in provided.get(package, [package])}
            if not distributions & (declared | {"starlette"}):
                undeclared.add(f"{path} imports {package}")
    assert undeclared == set(), "add it to the dependencies in pyproject.toml and run `make lock`"


def bare(requirement: str) -> str:
    """Return the normalised name of a requirement, without extras and bounds."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found.group()).lower()
