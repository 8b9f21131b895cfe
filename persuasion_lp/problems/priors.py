"""Common joint priors over binary states, as arrays of shape ``(2,)*n`` with index 1 = H."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import SupportsFloat

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Numbers, Rationals, frozen_floats
from persuasion_lp.errors import InputError, PriorError

__all__ = [
    "PRIOR_SUM_TOLERANCE",
    "check_exact_sum",
    "check_prior",
    "from_table",
    "independent",
    "perfectly_correlated",
    "perfectly_negative",
]

PRIOR_SUM_TOLERANCE = 1e-12
"""How far a prior's total may be from 1: rounding of a sum of floats, nothing more."""


def check_prior(prior: Numbers) -> NDArray[np.float64]:
    """Copy a prior into a read-only array of floats, or say why it is none.

    Parameters
    ----------
    prior
        Probabilities, an array of at least one axis and any shape. It must sum to 1 up to
        :data:`PRIOR_SUM_TOLERANCE`; it is never renormalized.

    Raises
    ------
    PriorError
        For an empty or scalar array, an entry that is NaN, infinite or negative, or a total other
        than 1 (the error says by how much).
    """
    array = frozen_floats("prior", prior, PriorError)
    if array.ndim == 0 or array.size == 0:
        raise PriorError("prior", "must be an array with at least one state", value=array.shape)
    if (array < 0).any():
        index = tuple(int(i) for i in np.argwhere(array < 0)[0])
        raise PriorError("prior", "must not be negative", index=index, value=float(array[index]))
    excess = float(array.sum()) - 1.0
    if abs(excess) > PRIOR_SUM_TOLERANCE:
        raise PriorError("prior", f"must sum to 1; it sums to 1 {excess:+.6g}")
    return array


def check_exact_sum(
    prior: Rationals, field: str = "prior", error: type[InputError] = PriorError
) -> None:
    """Raise an error of the kind given unless flat numbers are probabilities exactly."""
    if (prior < 0).any():
        raise error(field, "must not be negative, however little")
    excess = sum(prior) - 1
    if excess:
        raise error(
            field,
            f"must sum to 1 exactly; as written it sums to 1 {float(excess):+.6g} "
            '(write fractions: Fraction(1, 3) or "1/3")',
        )


def independent(x: Sequence[SupportsFloat]) -> NDArray[np.float64]:
    """Independent states with Pr(ω_i = H) = x_i.

    Examples
    --------
    >>> independent([0.5, 0.2])
    array([[0.4, 0.1],
           [0.4, 0.1]])
    """
    beliefs = _beliefs("x", x)
    return reduce(np.multiply.outer, [np.array([1 - p, p]) for p in beliefs])


def perfectly_correlated(x: SupportsFloat, n: int) -> NDArray[np.float64]:
    """One state shared by all n receivers: all H with probability x, all L otherwise.

    Examples
    --------
    >>> perfectly_correlated(0.5, 2)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    (belief,) = _beliefs("x", [x])
    if n < 1:
        raise PriorError("n", "must be at least 1", value=n)
    prior = np.zeros((2,) * n)
    prior[(0,) * n] = 1 - belief
    prior[(1,) * n] = belief
    return prior


def perfectly_negative(x: SupportsFloat) -> NDArray[np.float64]:
    """Two states of which exactly one is H: the first with probability x.

    Examples
    --------
    >>> perfectly_negative(0.25)
    array([[0.  , 0.75],
           [0.25, 0.  ]])
    """
    (belief,) = _beliefs("x", [x])
    return np.array([[0.0, 1 - belief], [belief, 0.0]])


def from_table(table: Mapping[str | Sequence[int], SupportsFloat]) -> NDArray[np.float64]:
    """Prior from a table of states and probabilities; states left out have probability 0.

    Parameters
    ----------
    table
        Keys are words in L and H (``"HL"``) or tuples of 0 and 1 (``(1, 0)``), all of one length.

    Raises
    ------
    PriorError
        For an empty table, a key that is no such state, a state named twice, or probabilities
        that are no prior.

    Examples
    --------
    >>> from_table({"HL": 0.5, "LH": 0.5})
    array([[0. , 0.5],
           [0.5, 0. ]])
    """
    if not table:
        raise PriorError("table", "must name at least one state")
    states = [_state(key) for key in table]
    n = len(states[0])
    prior = np.zeros((2,) * n)
    named: set[tuple[int, ...]] = set()
    for key, state, probability in zip(table, states, table.values(), strict=True):
        if len(state) != n:
            raise PriorError("table", f"must have states of one length, here {n}", value=key)
        if state in named:
            raise PriorError("table", "must not name a state twice", value=key)
        named.add(state)
        prior[state] = float(probability)
    return check_prior(prior).copy()


def _state(key: str | Sequence[int]) -> tuple[int, ...]:
    letters = {"L": 0, "H": 1, 0: 0, 1: 1}
    state = tuple(letters.get(letter, -1) for letter in key)
    if not state or -1 in state:
        raise PriorError(
            "table", "must have words in L and H, or tuples of 0 and 1, as keys", value=key
        )
    return state


def _beliefs(field: str, x: Sequence[SupportsFloat]) -> NDArray[np.float64]:
    beliefs = frozen_floats(field, np.asarray(x, dtype=object), PriorError)
    if beliefs.ndim != 1 or beliefs.size == 0:
        raise PriorError(field, "must be a sequence of probabilities", value=beliefs.shape)
    outside = np.flatnonzero((beliefs < 0) | (beliefs > 1))
    if outside.size:
        index = int(outside[0])
        raise PriorError(field, "must lie in [0, 1]", index=index, value=float(beliefs[index]))
    return beliefs
