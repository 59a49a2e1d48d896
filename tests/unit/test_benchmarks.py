"""The short form of the benchmarks: every claim is measured and its line has the agreed shape; no limit is held."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.figures import Figure, quantile

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = {
    "durable_commands_2_callers",
    "own_screen_p95",
    "fanout_p99",
    "project_and_audit",
    "recommend_p99",
    "suitability_and_matching_p99",
    "start_on_long_log",
    "memory_on_long_log",
    "first_console_view",
    "initial_console_script",
    "map_chunk_with_worker",
    "map_update_script_p95",
    "crew_first_load",
    "crew_of_use_on_slow_3g",
    "queued_taps_drain",
    "commands_in_a_sign_in_flood_p95",
}


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    """What `python -m benchmarks --short` prints."""
    command = [sys.executable, "-m", "benchmarks", "--short"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.browser
def test_every_claim_gives_one_line(lines: list[dict[str, Any]]) -> None:
    assert {line["claim"] for line in lines} == CLAIMS
    assert len(lines) == len(CLAIMS)


@pytest.mark.slow
@pytest.mark.browser
def test_a_line_says_value_limit_ratio_and_machine(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        assert isinstance(line["claim"], str)
        assert isinstance(line["unit"], str)
        assert isinstance(line["ok"], bool)
        assert line["better"] in {"more", "less"}
        assert all(isinstance(line[name], (int, float)) for name in ("value", "limit", "ratio"))
        assert {"cpus", "load", "python", "system"} <= line["machine"].keys()
        assert line["ok"] == (line["ratio"] >= 1 if line["better"] == "more" else line["ratio"] <= 1)


@pytest.mark.slow
@pytest.mark.browser
def test_the_durable_claim_names_its_peer(lines: list[dict[str, Any]]) -> None:
    durable = next(line for line in lines if line["claim"].startswith("durable"))
    assert durable["peer"]["per_s"] > 0
    assert durable["value"] == pytest.approx(durable["per_s"] / durable["peer"]["per_s"], rel=0.01)


def test_a_missed_limit_is_not_ok() -> None:
    assert not Figure("slow", 2.0, "s", limit=1.0).ok
    assert not Figure("few", 1.0, "per s", limit=2.0, at_least=True).ok


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.99) == 3.0
    assert quantile([float(n) for n in range(1, 101)], 0.99) == 99.0
