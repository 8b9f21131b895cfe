"""The greatest of several piecewise linear functions, exactly; they may be defined in part only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.lp.faces.parametric import Line

__all__ = ["Piece", "upper_envelope"]


@dataclass(frozen=True)
class Piece(ReadOnly):
    """A line on an interval, and whose it is.

    Attributes
    ----------
    start, end
        The interval, both ends included.
    line
        The line.
    label
        Whose it is.
    """

    start: Fraction
    end: Fraction
    line: Line
    label: Any = None


def upper_envelope(pieces: Sequence[Piece]) -> list[Piece]:
    """The greatest line at each place, left to right; of equal ones the first given.

    At a place where one begins, the envelope may jump up.
    """
    places = sorted({t for piece in pieces for t in (piece.start, piece.end)})
    found: list[Piece] = []
    for left, right in pairwise(places):
        here = [piece for piece in pieces if piece.start <= left and right <= piece.end]
        at = left
        while at < right:
            best = max(here, key=lambda piece: (piece.line(at), piece.line.slope))
            crossings = [
                (best.line.at_start - other.line.at_start) / (other.line.slope - best.line.slope)
                for other in here
                if other.line.slope > best.line.slope
            ]
            until = min((t for t in crossings if at < t < right), default=right)
            last = found[-1] if found else None
            if last and last.line == best.line and last.end == at and last.label == best.label:
                found[-1] = Piece(last.start, until, best.line, best.label)
            else:
                found.append(Piece(at, until, best.line, best.label))
            at = until
    return found
