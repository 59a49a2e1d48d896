"""What was erased stands nowhere any more in a running system, and comes back onto no screen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from jru.domain import commands as cmd
from jru.domain.agency import Label
from jru.domain.glass_commands import BreakGlass, ReviewGlass
from jru.errors import Unavailable
from jru.services.audit_ports import AuditUnavailable
from jru.services.ports import Append, LogBusy
from jru.services.system import Services
from tests.services.world import AMBULANCE, POLICE
from tests.store.kept_job import CALDICOTT, POLICE_OFFICER, SECRETS, Job
from tests.store.rigs import MemoryRig

REASON = "REASON-OF-THE-ONE-WHO-LOOKED"
REVIEW = "WORDS-OF-THE-ONE-WHO-REVIEWED"


def secrets_within(services: Services) -> set[str]:
    """Return the secrets of which a running system, its stores in memory included, holds the words."""
    everything = set(texts_within(services))
    return {name for name, words in SECRETS.items() if any(words in text for text in everything)}


def texts_within(root: object) -> Iterator[str]:
    """Yield every text that an object holds, however deep; functions are not looked into."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if id(one) in seen or isinstance(one, (type, ModuleType)) or callable(one):
            continue
        seen.add(id(one))
        if isinstance(one, (str, bytes)):
            yield one if isinstance(one, str) else one.decode(errors="replace")
        else:
            waiting.extend(gc.get_referents(one))


def test_an_incident_that_left_the_screens_stays_away_when_it_is_erased() -> None:
    job = Job(MemoryRig())
    world = job.world
    job.pass_days(60)
    world.services.board(POLICE)
    world.services.tick()
    streams = set(world.board.versions)
    assert world.listed(POLICE) == set()
    job.run()
    assert (world.listed(POLICE), world.listed(AMBULANCE)) == (set(), set())
    assert job.incident not in world.board.legs
    assert job.unit not in world.board.units
    grown = {stream for stream in set(world.board.versions) - streams if stream[:4] in ("inc_", "unt_")}
    assert grown == set()
    assert world.again().listed(POLICE) == set()


def test_commands_go_on_after_an_erasure_at_the_versions_of_the_log() -> None:
    job = Job(MemoryRig())
    job.pass_days(60)
    job.world.services.tick()
    job.run()
    before = len(job.rig.log.stream(f"{job.incident}/op"))
    job.do(POLICE, cmd.RecordNote, text="looked at again", label=Label.OPERATIONAL)
    stream = job.rig.log.stream(f"{job.incident}/op")
    assert [event.version for event in stream] == list(range(1, len(stream) + 1))
    assert len(stream) > before


def test_the_words_of_who_looked_and_who_reviewed_go_from_memory_too() -> None:
    job = Job(MemoryRig())
    world = job.world
    done = world.do(
        POLICE, BreakGlass(incident_id=job.incident, labels=(Label.CLINICAL,), reason=REASON)
    ).outcome
    glass_id = str(done["glass_id"])
    for viewer in (POLICE_OFFICER, CALDICOTT):
        world.do(viewer, ReviewGlass(glass_id=glass_id, finding="justified", words=REVIEW))
    [row] = world.services.glass.queue(POLICE_OFFICER)
    assert (row["reason"], {one["words"] for one in row["reviews"]}) == (REASON, {REVIEW})
    job.pass_days(60)
    job.run()
    [row] = world.services.glass.queue(POLICE_OFFICER)
    assert (row["reason"], {one["words"] for one in row["reviews"]}) == ("", {""})
    [row] = world.again().services.glass.queue(POLICE_OFFICER)
    assert row["reason"] == ""


def test_no_part_of_a_running_system_holds_what_was_erased() -> None:
    job = Job(MemoryRig())
    for viewer in (POLICE, AMBULANCE, job.officer):
        job.world.services.board(viewer)
    job.world.call(POLICE)
    assert secrets_within(job.world.services) == set(SECRETS)
    job.pass_days(60)
    job.run()
    assert secrets_within(job.world.services) == set()


class Refusing:
    """A log that takes no command for a reason."""

    def __init__(self, log: Any, error: Exception) -> None:
        self._log = log
        self._error = error

    def append(self, command: Append) -> Any:
        raise self._error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)


@pytest.mark.parametrize("error", [LogBusy("3 commands wait already"), AuditUnavailable("full")])
def test_an_erasure_that_the_log_does_not_take_now_is_to_be_tried_again(error: Exception) -> None:
    job = Job(MemoryRig())
    job.pass_days(60)
    found = job.found()
    recorder = job.world.ground.recorder
    recorder._log = Refusing(recorder._log, error)
    with pytest.raises(Unavailable) as raised:
        job.world.services.eraser.erase(found)
    assert raised.value.retry_after_s > 0
    assert job.held() == set(SECRETS)
    recorder._log = recorder._log._log
    job.run()
    assert job.held() == set()
