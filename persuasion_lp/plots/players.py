"""Pictures of answers to Bayesian games: what is recommended, and what deviations would gain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import ACCENT, INK, LETTERS, PALE, canvas, fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["deviations", "recommendation"]

MOST_NUMBERS = 8
"""Rows or columns of a heat map up to which the numbers are written into it."""

SHORTEST_BAR = 0.015
"""Of the widest: a gain of nothing is still seen."""


def recommendation(of: Any, *, state: int | None = None, ax: Axes | None = None) -> Axes:
    """What is recommended: of two players by their actions, of others by profile and state.

    Parameters
    ----------
    of
        A :class:`BayesianResult` or an :class:`AnonymousResult`.
    state
        Of two players: given this state; on average if left out.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.recommendation(of, state=state)
    rows, columns = (list(dict.fromkeys(frame[name])) for name in ("row", "column"))
    table = frame["probability"].to_numpy().reshape(len(rows), len(columns))
    two = len(of.problem.axes.actions) == 2 if hasattr(of.problem, "axes") else False
    with canvas(ax, height=min(0.55 + 0.28 * len(rows), 3.6)) as axes:
        axes.imshow(table, cmap="Greys", vmin=0, vmax=1, aspect="auto")
        room = 110.0 if len(columns) < 3 else 90.0
        axes.set_xticks(range(len(columns)), [fitted(name, room) for name in columns])
        axes.set_yticks(range(len(rows)), [fitted(name, 100.0) for name in rows])
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        if max(len(rows), len(columns)) <= max(MOST_NUMBERS, len(rows) * (len(columns) <= 4)):
            for i, j in np.ndindex(*table.shape):
                color = "white" if table[i, j] > 0.55 else INK
                said = _said(float(table[i, j]))
                axes.text(j, i, said, ha="center", va="center", color=color, fontsize=LETTERS - 1)
        names = of.problem.names if two else ("", "state")
        given = "" if state is None else f", state {of.problem.state_names[state]}"
        axes.set(xlabel=f"{names[1]}{given}", ylabel=names[0])
    return axes


def deviations(of: Any, *, most: int = 10, ax: Axes | None = None) -> Axes:
    """What deviations would gain: bars to the left lose, none bind; prices stand beside those.

    Parameters
    ----------
    of
        A :class:`BayesianResult`.
    most
        How many, at most: the dearest, then those that come nearest to paying.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.deviations(of, most=most)
    with canvas(ax, height=min(0.6 + 0.24 * max(len(frame), 1), 3.6)) as axes:
        widest = float(-frame["gain"].min()) if len(frame) else 0.0
        least = SHORTEST_BAR * (widest or 1.0)
        places = np.arange(len(frame))
        for place, gain, price in zip(places, frame["gain"], frame["price"], strict=True):
            binds = price > 0 and gain == 0
            axes.barh(
                place,
                min(gain, -least),
                height=0.6,
                facecolor=ACCENT if binds else PALE,
                edgecolor=INK,
                lw=0.6,
                hatch="" if binds else "////",
            )
            if binds:
                axes.annotate(
                    f"price {price:.3g}",
                    (-least, place),
                    xytext=(-4, 0),
                    textcoords="offset points",
                    ha="right",
                    va="center",
                    fontsize=LETTERS - 1,
                )
        axes.set_yticks(places, [fitted(text, 150.0, LETTERS - 1) for text in frame["deviation"]])
        axes.invert_yaxis()
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(-1.1 * (widest or 1.0), 0)
        axes.set_xlabel("expected gain from deviating")
    return axes


def _said(chance: float) -> str:
    """A probability in a cell."""
    if 0 < chance < 1e-3:
        return "<.001"
    return f"{chance:.3g}"
