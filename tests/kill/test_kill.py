"""Nothing that was acknowledged is lost when the server is killed, wherever in its writing that happens."""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.kill import loop

ROUNDS = 50


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_fifty_times_nothing_acknowledged_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    count = loop.run(tmp_path, ROUNDS, seed=1)
    with capsys.disabled():
        print("\nkill loop:", ", ".join(f"{name} {value}" for name, value in asdict(count).items()))
    assert count.lost == 0
    assert count.problems == []
    assert count.rounds == ROUNDS
    assert count.with_commands_in_flight >= 20
    assert count.acknowledged >= ROUNDS
    assert count.committed_but_unacknowledged > 0
