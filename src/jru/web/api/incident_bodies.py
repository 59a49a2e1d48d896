"""What may be asked about an incident."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from jru.domain import commands
from jru.domain.agency import Label
from jru.web.api.fields import (
    Bases,
    Caller,
    CallSign,
    Code,
    CommandBody,
    Flags,
    ForeignId,
    Hazards,
    IncidentId,
    Line,
    LongText,
    Minutes,
    Moment,
    PathIds,
    Place,
    Reason,
    ShortText,
    Strict,
    example,
)


class TakeCallBody(CommandBody):
    """A call: type and place are enough."""

    model_config = example(
        type="assault_injury",
        place={"text": "High Street, Gillingham", "lon": 0.5481, "lat": 51.3855},
        grade="2",
    )
    past: ClassVar[tuple[str, ...]] = ("at", "clock_start")

    type: Code
    place: Place
    grade: ShortText | None = None
    foreign_id: ForeignId | None = None
    remarks: LongText = ""
    caller: Caller | None = None
    flags: Flags = []
    hazards: Hazards = []
    clock_start: Moment | None = None

    def command(self, ids: PathIds) -> commands.TakeCall:
        """Return the command."""
        return commands.TakeCall(
            type=self.type,
            place=self.place.given(),
            grade=self.grade,
            foreign_id=self.foreign_id,
            remarks=self.remarks,
            caller=self.caller.given() if self.caller else None,
            flags=tuple(self.flags),
            hazards=tuple(hazard.given() for hazard in self.hazards),
            clock_start=self.clock_start,
            at=self.at,
        )


class UpdateBody(CommandBody):
    """New grade, type, place or flags of the own service's reference."""

    model_config = example(grade="1", flags=["injury"])

    grade: ShortText | None = None
    type: Code | None = None
    place: Place | None = None
    flags: Flags | None = None
    base: Bases = {}

    def command(self, ids: PathIds) -> commands.UpdateIncident:
        """Return the command."""
        return commands.UpdateIncident(
            incident_id=ids.incident_id,
            grade=self.grade,
            type=self.type,
            place=self.place.given() if self.place else None,
            flags=None if self.flags is None else tuple(self.flags),
            base=self.base,
            at=self.at,
        )


class ShareBody(CommandBody):
    """Show the incident to the other service."""

    def command(self, ids: PathIds) -> commands.ShareIncident:
        """Return the command."""
        return commands.ShareIncident(incident_id=ids.incident_id, at=self.at)


class LineBody(CommandBody):
    """One line for the other service."""

    model_config = example(text="Caller says the door is open.")

    text: Line

    def command(self, ids: PathIds) -> commands.ShareLine:
        """Return the command."""
        return commands.ShareLine(incident_id=ids.incident_id, text=self.text, at=self.at)


class NoteBody(CommandBody):
    """A note under a label."""

    model_config = example(text="Two people arguing outside.", label="operational")

    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    label: Literal["operational", "clinical", "police_evidence", "identity"]

    def command(self, ids: PathIds) -> commands.RecordNote:
        """Return the command."""
        return commands.RecordNote(
            incident_id=ids.incident_id, text=self.text, label=Label(self.label), at=self.at
        )


class HazardBody(CommandBody):
    """A hazard, told to both services."""

    model_config = example(code="weapon", note="kitchen knife, put down")

    code: Code
    note: Annotated[str, StringConstraints(max_length=300)] = ""

    def command(self, ids: PathIds) -> commands.ReportHazard:
        """Return the command."""
        return commands.ReportHazard(incident_id=ids.incident_id, code=self.code, note=self.note, at=self.at)


class ClearHazardBody(CommandBody):
    """Why a hazard is taken back."""

    model_config = example(reason="wrong address")

    reason: Reason

    def command(self, ids: PathIds) -> commands.ClearHazard:
        """Return the command."""
        return commands.ClearHazard(
            incident_id=ids.incident_id, code=ids.code, reason=self.reason, at=self.at
        )


class SceneSafeBody(CommandBody):
    """The scene is safe, said by police with the right to do so."""

    model_config = example(words="Knife secured, one detained.")

    words: Annotated[str, StringConstraints(max_length=300)] = ""

    def command(self, ids: PathIds) -> commands.DeclareSceneSafe:
        """Return the command."""
        return commands.DeclareSceneSafe(incident_id=ids.incident_id, words=self.words, at=self.at)


class RequestBody(CommandBody):
    """What the other service is asked for."""

    model_config = example(need="clinician")

    need: ShortText

    def command(self, ids: PathIds) -> commands.RequestOther:
        """Return the command."""
        return commands.RequestOther(incident_id=ids.incident_id, need=self.need, at=self.at)


class AnswerRequestBody(CommandBody):
    """The answer to the open request."""

    model_config = example(answer="yes", eta_min=12)

    answer: Literal["yes", "no", "later"]
    eta_min: Minutes | None = None
    reason: Annotated[str, StringConstraints(max_length=300)] = ""

    def command(self, ids: PathIds) -> commands.AnswerRequest:
        """Return the command."""
        return commands.AnswerRequest(
            incident_id=ids.incident_id,
            answer=self.answer,
            eta_min=self.eta_min,
            reason=self.reason,
            at=self.at,
        )


class QuestionBody(CommandBody):
    """What the other room is asked: its time of arrival (eta), whether one may leave (release), to ring (call)."""

    model_config = example(about="eta")

    about: Literal["eta", "release", "call"]
    words: Annotated[str, StringConstraints(max_length=80)] = ""

    def command(self, ids: PathIds) -> commands.AskQuestion:
        """Return the command."""
        return commands.AskQuestion(
            incident_id=ids.incident_id, about=self.about, words=self.words, at=self.at
        )


class AnswerQuestionBody(CommandBody):
    """The answer to what the other room asked about something."""

    model_config = example(about="eta", answer="yes", eta_min=12)

    about: Literal["eta", "release", "call"]
    answer: Literal["yes", "no", "later"]
    eta_min: Minutes | None = None
    reason: Annotated[str, StringConstraints(max_length=300)] = ""

    def command(self, ids: PathIds) -> commands.AnswerQuestion:
        """Return the command."""
        return commands.AnswerQuestion(
            incident_id=ids.incident_id,
            about=self.about,
            answer=self.answer,
            eta_min=self.eta_min,
            reason=self.reason,
            at=self.at,
        )


class ArriveBody(CommandBody):
    """The service that was asked for is there."""

    def command(self, ids: PathIds) -> commands.RecordArrival:
        """Return the command."""
        return commands.RecordArrival(incident_id=ids.incident_id, at=self.at)


class ReleaseBody(CommandBody):
    """The service that was asked for may leave."""

    def command(self, ids: PathIds) -> commands.RecordRelease:
        """Return the command."""
        return commands.RecordRelease(incident_id=ids.incident_id, at=self.at)


class MatchBody(CommandBody):
    """Whether two incidents are the same happening."""

    model_config = example(other_id="inc_0198b6f2", decision="same")

    other_id: IncidentId
    decision: Literal["same", "different"]
    reason: Annotated[str, StringConstraints(max_length=300)] = ""

    def command(self, ids: PathIds) -> commands.DecideMatch:
        """Return the command."""
        return commands.DecideMatch(
            incident_id=ids.incident_id,
            other_id=self.other_id,
            same=self.decision == "same",
            reason=self.reason,
            at=self.at,
        )


class UnmergeBody(CommandBody):
    """Take a merge back."""

    model_config = example(other_id="inc_0198b6f2", reason="two addresses after all")

    other_id: IncidentId
    reason: Reason

    def command(self, ids: PathIds) -> commands.Unmerge:
        """Return the command."""
        return commands.Unmerge(
            incident_id=ids.incident_id, other_id=self.other_id, reason=self.reason, at=self.at
        )


class ResourceBody(CommandBody):
    """What a resource of the own service does on the incident."""

    model_config = example(call_sign="P212", kind="patrol", status="mobile", eta_min=6)

    call_sign: CallSign
    kind: Code
    status: Literal["assigned", "mobile", "scene", "left"]
    eta_min: Minutes | None = None

    def command(self, ids: PathIds) -> commands.ReportResource:
        """Return the command."""
        return commands.ReportResource(
            incident_id=ids.incident_id,
            call_sign=self.call_sign,
            kind=self.kind,
            status=self.status,
            eta_min=self.eta_min,
            at=self.at,
        )


class StandDownResourceBody(CommandBody):
    """Why a resource is stood down."""

    model_config = example(reason="joint unit has it")

    reason: Reason

    def command(self, ids: PathIds) -> commands.StandDownResource:
        """Return the command."""
        return commands.StandDownResource(
            incident_id=ids.incident_id, call_sign=ids.call_sign, reason=self.reason, at=self.at
        )


class Context(Strict):
    """Something that played a part, and where that is known from."""

    code: Code
    source: Literal["seen", "said", "record"]


RiskWord = Literal["calm", "tense", "threats", "violence"]


class OutcomeBody(CommandBody):
    """The crew's coding of the job."""

    model_config = example(
        need="dual",
        ended="attended",
        risk_arrival="tense",
        risk_leaving="calm",
        contexts=[{"code": "alcohol", "source": "seen"}],
    )

    need: Literal["dual", "police_only", "ambulance_only", "neither"]
    ended: Code
    risk_arrival: RiskWord
    risk_leaving: RiskWord
    contexts: Annotated[list[Context], Field(max_length=20)] = []
    base: Bases = {}

    def command(self, ids: PathIds) -> commands.RecordOutcome:
        """Return the command."""
        return commands.RecordOutcome(
            incident_id=ids.incident_id,
            need=self.need,
            ended=self.ended,
            risk_arrival=self.risk_arrival,
            risk_leaving=self.risk_leaving,
            contexts=tuple(commands.ContextSeen(item.code, item.source) for item in self.contexts),
            base=self.base,
            at=self.at,
        )


class PersonBody(CommandBody):
    """What became of one person."""

    model_config = example(
        person=1,
        disposal="conveyed_ed",
        conveyed_by="joint_unit",
        destination="medway_maritime",
        custody=False,
        s136=False,
    )

    person: Annotated[int, Field(ge=1, le=99)]
    disposal: Code
    conveyed_by: Code | None = None
    destination: ShortText | None = None
    custody: bool = False
    s136: bool = False
    base: Bases = {}

    def command(self, ids: PathIds) -> commands.RecordPerson:
        """Return the command."""
        return commands.RecordPerson(
            incident_id=ids.incident_id,
            person=self.person,
            disposal=self.disposal,
            conveyed_by=self.conveyed_by,
            destination=self.destination,
            custody=self.custody,
            s136=self.s136,
            base=self.base,
            at=self.at,
        )


class CloseBody(CommandBody):
    """Why the incident ends."""

    model_config = example(reason="attended")

    reason: Code

    def command(self, ids: PathIds) -> commands.CloseIncident:
        """Return the command."""
        return commands.CloseIncident(incident_id=ids.incident_id, reason=self.reason, at=self.at)


class ReopenBody(CommandBody):
    """Why it is opened again."""

    model_config = example(reason="caller rang again")

    reason: Reason

    def command(self, ids: PathIds) -> commands.ReopenIncident:
        """Return the command."""
        return commands.ReopenIncident(incident_id=ids.incident_id, reason=self.reason, at=self.at)
