"""Live fan-out: one computation per kind of viewer, shared by all of its streams.

After each commit the writer thread wakes the hub. It waits a moment for more, computes each group's change once
in a thread of its own, and puts the same bytes into every client's outbox. A client that falls behind is closed;
it resumes by its cursor without loss.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import structlog

from jru.clock import Clock, Sleep, SystemClock, SystemSleep
from jru.errors import Unavailable
from jru.web.groups import Group, ViewerKey, key_of
from jru.web.metrics import Metrics
from jru.web.outbox import Outbox, frame
from jru.web.ports import Rows, Services, Viewer
from jru.web.presence import Presence
from jru.web.problems import log_unexpected

T = TypeVar("T")
_log = structlog.get_logger("jru.web.stream")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often things happen on a stream, in seconds of the real world.

    `coalesce_s` is the wait for more after a commit, `check_s` the longest time between two looks at who may
    still listen, `life_s` how long one stream lasts.
    """

    coalesce_s: float = 0.05
    check_s: float = 0.5
    heartbeat_s: float = 5.0
    life_s: float = 600.0


@dataclass(eq=False)
class Client:
    """One open stream."""

    secret: str
    circle: Circle
    ends_s: float
    outbox: Outbox = field(default_factory=Outbox)
    dropped: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(eq=False)
class Circle:
    """A group with its open streams; `turn` keeps joining and telling apart."""

    key: ViewerKey
    group: Group
    clients: set[Client] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    here: list[Rows] = field(default_factory=list)


class Hub:
    """All live streams of one server. Times are of the real world, whatever clock the services run on."""

    def __init__(
        self,
        services: Services,
        metrics: Metrics,
        *,
        max_streams: int = 1000,
        rhythm: Rhythm | None = None,
        sleep: Sleep | None = None,
        world: Clock | None = None,
    ) -> None:
        self._services = services
        self._metrics = metrics
        self._max_streams = max_streams
        self._rhythm = rhythm or Rhythm()
        self._sleep: Sleep = sleep or SystemSleep()
        self._world: Clock = world or SystemClock()
        self._circles: dict[ViewerKey, Circle] = {}
        self._presence = Presence()
        self._threads = ThreadPoolExecutor(2, "jru-stream")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Begin to listen for commits."""
        self._loop = asyncio.get_running_loop()
        self._unsubscribe = self._services.subscribe(self._on_commit)
        self._task = asyncio.create_task(self._run(), name="jru-stream-hub")

    async def close(self) -> None:
        """End every stream with a `bye` and stop; may be called again."""
        self._closing = True
        self._unsubscribe()
        self._unsubscribe = lambda: None
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        for client in self._clients():
            self.say_bye(client, "shutdown")
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def join(self, viewer: Viewer, secret: str, cursor: str | None) -> Client:
        """Open a stream with its first frame in the outbox; Unavailable when full or stopping."""
        if self._closing:
            raise Unavailable("stream.stopping", "The server is stopping.", "Try again.", retry_after_s=2)
        if len(self._clients()) >= self._max_streams:
            raise Unavailable(
                "stream.full", "Too many live streams are open.", "Try again.", retry_after_s=10
            )
        circle = self._circle(viewer)
        async with circle.turn:
            event, rows = await self._in_thread(
                lambda: circle.group.open(viewer, cursor, first=not circle.clients)
            )
            client = Client(secret, circle, self._world.monotonic() + self._rhythm.life_s)
            circle.clients.add(client)
            first = frame(event, rows, cursor=rows["cursor"], retry_ms=self._jittered_ms())
            client.outbox.put(first)
            self._presence.sit(secret, viewer)
            if circle.here:
                client.outbox.put(frame("presence", {"desks": circle.here}))
        self._metrics.streams.inc()
        return client

    def leave(self, client: Client) -> None:
        """Forget a stream that has ended."""
        if client in client.circle.clients:
            client.circle.clients.discard(client)
            self._metrics.streams.dec()

    def say_presence(self, secret: str, incident_id: str | None, changes: str | None) -> int | None:
        """Note what a desk has open and return its number; None for one without a live stream. TooManyTries."""
        number = self._presence.say(secret, incident_id, changes, self._world.monotonic())
        self._woken.set()
        return number

    def end_session(self, secret: str) -> None:
        """End the streams of a session that was closed."""
        for client in self._clients():
            if client.secret == secret:
                self.say_bye(client, "revoked")

    def say_bye(self, client: Client, reason: str) -> None:
        """End one stream in good order."""
        client.outbox.finish(frame("bye", {"reason": reason}, retry_ms=self._jittered_ms()))
        self._metrics.dropped.labels(reason).inc()
        self.leave(client)

    def _drop(self, client: Client) -> None:
        """Close a stream that does not keep up."""
        _log.info("slow stream closed", role=client.circle.key.role.value)
        client.dropped.set()
        self._metrics.dropped.labels("slow").inc()
        self.leave(client)

    def _jittered_ms(self) -> int:
        return 500 + self._services.random.below(2500)

    def _clients(self) -> list[Client]:
        return [client for circle in self._circles.values() for client in circle.clients]

    def _circle(self, viewer: Viewer) -> Circle:
        key = key_of(viewer)
        return self._circles.setdefault(key, Circle(key, Group(self._services, viewer)))

    def _on_commit(self, _seq: int) -> None:
        """Wake the hub; called on the writer thread."""
        if self._loop is not None and not self._loop.is_closed() and not self._woken.is_set():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _run(self) -> None:
        beat_s = self._world.monotonic() + self._rhythm.heartbeat_s
        while True:
            await self._wait(min(self._rhythm.check_s, beat_s - self._world.monotonic()))
            beats = self._world.monotonic() >= beat_s
            if beats:
                beat_s = max(beat_s + self._rhythm.heartbeat_s, self._world.monotonic())
            self._presence.keep(client.secret for client in self._clients())
            for circle in list(self._circles.values()):
                await self._serve(circle, beats)
                if not circle.clients and not circle.turn.locked():
                    del self._circles[circle.key]

    async def _wait(self, at_most_s: float) -> None:
        """Return a moment after a commit, or after a while without one."""
        try:
            async with asyncio.timeout(max(0.0, at_most_s)):
                await self._woken.wait()
        except TimeoutError:
            return
        await self._sleep(self._rhythm.coalesce_s)
        self._woken.clear()

    async def _serve(self, circle: Circle, beats: bool) -> None:
        """Tell one circle what is new, and end what has to end."""
        if not circle.clients:
            return
        async with circle.turn:
            secrets = {client.secret for client in circle.clients}
            try:
                frames, valid = await self._in_thread(lambda: self._compute(circle, secrets, beats))
                frames += await self._desks(circle)
            except Exception as error:  # noqa: BLE001 - the hub outlives any one failure; the next round retries
                log_unexpected("stream frame failed", error)
                return
            now_s = self._world.monotonic()
            for client in list(circle.clients):
                if not valid[client.secret]:
                    self.say_bye(client, "revoked")
                elif not all(client.outbox.put(content) for content in frames):
                    self._drop(client)
                elif now_s >= client.ends_s:
                    self.say_bye(client, "renew")

    async def _desks(self, circle: Circle) -> list[bytes]:
        """Return the frame that tells a room who has what open, when that has changed for it."""
        if not circle.key.role.is_dispatcher:
            return []
        asked, shown, viewer = self._presence.open_ids, self._services.known_as, circle.group.viewer
        known = await self._in_thread(lambda: {one: shown(viewer, one) for one in asked}) if asked else {}
        here = self._presence.rows(known.get, self._world.monotonic())
        if here == circle.here:
            return []
        circle.here = here
        return [frame("presence", {"desks": here})]

    def _compute(self, circle: Circle, secrets: set[str], beats: bool) -> tuple[list[bytes], dict[str, bool]]:
        listening = {secret: self._still(circle.key, secret) for secret in secrets}
        valid = {secret: viewer is not None for secret, viewer in listening.items()}
        frames: list[bytes] = []
        if not any(valid.values()):
            return frames, valid
        with self._metrics.frame_seconds.time():
            told = circle.group.advance(viewer.subject for viewer in listening.values() if viewer)
        if told is not None:
            event, rows = told
            frames.append(frame(event, rows, cursor=rows["cursor"]))
        if beats:
            frames.append(frame("heartbeat", self._services.heartbeat(circle.group.viewer)))
        return frames, valid

    def _still(self, key: ViewerKey, secret: str) -> Viewer | None:
        """Return who holds a secret, if they may still listen here."""
        viewer = self._services.viewer_for(secret)
        return viewer if viewer is not None and key_of(viewer) == key else None
