"""The wheel, as a user gets it: built, installed in an empty environment elsewhere, and run there.

Every declared version of Python that is found on this machine is tried: the one that runs the
tests, ``python3.x`` on the path, and what pyenv has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DECLARED = [
    name.split(" :: ")[-1]
    for name in PROJECT["classifiers"]
    if name.startswith("Programming Language :: Python :: 3.")
]


def run(*command: str | Path, folder: Path) -> str:
    """Run a command in a folder, outside of every environment; returns what it prints."""
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command, cwd=folder, env=outside, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def interpreter(version: str) -> str | None:
    """A Python of this version, if there is one."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = shutil.which(f"python{version}") or sys.executable
    found = [sys.executable, named, *map(str, pyenv.glob(f"{version}.*/bin/python"))]
    says = "import sys; print('{}.{}'.format(*sys.version_info))"
    for python in found:
        done = subprocess.run([python, "-c", says], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() == version:
            return python
    return None


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of what belongs to it and nothing else."""
    source = tmp_path_factory.mktemp("source")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "persuasion_lp", source / "persuasion_lp", ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    building = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    run(sys.executable, *building, folder=source)
    (built,) = source.glob("*.whl")
    return built


def test_the_versions_declared_are_those_supported() -> None:
    assert PROJECT["requires-python"] == f">={DECLARED[0]}"
    assert [f"3.{minor}" for minor in range(11, 11 + len(DECLARED))] == DECLARED
    assert len(DECLARED) >= 3


def test_an_interpreter_is_of_the_version_asked_for() -> None:
    assert interpreter("{}.{}".format(*sys.version_info)) == sys.executable
    assert interpreter("2.1") is None


@pytest.mark.nightly
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    source = ROOT / "persuasion_lp"
    package = {
        str(path.relative_to(ROOT))
        for path in source.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == package
    assert "persuasion_lp/py.typed" in names


@pytest.mark.nightly
@pytest.mark.parametrize("version", DECLARED)
def test_the_wheel_reproduces_the_published_numbers_elsewhere(
    version: str, wheel: Path, tmp_path: Path
) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    run(python, "-m", "venv", "environment", folder=tmp_path)
    inside = tmp_path / "environment" / "bin"
    locked = ROOT / "requirements" / "locked.txt"
    run(inside / "python", "-m", "pip", "install", "--quiet", "-c", locked, wheel, folder=tmp_path)
    where = run(
        inside / "python", "-c", "import persuasion_lp as p; print(p.__file__)", folder=tmp_path
    )
    assert Path(where.strip()).is_relative_to(tmp_path)
    said = run(inside / "persuasion-lp", "reproduce", folder=tmp_path)
    found, _, published = said.splitlines()[-1].split()[:3]
    assert found == published
    assert int(found) > 100
    run(inside / "python", "-W", "error", "-m", "persuasion_lp", "list", folder=tmp_path)
