"""What every store must do, whatever it is made of."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from jru.services.ports import (
    EVERYTHING,
    AccessToken,
    Claim,
    ClaimTaken,
    Head,
    KeyReused,
    Position,
    Quarantined,
    StoredEvent,
    VersionTaken,
)
from tests.store.rigs import SALT, START, START_US, Rig, command, draft, part, row

pytestmark = pytest.mark.timeout(60)


def test_an_empty_log_ends_at_nothing(rig: Rig) -> None:
    assert rig.log.head() == Head(0, bytes(32), 0)
    assert rig.log.read(0, 10) == []
    assert rig.log.stream("inc_1/op") == []
    assert rig.log.command("unknown") is None
    assert rig.log.state("inc_1/op") is None
    assert rig.log.claim("police_ref", "1") is None
    assert list(rig.log.states(open_only=False)) == []
    assert rig.intact()


def test_an_appended_event_is_read_back_whole(rig: Rig) -> None:
    answer = rig.log.append(
        command(
            draft("inc_1/op", data=b'{"grade":"P1"}', parts=(part("police", b"Caller Example One"),)),
            device="tablet_1",
            device_seq=41,
            clock_offset_us=-250_000,
        )
    )
    assert (answer.seq_from, answer.seq_to, answer.recorded_at_us) == (1, 1, START_US)
    assert not answer.repeated
    (event,) = rig.log.read(0, 10)
    assert (event.seq, event.stream, event.version, event.idem_n) == (1, "inc_1/op", 1, 0)
    assert (event.device, event.device_seq, event.clock_offset_us) == ("tablet_1", 41, -250_000)
    assert (event.data, event.prev) == (b'{"grade":"P1"}', bytes(32))
    assert (event.parts[0].number, event.parts[0].store) == (1, "police")
    assert rig.log.head() == Head(1, event.hash, START_US)
    assert rig.log.stream("inc_1/op") == [event]


def test_reading_goes_on_after_a_place_and_stops_at_a_limit(rig: Rig) -> None:
    for number in range(1, 6):
        rig.log.append(command(draft(f"inc_{number}/op")))
    assert [event.seq for event in rig.log.read(2, 2)] == [3, 4]
    assert [event.seq for event in rig.log.read(4, 100)] == [5]
    assert rig.log.read(5, 100) == []


def test_a_command_writes_several_streams_at_once(rig: Rig) -> None:
    answer = rig.log.append(
        command(
            draft("inc_1/op", 1),
            draft("unt_1", 1),
            draft("inc_1/op", 2),
            states=(row("unt_1"), row("inc_1/op", 2)),
        )
    )
    assert (answer.seq_from, answer.seq_to) == (1, 3)
    assert [(event.seq, event.version) for event in rig.log.stream("inc_1/op")] == [(1, 1), (3, 2)]
    assert [event.idem_n for event in rig.log.read(0, 10)] == [0, 1, 2]
    assert [state.stream for state in rig.log.states(open_only=False)] == ["inc_1/op", "unt_1"]


def test_a_command_without_events_is_kept_with_its_outcome(rig: Rig) -> None:
    answer = rig.log.append(command(key="nothing-new", outcome=b'{"duplicate":true}'))
    assert answer.seq_from > answer.seq_to
    stored = rig.log.command("nothing-new")
    assert stored is not None
    assert stored.outcome == b'{"duplicate":true}'
    assert rig.log.head().seq == 0


def test_a_stream_moved_on_by_another_command_is_a_conflict(rig: Rig) -> None:
    rig.log.append(command(draft("unt_1", 1)))
    with pytest.raises(VersionTaken) as conflict:
        rig.log.append(command(draft("unt_1", 1), key="late"))
    assert (conflict.value.stream, conflict.value.version) == ("unt_1", 1)
    assert rig.log.command("late") is None
    assert rig.log.head().seq == 1


def test_a_gap_in_a_stream_is_a_mistake_of_the_caller(rig: Rig) -> None:
    with pytest.raises(ValueError, match="gap"):
        rig.log.append(command(draft("unt_1", 2)))
    with pytest.raises(ValueError, match="gap"):
        rig.log.append(command(draft("unt_1", 1), draft("unt_1", 3)))
    assert rig.log.head().seq == 0


def test_nothing_of_a_refused_command_stays(rig: Rig) -> None:
    rig.log.append(command(draft("unt_1", 1)))
    with pytest.raises(VersionTaken):
        rig.log.append(
            command(
                draft("inc_1/op", 1, parts=(part("police", b"Caller Example One"),)),
                draft("unt_1", 1),
                states=(row("inc_1/op"),),
                claims=(Claim("police_ref", "KP-1", "inc_1"),),
            )
        )
    assert rig.log.stream("inc_1/op") == []
    assert rig.log.state("inc_1/op") is None
    assert rig.log.claim("police_ref", "KP-1") is None
    assert rig.payloads["police"].get(2, 1, EVERYTHING) is None
    assert rig.log.append(command(draft("inc_1/op", 1))).seq_from == 2
    assert rig.intact()


def test_the_same_command_again_gets_the_stored_outcome(rig: Rig) -> None:
    first = command(draft("inc_1/op"), key="once", outcome=b"first")
    answer = rig.log.append(first)
    rig.clock.advance(60)
    again = rig.log.append(replace(first, outcome=b"second"))
    assert again == replace(answer, repeated=True)
    assert rig.log.head().seq == 1


def test_a_key_with_other_content_or_of_another_person_is_refused(rig: Rig) -> None:
    first = command(draft("inc_1/op"), key="once")
    rig.log.append(first)
    for other in (
        replace(first, request_hash=b"\x02" * 32),
        replace(first, principal="dispatcher_example_two"),
    ):
        with pytest.raises(KeyReused):
            rig.log.append(other)
    assert rig.log.head().seq == 1


def test_a_name_is_taken_once(rig: Rig) -> None:
    claim = Claim("police_ref", "KP-1", "inc_1")
    rig.log.append(command(draft("inc_1/op", 1), claims=(claim,)))
    rig.log.append(command(draft("inc_1/op", 2), claims=(claim,)))
    with pytest.raises(ClaimTaken) as taken:
        rig.log.append(command(draft("inc_2/op", 1), claims=(replace(claim, value="inc_2"),)))
    assert taken.value.holder == "inc_1"
    assert rig.log.claim("police_ref", "KP-1") == "inc_1"
    assert rig.log.stream("inc_2/op") == []


def test_a_command_may_not_take_a_name_for_two(rig: Rig) -> None:
    both = (Claim("police_ref", "KP-1", "inc_1"), Claim("police_ref", "KP-1", "inc_2"))
    with pytest.raises(ClaimTaken):
        rig.log.append(command(draft("inc_1/op"), claims=both))
    assert rig.log.claim("police_ref", "KP-1") is None


def test_the_newest_state_is_kept_and_open_ones_come_alone(rig: Rig) -> None:
    rig.log.append(command(draft("inc_2/op", 1), states=(row("inc_2/op", 1, body=b"new"),)))
    rig.log.append(command(draft("inc_1/op", 1), states=(row("inc_1/op", 1),)))
    rig.log.append(command(draft("inc_2/op", 2), states=(row("inc_2/op", 2, is_open=False, body=b"closed"),)))
    assert rig.log.state("inc_2/op") == row("inc_2/op", 2, is_open=False, body=b"closed")
    assert [state.stream for state in rig.log.states(open_only=False)] == ["inc_1/op", "inc_2/op"]
    assert [state.stream for state in rig.log.states(open_only=True)] == ["inc_1/op"]


def test_the_recorded_time_never_runs_backwards(rig: Rig) -> None:
    rig.clock.advance(10)
    rig.log.append(command(draft("inc_1/op", 1)))
    rig.clock.advance(5)
    rig.log.append(command(draft("inc_1/op", 2)))
    times = [event.recorded_at_us for event in rig.log.read(0, 10)]
    assert times == [START_US + 10_000_000, START_US + 15_000_000]


def test_listeners_hear_each_commit_in_order_before_the_caller_goes_on(rig: Rig) -> None:
    heard: list[int] = []
    rig.log.subscribe(lambda events: heard.extend(event.seq for event in events))
    rig.log.append(command(draft("inc_1/op", 1), draft("inc_1/op", 2)))
    assert heard == [1, 2]
    rig.log.append(command(key="no-events"))
    rig.log.append(command(draft("inc_1/op", 3)))
    assert heard == [1, 2, 3]


def test_personal_content_goes_to_its_own_store_only(rig: Rig) -> None:
    rig.log.append(
        command(
            draft("inc_1/op", parts=(part("police", b"Caller Example One", 1), part("patient", b"asthma", 2)))
        )
    )
    assert rig.payloads["police"].get(1, 1, EVERYTHING) == b"Caller Example One"
    assert rig.payloads["patient"].get(1, 2, EVERYTHING) == b"asthma"
    assert rig.payloads["patient"].get(1, 1, EVERYTHING) is None
    assert rig.payloads["operational"].get_many([(1, 1), (1, 2)], EVERYTHING) == {}
    (event,) = rig.log.read(0, 1)
    assert b"Caller" not in b"".join([event.data, *(ref.part_hash for ref in event.parts)])


def test_contents_come_many_at_once(rig: Rig) -> None:
    for number in range(1, 4):
        rig.log.append(command(draft(f"inc_{number}/op", parts=(part("police", b"%d" % number),))))
    found = rig.payloads["police"].get_many([(1, 1), (3, 1), (3, 2), (9, 1)], EVERYTHING)
    assert found == {(1, 1): b"1", (3, 1): b"3"}


def test_the_same_words_with_another_salt_have_another_hash(rig: Rig) -> None:
    rig.log.append(command(draft("inc_1/op", parts=(part("police", b"yes"),))))
    rig.log.append(command(draft("inc_2/op", parts=(part("police", b"yes", salt=SALT[::-1]),))))
    first, second = rig.log.read(0, 2)
    assert first.parts[0].part_hash != second.parts[0].part_hash


@pytest.mark.parametrize("wrong", [part("police", b"x", salt=b"short"), part("elsewhere", b"x")])
def test_a_part_needs_a_salt_and_a_store(rig: Rig, wrong: object) -> None:
    with pytest.raises(ValueError, match="part 1"):
        rig.log.append(command(draft("inc_1/op", parts=(wrong,))))  # type: ignore[arg-type]
    assert rig.log.head().seq == 0


def test_erased_content_is_gone_and_the_chain_holds(rig: Rig) -> None:
    rig.log.append(
        command(draft("inc_1/op", parts=(part("police", b"Example", 1), part("patient", b"asthma", 2))))
    )
    rig.log.append(command(draft("inc_1/op", 2)))
    assert rig.erase(1, 1)
    assert not rig.erase(1, 1)
    assert rig.payloads["police"].get(1, 1, EVERYTHING) is None
    assert rig.payloads["patient"].get(1, 2, EVERYTHING) == b"asthma"
    assert rig.log.read(0, 1)[0].parts[0].store == "police"
    assert rig.intact()


def test_a_command_that_cannot_be_stored_harms_no_other(rig: Rig) -> None:
    with pytest.raises(ValueError, match="surrogates"):
        rig.log.append(command(draft("inc_\udcff", 1)))
    assert rig.log.append(command(draft("inc_1/op"))).seq_to == 1
    assert rig.intact()


def test_many_callers_at_once_lose_nothing_and_each_conflict_has_one_winner(rig: Rig) -> None:
    heard: list[StoredEvent] = []

    def listen(events: Sequence[StoredEvent]) -> None:
        heard.extend(events)

    rig.log.subscribe(listen)
    started = threading.Barrier(16)

    def call(caller: int) -> int:
        started.wait()
        won = 0
        for number in range(1, 11):
            rig.log.append(command(draft(f"own_{caller}", number), states=(row(f"own_{caller}", number),)))
            try:
                rig.log.append(
                    command(draft(f"shared_{number}", 1), claims=(Claim("shared", str(number), f"{caller}"),))
                )
                won += 1
            except VersionTaken:
                pass
        return won

    with ThreadPoolExecutor(16) as pool:
        wins = sum(pool.map(call, range(16)))
    assert wins == 10
    assert rig.log.head().seq == 170
    assert [event.seq for event in heard] == list(range(1, 171))
    assert heard == list(rig.log.read(0, 1_000))
    assert all(len(rig.log.stream(f"own_{caller}")) == 10 for caller in range(16))
    assert rig.intact()


def test_the_same_command_from_many_callers_is_stored_once(rig: Rig) -> None:
    once = command(draft("inc_1/op"), key="once")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: rig.log.append(once), range(8)))
    assert sum(not answer.repeated for answer in answers) == 1
    assert {(answer.seq_from, answer.outcome) for answer in answers} == {(1, once.outcome)}
    assert rig.log.head().seq == 1


def test_everything_is_there_after_a_restart(rig: Rig) -> None:
    rig.log.append(
        command(
            draft("inc_1/op", parts=(part("patient", b"asthma"),)),
            key="before",
            states=(row("inc_1/op"),),
            claims=(Claim("police_ref", "KP-1", "inc_1"),),
        )
    )
    head = rig.log.head()
    rig.reopen()
    assert rig.log.head() == head
    assert rig.log.state("inc_1/op") == row("inc_1/op")
    assert rig.log.claim("police_ref", "KP-1") == "inc_1"
    assert rig.payloads["patient"].get(1, 1, EVERYTHING) == b"asthma"
    with pytest.raises(VersionTaken):
        rig.log.append(command(draft("inc_1/op", 1)))
    assert rig.log.append(command(draft("inc_1/op", 2))).seq_from == 2
    assert rig.log.append(command(draft("inc_1/op"), key="before")).repeated
    assert rig.intact()


def position(unit: str, after_s: int, lon: float = 0.5) -> Position:
    moment = START + timedelta(seconds=after_s)
    return Position(unit, lon, 51.3, 12.5, None, moment, moment, "tablet")


def test_an_older_position_never_replaces_a_newer_one(rig: Rig) -> None:
    rig.positions.put([position("unt_1", 10), position("unt_2", 5)])
    rig.positions.put([position("unt_1", 3, lon=0.7)])
    assert rig.positions.latest() == {"unt_1": position("unt_1", 10), "unt_2": position("unt_2", 5)}
    assert rig.positions.track("unt_1", START) == [position("unt_1", 3, lon=0.7), position("unt_1", 10)]
    assert rig.positions.track("unt_1", START + timedelta(seconds=4)) == [position("unt_1", 10)]


def test_the_same_position_twice_is_one(rig: Rig) -> None:
    rig.positions.put([])
    rig.positions.put([position("unt_1", 1), position("unt_1", 1)])
    rig.positions.put([position("unt_1", 1)])
    assert rig.positions.track("unt_1", START) == [position("unt_1", 1)]


def test_quarantine_keeps_each_message_whole_for_its_agency(rig: Rig) -> None:
    first = Quarantined("qua_1", "kent_police", "police", "not JSON", b"\xff\x00{", START)
    second = Quarantined(
        "qua_2", "kent_police", "police", "unknown code", b"{}", START + timedelta(seconds=1), "read"
    )
    other = Quarantined("qua_3", "secamb", "ambulance", "not JSON", b"", START)
    for entry in (first, second, other):
        rig.quarantine.add(entry)
    assert rig.quarantine.list("police", limit=10) == [second, first]
    assert rig.quarantine.list("police", limit=1) == [second]
    assert rig.quarantine.count("police") == 1
    assert rig.quarantine.count("ambulance") == 1


def test_a_revoked_token_says_so(rig: Rig) -> None:
    token = AccessToken(
        b"h" * 32, "crew_example_one", "police", "crew_police", "unt_1", START, START + timedelta(hours=9)
    )
    rig.tokens.add(token)
    rig.tokens.revoke(b"unknown" + bytes(25))
    assert rig.tokens.get(b"h" * 32) == token
    assert rig.tokens.get(b"x" * 32) is None
    rig.tokens.revoke(b"h" * 32)
    assert rig.tokens.get(b"h" * 32) == replace(token, revoked=True)
