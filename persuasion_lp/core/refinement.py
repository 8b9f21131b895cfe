"""Grids on the way to a bracket of the width asked for."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Refinement"]


@dataclass(frozen=True)
class Refinement:
    """One grid.

    Attributes
    ----------
    beliefs
        Its size: beliefs, or states and types, or cells.
    lower, upper
        The bracket on it; ``upper`` is ``None`` when nothing bounds the payoffs off the grid.
    """

    beliefs: int
    lower: float
    upper: float | None
