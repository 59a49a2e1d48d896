"""What one room asks of the other: to come, when it will be there, whether one may leave, to be rung."""

from __future__ import annotations

from datetime import datetime, timedelta

from . import commands as cmd
from . import incident_events as ev
from .agency import Agency, Label
from .deciding import Decision, Setting, emit, op, text_part
from .event_types import Emitted, Part
from .incident import Incident
from .joint import Joint
from .refusal import Refusal

ANSWERS = frozenset({"yes", "no", "later"})
NEEDS = frozenset({"clinician", "police"})
ETA, RELEASE, CALL = "eta", "release", "call"
QUESTIONS = frozenset({ETA, RELEASE, CALL})
_NOTHING_OPEN = Refusal("nothing_asked", "no request between the services is open here")


def request_other(setting: Setting, joint: Joint, command: cmd.RequestOther) -> Decision:
    """Ask the other service to come; its clock runs from here."""
    by = setting.by.agency
    if any(w.asked is by.other and w.open for w in joint.waits):
        return Refusal("already_asked", f"the {by.other.value} service has been asked already")
    need = command.need if command.need in NEEDS else "other"
    asked = ev.OtherServiceRequested(by.other, by, need)
    words = text_part(Label.OPERATIONAL, None, command.need)
    return [emit(op(joint.incident_id), asked, setting.at(command), words)]


def answer_request(setting: Setting, joint: Joint, command: cmd.AnswerRequest) -> Decision:
    """Answer the open request to come; with minutes it also says what was asked about the time of arrival."""
    agency, at = setting.by.agency, setting.at(command)
    leg = leg_waiting_for(joint, agency)
    if leg is None:
        return Refusal("nothing_asked", f"nobody has asked the {agency.value} service here")
    if refused := _refused(command.answer, command.reason):
        return refused
    eta_at = _moment(at, command.eta_min)
    why = _why(command.reason)
    emitted = [emit(op(leg.incident_id), ev.OtherServiceAnswered(agency, command.answer, eta_at), at, *why)]
    if eta_at is not None and any(q.open and q.asked is agency and q.about == ETA for q in joint.questions):
        emitted += _answers(joint, agency, ETA, command.answer, eta_at, at)
    return emitted


def ask_question(setting: Setting, joint: Joint, command: cmd.AskQuestion, question_id: str) -> Decision:
    """Ask the other room; the same question waits for its answer before it is asked again."""
    by = setting.by.agency
    if not joint.first.open:
        return Refusal("closed", "the incident is closed; open it again first")
    if command.about not in QUESTIONS:
        return Refusal("unknown_code", "a question is about eta, release or call")
    if any(q.open and q.about == command.about and q.by is by for q in joint.questions):
        return Refusal(
            "already_asked", f"the {by.other.value} room has been asked this already and has not answered yet"
        )
    asked = ev.QuestionAsked(question_id, by.other, by, command.about)
    words = (text_part(Label.OPERATIONAL, None, command.words),) if command.words else ()
    return [emit(op(joint.incident_id), asked, setting.at(command), *words)]


def answer_question(setting: Setting, joint: Joint, command: cmd.AnswerQuestion) -> Decision:
    """Answer a question of the other room; yes to leaving releases its service, a time of arrival answers its wait."""
    agency, at = setting.by.agency, setting.at(command)
    if refused := _refused(command.answer, command.reason):
        return refused
    eta_at = _moment(at, command.eta_min) if command.about == ETA else None
    why = _why(command.reason)
    emitted = _answers(joint, agency, command.about, command.answer, eta_at, at, *why)
    if not emitted:
        return Refusal("nothing_asked", f"the {agency.other.value} room has not asked this here")
    if command.answer == "yes" and command.about == RELEASE:
        emitted += _released(joint, agency.other, at)
    leg = leg_waiting_for(joint, agency)
    if eta_at is not None and leg is not None:
        told = ev.OtherServiceAnswered(agency, command.answer, eta_at)
        emitted.append(emit(op(leg.incident_id), told, at, *why))
    return emitted


def _answers(
    joint: Joint, agency: Agency, about: str, answer: str, eta_at: datetime | None, at: datetime, *why: Part
) -> list[Emitted]:
    """Return the answer to every open question about something, else one more answer to the newest."""
    asked = [(leg, q) for leg in joint.legs for q in leg.questions if q.asked is agency and q.about == about]
    standing = sorted((found for found in asked if found[1].settled_at is None), key=lambda f: f[1].asked_at)
    due = [found for found in standing if found[1].open] or standing[-1:]
    return [
        emit(op(leg.incident_id), ev.QuestionAnswered(q.question_id, agency, about, answer, eta_at), at, *why)
        for leg, q in due
    ]


def _refused(answer: str, reason: str) -> Refusal | None:
    if answer not in ANSWERS:
        return Refusal("unknown_code", "the answer is yes, no or later")
    if answer == "no" and not reason:
        return Refusal("reason_needed", "say why not: the other room plans with it")
    return None


def _moment(at: datetime, minutes: int | None) -> datetime | None:
    return at + timedelta(minutes=minutes) if minutes is not None else None


def _why(reason: str) -> tuple[Part, ...]:
    return (text_part(Label.OPERATIONAL, None, reason),) if reason else ()


def leg_waiting_for(joint: Joint, asked: Agency) -> Incident | None:
    """Return the leg on which a service is asked for and neither there nor let go."""
    return next((leg for leg in joint.legs if leg.wait_open(asked)), None)


def record_arrival(setting: Setting, joint: Joint, command: cmd.RecordArrival) -> Decision:
    """Record that the service that was asked for is there."""
    by = setting.by
    for asked in (by.agency, by.agency.other):
        leg = leg_waiting_for(joint, asked)
        if leg is not None:
            how = next((c.call_sign for c in joint.commitments if c.unit_id == by.unit_id), "reported")
            return [emit(op(leg.incident_id), ev.OtherServiceArrived(asked, how), setting.at(command))]
    return _NOTHING_OPEN


def record_release(setting: Setting, joint: Joint, command: cmd.RecordRelease) -> Decision:
    """Record that the own service may leave, where one of the two waits for the other."""
    return _released(joint, setting.by.agency, setting.at(command)) or _NOTHING_OPEN


def _released(joint: Joint, released: Agency, at: datetime) -> list[Emitted]:
    """Return the end of the newest request that a service stands in, its own before the other's; none, no event."""
    standing = [(leg, w) for leg in joint.legs for w in leg.waits if w.released_at is None]
    if not standing:
        return []
    leg, wait = max(standing, key=lambda found: (found[1].by is released, found[1].requested_at))
    return [emit(op(leg.incident_id), ev.OtherServiceReleased(wait.asked, released), at)]
