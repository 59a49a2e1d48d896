"""Break-glass: one incident, chosen fields, a typed reason, half an hour, and a review that the actor cannot do.

Source: `trust.md` 4.3. The source of police intelligence is never opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .agency import Agency, Label
from .deciding import Decision, Setting, emit, text_part
from .event_types import Event
from .glass_commands import BreakGlass, CloseGlass, ReviewGlass
from .glass_events import STREAM, GlassBroken, GlassClosed, GlassReviewed
from .refusal import Refusal

LASTS = timedelta(minutes=30)
OFTEN = 3
"""The opening after so many of one person within an hour raises the alarm."""
OFTEN_WITHIN = timedelta(hours=1)
LEAST_REASON = 10
BREAKABLE = (Label.IDENTITY, Label.CLINICAL, Label.POLICE_EVIDENCE)
FINDINGS = ("justified", "not_justified", "follow_up")


@dataclass(frozen=True, slots=True)
class Review:
    """What the privacy officer of one service found."""

    by: str
    finding: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening: who, what, until when, and who has reviewed it."""

    glass_id: str
    incident_id: str
    subject: str
    agency: Agency
    role: str
    labels: tuple[Label, ...]
    at: datetime
    until: datetime
    often: bool = False
    closed_at: datetime | None = None
    reviews: dict[Agency, Review] = field(default_factory=dict)

    def stands(self, now: datetime) -> bool:
        """Tell whether the fields are open."""
        return self.closed_at is None and now < self.until

    @property
    def to_review(self) -> tuple[Agency, ...]:
        """Return the services whose privacy officer has yet to look at it."""
        return tuple(agency for agency in Agency if agency not in self.reviews)


def evolve(current: Opening | None, happened: Event, by: str, agency: Agency, at: datetime) -> Opening | None:
    """Return an opening after one more event; `by` and `agency` say whose event it is."""
    if isinstance(happened, GlassBroken):
        return Opening(
            happened.glass_id,
            happened.incident_id,
            by,
            agency,
            happened.role,
            happened.labels,
            at,
            happened.until,
            happened.often,
        )
    if current is None:
        return None
    if isinstance(happened, GlassClosed):
        return replace(current, closed_at=at)
    if isinstance(happened, GlassReviewed):
        review = Review(by, happened.finding, at)
        return replace(current, reviews={**current.reviews, happened.agency: review})
    return current


def decide_break(setting: Setting, mine: Iterable[Opening], glass_id: str, command: BreakGlass) -> Decision:
    """Open fields; `mine` are the openings of this person so far."""
    now, mine = setting.now, list(mine)
    hidden = [label for label in command.labels if label not in BREAKABLE]
    if hidden or not command.labels:
        words = ", ".join(label.value for label in BREAKABLE)
        return Refusal("not_breakable", f"choose among {words}: nothing else is opened in this way")
    if len(command.reason.strip()) < LEAST_REASON:
        return Refusal("reason_missing", f"say in at least {LEAST_REASON} characters why you need this")
    if any(o.stands(now) and o.incident_id == command.incident_id for o in mine):
        return Refusal("open_already", "you have restricted fields of this incident open already")
    lately = sum(o.at > now - OFTEN_WITHIN for o in mine)
    happened = GlassBroken(
        glass_id,
        command.incident_id,
        tuple(sorted(set(command.labels))),
        setting.by.role,
        now + LASTS,
        often=lately >= OFTEN,
    )
    return [emit(STREAM, happened, now, text_part(Label.OPERATIONAL, None, command.reason.strip()))]


def decide_close(setting: Setting, opening: Opening, command: CloseGlass) -> Decision:
    """Close what one opened oneself."""
    if opening.subject != setting.by.subject:
        return Refusal("not_yours", "only who opened it closes it; it ends by itself after half an hour")
    if not opening.stands(setting.now):
        return Refusal("closed_already", "it is closed already")
    return [emit(STREAM, GlassClosed(command.glass_id), setting.now)]


def decide_review(setting: Setting, opening: Opening, command: ReviewGlass) -> Decision:
    """Record what a service's privacy officer found; nobody reviews what they opened themselves."""
    by = setting.by
    if command.finding not in FINDINGS:
        return Refusal("unknown_finding", f"the finding is one of {', '.join(FINDINGS)}")
    if opening.subject == by.subject:
        return Refusal("own_review", "nobody reviews what they opened themselves")
    if by.agency in opening.reviews:
        return Refusal("reviewed_already", "your service has reviewed this already")
    if command.finding != "justified" and not command.words.strip():
        return Refusal("words_missing", "say what is not in order, or what has to follow")
    happened = GlassReviewed(command.glass_id, by.agency, command.finding)
    parts = [text_part(Label.OPERATIONAL, None, command.words.strip())] if command.words.strip() else []
    return [emit(STREAM, happened, setting.now, *parts)]
