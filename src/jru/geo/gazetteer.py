"""Find a place by typing the beginning of its name: towns, sites, junctions and roads."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import osmium

from jru.geo.address import run_of, street_and_town, street_stands
from jru.geo.errors import MapUnreadable
from jru.geo.extract import read_graph
from jru.geo.journey import LonLat
from jru.geo.projection import FloatArray, MetrePlane
from jru.geo.roads import RoadGraph

SITE: Final = "site"
TOWN: Final = "town"
JUNCTION: Final = "junction"
STREET: Final = "street"

_KINDS: Final = {
    ("place", "city"): TOWN,
    ("place", "town"): TOWN,
    ("place", "suburb"): TOWN,
    ("place", "village"): TOWN,
    ("place", "hamlet"): TOWN,
    ("amenity", "hospital"): SITE,
    ("amenity", "police"): SITE,
    ("emergency", "ambulance_station"): SITE,
    ("highway", "motorway_junction"): JUNCTION,
}
_ORDER: Final = (TOWN, SITE, JUNCTION, STREET)
_EXACT_FIRST: Final = (SITE, JUNCTION, STREET, TOWN)
_SHORT: Final = {
    "st": ("street", "saint"),
    "rd": ("road",),
    "ave": ("avenue",),
    "ln": ("lane",),
    "hosp": ("hospital",),
    "stn": ("station",),
    "jct": ("junction",),
    "j": ("junction",),
}
_APOSTROPHES: Final = str.maketrans("", "", "'\u2019`")
_LONGEST_QUERY: Final = 200
_NEAR_TOWN_M: Final = 5_000.0
_JUNCTION_NUMBER: Final = re.compile(r"\bj(?=\d)", re.I)


class Found(NamedTuple):
    """One hit; `precision` is `town`, `site`, `junction` or `street`.

    `partial` says that the name is only a part of what was typed, such as the street of a whole address.
    """

    name: str
    lon: float
    lat: float
    precision: str
    partial: bool = False


@dataclass(frozen=True)
class Gazetteer:
    """An in-memory index of a few thousand names; safe to share between threads."""

    _entries: tuple[tuple[tuple[str, ...], Found], ...]

    @classmethod
    def of(cls, places: Iterable[Found]) -> Gazetteer:
        """Index the given places, best kinds first, equal names once per position."""
        unique = sorted(set(places), key=lambda p: (_ORDER.index(p.precision), p.name, p.lon))
        return cls(tuple((_words(place.name), place) for place in unique))

    def search(self, prefix: str, limit: int = 10) -> list[Found]:
        """Return places of which every typed word begins a word of the name, best first.

        Whole words come before beginnings of words, names that begin with what was typed
        before others, and then towns, sites, junctions and streets. Where no name has every
        word, the names that stand in the text as in an address, the most exact first. Case,
        accents and apostrophes do not matter; no input is an error.
        """
        typed = _words(_JUNCTION_NUMBER.sub("junction ", prefix[:_LONGEST_QUERY]))
        if not typed:
            return []
        hits = [
            (typed[0] not in words, not words[0].startswith(typed[0]), order, place)
            for order, (words, place) in enumerate(self._entries)
            if all(_begins(word, words) for word in typed)
        ]
        found = [place for *_, place in sorted(hits)] or self._in_address(typed)
        return found[: max(limit, 0)]

    def _in_address(self, typed: tuple[str, ...]) -> list[Found]:
        """Return the names that stand in an address: sites, junctions, streets, and its town last."""
        runs = {
            place: run
            for words, place in self._entries
            if place.precision != STREET and (run := run_of(words, typed, _says))
        }
        towns = {place.name: run for place, run in runs.items() if place.precision == TOWN}
        for _, place in self._entries:
            street, town = street_and_town(place.name)
            run = run_of(_words(street), typed, _says) if place.precision == STREET else None
            if run and street_stands(run, towns.get(town), towns.values()):
                runs[place] = run
        best = sorted(runs, key=lambda p: (_EXACT_FIRST.index(p.precision), -runs[p].start, p.name))
        return [place._replace(partial=True) for place in best]


def read_gazetteer(path: Path, graph: RoadGraph | None = None) -> Gazetteer:
    """Index an OSM file: its named places and sites, and the roads of its graph."""
    try:
        named = list(_named_nodes(path))
    except (RuntimeError, OSError) as error:
        raise MapUnreadable(f"{path}: cannot be read as OpenStreetMap data ({error})") from error
    roads = _roads(graph or read_graph(path), [p for p in named if p.precision == TOWN])
    return Gazetteer.of([*named, *roads])


def load_embedded_gazetteer(graph: RoadGraph | None = None) -> Gazetteer:
    """Index the embedded network of north Kent; pass its graph to save reading it again."""
    with as_file(files("jru") / "blueprints" / "north_kent" / "roads.osm") as path:
        return read_gazetteer(path, graph)


def _named_nodes(path: Path) -> Iterator[Found]:
    keys = sorted({key for key, _ in _KINDS})
    for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.KeyFilter(*keys)):
        if not isinstance(node, osmium.osm.Node):
            continue
        kind = next((_KINDS.get((k, node.tags[k])) for k in keys if k in node.tags), None)
        name = node.tags.get("name")
        if kind and name and node.location.valid():
            yield Found(name, round(node.lon, 6), round(node.lat, 6), kind)


def _roads(graph: RoadGraph, towns: list[Found]) -> Iterator[Found]:
    """Yield one entry per road and town that it passes, at the middle of that part."""
    middles = np.array([_middle(graph.line(i)) for i in range(graph.n_segments)])
    near = _nearest_names(middles, towns)
    groups: dict[str, list[int]] = defaultdict(list)
    for i in range(graph.n_segments):
        label = _label(graph.names[int(graph.name_id[i])], graph.refs[int(graph.ref_id[i])])
        if label:
            groups[f"{label}, {near[i]}" if near[i] else label].append(i)
    for label, members in groups.items():
        centre = middles[members].mean(axis=0)
        best = members[int(np.hypot(*(middles[members] - centre).T).argmin())]
        lon, lat = middles[best].tolist()
        yield Found(label, round(lon, 6), round(lat, 6), STREET)


def _label(name: str, ref: str) -> str:
    return f"{name} ({ref})" if name and ref else name or ref


def _middle(line: FloatArray) -> LonLat:
    if len(line) == 2:
        return float(line[:, 0].mean()), float(line[:, 1].mean())
    lon, lat = line[len(line) // 2].tolist()
    return lon, lat


def _nearest_names(middles: FloatArray, towns: list[Found]) -> list[str]:
    if not towns:
        return [""] * len(middles)
    plane = MetrePlane.around(middles)
    centres = plane.metres(np.array([(t.lon, t.lat) for t in towns]))
    names = []
    for place in plane.metres(middles):
        away_m = np.hypot(*(centres - place).T)
        nearest = int(away_m.argmin())
        names.append(towns[nearest].name if away_m[nearest] <= _NEAR_TOWN_M else "")
    return names


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES).casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return tuple(re.findall(r"[a-z]+\d*|\d+[a-z]*", plain))


def _begins(typed: str, words: tuple[str, ...]) -> bool:
    wanted = (typed, *_SHORT.get(typed, ()))
    return any(word.startswith(option) for word in words for option in wanted)


def _says(typed: str, word: str) -> bool:
    return typed == word or word in _SHORT.get(typed, ())
