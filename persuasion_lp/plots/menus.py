"""Pictures of menus of tests: which states pass, and the plane of all tests (Li and Xu)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import (
    ACCENT,
    BLUE,
    GREY,
    INK,
    LETTERS,
    PALE,
    canvas,
    fitted,
    legend,
    spread,
)
from persuasion_lp.plots.experiments import share_text
from persuasion_lp.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["menu_region", "tests"]

ROW = 0.42
"""Inches of height for each test."""

MOST_TESTS = 8
MOST_TYPES = 5
"""Tests and types of which more are not drawn, which is said."""

LONGEST = 92.0
"""Points for the words beside a test."""

TALL = 0.7
"""Height of a band that is certain to be proposed, in rows."""

DASHES = ("-", "--", "-.", ":", (0, (1, 1)))
"""Of the types' indifference curves."""


def tests(of: Any, *, ax: Axes | None = None) -> Axes:  # noqa: PT028 - no test
    """Bands of states on which every test proposes, as high as that is likely; who takes it.

    A row is a test, grey where it proposes, and an empty row those types who take none. States are
    ticks below each row where they are finitely many: a band is then a bar on each state.

    Parameters
    ----------
    of
        The answer to a :class:`ManagerProblem`, or a :class:`ScreeningTest` of a continuous
        difficulty.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something else; those pictures that fit are named.
    """
    frame = data.tests(of)
    offered = frame[frame.part == "test"]
    shown = offered.iloc[:MOST_TESTS]
    without = frame[frame.part == "excluded"]
    labels = [
        f"{_types(row['takers'])}\np {number(round(row['p'], 4))}, q {number(round(row['q'], 4))}"
        for _, row in shown.iterrows()
    ]
    labels += [f"{_types(row['takers'])}\nno test" for _, row in without.iterrows()]
    labels = labels or ["no test"]
    support = frame[frame.part == "support"]
    with canvas(ax, height=0.75 + ROW * len(labels)) as axes:
        points = support.loc[support["low"] == support["high"], "low"].to_numpy()
        for place in range(len(shown)):
            bands = frame[(frame.part == "band") & (frame.piece == place)]
            _bands(axes, place, bands, points)
        for place in range(len(labels)):
            axes.axhline(place, color=INK, lw=0.6, zorder=1)
            axes.plot(points, np.full(points.size, place + 0.06), "|", color=INK, ms=2.5, mew=0.5)
        axes.set_yticks(range(len(labels)), labels, fontsize=LETTERS - 1)
        axes.tick_params(axis="y", length=0)
        axes.set(xlabel=r"difficulty $\theta$", xlim=(-0.02, 1.02))
        axes.set_ylim(len(labels) - 0.75, -0.9)
        axes.spines["left"].set_visible(False)
        if len(offered) > len(shown):
            said = f"difficulty $\\theta$\n(the first {len(shown)} of {len(offered)} tests)"
            axes.set_xlabel(said)
    return axes


def menu_region(of: Any, *, ax: Axes | None = None) -> Axes:
    """The plane of tests: what can be run, what is trusted, who is indifferent, and the menu.

    Pale are the tests that can be run, darker those among them after which the manager is trusted.
    A type's curve joins the tests that he likes as much as the one he takes (of who takes none: as
    no test); below it he is better off. Circles are the tests of the answer.

    Parameters
    ----------
    of
        A :class:`ManagerProblem`, or its answer.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something else; those pictures that fit are named.
    """
    frame = data.menu_region(of)
    curves = {part: frame[frame.part == part] for part in ("frontier", "floor", "trust")}
    p, most, least, trusted = (
        curves["frontier"]["p"].to_numpy(),
        *(curves[part]["q"].to_numpy() for part in ("frontier", "floor", "trust")),
    )
    with canvas(ax, height=2.7) as axes:
        axes.fill_between(p, least, most, color=PALE, lw=0, label="can be run")
        lower = np.maximum(least, trusted)
        axes.fill_between(
            p, lower, most, where=lower <= most, color="0.68", lw=0, label="and trusted"
        )
        axes.plot(p, most, color=INK, lw=1.3, label="frontier")
        low, high = float(least.min()), float(most.max())
        room = 0.05 * ((high - low) or 1.0)
        axes.set(xlim=(0, 1.02), ylim=(max(0.0, low - room), high + room))
        axes.plot(p, trusted, "--", color=INK, lw=0.9, label="trust")
        lines = frame[frame.part == "indifference"]
        pieces = lines["piece"].unique()
        drawn = spread(len(pieces), MOST_TYPES)
        for dashes, k in zip(DASHES, drawn, strict=False):
            line = lines[lines.piece == pieces[k]]
            name = fitted(f"type {line['type'].iloc[0]}", LONGEST, LETTERS - 1)
            axes.plot(line["p"], line["q"], ls=dashes, color=BLUE, lw=1.0, label=name)
        menu = frame[frame.part == "test"]
        if len(menu):
            axes.plot(
                menu["p"],
                menu["q"],
                "o",
                ms=5,
                mfc="white",
                mec=ACCENT,
                mew=1.2,
                label="tests offered",
                zorder=4,
                clip_on=False,
            )
        axes.set(xlabel="$p$, probability of a proposal", ylabel=r"$q$, difficulty then")
        if len(drawn) < len(pieces):
            said = f"(curves of {len(drawn)} of {len(pieces)} types)"
            axes.set_xlabel(f"{axes.get_xlabel()}\n{said}")
        legend(axes, columns=3)
    return axes


def _bands(axes: Axes, place: int, bands: pd.DataFrame, points: np.ndarray[Any, Any]) -> None:
    """What one test proposes on, above its line."""
    gaps = np.diff(points) if points.size > 1 else np.array([0.2])
    for _, band in bands.iterrows():
        low, high = band["low"], band["high"]
        if low == high:
            k = int(np.searchsorted(points, low))
            half = max(0.4 * float(gaps[max(k - 1, 0) : k + 1].min()), 0.002)
            low, high = low - half, high + half
        certain = band["proposal"] >= 1
        axes.fill_between(
            [low, high],
            place,
            place - TALL * band["proposal"],
            facecolor=GREY if certain else PALE,
            hatch="" if certain else "////",
            edgecolor=INK,
            lw=0.0 if certain else 0.3,
            zorder=0,
        )
        if not certain:
            axes.text(
                (low + high) / 2,
                place - TALL * band["proposal"] - 0.04,
                share_text(band["proposal"], 2),
                ha="center",
                va="bottom",
                fontsize=LETTERS - 2,
            )


def _types(names: Any) -> str:
    """Who takes a test, in the room there is beside it."""
    if not len(names):
        return "one test"
    if len(names) == 1:
        return fitted(f"type {names[0]}", LONGEST, LETTERS - 1)
    told = "types " + ", ".join(names)
    if fitted(told, LONGEST, LETTERS - 1) == told:
        return told
    return fitted(f"{len(names)} types, {names[0]} …", LONGEST, LETTERS - 1)
