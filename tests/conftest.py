"""What every part of the tests shares."""

import pytest

from scripts import chromium


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium to drive; browser tests are never skipped, so that its absence fails them."""
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.REMEDY, pytrace=False)
    return path


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything below tests/browser, so that a quick run can leave it out."""
    browser_tests = config.rootpath / "tests" / "browser"
    for item in items:
        if item.path.is_relative_to(browser_tests):
            item.add_marker(pytest.mark.browser)
