"""The wheel carries the built front end, made with the Node of the build requirement alone."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

BUILDS = (
    "require('fs').writeFileSync('../src/jru/web/static/index.html', process.version + process.env.GREETING)"
)
LEAVES_NOTHING = "0"
FAILS = "process.exit(3)"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with our build files and a front end of one line."""
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path / name)
    static = tmp_path / "src/jru/web/static"
    static.mkdir(parents=True)
    (tmp_path / "src/jru/__init__.py").write_text('"""A small one."""\n')
    (static / "index.html").write_text("left over from an earlier build")
    (tmp_path / "frontend").mkdir()
    lock = {"name": "small", "lockfileVersion": 3, "requires": True, "packages": {"": {"name": "small"}}}
    (tmp_path / "frontend/package-lock.json").write_text(json.dumps(lock))
    return tmp_path


def build(project: Path, step: str, target: str = "wheel") -> subprocess.CompletedProcess[str]:
    """Build with a front-end step in JavaScript, on a PATH that has a shell but no Node."""
    scripts = {"build": f'node -e "{step}"'}
    (project / "frontend/package.json").write_text(json.dumps({"name": "small", "scripts": scripts}))
    shell_only = project / "bin"
    shell_only.mkdir()
    (shell_only / "sh").symlink_to("/bin/sh")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment |= {"PATH": str(shell_only), "GREETING": " hello"}
    return subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "dist"],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_wheel_holds_the_front_end_built_by_the_node_of_the_build_requirement(project: Path) -> None:
    ended = build(project, BUILDS)
    assert ended.returncode == 0, ended.stderr
    [wheel] = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read("jru/web/static/index.html").decode()
    assert content.startswith("v24.")
    assert content.endswith(" hello"), "the caller's environment reaches the build"


@pytest.mark.parametrize(
    ("step", "says"),
    [(FAILS, "ended with exit code 3"), (LEAVES_NOTHING, "left no src/jru/web/static/index.html")],
)
def test_a_front_end_that_does_not_build_stops_the_wheel(project: Path, step: str, says: str) -> None:
    ended = build(project, step)
    assert ended.returncode != 0
    assert says in ended.stderr
    assert not list(project.glob("dist/*.whl"))


def test_an_editable_install_goes_without_a_front_end(project: Path) -> None:
    (project / "frontend/package-lock.json").unlink()
    ended = build(project, FAILS, "wheel:editable")
    assert ended.returncode == 0, ended.stderr


def test_a_source_archive_carries_what_a_wheel_is_built_from(project: Path) -> None:
    ended = build(project, BUILDS, "sdist")
    assert ended.returncode == 0, ended.stderr
    [archive] = (project / "dist").glob("*.tar.gz")
    shutil.unpack_archive(archive, project / "unpacked")
    [top] = (project / "unpacked").iterdir()
    assert (top / "frontend/package-lock.json").exists()
    assert (top / "hatch_build.py").exists()
    assert not (top / "src/jru/web/static").exists(), "built again by whoever builds the wheel"
