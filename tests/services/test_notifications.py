"""What is told by notification, to whom, for how long: decided by the board as it stands at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Label, Role
from jru.services.access import Viewer
from jru.services.alert_records import PushAddress, Receipt, Reply
from jru.services.secrets import hashed
from jru.web.pushing import Pushing
from tests.services.world import AMBULANCE, POLICE, World, officer

DESKS = (Role.POLICE_DISPATCHER, Role.AMBULANCE_DISPATCHER)


class Peer:
    """Push services that take every message, or answer as they are told, and do something first."""

    public_key = "key"

    def __init__(self) -> None:
        self.answers: list[Reply] = []
        self.lives_s: list[int] = []
        self.before: Callable[[], object] = lambda: None

    def check(self, address: PushAddress) -> None:
        """Let every address pass."""

    async def send(self, address: PushAddress, message: bytes, left_s: int) -> Reply:
        """Note how long the message is worth something."""
        self.lives_s.append(left_s)
        self.before()
        return self.answers.pop(0) if self.answers else Reply(Receipt.SENT)


@pytest.fixture
def peer() -> Peer:
    """Push services."""
    return Peer()


@pytest.fixture
def world(peer: Peer) -> World:
    """A system with push services."""
    return World(push=peer)


def told(world: World, role: Role, unit: str | None = None) -> Viewer:
    """Sign somebody in and switch their device on."""
    secret, viewer = world.services.open_demo_session(role.value, unit)
    address = PushAddress(f"https://push.example/{role} of {unit}", b"", b"")
    world.services.push.subscribe(viewer, hashed(secret), address, silent=False)
    return viewer


def test_a_page_that_is_loaded_again_is_not_told_the_same_again_and_loses_nothing(
    world: World, peer: Peer
) -> None:
    unit = world.ready()
    secret, viewer = world.services.open_demo_session("paramedic", "JR01")
    address = PushAddress("https://push.example/a", b"", b"")
    book = world.services.push
    book.subscribe(viewer, hashed(secret), address, silent=False)
    world.offer(POLICE, unit, world.call(POLICE))
    (parcel,) = book.due()
    book.subscribe(viewer, hashed(secret), address, silent=False)
    assert book.due() == []
    assert book.left_s(parcel) > 0
    other, viewer = world.services.open_demo_session("paramedic", "JR01")
    book.subscribe(viewer, hashed(other), address, silent=False)
    assert book.left_s(parcel) == 0
    assert len(book.due()) == 1


def heard(world: World) -> list[tuple[str, str]]:
    """Return what is told now: to whom, and the kind."""
    return [(p.subscription.role.value, p.alert.kind.value) for p in world.services.push.due()]


def deliver(world: World, peer: Peer, passes: Callable[[float], object] = lambda _: None) -> None:
    """Give everything over; `passes` is what happens in each pause, of so many seconds."""

    async def pause(seconds: float) -> None:
        passes(seconds)

    async def run() -> None:
        pushing = Pushing(world.services, pause)
        pushing.give(world.services.push.due())
        begun = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*begun)

    asyncio.run(run())


def test_an_offer_that_ran_out_while_the_push_service_was_away_is_not_told_late(
    world: World, peer: Peer
) -> None:
    unit = world.ready()
    told(world, Role.PARAMEDIC, "JR01")
    world.offer(POLICE, unit, world.call(POLICE))
    peer.answers = [Reply(Receipt.LATER), Reply(Receipt.LATER, 30.0)]
    pauses: list[float] = []

    def passes(seconds: float) -> None:
        pauses.append(seconds)
        world.wait(20 if len(pauses) == 1 else 600)

    deliver(world, peer, passes)
    first, again = peer.lives_s
    assert again == first - 20
    assert pauses[1] == 30.0
    assert world.services.metrics()["push_later"] == 2


@pytest.mark.parametrize("accept", [True, False])
def test_an_offer_that_was_answered_meanwhile_is_not_told_late(
    world: World, peer: Peer, accept: bool
) -> None:
    unit = world.ready()
    told(world, Role.PARAMEDIC, "JR01")
    offer = world.offer(POLICE, unit, world.call(POLICE))
    peer.answers = [Reply(Receipt.LATER)]
    reason = None if accept else "not_ready"
    answer = cmd.AnswerOffer(unit_id=unit, offer_id=offer, accept=accept, reason=reason)
    deliver(world, peer, lambda _: world.do(officer(unit), answer))
    assert len(peer.lives_s) == 1


def test_a_crew_is_told_of_its_own_units_offers_and_the_offering_room_that_one_lapsed(world: World) -> None:
    first, _second = world.ready(), world.ready("JR02", "gravesham")
    told(world, Role.PARAMEDIC, "JR01")
    told(world, Role.PARAMEDIC, "JR02")
    for desk in DESKS:
        told(world, desk)
    world.offer(POLICE, first, world.call(POLICE))
    assert heard(world) == [("paramedic", "offer")]
    assert heard(world) == []
    world.wait(300)
    assert heard(world) == [("police_dispatcher", "lapsed")]


def test_an_emergency_is_told_to_the_rooms_once_however_long_it_stands(world: World) -> None:
    unit = world.ready()
    for desk in DESKS:
        told(world, desk)
    told(world, Role.PARAMEDIC, "JR01")
    world.do(officer(unit), cmd.RaiseEmergency(unit_id=unit))
    assert heard(world) == [(desk.value, "emergency") for desk in DESKS]
    for _ in range(5):
        world.wait(3600)
        assert heard(world) == []


def test_what_a_room_may_not_see_changes_nothing_that_it_is_told() -> None:
    """Two worlds: in one of them police have an incident of their own besides, worked on to its end."""
    heard_in: list[list[list[tuple[str, str]]]] = []
    for secretly in (False, True):
        world = World(push=Peer())
        unit = world.ready()
        told(world, Role.AMBULANCE_DISPATCHER)
        told(world, Role.PARAMEDIC, "JR01")
        pages = []
        if secretly:
            hidden = world.call(POLICE, kind="fight")
            assert hidden not in world.listed(AMBULANCE)
            world.do(POLICE, cmd.RecordNote(incident_id=hidden, text="Example", label=Label.OPERATIONAL))
            world.close(POLICE, hidden, "attended")
        pages.append(heard(world))
        world.offer(AMBULANCE, unit, world.call(AMBULANCE))
        pages.append(heard(world))
        world.wait(300)
        pages.append(heard(world))
        heard_in.append(pages)
    assert heard_in[0] == heard_in[1]
    assert heard_in[0] == [[], [("paramedic", "offer")], [("ambulance_dispatcher", "lapsed")]]


def test_who_may_not_be_told_any_more_is_forgotten_before_anything_is_told(world: World) -> None:
    unit = world.ready()
    secret, viewer = world.services.open_demo_session("paramedic", "JR01")
    address = PushAddress("https://push.example/a", b"", b"")
    world.services.push.subscribe(viewer, hashed(secret), address, silent=False)
    world.offer(POLICE, unit, world.call(POLICE))
    (parcel,) = world.services.push.due()
    assert world.services.push.left_s(parcel) > 0
    world.services.sessions.end(secret)
    assert world.services.push.left_s(parcel) == 0
    assert heard(world) == []
    assert world.services.metrics()["push_subscriptions"] == 0
