"""Procedures side by side, each as a bracket between no information and first best."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import BLUE, GREY, INK, LETTERS, canvas, legend
from persuasion_lp.words import number, spoken

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["below_power", "procedures"]

ROW = 0.27
"""Inches of height for each procedure."""

OPEN = 0.08
"""How far beyond everything else a bracket without an upper end is drawn, in shares of it all."""


def procedures(of: Any, *, ax: Axes | None = None) -> Axes:
    """The sender's payoff by procedure: what is proved of each, never a bare value.

    Each bar goes from the lower to the upper end of the bracket, with the answer's own payoff as a
    square. An arrow stands where nothing bounds a procedure from above. On the right are the
    brackets in numbers: the payoff with the width of its bracket where that is too narrow to be
    seen in the digits printed.

    Parameters
    ----------
    of
        A :class:`Comparison`, or a problem, which is compared.
    ax
        Axes to draw on; left out, a new figure of a journal column's width.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    InputError
        For something that is not compared; those pictures that fit are named.

    Examples
    --------
    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
    >>> axes = procedures(judges)
    >>> [label.get_text() for label in axes.get_yticklabels()]
    ['simultaneous', 'sequential', 'intermediate', 'flexible', 'first best']
    """
    frame = data.procedures(of)
    shown = frame[frame.part == "procedure"].reset_index(drop=True)
    lines = frame[frame.part == "reference"]
    ends = frame[["lower", "upper"]].to_numpy()
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    room = (high - low) or abs(high) or 1.0
    with canvas(ax, height=0.95 + ROW * len(shown)) as axes:
        for (_, line), dashes, colour in zip(
            lines.iterrows(), (":", "--"), (INK, GREY), strict=True
        ):
            narrow = number(line["lower"]) == number(line["upper"])
            told = number(line["value"]) if narrow else f"at most {_above(line['upper'])}"
            label = f"{line['name']} {told}"
            axes.axvline(line["upper"], ls=dashes, color=colour, lw=0.9, label=label, zorder=1)
        for place, row in shown.iterrows():
            _bracket(axes, float(str(place)), row, high + OPEN * room)
            axes.text(
                1.03,
                float(str(place)),
                _in_numbers(row["lower"], row["value"], row["upper"]),
                transform=axes.get_yaxis_transform(),
                va="center",
                fontsize=LETTERS - 1,
            )
        axes.set_yticks(range(len(shown)), [spoken(name) for name in shown["name"]])
        axes.set(
            xlabel="sender's payoff",
            xlim=(low - OPEN * room, high + OPEN * room),
            ylim=(len(shown) - 0.5, -0.5),
        )
        axes.locator_params(axis="x", nbins=4)
        axes.tick_params(axis="y", length=0)
        legend(axes)
    return axes


def _bracket(axes: Axes, place: float, row: pd.Series[Any], beyond: float) -> None:
    """One procedure: a bar with caps, open to the right where nothing bounds it."""
    if np.isnan(row["upper"]):
        axes.annotate(
            "",
            xy=(beyond, place),
            xytext=(row["lower"], place),
            arrowprops={"arrowstyle": "->", "color": BLUE, "lw": 1.1, "shrinkA": 0, "shrinkB": 0},
        )
        axes.plot(row["lower"], place, "|", color=BLUE, ms=8, mew=1.1)
    else:
        below, above = row["value"] - row["lower"], row["upper"] - row["value"]
        axes.errorbar(
            row["value"],
            place,
            xerr=[[max(below, 0.0)], [max(above, 0.0)]],
            fmt="none",
            ecolor=BLUE,
            elinewidth=1.1,
            capsize=4,
            zorder=3,
        )
    axes.plot(row["value"], place, "s", ms=3, color=INK, zorder=4)


def _in_numbers(lower: float, value: float, upper: float) -> str:
    """A bracket in words, by its ends, rounded outwards, or by its width."""
    if np.isnan(upper):
        return f"at least {_below(lower)}"
    if number(lower) == number(upper):
        return f"{number(value)}, width {below_power(upper - lower)}"
    return f"[{_below(lower)}, {_above(upper)}]"


def _below(value: float) -> str:
    """The six digits that are not above a number."""
    return number(float(Context(prec=6, rounding=ROUND_FLOOR).create_decimal(value)))


def _above(value: float) -> str:
    """The six digits that are not below a number."""
    return number(float(Context(prec=6, rounding=ROUND_CEILING).create_decimal(value)))


def below_power(width: float) -> str:
    """The next power of ten above a width."""
    if not width > 0:
        return "0"
    return f"< $10^{{{int(np.floor(np.log10(width))) + 1}}}$"
