"""What is wrong with a picture: words over words, and words cut off at its edge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

__all__ = ["blemishes", "words_of_a_picture"]

SLACK = 1.0
"""Pixels by which boxes around words may overlap: they are larger than the letters."""


def blemishes(figure: Figure) -> list[str]:
    """Every pair of words of which one covers the other, and every word that is cut off."""
    figure.draw_without_rendering()
    boxes = [(text.get_text(), _box(text)) for text in words_of_a_picture(figure)]
    found = [
        f"{one!r} over {two!r}"
        for (one, first), (two, second) in combinations(boxes, 2)
        if _meet(first, second)
    ]
    edge = figure.bbox
    found += [
        f"{word!r} is cut off"
        for word, box in boxes
        if min(box.x0 - edge.x0, box.y0 - edge.y0, edge.x1 - box.x1, edge.y1 - box.y1) < -SLACK
    ]
    return found


def words_of_a_picture(figure: Figure) -> Iterator[Text]:
    """Every visible text of a figure: axes, ticks in view, labels, legends, notes."""
    for axes in figure.findobj(Axes):
        yield from _words_of_axes(axes)
    yield from (text for text in [*figure.texts, figure._suptitle] if _is_shown(text))  # type: ignore[attr-defined]


def _words_of_axes(axes: Any) -> Iterator[Text]:
    if not axes.get_visible():
        return
    yield from (text for text in [*axes.texts, axes.title] if _is_shown(text))
    legend = axes.get_legend()
    if legend is not None:
        yield from (text for text in [*legend.get_texts(), legend.get_title()] if _is_shown(text))
    if not axes.axison:
        return
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        room = 1e-9 * (high - low)
        for tick in axis.get_major_ticks():
            if low - room <= tick.get_loc() <= high + room:
                yield from (t for t in (tick.label1, tick.label2) if _is_shown(t))
        if _is_shown(axis.label):
            yield axis.label


def _is_shown(text: Text | None) -> bool:
    return text is not None and text.get_visible() and bool(text.get_text().strip())


def _box(text: Text) -> Bbox:
    """Of the letters, without the arrow that an annotation may have."""
    return Text.get_window_extent(text)


def _meet(one: Bbox, two: Bbox) -> bool:
    wide = min(one.x1, two.x1) - max(one.x0, two.x0)
    high = min(one.y1, two.y1) - max(one.y0, two.y0)
    return wide > SLACK and high > SLACK
