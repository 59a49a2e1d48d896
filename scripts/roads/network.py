"""Read the hand-written tables of the schematic road network."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

LonLat = tuple[float, float]


class TableError(ValueError):
    """A table line cannot be understood."""


@dataclass(frozen=True)
class Point:
    """A junction (named) or a point between; equal keys are one node."""

    key: str
    lonlat: LonLat
    named: bool


@dataclass
class Stretch:
    """A run of one road with one limit and one structure."""

    ref: str
    road_class: str
    mph: int
    shape: str  # "", "dual" or "oneway"
    name: str
    structure: str = ""  # "bridge" or "tunnel"
    plain_name: str = ""  # the road's own name, where it is not a bridge or tunnel
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True)
class Place:
    """A town, village, suburb, junction, hospital or police site."""

    kind: str
    lonlat: LonLat
    name: str


def read_places(path: Path) -> list[Place]:
    """Read `kind lon lat name` lines."""
    places = []
    for line in _lines(path):
        kind, lon, lat, name = line.split(maxsplit=3)
        places.append(Place(kind, (float(lon), float(lat)), name))
    return places


def read_stretches(paths: list[Path]) -> list[Stretch]:
    """Read road tables; raise TableError naming the line that is wrong."""
    lines = [(f"{path.name}: {line.strip()[:60]}", line) for path in paths for line in _lines(path)]
    junctions = _junctions(lines)
    stretches: list[Stretch] = []
    current: Stretch | None = None
    for where, line in lines:
        try:
            if not line.startswith(" "):
                current = _header(line)
                stretches.append(current)
            elif current is None:
                raise TableError("points before any road")
            else:
                current = _extend(stretches, current, line, junctions)
        except (ValueError, KeyError) as error:
            raise TableError(f"{where}: {error}") from error
    return [stretch for stretch in stretches if len(stretch.points) > 1]


def _lines(path: Path) -> list[str]:
    lines = (line.rstrip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _junctions(lines: list[tuple[str, str]]) -> dict[str, LonLat]:
    found: dict[str, LonLat] = {}
    for where, line in lines:
        for token in line.split() if line.startswith(" ") else ():
            name, at, coordinates = token.partition("@")
            if at:
                if name in found:
                    raise TableError(f"{where}: junction {name} is set twice")
                found[name] = _lonlat(coordinates)
    return found


def _lonlat(text: str) -> LonLat:
    lon, lat = text.split(",")
    return float(lon), float(lat)


def _header(line: str) -> Stretch:
    head, _, name = line.partition(" : ")
    ref, road_class, mph, *shape = head.split()
    name = name.strip()
    return Stretch("" if ref == "-" else ref, road_class, int(mph), "".join(shape), name, plain_name=name)


def _extend(stretches: list[Stretch], current: Stretch, line: str, junctions: dict[str, LonLat]) -> Stretch:
    for token in line.split():
        if token.startswith("="):
            current = _change(current, token[1:])
            stretches.append(current)
        elif "," in token and "@" not in token:
            lonlat = _lonlat(token)
            current.points.append(Point(f"{lonlat[0]:.4f},{lonlat[1]:.4f}", lonlat, named=False))
        else:
            name = token.partition("@")[0]
            current.points.append(Point(name, junctions[name], named=True))
    return current


def _change(current: Stretch, token: str) -> Stretch:
    """Start a new stretch at the last point with another limit or structure."""
    kind, _, name = token.partition(":")
    mph, structure, road_name = current.mph, current.structure, current.name
    if kind.isdigit():
        mph = int(kind)
    elif kind in {"bridge", "tunnel"}:
        structure, road_name = kind, name.replace("_", " ")
    elif kind == "ground":
        structure, road_name = "", current.plain_name
    else:
        raise TableError(f"unknown change ={token}")
    last = current.points[-1]
    # An unnamed point where the attributes change must still be one shared node.
    joint = Point(last.key, last.lonlat, named=True)
    current.points[-1] = joint
    return Stretch(
        ref=current.ref,
        road_class=current.road_class,
        mph=mph,
        shape=current.shape,
        name=road_name,
        structure=structure,
        plain_name=current.plain_name,
        points=[joint],
    )
