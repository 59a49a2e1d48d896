"""Find the Chromium that the browser tests and the screenshots drive; print its path.

Looked for in this order: JRU_CHROMIUM, then chromium or chrome on PATH; with `--install` also
`apt-get install chromium` where this runs as root on Debian.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
REMEDY = (
    "no Chromium: install it (Debian: apt-get install -y chromium) or name one by JRU_CHROMIUM=/path/to/it"
)


def find() -> str | None:
    """Return the path of Chromium, or None; SystemExit when JRU_CHROMIUM names something that is not there."""
    named = os.environ.get("JRU_CHROMIUM")
    if named:
        if found := shutil.which(named):
            return found
        raise SystemExit(f"JRU_CHROMIUM={named} is no program that can be run")
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def launch_arguments() -> list[str]:
    """Return Chromium's arguments; the sandbox is given up only where Chromium refuses it, as root."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


def install() -> None:
    """Install Chromium by apt-get where that is possible; SystemExit with the remedy elsewhere."""
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists() or not shutil.which("apt-get"):
        raise SystemExit(REMEDY)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "chromium"]):
        if subprocess.run(command, env=environment, stdout=sys.stderr, check=False).returncode:
            raise SystemExit(f"{' '.join(command)} failed; {REMEDY}")


def main() -> None:
    """Print the path, installing Chromium first when asked to and needed."""
    found = find()
    if found is None and "--install" in sys.argv[1:]:
        install()
        found = find()
    if found is None:
        raise SystemExit(REMEDY)
    print(found)


if __name__ == "__main__":
    main()
