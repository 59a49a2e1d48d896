"""Size and names of modules and classes."""

import ast
import re

from tests.architecture.tree import ROOT, modules, name, syntax, tracked_files

MOST_LINES = 500
SAYS_NOTHING = {
    *("manager", "managers", "helper", "helpers", "util", "utils", "handler", "handlers"),
    *("processor", "processors", "data", "info"),
}


def words(identifier: str) -> list[str]:
    """Split snake_case and CamelCase into lower-case words."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]


def test_names_split_into_words() -> None:
    assert words("HTTPHandler") == ["http", "handler"]
    assert words("data_info2") == ["data", "info"]
    assert words("Database") == ["database"]


def test_no_module_is_longer_than_a_head_can_hold() -> None:
    written = [
        path
        for path in tracked_files()
        if path.suffix in {".py", ".ts", ".svelte"} and path.relative_to(ROOT).parts[0] != "docs"
    ]
    assert written
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in written}
    too_long = {path: lines for path, lines in lengths.items() if lines > MOST_LINES}
    assert too_long == {}, f"split these: at most {MOST_LINES} lines"


def test_names_of_modules_and_classes_say_what_they_are() -> None:
    vague: list[str] = []
    for path in modules():
        if SAYS_NOTHING & set(words(path.stem)):
            vague.append(name(path))
        vague += [
            f"{name(path)}:{node.lineno} {node.name}"
            for node in ast.walk(syntax(path))
            if isinstance(node, ast.ClassDef) and SAYS_NOTHING & set(words(node.name))
        ]
    assert vague == [], "use the field's word instead"


def test_every_package_says_in_one_line_what_it_is_for() -> None:
    silent = [
        name(path) for path in modules() if path.name == "__init__.py" and not ast.get_docstring(syntax(path))
    ]
    assert silent == []


def test_package_folders_are_packages() -> None:
    folders = {path.parent for path in modules()}
    assert [name(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
