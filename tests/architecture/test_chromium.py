"""Where the browser of the tests comes from, in the order that the README promises."""

import os
from pathlib import Path

import pytest

from scripts import chromium


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program called chrome, and nothing else on PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JRU_CHROMIUM", raising=False)
    path = tmp_path / "chrome"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_chrome_on_path_is_found_and_chromium_goes_before_it(program: Path) -> None:
    assert chromium.find() == str(program)
    better = program.with_name("chromium")
    better.symlink_to(program)
    assert chromium.find() == str(better)


def test_the_one_that_is_named_goes_before_all(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = program.with_name("my-own-build")
    program.rename(named)
    program.symlink_to(named)
    monkeypatch.setenv("JRU_CHROMIUM", str(named))
    assert chromium.find() == str(named)


def test_a_named_one_that_is_not_there_is_said_and_not_replaced(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JRU_CHROMIUM", str(program.with_name("absent")))
    with pytest.raises(SystemExit, match=r"JRU_CHROMIUM=.*absent"):
        chromium.find()


def test_without_any_the_remedy_is_one_line(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program.unlink()
    monkeypatch.setattr("sys.argv", ["chromium.py", "--install"])
    with pytest.raises(SystemExit) as ended:
        chromium.main()
    assert "apt-get install -y chromium" in str(ended.value)
    assert "\n" not in str(ended.value)


@pytest.mark.parametrize(("user", "arguments"), [(0, ["--no-sandbox"]), (1000, [])])
def test_the_sandbox_is_given_up_only_as_root(
    user: int, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert chromium.launch_arguments() == arguments
