"""What a service has recorded of an incident, as its own people read it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from jru.domain import record_events as rev
from jru.domain.agency import Agency, Label
from jru.domain.codec import from_us
from jru.domain.detention import Clock, concerns
from jru.domain.event_types import Event
from jru.domain.events import read_event
from jru.domain.glass import Opening
from jru.domain.joint import Joint
from jru.domain.news2 import BAND_WORDS, Measured, Score, news2
from jru.domain.record_book import Book, Entry, book_of
from jru.errors import Forbidden, NotFound

from .access import Owned, Relation, Viewer
from .auditing import audit_unavailable
from .erased_words import gone_from
from .ground import Ground
from .openings import opened_labels
from .part_records import AttachmentFile, ClinicalPart, PolicePart
from .personal import WITHHELD, bared, personal_fields
from .ports import Payloads, Scope, StoredEvent
from .reading import part_content
from .record_keeping import own_events, streams_of
from .records import Row
from .wording import iso, iso_or_none

_MEASURED = frozenset(Measured.__dataclass_fields__)
_PART_WORDS = {Agency.POLICE: "police", Agency.AMBULANCE: "clinical"}


@dataclass(frozen=True, slots=True)
class _Told:
    """One stored event of an own stream with what it says and holds."""

    stored: StoredEvent
    happened: Event
    content: Row | None
    erased_under: str | None


class RecordView:
    """Builds the parts of an incident and lets them through the gate."""

    def __init__(self, ground: Ground, payloads: dict[str, Payloads]) -> None:
        self._ground = ground
        self._payloads = payloads

    def part(self, viewer: Viewer, agency: Agency, incident_id: str) -> Row:
        """Return one service's part; raises Forbidden for a role without any right to it, or NotFound."""
        joint, opening = self._found(viewer, agency, incident_id)
        scope = self._ground.gate.scope(viewer, opened_labels(opening))
        told = self._told(joint, agency, scope)
        pages = _Pages(agency, told, streams_of(joint, agency, viewer))
        relation = relation_of(self._ground.board.relation(joint), joint)
        build = police_part if agency is Agency.POLICE else clinical_part
        return self._through(viewer, build(relation, joint, pages), joint, opening)

    def attachment(self, viewer: Viewer, incident_id: str, record_id: str) -> tuple[str, bytes]:
        """Return the media type and the bytes of an attachment; raises NotFound or Forbidden."""
        agency = viewer.agency
        self._check(viewer, agency)
        joint = self._ground.joint(viewer, incident_id)
        scope = self._ground.gate.scope(viewer)
        for told in self._told(joint, agency, scope):
            happened = told.happened
            if isinstance(happened, rev.AttachmentAdded) and happened.record_id == record_id:
                held = part_content(self._payloads, told.stored, 1, scope)
                owned = Owned(agency, held["base64"] if held else None)
                police, clinical = (owned, _NONE) if agency is Agency.POLICE else (_NONE, owned)
                relation = relation_of(self._ground.board.relation(joint), joint)
                file = AttachmentFile(relation, happened.media_type, police=police, clinical=clinical)
                row = self._through(viewer, file, joint)
                if WITHHELD in row:
                    raise audit_unavailable()
                encoded = row.get(_PART_WORDS[agency])
                if encoded is not None:
                    return happened.media_type, base64.b64decode(encoded)
        raise NotFound("record", "there is no such record", data={"id": record_id})

    def _found(self, viewer: Viewer, agency: Agency, incident_id: str) -> tuple[Joint, Opening | None]:
        """Return an incident and what stands open of it by break-glass to a viewer who may read the part."""
        ground = self._ground
        joint = ground.find(viewer, incident_id)
        opening: Opening | None = None
        if joint is not None:
            opening = ground.board.glass.standing_on(viewer.subject, joint, ground.clock.now())
        self._check(viewer, agency, opened_labels(opening))
        if joint is None:
            raise NotFound("incident", "there is no such incident", data={"id": incident_id})
        return joint, opening

    def _check(self, viewer: Viewer, agency: Agency, opened: frozenset[Label] = frozenset()) -> None:
        """Refuse a role without a right to a part in the same words whether or not there is anything."""
        if not self._ground.gate.may_read(viewer, rev.OWN_LABEL[agency], agency, opened=opened):
            raise Forbidden(
                "label", f"the {_PART_WORDS[agency]} part is for the {agency.value} service's own"
            )

    def _through(
        self,
        viewer: Viewer,
        record: PolicePart | ClinicalPart | AttachmentFile,
        joint: Joint,
        opening: Opening | None = None,
    ) -> Row:
        """Return what the gate lets through once the look is on record; without that, nothing personal."""
        opened = opened_labels(opening)
        row = self._ground.gate.project(viewer, record, viewer.purpose, opened)
        if row is None:
            raise NotFound("incident", "there is no such incident")
        shown = personal_fields(viewer, joint.incident_id, record, row, opened)
        why = f"restricted fields opened: {opening.glass_id}" if opening else None
        legs = [leg.incident_id for leg in joint.legs]
        if self._ground.auditing.consulted(viewer, shown, opened=legs, why=why):
            return row
        return bared(row, shown)

    def _told(self, joint: Joint, agency: Agency, scope: Scope) -> list[_Told]:
        events = own_events(self._ground.log, joint, agency)
        read = [(e, read_event(e.kind, e.schema_version, e.data)) for e in events]
        gone = gone_from(events)
        return [
            _Told(e, happened, part_content(self._payloads, e, 0, scope), gone.get((e.seq, 0)))
            for e, happened in read
            if isinstance(happened, rev.RecordEvent)
        ]


_NONE = Owned(None, None)


def relation_of(relation: Relation, joint: Joint) -> Relation:
    """Return who may know of records: of the crews, only those who were sent to the incident."""
    return replace(relation, any_crew=False, units=frozenset(c.unit_id for c in joint.commitments))


class _Pages:
    """The records of one service as rows, by kind."""

    def __init__(self, agency: Agency, told: list[_Told], order: tuple[str, ...]) -> None:
        self.agency = agency
        self._told = [t for t in told if not isinstance(t.happened, rev.RecordWithdrawn)]
        self.book: Book = book_of(
            ((t.stored.stream, agency, t.happened, from_us(t.stored.at_us)) for t in told), order
        )
        self.persons = self.book.persons
        self._withdrawn = {
            t.happened.record_id: str((t.content or {}).get("reason", ""))
            for t in told
            if isinstance(t.happened, rev.RecordWithdrawn)
        }
        self._shared = _by_source(t for t in told if isinstance(t.happened, rev.FactShared))

    def rows(self, kind: type[rev.RecordEvent]) -> list[Row]:
        """Return the records of a kind as rows, oldest first; what was corrected or withdrawn is among them."""
        return [self._row(t) for t in self._told if isinstance(t.happened, kind)]

    def owned(self, kind: type[rev.RecordEvent]) -> tuple[Owned, ...]:
        """Return the records of a kind as values of their service."""
        return tuple(Owned(self.agency, row) for row in self.rows(kind))

    def _row(self, told: _Told) -> Row:
        happened = told.happened
        assert isinstance(happened, rev.RecordEvent)  # noqa: S101 - only records are kept here
        entry = self.book.get(happened.record_id)
        assert entry is not None  # noqa: S101 - the book holds every record
        said = {**(told.content or {}), **_codes(happened)}
        if entry.same_as is not None:
            both = (place for place in (entry.place, entry.same_as) if place.stream in self.persons.streams)
            said["persons"] = sorted(map(self.persons.shown, both))
        return {
            "id": entry.record_id,
            "person": self.persons.number(entry.place),
            "recorded_as": self.persons.shown(entry.place),
            "at": iso(entry.at),
            "recorded_at": iso(from_us(told.stored.recorded_at_us)),
            "by": told.stored.actor,
            "state": _state(entry),
            "corrects": entry.corrects,
            "corrected_by": entry.corrected_by,
            "reason": said.pop("reason", None),
            "withdrawn_because": self._withdrawn.get(entry.record_id),
            "erased": told.content is None,
            "erased_under": told.erased_under,
            "shared": self._shared.get(entry.record_id, []),
            "said": said,
        }


def _state(entry: Entry) -> str:
    if entry.withdrawn:
        return "withdrawn"
    return "counts" if entry.counts else "corrected"


def _codes(happened: rev.RecordEvent) -> Row:
    """Return the codes that the log itself keeps of a record."""
    names = ("seat", "step", "media_type", "size", "basis", "about")
    return {name: getattr(happened, name) for name in names if hasattr(happened, name)}


def _by_source(shares: Iterable[_Told]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for told in shares:
        happened = told.happened
        if isinstance(happened, rev.FactShared) and happened.about is not None:
            row = {"at": iso(from_us(told.stored.at_us)), "basis": happened.basis}
            found.setdefault(happened.about, []).append({**row, "text": (told.content or {}).get("text")})
    return found


def police_part(relation: Relation, joint: Joint, pages: _Pages) -> PolicePart:
    """Return the police part."""
    return PolicePart(
        relation=relation,
        incident_id=joint.incident_id,
        number=joint.first.number,
        joined=pages.owned(rev.PersonsJoined),
        involved=pages.owned(rev.PersonDescribed),
        arrests=pages.owned(rev.ArrestRecorded),
        force=pages.owned(rev.ForceRecorded),
        detentions=tuple(Owned(Agency.POLICE, row) for row in _detentions(pages)),
        searches=pages.owned(rev.SearchReferenced),
        footage=pages.owned(rev.FootageReferenced),
        attachments=pages.owned(rev.AttachmentAdded),
        shared=pages.owned(rev.FactShared),
        received=pages.owned(rev.FactReceived),
    )


def _detentions(pages: _Pages) -> list[Row]:
    steps = sorted(pages.rows(rev.DetentionStepRecorded), key=lambda row: (row["at"], row["recorded_at"]))
    found = []
    for person in sorted({row["person"] for row in steps}):
        mine = [row for row in steps if row["person"] == person]
        counting = [(row["said"]["step"], row["said"]) for row in mine if row["state"] == "counts"]
        first = pages.book.get(mine[0]["id"])
        assert first is not None  # noqa: S101 - the book holds every record
        found.append(
            {
                "person": person,
                "clock": _clock_row(pages.book.clock(first.place)),
                "concerns": list(concerns(counting)),
                "steps": mine,
            }
        )
    return found


def _clock_row(clock: Clock | None) -> Row | None:
    if clock is None:
        return None
    return {
        "started_at": iso(clock.started_at),
        "ends_at": iso(clock.ends_at),
        "extended": clock.extended,
        "stopped_at": iso_or_none(clock.stopped_at),
    }


def clinical_part(relation: Relation, joint: Joint, pages: _Pages) -> ClinicalPart:
    """Return the clinical part, with the score of each set of observations."""
    observed = [{**row, "news2": _score_row(row["said"])} for row in pages.rows(rev.ObservationsRecorded)]
    observed.sort(key=lambda row: (row["person"], row["at"], row["recorded_at"]))
    return ClinicalPart(
        relation=relation,
        incident_id=joint.incident_id,
        number=joint.first.number,
        joined=pages.owned(rev.PersonsJoined),
        involved=pages.owned(rev.PersonDescribed),
        observations=tuple(Owned(Agency.AMBULANCE, row) for row in observed),
        care=pages.owned(rev.CareRecorded),
        referrals=pages.owned(rev.ReferralMade),
        concluded=pages.owned(rev.CareConcluded),
        attachments=pages.owned(rev.AttachmentAdded),
        shared=pages.owned(rev.FactShared),
        received=pages.owned(rev.FactReceived),
    )


def _score_row(said: dict[str, Any]) -> Row:
    score: Score = news2(Measured(**{name: value for name, value in said.items() if name in _MEASURED}))
    return {
        "total": score.total,
        "band": score.band.value,
        "words": BAND_WORDS[score.band],
        "points": score.points,
        "missing": list(score.missing),
    }
