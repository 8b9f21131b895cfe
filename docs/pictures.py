"""Pictures and tables of numbers that pages show, made when the site is built."""

from __future__ import annotations

import math
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import persuasion_lp as plp
from benchmarks.grids import exponents, rows
from benchmarks.report import EXACT

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PANELS", "grid_table", "write"]

PANELS: Mapping[str, tuple[str, ...]] = {
    "beliefs": ("concave payoff", "Lipschitz payoff"),
    "three_states": ("simplex", "receivers"),
    "difficulties": ("one type", "two types"),
    "means": ("posterior means",),
}
"""Families of :mod:`benchmarks.grids` that share a picture, by the name of the picture."""

ROUNDS = 5


def write(folder: Path) -> None:
    """Write ``grids/`` anew: pictures as SVG, tables in Markdown."""
    from matplotlib import pyplot as plt

    target = folder / "grids"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    measured = rows(rounds=ROUNDS)
    for name, families in PANELS.items():
        figure: Any = plp.plots.convergence(measured[measured["family"].isin(families)]).figure
        figure.savefig(target / f"{name}.svg")
        plt.close(figure)
    (target / "table.md").write_text(grid_table(measured), "utf-8")


def grid_table(measured: pd.DataFrame) -> str:
    """Errors on the finest grid, powers of n with which they fall, and milliseconds.

    Parameters
    ----------
    measured
        As :func:`benchmarks.grids.rows` gives it.
    """
    finest: Any = measured.groupby("family").last()
    errors, speeds = [], []
    for family, power in exponents(measured).iterrows():
        row = finest.loc[str(family)]
        below, above = row["truth"] - row["lower"], row["upper"] - row["truth"]
        one = row["textbook"] - row["truth"]
        errors.append([family, int(row["n"]), _error(below), _error(above), f"{one:+.0e}"])
        speeds.append([family, *(_power(power[of]) for of in ("below", "above", "textbook"))])
        speeds[-1] += [f"{1e3 * row[of]:.1f}" for of in ("seconds", "textbook_seconds")]
    one = "one value"
    return "\n".join(
        [
            *_table(["finest grid", "n", "truth − lower", "upper − truth", one], errors),
            "",
            *_table(
                ["errors fall as", "truth − lower", "upper − truth", one, "ms", f"ms, {one}"],
                speeds,
            ),
            "",
        ]
    )


def _table(header: Sequence[str], lines: Sequence[Sequence[object]]) -> list[str]:
    cells = [header, ["---"] * len(header), *lines]
    return [f"| {' | '.join(map(str, line))} |" for line in cells]


def _error(error: float) -> str:
    return "exact" if error <= EXACT else f"{error:.0e}"


def _power(power: float) -> str:
    return "" if math.isnan(power) else f"$n^{{{power:.1f}}}$"
