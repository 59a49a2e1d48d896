"""Two worlds that differ only in what a viewer may not see give that viewer the same bytes, whatever is asked.

Every GET of the description is asked as every role of each service, with ids that are there and ids that are hidden or
absent, together with the live stream and the refusals of commands. How the worlds are made comparable, and why that
is fair, stands in `tests.web.worlds`.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jru.domain.agency import Agency, Label, Role
from jru.services.grants import RIGHTS, Subject
from jru.services.wording import iso
from tests.web.deeds import (
    NOTES,
    Deed,
    Ids,
    a_note,
    begin,
    every_hidden_deed,
    fence,
    hidden_deeds,
    open_deeds,
    pass_time,
)
from tests.web.listening import Heard, Stream, listening
from tests.web.worlds import CURSOR, Side, Transcript, nothing_planted, opened_side

Who = tuple[Role, Agency]
ABSENT = {"incident_id": "inc_00000000-0000-7000-8000-000000000000"}
NOT_COMPARED = {
    "/metrics": "counts of the whole server: everybody but its administrator is refused",
    "/healthz": "tells nothing but that it lives",
    "/api/v1/stream": "listened to instead",
}
COUNTS_ALL = frozenset({"/api/v1/statistics"})
"""Figures count every incident, hidden ones too, as the label `statistics` says: compared when none is hidden."""
OWN_LOG = frozenset({"/api/v1/audit"})
"""The access log tells a privacy officer that something of the own service was recorded, though not what."""
LOG_PAGE = 100
QUERIES = {
    "/api/v1/places": {"q": "Gill"},
    "/api/v1/crossings": {"month": "2019-08"},
    "/api/v1/own-record": {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"},
    "/api/v1/incidents/{incident_id}/handover": {"person": "1"},
    "/api/v1/incidents/{incident_id}/handover/text": {"person": "1"},
    "/api/v1/statistics": {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"},
    "/api/v1/statistics/incidents": {"since": "2019-08-16T00:00:00Z", "until": "2019-08-17T00:00:00Z"},
}
LIVE: dict[Agency, tuple[Who, ...]] = {
    agency: (
        (Role(f"{agency.value}_dispatcher"), agency),
        (Role.DUTY_SUPERVISOR, agency),
        (Role.SPECIAL_CONSTABLE if agency is Agency.POLICE else Role.PARAMEDIC, agency),
    )
    for agency in Agency
}
"""Whose live streams are open all the time."""


class Listener:
    """One open stream, what it told since the last page was written down, and the cursor that it began at."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._rows: dict[str, Any] = {}
        self._gone: set[str] = set()
        self.cursor = ""

    def settle(self, at: str) -> None:
        """Listen until everything done before a time was told: two heartbeats after it, for one may be half made.

        Which changes share a frame is the net's affair, but the access log has a row for each frame.
        """
        beats = 0
        while beats < 2:
            heard = self._stream.next()
            if heard.event != "heartbeat":
                self._hear(heard)
            elif heard.content["now"] >= at:
                beats += 1

    def until(self, at: str, transcript: Transcript) -> None:
        """Write down the rows told until a unit's position of this time."""
        while True:
            heard = self._stream.next("heartbeat")
            told = self._hear(heard)
            if any((row.get("position") or {}).get("at") == at for row in told):
                page = [heard.cursor, heard.content["cursor"], list(self._rows.values()), sorted(self._gone)]
                transcript.add(f"stream until {at}", 200, "", json.dumps(page).encode())
                self._rows, self._gone = {}, set()
                return

    def _hear(self, heard: Heard) -> list[dict[str, Any]]:
        self.cursor = self.cursor or heard.cursor or ""
        told = [*heard.content["incidents"], *heard.content["units"]]
        self._rows |= {row["id"]: row for row in told}
        self._gone |= set(heard.content.get("gone", []))
        return told

    def beat(self, transcript: Transcript) -> None:
        """Write down the next heartbeat."""
        while (heard := self._stream.next()).event != "heartbeat":
            pass
        transcript.add("heartbeat", 200, "", _frame(heard))


def _frame(heard: Heard) -> bytes:
    return json.dumps([heard.event, heard.cursor, heard.retry_ms, heard.content]).encode()


def addresses(side: Side, ids: Ids, hidden: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every address to look at with its query, for each id that is there, hidden or absent."""
    values: dict[str, list[str]] = {
        "incident_id": [*ids.shared, *hidden, *ABSENT.values()],
        "unit_id": [ids.unit, "unt_00000000-0000-7000-8000-000000000000"],
        "layer": ["districts", "sites"],
        "person": ["1"],
        "record_id": ["rec_00000000-0000-7000-8000-000000000000"],
        "agency": [agency.value for agency in Agency],
        "service": [agency.value for agency in Agency],
    }
    for path, item in side.description["paths"].items():
        if "get" not in item or path in NOT_COMPARED:
            continue
        names = [piece[1:-1] for piece in path.split("/") if piece.startswith("{")]
        for filling in itertools.product(*(values[name] for name in names)):
            yield path.format(**dict(zip(names, filling, strict=True))), QUERIES.get(path, {})


def look(
    side: Side, who: Who, ids: Ids, hidden: list[str], told: Transcript, *, besides: frozenset[str]
) -> None:
    """Ask for everything as somebody, besides some addresses."""
    for path, query in addresses(side, ids, hidden):
        if path in besides:
            continue
        if path == "/api/v1/changes":
            query = {"after": str(_cursor_of(side, who))}
        title = f"{path} {who[0].value}@{who[1].value}"
        if path in OWN_LOG:
            told.add(title, *_whole_log(side, who, path, title))
        else:
            told.add(title, *side.ask(who, "get", path, title, params=query))


def _whole_log(side: Side, who: Who, path: str, title: str) -> tuple[int, object, bytes]:
    """Return every row of the access log, without its time and in an order of its own.

    What a stream brings is written down when it is computed: a moment before or after what is asked for meanwhile.
    """
    rows: list[dict[str, Any]] = []
    query: dict[str, str] = {"limit": str(LOG_PAGE)}
    for page in itertools.count(1):
        status, headers, body = side.ask(who, "get", path, f"{title} page {page}", params=query)
        if status != HTTPStatus.OK:
            return status, headers, body
        answer = json.loads(body)
        rows += answer["entries"]
        if not answer["next"]:
            break
        query["after"] = answer["next"]
    kept = [{name: row[name] for name in row if name not in ("at", "recorded_at")} for row in rows]
    return status, "", "\n".join(sorted(json.dumps(row, sort_keys=True) for row in kept)).encode()


def _cursor_of(side: Side, who: Who) -> str:
    board = side.ask(who, "get", "/api/v1/board", "cursor")[2]
    found = CURSOR.search(board)
    return found.group().decode() if found else "x"


def reach_for(side: Side, who: Who, ids: Ids, hidden: list[str], told: Transcript) -> None:
    """Send every command about an incident to ids that are hidden in one world and absent in the other."""
    description = side.description
    for path, item in description["paths"].items():
        if "post" not in item or "requestBody" not in item["post"]:
            continue
        content = item["post"]["requestBody"]["content"].get("application/json")
        if content is None or "$ref" not in content["schema"]:
            continue
        model = description["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
        example = dict((model.get("examples") or [{}])[0])
        for one in [*hidden, *ABSENT.values()]:
            body = example | {key: one for key in ("incident_id", "other_id") if key in example}
            if "{incident_id}" not in path and "incident_id" not in body:
                continue
            names = {"unit_id": ids.unit, "code": "weapon", "call_sign": "X12", "record_id": "rec_1"}
            targets = [one, ids.shared[0]] if "other_id" in body else [one]
            for target in targets:
                address = path.format_map({**names, "incident_id": target, "person": 1, "offer_id": "off_1"})
                title = f"post {address} {who[0].value}@{who[1].value} {body}"
                told.add(title, *side.ask(who, "post", address, title, json=body))


def everybody(who: Who) -> bool:
    """Leave nobody out."""
    return True


def play(
    deeds: list[Deed],
    against: Agency | None,
    among: Callable[[Who], bool] = everybody,
    plant: Callable[[FastAPI], None] = nothing_planted,
) -> list[str]:
    """Play the deeds, the hidden ones in the second world only; return what differs for those who may not see them."""
    hides = [deed.hidden_from for deed in deeds if deed.hidden_from is not None]
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sides = [stack.enter_context(opened_side(directory / name, plant)) for name in ("one", "two")]
        both = [begin(side) for side in sides]
        assert both[0] == both[1]
        blind = [who for who in sides[0].tokens if all(hide(*who) for hide in hides) and among(who)]
        assert blind
        told = [{who: Transcript() for who in blind} for _ in sides]
        live = [who for who in (LIVE[against] if against else ()) if who in blind]
        polled = live or [who for who in blind if Subject.INCIDENT in RIGHTS[who[0]].reach][:4]
        ears = [
            {who: Listener(stack.enter_context(listening(side.url, side.tokens[who]))) for who in live}
            for side in sides
        ]
        for step, deed in enumerate([_nothing(), *deeds]):
            for number, side in enumerate(sides):
                _poll(side, polled, told[number], f"before {step} {deed}")
                if deed.hidden_from is None or number == 1:
                    deed.do(side, both[number], str(step))
                settle(side, ears[number].values())
                _poll(side, polled, told[number], f"after {step} {deed}")
                pass_time(side, str(step))
                settle(side, ears[number].values())
                at = fence(side, both[number], str(step))
                for who, ear in ears[number].items():
                    ear.until(at, told[number][who])
        for number, side in enumerate(sides):
            for who in blind:
                besides = COUNTS_ALL if both[1].hidden else frozenset()
                own_log = frozenset() if who[1] is against else OWN_LOG
                look(side, who, both[1], both[1].hidden, told[number][who], besides=besides | own_log)
            for who, ear in ears[number].items():
                ear.beat(told[number][who])
                if who[0] is not Role.DUTY_SUPERVISOR:
                    reach_for(side, who, both[1], both[1].hidden, told[number][who])
                with listening(side.url, side.tokens[who], ear.cursor) as again:
                    told[number][who].add("stream from the first cursor", 200, "", _frame(again.next()))
        return [
            f"{who[0].value}@{who[1].value}: {found}"
            for who in blind
            for found in told[0][who].differences(told[1][who])
        ]


def settle(side: Side, listeners: Iterable[Listener]) -> None:
    """Wait until every stream has told what was done."""
    side.clock.advance(0.001)
    at = iso(side.clock.now())
    for listener in listeners:
        listener.settle(at)


def _poll(side: Side, whom: list[Who], told: dict[Who, Transcript], when: str) -> None:
    """Ask for the board: a cursor that moved by itself shows that something was done."""
    for who in whom:
        told[who].add(f"board {when}", *side.ask(who, "get", "/api/v1/board", when))


def _nothing() -> Deed:
    return Deed("nothing", lambda side, ids, turn: None)


def nights() -> st.SearchStrategy[tuple[Agency, list[Deed]]]:
    """Return who may not see, and what is done."""
    return st.sampled_from(list(Agency)).flatmap(
        lambda against: st.tuples(
            st.just(against),
            st.lists(st.one_of(hidden_deeds(against.other), open_deeds()), min_size=3, max_size=9),
        )
    )


QUICK = settings(
    max_examples=2,
    phases=(Phase.generate,),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def check(night: tuple[Agency, list[Deed]]) -> None:
    against, deeds = night
    assert play(deeds, against) == []


@pytest.mark.slow
@pytest.mark.parametrize("against", list(Agency))
def test_nothing_that_one_service_does_by_itself_reaches_the_other(against: Agency) -> None:
    assert play(every_hidden_deed(against.other), against) == []


@pytest.mark.slow
@pytest.mark.parametrize(("of", "label"), [(of, label) for of in Agency for label in NOTES[of]])
def test_a_note_reaches_no_role_without_its_label(of: Agency, label: Label) -> None:
    """It is the own service's roles without the grant who are asked: the other service is asked above."""
    assert play([a_note(of, label)], None, lambda who: who[1] is of) == []


@pytest.mark.slow
@QUICK
@given(nights())
def test_what_is_hidden_changes_no_byte(night: tuple[Agency, list[Deed]]) -> None:
    check(night)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@LONG
@given(nights())
def test_what_is_hidden_changes_no_byte_in_many_nights(night: tuple[Agency, list[Deed]]) -> None:
    check(night)
