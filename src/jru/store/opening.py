"""Opening a store: one process to write, any number to read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.engine import URL

from jru.clock import Clock, Random
from jru.domain.codec import to_us
from jru.errors import JruError, NotFound
from jru.services.ports import Head
from jru.store import tables
from jru.store.access_log import SqlAccessLog
from jru.store.accounts import SqlAccounts
from jru.store.audit_spool import FileSpool
from jru.store.batch import Heads, Tip
from jru.store.checkpoints import HeadRecords, last_signed
from jru.store.devices import SqlDevices
from jru.store.engines import WriteConnection, database_url, reader_engine, sqlite_path, writer_engine
from jru.store.erasure_register import FileRegister
from jru.store.hashing import access_hash, event_hash
from jru.store.holdings import SqlHoldings
from jru.store.log import EMPTY_HEAD, SqlEventLog
from jru.store.login_sessions import SqlLoginSessions
from jru.store.operations import SqlQuarantine, SqlTokens
from jru.store.ownership import ADVISORY_LOCK, FileLock, Holder, in_use
from jru.store.payloads import PayloadStore
from jru.store.positions import SqlPositions
from jru.store.push_subscriptions import SqlSubscriptions
from jru.store.statements import Statements
from jru.store.upgrade import ensure_schema, schema_of
from jru.store.upkeep import LogUpkeep
from jru.store.writer import Writer

TAIL_CHECKED = 1_000


class DamagedLog(JruError):
    """The log does not verify; nothing may be added to it."""


@dataclass(frozen=True, slots=True)
class ReadStore:
    """A store opened for reading; the process that writes it may be running."""

    url: URL
    directory: Path
    origin: str
    engine: Engine
    log: SqlEventLog
    access_log: SqlAccessLog
    payloads: Mapping[str, PayloadStore]
    holdings: SqlHoldings

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Store(ReadStore):
    """A store opened by the one process that writes it."""

    positions: SqlPositions
    quarantine: SqlQuarantine
    tokens: SqlTokens
    spool: FileSpool
    register: FileRegister
    accounts: SqlAccounts
    login_sessions: SqlLoginSessions
    devices: SqlDevices
    subscriptions: SqlSubscriptions
    writer: Writer
    lock: FileLock | None

    def close(self) -> None:
        """Finish what waits, sign the head, and let another process have the log."""
        self.writer.close()
        self.engine.dispose()
        if self.lock is not None:
            self.lock.release()


def open_store(
    url: str,
    directory: Path,
    clock: Clock,
    random: Random,
    payload_stores: Sequence[type[PayloadStore]],
    *,
    auto_upgrade: bool = False,
) -> Store:
    """Open a store for writing; head records and their key live in `directory`.

    Raises Conflict when another process holds it or the schema does not fit, UnsafeSettings, DamagedLog.
    """
    directory.mkdir(parents=True, exist_ok=True)
    parsed = database_url(url)
    path = sqlite_path(parsed)
    chance = random.child("store")
    holder = Holder.of_this_process(chance.uuid7(clock.now()), to_us(clock.now()))
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_name(path.name + ".lock"), holder) if path is not None else None
    try:
        ensure_schema(url, auto=auto_upgrade)
        return _open_locked(parsed, directory, clock, chance, payload_stores, holder, lock)
    except BaseException:
        if lock is not None:
            lock.release()
        raise


def open_for_reading(
    url: str,
    directory: Path,
    payload_stores: Sequence[type[PayloadStore]],
) -> ReadStore:
    """Open a store without the right to write; raises NotFound without one, Conflict when its schema is older."""
    parsed = database_url(url)
    path = sqlite_path(parsed)
    engine = reader_engine(parsed)
    if (path is not None and not path.exists()) or not schema_of(engine):
        engine.dispose()
        raise NotFound(
            "store.absent",
            f"There is no log in {path or parsed.database}.",
            "Name the data directory with --data, or start one with `jru serve`.",
        )
    ensure_schema(url, auto=False)
    with engine.connect() as connection:
        origin = connection.execute(
            select(tables.meta.c.value).where(tables.meta.c.name == "origin")
        ).scalar()
    payloads = {store.name: store(engine) for store in payload_stores}
    log = SqlEventLog(engine, None)
    access_log = SqlAccessLog(engine, None)
    holdings = _holdings(engine, payload_stores)
    return ReadStore(parsed, directory, str(origin or ""), engine, log, access_log, payloads, holdings)


def _open_locked(
    url: URL,
    directory: Path,
    clock: Clock,
    random: Random,
    payload_stores: Sequence[type[PayloadStore]],
    holder: Holder,
    lock: FileLock | None,
) -> Store:
    connections = writer_engine(url)
    connect = _connector(connections, holder)
    payload_tables = {store.name: store.table for store in payload_stores}
    connection = connect()
    try:
        statements = Statements(connection.dialect, payload_tables)
        origin = _settle_meta(connection, statements, random, clock)
        _register(connection, statements, holder)
    finally:
        connection.close()
    path = sqlite_path(url)
    wal = path.with_name(path.name + "-wal") if path is not None else None
    heads = HeadRecords(directory, origin, random)
    writer = Writer(connect, payload_tables, clock, _read_tip, LogUpkeep(clock, heads, statements, wal))
    try:
        _refuse_cut_log(directory, origin, writer.heads)
    except BaseException:
        writer.close()
        raise
    engine = reader_engine(url)
    return Store(
        url=url,
        directory=directory,
        origin=origin,
        engine=engine,
        log=SqlEventLog(engine, writer),
        access_log=SqlAccessLog(engine, writer),
        payloads={store.name: store(engine) for store in payload_stores},
        holdings=_holdings(engine, payload_stores),
        positions=SqlPositions(engine, writer),
        quarantine=SqlQuarantine(engine, writer),
        tokens=SqlTokens(engine, writer),
        spool=FileSpool(directory),
        register=FileRegister(directory, origin, random),
        accounts=SqlAccounts(engine, writer),
        login_sessions=SqlLoginSessions(engine, writer),
        devices=SqlDevices(engine, writer),
        subscriptions=SqlSubscriptions(engine, writer),
        writer=writer,
        lock=lock,
    )


def _holdings(engine: Engine, payload_stores: Sequence[type[PayloadStore]]) -> SqlHoldings:
    return SqlHoldings(engine, [store.table for store in payload_stores])


def _connector(engine: Engine, holder: Holder) -> Callable[[], WriteConnection]:
    def connect() -> WriteConnection:
        connection = WriteConnection(engine)
        if connection.dialect.name == "sqlite":
            return connection
        try:
            if not connection.one("SELECT pg_try_advisory_lock(%s)", (ADVISORY_LOCK,))[0]:
                raise in_use("the database", _registered(connection))
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _registered(connection: WriteConnection) -> Holder | None:
    row = connection.one("SELECT instance_id, host, pid, started_at_us FROM instance LIMIT 1")
    return Holder(*row) if row else None


def _register(connection: WriteConnection, statements: Statements, holder: Holder) -> None:
    connection.begin()
    connection.execute(statements.text(delete(tables.instance)))
    row = (holder.instance_id, holder.host, holder.pid, holder.started_at_us)
    connection.insert(statements.text(insert(tables.instance)), [row])
    connection.commit()


def _settle_meta(connection: WriteConnection, statements: Statements, random: Random, clock: Clock) -> str:
    """Return the name of this log, giving it one the first time."""
    found = connection.one(statements.meta_value, ("origin",))
    if found is not None:
        return str(found[0])
    origin = f"log_{random.uuid7(clock.now())}"
    connection.begin()
    connection.insert(statements.put_meta, [("origin", origin), ("feed_epoch", "1")])
    connection.commit()
    return origin


def _read_tip(connection: WriteConnection, statements: Statements) -> Tip:
    """Return where both chains end, after checking their last rows; raises DamagedLog."""
    epoch = int(connection.one(statements.meta_value, ("feed_epoch",))[0])
    log = _read_end(connection, statements.last_event, statements.events_after, event_hash, "event")
    access = _read_end(connection, statements.last_access, statements.accesses_after, access_hash, "access")
    return Tip(Heads(log, access), epoch)


def _read_end(
    connection: WriteConnection,
    last_row: str,
    rows_after: str,
    hash_of: Callable[[Sequence[object]], bytes],
    name: str,
) -> Head:
    last = connection.one(last_row)
    if last is None:
        return EMPTY_HEAD
    after = max(0, last[0] - TAIL_CHECKED)
    expected_prev: bytes | None = EMPTY_HEAD.hash if after == 0 else None
    for *columns, digest in connection.all(rows_after, (after,)):
        expected_seq, after = after + 1, columns[0]
        fits = expected_prev is None or columns[-1] == expected_prev
        if columns[0] != expected_seq or not fits or hash_of(columns) != digest:
            raise DamagedLog(
                "store.damaged",
                f"The log does not verify at {name} {expected_seq}; nothing can be added to it.",
                "Run `jru log verify` for the whole picture, then restore a backup.",
                {"seq": expected_seq},
            )
        expected_prev = digest
    return Head(*last)


def _refuse_cut_log(directory: Path, origin: str, heads: Heads) -> None:
    signed = last_signed(directory, origin)
    for name, seq, signed_seq in (
        ("event", heads.log.seq, signed[0]),
        ("access", heads.access.seq, signed[1]),
    ):
        if signed_seq > seq:
            raise DamagedLog(
                "store.cut",
                f"The log ends at {name} {seq}, but a signed record says that it had {signed_seq}.",
                "Restore a newer backup; to go on without the lost events, move "
                f"{directory / 'heads'} away and keep it as evidence.",
                {"seq": seq, "signed": signed_seq},
            )
