"""A board with more than fits: every list stays readable and scrolls by itself, the page never does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from jru.domain.agency import Agency
from tests.browser.busy import fill
from tests.browser.conftest import NewContext
from tests.browser.people import take_desk
from tests.browser.stage import Stage, open_stage

MANY = 14
WHOLE_ROWS = """
() => Object.fromEntries([...document.querySelectorAll('[data-list]')].map((list) => {
  const box = list.querySelector('.scroll').getBoundingClientRect()
  const head = list.querySelector('thead').getBoundingClientRect()
  const rows = [...list.querySelectorAll('tbody tr')].map((row) => row.getBoundingClientRect())
  const whole = rows.filter((row) => row.top >= head.bottom - 2 && row.bottom <= Math.min(box.bottom, innerHeight) + 1)
  return [list.dataset.list, whole.length]
}))
"""
SCROLLS = """
() => [document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight]
"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A busy evening with many more incidents waiting, in hand and closed."""
    with open_stage(tmp_path_factory.mktemp("crowded")) as stage:
        fill(stage)
        police = stage.programs[Agency.POLICE]
        for index in range(3 * MANY):
            place = {"text": f"{index} Sample Road, Strood", "lon": 0.49 + index / 200, "lat": 51.39}
            one = stage.report(
                Agency.POLICE, f"1-0816-5{index:03}", grade="3", type_code="AB-NUIS", place=place
            )["incident_id"]
            if index % 3 == 1:
                patrol = {"call_sign": f"P3{index:02}", "kind": "patrol", "status": "scene"}
                police.do(f"/incidents/{one}/resources", patrol)
            elif index % 3 == 2:
                police.do(f"/incidents/{one}/close", {"reason": "attended"})
        yield stage


@pytest.mark.parametrize(
    ("size", "density", "least"),
    [
        ((1920, 1080), "dense", {"WAITING": 8, "ACTIVE": 6, "CLOSED": 4, "UNITS": 2, "OFFERS": 1}),
        ((1920, 1080), "roomy", {"WAITING": 6, "ACTIVE": 6, "CLOSED": 4, "UNITS": 2, "OFFERS": 1}),
        ((1280, 800), "dense", {"WAITING": 4, "ACTIVE": 3, "CLOSED": 2, "UNITS": 2, "OFFERS": 1}),
    ],
)
def test_every_list_keeps_readable_rows(
    crowded: Stage, new_context: NewContext, size: tuple[int, int], density: str, least: dict[str, int]
) -> None:
    width, height = size
    context = new_context(viewport={"width": width, "height": height})
    desk = take_desk(context, crowded.url, "police_dispatcher")
    expect(desk.page.locator("[data-list=CLOSED] tr[data-incident]")).to_have_count(MANY)
    expect(desk.page.locator("[data-list=UNITS] tr[data-unit]")).to_have_count(2)
    desk.page.locator("html").evaluate("(page, density) => { page.dataset.density = density }", density)
    shown = desk.page.evaluate(WHOLE_ROWS)
    assert {name: rows for name, rows in shown.items() if rows < least[name]} == {}, shown
    assert desk.page.evaluate(SCROLLS) == [False, False]


def test_the_map_says_what_its_signs_mean(crowded: Stage, new_context: NewContext) -> None:
    desk = take_desk(new_context(), crowded.url, "police_dispatcher", with_map=True)
    legend = desk.page.get_by_role("list", name="Legend of the map")
    for words in (
        "joint unit",
        "hollow: waits",
        "full: somebody on it",
        "hold at RVP",
        "site",
        "district border",
    ):
        expect(legend).to_contain_text(words)
