"""The records that each service keeps of an incident: reading and writing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from jru.domain.agency import Agency
from jru.domain.record_codes import OWN_CODES, RECORD_CODES
from jru.web.api import record_answers as answers
from jru.web.api import record_bodies as bodies
from jru.web.api.documents import READ_CODES, SIGNED_IN, IncidentPath, Responses, problems
from jru.web.api.posting import CommandRoute, add_command
from jru.web.doors import GuardedRoute, services_of, viewer_at
from jru.web.wire import NO_STORE, JsonAnswer

Endpoint = TypeVar("Endpoint", bound=Callable[..., Awaitable[Response]])
_INCIDENT = "/incidents/{incident_id}"
_POLICE = f"{_INCIDENT}/police"
_CLINICAL = f"{_INCIDENT}/clinical"

RECORD_COMMANDS: tuple[CommandRoute, ...] = (
    CommandRoute(f"{_POLICE}/arrests", bodies.ArrestBody, "recordArrest", "Record an arrest", "records"),
    CommandRoute(f"{_POLICE}/force", bodies.ForceBody, "recordForce", "Record a use of force", "records"),
    CommandRoute(
        f"{_POLICE}/detentions", bodies.DetentionBody, "recordDetentionStep", "Section 136, a step", "records"
    ),
    CommandRoute(
        f"{_POLICE}/searches", bodies.SearchBody, "referenceSearch", "Name a stop and search", "records"
    ),
    CommandRoute(f"{_POLICE}/footage", bodies.FootageBody, "referenceFootage", "Name a recording", "records"),
    CommandRoute(
        f"{_CLINICAL}/observations",
        bodies.ObservationsBody,
        "recordObservations",
        "Record observations",
        "records",
    ),
    CommandRoute(
        f"{_CLINICAL}/care", bodies.CareBody, "recordCare", "Record findings and treatment", "records"
    ),
    CommandRoute(
        f"{_CLINICAL}/conclusion", bodies.ConclusionBody, "concludeCare", "Close the clinical part", "records"
    ),
    CommandRoute(f"{_CLINICAL}/referrals", bodies.ReferralBody, "makeReferral", "Refer somebody", "records"),
    CommandRoute(
        f"{_INCIDENT}/involved", bodies.InvolvedBody, "describePerson", "Say who somebody is", "records"
    ),
    CommandRoute(
        f"{_INCIDENT}/records/{{record_id}}/withdraw",
        bodies.WithdrawRecordBody,
        "withdrawRecord",
        "Withdraw a record",
        "records",
    ),
    CommandRoute(
        f"{_INCIDENT}/involved/joined",
        bodies.JoinPersonsBody,
        "joinPersons",
        "Say that two numbers are one person",
        "records",
    ),
    CommandRoute(f"{_INCIDENT}/facts", bodies.FactBody, "shareFact", "Share a fact, on record", "records"),
    CommandRoute(
        f"{_INCIDENT}/situation", bodies.SituationBody, "reportSituation", "Send a M/ETHANE report", "safety"
    ),
)
PersonQuery = Annotated[int, Query(ge=1, le=999, description="Which person, counted from 1.")]


def record_routes() -> APIRouter:
    """Return the routes of all records."""
    router = APIRouter(route_class=GuardedRoute)
    for route in RECORD_COMMANDS:
        add_command(router, route)
    _add_readings(router)
    return router


def _get(
    router: APIRouter, path: str, operation: str, summary: str, responses: Responses
) -> Callable[[Endpoint], Endpoint]:
    return router.get(
        path,
        operation_id=operation,
        summary=summary,
        tags=["records"],
        responses=responses,
        openapi_extra=SIGNED_IN,
    )


def _found(model: object) -> Responses:
    return {200: {"model": model}, **problems(*READ_CODES, 404)}


def _add_readings(router: APIRouter) -> None:
    @_get(router, _POLICE, "getPolicePart", "The police part", _found(answers.PolicePartAnswer))
    async def get_police_part(request: Request, incident_id: IncidentPath) -> Response:
        """Return what the police have recorded of an incident."""
        return await _part(request, Agency.POLICE, incident_id)

    @_get(router, _CLINICAL, "getClinicalPart", "The clinical part", _found(answers.ClinicalPartAnswer))
    async def get_clinical_part(request: Request, incident_id: IncidentPath) -> Response:
        """Return what the ambulance service has recorded of an incident, with the score of each observation."""
        return await _part(request, Agency.AMBULANCE, incident_id)

    @_get(router, f"{_INCIDENT}/handover", "getHandover", "The ATMIST hand-over", _found(answers.Handover))
    async def get_handover(request: Request, incident_id: IncidentPath, person: PersonQuery = 1) -> Response:
        """Return the hand-over of one person from what is recorded."""
        return JsonAnswer(await _handover(request, incident_id, person))

    as_text: Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
    documented = {**as_text, **problems(*READ_CODES, 404)}

    @_get(router, f"{_INCIDENT}/handover/text", "getHandoverText", "The hand-over as text", documented)
    async def get_handover_text(
        request: Request, incident_id: IncidentPath, person: PersonQuery = 1
    ) -> Response:
        """Return the hand-over of one person as plain lines."""
        found = await _handover(request, incident_id, person)
        return PlainTextResponse(str(found["text"]), headers=NO_STORE)

    only_viewer = {200: {"model": answers.RecordCodes}, **problems(*READ_CODES)}

    @_get(router, "/records/codes", "getRecordCodes", "The codes of the own records", only_viewer)
    async def get_record_codes(request: Request) -> Response:
        """Return the codes of the viewer's own service's records with their words."""
        return JsonAnswer({"codes": {**RECORD_CODES, **OWN_CODES[viewer_at(request).agency]}})


async def _part(request: Request, agency: Agency, incident_id: str) -> Response:
    services, viewer = services_of(request), viewer_at(request)
    return JsonAnswer(await run_in_threadpool(services.record_part, viewer, agency, incident_id))


async def _handover(request: Request, incident_id: str, person: int) -> dict[str, object]:
    services, viewer = services_of(request), viewer_at(request)
    return await run_in_threadpool(services.handover, viewer, incident_id, person)
