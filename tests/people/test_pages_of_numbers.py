"""What the site shows of measurements is what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import pyplot as plt

from benchmarks.grids import FAMILIES
from docs import pictures


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def measured() -> pd.DataFrame:
    """Three grids for each family: errors n⁻¹ below, none above, n⁻² of the one value."""
    return pd.DataFrame(
        [
            {
                "family": family,
                "n": n,
                "lower": 0.5 - 1 / (8 * n),
                "upper": 0.5,
                "truth": 0.5,
                "seconds": n / 1000,
                "textbook": 0.5 + 1 / n**2,
                "textbook_seconds": 0.002,
            }
            for family in FAMILIES
            for n in (8, 16, 32)
        ]
    )


def test_a_table_of_errors_powers_and_times() -> None:
    lines = pictures.grid_table(measured()).splitlines()
    assert lines[2] == "| concave payoff | 32 | 4e-03 | exact | +1e-03 |"
    assert lines[-1] == "| posterior means | $n^{-1.0}$ |  | $n^{-2.0}$ | 32.0 | 2.0 |"
    assert len(lines) == 2 * (2 + len(FAMILIES)) + 1


def test_every_family_is_in_one_picture() -> None:
    assert sorted(family for panel in pictures.PANELS.values() for family in panel) == sorted(
        FAMILIES
    )


def test_what_the_page_shows_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "rows", lambda rounds: measured())
    pictures.write(tmp_path)
    written = {f"generated/grids/{path.name}" for path in (tmp_path / "grids").iterdir()}
    page = (Path(pictures.__file__).parent / "grids_and_brackets.md").read_text("utf-8")
    assert set(re.findall(r"generated/grids/[\w.]+", page)) == written
