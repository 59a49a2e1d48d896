"""Duties are right across midnight and both clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jru.domain.blueprint import DutyPattern
from jru.domain.blueprint_parsing import parse_blueprint
from jru.domain.duty import DutyWindow, duties, next_duty, on_duty, planned_duty
from tests.unit.blueprint.texts import embedded

LONDON = "Europe/London"
EVERY_DAY = frozenset(range(7))


def one(start: time, end: time, day: date, zone: str = LONDON) -> DutyWindow:
    [window] = duties(DutyPattern("p", EVERY_DAY, start, end), zone, day, day)
    return window


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("night", "start", "end", "hours"),
    [
        (date(2019, 8, 16), "2019-08-16T17:00", "2019-08-17T01:00", 8),
        (date(2019, 3, 29), "2019-03-29T18:00", "2019-03-30T02:00", 8),
        (date(2019, 3, 30), "2019-03-30T18:00", "2019-03-31T01:00", 7),
        (date(2019, 3, 31), "2019-03-31T17:00", "2019-04-01T01:00", 8),
        (date(2019, 10, 26), "2019-10-26T17:00", "2019-10-27T02:00", 9),
        (date(2019, 10, 27), "2019-10-27T18:00", "2019-10-28T02:00", 8),
    ],
)
def test_the_evening_duty_lasts_the_hours_that_really_pass(
    night: date, start: str, end: str, hours: int
) -> None:
    window = one(time(18), time(2), night)
    assert window == DutyWindow(utc(start), utc(end), night)
    assert window.length_s == hours * 3600


def test_a_clock_time_that_is_skipped_means_the_moment_of_the_jump() -> None:
    assert one(time(18), time(1, 30), date(2019, 3, 30)).end_utc == utc("2019-03-31T01:00")
    assert one(time(1, 30), time(4), date(2019, 3, 31)).start_utc == utc("2019-03-31T01:00")


def test_a_clock_time_that_happens_twice_means_its_first_occurrence() -> None:
    assert one(time(18), time(1, 30), date(2019, 10, 26)).end_utc == utc("2019-10-27T00:30")
    assert one(time(1, 30), time(4), date(2019, 10, 27)).start_utc == utc("2019-10-27T00:30")


def test_a_duty_inside_the_skipped_hour_does_not_happen() -> None:
    pattern = DutyPattern("p", EVERY_DAY, time(1, 10), time(1, 50))
    found = duties(pattern, LONDON, date(2019, 3, 30), date(2019, 4, 1))
    assert [window.local_date for window in found] == [date(2019, 3, 30), date(2019, 4, 1)]


def test_only_the_weekdays_of_the_pattern_start_a_duty() -> None:
    pattern = DutyPattern("p", frozenset({4, 5}), time(18), time(2))
    found = duties(pattern, LONDON, date(2019, 8, 12), date(2019, 8, 25))
    assert [window.local_date.isoformat() for window in found] == [
        "2019-08-16",
        "2019-08-17",
        "2019-08-23",
        "2019-08-24",
    ]
    assert duties(pattern, LONDON, date(2019, 8, 17), date(2019, 8, 16)) == []


def test_medway_is_on_duty_on_friday_night_past_midnight_and_not_on_thursday() -> None:
    blueprint = parse_blueprint(embedded())
    past_midnight = utc("2019-08-17T00:59:59")
    assert on_duty(blueprint, "medway", past_midnight)
    assert planned_duty(blueprint, "medway", past_midnight) == one(time(18), time(2), date(2019, 8, 16))
    assert not on_duty(blueprint, "medway", utc("2019-08-17T01:00"))
    assert not on_duty(blueprint, "medway", utc("2019-08-15T20:00"))
    assert on_duty(blueprint, "gravesham", utc("2019-08-15T20:00"))
    upcoming = next_duty(blueprint, "medway", utc("2019-08-17T23:00"))
    assert upcoming is not None
    assert upcoming.local_date == date(2019, 8, 23)
    with pytest.raises(KeyError):
        on_duty(blueprint, "atlantis", past_midnight)


CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))
ZONES = st.sampled_from(
    [LONDON, "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
)
DAYS = st.dates(date(2017, 1, 1), date(2030, 12, 31))


@given(CLOCKS, CLOCKS, DAYS, ZONES)
@example(time(1, 30), time(2, 10), date(2019, 3, 31), LONDON)
@example(time(1, 30), time(1, 10), date(2019, 10, 26), LONDON)
def test_duties_are_in_order_never_overlap_and_start_and_end_on_the_clock(
    start: time, end: time, day: date, zone_name: str
) -> None:
    if start == end:
        return
    zone = ZoneInfo(zone_name)
    found = duties(DutyPattern("p", EVERY_DAY, start, end), zone_name, day, day + timedelta(days=3))
    assert found, "at most one of four days can be skipped"
    planned = datetime.combine(day, end) - datetime.combine(day, start)
    planned_s = planned.total_seconds() % 86_400
    for window in found:
        assert window.start_utc < window.end_utc
        assert abs(window.length_s - planned_s) <= 3600
        shown = window.start_utc.astimezone(zone)
        asked = datetime.combine(window.local_date, start)
        assert shown.replace(tzinfo=None, fold=0) >= asked, "never before its clock time"
        assert shown.fold == 0, "the first occurrence"
    for earlier, later in pairwise(found):
        assert earlier.end_utc <= later.start_utc


@given(CLOCKS, CLOCKS, DAYS, ZONES)
def test_duties_that_follow_each_other_on_the_clock_leave_no_gap(
    start: time, handover: time, day: date, zone_name: str
) -> None:
    if start == handover:
        return
    days = (day, day + timedelta(days=4))
    found = [
        *duties(DutyPattern("a", EVERY_DAY, start, handover), zone_name, *days),
        *duties(DutyPattern("b", EVERY_DAY, handover, start), zone_name, *days),
    ]
    found.sort(key=lambda window: window.start_utc)
    inner = [window for window in found if window.local_date < days[1]]
    for earlier, later in pairwise(inner):
        assert earlier.end_utc == later.start_utc
