"""What optima hide: achievable pairs, values along a segment, values at every credibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from persuasion_lp.extras import load
from persuasion_lp.plots.fitting import check_fits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["credibility", "frontier", "trace"]


def frontier(of: Any) -> pd.DataFrame:
    """The vertices of an achievable set, around it.

    Parameters
    ----------
    of
        A :class:`Frontier`.

    Returns
    -------
    pandas.DataFrame
        Columns ``f`` and ``g``, a row for each vertex.

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("frontier", of)
    rows = [tuple(map(float, point)) for point in of.points]
    return pd.DataFrame(rows, columns=["f", "g"])


def trace(of: Any) -> pd.DataFrame:
    """The breakpoints of a trace.

    Parameters
    ----------
    of
        A :class:`Trace`.

    Returns
    -------
    pandas.DataFrame
        Columns ``t``, ``value`` and ``order``, that of the piece to the right (at the end, to the
        left), as text; empty where there is none.

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("trace", of)
    orders = [piece.label for piece in (*of.pieces, of.pieces[-1])]
    said = ["" if order is None else ", ".join(map(str, order)) for order in orders]
    rows = [
        (float(t), float(value), order)
        for (t, value), order in zip(of.breakpoints, said, strict=True)
    ]
    return pd.DataFrame(rows, columns=["t", "value", "order"])


def credibility(of: Any) -> pd.DataFrame:
    """The pieces of a credibility curve.

    Parameters
    ----------
    of
        A :class:`CredibilityCurve`.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``piece``, ``credibility``, ``value``. Parts: ``curve`` (both ends of each
        piece, numbered by ``piece``), ``below`` and ``attained`` (at a jump, the value just before
        it and the value there).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("credibility", of)
    rows: list[tuple[str, int | None, float, float]] = []
    for k, piece in enumerate(of.pieces):
        rows += [("curve", k, float(t), float(piece.line(t))) for t in (piece.start, piece.end)]
    for chi, before, after in of.jumps:
        rows.append(("below", None, float(chi), float(before)))
        rows.append(("attained", None, float(chi), float(after)))
    return pd.DataFrame(rows, columns=["part", "piece", "credibility", "value"])
