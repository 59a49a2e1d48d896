"""What is counted and timed, in the text form of Prometheus."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_LATEST
_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class _Figures(Collector):
    """Figures that the services keep themselves, read when they are asked for."""

    def __init__(self, read: Callable[[], Mapping[str, float]]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        """Yield each figure as a gauge."""
        for name, value in sorted(self._read().items()):
            clean = re.sub(r"[^a-z0-9_]", "_", name.lower())
            yield GaugeMetricFamily(f"jru_{clean}", f"{name}, kept by the services.", value=value)


class Metrics:
    """One server's own registry."""

    def __init__(self, figures: Callable[[], Mapping[str, float]]) -> None:
        """Add what `figures` returns, as gauges, at each reading."""
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "jru_http_requests", "Answered requests.", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "jru_http_request_seconds",
            "Time to the end of an answer, streams left out.",
            ["route"],
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._commands = Counter(
            "jru_commands", "Commands by kind and result.", ["command", "result"], registry=self._registry
        )
        self.streams = Gauge("jru_stream_clients", "Open live streams.", registry=self._registry)
        self.dropped = Counter(
            "jru_stream_closed", "Live streams closed by the server.", ["reason"], registry=self._registry
        )
        self.frame_seconds = Histogram(
            "jru_stream_frame_seconds",
            "Time to compute one change frame.",
            buckets=_BUCKETS_S,
            registry=self._registry,
        )
        self._registry.register(_Figures(figures))

    def count_request(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """Count one answer; `seconds` None leaves the time out."""
        self._requests.labels(method, route, str(status)).inc()
        if seconds is not None:
            self._seconds.labels(route).observe(seconds)

    def count_command(self, command: str, *, repeated: bool = False, quarantined: bool = False) -> None:
        """Count one command that was answered without an error."""
        result = "quarantined" if quarantined else "repeated" if repeated else "done"
        self._commands.labels(command, result).inc()

    def text(self) -> bytes:
        """Return all figures."""
        return generate_latest(self._registry)
