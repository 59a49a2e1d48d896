"""The read tables hold what the log says, and can be made from it."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from jru.services.ports import Claim, StateRow, StoredEvent
from jru.store.engines import writer_engine
from jru.store.rebuild import read_tables, rebuild, replay
from tests.store.rigs import Rig, SqlRig, command, draft, row


class Counting:
    """Keeps of each stream how often each letter was noted."""

    def project(self, event: StoredEvent, state: bytes | None) -> StateRow | None:
        letter = json.loads(event.data).get("letter")
        if letter is None:
            return None
        counts = json.loads(state) if state else {}
        counts[letter] = counts.get(letter, 0) + 1
        return row(event.stream, event.version, is_open=letter != "z", body=json.dumps(counts).encode())

    def claims(self, event: StoredEvent) -> tuple[Claim, ...]:
        name = json.loads(event.data).get("claims")
        return (Claim("name", name, event.stream),) if name else ()


def fill(rig: Rig) -> None:
    projector, bodies = Counting(), {}
    for number, letter in enumerate("abacz", start=1):
        for stream in ("inc_1/op", "inc_2/op"):
            data = json.dumps({"letter": letter, "claims": f"{stream}-{number}"}).encode()
            event = draft(stream, number, data)
            stored = StoredEvent(
                *(
                    0,
                    stream,
                    number,
                    "",
                    1,
                    "",
                    0,
                    None,
                    0,
                    0,
                    "",
                    None,
                    "",
                    "",
                    "",
                    "",
                    0,
                    data,
                    (),
                    b"",
                    b"",
                )
            )
            after = projector.project(stored, bodies.get(stream))
            assert after is not None
            bodies[stream] = after.body
            rig.log.append(command(event, states=(after,), claims=projector.claims(stored)))


def test_replaying_gives_what_running_kept(sql_rig: SqlRig) -> None:
    fill(sql_rig)
    assert replay(sql_rig.log, Counting()) == read_tables(sql_rig.store)
    assert rebuild(sql_rig.store, Counting()) == []


def test_rebuilding_repairs_the_read_tables_and_says_what_differed(sql_rig: SqlRig) -> None:
    fill(sql_rig)
    whole = read_tables(sql_rig.store)
    with writer_engine(sql_rig.store.url).begin() as connection:
        connection.execute(text("DELETE FROM state WHERE stream = 'inc_1/op'"))
        connection.execute(text("UPDATE claim SET value = 'forged' WHERE key = 'inc_2/op-3'"))
    assert rebuild(sql_rig.store, Counting()) == [
        "state of inc_1/op differs",
        "claim name inc_2/op-3 differs",
    ]
    assert read_tables(sql_rig.store) == whole


def test_a_rebuild_that_fails_leaves_the_tables_as_they_were(sql_rig: SqlRig) -> None:
    fill(sql_rig)
    before = read_tables(sql_rig.store)

    class Broken(Counting):
        def project(self, event: StoredEvent, state: bytes | None) -> StateRow | None:
            found = super().project(event, state)
            return replace(found, kind=None) if found else None  # type: ignore[arg-type]

    with pytest.raises(Exception, match=r"(?i)null"):
        rebuild(sql_rig.store, Broken())
    assert read_tables(sql_rig.store) == before
    assert sql_rig.intact()
