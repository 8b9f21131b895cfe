"""Pictures of comparative statics (Li and Xu, Corollaries 1 and 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.plots import data
from persuasion_lp.plots.canvas import ACCENT, BLUE, GREY, INK, canvas, legend, rug

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["statics"]

SHADES = {
    "pessimistic": ("0.88", ""),
    "constrained": ("0.96", "...."),
    "first best": ("1.0", ""),
}
"""Shade and hatch of each phase."""

LINES = (
    ("threshold", ":", INK, "threshold"),
    ("manager", "-", BLUE, "manager's payoff"),
    ("worker", "--", ACCENT, "worker's payoff"),
)
"""Columns with their dashes, colours and words."""

BESIDE = 0.16
"""Room above the axes that the names of phases take, in heights of the axes."""


def statics(of: Any, *, ax: Axes | None = None) -> Axes:
    """What the manager and the worker get along a parameter, the optimal threshold, the phases.

    Parameters
    ----------
    of
        A :class:`Statics`: ``plp.capability_statics(…)``, ``plp.difficulty_statics(…)``.
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
    frame = data.statics(of)
    points, spans = frame[frame.part == "point"], frame[frame.part == "phase"]
    with canvas(ax, height=2.5) as axes:
        for _, span in spans.iterrows():
            shade, hatch = SHADES[span["phase"]]
            axes.axvspan(
                span["parameter"], span["end"], fc=shade, ec="0.7", hatch=hatch, lw=0.0, zorder=0
            )
            axes.axvline(span["end"], color=GREY, lw=0.5, zorder=1)
        x = points["parameter"]
        phase_of = np.searchsorted(spans["parameter"], x, side="right")
        for column, dashes, colour, label in LINES:
            for k in np.unique(phase_of):  # no line from one phase to another: payoffs jump
                own = points[phase_of == k]
                axes.plot(own["parameter"], own[column], dashes, color=colour)
            axes.plot([], [], dashes, color=colour, label=label)
        ends = (float(x.iloc[0]), float(x.iloc[-1]))
        axes.set(xlabel=_WORDS[of.parameter], xlim=ends if ends[0] < ends[1] else None)
        axes.set_ylim(bottom=0.0)
        middles = ((spans["parameter"] + spans["end"]) / 2).to_numpy()
        rug(axes, middles, spans["phase"].tolist())
        legend(axes, above=BESIDE, columns=3)
    return axes


_WORDS = {"capability": "capability $x$", "propensity": r"propensity $a$ in $F(\theta)=\theta^a$"}
