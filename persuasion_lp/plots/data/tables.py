"""Tables as pictures take them: brackets by size of a grid, and values over two axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.errors import OptionError
from persuasion_lp.extras import load
from persuasion_lp.inputs import check_choice, is_a, is_frame
from persuasion_lp.plots.fitting import check_fits
from persuasion_lp.sweep import Sweep
from persuasion_lp.sweep.grid import COLUMNS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["chosen_axes", "convergence", "phase"]


def convergence(of: Any) -> pd.DataFrame:
    """Errors of brackets against the size of the grid.

    Parameters
    ----------
    of
        A frame with columns ``n``, ``lower`` and ``upper``, and if there are any ``truth``,
        ``family`` (a name for each of several sequences) and ``textbook`` (another value, without a
        bracket); or an answer that was refined.

    Returns
    -------
    pandas.DataFrame
        Columns ``family``, ``side``, ``n``, ``error``. With a truth the sides are ``below``
        (truth − lower), ``above`` (upper − truth) and ``textbook`` (its distance from the truth);
        without one there is ``width`` only. An error that is 0 is 0, and NaN where an end is
        missing.

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("convergence", of)
    if not is_frame(of):
        sizes = [(step.beliefs, step.lower, step.upper) for step in of.refinements]
        of = pd.DataFrame(sizes, columns=["n", "lower", "upper"])
    names = of["family"] if "family" in of.columns else pd.Series("", index=of.index)
    upper = of["upper"].astype(float)
    sides = {"width": upper - of["lower"]}
    if "truth" in of.columns:
        sides = {"below": of["truth"] - of["lower"], "above": upper - of["truth"]}
        if "textbook" in of.columns:
            sides["textbook"] = (of["textbook"] - of["truth"]).abs()
    parts = [
        pd.DataFrame({"family": names, "side": side, "n": of["n"], "error": error.clip(lower=0.0)})
        for side, error in sides.items()
    ]
    return pd.concat(parts, ignore_index=True)


def phase(of: Any, *, x: str | None = None, y: str | None = None) -> pd.DataFrame:
    """Values over two axes, with what is known of each.

    Parameters
    ----------
    of
        A frame with two columns for the axes and ``value``, and if there are any ``lower``,
        ``upper`` and ``error``: as of ``sweep.gain(a, b)``; or a :class:`Sweep` of one procedure.
    x, y
        The axes; the first two columns if left out.

    Returns
    -------
    pandas.DataFrame
        Columns ``x``, ``y``, ``value``, ``width`` of the bracket, and ``known``: ``"yes"``,
        ``"sign unknown"`` where the bracket has 0 inside, ``"failed"`` where there is no value.

    Raises
    ------
    InputError
        For something else, an axis that there is not, and several rows for one place.
    """
    load("pandas", extra="plots", feature="pictures")
    check_fits("phase", of)
    frame = of.to_frame() if is_a(of, Sweep) else of
    across, up = chosen_axes(of, x, y)
    found = frame[[across, up, "value"]].copy()
    found.columns = ["x", "y", "value"]
    several = found.duplicated(["x", "y"])
    if several.any():
        rule = f"must have one row for each {across} and {up}: choose a procedure, fix other axes"
        raise OptionError("of", rule, value=found.loc[several, ["x", "y"]].iloc[0].tolist())
    found["known"], found["width"] = "yes", np.nan
    if {"lower", "upper"} <= set(frame.columns):
        found["width"] = frame["upper"] - frame["lower"]
        inside = (frame["lower"] < 0) & (frame["upper"] > 0)
        found.loc[inside, "known"] = "sign unknown"
    found.loc[found["value"].isna(), "known"] = "failed"
    return found.reset_index(drop=True)


def chosen_axes(of: Any, x: str | None, y: str | None) -> tuple[str, str]:
    """Names of the axes of a map.

    Raises
    ------
    OptionError
        For an axis that there is not, or twice the same.
    """
    listed = of.axes if is_a(of, Sweep) else of.columns
    axes = [name for name in listed if name not in COLUMNS]
    for field, name in (("x", x), ("y", y)):
        if name is not None:
            check_choice(field, name, axes)
    left = [name for name in axes if name not in (x, y)]
    across = x if x is not None else left.pop(0)
    up = y if y is not None else left.pop(0)
    if across == up:
        raise OptionError("y", "must be another axis than x", value=up)
    return str(across), str(up)
