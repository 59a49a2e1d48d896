"""A leak that somebody plants is caught by checks that know nothing of each other: two of them at least."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI, Request

from jru.domain.agency import Agency, Label, Role
from jru.services import records
from jru.services.access import Relation, label, labels_of
from jru.web.api.documents import SIGNED_IN
from jru.web.app import PREFIX
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import JsonAnswer
from tests.architecture.gate_lint import (
    breaches,
    fields_without_label,
    insides_reached,
    looks_without_viewer,
    rows_made_of_state,
)
from tests.web.deeds import a_hidden_call
from tests.web.product import opened
from tests.web.test_route_table import rows
from tests.web.test_two_worlds import play

RAW_ROW = """
@router.get("/incidents/{incident_id}/raw", operation_id="getRaw", openapi_extra=SIGNED_IN)
async def get_raw(request: Request, incident_id: str):
    leg = services_of(request).ground.board.fetch(incident_id)
    return JsonAnswer({"state": repr(dataclasses.asdict(leg.state)) if leg else None})
"""
COUNT = """
@router.get("/incidents", operation_id="countIncidents", openapi_extra=SIGNED_IN)
async def count_incidents(request: Request):
    viewer_at(request)
    return JsonAnswer({"open": len(services_of(request).ground.board.legs)})
"""
PLACE_OF_ANY = """
@router.get("/incidents/{incident_id}/place", operation_id="getPlace", openapi_extra=SIGNED_IN)
async def get_place(request: Request, incident_id: str):
    services = services_of(request)
    entry = services.ground.board.fetch(incident_id)
    place = entry.place if entry else {}
    return JsonAnswer({"for": viewer_at(request).name, "place": place})
"""
"""It would pass for a row of the incident, had the gate been asked."""


WATCHERS = (Role.AMBULANCE_DISPATCHER, Role.PARAMEDIC, Role.INSPECTOR)
"""Few are enough to see a leak that is open to everybody: a room, a crew and somebody who sees figures alone."""


@dataclasses.dataclass(frozen=True, slots=True)
class Careless:
    """A record that somebody added in a hurry."""

    relation: Relation
    number: str = label(Label.OPERATIONAL)
    source: str = "nobody knows whose"


def planting(source: str) -> Callable[[FastAPI], None]:
    """Return what puts a route into an application."""

    def plant(app: FastAPI) -> None:
        router = APIRouter(route_class=GuardedRoute)
        names: dict[str, Any] = {
            "router": router, "SIGNED_IN": SIGNED_IN, "Request": Request, "services_of": services_of,
            "viewer_at": viewer_at, "JsonAnswer": JsonAnswer, "dataclasses": dataclasses,
        }  # fmt: skip
        exec(source, names)
        app.include_router(router, prefix=PREFIX)

    return plant


def test_an_unlabelled_field_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(records, "RECORDS", (*records.RECORDS, Careless))
    with pytest.raises(TypeError, match=r"Careless\.source has no label"):
        opened(tmp_path)


def test_an_unlabelled_field_is_found_in_the_sources() -> None:
    source = Path(records.__file__).read_text("utf-8")
    assert breaches(source, fields_without_label) == []
    labelled = "    number: str = label(Label.OPERATIONAL)\n"
    for planted in ("    number: str\n", '    number: str = ""\n', "    number: str = field(default='')\n"):
        assert labelled in source
        assert len(breaches(source.replace(labelled, planted, 1), fields_without_label)) == 1


def test_a_record_that_nobody_listed_does_not_pass_the_gate() -> None:
    with pytest.raises(TypeError):
        labels_of(Careless)


@pytest.mark.parametrize("source", [RAW_ROW, COUNT, PLACE_OF_ANY], ids=["row", "count", "place"])
def test_a_raw_read_is_found_in_the_sources_and_has_no_row_in_the_table(source: str) -> None:
    assert breaches(source, insides_reached, rows_made_of_state, looks_without_viewer)
    app = FastAPI()
    planting(source)(app)
    (operation,) = (op["operationId"] for item in app.openapi()["paths"].values() for op in item.values())
    assert operation not in rows()


@pytest.mark.slow
@pytest.mark.parametrize("source", [RAW_ROW, COUNT, PLACE_OF_ANY], ids=["row", "count", "place"])
def test_a_raw_read_tells_two_worlds_apart(source: str) -> None:
    found = play(
        [a_hidden_call(Agency.POLICE)],
        Agency.AMBULANCE,
        lambda who: who[0] in WATCHERS,
        plant=planting(source),
    )
    assert found
    addresses = {line.partition(": ")[2].partition(" ")[0].rpartition("/")[2] for line in found}
    assert addresses == {source.partition('("')[2].partition('"')[0].rpartition("/")[2]}
