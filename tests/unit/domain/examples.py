"""One example of every event type, with every field filled, as the golden files hold it."""

from datetime import UTC, datetime

from jru.domain import glass_events as gev
from jru.domain import incident_events as iev
from jru.domain import record_events as rev
from jru.domain import retention_events as ret
from jru.domain import shift_events as sev
from jru.domain import unit_events as uev
from jru.domain.agency import Agency, Label
from jru.domain.blueprint import DistrictStatus
from jru.domain.event_types import Event

P, A = Agency.POLICE, Agency.AMBULANCE
AT = datetime(2019, 8, 16, 21, 5, 7, 123456, tzinfo=UTC)
LATER = datetime(2019, 8, 17, 1, 0, tzinfo=UTC)

EXAMPLES: tuple[Event, ...] = (
    iev.IncidentOpened("4711", P, stub=True),
    iev.ReferenceAdded(P, "KENTPOL", "P-1/2019", 2019, "2", 2, AT),
    iev.GradeSet(A, "ZZ", 3, known=False),
    iev.ClockStopped(A, "JR01"),
    iev.TypeSet(P, "assault_injury", "VP-ASLT"),
    iev.PlaceSet(A, "medway", "TQ7868", verified=True),
    iev.FlagsSet(P, ("injury", "violence")),
    iev.RemarksRecorded(P),
    iev.CallerRecorded(A),
    iev.IncidentShared(P),
    iev.LineShared(A),
    iev.NoteRecorded(P, Label.POLICE_EVIDENCE),
    iev.CandidateRecognised("police_injury"),
    iev.HazardReported("weapon", A, holds=True),
    iev.HazardCleared("weapon", P),
    iev.SceneDeclaredSafe("special_constable"),
    iev.OtherServiceRequested(A, P, "clinician"),
    iev.OtherServiceAnswered(A, "later", LATER),
    iev.OtherServiceArrived(A, "JR01"),
    iev.OtherServiceReleased(A, P),
    iev.QuestionAsked("qst_1", A, P, "release"),
    iev.QuestionAnswered("qst_1", A, "eta", "yes", LATER),
    iev.MatchSuggested("inc_2", 0.93, ("20 m apart", "both violence"), "1"),
    iev.MatchRefused("inc_2", A),
    iev.IncidentsMerged("inc_1", "inc_2", P),
    iev.IncidentsUnmerged("inc_1", "inc_2", A),
    iev.ResourceReported(A, "A12", "dca", "mobile", LATER),
    iev.SuitabilityAssessed("hold", 4.1, ("joint_need=0.75",), ("hazard",), "would be YES", "1", "candidate"),
    iev.UnitCommitted("unt_1", "JR01", "police"),
    iev.UnitReleased("unt_1", "JR01", "cleared"),
    iev.OutcomeRecorded("dual", "attended", "tense", "calm", ("alcohol:seen",)),
    iev.PersonOutcomeRecorded(1, "conveyed_ed", "joint_unit", custody=False, s136=True),
    iev.ReferenceClosed(P),
    iev.IncidentClosed("attended", 7200, 3600),
    iev.IncidentReopened(A),
    uev.UnitBookedOn(
        "JR01", "JR01", "medway", AT, LATER, (uev.SeatHeld("paramedic", A, "paramedic", ("jru_course",)),), 1
    ),
    uev.UnitBookedOff(),
    uev.StatusSet("scene", "6", "at scene", "inc_1", "hospital", ("mobile",), against_hold=True),
    uev.SeatLeft("paramedic", "hospital"),
    uev.SeatTaken("paramedic"),
    sev.ReadinessConfirmed(("police", "ambulance")),
    sev.CrewChanged("paramedic", A, "paramedic", ("jru_course",)),
    sev.WaitSuggested(P),
    sev.WaitAnswered("going"),
    sev.BriefingConfirmed(A, 1),
    sev.DebriefRecorded("unt_1", P),
    uev.UnitOffered("off_1", "inc_1", P, 2, LATER, "rvp", "Either room may offer.", A, 240, "road"),
    uev.CheckedIn("voice"),
    uev.BreakPlanned(LATER, 30, "medway_base"),
    uev.BreakCancelled(),
    uev.OfferConsented("off_1", A),
    uev.OfferAccepted("off_1", by_voice=True),
    uev.OfferDeclined("off_1", "too_far"),
    uev.OfferLapsed("off_1", "inc_1", P),
    uev.OfferWithdrawn("off_1", "withdrawn"),
    uev.UnitAssigned("inc_1", "self", P, 1),
    uev.UnitDiverted("inc_1", "inc_2", A, "More urgent.", 1),
    uev.UnitStoodDown("inc_1", A),
    uev.UnitCleared("inc_1"),
    uev.AgencyReleased("inc_1", P),
    uev.BackupRequested("inc_1", P, "patrol"),
    uev.EmergencyRaised(),
    uev.EmergencyCancelled(A),
    uev.BlueprintAdopted(2, "ab" * 32, LATER, ("police:2018-01-29", "ambulance:2018-01-29")),
    uev.DistrictStateSet("medway", DistrictStatus.PAUSED),
    rev.ArrestRecorded("rec_2", 1, "rec_1"),
    rev.ForceRecorded("rec_2", 1, "rec_1", "unt_1", "police_driver"),
    rev.DetentionStepRecorded("rec_2", 1, "rec_1", "arrived"),
    rev.SearchReferenced("rec_2", 1, "rec_1"),
    rev.FootageReferenced("rec_2", "rec_1", "police_second"),
    rev.ObservationsRecorded("rec_2", 1, "rec_1"),
    rev.CareRecorded("rec_2", 1, "rec_1"),
    rev.CareConcluded("rec_2", 1, "rec_1"),
    rev.ReferralMade("rec_2", 1, "rec_1"),
    rev.PersonDescribed("rec_2", 1, "rec_1", A),
    rev.AttachmentAdded("rec_2", 1, P, "image/jpeg", 4096),
    rev.RecordWithdrawn("rec_2", P),
    rev.PersonsJoined("rec_2", A, 1, "inc_2", 3),
    rev.PersonsParted("rec_2", P),
    rev.FactShared("rec_3", "rec_2", A, P, "vital_interests"),
    rev.FactReceived("rec_3", P, A, "vital_interests"),
    rev.SituationReported("rec_2", A, major=True),
    gev.GlassBroken("brk_1", "inc_1", (Label.CLINICAL,), "constable", LATER, often=False),
    gev.GlassClosed("brk_1"),
    gev.GlassReviewed("brk_1", A, "justified"),
    ret.HoldPlaced("hld_1", ("inc_1",), 1),
    ret.HoldReleased("hld_1"),
    ret.ErasureAsked("era_1", ("inc_1",), 1),
    ret.ContentReviewed(("inc_1",), 1, "keep"),
    ret.ContentErased(P, "police_evidence_7", "Evidence, seven years", "clause", ("1:0:ab",), 1, 2),
    ret.RetentionRun(1, 2, 3, 4),
)

OLD: dict[tuple[str, int], Event] = {}
"""What an event of a past schema version reads as today, by (kind, version); its golden file stays for good."""
