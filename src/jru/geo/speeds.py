"""How fast a unit drives: a versioned table of speeds per road class and mode."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import numpy as np

from jru.geo.errors import SpeedTableInvalid
from jru.geo.projection import FloatArray
from jru.geo.roads import ROAD_CLASSES, RoadGraph

NORMAL: Final = "normal"
EMERGENCY: Final = "emergency"
MODES: Final = (NORMAL, EMERGENCY)
_SHORTEST_S: Final = 0.1  # a zero cost would let the search run in circles for nothing
_TOP_LEVEL: Final = (
    "limit_share",
    "slowest_kmh",
    "fastest_normal_kmh",
    "fastest_emergency_kmh",
)


@dataclass(frozen=True)
class SpeedTable:
    """Speeds in km/h; `base_kmh` and `blue_light` follow the order of ROAD_CLASSES."""

    version: str
    calibrated: bool
    limit_share: float
    slowest_kmh: float
    fastest_normal_kmh: float
    fastest_emergency_kmh: float
    access_kmh: dict[str, float]
    base_kmh: tuple[float, ...]
    blue_light: tuple[float, ...]

    @classmethod
    def parse(cls, text: str) -> SpeedTable:
        """Read a table from TOML; raise SpeedTableInvalid naming what is missing or wrong."""
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise SpeedTableInvalid(f"speed table: {error}") from error
        classes = raw.get("class", {})
        if set(classes) != set(ROAD_CLASSES):
            odd = sorted(set(classes) ^ set(ROAD_CLASSES))
            raise SpeedTableInvalid(f"speed table: unknown or missing road classes {odd}")
        table = cls(
            version=_text(raw, "version"),
            calibrated=raw.get("calibrated") is True,
            access_kmh={mode: _speed(raw.get("access_kmh", {}), mode) for mode in MODES},
            base_kmh=tuple(_speed(classes[name], "base_kmh") for name in ROAD_CLASSES),
            blue_light=tuple(_speed(classes[name], "blue_light") for name in ROAD_CLASSES),
            **{key: _speed(raw, key) for key in _TOP_LEVEL},
        )
        if min(table.blue_light) < 1 or table.access_kmh[EMERGENCY] < table.access_kmh[NORMAL]:
            raise SpeedTableInvalid("speed table: emergency driving must not be slower than normal")
        if table.fastest_emergency_kmh < table.fastest_normal_kmh:
            raise SpeedTableInvalid("speed table: fastest_emergency_kmh is below the normal one")
        return table

    def seconds(self, graph: RoadGraph, mode: str) -> FloatArray:
        """Return the driving time of every segment in seconds."""
        speed = self._normal_kmh(graph)
        if check_mode(mode) == EMERGENCY:
            faster = speed * np.array(self.blue_light)[graph.road_class]
            speed = np.maximum(speed, np.minimum(faster, self.fastest_emergency_kmh))
        seconds: FloatArray = np.maximum(graph.length_m / (speed / 3.6), _SHORTEST_S)
        return seconds

    def access_m_per_s(self, mode: str) -> float:
        """Return the speed between a place and the nearest road in metres per second."""
        return self.access_kmh[check_mode(mode)] / 3.6

    def _normal_kmh(self, graph: RoadGraph) -> FloatArray:
        posted = graph.limit_kmh.astype(np.float64)
        base = np.array(self.base_kmh)[graph.road_class]
        speed = np.where(posted > 0, posted * self.limit_share, base)
        return np.clip(speed, self.slowest_kmh, self.fastest_normal_kmh)


def load_default_speeds() -> SpeedTable:
    """Read the table shipped with the package."""
    return SpeedTable.parse(files("jru.geo").joinpath("speeds.toml").read_text("utf-8"))


def check_mode(mode: str) -> str:
    """Return the mode unchanged; raise ValueError for one that does not exist."""
    if mode not in MODES:
        raise ValueError(f"driving mode {mode!r}: use one of {', '.join(MODES)}")
    return mode


def _speed(raw: dict[str, Any], key: str) -> float:
    value = raw.get(key)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or value <= 0:  # type: ignore[arg-type,operator]
        raise SpeedTableInvalid(f"speed table: {key} must be a number above 0, not {value!r}")
    return float(value)  # type: ignore[arg-type]


def _text(raw: dict[str, Any], key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value:
        raise SpeedTableInvalid(f"speed table: {key} must be a text")
    return value
