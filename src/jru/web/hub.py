"""Live fan-out: one computation per kind of viewer, shared by all of its streams.

After each commit the writer thread wakes the hub. It waits a moment for more, computes each group's change once
in a thread of its own, and puts the same bytes into every client's outbox. A client that falls behind is closed;
it resumes by its cursor without loss.
"""

from __future__ import annotations

import asyncio
import threading
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

T = TypeVar("T")
COALESCE_S = 0.05
CHECK_S = 1.0
HEARTBEAT_S = 5.0
LIFE_S = 600.0
GROUP_IDLE_S = 900.0
_log = structlog.get_logger("jru.web.stream")


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
    used_s: float
    clients: set[Client] = field(default_factory=set)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hub:
    """All live streams of one server. Times are of the real world, whatever clock the services run on."""

    def __init__(
        self,
        services: Services,
        metrics: Metrics,
        *,
        max_streams: int = 1000,
        heartbeat_s: float = HEARTBEAT_S,
        life_s: float = LIFE_S,
        sleep: Sleep | None = None,
        world: Clock | None = None,
    ) -> None:
        self._services = services
        self._metrics = metrics
        self._max_streams = max_streams
        self._heartbeat_s = heartbeat_s
        self._life_s = life_s
        self._sleep: Sleep = sleep or SystemSleep()
        self._world: Clock = world or SystemClock()
        self._circles: dict[ViewerKey, Circle] = {}
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(2, "jru-stream")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    def board(self, viewer: Viewer) -> Rows:
        """Return the board; blocking."""
        return self._circle(viewer).group.board()

    def changes(self, viewer: Viewer, cursor: str) -> Rows:
        """Return what changed after a cursor; blocking; CursorTooOld."""
        return self._circle(viewer).group.changes(cursor)

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
            event, rows = await self._in_thread(lambda: circle.group.open(cursor))
            client = Client(secret, circle, self._world.monotonic() + self._life_s)
            circle.clients.add(client)
            first = frame(event, rows, cursor=rows["cursor"], retry_ms=self._jittered_ms())
            client.outbox.put(first)
        self._metrics.streams.inc()
        return client

    def leave(self, client: Client) -> None:
        """Forget a stream that has ended."""
        if client in client.circle.clients:
            client.circle.clients.discard(client)
            client.circle.group.close()
            client.circle.used_s = self._world.monotonic()
            self._metrics.streams.dec()

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
        with self._lock:
            circles = list(self._circles.values())
        return [client for circle in circles for client in circle.clients]

    def _circle(self, viewer: Viewer) -> Circle:
        key = key_of(viewer)
        with self._lock:
            circle = self._circles.get(key)
            if circle is None:
                circle = Circle(key, Group(self._services, viewer), 0.0)
                self._circles[key] = circle
            circle.used_s = self._world.monotonic()
            return circle

    def _on_commit(self, _seq: int) -> None:
        """Wake the hub; called on the writer thread."""
        if self._loop is not None and not self._loop.is_closed() and not self._woken.is_set():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def _run(self) -> None:
        beat_s = self._world.monotonic() + self._heartbeat_s
        while True:
            await self._wait(min(CHECK_S, beat_s - self._world.monotonic()))
            beats = self._world.monotonic() >= beat_s
            if beats:
                beat_s += self._heartbeat_s
                self._forget_idle()
            for circle in [circle for circle in list(self._circles.values()) if circle.clients]:
                await self._serve(circle, beats)

    async def _wait(self, at_most_s: float) -> None:
        """Return a moment after a commit, or after a while without one."""
        try:
            async with asyncio.timeout(max(0.0, at_most_s)):
                await self._woken.wait()
        except TimeoutError:
            return
        await self._sleep(COALESCE_S)
        self._woken.clear()

    async def _serve(self, circle: Circle, beats: bool) -> None:
        """Tell one circle what is new, and end what has to end."""
        async with circle.turn:
            secrets = {client.secret for client in circle.clients}
            try:
                frames, valid = await self._in_thread(lambda: self._compute(circle, secrets, beats))
            except Exception as error:  # noqa: BLE001 - the hub outlives any one failure; the next round retries
                _log.error("stream frame failed", exc_info=error)
                return
            now_s = self._world.monotonic()
            for client in list(circle.clients):
                if client.secret not in valid:
                    self.say_bye(client, "revoked")
                elif not all(client.outbox.put(content) for content in frames):
                    self._drop(client)
                elif now_s >= client.ends_s:
                    self.say_bye(client, "renew")

    def _compute(self, circle: Circle, secrets: set[str], beats: bool) -> tuple[list[bytes], set[str]]:
        valid = {secret for secret in secrets if self._still(circle.key, secret)}
        frames = []
        with self._metrics.frame_seconds.time():
            rows = circle.group.advance()
        if rows is not None:
            frames.append(frame("change", rows, cursor=rows["cursor"]))
        if beats:
            frames.append(frame("heartbeat", self._services.heartbeat(circle.group.viewer)))
        return frames, valid

    def _still(self, key: ViewerKey, secret: str) -> bool:
        viewer = self._services.viewer_for(secret)
        return viewer is not None and key_of(viewer) == key

    def _forget_idle(self) -> None:
        now_s = self._world.monotonic()
        with self._lock:
            for key, circle in list(self._circles.items()):
                if not circle.clients and now_s - circle.used_s > GROUP_IDLE_S:
                    del self._circles[key]
