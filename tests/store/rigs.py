"""Each kind of store behind one face, and short ways to write commands."""

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from alembic import command as migrate
from sqlalchemy import text

from jru.clock import SeededRandom, VirtualClock
from jru.domain.agency import Label
from jru.services.account_records import Accounts, Devices, LoginSessions
from jru.services.alert_records import Subscriptions
from jru.services.audit_ports import Accessed, AccessKind, AccessLog, AccessSpool, StoredAccess
from jru.services.ports import (
    Append,
    Claim,
    EventDraft,
    EventLog,
    PartDraft,
    Payloads,
    Positions,
    Quarantine,
    StateRow,
    StoredEvent,
    Tokens,
)
from jru.services.testing import (
    MemoryAccessLog,
    MemoryEventLog,
    MemoryPositions,
    MemoryQuarantine,
    MemorySpool,
    MemoryTokens,
)
from jru.services.testing_accounts import (
    MemoryAccounts,
    MemoryDevices,
    MemoryLoginSessions,
    MemorySubscriptions,
)
from jru.services.testing_retention import MemoryHoldings, MemoryRegister
from jru.store.access_rows import access_row
from jru.store.engines import WriteConnection, database_url, writer_engine
from jru.store.erasure import leave_no_copy
from jru.store.hashing import encode_parts, event_hash, part_hash
from jru.store.opening import Store, open_store
from jru.store.patient_records import PatientRecords
from jru.store.payloads import OperationalRecords
from jru.store.police_records import PoliceRecords
from jru.store.upgrade import migration_config
from jru.store.verify import verify

START = datetime(2019, 8, 16, 18, 0, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000
PAYLOAD_STORES = (OperationalRecords, PoliceRecords, PatientRecords)
SALT = bytes(range(32))

_keys = itertools.count(1)


class Rig(Protocol):
    """One store to be tested."""

    clock: VirtualClock
    log: EventLog
    access_log: AccessLog
    spool: AccessSpool
    payloads: Mapping[str, Payloads]
    positions: Positions
    quarantine: Quarantine
    tokens: Tokens
    accounts: Accounts
    login_sessions: LoginSessions
    devices: Devices
    subscriptions: Subscriptions

    def erase(self, seq: int, part: int) -> bool: ...

    def intact(self) -> bool: ...

    def break_access_log(self) -> None: ...

    def mend_access_log(self) -> None: ...

    def reopen(self) -> None: ...

    def close(self) -> None: ...


class MemoryRig:
    """The fakes of `jru.services.testing`, with the hashes of the real stores."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START)
        self.access_log = MemoryAccessLog(self.clock, hash_of_access)
        self.log = MemoryEventLog(
            self.clock, lambda event: event_hash(hashed_columns(event)), part_hash, self.access_log
        )
        self.spool = MemorySpool()
        self.payloads = self.log.payloads
        self.positions = MemoryPositions()
        self.quarantine = MemoryQuarantine()
        self.tokens = MemoryTokens()
        self.accounts = MemoryAccounts()
        self.login_sessions = MemoryLoginSessions()
        self.devices = MemoryDevices()
        self.subscriptions = MemorySubscriptions()
        self.holdings = MemoryHoldings(self.log, self.positions, self.quarantine)
        self.register = MemoryRegister()

    def erase(self, seq: int, part: int) -> bool:
        return self.log.erase_payload(seq, part)

    def intact(self) -> bool:
        return chain_holds(self.log) and access_chain_holds(self.access_log)

    def break_access_log(self) -> None:
        self.access_log.broken = True

    def mend_access_log(self) -> None:
        self.access_log.broken = False

    def reopen(self) -> None:
        """Nothing to do: memory is gone when its process ends."""

    def close(self) -> None:
        """Nothing to do."""


class SqlRig:
    """A real database."""

    def __init__(self, url: str, directory: Path) -> None:
        self.url = url
        self.directory = directory
        self.clock = VirtualClock(START)
        self._open()

    def _open(self) -> None:
        self.store: Store = open_store(
            self.url,
            self.directory,
            self.clock,
            SeededRandom(7),
            PAYLOAD_STORES,
            auto_upgrade=True,
        )
        self.log = self.store.log
        self.access_log = self.store.access_log
        self.spool = self.store.spool
        self.payloads = self.store.payloads
        self.positions = self.store.positions
        self.quarantine = self.store.quarantine
        self.tokens = self.store.tokens
        self.accounts = self.store.accounts
        self.login_sessions = self.store.login_sessions
        self.devices = self.store.devices
        self.subscriptions = self.store.subscriptions
        self.holdings = self.store.holdings
        self.register = self.store.register

    def erase(self, seq: int, part: int) -> bool:
        """Let the row and its salt go as an erasure does, without an event that says so."""
        [event] = self.log.read(seq - 1, 1)
        names = [ref.store for ref in event.parts if ref.number == part]
        writer = self.store.writer

        def let_go(connection: WriteConnection) -> bool:
            connection.execute(writer.statements.erase_payload[names[0]], (seq, part))
            return connection.changed_rows > 0

        gone = bool(names) and bool(writer.run(let_go))
        if self.store.url.drivername == "sqlite":
            leave_no_copy(self.store)
        return gone

    def intact(self) -> bool:
        result = verify(self.store)
        assert result.intact == (chain_holds(self.log) and access_chain_holds(self.access_log))
        return result.intact

    def break_access_log(self) -> None:
        """Let the database refuse every new row of the access log."""
        if self.store.url.drivername == "sqlite":
            self._run(
                "CREATE TRIGGER access_log_full BEFORE INSERT ON access_log BEGIN SELECT RAISE(ABORT, 'full'); END"
            )
        else:
            self._run("ALTER TABLE access_log ADD CONSTRAINT access_log_full CHECK (seq < 0) NOT VALID")

    def mend_access_log(self) -> None:
        if self.store.url.drivername == "sqlite":
            self._run("DROP TRIGGER access_log_full")
        else:
            self._run("ALTER TABLE access_log DROP CONSTRAINT access_log_full")

    def _run(self, statement: str) -> None:
        engine = writer_engine(self.store.url)
        with engine.begin() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def reopen(self) -> None:
        self.store.close()
        self._open()

    def close(self) -> None:
        self.store.close()


def make_older(url: str, schema: str) -> None:
    """Set up an empty database as the version with this schema did."""
    with writer_engine(database_url(url)).begin() as connection:
        migrate.upgrade(migration_config(connection), schema)


def sqlite_rig(directory: Path) -> SqlRig:
    """Return a store in a SQLite file of a directory."""
    return SqlRig(f"sqlite:///{directory / 'jru.sqlite'}", directory)


def hashed_columns(event: StoredEvent) -> tuple[object, ...]:
    """Return the columns of an event as the real tables hold them, in the order they are hashed."""
    names = StoredEvent.__slots__[:-1]
    return tuple(encode_parts(event.parts) if name == "parts" else getattr(event, name) for name in names)


def chain_holds(log: EventLog) -> bool:
    """Tell whether every event has the hash of its columns and continues the one before."""
    before = bytes(32)
    for event in log.read(0, 10_000):
        if event.prev != before or event.hash != event_hash(hashed_columns(event)):
            return False
        before = event.hash
    return True


def hash_of_access(access: StoredAccess) -> bytes:
    """Return the hash of a stored access, taken anew from its columns."""
    hashed = access_row(access.accessed, access.seq, access.recorded_at_us, access.prev)[-1]
    assert isinstance(hashed, bytes)
    return hashed


def access_chain_holds(log: AccessLog) -> bool:
    """Tell whether every access has the hash of its columns and continues the one before."""
    before = bytes(32)
    for access in log.read(0, 10_000):
        if access.prev != before or access.hash != hash_of_access(access):
            return False
        before = access.hash
    return True


def accessed(
    *records: str,
    kind: AccessKind = AccessKind.CONSULTATION,
    subject: str = "dispatcher_example_one",
    owner: str = "police",
    labels: tuple[Label, ...] = (Label.IDENTITY,),
    at_us: int = START_US,
) -> Accessed:
    """Return an access to record."""
    return Accessed(
        kind,
        subject,
        "police",
        "police_dispatcher",
        None,
        owner,
        records or ("inc_1",),
        labels,
        ("caller",),
        "response",
        "controls medway",
        (),
        at_us,
    )


def draft(
    stream: str, version: int = 1, data: bytes = b"{}", parts: tuple[PartDraft, ...] = ()
) -> EventDraft:
    """Return an event to append."""
    return EventDraft(stream, version, "incident.noted", 1, f"evt_{stream}_{version}", START_US, data, parts)


def part(store: str, content: bytes, number: int = 1, salt: bytes = SALT) -> PartDraft:
    """Return a piece of personal content."""
    label = Label.CLINICAL if store == "patient" else Label.IDENTITY
    return PartDraft(number, label, store, salt, content)


def row(stream: str, version: int = 1, *, is_open: bool = True, body: bytes = b"{}") -> StateRow:
    """Return a read-table row."""
    return StateRow(stream, "incident", version, is_open, body)


def command(
    *events: EventDraft,
    key: str = "",
    principal: str = "dispatcher_example_one",
    content: bytes = b"\x01" * 32,
    states: tuple[StateRow, ...] = (),
    claims: tuple[Claim, ...] = (),
    outcome: bytes = b'{"ok":true}',
    device: str = "",
    device_seq: int | None = None,
    clock_offset_us: int | None = None,
    accesses: tuple[Accessed, ...] = (),
) -> Append:
    """Return a command; without a key it gets one of its own."""
    return Append(
        idem_key=key or f"key-{next(_keys)}",
        principal=principal,
        request_hash=content,
        actor=principal,
        agency="police",
        purpose="dispatch",
        device=device,
        device_seq=device_seq,
        clock_offset_us=clock_offset_us,
        received_at_us=START_US,
        events=events,
        states=states,
        claims=claims,
        outcome=outcome,
        accesses=accesses,
    )
