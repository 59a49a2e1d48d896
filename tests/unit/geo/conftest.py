"""Small maps drawn for one test each, and the embedded network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from jru.geo.extract import read_graph
from jru.geo.roads import RoadGraph
from jru.geo.travel import Router, load_embedded_router

Nodes = dict[int, tuple[float, float]]
Ways = list[tuple[list[int], dict[str, str]]]
DrawMap = Callable[[Nodes, Ways], Path]
SHARED = Path(__file__).parents[3] / ".." / "shared" / "data"


@pytest.fixture
def draw_map(tmp_path: Path) -> DrawMap:
    """Write nodes {id: (lon, lat)} and ways [(node ids, tags)] as OSM XML."""

    def draw(nodes: Nodes, ways: Ways) -> Path:
        lines = ['<osm version="0.6" generator="test">']
        lines += [f'<node id="{i}" lon="{lon}" lat="{lat}"/>' for i, (lon, lat) in nodes.items()]
        for number, (ids, tags) in enumerate(ways, 1):
            lines.append(f'<way id="{number}">')
            lines += [f'<nd ref="{i}"/>' for i in ids]
            lines += [f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items()]
            lines.append("</way>")
        path = tmp_path / f"map{len(list(tmp_path.iterdir()))}.osm"
        path.write_text("\n".join([*lines, "</osm>"]), "utf-8")
        return path

    return draw


@pytest.fixture
def draw_graph(draw_map: DrawMap) -> Callable[[Nodes, Ways], RoadGraph]:
    """Draw a map and read it into a graph."""
    return lambda nodes, ways: read_graph(draw_map(nodes, ways))


@pytest.fixture(scope="session")
def kent() -> Router:
    """The router of the embedded network."""
    return load_embedded_router()


@pytest.fixture
def shared_kent() -> Path:
    """The open data of the four districts, where this checkout has it."""
    folder = SHARED / "kent"
    if not folder.is_dir():
        pytest.skip("open data of Kent is not beside this checkout (../shared/data/kent)")
    return folder


@pytest.fixture
def liechtenstein() -> Path:
    """A small real extract, where this checkout has it."""
    path = SHARED / "osm" / "liechtenstein.osm.pbf"
    if not path.is_file():
        pytest.skip("the real extract is not beside this checkout (../shared/data/osm)")
    return path
