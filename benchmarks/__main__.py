"""Run the benchmarks: JSON lines on standard output, exit code 1 when a limit is missed."""

from __future__ import annotations

import argparse

from benchmarks import console, crew, deciding, durable, fanout, gate, map_update, sign_in, start

CLAIMS = {
    "durable": durable.measure,
    "fanout": fanout.measure,
    "deciding": deciding.measure,
    "gate": gate.measure,
    "start": start.measure,
    "console": console.measure,
    "map_update": map_update.measure,
    "crew": crew.measure,
    "sign_in": sign_in.measure,
}


def main() -> None:
    """Measure what was asked for, or everything."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument(
        "claims", nargs="*", metavar="CLAIM", help=f"one of {', '.join(CLAIMS)}; all when absent"
    )
    options.add_argument(
        "--short", action="store_true", help="tiny counts: shows the output, proves no limit"
    )
    chosen = options.parse_args()
    unknown = set(chosen.claims) - set(CLAIMS)
    if unknown:
        options.error(f"no such claim: {', '.join(sorted(unknown))}; there are {', '.join(CLAIMS)}")
    missed = False
    for name in chosen.claims or CLAIMS:
        for figure in CLAIMS[name](short=chosen.short):
            print(figure.line(), flush=True)
            missed = missed or not figure.ok
    raise SystemExit(missed and not chosen.short)


if __name__ == "__main__":
    main()
