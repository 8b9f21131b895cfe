"""What all pictures share: axes of a journal column's width, marks that survive a grey printer.

Meaning is carried by dashes, widths, hatches and shades of grey; colour (of Okabe and Ito, told
apart by colour-blind readers) repeats it. Legends stand above the axes, where nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.errors import OptionError
from persuasion_lp.extras import load
from persuasion_lp.inputs import is_a

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "ACCENT",
    "BLUE",
    "GREY",
    "HATCHES",
    "INK",
    "LETTERS",
    "PALE",
    "WIDTH",
    "apart",
    "canvas",
    "fitted",
    "laid_out",
    "legend",
    "rug",
    "spread",
    "triangle",
]

WIDTH = 3.4
"""Inches: a column of a two-column journal."""

LETTERS = 8.0
"""Points."""

INK, GREY, PALE = "0.1", "0.5", "0.85"
BLUE, ACCENT = "#0072B2", "#D55E00"

HATCHES = ("", "////", "\\\\\\\\", "....", "xxxx", "----")
"""One for each of several areas, the first one plain."""

STYLE = MappingProxyType(
    {
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.labelsize": LETTERS,
        "axes.linewidth": 0.6,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": LETTERS,
        "figure.dpi": 150.0,
        "font.size": LETTERS,
        "hatch.linewidth": 0.4,
        "legend.fontsize": LETTERS - 1,
        "legend.frameon": False,
        "lines.linewidth": 1.1,
        "savefig.dpi": 300.0,
        "text.color": INK,
        "xtick.labelsize": LETTERS - 1,
        "ytick.labelsize": LETTERS - 1,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
    }
)

CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(0.75)]])
"""Where three states stand in a triangle: the first left, the second right, the third on top."""


@contextmanager
def canvas(ax: Axes | None, height: float = 2.3, width: float = WIDTH) -> Iterator[Axes]:
    """The axes to draw on: those given, or new ones in the package's style.

    Parameters
    ----------
    ax
        Axes to draw on, which keep their own style; ``None`` for a new figure.
    height, width
        Of a new figure, in inches.

    Raises
    ------
    MissingExtraError
        Without matplotlib.
    OptionError
        If ``ax`` is no Axes.
    """
    pyplot = load("matplotlib.pyplot", extra="plots", feature="pictures")
    if ax is not None:
        if not is_a(ax, load("matplotlib.axes", extra="plots", feature="pictures").Axes):
            raise OptionError("ax", "must be Axes of matplotlib, as of plt.subplots()", value=ax)
        yield ax
        return
    with pyplot.rc_context(dict(STYLE)):
        figure, axes = pyplot.subplots(figsize=(width, height), layout="constrained")
        try:
            yield axes
        except BaseException:
            pyplot.close(figure)
            raise


def legend(ax: Axes, columns: int = 2, *, above: float = 0.0, **settings: Any) -> None:
    """Legend above the axes, where it covers nothing, in as many columns as the figure is wide.

    Parameters
    ----------
    ax
        Axes with labelled marks.
    columns
        How many entries stand side by side, at most.
    above
        Room to leave between axes and legend, in heights of the axes: for a :func:`rug`.
    settings
        Passed on to ``Axes.legend``.
    """
    handles, labels = ax.get_legend_handles_labels()
    if not labels:
        return
    for wide in range(min(columns, len(labels)), 0, -1):
        drawn = ax.legend(
            handles,
            labels,
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0 + above),
            ncols=wide,
            borderaxespad=0.2,
            handlelength=2.2,
            columnspacing=1.2,
            **settings,
        )
        laid_out(ax)
        if drawn.get_window_extent().x1 <= ax.figure.bbox.x1:
            break


def apart(positions: Sequence[float] | Floats, widths: Sequence[float] | Floats) -> Floats:
    """Positions of labels in a row, moved as little as need be so that none covers another.

    The least sum of squared moves for which neighbours are half their widths apart: with the
    widths taken off, a monotone regression.

    Parameters
    ----------
    positions
        Where the labels' middles should be, increasing, shape ``(m,)``.
    widths
        Of the labels, shape ``(m,)``.
    """
    from scipy.optimize import isotonic_regression

    at, wide = np.asarray(positions, dtype=np.float64), np.asarray(widths, dtype=np.float64)
    if at.size < 2:
        return at
    taken = np.concatenate([[0.0], np.cumsum((wide[:-1] + wide[1:]) / 2)])
    moved: Floats = isotonic_regression(at - taken).x + taken
    return moved


def fitted(text: str, points: float, size: float = LETTERS) -> str:
    """A text cut, with an ellipsis, to what fits into a width.

    Examples
    --------
    >>> fitted("guilty", 60), fitted("guilty of everything", 60)
    ('guilty', 'guilty of e…')
    """
    most = max(2, int(points / (0.6 * size)))
    return text if len(text) <= most else text[: most - 1] + "…"


def spread(count: int, most: int) -> list[int]:
    """At most so many of ``count`` positions, the ends among them, evenly apart.

    Examples
    --------
    >>> spread(5, 9), spread(10, 4)
    ([0, 1, 2, 3, 4], [0, 3, 6, 9])
    """
    places: Integers = np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))
    return places.tolist()


def laid_out(ax: Axes) -> tuple[float, float]:
    """Lay the figure out as it stands; width and height of the axes in points."""
    figure: Any = ax.get_figure(root=True)
    figure.draw_without_rendering()
    box = ax.get_window_extent()
    return float(box.width * 72.0 / figure.dpi), float(box.height * 72.0 / figure.dpi)


def rug(ax: Axes, positions: Floats, texts: Sequence[str], *, size: float = LETTERS - 1) -> None:
    """A row of labels on top of the axes, each joined to its position on the horizontal axis.

    Parameters
    ----------
    ax
        Axes whose limits are final.
    positions
        Increasing, in data coordinates, shape ``(m,)``.
    texts
        One for each.
    size
        Of the letters, in points.
    """
    if not texts:
        return
    points, _ = laid_out(ax)
    low, high = ax.get_xlim()
    at = (np.asarray(positions, dtype=np.float64) - low) / (high - low)
    widths = np.array([(0.58 * len(text) + 1.0) * size / points for text in texts])
    moved = apart(at, widths)
    shift = max(0.0, float((moved + widths / 2).max()) - 1.02)
    moved = moved - min(shift, max(0.0, float((moved - widths / 2).min()) + 0.02))
    for start, end, text in zip(at, moved, texts, strict=True):
        ax.annotate(
            text,
            xy=(start, 1.0),
            xytext=(end, 1.08),
            xycoords="axes fraction",
            textcoords="axes fraction",
            ha="center",
            va="bottom",
            fontsize=size,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "lw": 0.4, "color": GREY, "shrinkA": 1, "shrinkB": 0},
        )


def triangle(beliefs: Floats) -> Floats:
    """Points of the plane for beliefs over three states, shape ``(…, 3)`` to ``(…, 2)``."""
    return np.asarray(beliefs, dtype=np.float64) @ CORNERS
