"""What the site shows of measurements is what was measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib import pyplot as plt

from benchmarks.grids import FAMILIES
from docs import pictures
from persuasion_lp import plots
from tests.people.test_pictures import LOCKED


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
    for folder, name in (("grids", "grids_and_brackets.md"), ("pictures", "pictures.md")):
        written = {f"generated/{folder}/{path.name}" for path in (tmp_path / folder).iterdir()}
        page = (pictures.HERE / name).read_text("utf-8")
        assert set(re.findall(rf"generated/{folder}/[\w.]+", page)) == written


def test_every_picture_is_on_the_page_of_pictures() -> None:
    page = (pictures.HERE / "pictures.md").read_text("utf-8")
    shown = {name for _, name in pictures.DRAWN.findall(page) if name}
    assert shown == set(plots.__all__) - {"data", "fitting"}
    for code, name in pictures.DRAWN.findall(page):
        assert not name or f"plp.plots.{name}(" in code


def test_a_page_whose_code_fails_is_noticed() -> None:
    with pytest.raises(ZeroDivisionError):
        list(pictures.draw_page("```python\n1 / 0\n```"))


@pytest.mark.skipif(mpl.__version__ != LOCKED, reason=f"drawn with matplotlib {LOCKED}")
def test_the_picture_of_the_readme_is_drawn_by_the_library(tmp_path: Path) -> None:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.use("agg")
        pictures.write_readme(tmp_path / "again.svg")
    assert (tmp_path / "again.svg").read_bytes() == pictures.README.read_bytes()
