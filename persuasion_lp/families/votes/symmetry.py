"""Voters who could change places and nothing would change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.core.orders import earlier_twins

__all__ = ["interchangeable_voters"]


def interchangeable_voters(prior: NDArray[Any], cutoffs: NDArray[Any]) -> tuple[set[int], ...]:
    """For each voter the earlier ones with whom he is interchangeable.

    Parameters
    ----------
    prior
        Shape ``(2,)*n``, in floats or in rationals.
    cutoffs
        Shape ``(n,)``, in the same numbers.
    """

    def same(i: int, j: int) -> bool:
        return bool(cutoffs[i] == cutoffs[j]) and np.array_equal(prior, prior.swapaxes(i, j))

    return earlier_twins(cutoffs.size, same)
