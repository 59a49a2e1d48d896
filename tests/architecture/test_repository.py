"""What may not stand in the repository, and what must agree with what."""

import json
import re
import stat
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, text_files

THIS = "tests/architecture/test_repository.py"
ADDRESS_OF_AN_INDEX = re.compile(
    r"pypi\.org/simple|files\.pythonhosted|registry\.npmjs|registry\.yarnpkg|npmmirror"
    r"|--(extra-)?index-url|--find-links|file:///\w|\"resolved\": *\"http",
)
PATH_OF_A_MACHINE = re.compile(
    r"(?<![\w.~/-])/(?:work|root|home|Users)/[\w.]+|(?<![\w.~/-])/tmp/\w|[A-Z]:\\\\?Users"
)
MARKS_OF_HASTE = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
DECISIONS = ROOT / "docs" / "decisions"


def pyproject() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("pattern", [ADDRESS_OF_AN_INDEX, PATH_OF_A_MACHINE], ids=["index", "machine"])
def test_no_file_names_a_package_index_or_a_place_on_one_machine(pattern: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}"
        for name, text in text_files()
        if name != THIS and pattern.search(text)
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    marked = [
        name
        for name, text in text_files()
        if name.endswith((".py", ".ts", ".svelte", ".toml", ".css", ".html"))
        and name != THIS
        and MARKS_OF_HASTE.search(text)
    ]
    assert marked == []


def test_the_lock_holds_pinned_names_and_hashes_only() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pin = re.compile(r"[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[\w.!+]+( ; [^\\/]+)? \\")
    kept = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in lines if not (pin.fullmatch(line) or kept.fullmatch(line))] == []
    assert len(lines) > 100


def test_the_lock_covers_every_requirement() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    project = pyproject()["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    wanted += project["optional-dependencies"]["test"]
    names = [re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0] for requirement in wanted]
    assert [name for name in names if not re.search(rf"^{re.escape(name)}==", lock, re.MULTILINE)] == []


def test_what_builds_the_wheel_is_pinned() -> None:
    requires = pyproject()["build-system"]["requires"]
    assert [
        requirement for requirement in requires if not re.fullmatch(r"[a-z-]+==[\d.]+", requirement)
    ] == []


def test_the_changelog_starts_with_the_version_that_is_built() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+)", changelog, re.MULTILINE)
    assert newest
    assert newest.group(1) == pyproject()["project"]["version"]


def test_the_tests_of_the_readme_are_the_tests_that_run_elsewhere() -> None:
    script = ROOT / ".ci" / "run"
    commands = [
        line for line in script.read_text().splitlines() if line and not line.startswith(("#", "set "))
    ]
    assert commands == ["make test"]
    assert script.stat().st_mode & stat.S_IXUSR
    assert "make test" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_target_promised_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = ["run", "test", "check", "bench", "docs", "soak"]
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_unit_tests_of_the_front_end_are_among_the_tests() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [needed] = re.findall(r"^test: (.*?) ##", makefile, re.MULTILINE)
    assert "units" in needed.split()
    [steps] = re.findall(r"^units:.*\n\t(.*)$", makefile, re.MULTILINE)
    assert steps == "$(BIN)/python scripts/frontend.py run test"
    package = json.loads((ROOT / "frontend" / "package.json").read_text(encoding="utf-8"))
    assert package["scripts"]["test"] == "vitest run"


def decisions() -> list[Path]:
    return sorted(DECISIONS.glob("[0-9]*.md"))


def test_every_decision_ends_with_what_enforces_it() -> None:
    assert decisions()
    wrong = []
    for path in decisions():
        last = path.read_text(encoding="utf-8").rstrip().rpartition("\n\n")[2]
        named = re.findall(r"`([\w./-]+/[\w./-]+)`", last)
        if not last.startswith("Enforced by:") or not all((ROOT / file).exists() for file in named):
            wrong.append(path.name)
    assert wrong == [], "the last paragraph is `Enforced by: ...` and every file in it exists"


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    numbers = [int(path.name[:4]) for path in decisions()]
    assert numbers == list(range(1, len(numbers) + 1))
    listed = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in decisions() if f"({path.name})" not in listed] == []


def test_the_built_front_end_is_not_in_git() -> None:
    assert not [name for name, _ in text_files() if name.startswith("src/jru/web/static/")]
