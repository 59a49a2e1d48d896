"""A short night end to end: through the public interface, the same twice, and nothing refused that should not be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from jru.cli import app
from jru.config import Settings
from jru.demo.night import plan_night, vehicle_duties
from jru.demo.show import Programme, Show
from jru.domain.blueprint_parsing import parse_blueprint
from jru.errors import JruError
from jru.exchange.police_uk.model import COLUMNS

KENT = Path(__file__).parents[3] / "shared" / "data" / "kent"
FILES = ("police_uk_oct2018.csv.gz", "police_uk_jan2019.csv.gz", "police_uk_feb2019.csv")


def _night(*words: str, hash_seed: str = "random") -> dict[str, Any]:
    """Play a night in a process of its own, whose sets come in another order."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    command = [
        sys.executable,
        "-c",
        "from jru.cli import main; main()",
        "demo",
        "--headless",
        "--speed",
        "0",
        *words,
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    summary: dict[str, Any] = json.loads(done.stdout)
    return summary


def test_vehicles_go_out_by_the_pattern_and_the_state_of_their_districts() -> None:
    blueprint = parse_blueprint(
        (files("jru") / "blueprints/north_kent/blueprint.toml").read_text(encoding="utf-8")
    )
    friday = vehicle_duties(blueprint, date(2019, 8, 16))
    assert [(d.vehicle.call_sign, d.district) for d in friday] == [("JR01", "medway"), ("JR02", "dartford")]
    assert [d.vehicle.call_sign for d in vehicle_duties(blueprint, date(2019, 8, 13))] == ["JR02"]
    in_the_pilot = vehicle_duties(blueprint, date(2018, 3, 2))
    assert [d.vehicle.call_sign for d in in_the_pilot] == ["JR01"]
    assert {d.start for d in friday} == {datetime(2019, 8, 16, 17, tzinfo=UTC)}


def test_a_night_ends_on_the_next_day_when_its_end_is_not_after_its_beginning() -> None:
    blueprint = parse_blueprint(
        (files("jru") / "blueprints/north_kent/blueprint.toml").read_text(encoding="utf-8")
    )
    plan = plan_night(blueprint, date(2019, 8, 16), time(18), time(2))
    assert (plan.start, plan.end) == (
        datetime(2019, 8, 16, 17, tzinfo=UTC),
        datetime(2019, 8, 17, 1, tzinfo=UTC),
    )


@pytest.mark.slow
def test_two_processes_on_fresh_directories_write_the_same_log() -> None:
    one = _night("--seed", "5", "--until", "20:00", hash_seed="1")
    two = _night("--seed", "5", "--until", "20:00", hash_seed="2")
    assert one == two
    assert one["chain"] == "verified"
    assert one["mark"].startswith("SYNTHETIC")
    assert one["events"] > 100
    assert one["vehicle_shifts"] == 2
    assert one["attended"] >= 1
    assert one["need"]["coded"] == one["need"]["of"]
    assert _night("--seed", "6", "--until", "18:20")["head_hash"] != one["head_hash"]


@pytest.mark.slow
def test_a_night_goes_on_after_a_pause_as_if_there_had_been_none(tmp_path: Path) -> None:
    programme = Programme(date(2019, 8, 16), 2, time(18), time(18, 45), 0.0, time(18, 30))
    heads = []
    for pause in (False, True):
        show = Show(programme, Settings(data=tmp_path / str(pause)))
        try:
            if pause:
                show.run_up()
                assert show.clock.now() == datetime(2019, 8, 16, 17, 30, tzinfo=UTC)
            heads.append(show.play()["head_hash"])
        finally:
            show.close()
    assert heads[0] == heads[1]


def _in_process(*words: str) -> tuple[int, str]:
    """Run the command in this process; return its exit code and everything it said."""
    done = CliRunner().invoke(app, words)
    if isinstance(done.exception, JruError):
        return 1, str(done.exception)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_a_directory_with_a_log_in_it_is_refused(tmp_path: Path) -> None:
    night = ("demo", "--headless", "--until", "18:10", "--data", str(tmp_path / "night"))
    code, said = _in_process(*night)
    assert code == 0
    assert json.loads(said)["chain"] == "verified"
    code, said = _in_process(*night)
    assert code == 1
    assert "fresh directory" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--date", "16.8.2019"), "is no date"),
        (("--until", "half two"), "is no time of day"),
        (("--until", "02:00+01:00"), "has a time zone"),
        (("--from-records",), "jru import police-uk"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_message(
    tmp_path: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JRU_DATA", str(tmp_path / "nothing"))
    code, words_said = _in_process("demo", "--headless", *words)
    assert code == 1
    assert said in words_said


def test_a_file_that_cannot_be_used_is_reported_and_the_others_are_taken(tmp_path: Path) -> None:
    row = "2018-10,Kent Police,Kent Police,0.525,51.378,On or near Example Road,E01016016,Medway 015A,Drugs,,"
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("\n".join([",".join(COLUMNS), row, row.replace("0.525", "NaN"), ""]), encoding="utf-8")
    bad.write_text("a,b\n", encoding="utf-8")
    report, data = tmp_path / "report.csv", str(tmp_path / "data")
    code, said = _in_process(
        "import", "police-uk", str(bad), str(good), "--data", data, "--report", str(report)
    )
    assert code == 1
    assert "bad.csv: nothing taken" in said
    assert "good.csv: 2 rows, 1 taken, 1 not taken" in said
    assert "line 3" in said
    lines = report.read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:4] for line in lines[1:]] == [
        ["bad.csv", "0", "no", "wrong_header"],
        ["good.csv", "2", "yes", ""],
        ["good.csv", "3", "no", "place"],
    ]
    code, said = _in_process("import", "police-uk", str(good), "--data", data)
    assert code == 0
    assert "the same file again: 0 new, 1 were there already" in said


@pytest.mark.slow
@pytest.mark.skipif(not KENT.exists(), reason="the published files of Kent are not on this machine")
def test_the_published_files_are_taken_whole_and_a_night_is_drawn_from_them(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    code, said = _in_process("import", "police-uk", *(str(KENT / name) for name in FILES), "--data", data)
    assert code == 0
    assert "20,558 records by district and type" in said
    code, said = _in_process("demo", "--headless", "--from-records", "--until", "19:00", "--data", data)
    assert code == 0
    night = json.loads(said)
    assert night["from_records"] == 20_558
    assert night["chain"] == "verified"
    assert any("hour-of-week shape" in note for note in night["notes"])
