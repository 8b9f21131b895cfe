"""Pictures of posterior means: price function and contact set, and how much is revealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import ACCENT, BLUE, GREY, INK, PALE, canvas, legend
from persuasion_lp.words import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["means", "price_function"]


def price_function(of: Any, *, ax: Axes | None = None) -> Axes:
    """Payoff, price function and where they touch (Dworczak and Martini 2019).

    The price function is convex, lies above the payoff, touches it at the posterior means (circles
    whose areas are their probabilities) and is linear where states are pooled (grey bands): that is
    the proof that the means are optimal.

    Parameters
    ----------
    of
        A :class:`PosteriorMeanGame`, of which the payoff alone is drawn, or its answer.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.price_function(of)
    with canvas(ax) as axes:
        for k, (_, band) in enumerate(frame[frame.part == "pooled"].groupby("piece")):
            label = "pooled" if k == 0 else None
            axes.axvspan(*band["mean"], color=PALE, lw=0, zorder=0, label=label)
        for k, (_, piece) in enumerate(frame[frame.part == "payoff"].groupby("piece")):
            label = "payoff" if k == 0 else None
            axes.plot(piece["mean"], piece["value"], color=INK, label=label)
        jumps = frame[frame.part == "attained"]
        axes.plot(jumps["mean"], jumps["value"], "o", color=INK, ms=2.5)
        price = frame[frame.part == "price"]
        if len(price):
            axes.plot(price["mean"], price["value"], "--", color=BLUE, label="price function")
            touched = frame[frame.part == "contact"]
            axes.scatter(
                touched["mean"],
                touched["value"],
                s=12 + 60 * touched["weight"],
                facecolors="white",
                edgecolors=ACCENT,
                linewidths=1.1,
                zorder=3,
                label="posterior means",
            )
        axes.set(xlabel="state, posterior mean", ylabel="sender's payoff")
        legend(axes)
    return axes


def means(of: Any, *, ax: Axes | None = None) -> Axes:
    """How much is revealed: the integrated distribution of means between nothing and everything.

    A distribution of means can be induced iff its integral lies between the two others; where it
    touches the upper one, nothing is pooled across (Gentzkow and Kamenica 2016; Kolotilin 2018).

    Parameters
    ----------
    of
        The answer to a :class:`PosteriorMeanGame`.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes
    """
    frame = data.means(of)
    drawn = (
        ("prior", "everything revealed", INK, "-", 0.9),
        ("means", f"the answer, worth {number(of.value)}", BLUE, "--", 1.6),
        ("nothing", "nothing revealed", GREY, ":", 1.1),
    )
    with canvas(ax) as axes:
        parts = dict(list(frame.groupby("part")))
        axes.fill_between(
            parts["prior"]["mean"],
            parts["nothing"]["integral"],
            parts["prior"]["integral"],
            color=PALE,
            lw=0,
        )
        for part, label, colour, dashes, width in drawn:
            rows = parts[part]
            axes.plot(rows["mean"], rows["integral"], dashes, color=colour, lw=width, label=label)
        axes.set(xlabel="$c$", ylabel=r"$\int_0^c \Pr(\mathrm{mean} \leq t)\,dt$")
        axes.margins(x=0)
        legend(axes)
    return axes
