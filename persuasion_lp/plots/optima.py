"""Pictures of what optima hide: achievable pairs, values along a segment, credibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import ACCENT, BLUE, INK, PALE, canvas, legend

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["credibility", "frontier", "trace"]


def frontier(of: Any, *, ax: Axes | None = None) -> Axes:
    """Every pair of two functionals that obedient experiments achieve.

    Parameters
    ----------
    of
        A :class:`Frontier`.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.frontier(of)
    with canvas(ax) as axes:
        axes.fill(frame["f"], frame["g"], facecolor=PALE, edgecolor=INK, lw=1.1, label="achievable")
        axes.plot(frame["f"], frame["g"], "o", color=INK, ms=3.5, label="vertices")
        axes.set(xlabel=of.f.label, ylabel=of.g.label)
        axes.margins(0.08)
        legend(axes)
    return axes


def trace(of: Any, *, ax: Axes | None = None) -> Axes:
    """The value along a segment, with its breakpoints; the order that is best, where orders are.

    Parameters
    ----------
    of
        A :class:`Trace`.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.trace(of)
    with canvas(ax) as axes:
        orders = list(dict.fromkeys(frame["order"]))
        for k, order in enumerate(orders):
            style, color = ("-", "--", ":", "-.")[k % 4], (INK, BLUE, ACCENT)[k % 3]
            own = [j for j in range(len(frame) - 1) if frame["order"][j] == order]
            for j in own:
                part = frame.iloc[j : j + 2]
                told = f"order {order}" if order else "value"
                label = told if j == own[0] else None
                axes.plot(part["t"], part["value"], style, color=color, label=label)
        axes.plot(frame["t"], frame["value"], "o", color=INK, ms=3.0, label="breakpoints")
        axes.set(xlabel="t, from the first to the second", ylabel=f"value, {of.procedure}")
        legend(axes)
    return axes


def credibility(of: Any, *, ax: Axes | None = None) -> Axes:
    """The sender's value at every credibility, from cheap talk (0) to commitment (1).

    At a jump the value just below the threshold is an open mark, the value there a full one.

    Parameters
    ----------
    of
        A :class:`CredibilityCurve`.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.credibility(of)
    with canvas(ax) as axes:
        for k, (_, piece) in enumerate(frame[frame.part == "curve"].groupby("piece")):
            label = "value" if k == 0 else None
            axes.plot(piece["credibility"], piece["value"], color=INK, label=label)
        for part, face, label in (
            ("below", "white", "not attained"),
            ("attained", INK, "attained"),
        ):
            marks = frame[frame.part == part]
            if len(marks):
                axes.plot(
                    marks["credibility"], marks["value"], "o", mfc=face, mec=INK, ms=4, label=label
                )
        axes.set(xlabel="credibility χ", ylabel="sender's value", xlim=(-0.02, 1.02))
        legend(axes, columns=3)
    return axes
