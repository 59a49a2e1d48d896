"""The nights of many seeds are counted by one command."""

from __future__ import annotations

import argparse
import json

import pytest

from scripts import seeds


@pytest.mark.parametrize(("text", "numbers"), [("1-20", range(1, 21)), ("7", range(7, 8)), ("0-0", range(1))])
def test_a_range_of_seeds_is_read(text: str, numbers: range) -> None:
    assert seeds.seeds_of(text) == numbers


@pytest.mark.parametrize("text", ["", "x", "3-1", "1-", "-1", "1-2-3"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        seeds.seeds_of(text)


def test_each_seed_plays_a_night_and_the_figures_are_put_together(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[str]] = []

    def play(more: list[str], seed: int) -> float:
        handed.append(more)
        return {4: 6.5, 5: 5.0, 6: 8.0}[seed]

    monkeypatch.setattr(seeds, "play", play)
    assert seeds.main(["4-6", "--until", "20:00"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["attendances_per_vehicle_shift"] == {"4": 6.5, "5": 5.0, "6": 8.0}
    assert (told["mean"], told["least"], told["greatest"]) == (6.5, 5.0, 8.0)
    assert handed == [["--until", "20:00"]] * 3


@pytest.mark.slow
def test_a_night_is_played_in_a_directory_of_its_own_and_a_failure_is_said() -> None:
    assert seeds.play(["--until", "18:05"], 1) >= 0
    with pytest.raises(RuntimeError, match="seed 1 failed"):
        seeds.play(["--until", "never"], 1)
