"""Pictures and tables of numbers that pages show, made when the site is built.

    python -m docs.pictures

writes the picture of the README anew.
"""

from __future__ import annotations

import math
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import persuasion_lp as plp
from benchmarks.grids import exponents, rows
from benchmarks.report import EXACT

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PANELS", "README", "draw_page", "grid_table", "write", "write_readme"]

PANELS: Mapping[str, tuple[str, ...]] = {
    "beliefs": ("concave payoff", "Lipschitz payoff"),
    "three_states": ("simplex", "receivers"),
    "difficulties": ("one type", "two types"),
    "means": ("posterior means",),
}
"""Families of :mod:`benchmarks.grids` that share a picture, by the name of the picture."""

ROUNDS = 5

HERE = Path(__file__).parent

README = HERE / "_static" / "two_judges.svg"
"""The picture of the README, which is read without being built."""

DRAWN = re.compile(
    r"```python\n(.*?)```(?:\n\n!\[[^\]]*\]\(generated/pictures/(\w+)\.svg\))?", re.DOTALL
)
"""A piece of code on a page, and the picture of it if one follows."""


def write(folder: Path) -> None:
    """Write ``pictures/`` and ``grids/`` anew: pictures as SVG, tables in Markdown."""
    from matplotlib import pyplot as plt

    target = folder / "pictures"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, drawn in draw_page((HERE / "pictures.md").read_text("utf-8")):
        drawn.savefig(target / f"{name}.svg")
        plt.close(drawn)
    target = folder / "grids"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    measured = rows(rounds=ROUNDS)
    for name, families in PANELS.items():
        figure: Any = plp.plots.convergence(measured[measured["family"].isin(families)]).figure
        figure.savefig(target / f"{name}.svg")
        plt.close(figure)
    (target / "table.md").write_text(grid_table(measured), "utf-8")


def draw_page(page: str) -> Iterator[tuple[str, Any]]:
    """Run the code of a page, and give each picture that it shows by its name."""
    from matplotlib import pyplot as plt

    names: dict[str, Any] = {}
    for code, name in DRAWN.findall(page):
        exec(compile(code, "<page>", "exec"), names)  # noqa: S102
        if name:
            yield name, plt.gcf()


def write_readme(path: Path = README) -> None:
    """Draw the picture of the README: the same bytes each time."""
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    judges = plp.catalog.get("kks-example-1").problem()
    with mpl.rc_context({"svg.hashsalt": "two judges", "svg.fonttype": "path"}):
        figure: Any = plp.plots.procedures(judges).figure
        figure.savefig(path, metadata={"Date": None, "Creator": None})
        plt.close(figure)


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


if __name__ == "__main__":
    write_readme()
