"""What has run out is let go of; while nothing can be written, people read on, and who is shut out stays out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jru.clock import SeededRandom, VirtualClock
from jru.domain.agency import Agency, Employment, Role
from jru.services.account_records import Account
from jru.services.identity import Identity
from jru.services.ports import LogBusy
from jru.services.testing_accounts import MemoryLoginSessions, memory_identity
from jru.services.tickets import MOST, Tickets
from jru.services.tries import source_of
from tests.identity.place import START, Place
from tests.services.world import World

ROOM = (Agency.POLICE, Role.POLICE_DISPATCHER)


def test_a_session_reads_on_while_nothing_can_be_written(place: Place) -> None:
    browser = place.sign_in(place.with_passkey("example.one", *ROOM))
    assert browser.get("/scheme").status_code == 200
    place.clock.advance(120)
    place.system.store.writer.close()
    assert browser.me() is not None
    assert browser.get("/scheme").status_code == 200


class Stubborn(MemoryLoginSessions):
    """Sessions that cannot be written at times."""

    stuck = False

    def saw(self, session_id: str, at: datetime) -> None:
        self._refuse()
        super().saw(session_id, at)

    def end(self, session_ids: Sequence[str], at: datetime, why: str) -> None:
        self._refuse()
        super().end(session_ids, at, why)

    def _refuse(self) -> None:
        if self.stuck:
            raise LogBusy("no room on the disk")


class Desk:
    """Identity over sessions that may be stuck, with somebody signed in."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.kept = Stubborn()
        self.ports = replace(memory_identity(SeededRandom("ports")), sessions=self.kept)
        self.identity = self.again()
        self.account = Account("acc_1", "example.one", "Example One", (Employment(*ROOM),), START)
        self.ports.accounts.add(self.account, [])
        self.secret = self.identity.sessions.open(
            self.account, self.account.employments[0], "passkey", "Firefox"
        )

    def again(self) -> Identity:
        """Return identity as after a start."""
        return Identity.over(self.ports, World().services.ground.board, self.clock, SeededRandom("desk"))


def test_an_end_that_cannot_be_written_holds_and_is_written_later() -> None:
    desk = Desk()
    told: list[str] = []
    desk.identity.sessions.subscribe(lambda: told.append("ended"))
    desk.kept.stuck = True
    desk.identity.sessions.end_secret(desk.secret, "signed out")
    assert told == ["ended"]
    assert desk.identity.sessions.find(desk.secret) is None
    desk.identity.sweep()
    assert desk.again().sessions.find(desk.secret) is not None
    desk.kept.stuck = False
    desk.identity.sweep()
    assert desk.again().sessions.find(desk.secret) is None


def test_an_idle_session_ends_without_being_asked_for() -> None:
    desk = Desk()
    desk.clock.advance(119 * 60)
    desk.identity.sweep()
    assert len(desk.kept.open_sessions(desk.clock.now())) == 1
    desk.clock.advance(60)
    desk.identity.sweep()
    assert desk.kept.open_sessions(desk.clock.now()) == []


def test_what_ended_long_ago_is_forgotten_without_a_restart() -> None:
    desk = Desk()
    desk.identity.sessions.end_secret(desk.secret, "signed out")
    desk.clock.advance(timedelta(days=91).total_seconds())
    desk.identity.sweep()
    assert desk.kept.forget(desk.clock.now() + timedelta(days=365)) == 0


def test_pins_of_duties_that_are_over_are_removed_by_the_hour(place: Place) -> None:
    lead = place.sign_in(place.with_passkey("duty.lead", Agency.POLICE, Role.DUTY_SUPERVISOR))
    made = lead.did("/tablets", {"vehicle_id": "JR01", "label": "Front"})
    person = place.with_passkey(
        "special.one", Agency.POLICE, Role.SPECIAL_CONSTABLE, full_name="Special Example One"
    )
    place.put_on_duty("Special Example One", "Special Example Two", "Paramedic Example Three")
    tablet = place.browser()
    tablet.did("/session/tablet", {"code": made["code"]})
    place.sign_in(person, tablet).did("/account/pin", {"pin": "271829"})
    devices = place.system.store.devices
    device_id = devices.all()[0].device_id
    assert len(devices.pins(device_id)) == 1
    place.clock.advance(5 * 3600)
    place.system.tick()
    assert devices.pins(device_id) == []


def test_a_flood_of_first_steps_pushes_nobody_out_of_a_later_one() -> None:
    clock = VirtualClock(START)
    tickets = Tickets(clock, SeededRandom("tickets"))
    later = {stage: tickets.issue(stage, "acc_1") for stage in ("setup code", "job", "new passkey")}
    for _ in range(MOST + 1):
        tickets.issue("passkey", None)
    assert all(tickets.look(secret, stage) is not None for stage, secret in later.items())


def test_the_oldest_first_step_gives_way_and_what_has_run_out_is_gone() -> None:
    clock = VirtualClock(START)
    tickets = Tickets(clock, SeededRandom("tickets"))
    first, second = (tickets.issue("passkey", None) for _ in range(2))
    for _ in range(MOST - 1):
        tickets.issue("passkey", None)
    assert tickets.look(first, "passkey") is None
    assert tickets.look(second, "passkey") is not None
    clock.advance(301)
    tickets.sweep()
    assert tickets.take(second, "passkey") is None


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_counted_by_its_sender(address: str, source: str) -> None:
    assert source_of(address) == source


def test_all_addresses_of_one_sender_share_their_tries(lasting: Place) -> None:
    statuses = []
    for number in range(102):
        browser = lasting.browser(f"2001:db8:1:2::{number:x}")
        answer = browser.post("/session/setup", {"name": f"nobody.{number}", "secret": "ABCD"})
        statuses.append(answer.status_code)
    assert statuses == [401] * 100 + [429] * 2
    other = lasting.browser("2001:db8:1:3::1")
    assert other.post("/session/setup", {"name": "nobody.x", "secret": "ABCD"}).status_code == 401
