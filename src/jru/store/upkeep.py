"""What the writer thread does between batches: head records, write-ahead log."""

from __future__ import annotations

from pathlib import Path

import structlog

from jru.clock import Clock
from jru.domain.codec import to_us
from jru.store.batch import Heads
from jru.store.checkpoints import EVERY_US, HeadRecords
from jru.store.engines import WriteConnection
from jru.store.statements import Statements

MOVE_EVERY_BATCHES = 64
WAL_ALARM_BYTES = 64 * 1024 * 1024

_log = structlog.get_logger(__name__)


class LogUpkeep:
    """Signs both heads every minute and at the end, and keeps the files of a SQLite log small."""

    def __init__(self, clock: Clock, heads: HeadRecords, statements: Statements, wal: Path | None) -> None:
        self._clock = clock
        self._heads = heads
        self._statements = statements
        self._wal = wal
        self._signed = (0, 0)
        self._due_us = to_us(clock.now()) + EVERY_US
        self._alarmed = False
        self._batches = 0

    def __call__(self, connection: WriteConnection, heads: Heads, *, idle: bool) -> None:
        """Do what is due."""
        now_us = to_us(self._clock.now())
        if now_us >= self._due_us:
            self._due_us = now_us + EVERY_US
            self.sign(connection, heads)
        if self._wal is not None:
            self._keep_small(connection, self._wal, idle=idle)

    def sign(self, connection: WriteConnection, heads: Heads) -> None:
        """Write a head record unless both chains end where they ended at the last one."""
        ends = heads.log.seq, heads.access.seq
        if ends == self._signed:
            return
        latest_us = max(heads.log.recorded_at_us, heads.access.recorded_at_us)
        record = self._heads.record(heads.log, heads.access, max(to_us(self._clock.now()), latest_us))
        connection.begin()
        row = (
            record.seq,
            record.hash,
            record.access_seq,
            record.access_hash,
            record.at_us,
            record.key_id,
            record.signature,
        )
        connection.insert(self._statements.put_checkpoint, [row])
        connection.commit()
        self._signed = ends

    def finish(self, connection: WriteConnection, heads: Heads) -> None:
        """Sign the last heads and leave the database in one file."""
        self.sign(connection, heads)
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
