"""The documentation says what the code does: nothing missing, nothing that is not there."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import httpx
import pytest

from jru.bootstrap import build
from jru.clock import SeededRandom, VirtualClock
from jru.config import CONFIG_VARIABLE, SETTINGS, Settings
from jru.domain.agency import Agency, Role
from jru.domain.events import EVENT_TYPES
from jru.web.server import serving
from scripts import docs
from tests.architecture.tree import ROOT, name, tracked_files

DOCS = ROOT / "docs"
REPORTS = DOCS / "howto" / "connect-a-control-room.md"
SERVER = DOCS / "howto" / "run-a-server.md"
AFTER_THE_EXAMPLES = datetime(2025, 1, 18, 0, 0, tzinfo=UTC)
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLACES = r"(?:src|docs|tests|scripts|benchmarks|frontend)"
OTHER_VARIABLES = {CONFIG_VARIABLE, "JRU_CHROMIUM"}


@cache
def pages() -> tuple[Path, ...]:
    """Return every page of the project's own documentation."""
    return tuple(path for path in tracked_files() if path.suffix == ".md")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    """Return a page without its examples."""
    return FENCE.sub("", text_of(path))


def examples_of(path: Path) -> list[str]:
    return FENCE.findall(text_of(path))


def anchors_of(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", prose_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links() -> Iterator[tuple[Path, str]]:
    for page in pages():
        for target in LINK.findall(prose_of(page)):
            if not re.match(r"[a-z]+:", target):
                yield page, target


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_generated_page_is_what_the_code_says(page: str) -> None:
    assert text_of(DOCS / page) == docs.PAGES[page](), "run `make docs`"


def test_every_link_leads_somewhere() -> None:
    broken = []
    for page, target in links():
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        if not found.exists() or (anchor and found.suffix == ".md" and anchor not in anchors_of(found)):
            broken.append(f"{name(page)}: {target}")
    assert broken == []


def test_every_file_that_is_named_is_there() -> None:
    named = re.compile(rf"`({PLACES}/[\w./-]+)`")
    missing = [
        f"{name(page)}: {path}"
        for page in pages()
        for path in named.findall(prose_of(page))
        if not (ROOT / path).exists()
    ]
    assert missing == []


def test_the_map_leads_to_every_page() -> None:
    reached: set[Path] = set()
    to_read = [DOCS / "README.md"]
    while to_read:
        page = to_read.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        targets = (target.partition("#")[0] for target in LINK.findall(prose_of(page)) if ":" not in target)
        to_read += [(page.parent / target).resolve() for target in targets if target]
    assert [name(page) for page in pages() if page.is_relative_to(DOCS) and page not in reached] == []


def hand_written() -> str:
    generated = {DOCS / page for page in docs.PAGES}
    own = (page for page in pages() if page.parent == ROOT or page.is_relative_to(DOCS))
    return "\n".join(text_of(page) for page in own if page not in generated)


def test_every_verb_is_explained_and_used() -> None:
    listed, used = text_of(DOCS / "reference" / "cli.md"), hand_written()
    paths = [" ".join(path) for path, _ in docs.verbs()]
    assert [path for path in paths if f"\n## {path}\n" not in listed] == []
    assert [path for path in paths if not re.search(rf"\b{path}\b", used)] == []


def test_every_verb_that_is_named_exists() -> None:
    words = {path[1:] for path, _ in docs.verbs()}
    groups = {path[0] for path in words if len(path) > 1}
    given = re.findall(r"(?:`|^ *(?:\$ )?|\$\()jru ([a-z-]+)(?: ([a-z-]+))?", hand_written(), re.MULTILINE)
    verbs = [verb for verb in given if verb[0] != "serves"]
    wrong = [
        " ".join(verb)
        for verb in verbs
        if not ((verb[0],) in words or verb in words or (verb[0] in groups and not verb[1]))
    ]
    assert len(verbs) > 20
    assert wrong == []


def test_every_setting_is_documented_and_no_other_is_named() -> None:
    page = text_of(DOCS / "reference" / "configuration.md")
    assert [s.name for s in SETTINGS if f"| `{s.name}` | `{s.variable}` |" not in page] == []
    known = {setting.variable for setting in SETTINGS} | OTHER_VARIABLES
    assert set(re.findall(r"\bJRU_[A-Z_]+\b", hand_written())) - known == set()


def test_every_event_is_documented() -> None:
    headings = re.findall(r"^### (\w+)$", text_of(DOCS / "reference" / "events.md"), re.MULTILINE)
    assert sorted(headings) == sorted(EVENT_TYPES)


def test_every_make_target_that_is_named_exists() -> None:
    makefile = text_of(ROOT / "Makefile")
    named = set(re.findall(r"(?:`|^)make ([a-z]+)\b", hand_written(), re.MULTILINE))
    assert [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    assert {"run", "test"} <= named


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    rows = re.findall(r"^\| \*\*(.+?)\*\*", text_of(DOCS / "glossary.md"), re.MULTILINE)
    words = [row.lower() for row in rows]
    assert words == sorted(words)
    assert len(set(words)) == len(words) > 50


def test_the_examples_of_the_guides_work_as_they_say(tmp_path: Path) -> None:
    reports = [found for example in examples_of(REPORTS) for found in _reports(example)]
    (booking,) = re.findall(r"api/v1/units .*?--data '(\{.*?\})'", text_of(SERVER), re.DOTALL)
    clock, chance = VirtualClock(AFTER_THE_EXAMPLES), SeededRandom("documentation")
    system = build(Settings(data=tmp_path), clock=clock, random=chance)
    try:
        tokens = {a: system.issue_token(Role(f"{a}_dispatcher"), a) for a in Agency}
        with serving(system.app) as url, httpx.Client(base_url=f"{url}/api/v1", timeout=20) as client:

            def post(agency: Agency, path: str, body: object) -> int:
                key = hashlib.sha256(repr((agency, body)).encode()).hexdigest()
                headers = {"authorization": f"Bearer {tokens[agency]}", "idempotency-key": key}
                return client.post(path, json=body, headers=headers).status_code

            taken = [post(agency, "/reports", body) for agency, body in reports]
            booked = post(Agency.POLICE, "/units", json.loads(booking))
            seen = client.get("/board", headers={"authorization": f"Bearer {tokens[Agency.POLICE]}"}).json()
    finally:
        system.close()
    assert taken == [201, 201, 200, 200, 202]
    assert booked == 201
    assert [(unit["call_sign"], unit["joint_complete"]) for unit in seen["units"]] == [("JR01", True)]
    fight, other = seen["incidents"]
    assert [row["type"]["id"] for row in (fight, other)] == ["assault_injury"] * 2
    assert (fight["phase"], fight["suitability"]["verdict"]) == ("closed", "hold")
    assert other["candidate"]["rule"].startswith("ambulance_")


def _reports(example: str) -> Iterator[tuple[Agency, object]]:
    for token, body in re.findall(r"send \"\$(POLICE|AMBULANCE)\" '(\{.*?\})'", example, re.DOTALL):
        yield Agency(token.lower()), json.loads(body)
