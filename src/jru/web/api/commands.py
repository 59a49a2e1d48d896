"""The table of commands."""

from __future__ import annotations

from fastapi import APIRouter

from jru.web.api import incident_bodies as on_incident
from jru.web.api import shift_bodies as on_shift
from jru.web.api import unit_bodies as on_unit
from jru.web.api.posting import CommandRoute, add_command
from jru.web.doors import GuardedRoute

_INCIDENT = "/incidents/{incident_id}"
_UNIT = "/units/{unit_id}"

COMMANDS: tuple[CommandRoute, ...] = (
    CommandRoute("/incidents", on_incident.TakeCallBody, "takeCall", "Take a call", "incidents"),
    CommandRoute(f"{_INCIDENT}/update", on_incident.UpdateBody, "updateIncident", "Change it", "incidents"),
    CommandRoute(f"{_INCIDENT}/share", on_incident.ShareBody, "shareIncident", "Show it", "incidents"),
    CommandRoute(f"{_INCIDENT}/lines", on_incident.LineBody, "shareLine", "Share one line", "incidents"),
    CommandRoute(f"{_INCIDENT}/notes", on_incident.NoteBody, "recordNote", "Add a note", "incidents"),
    CommandRoute(f"{_INCIDENT}/hazards", on_incident.HazardBody, "reportHazard", "Report a hazard", "safety"),
    CommandRoute(
        f"{_INCIDENT}/hazards/{{code}}/clear",
        on_incident.ClearHazardBody,
        "clearHazard",
        "Take a hazard back",
        "safety",
    ),
    CommandRoute(
        f"{_INCIDENT}/scene-safe",
        on_incident.SceneSafeBody,
        "declareSceneSafe",
        "Declare scene safe",
        "safety",
    ),
    CommandRoute(f"{_INCIDENT}/requests", on_incident.RequestBody, "requestOther", "Ask the other", "waits"),
    CommandRoute(
        f"{_INCIDENT}/requests/answer",
        on_incident.AnswerRequestBody,
        "answerRequest",
        "Answer a request",
        "waits",
    ),
    CommandRoute(f"{_INCIDENT}/questions", on_incident.QuestionBody, "askQuestion", "Ask its room", "waits"),
    CommandRoute(
        f"{_INCIDENT}/questions/answer",
        on_incident.AnswerQuestionBody,
        "answerQuestion",
        "Answer its room",
        "waits",
    ),
    CommandRoute(
        f"{_INCIDENT}/requests/arrive", on_incident.ArriveBody, "recordArrival", "They are there", "waits"
    ),
    CommandRoute(
        f"{_INCIDENT}/requests/release", on_incident.ReleaseBody, "recordRelease", "They may leave", "waits"
    ),
    CommandRoute(f"{_INCIDENT}/match", on_incident.MatchBody, "decideMatch", "Decide a match", "matches"),
    CommandRoute(f"{_INCIDENT}/unmerge", on_incident.UnmergeBody, "unmerge", "Take a merge back", "matches"),
    CommandRoute(
        f"{_INCIDENT}/resources", on_incident.ResourceBody, "reportResource", "Report a resource", "incidents"
    ),
    CommandRoute(
        f"{_INCIDENT}/resources/{{call_sign}}/stand-down",
        on_incident.StandDownResourceBody,
        "standDownResource",
        "Stand a resource down",
        "incidents",
    ),
    CommandRoute(
        f"{_INCIDENT}/outcome", on_incident.OutcomeBody, "recordOutcome", "Code the job", "outcomes"
    ),
    CommandRoute(
        f"{_INCIDENT}/persons", on_incident.PersonBody, "recordPerson", "Record a person", "outcomes"
    ),
    CommandRoute(f"{_INCIDENT}/close", on_incident.CloseBody, "closeIncident", "Close it", "outcomes"),
    CommandRoute(
        f"{_INCIDENT}/reopen", on_incident.ReopenBody, "reopenIncident", "Open it again", "outcomes"
    ),
    CommandRoute("/units", on_unit.BookOnBody, "bookOn", "Book on", "units"),
    CommandRoute(f"{_UNIT}/book-off", on_unit.BookOffBody, "bookOff", "Book off", "units"),
    CommandRoute(f"{_UNIT}/status", on_unit.StatusBody, "setStatus", "Tap a status", "units"),
    CommandRoute(
        f"{_UNIT}/position",
        on_unit.PositionBody,
        "reportPosition",
        "Report the position",
        "units",
        unattended=True,
    ),
    CommandRoute(f"{_UNIT}/seats", on_unit.SeatChangeBody, "changeSeat", "A seat empties or fills", "units"),
    CommandRoute(f"{_UNIT}/check", on_unit.CheckBody, "checkIn", "Alone and all right", "safety"),
    CommandRoute(f"{_UNIT}/break", on_unit.BreakBody, "planBreak", "Plan a break", "units"),
    CommandRoute(
        f"{_UNIT}/break/cancel", on_unit.CancelBreakBody, "cancelBreak", "Take a break back", "units"
    ),
    CommandRoute(f"{_UNIT}/offers", on_unit.OfferBody, "offerUnit", "Offer an incident", "offers"),
    CommandRoute(
        f"{_UNIT}/offers/{{offer_id}}/answer",
        on_unit.AnswerOfferBody,
        "answerOffer",
        "Answer an offer",
        "offers",
    ),
    CommandRoute(
        f"{_UNIT}/offers/{{offer_id}}/consent",
        on_unit.ConsentBody,
        "consentToOffer",
        "Agree to it or object",
        "offers",
    ),
    CommandRoute(
        f"{_UNIT}/offers/{{offer_id}}/withdraw",
        on_unit.WithdrawBody,
        "withdrawOffer",
        "Take it back",
        "offers",
    ),
    CommandRoute(f"{_UNIT}/self-assign", on_unit.SelfAssignBody, "selfAssign", "Take a candidate", "offers"),
    CommandRoute(f"{_UNIT}/divert", on_unit.DivertBody, "divertUnit", "Divert", "offers"),
    CommandRoute(
        f"{_UNIT}/stand-down", on_unit.StandDownBody, "standDownUnit", "Stand the unit down", "offers"
    ),
    CommandRoute(f"{_UNIT}/release", on_unit.ReleaseAgencyBody, "releaseAgency", "One part is done", "units"),
    CommandRoute(f"{_UNIT}/backup", on_unit.BackupBody, "requestBackup", "Ask for more", "safety"),
    CommandRoute(f"{_UNIT}/emergency", on_unit.EmergencyBody, "raiseEmergency", "Crew in danger", "safety"),
    CommandRoute(
        f"{_UNIT}/emergency/cancel",
        on_unit.CancelEmergencyBody,
        "cancelEmergency",
        "End the emergency",
        "safety",
    ),
    CommandRoute(f"{_UNIT}/ready", on_shift.ReadyBody, "confirmReady", "Vehicle and kit are ready", "units"),
    CommandRoute(
        f"{_UNIT}/seats/fill", on_shift.FillSeatBody, "fillSeat", "Another person takes a seat", "units"
    ),
    CommandRoute(
        f"{_UNIT}/on-view", on_shift.OnViewBody, "openOnView", "The crew comes upon something", "units"
    ),
    CommandRoute(f"{_UNIT}/wait", on_shift.WaitBody, "suggestWait", "Suggest where to wait", "units"),
    CommandRoute(
        f"{_UNIT}/wait/answer", on_shift.AnswerWaitBody, "answerWait", "Go there, or not now", "units"
    ),
    CommandRoute(
        f"{_UNIT}/briefing", on_shift.BriefingBody, "confirmBriefing", "The briefing was read", "units"
    ),
    CommandRoute(
        f"{_UNIT}/debrief", on_shift.DebriefBody, "recordDebrief", "Tell of one's own duty", "units"
    ),
    CommandRoute(
        "/districts/{district_id}/state",
        on_unit.DistrictStateBody,
        "setDistrictState",
        "Move a district on",
        "scheme",
    ),
)


def command_routes() -> APIRouter:
    """Return the routes of all commands."""
    router = APIRouter(route_class=GuardedRoute)
    for route in COMMANDS:
        add_command(router, route)
    return router
