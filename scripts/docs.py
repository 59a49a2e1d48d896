"""Write the generated pages: the reference from the code, the assurance pages from code and assurance files.

`make docs` writes docs/reference/{events,roles-and-labels,cli,records}.md and
docs/assurance/{controllers,hazard-log,asvs}.md. With `--check` nothing is written; the exit code is 1 when a page is
not what the code says.
"""

from __future__ import annotations

import inspect
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.assurance import asvs_page, controllers_page, hazards_page
from scripts.markdown import page, paragraph, table

DOCS = Path(__file__).resolve().parents[1] / "docs"
SCHEME_EVENTS = frozenset({"BlueprintAdopted", "DistrictStateSet"})
WORDS: dict[object, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "yes or no",
    datetime: "time",
    object: "value",
    Any: "value",
}
LABEL_WORDS = {
    "operational": "type, place, times, references, statuses, shared lines: both services",
    "safety": "hazards, scene safe, rendezvous point: both services",
    "identity": "a room's own remarks, callers, names: the service that took them down",
    "clinical": "what the clinician writes: the ambulance service",
    "police_intel": "intelligence: the police",
    "police_evidence": "evidence: the police",
    "staff": "names of crew members: their own service",
    "statistics": "figures without persons",
}

EVENTS_INTRO = """
The {count} things that can happen. Each event stands in one stream, under a number that rises by one through the
whole log. The fields below are all that the log itself keeps of it, beside who, when and the hashes: ids, codes,
times and a coarse cell. Exact places, words, names and telephone numbers are *parts*, kept outside the log and named
in it by a salted hash. The sentence is what a person reads; names in braces are fields. How the log is chained:
[the event log](../explanation/event-log.md).
"""
ROLES_INTRO = """
Every field of every record carries one label. A person sees a field when their role holds a grant for its label, they
stand in a relation to the record, and they look for a purpose that the role works for. Whatever stands in no table is
denied. Why it is so: [the gate](../explanation/gate.md). The label of each field: [records](records.md).
"""
GRANTS_INTRO = """
`r` read; `rw` read and write notes with this label; `own` read what the own service owns; `own open` that, while the
incident is open; `own rw` read and write what the own service owns. Empty: nothing. `jru access matrix` prints the
same table; `jru access explain` says for one person and one record which rule allowed or denied each field.
"""
RELATION_INTRO = """
A grant alone shows nothing: the record must also concern the person. A record of one service that the other does not
know of is nobody's there. The crew roles are {crew}: they see the incidents of their own unit, those offered to it,
and every open candidate that has no joint unit yet, and act for their own unit only.
"""
COMMANDS_INTRO = """
The tasking policy, the status of the unit and the state of the district may still refuse a command, with the reason. A
command that is not in the table is refused to everybody who comes through the gate. `AdoptBlueprint` is given by the
administrator at the shell: [change the scheme](../howto/change-the-scheme.md).
"""
CLI_INTRO = """
Exit code 0: done; 1: refused or found wrong, with one clear message; 2: the command line cannot be read. Settings may
also come from a file or the environment: [configuration](configuration.md).
"""
RECORDS_INTRO = """
What may leave the product, and the label that decides who sees each field. A field without a label stops the program
at its start. The shape of the objects inside is in the OpenAPI description, at `/api/v1/openapi.json` on a running
server. Who holds which label: [roles and labels](roles-and-labels.md).
"""


def type_words(kind: Any) -> str:
    """Return a type as a reader of the documents knows it."""
    if kind in WORDS:
        return WORDS[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = [type_words(a) for a in arguments if a is not type(None)]
        return " or ".join(inner) + (" or none" if type(None) in arguments else "")
    if origin is dict:
        return "object"
    if origin in (tuple, frozenset, list):
        return f"list of {type_words(arguments[0])}"
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"Label": "label", "Agency": "agency"}.get(kind.__name__, "one of " + ", ".join(kind))
    return re.sub(r"(?<!^)(?=[A-Z])", " ", getattr(kind, "__name__", str(kind))).lower()


# Events


def events_page() -> str:
    """Return every event type with version, sentence and fields."""
    from jru.domain import glass_events, incident_events, record_events, retention_events, shift_events
    from jru.domain.events import EVENT_TYPES

    of_incident = [e for e in EVENT_TYPES.values() if e.cls.__module__ == incident_events.__name__]
    of_scheme = [e for e in EVENT_TYPES.values() if e.kind in SCHEME_EVENTS]
    of_record = [e for e in EVENT_TYPES.values() if e.cls.__module__ == record_events.__name__]
    of_glass = [e for e in EVENT_TYPES.values() if e.cls.__module__ == glass_events.__name__]
    of_keeping = [e for e in EVENT_TYPES.values() if e.cls.__module__ == retention_events.__name__]
    of_shift = [e for e in EVENT_TYPES.values() if e.cls.__module__ == shift_events.__name__]
    known = [*of_incident, *of_record, *of_shift, *of_scheme, *of_glass, *of_keeping]
    of_unit = [e for e in EVENT_TYPES.values() if e not in known]
    return page(
        "Events",
        "the modules `src/jru/domain/*_events.py`",
        EVENTS_INTRO.format(count=len(EVENT_TYPES)),
        "## Of an incident",
        "Streams: `inc_…/op` (what both services may know), `inc_…/police` and `inc_…/patient` (what one keeps).",
        *map(_event, of_incident),
        "## Records of an incident",
        "Streams: `inc_…/police` and `inc_…/patient`; situation reports are for both services, on `inc_…/op`. What was "
        "written is a part in the owner's store. A record is never changed: `corrects` names the one it replaces.",
        *map(_event, of_record),
        "## Of a unit",
        "Stream: `unt_…`, one for each duty of a call sign.",
        *map(_event, of_unit),
        "## Of a crew's shift",
        "Streams: `unt_…`; what a member says of a duty, on `dbf_…/police` and `dbf_…/ambulance`.",
        *map(_event, of_shift),
        "## Of the scheme",
        "Stream: `scheme`.",
        *map(_event, of_scheme),
        "## Of restricted fields",
        "Stream: `glass`: who opened what their role does not show, and what the privacy officers found.",
        *map(_event, of_glass),
        "## Of retention",
        "Streams: `retention/police` and `retention/ambulance` for holds, requests and reviews of one service; erasure "
        "stands in the stream of what was erased.",
        *map(_event, of_keeping),
    )


def _event(kind: Any) -> str:
    hints = typing.get_type_hints(kind.cls)
    rows = [(f"`{item.name}`", type_words(hints[item.name])) for item in fields(kind.cls)]
    held = table(("field", "value"), rows) if rows else "No fields."
    about = f"Version {kind.schema_version}. “{kind.sentence}”. {paragraph(inspect.getdoc(kind.cls))}"
    return f"### {kind.kind}\n\n{about}\n\n{held}"


# Roles and labels


def roles_page() -> str:
    """Return who may see and do what, from the tables of the gate."""
    from jru.domain.agency import CREW_ROLES, Role
    from jru.services.access import WRITES
    from jru.services.explaining import matrix
    from jru.services.grants import RIGHTS, Reach

    crew = ", ".join(f"`{role}`" for role in Role if role in CREW_ROLES)
    without = ", ".join(f"`{role}`" for role in Role if role not in RIGHTS)
    commands = [
        (f"`{c.__name__}`", paragraph(inspect.getdoc(c)), ", ".join(f"`{r}`" for r in RIGHTS if r in roles))
        for c, roles in WRITES.items()
    ]
    head, *rows = matrix()
    reaches = [
        (f"`{role}`", f"{subject}", f"{reach}")
        for role, rights in RIGHTS.items()
        for subject, reach in rights.reach.items()
    ]
    return page(
        "Roles and labels",
        "`src/jru/services/grants.py`, `src/jru/services/access.py` and `src/jru/domain/agency.py`",
        ROLES_INTRO,
        "## What each role may see",
        GRANTS_INTRO,
        table(head, [(f"`{role}`", *cells) for role, *cells in rows]),
        f"`{without}` is what the product does by itself; nobody signs in as it.".replace("``", "`"),
        "## Which records, and why",
        RELATION_INTRO.format(crew=crew, count=len(Reach)),
        table(("role", "record of", "because this person"), reaches),
        "## Labels",
        table(("label", "kept in", "what it holds"), _labels()),
        "## Which role may give which command",
        COMMANDS_INTRO,
        table(("command", "what it does", "who"), commands),
    )


def _labels() -> Iterator[tuple[str, str, str]]:
    from jru.domain.agency import Agency, Label
    from jru.domain.event_types import Part

    for label in Label:
        stores = sorted({Part(label, agency, {}).store for agency in Agency})
        yield f"`{label}`", " or ".join(f"`{store}`" for store in stores), LABEL_WORDS[label.value]


# Commands of the shell


def verbs() -> list[tuple[tuple[str, ...], Any]]:
    """Return every verb of `jru` with its words."""
    import typer.main

    from jru.cli import app

    return list(_verbs(typer.main.get_command(app), ("jru",)))


def _verbs(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
        return
    for name in sorted(inner):
        yield from _verbs(inner[name], (*path, name))


def cli_page() -> str:
    """Return every verb of `jru` with its arguments and options."""
    found = verbs()
    index = [(f"[`{' '.join(path)}`](#{'-'.join(path)})", paragraph(verb.help)) for path, verb in found]
    return page(
        "The `jru` command",
        "`src/jru/cli`",
        CLI_INTRO,
        table(("command", "what it does"), index),
        *(_verb(path, verb) for path, verb in found),
    )


def _verb(path: tuple[str, ...], verb: Any) -> str:
    params = [p for p in verb.params if p.name != "help"]
    arguments = [p for p in params if p.param_type_name == "argument"]
    options = [p for p in params if p.param_type_name == "option"]
    usage = " ".join((*path, *map(_shown, arguments), *(["[OPTIONS]"] if options else [])))
    rows = [(f"`{_shown(p)}`", _meaning(p)) for p in arguments]
    rows += [(f"`{', '.join((*p.opts, *p.secondary_opts))}`", _meaning(p)) for p in options]
    listed = ("\n\n" + table(("argument or option", "meaning"), rows)) if rows else ""
    return f"## {' '.join(path)}\n\n```\n{usage}\n```\n\n{paragraph(verb.help)}{listed}"


def _shown(param: Any) -> str:
    word = (param.metavar or param.name or "").strip("[]").upper()
    word += "..." if param.nargs == -1 and not word.endswith("...") else ""
    return word if param.required else f"[{word}]"


def _meaning(param: Any) -> str:
    words = [paragraph(param.help)]
    kind = getattr(getattr(param, "type_descriptor", None), "annotation", None)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        words.append("One of: " + ", ".join(f"`{choice}`" for choice in kind) + ".")
    default = param.default
    if isinstance(default, (str, int, float, Path)) and not isinstance(default, bool) and str(default):
        words.append(f"Default: `{default}`.")
    return " ".join(word for word in words if word)


# Records


def records_page() -> str:
    """Return every record that may leave the product, field by field with its label."""
    from jru.services.records import RECORDS

    return page("Records", "`src/jru/services/records.py`", RECORDS_INTRO, *map(_record, RECORDS))


def _record(record: type) -> str:
    from jru.services.access import labels_of

    hints = typing.get_type_hints(record)
    rows = [(f"`{n}`", type_words(hints[n]), f"`{label}`") for n, label in labels_of(record).items()]
    held = table(("field", "value", "label"), rows)
    return f"## {record.__name__}\n\n{paragraph(inspect.getdoc(record))}\n\n{held}"


PAGES: dict[str, Callable[[], str]] = {
    "reference/events.md": events_page,
    "reference/roles-and-labels.md": roles_page,
    "reference/cli.md": cli_page,
    "reference/records.md": records_page,
    "assurance/controllers.md": controllers_page,
    "assurance/hazard-log.md": hazards_page,
    "assurance/asvs.md": asvs_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check tell which are not up to date."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    word = "not up to date" if "--check" in arguments else "written"
    print(f"docs: {', '.join(stale)} {word}" if stale else "docs: up to date")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
