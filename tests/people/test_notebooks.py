"""The notebooks run from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def run(cells: list[str]) -> None:
    names: dict[str, object] = {}
    for cell in cells:
        exec(compile(cell, "<cell>", "exec"), names)  # noqa: S102


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code
    run(code)


def test_a_notebook_that_fails_is_noticed() -> None:
    with pytest.raises(AssertionError):
        run(["x = 1", "assert x == 2"])
