"""Locked versions, declared floors and extras say what is true."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import persuasion_lp as plp
from persuasion_lp import errors

ROOT = Path(__file__).resolve().parents[3]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
BROUGHT: list[str] = [line for line in EXTRAS["test"] if line.startswith("polars")]
"""What users bring, and the package never asks for."""

USED = ("cvxpy", "frames", "plots", "sweep", "dask", "web")
"""Extras whose packages the library imports."""

USERS: list[str] = [
    *PROJECT["dependencies"],
    *(line for extra in USED for line in EXTRAS[extra] if not line.startswith("persuasion-lp[")),
    *BROUGHT,
]


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text().splitlines()
    return dict(line.split("==") for line in lines)


def test_floors_are_the_declared_ones() -> None:
    declared = dict(line.split(">=") for line in USERS)
    floors = pinned("floors.txt")
    assert floors.keys() == declared.keys()
    for name, version in floors.items():
        assert version.startswith(declared[name] + "."), name


def test_everything_declared_is_locked() -> None:
    locked = {name.lower() for name in pinned("locked.txt")}
    stated = [*USERS, *EXTRAS["test"], *EXTRAS["dev"]]
    names = {re.split(r"[>\[]", line)[0] for line in stated} - {"persuasion-lp"}
    assert names <= locked
    assert {"pip", "setuptools"} <= locked


@pytest.mark.parametrize("package", ["pandas", "cvxpy"])
def test_a_missing_extra_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    game = plp.PersuasionGame([0.5, 0.5], [plp.Receiver.threshold(0.8)])
    result = plp.solve(game, "simultaneous")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(errors.MissingExtraError, match=r"pip install 'persuasion-lp\[") as caught:
        _ = result.to_frame() if package == "pandas" else result.lp.to_cvxpy()
    assert caught.value.name == package
