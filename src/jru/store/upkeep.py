"""What the writer thread does between batches: head records, write-ahead log, old positions."""

from __future__ import annotations

from pathlib import Path

import structlog

from jru.clock import Clock
from jru.domain.codec import to_us
from jru.services.ports import Head
from jru.store.checkpoints import EVERY_US, HeadRecords
from jru.store.engines import WriteConnection
from jru.store.positions import PositionRetention
from jru.store.statements import Statements

MOVE_EVERY_BATCHES = 64
WAL_ALARM_BYTES = 64 * 1024 * 1024

_log = structlog.get_logger(__name__)


class LogUpkeep:
    """Signs the head every minute and at the end, and keeps the files of a SQLite log small."""

    def __init__(self, clock: Clock, heads: HeadRecords, statements: Statements, wal: Path | None) -> None:
        self._clock = clock
        self._heads = heads
        self._statements = statements
        self._wal = wal
        self._retention = PositionRetention(statements)
        self._signed_seq = 0
        self._due_us = to_us(clock.now()) + EVERY_US
        self._alarmed = False
        self._batches = 0

    def __call__(self, connection: WriteConnection, head: Head, *, idle: bool) -> None:
        """Do what is due."""
        now_us = to_us(self._clock.now())
        if now_us >= self._due_us:
            self._due_us = now_us + EVERY_US
            self.sign(connection, head)
            self._retention.purge(connection, now_us)
        if self._wal is not None:
            self._keep_small(connection, self._wal, idle=idle)

    def sign(self, connection: WriteConnection, head: Head) -> None:
        """Write a head record unless the log stands where it stood at the last one."""
        if head.seq == self._signed_seq:
            return
        record = self._heads.record(head, max(to_us(self._clock.now()), head.recorded_at_us))
        connection.begin()
        row = (record.seq, record.hash, record.at_us, record.key_id, record.signature)
        connection.insert(self._statements.put_checkpoint, [row])
        connection.commit()
        self._signed_seq = head.seq

    def finish(self, connection: WriteConnection, head: Head) -> None:
        """Sign the last head and leave the database in one file."""
        self.sign(connection, head)
        connection.empty_wal()

    def _keep_small(self, connection: WriteConnection, wal: Path, *, idle: bool) -> None:
        self._batches += 1
        if not idle and self._batches < MOVE_EVERY_BATCHES:
            return
        self._batches = 0
        try:
            size = wal.stat().st_size
        except FileNotFoundError:
            return
        if size > WAL_ALARM_BYTES and not self._alarmed:
            _log.warning("a reader keeps the write-ahead log from shrinking", bytes=size)
        self._alarmed = size > WAL_ALARM_BYTES
        if not idle:
            connection.move_wal()
        elif size:
            connection.empty_wal()
