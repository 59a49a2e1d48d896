"""The words in which a script says what somebody should do, and how each is recognised in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jru.domain import incident_events as iev
from jru.domain import record_events as rev
from jru.domain import unit_events as uev
from jru.domain.event_types import Event


@dataclass(frozen=True, slots=True)
class Deed:
    """One word for a deed: what people call it, which events are it, and whether these name an incident."""

    words: str
    of: type[Event]
    fits: Callable[[Event], bool] = lambda _event: True
    on_incident: bool = True


def _status(*statuses: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, uev.StatusSet) and event.status in statuses


def _step(*steps: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, rev.DetentionStepRecorded) and event.step in steps


DEEDS: dict[str, Deed] = {
    "offers": Deed("offers the joint unit", uev.UnitOffered),
    "withdraws": Deed("takes the offer back", uev.OfferWithdrawn),
    "consents": Deed("agrees to the offer", uev.OfferConsented),
    "accepts": Deed("accepts the offer", uev.OfferAccepted),
    "declines": Deed("declines the offer", uev.OfferDeclined),
    "diverts": Deed("diverts the joint unit", uev.UnitDiverted),
    "stands_down": Deed("stands the joint unit down", uev.UnitStoodDown),
    "goes": Deed("taps mobile", uev.StatusSet, _status("mobile")),
    "holds": Deed("taps the rendezvous point", uev.StatusSet, _status("rvp")),
    "arrives": Deed("taps on scene", uev.StatusSet, _status("scene")),
    "at_patient": Deed("taps at patient", uev.StatusSet, _status("patient")),
    "takes": Deed("taps transporting", uev.StatusSet, _status("transport")),
    "clears": Deed("taps clearing", uev.StatusSet, _status("clearing")),
    "says_safe": Deed("declares the scene safe", iev.SceneDeclaredSafe),
    "reports_hazard": Deed("reports a hazard", iev.HazardReported),
    "joins": Deed("joins the two reports", iev.IncidentsMerged),
    "keeps_apart": Deed("keeps the two reports apart", iev.MatchRefused),
    "shares": Deed("shares the incident", iev.IncidentShared),
    "shares_line": Deed("shares a line", iev.LineShared),
    "asks": Deed("asks the other room", iev.OtherServiceRequested),
    "answers": Deed("answers the other room", iev.OtherServiceAnswered),
    "asks_question": Deed("asks the other room a question", iev.QuestionAsked),
    "answers_question": Deed("answers the other room's question", iev.QuestionAnswered),
    "regrades": Deed("grades it anew", iev.GradeSet),
    "sends": Deed("sends an own vehicle", iev.ResourceReported),
    "codes": Deed("codes the outcome", iev.OutcomeRecorded),
    "observes": Deed("records observations", rev.ObservationsRecorded),
    "records_care": Deed("records findings and treatment", rev.CareRecorded),
    "shares_fact": Deed("shares a fact on record", rev.FactShared),
    "consults": Deed("consults before the power is used", rev.DetentionStepRecorded, _step("consulted")),
    "uses_power": Deed("records that the power was used", rev.DetentionStepRecorded, _step("power_used")),
    "arrests": Deed("records an arrest", rev.ArrestRecorded),
    "asks_backup": Deed("asks for back-up", uev.BackupRequested),
    "seat_leaves": Deed("says that a seat has left", uev.SeatLeft, on_incident=False),
    "seat_back": Deed("says that a seat is back", uev.SeatTaken, on_incident=False),
    "checks_in": Deed("says that whoever is alone is all right", uev.CheckedIn, on_incident=False),
    "emergency": Deed("presses the emergency button", uev.EmergencyRaised, on_incident=False),
    "ends_emergency": Deed(
        "ends the emergency after voice contact", uev.EmergencyCancelled, on_incident=False
    ),
}


def does(word: str, event: Event) -> bool:
    """Tell whether an event is the deed behind a word."""
    deed = DEEDS[word]
    return isinstance(event, deed.of) and deed.fits(event)
