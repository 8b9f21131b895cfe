"""Pictures of procedures that unfold: who acts after what, and Pacman (KKS, Sections 4 and 5)."""

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
    canvas,
    fitted,
    laid_out,
    legend,
)
from persuasion_lp.plots.data.trees import RESIDUAL
from persuasion_lp.words import number

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["order_tree", "pacman"]

SMALL = LETTERS - 1.5
"""Points of the words along branches."""

ROW = 0.3
"""Inches of height for each end of a tree."""

MOST_ENDS = 20
"""Of more ends only the likeliest are drawn, and it is said how many there are."""

MOST_STEPS = 16
"""Steps of the Pacman procedure that are drawn."""

MARKS = (("-", BLUE, "o", 6), ("--", ACCENT, "s", 4), ("-.", INK, "^", 3), (":", GREY, "D", 2))
"""Dashes, colour, mark and size of each receiver, in turn: none hides another."""


def order_tree(of: Any, *, ax: Axes | None = None) -> Axes:
    """A tree of histories, from left to right: who acts on which recommendation.

    Above a branch stands who acts and what he does, by number if names are too long; below it
    how likely that is after what came before; at the ends, the probability of the whole path.

    Parameters
    ----------
    of
        The sequential, intermediate or flexible answer to a persuasion game or a vote.
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
    frame = data.order_tree(of)
    last = int(frame["depth"].max())
    ends = frame[frame["depth"] == last]
    shown = ends.nlargest(MOST_ENDS, "probability", keep="first").index
    kept = _with_parents(frame, shown)
    height = {place: float(k) for k, place in enumerate(sorted(shown))}
    for place in reversed(kept):
        if place not in height:
            below = [height[p] for p in kept if frame["parent"][p] == place]
            height[place] = float(np.mean(below))
    with canvas(ax, height=0.5 + ROW * max(len(shown), 2)) as axes:
        axes.set(xlim=(-0.02, last + 0.32), ylim=(len(shown) - 0.4, -0.6))
        axes.set_axis_off()
        room = laid_out(axes)[0] / (last + 0.34) * 0.8
        rows = list(frame.loc[kept[1:]].itertuples())
        told = [f"{row.name}: {row.taken}" for row in rows]
        named = all(fitted(text, room, SMALL) == text for text in told)
        if not named:
            told = [f"{row.receiver}: {row.action}" for row in rows]
        for row, text in zip(rows, told, strict=True):
            _branch(axes, row, height, text)
        for place in shown:
            axes.text(
                last + 0.04,
                height[place],
                number(round(frame["probability"][place], 4)),
                va="center",
                fontsize=LETTERS - 1,
            )
        said = [] if named else ["receiver: action, by number"]
        if len(shown) < len(ends):
            share = float(frame.loc[shown, "probability"].sum())
            said.append(f"the likeliest {len(shown)} of {len(ends)} paths (together {share:.3g})")
        axes.set_title("\n".join(said), fontsize=LETTERS - 1)
    return axes


def _with_parents(frame: pd.DataFrame, ends: Any) -> list[int]:
    kept: set[int] = set()
    for end in ends:
        place = int(end)
        while place >= 0 and place not in kept:
            kept.add(place)
            place = int(frame["parent"][place])
    return sorted(kept)


def _branch(axes: Axes, row: Any, height: dict[int, float], told: str) -> None:
    """From a history to the next one: down or up at once, then along with its words."""
    start, end = row.depth - 1.0, float(row.depth)
    at = height[row.Index]
    bend = start + 0.1
    axes.plot([start, bend, end], [height[row.parent], at, at], color=INK, lw=0.8)
    axes.plot(end, at, "o", ms=2.5, color=INK)
    axes.annotate(
        told,
        (bend, at),
        xytext=(2, 1.5),
        textcoords="offset points",
        va="bottom",
        fontsize=SMALL,
    )
    axes.annotate(
        number(round(row.given, 4)),
        (bend, at),
        xytext=(2, -1.5),
        textcoords="offset points",
        va="top",
        color=GREY,
        fontsize=SMALL,
    )


def pacman(of: Any, *, residual: float = RESIDUAL, ax: Axes | None = None) -> Axes:
    """Beliefs creeping towards the nearest points at which somebody acts.

    One line style for each receiver: his belief, step by step, on every path, wider where that is
    likelier; filled marks where he acts. Thin dotted lines are the points at which he does.

    Parameters
    ----------
    of
        A :class:`Pacman`.
    residual
        Probability of what may be left open.
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
    frame = data.pacman(of, residual=residual)
    moves = frame[frame.part == "move"]
    deepest = int(moves["depth"].max())
    moves = moves[moves["depth"] <= MOST_STEPS]
    before = moves.set_index(["node", "receiver"])["belief"].to_dict()
    with canvas(ax, height=2.5) as axes:
        for i in dict.fromkeys(moves["receiver"]):
            dashes, colour, mark, size = MARKS[int(i) % len(MARKS)]
            own = moves[moves["receiver"] == i]
            for at in frame[(frame.part == "target") & (frame["receiver"] == i)]["belief"]:
                axes.axhline(at, color=colour, ls=":", lw=0.5, zorder=0)
            for row in own.itertuples():
                start = before.get((row.parent, i))
                if row.depth and start is not None:
                    wide = 0.5 + 2.5 * float(row.probability)
                    axes.plot(
                        [row.depth - 1, row.depth],
                        [start, row.belief],
                        dashes,
                        color=colour,
                        lw=wide,
                    )
            acting = own[own["acts"]]
            name = fitted(str(own["name"].iloc[0]), 90.0, LETTERS - 1)
            axes.plot(acting["depth"], acting["belief"], mark, color=colour, ms=size)
            axes.plot([], [], dashes, marker=mark, ms=size, color=colour, label=name)
        said = "step" if deepest <= MOST_STEPS else f"step (the first {MOST_STEPS} of {deepest})"
        axes.set(xlabel=said, ylabel="belief in H", ylim=(-0.04, 1.04))
        axes.locator_params(axis="x", integer=True)
        legend(axes)
    return axes
