"""What every part of the tests shares."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

from scripts import chromium

# How long an example takes is no property of the product: limits of time are in the benchmarks. The usual run draws the
# same examples every time, `make soak` draws others.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to drive; browser tests are never skipped, so that its absence fails them."""
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.REMEDY, pytrace=False)
    return path


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything below tests/browser, so that a quick run can leave it out; begin with the files that take long.

    Workers take whole files one after the other: with the long ones first, none is left alone with one at the end.
    """
    browser_tests = config.rootpath / "tests" / "browser"
    long = Counter[Path]()
    for item in items:
        if item.path.is_relative_to(browser_tests):
            item.add_marker(pytest.mark.browser)
        long[item.path] += any(item.get_closest_marker(name) for name in ("browser", "slow"))
    items.sort(key=lambda item: -long[item.path])
