"""Records are added, corrected and withdrawn; nothing is ever lost, and replaying the log gives the same book."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jru.domain import record_events as rev
from jru.domain.agency import Agency
from jru.domain.detention import clock_of, concerns, may_extend
from jru.domain.event_types import Event
from jru.domain.events import read_event, write_event
from jru.domain.record_book import Book, book_of, evolve

START = datetime(2019, 8, 16, 21, 0, tzinfo=UTC)
STREAM = "inc_1/patient"
Told = tuple[str, Agency, Event, datetime]


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Return events of one stream: new records, corrections of what counts, withdrawals of what counts."""
    told: list[Told] = []
    book = Book()
    for number in range(draw(st.integers(1, 12))):
        record_id, at = f"rec_{number}", START + timedelta(minutes=draw(st.integers(0, 300)))
        counting = [e for e in book.entries if e.counts]
        act = draw(st.sampled_from(["new", "correct", "withdraw"]))
        happened: Event = rev.ObservationsRecorded(record_id, draw(st.integers(1, 3)), None)
        if counting and act != "new":
            entry = draw(st.sampled_from(counting))
            happened = rev.ObservationsRecorded(record_id, entry.person, entry.record_id)
            if act == "withdraw":
                happened = rev.RecordWithdrawn(entry.record_id, Agency.AMBULANCE)
        told.append((STREAM, Agency.AMBULANCE, happened, at))
        book = evolve(book, *told[-1])
    return told


@given(histories())
def test_replaying_the_log_gives_the_book_that_grew_live(told: list[Told]) -> None:
    live = Book()
    for one in told:
        live = evolve(live, *one)
    stored = [(s, a, type(e).__name__, write_event(e), at) for s, a, e, at in told]
    assert book_of((s, a, read_event(kind, 1, raw), at) for s, a, kind, raw, at in stored) == live


@given(histories())
def test_corrections_keep_the_whole_history_readable(told: list[Told]) -> None:
    seen: set[str] = set()
    book = Book()
    for one in told:
        book = evolve(book, *one)
        if not isinstance(one[2], rev.RecordWithdrawn):
            seen.add(one[2].record_id)  # type: ignore[attr-defined]
        assert {e.record_id for e in book.entries} == seen
    for entry in book.entries:
        history = book.history(entry.record_id)
        assert history[-1] == entry
        assert all(not earlier.counts for earlier in history[:-1])
        assert [e.corrected_by for e in history[:-1]] == [e.record_id for e in history[1:]]
    heads = [e for e in book.entries if e.corrected_by is None]
    assert sum(len(book.history(e.record_id)) for e in heads) == len(book.entries)


@given(st.permutations([("power_used", 0), ("arrived", 40), ("arrived", 400), ("extended", 900)]))
def test_the_clock_runs_from_the_first_arrival_in_whatever_order_it_is_told(
    steps: list[tuple[str, int]],
) -> None:
    clock = clock_of((step, START + timedelta(minutes=minutes)) for step, minutes in steps)
    assert clock is not None
    assert clock.started_at == START + timedelta(minutes=40)
    assert clock.ends_at == clock.started_at + timedelta(hours=36)
    assert clock.extended


def test_the_clock_starts_with_the_place_of_safety_and_not_with_the_power() -> None:
    assert clock_of([("power_used", START), ("conveyed", START)]) is None
    kept = clock_of([("power_used", START), ("kept", START + timedelta(minutes=10))])
    assert kept is not None
    assert kept.ends_at == START + timedelta(hours=24, minutes=10)
    ended = clock_of([("arrived", START), ("ended", START + timedelta(hours=3))])
    assert ended is not None
    assert ended.stopped_at == START + timedelta(hours=3)


def test_a_doctor_extends_once_and_only_while_it_runs() -> None:
    clock = clock_of([("arrived", START)])
    assert may_extend(None, START) is not None
    assert may_extend(clock, START - timedelta(seconds=1)) is not None
    assert may_extend(clock, START) is None
    assert may_extend(clock, START + timedelta(hours=24)) is None
    assert may_extend(clock, START + timedelta(hours=24, seconds=1)) is not None
    extended = clock_of([("arrived", START), ("extended", START)])
    assert may_extend(extended, START + timedelta(hours=1)) is not None


def test_what_has_ended_is_not_extended_and_cannot_end_before_it_began() -> None:
    ended = clock_of([("arrived", START), ("ended", START + timedelta(hours=3))])
    assert may_extend(ended, START + timedelta(hours=2)) is None
    assert (
        may_extend(ended, START + timedelta(hours=4))
        == "the detention has ended; there is nothing left to extend"
    )
    before = clock_of([("ended", START - timedelta(hours=1)), ("arrived", START)])
    assert before is not None
    assert before.stopped_at is None


def test_what_the_law_asks_a_second_look_at_is_said() -> None:
    assert (
        concerns([("consulted", {}), ("power_used", {}), ("arrived", {"safe_place": "health_suite"})]) == ()
    )
    said = concerns(
        [
            ("power_used", {"in_dwelling": True, "under_18": True}),
            ("conveyed", {"conveyed_by": "police"}),
            ("arrived", {"safe_place": "police_station"}),
        ]
    )
    assert len(said) == 4
    adult = concerns([("consulted", {}), ("arrived", {"safe_place": "police_station", "under_18": False})])
    assert adult == ()
