"""A server in a process of its own, with open incidents and units on duty: `python -m benchmarks.served`.

It prints one JSON line (address, tokens, ids) and serves until its standard input is closed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.stage import NORTH_KENT, call_sign, fill, spread_out, stage
from jru.domain.agency import Agency, Role
from jru.web.server import serving

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def served(incidents: int, vehicles: int) -> Iterator[dict[str, Any]]:
    """Run the server while the block runs; yield what it printed."""
    command = [sys.executable, "-m", "benchmarks.served", str(incidents), str(vehicles)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        line = server.stdout.readline()
        if not line:
            raise SystemExit("the server of a benchmark did not start")
        try:
            yield json.loads(line)
        finally:
            server.stdin.close()
            server.wait(timeout=30)


def main() -> None:
    """Serve."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("incidents", type=int)
    options.add_argument("vehicles", type=int)
    chosen = options.parse_args()
    with stage(chosen.vehicles) as ready:
        ids = fill(ready, chosen.incidents, NORTH_KENT)
        spread_out(ready, NORTH_KENT)
        issue = ready.system.services.issue_token
        crews = [issue(Role.SPECIAL_CONSTABLE, Agency.POLICE, unit_id) for unit_id in ready.units]
        tokens = [
            issue(Role.POLICE_DISPATCHER, Agency.POLICE),
            issue(Role.AMBULANCE_DISPATCHER, Agency.AMBULANCE),
            issue(Role.DUTY_SUPERVISOR, Agency.POLICE),
            *crews,
            *(issue(Role.PARAMEDIC, Agency.AMBULANCE, unit_id) for unit_id in ready.units),
        ]
        with serving(ready.system.app) as url:
            told = {
                "url": url,
                "tokens": tokens,
                "incidents": ids,
                "units": ready.units,
                "crews": crews,
                "call_signs": [call_sign(number) for number in range(chosen.vehicles)],
                "ahead_s": (ready.clock.now() - datetime.now(UTC)).total_seconds(),
            }
            print(json.dumps(told), flush=True)
            sys.stdin.read()


if __name__ == "__main__":
    main()
