"""Turning what users pass into frozen arrays, with errors that name field, index and value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsFloat, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from persuasion_lp.errors import InputError

__all__ = ["Floats", "Integers", "Numbers", "frozen_floats", "summed"]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Numbers: TypeAlias = "ArrayLike | SupportsFloat | Sequence[Numbers]"
"""What may be passed for an array of numbers: nested sequences of anything ``float`` takes."""


def frozen_floats(field: str, values: Numbers, error: type[InputError]) -> NDArray[np.float64]:
    """Copy ``values`` into a read-only array of finite floats.

    Anything that ``float`` understands is accepted entry by entry, ``fractions.Fraction`` included.
    """
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise error(
            field, "must be a rectangular array of numbers", value=_shortened(values)
        ) from None
    bad = ~np.isfinite(array)
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        raise error(field, "must be finite", index=index or None, value=float(array[index]))
    array.setflags(write=False)
    return array


def summed(labels: Integers, weights: NDArray[Any], count: int) -> Floats:
    """Sum of the weights with each label 0 … count-1."""
    return np.asarray(np.bincount(labels, weights=weights, minlength=count), dtype=np.float64)


def _shortened(values: Any) -> Any:
    text = repr(values)
    return values if len(text) <= 80 else text[:77] + "..."
