"""Common joint priors over binary states, as arrays of shape ``(2,)*n`` with index 1 = H.

Probabilities are computed from the numbers as they were written: fractions or strings such as
``"1/3"`` give an array of ``Fraction``, floats an array of floats, each rounded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Numbers, Rationals, Written, frozen, written
from persuasion_lp.errors import InputError, PriorError
from persuasion_lp.inputs import check_flag, is_a, is_whole
from persuasion_lp.primitives.priors.frames import from_frame, labels_from_frame
from persuasion_lp.primitives.priors.tables import (
    PRIOR_SUM_TOLERANCE,
    binary,
    by_labels,
    by_state,
    check_prior,
    check_size,
    in_kind,
    is_series,
    placed,
    proportions,
    settled,
)

__all__ = [
    "PRIOR_SUM_TOLERANCE",
    "check_belief",
    "check_exact_sum",
    "check_prior",
    "from_frame",
    "from_table",
    "independent",
    "labels_from_frame",
    "perfectly_correlated",
    "perfectly_negative",
    "written_prior",
]


def written_prior(
    field: str,
    values: Any,
    error: type[InputError] = PriorError,
    *,
    normalize: bool = False,
) -> Written:
    """Read probabilities, or with ``normalize`` numbers in proportion to them, such as counts.

    A table of ``pandas`` whose labels are states, words in L and H or tuples of 0 and 1, is read by
    them; any other one in its own order.

    Raises
    ------
    InputError
        Of the kind given; see :func:`~persuasion_lp.arrays.written`.
    """
    check_flag("normalize", normalize, error)
    read = by_labels(field, values, error)
    given = written(field, read, error)
    return proportions(field, given, error) if normalize else settled(given, read)


def check_belief(given: Written) -> NDArray[np.float64]:
    """A prior over K states, or with two states the probability of the second, as an array.

    Raises
    ------
    PriorError
        For anything else.
    """
    array = given.floats
    if array.ndim == 0:
        x = float(array)
        if not 0 <= given.rationals().item() <= 1:
            raise PriorError("prior", "must lie in [0, 1]", value=x)
        return frozen(np.array([float(1 - given.rationals().item()), x]))
    if array.ndim != 1 or array.size < 2:
        raise PriorError(
            "prior", "must be a number or have shape (K,) with K ≥ 2", value=array.shape
        )
    return check_prior(array)


def check_exact_sum(
    prior: Rationals, field: str = "prior", error: type[InputError] = PriorError
) -> None:
    """Raise an error of the kind given unless flat numbers sum to 1 exactly."""
    excess = sum(prior) - 1
    if excess:
        raise error(
            field,
            f"must sum to 1 exactly; as written it sums to 1 {float(excess):+.6g} "
            '(write fractions: Fraction(1, 3) or "1/3")',
        )


def independent(x: Numbers) -> NDArray[Any]:
    """Independent states with Pr(ω_i = H) = x_i.

    Examples
    --------
    >>> independent([0.5, 0.2])
    array([[0.4, 0.1],
           [0.4, 0.1]])
    """
    given = _beliefs("x", x)
    check_size(given.floats.size)
    return in_kind(given, reduce(np.multiply.outer, [_binary(p) for p in given.rationals()]))


def perfectly_correlated(x: Numbers, n: int) -> NDArray[Any]:
    """One state shared by all n receivers: all H with probability x, all L otherwise.

    Examples
    --------
    >>> perfectly_correlated(0.5, 2)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    given = _single("x", x)
    (belief,) = given.rationals()
    if not is_whole(n) or n < 1:
        raise PriorError("n", "must be at least 1, a whole number", value=n)
    check_size(int(n))
    return placed(given, {(0,) * n: 1 - belief, (1,) * n: belief}, (2,) * n)


def perfectly_negative(x: Numbers) -> NDArray[Any]:
    """Two states of which exactly one is H: the first with probability x.

    Examples
    --------
    >>> perfectly_negative(0.25)
    array([[0.  , 0.75],
           [0.25, 0.  ]])
    """
    given = _single("x", x)
    (belief,) = given.rationals()
    return placed(given, {(0, 1): 1 - belief, (1, 0): belief}, (2, 2))


def from_table(table: Any, *, normalize: bool = False) -> NDArray[Any]:
    """Prior from a table of states and probabilities; states left out have probability 0.

    Parameters
    ----------
    table
        Keys are words in L and H (``"HL"``) or tuples of 0 and 1 (``(1, 0)``), all of one length;
        a mapping, or a ``pandas`` Series with the keys as labels.
    normalize
        Divide by the sum: for counts, or weights.

    Returns
    -------
    numpy.ndarray
        Fractions for counts and for floats of less than 64 bits; floats for others.

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
    >>> from_table({"HL": 3, "LH": 1}, normalize=True)[1, 0]
    Fraction(3, 4)
    """
    check_flag("normalize", normalize, PriorError)
    if not (is_a(table, Mapping) or is_series(table)):
        raise PriorError("table", "must be a mapping from states to probabilities", value=table)
    items = list(table.items())
    if not items:
        raise PriorError("table", "must name at least one state")
    listed = table.to_numpy() if is_series(table) else [one for _, one in items]
    given = written("table", listed, PriorError)
    if given.floats.ndim != 1:
        raise PriorError("table", "must give one probability for each state")
    given = proportions("table", given, PriorError) if normalize else settled(given, listed)
    probabilities = by_state("table", [key for key, _ in items], given, PriorError)
    prior = placed(given, probabilities, binary(probabilities))
    check_prior(prior)
    return prior


def _single(field: str, x: Numbers) -> Written:
    given = _beliefs(field, [x])
    if given.floats.size != 1:
        raise PriorError(field, "must be one probability", value=given.floats.shape)
    return given


def _beliefs(field: str, x: Numbers) -> Written:
    given = written(field, x, PriorError)
    beliefs = given.floats
    if beliefs.ndim != 1 or beliefs.size == 0:
        raise PriorError(field, "must be a sequence of probabilities", value=beliefs.shape)
    outside = np.flatnonzero((beliefs < 0) | (beliefs > 1))
    if outside.size:
        index = int(outside[0])
        raise PriorError(field, "must lie in [0, 1]", index=index, value=float(beliefs[index]))
    return given


def _binary(belief: Any) -> Rationals:
    return np.array([1 - belief, belief], dtype=object)
