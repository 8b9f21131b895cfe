"""Pictures of tables: brackets against the size of a grid, values over two axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import (
    ACCENT,
    BLUE,
    GREY,
    INK,
    LETTERS,
    canvas,
    laid_out,
    legend,
    spread,
)
from persuasion_lp.plots.data.tables import chosen_axes
from persuasion_lp.plots.procedures import below_power

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["convergence", "phase"]

SIDES = {
    "below": ("-", BLUE, "below the truth"),
    "above": ("--", ACCENT, "above the truth"),
    "width": ("-", BLUE, "width of the bracket"),
    "textbook": (":", GREY, "one value, no bracket"),
}
"""Dashes, colour and words of each side."""

MARKERS = ("o", "s", "^", "D", "v", "P")
"""One for each family."""

LOWEST = 10.0
"""How far below the least error exact ones are drawn: this factor."""


def convergence(of: Any, *, ax: Axes | None = None) -> Axes:
    """Errors of brackets against the size of the grid, on both sides of the truth.

    Both axes are logarithmic: straight lines are powers. Errors that are exactly 0 are hollow marks
    on the line "exact".

    Parameters
    ----------
    of
        A frame with columns ``n``, ``lower`` and ``upper``, and if there are any ``truth``,
        ``family`` and ``textbook``; or an answer that was refined.
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
    frame = data.convergence(of)
    positive = frame["error"][frame["error"] > 0]
    floor = 1e-16 if positive.empty else float(positive.min()) / LOWEST
    families = list(dict.fromkeys(frame["family"]))
    with canvas(ax, height=2.6) as axes:
        what = "width" if set(frame["side"]) == {"width"} else "error"
        axes.set(xscale="log", yscale="log", xlabel="size of the grid", ylabel=what)
        for side in dict.fromkeys(frame["side"]):
            dashes, colour, words = SIDES[side]
            for k, family in enumerate(families):
                line = frame[(frame["side"] == side) & (frame["family"] == family)]
                line = line.dropna().sort_values("n")
                shape = MARKERS[k % len(MARKERS)]
                _line(axes, line, floor, dashes, colour, shape)
            axes.plot([], [], dashes, color=colour, label=words)
        if (frame["error"] == 0).any():
            axes.axhline(floor, color=GREY, lw=0.5, zorder=0)
            axes.annotate(
                "exact",
                xy=(1.0, floor),
                xycoords=("axes fraction", "data"),
                xytext=(2, 0),
                textcoords="offset points",
                va="center",
                fontsize=LETTERS - 1,
            )
            axes.set_ylim(bottom=floor / 2)
        if len(families) > 1:
            for k, family in enumerate(families):
                shape = MARKERS[k % len(MARKERS)]
                axes.plot([], [], shape, color=INK, ms=4, label=str(family))
        axes.minorticks_off()
        _sizes(axes, np.unique(frame["n"].to_numpy(dtype=float)))
        legend(axes)
    return axes


def _line(
    axes: Axes, line: pd.DataFrame, floor: float, dashes: str, colour: str, shape: str
) -> None:
    error = line["error"].to_numpy()
    exact = error == 0
    at = np.where(exact, floor, error)
    axes.plot(line["n"], at, dashes, color=colour, lw=1.0)
    axes.plot(line["n"][~exact], at[~exact], shape, color=colour, ms=4)
    axes.plot(line["n"][exact], at[exact], shape, color=colour, ms=4, mfc="white")


def _sizes(axes: Axes, sizes: Floats) -> None:
    """Mark the sizes there are, as many as have room."""
    most = max(2, int(laid_out(axes)[0] / 32))
    shown = sizes[spread(sizes.size, most)]
    axes.set_xticks(shown, [f"{size:g}" for size in shown])


def phase(
    of: Any,
    *,
    x: str | None = None,
    y: str | None = None,
    label: str = "sender's payoff",
    ax: Axes | None = None,
) -> Axes:
    """A map of values over two axes, in greys.

    Cells whose bracket has 0 inside are hatched: which side of 0 they are on is not proved; the
    legend tells how wide these brackets are at most. Cells without a value are crossed.

    Parameters
    ----------
    of
        A frame with two columns for the axes and ``value`` (as of ``sweep.gain(a, b)``), or a
        :class:`Sweep` of one procedure.
    x, y
        The axes; the first two columns if left out.
    label
        What the values are.
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
    frame = data.phase(of, x=x, y=y)
    names = chosen_axes(of, x, y)
    across, up = np.unique(frame["x"]), np.unique(frame["y"])
    table = frame.pivot(index="y", columns="x", values="value").reindex(index=up, columns=across)
    known = frame.pivot(index="y", columns="x", values="known").reindex(index=up, columns=across)
    horizontal, vertical = _edges(across), _edges(up)
    with canvas(ax, height=2.6) as axes:
        drawn = axes.pcolormesh(
            horizontal,
            vertical,
            np.ma.masked_invalid(table.to_numpy(dtype=float)),
            cmap="Greys",
            edgecolors="none",
            rasterized=True,
        )
        widest = frame["width"][frame["known"] == "sign unknown"].max()
        for word, hatch, said in (
            ("failed", "xxxx", "no value"),
            ("sign unknown", "////", f"0 in the bracket, of width {below_power(widest)}"),
        ):
            where = known.to_numpy() == word
            if where.any():
                _hatched(axes, horizontal, vertical, where, hatch)
                axes.fill_between(
                    [], [], [], facecolor="white", edgecolor=ACCENT, hatch=hatch, lw=0.4, label=said
                )
        bar = axes.figure.colorbar(drawn, ax=axes, pad=0.02)
        bar.set_label(label)
        bar.outline.set_linewidth(0.6)
        axes.set(xlabel=names[0], ylabel=names[1])
        for axis, values, edges in ((axes.xaxis, across, horizontal), (axes.yaxis, up, vertical)):
            if values.dtype.kind not in "iuf":
                axis.set_ticks((edges[:-1] + edges[1:]) / 2, [str(value) for value in values])
        axes.spines[:].set_visible(True)
        legend(axes)
    return axes


def _hatched(axes: Axes, horizontal: Floats, vertical: Floats, where: Any, hatch: str) -> None:
    """Hatch cells, neighbours in a row as one."""
    for row in range(where.shape[0]):
        on = np.flatnonzero(np.diff(np.concatenate([[0], where[row].astype(int), [0]])))
        for start, stop in on.reshape(-1, 2):
            axes.fill_between(
                [horizontal[start], horizontal[stop]],
                vertical[row],
                vertical[row + 1],
                facecolor="none",
                edgecolor=ACCENT,
                hatch=hatch,
                lw=0.0,
            )


def _edges(values: Any) -> Floats:
    """Where cells around values end: halfway to the neighbours; of words in equal steps."""
    numbers = values.astype(float) if values.dtype.kind in "iuf" else np.arange(len(values)) * 1.0
    if numbers.size == 1:
        return np.array([numbers[0] - 0.5, numbers[0] + 0.5])
    middle = (numbers[:-1] + numbers[1:]) / 2
    first, last = 2 * numbers[0] - middle[0], 2 * numbers[-1] - middle[-1]
    edges: Floats = np.concatenate([[first], middle, [last]])
    return edges
