"""Play the demonstration's night with many seeds and print how often a joint vehicle attended: python scripts/seeds.py.

Each night runs in a process and a directory of its own, two at a time. One JSON object comes out: for each seed the
attendances per vehicle shift, then their mean, least and greatest. Another range: python scripts/seeds.py 1-5
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import mean

AT_A_TIME = 2
NIGHT = ("-c", "from jru.cli import main; main()", "demo", "--headless", "--speed", "0")


def seeds_of(text: str) -> range:
    """Return the seeds of a range such as 1-20, or of one number; ArgumentTypeError for anything else."""
    first, dash, last = text.partition("-")
    ends = (first, last if dash else first)
    if not all(end.isdecimal() for end in ends) or int(ends[1]) < int(ends[0]):
        raise argparse.ArgumentTypeError(f"{text!r} is no range of seeds such as 1-20")
    return range(int(ends[0]), int(ends[1]) + 1)


def play(more: Sequence[str], seed: int) -> float:
    """Return the attendances per vehicle shift of one night; RuntimeError with what it said when it fails."""
    with tempfile.TemporaryDirectory(prefix="jru-seed-") as data:
        command = [sys.executable, *NIGHT, "--seed", str(seed), "--data", data, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the night of seed {seed} failed:\n{done.stderr}")
    return float(json.loads(done.stdout)["attendances_per_vehicle_shift"])


def main(arguments: Sequence[str]) -> int:
    """Print the figures; what follows the range is handed to `jru demo`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("seeds", nargs="?", type=seeds_of, default="1-20", help="such as 1-20")
    asked, more = parser.parse_known_args(arguments)
    with ThreadPoolExecutor(AT_A_TIME) as nights:
        found = dict(zip(asked.seeds, nights.map(partial(play, more), asked.seeds), strict=True))
    figures = {
        "mean": round(mean(found.values()), 2),
        "least": min(found.values()),
        "greatest": max(found.values()),
    }
    sys.stdout.write(json.dumps({"attendances_per_vehicle_shift": found, **figures}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
