"""Run npm in `frontend/` with the Node that comes as a wheel: python scripts/frontend.py run test."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hatch_build import node_home, npm  # noqa: E402 - lies in the root, as the build asks for it


def main(arguments: list[str]) -> int:
    """Run it; RuntimeError when npm ends with anything but zero."""
    npm(arguments, ROOT / "frontend", node_home())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
