"""Which content is due for erasure at a time: clocks of each service apart, holds, requests, reviews.

Nothing here knows a database: `standing` answers for one piece of content from the clauses, the course of what it
belongs to, and the docket of the service that keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from .agency import Agency, Label
from .deciding import Decision, Setting, emit, text_part
from .event_types import Event
from .refusal import Refusal
from .retention_commands import AskErasure, PlaceHold, ReleaseHold, ReviewContent
from .retention_events import ContentReviewed, ErasureAsked, HoldPlaced, HoldReleased, docket_stream
from .retention_policy import Clause, Matter, Trigger, clauses_for

FINDINGS = ("erase", "keep")
LEAST_REASON = 10
ASKED_WORDS = "Erased because it was asked for, after a review."


class State(StrEnum):
    """How content stands: `live` and `kept` are not due, `held`, `to_review` and `queued` wait, `due` goes."""

    LIVE = "live"
    KEPT = "kept"
    DUE = "due"
    HELD = "held"
    TO_REVIEW = "to_review"
    QUEUED = "queued"


@dataclass(frozen=True, slots=True)
class Content:
    """One piece of what a service keeps; `person` is who of the incident it is about, None: nobody in particular."""

    agency: Agency
    matter: Matter
    label: Label | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What happened to an incident or a duty, as far as clocks run on it; `ended_at` None: it is still going on.

    `incidents` are its legs, or the incidents that a unit was on in a duty.
    """

    ended_at: datetime | None
    outcome_at: datetime | None = None
    outcomes: frozenset[str] = frozenset()
    incidents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: by whom and since when; until `released_at`."""

    hold_id: str
    incidents: frozenset[str]
    person: int | None
    by: str
    at: datetime
    released_at: datetime | None = None

    def keeps(self, content: Content, course: Course) -> bool:
        """Tell whether the hold keeps content; what is about nobody in particular may be about the person held."""
        if self.released_at is not None or not self.incidents & course.incidents:
            return False
        return self.person is None or content.person in (None, self.person)


@dataclass(frozen=True, slots=True)
class Wish:
    """A request to erase, or what a review found."""

    incidents: frozenset[str]
    person: int | None
    at: datetime
    finding: str = ""

    def names(self, content: Content, course: Course) -> bool:
        """Tell whether it is about content of the incident; one about a person leaves what is about nobody."""
        if content.matter is not Matter.INCIDENT or not self.incidents & course.incidents:
            return False
        return self.person in (None, content.person)


@dataclass(frozen=True, slots=True)
class Docket:
    """One service's holds, requests and reviews."""

    holds: dict[str, Hold] = field(default_factory=dict)
    asked: tuple[Wish, ...] = ()
    reviews: tuple[Wish, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How content stands at a moment, by which clauses, and from when it is due by them."""

    state: State
    clause: Clause | None = None
    due_at: datetime | None = None
    asked: bool = False


def noted(docket: Docket, happened: Event, by: str, at: datetime) -> Docket:
    """Return a docket after one more event of its stream."""
    if isinstance(happened, HoldPlaced):
        hold = Hold(happened.hold_id, frozenset(happened.incidents), happened.person, by, at)
        return replace(docket, holds={**docket.holds, hold.hold_id: hold})
    if isinstance(happened, HoldReleased):
        over = replace(docket.holds[happened.hold_id], released_at=at)
        return replace(docket, holds={**docket.holds, over.hold_id: over})
    if isinstance(happened, ErasureAsked):
        wish = Wish(frozenset(happened.incidents), happened.person, at)
        return replace(docket, asked=(*docket.asked, wish))
    if isinstance(happened, ContentReviewed):
        review = Wish(frozenset(happened.incidents), happened.person, at, happened.finding)
        return replace(docket, reviews=(*docket.reviews, review))
    return docket


def standing(
    content: Content, course: Course, clauses: Iterable[Clause], docket: Docket, now: datetime
) -> Standing:
    """Return how content stands now. The docket is that of the content's own service."""
    asked_at = _asked_at(content, course, docket)
    if course.ended_at is None:
        return Standing(State.LIVE if asked_at is None else State.QUEUED, asked=asked_at is not None)
    clause, due_at = _latest(content, course, clauses)
    over = due_at is not None and due_at <= now
    if asked_at is None and not over:
        return Standing(State.KEPT, clause, due_at)
    if any(hold.keeps(content, course) for hold in docket.holds.values()):
        return Standing(State.HELD, clause, due_at, asked_at is not None)
    if asked_at is not None and _reviewed(content, course, docket, max(asked_at, course.ended_at)):
        return Standing(State.DUE, clause, due_at, asked=True)
    if over and clause is not None and due_at is not None:
        ready = not clause.review or _reviewed(content, course, docket, max(due_at, course.ended_at))
        return Standing(State.DUE if ready else State.TO_REVIEW, clause, due_at)
    return Standing(State.TO_REVIEW, clause, due_at, asked=True)


def _latest(
    content: Content, course: Course, clauses: Iterable[Clause]
) -> tuple[Clause | None, datetime | None]:
    """Return the clause that ends last of those that hold, and when it does."""
    ended_at = course.ended_at
    holding = clauses_for(clauses, content.agency, content.matter, content.label, course.outcomes)
    if ended_at is None or not holding:
        return None, None

    def end(clause: Clause) -> datetime:
        start = course.outcome_at if clause.trigger is Trigger.OUTCOME else None
        return clause.keep.after(start or ended_at)

    last = max(holding, key=lambda clause: (end(clause), clause.clause_id))
    reviewed = replace(last, review=any(clause.review for clause in holding))
    return reviewed, end(last)


def _asked_at(content: Content, course: Course, docket: Docket) -> datetime | None:
    """Return when erasure was last asked for, unless it was refused since."""
    asked = max((wish.at for wish in docket.asked if wish.names(content, course)), default=None)
    refused = [r for r in docket.reviews if r.finding == "keep" and r.names(content, course)]
    if asked is None or any(r.at >= asked for r in refused):
        return None
    return asked


def _reviewed(content: Content, course: Course, docket: Docket, since: datetime) -> bool:
    return any(r.finding == "erase" and r.at >= since and r.names(content, course) for r in docket.reviews)


def decide_hold(setting: Setting, legs: tuple[str, ...], hold_id: str, command: PlaceHold) -> Decision:
    """Place a legal hold."""
    happened = HoldPlaced(hold_id, legs, command.person)
    return _with_reason(setting, happened, command.reason)


def decide_release(setting: Setting, docket: Docket, command: ReleaseHold) -> Decision:
    """Release a legal hold of the own service."""
    hold = docket.holds.get(command.hold_id)
    if hold is None:
        return Refusal("no_hold", "your service has no such hold")
    if hold.released_at is not None:
        return Refusal("released_already", "this hold is released already")
    return _with_reason(setting, HoldReleased(command.hold_id), command.reason)


def decide_asked(setting: Setting, legs: tuple[str, ...], request_id: str, command: AskErasure) -> Decision:
    """Record a request to erase; nothing is erased by it alone."""
    return _with_reason(setting, ErasureAsked(request_id, legs, command.person), command.reason)


def decide_review(
    setting: Setting, legs: tuple[str, ...], ended_at: datetime | None, command: ReviewContent
) -> Decision:
    """Record what a look at the content found; an incident that goes on cannot be reviewed."""
    if command.finding not in FINDINGS:
        return Refusal("unknown_finding", f"say one of {', '.join(FINDINGS)}")
    if ended_at is None:
        return Refusal("still_open", "the incident is open: what was asked for waits until it is closed")
    return _with_reason(setting, ContentReviewed(legs, command.person, command.finding), command.reason)


def _with_reason(setting: Setting, happened: Event, reason: str) -> Decision:
    if len(reason.strip()) < LEAST_REASON:
        return Refusal("reason_missing", f"say in at least {LEAST_REASON} characters why, without names")
    why = text_part(Label.OPERATIONAL, setting.by.agency, reason.strip())
    return [emit(docket_stream(setting.by.agency), happened, setting.now, why)]
