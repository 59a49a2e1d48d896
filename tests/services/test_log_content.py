"""The log itself holds ids, codes, times and coarse cells: no street, name, number or point, whatever people say."""

from __future__ import annotations

import json
import re
from contextlib import closing
from dataclasses import fields, replace
from datetime import date, time
from pathlib import Path
from string import ascii_lowercase
from typing import Any

import pytest

from jru.config import Settings
from jru.demo.show import Programme, Show
from jru.domain import commands as cmd
from jru.domain.agency import Agency, Label
from jru.geo.gazetteer import load_embedded_gazetteer
from jru.services.access import Viewer
from jru.services.ports import EVERYTHING, StoredEvent
from tests.services.test_machine import Night, play
from tests.services.world import GILLINGHAM, POLICE, World, officer, paramedic

STREETS = ("Wobblington Terrace", "Quibbleham Parade", "Zanzibottom Mews")
PEOPLE = ("Araminta Fnord", "Barnaby Quux", "Cordelia Wibble")
PHONES = ("01632 960123", "07700 900456")
SPOKEN = re.compile("|".join(word for text in (*STREETS, *PEOPLE) for word in text.split()), re.IGNORECASE)
PHONE = re.compile(r"(?<![\da-f-])(?:\+44|0)\d{3,4}[ -]?\d{3}[ -]?\d{3}(?![\da-f-])")
"""A number by itself, not a piece of an id, which is hexadecimal."""
POINT = re.compile(r"\d{1,2}\.\d{3,}")
TEXTS = {"remarks", "text", "note", "words", "reason", "need", "destination"}
CODED = {cmd.CloseIncident, cmd.AnswerOffer, cmd.ChangeSeat}
"""Commands whose reason is a code of the scheme."""


def personal(event: StoredEvent) -> list[str]:
    """Return what a row of the log holds that it must not."""
    held = [event.data.decode(), event.stream, event.actor, event.device, event.idem_key]
    return [
        f"{event.kind}: {found[0]}"
        for text in held
        for pattern in (SPOKEN, PHONE, POINT)
        if (found := pattern.search(text))
    ]


def told(number: int) -> str:
    """Return what somebody might say."""
    street, person = STREETS[number % len(STREETS)], PEOPLE[number % len(PEOPLE)]
    return f"{person} of {number} {street}, phone {PHONES[number % len(PHONES)]}, at 51.39{number:04d} 0.55{number:04d}"


class TalkativeNight(Night):
    """The machine, with names and places in everything that may be said."""

    def attempt(self, viewer: Viewer, command: cmd.Command) -> dict[str, Any]:
        named = replace(viewer, name=PEOPLE[self.secrets % len(PEOPLE)])
        return super().attempt(named, outspoken(command, self.secrets))

    def secret(self, agency: Agency) -> str:
        super().secret(agency)
        return told(self.secrets)


def outspoken(command: cmd.Command, number: int) -> cmd.Command:
    """Return a command with personal content in every free text."""
    names = {f.name for f in fields(command)}
    changes: dict[str, Any] = {name: told(number) for name in TEXTS & names}
    if type(command) in CODED:
        changes.pop("reason", None)
    place = getattr(command, "place", None)
    if place is not None:
        changes["place"] = replace(place, text=told(number))
    return replace(command, **changes)


@pytest.mark.parametrize("seed", range(3))
def test_busy_nights_leave_nothing_personal_in_the_log(seed: int) -> None:
    night = TalkativeNight()
    play(seed, 150, night, checked=False)
    events = night.world.log.read(0, 1 << 20)
    assert len(events) > 100
    assert [words for event in events for words in personal(event)] == []
    kept = b"".join(
        part.content for store in night.world.log.payloads.values() for part in store.contents.values()
    )
    assert all(street.encode() in kept for street in STREETS)


def test_all_that_may_be_said_is_said_in_those_nights() -> None:
    said = {
        f.name
        for command in vars(cmd).values()
        if isinstance(command, type) and issubclass(command, cmd.Command)
        for f in fields(command)
        if str(f.type).startswith("str") and f.name not in CODES
    }
    assert said == TEXTS


CODES = {
    *(
        "about",
        "answer",
        "call_sign",
        "code",
        "conveyed_by",
        "disposal",
        "district",
        "ended",
        "foreign_id",
        "incident_id",
    ),
    *("kind", "offer_id", "other_id", "risk_arrival", "risk_leaving", "seat", "sender", "status", "type"),
    *("unit_id", "vehicle_id", "grade", "type_code", "leg", "site"),
}
"""Fields that hold an id or a code; the rules of the domain or of the interface bound them."""


@pytest.mark.parametrize(
    "planted",
    [
        b'{"place":"12 Wobblington Terrace"}',
        b'{"by":"Araminta"}',
        b'{"told":"ring 01632 960123"}',
        b'{"told":"ring +441632960123"}',
        b'{"lon":0.55031}',
    ],
)
def test_the_search_finds_each_kind_of_personal_content(planted: bytes) -> None:
    world = World()
    world.call(POLICE)
    event = world.log.read(0, 1)[0]
    assert personal(event) == []
    assert personal(replace(event, data=planted))


def test_an_erased_remark_is_gone_for_good_and_the_incident_stays() -> None:
    world = World()
    incident = world.call(POLICE, remarks=told(1))
    (event,) = [e for e in world.log.read(0, 100) if e.kind == "RemarksRecorded"]
    assert world.log.erase_payload(event.seq, 0)
    row = world.row(POLICE, incident)
    assert row["remarks"] == []
    assert told(1) not in str(row)
    assert world.again().row(POLICE, incident) == row


def test_notes_of_each_label_go_to_their_own_store() -> None:
    world = World()
    unit = world.ready()
    incident = world.call(POLICE, at=GILLINGHAM)
    world.send(POLICE, unit, incident)
    world.do(officer(unit), cmd.RecordNote(incident_id=incident, text="P-TEXT", label=Label.POLICE_EVIDENCE))
    world.do(paramedic(unit), cmd.RecordNote(incident_id=incident, text="A-TEXT", label=Label.CLINICAL))
    world.do(POLICE, cmd.RecordNote(incident_id=incident, text="O-TEXT", label=Label.OPERATIONAL))
    where = {
        word: [name for name, store in world.log.payloads.items() if word.encode() in contents(store)]
        for word in ("P-TEXT", "A-TEXT", "O-TEXT")
    }
    assert where == {"P-TEXT": ["police"], "A-TEXT": ["patient"], "O-TEXT": ["operational"]}


def contents(store: Any) -> bytes:
    return b"".join(part.content for part in store.contents.values())


@pytest.mark.slow
def test_a_night_of_the_demonstration_leaves_nothing_personal_in_the_log(tmp_path: Path) -> None:
    show = Show(Programme(date(2019, 8, 16), 3, time(18), time(2), 0.0), Settings(data=tmp_path))
    with closing(show):
        show.play()
        events = show.system.store.log.read(0, 1 << 20)
        payloads = show.system.services.payloads
        kept = [
            payloads[ref.store].get(event.seq, ref.number, EVERYTHING)
            for event in events
            for ref in event.parts
        ]
    words = {text for raw in kept if raw for text in strings(raw) if len(text) > 6 and " " in text}
    assert len(events) > 300
    assert len(words) > 50
    logged = [row for event in events if event.stream != "scheme" for row in told_by(event)]
    kinds = {kind for kind, _ in logged}
    assert kinds >= {
        "ObservationsRecorded",
        "CareConcluded",
        "ArrestRecorded",
        "ForceRecorded",
        "UnitBookedOn",
    }
    assert [f"{kind}: {text}" for kind, data in logged for text in words if text in data] == []
    assert [found for _, data in logged for found in (*PHONE.findall(data), *POINT.findall(data))] == []
    names = {
        found.name
        for letter in ascii_lowercase
        for found in load_embedded_gazetteer().search(letter, limit=100_000)
        if found.precision == "street"
    }
    assert len(names) > 500
    assert [f"{kind}: {name}" for kind, data in logged for name in names if name in data] == []


def told_by(event: StoredEvent) -> list[tuple[str, str]]:
    """Return every text of a row of the log but its hashes."""
    return [
        (event.kind, text)
        for text in (event.data.decode(), event.stream, event.actor, event.device, event.idem_key)
    ]


def strings(raw: bytes) -> list[str]:
    """Return all texts of a payload, however deep."""
    found, waiting = [], [json.loads(raw)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, (dict, list)):
            waiting.extend(one.values() if isinstance(one, dict) else one)
    return [text for text in found if len(text) < 2000]
