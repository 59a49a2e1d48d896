"""What turns words into code, a file or a command stands nowhere; what the browser keeps is not about anybody."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.tree import imported_names, modules, name, syntax, tracked_files

NEVER_CALLED = {"eval", "exec", "compile", "__import__", "breakpoint"}
NEVER_IMPORTED = re.compile(
    r"^(pickle|marshal|shelve|dill|subprocess|pty|xml|lxml|xmlrpc|jinja2|mako|ldap|smtplib|telnetlib|ftplib|code"
    r"|os\.(system|popen|exec\w*|spawn\w*))(\.|$)"
)
WEAK = {"md5", "sha1", "new"}
RAW_SQL = {"text", "execute", "exec_driver_sql", "executemany"}
MAY_JOIN = {
    "src/jru/store/engines.py": "settings of SQLite, made of whole numbers and words of the program's own",
    "src/jru/store/erasure.py": "names of the program's own tables",
}
MARKUP = re.compile(
    r"\{@html|\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function|postMessage)\b|javascript:"
)
MAY_CONNECT = {
    "src/jru/exchange/oidc/client.py": "asks a partner's own directory, at the address that the blueprint names",
    "src/jru/exchange/webpush/addresses.py": "looks up the push services that the settings name",
    "src/jru/exchange/webpush/service.py": "tells browsers through them, sealed, of no more than kind and call sign",
    "src/jru/web/server.py": "listens",
    "src/jru/store/ownership.py": "asks for the name of this machine",
}
REACHES = re.compile(
    r"\]\s*\[[^\]]+\]\s*=[^=>]|__proto__|setPrototypeOf|\.prototype\b|\b(?:structured)?[mM]erge(?:Deep)?\("
)
"""A value put two keys deep, a prototype by name, a merge of whole trees."""

KEEPS = re.compile(r"\b(localStorage|sessionStorage|indexedDB|[dD]exie|caches|document\.cookie)\b")
NOT_BUILT = re.compile(r"/mock/|\.test\.ts$")
MAY_KEEP = {
    "frontend/shared/prefs.svelte.ts": "theme, density, sounds and keys of one device",
    "frontend/crew/outbox.ts": "taps that wait to be sent, sealed",
    "frontend/crew/copy.ts": "one job of the crew, sealed, with a key that no script reads out",
    "frontend/shared/copies.ts": "the end of that copy",
}


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(syntax(path)) if isinstance(node, ast.Call)]


def called(call: ast.Call) -> str:
    """Return the last word of what is called."""
    found = call.func
    return found.id if isinstance(found, ast.Name) else found.attr if isinstance(found, ast.Attribute) else ""


def front_end() -> list[Path]:
    kinds = (".ts", ".svelte", ".html", ".js")
    return [p for p in tracked_files() if name(p).startswith("frontend/") and p.suffix in kinds]


def test_no_words_become_code_or_a_command() -> None:
    found = [
        f"{name(p)}: {full}" for p in modules() for full in imported_names(p) if NEVER_IMPORTED.match(full)
    ]
    for path in modules():
        plain = (call for call in calls(path) if isinstance(call.func, ast.Name))
        found += [f"{name(path)}:{call.lineno}" for call in plain if called(call) in NEVER_CALLED]
    assert found == []


def joins_sql(path: Path) -> bool:
    """Tell whether a module puts a value into a statement's text."""
    firsts = [call.args[0] for call in calls(path) if called(call) in RAW_SQL and call.args]
    return any(isinstance(first, (ast.JoinedStr, ast.BinOp)) for first in firsts)


def test_no_words_of_a_request_are_joined_into_sql() -> None:
    found = {name(path) for path in modules() if joins_sql(path) and "/migrations/" not in name(path)}
    assert found == set(MAY_JOIN)


def test_no_weak_hash_is_used() -> None:
    found = []
    for path in modules():
        for call in calls(path):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and owner.id == "hashlib" and called(call) in WEAK:
                found.append(f"{name(path)}:{call.lineno}")
    assert found == []


def is_literal(part: ast.expr) -> bool:
    """Tell whether a part of a pattern is a constant's name or escaped."""
    if isinstance(part, ast.Call):
        return called(part) == "escape"
    return isinstance(part, ast.Name) and part.id.isupper()


def test_a_pattern_made_while_running_takes_words_literally() -> None:
    made = []
    for path in modules():
        for call in calls(path):
            owner = call.func.value if isinstance(call.func, ast.Attribute) else None
            if isinstance(owner, ast.Name) and owner.id == "re" and call.args:
                pattern = call.args[0]
                parts = pattern.values if isinstance(pattern, ast.JoinedStr) else []
                inner = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
                made += [f"{name(path)}:{call.lineno}"] if not all(map(is_literal, inner)) else []
    assert made == []


@pytest.mark.parametrize("path", front_end(), ids=name)
def test_the_front_end_shows_words_as_words(path: Path) -> None:
    assert MARKUP.findall(path.read_text(encoding="utf-8")) == []


HEARS_PASTE = re.compile(r"onpaste|on:paste|Listener\(\s*['\"`]paste")
MAY_HEAR_PASTE = {"frontend/console/room.svelte.ts"}
"""The console reads a block of another system's text pasted outside every field; a field keeps its own pasting."""


@pytest.mark.parametrize("path", front_end(), ids=name)
def test_nothing_hinders_pasting(path: Path) -> None:
    heard = HEARS_PASTE.search(path.read_text(encoding="utf-8"))
    assert bool(heard) is (name(path) in MAY_HEAR_PASTE)


@pytest.mark.parametrize("path", front_end(), ids=name)
def test_no_key_of_an_answer_reaches_a_prototype(path: Path) -> None:
    assert REACHES.findall(path.read_text(encoding="utf-8")) == []


def test_the_browser_keeps_nothing_about_anybody_but_sealed() -> None:
    keeping = {
        name(p)
        for p in front_end()
        if KEEPS.search(p.read_text(encoding="utf-8")) and not NOT_BUILT.search(name(p))
    }
    assert keeping == set(MAY_KEEP)


def test_the_rules_find_what_they_look_for() -> None:
    assert NEVER_IMPORTED.match("os.system")
    assert NEVER_IMPORTED.match("xml.etree.ElementTree")
    assert not NEVER_IMPORTED.match("os.path")
    assert MARKUP.search("{@html words}")
    assert KEEPS.search("window.localStorage.setItem")
    assert KEEPS.search("import Dexie from 'dexie'")
    assert REACHES.search("rows[id][name] = value")
    assert not REACHES.search("rows[id] = value")
    assert not REACHES.search("rows[id][name] === value")


def test_the_server_calls_nobody() -> None:
    calling = {
        name(path)
        for path in modules()
        if any(
            re.match(r"(httpx|requests|aiohttp|urllib\.request|http\.client|ftplib|socket)(\.|$)", full)
            for full in imported_names(path)
        )
        and not name(path).startswith("src/jru/demo/")
    }
    assert calling == set(MAY_CONNECT)
