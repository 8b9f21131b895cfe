"""The notebooks run from top to bottom."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

ROOT = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(ROOT.glob("*.ipynb"))

FEWER = {"09_five_thousand_instances": ("across, up = 100, 50", "across, up = 21, 12")}
"""A cell of a notebook, and the one that takes its place where time is short."""


@pytest.fixture(autouse=True)
def _without_windows() -> Iterator[None]:
    with mpl.rc_context():
        mpl.use("agg")
        yield
    plt.close("all")


def run(cells: list[str]) -> None:
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in cells:
        exec(compile(cell, "<cell>", "exec"), names)  # noqa: S102


def code_of(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code
    return code


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path) -> None:
    code = code_of(path)
    if path.stem in FEWER:
        cell, shorter = FEWER[path.stem]
        code[code.index(cell)] = shorter
    run(code)


@pytest.mark.nightly
@pytest.mark.parametrize("name", FEWER)
def test_notebook_runs_in_full(name: str) -> None:
    run(code_of(ROOT / f"{name}.ipynb"))


def test_a_notebook_that_fails_is_noticed() -> None:
    with pytest.raises(AssertionError):
        run(["x = 1", "assert x == 2"])
