"""The access log on every kind of store: one contract, and what happens when it cannot be written."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jru.domain.agency import Label
from jru.services.audit_ports import AccessKind, AccessQuery, AuditUnavailable
from jru.services.testing import EMPTY_HEAD
from jru.store import tables
from jru.store.audit_spool import FileSpool
from jru.store.hashing import EXCLUDED_ACCESS_COLUMNS, HASHED_ACCESS_COLUMNS
from jru.store.opening import DamagedLog, open_for_reading
from jru.store.verify import Verification, verify
from tests.store.rigs import PAYLOAD_STORES, START_US, Rig, SqlRig, accessed, command, draft

ALL = AccessQuery(("police", "ambulance", "both"), 100)


def test_every_column_of_an_access_is_hashed_or_left_out_by_name() -> None:
    names = [column.name for column in tables.access_log.c]
    assert set(names) == {*HASHED_ACCESS_COLUMNS} | EXCLUDED_ACCESS_COLUMNS
    assert names[: len(HASHED_ACCESS_COLUMNS)] == list(HASHED_ACCESS_COLUMNS)


def test_an_empty_access_log_has_an_empty_head(rig: Rig) -> None:
    assert rig.access_log.head() == EMPTY_HEAD
    assert rig.access_log.find(ALL) == []


def test_entries_are_kept_in_order_and_chained(rig: Rig) -> None:
    rig.access_log.record([accessed("inc_1"), accessed("inc_2", "inc_3")])
    rig.access_log.record([accessed("unt_1", labels=(Label.STAFF,))])
    rows = rig.access_log.read(0, 10)
    assert [row.seq for row in rows] == [1, 2, 3]
    assert [row.accessed.records for row in rows] == [("inc_1",), ("inc_2", "inc_3"), ("unt_1",)]
    assert [row.prev for row in rows] == [bytes(32), rows[0].hash, rows[1].hash]
    assert rig.access_log.head().hash == rows[-1].hash
    assert rig.access_log.read(1, 1) == rows[1:2]
    assert rig.intact()


def test_what_is_kept_is_what_was_told(rig: Rig) -> None:
    told = replace(
        accessed("inc_1", kind=AccessKind.DISCLOSURE, labels=(Label.CLINICAL, Label.IDENTITY)),
        unit_id="unt_1",
        recipients=("hospital:example", 'somebody "quoted", with a comma'),
        justification="handed over at the door \u2013 \u00e9",
    )
    rig.access_log.record([told])
    (row,) = rig.access_log.read(0, 1)
    assert row.accessed == told
    assert row.recorded_at_us == START_US


def test_a_command_and_its_accesses_are_kept_together(rig: Rig) -> None:
    done = rig.log.append(
        command(draft("inc_1/op"), accesses=(accessed("inc_1", kind=AccessKind.COLLECTION),))
    )
    assert done.audited
    assert rig.access_log.head().seq == 1
    assert rig.intact()


def test_a_repeated_command_is_not_recorded_twice(rig: Rig) -> None:
    once = command(draft("inc_1/op"), key="same", accesses=(accessed("inc_1"),))
    rig.log.append(once)
    assert rig.log.append(once).repeated
    assert rig.access_log.head().seq == 1


def test_a_refused_command_leaves_no_access(rig: Rig) -> None:
    rig.log.append(command(draft("inc_1/op")))
    with pytest.raises(Exception, match="already has version"):
        rig.log.append(command(draft("inc_1/op"), accesses=(accessed("inc_1"),)))
    assert rig.access_log.head() == EMPTY_HEAD


def test_rows_are_found_by_owner_record_person_kind_and_time(rig: Rig) -> None:
    rig.access_log.record([accessed("inc_1"), accessed("inc_10", subject="another")])
    rig.clock.advance(60)
    rig.access_log.record([accessed("inc_1", "inc_2", owner="ambulance", kind=AccessKind.DISCLOSURE)])
    later = START_US + 60_000_000

    def numbers(**wanted: object) -> list[int]:
        return [row.seq for row in rig.access_log.find(replace(ALL, **wanted))]  # type: ignore[arg-type]

    assert numbers() == [3, 1, 2]
    assert numbers(owners=("police",)) == [1, 2]
    assert numbers(record="inc_1") == [3, 1]
    assert numbers(record="inc_") == []
    assert numbers(record='inc_1","inc_2') == []
    assert numbers(record="inc%") == []
    assert numbers(subject="another") == [2]
    assert numbers(kind=AccessKind.DISCLOSURE) == [3]
    assert numbers(since_us=later) == [3]
    assert numbers(until_us=later) == [1, 2]
    assert numbers(limit=1, skip=1) == [1]


def test_an_access_log_that_cannot_be_written_stops_no_command(rig: Rig) -> None:
    rig.break_access_log()
    done = rig.log.append(
        command(draft("inc_1/op"), accesses=(accessed("inc_1", kind=AccessKind.COLLECTION),))
    )
    assert not done.audited
    assert [event.seq for event in rig.log.read(0, 10)] == [1]
    with pytest.raises(AuditUnavailable):
        rig.access_log.record([accessed("inc_1")])
    rig.mend_access_log()
    rig.access_log.record([accessed("inc_1")])
    assert rig.access_log.head().seq == 1
    assert rig.intact()


def test_personal_content_is_not_passed_on_unrecorded(rig: Rig) -> None:
    rig.break_access_log()
    telling = accessed("inc_1", kind=AccessKind.DISCLOSURE, labels=(Label.CLINICAL,))
    with pytest.raises(AuditUnavailable):
        rig.log.append(command(draft("inc_1/op"), accesses=(telling,)))
    assert rig.log.head().seq == 0
    safety = replace(telling, labels=(Label.SAFETY,))
    assert not rig.log.append(command(draft("inc_1/op"), accesses=(safety,))).audited


def test_both_chains_go_on_after_a_restart(new_rig: Callable[[], Rig]) -> None:
    rig = new_rig()
    rig.log.append(command(draft("inc_1/op"), accesses=(accessed("inc_1"),)))
    rig.reopen()
    rig.access_log.record([accessed("inc_2")])
    assert rig.access_log.head().seq == 2
    assert rig.intact()


def test_a_spool_is_taken_over_once(rig: Rig) -> None:
    assert rig.spool.take() is None
    rig.spool.keep([accessed("inc_1")])
    rig.spool.keep([accessed("inc_2")])
    assert rig.spool.waiting() == 2
    taken = rig.spool.take()
    assert taken is not None
    name, entries = taken
    assert [entry.records for entry in entries] == [("inc_1",), ("inc_2",)]
    assert {entry.spooled for entry in entries} == {name}
    assert not rig.access_log.holds_spool(name)
    rig.access_log.record(entries)
    assert rig.access_log.holds_spool(name)
    assert rig.spool.take() == taken
    rig.spool.drop(name)
    assert rig.spool.take() is None
    assert rig.spool.waiting() == 0


def test_a_spool_is_found_again_after_a_restart(tmp_path: Path) -> None:
    spool = FileSpool(tmp_path)
    spool.keep([accessed("inc_1")])
    with (tmp_path / "spool" / "access.jsonl").open("ab") as file:
        file.write(b'{"kind":"consul')
    again = FileSpool(tmp_path)
    assert again.waiting() == 1
    again.keep([accessed("inc_2")])
    taken = again.take()
    assert taken is not None
    assert [entry.records for entry in taken[1]] == [("inc_1",), ("inc_2",)]
    again.keep([accessed("inc_3")])
    again.drop(taken[0])
    assert again.waiting() == 1


@pytest.mark.parametrize("verb", ["UPDATE access_log SET subject = 'somebody'", "DELETE FROM access_log"])
def test_the_access_log_cannot_be_changed(sql_rig: SqlRig, verb: str) -> None:
    sql_rig.access_log.record([accessed("inc_1")])
    with pytest.raises(Exception, match="append-only"):
        sql_rig._run(verb)
    assert sql_rig.intact()


ACCESSES = 8


@pytest.fixture
def audited(sql_rig: SqlRig) -> SqlRig:
    """A database with events and accesses, closed in order, so that both heads are signed."""
    for number in range(1, ACCESSES + 1):
        sql_rig.log.append(command(draft(f"inc_{number}/op"), accesses=(accessed(f"inc_{number}"),)))
    sql_rig.close()
    return sql_rig


def changed(rig: SqlRig, *statements: str) -> Verification:
    """Change the access log as somebody with all rights would, and verify from outside."""
    sqlite = rig.store.url.drivername == "sqlite"
    guards = (
        ["DROP TRIGGER access_log_no_update", "DROP TRIGGER access_log_no_delete"]
        if sqlite
        else ["DROP TRIGGER access_log_append_only ON access_log"]
    )
    for statement in (*guards, *statements):
        rig._run(statement)
    return verified(rig)


def verified(rig: SqlRig) -> Verification:
    store = open_for_reading(rig.url, rig.directory, PAYLOAD_STORES)
    try:
        return verify(store)
    finally:
        store.close()


def found(result: Verification) -> set[tuple[str, int]]:
    return {(finding.chain, finding.seq) for finding in result.findings}


def test_an_untouched_access_log_is_intact_and_its_end_secured(audited: SqlRig) -> None:
    result = verified(audited)
    assert result.intact
    assert (result.accesses, result.access_head.seq, result.secured_access_seq) == (ACCESSES,) * 3


@pytest.mark.parametrize("column", [name for name in HASHED_ACCESS_COLUMNS if name not in ("seq", "prev")])
def test_a_change_of_any_column_of_an_access_is_found(audited: SqlRig, column: str) -> None:
    value = "77" if column.endswith("_us") else "'another'"
    assert ("access", 3) in found(changed(audited, f"UPDATE access_log SET {column} = {value} WHERE seq = 3"))


def test_a_deleted_access_is_found(audited: SqlRig) -> None:
    result = changed(audited, "DELETE FROM access_log WHERE seq = 4")
    assert [(f.chain, f.seq, f.what) for f in result.findings] == [("access", 5, "access 4 is not there")]


def test_a_cut_end_of_the_access_log_is_found_by_the_signed_head(audited: SqlRig) -> None:
    result = changed(audited, f"DELETE FROM access_log WHERE seq > {ACCESSES - 2}")
    assert found(result) == {("access", ACCESSES)}
    assert "it was cut" in result.findings[0].what
    with pytest.raises(DamagedLog, match=f"access {ACCESSES - 2}"):
        audited._open()


def test_a_damaged_end_of_the_access_log_refuses_more(audited: SqlRig) -> None:
    changed(audited, f"UPDATE access_log SET subject = 'another' WHERE seq = {ACCESSES}")
    with pytest.raises(DamagedLog, match=f"access {ACCESSES}"):
        audited._open()


def test_a_head_is_signed_when_only_the_access_log_has_grown(sql_rig: SqlRig) -> None:
    sql_rig.log.append(command(draft("inc_1/op")))
    sql_rig.reopen()
    sql_rig.access_log.record([accessed("inc_1")])
    sql_rig.close()
    assert verified(sql_rig).secured_access_seq == 1
