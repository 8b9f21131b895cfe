"""Common joint priors over binary states, as arrays of shape ``(2,)*n`` with index 1 = H.

Probabilities are computed from the numbers as they were written: fractions or strings such as
``"1/3"`` give an array of ``Fraction``, floats an array of floats, each rounded once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Numbers, Rationals, Written, frozen, frozen_floats, written
from persuasion_lp.errors import InputError, PriorError, SizeError
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = [
    "PRIOR_SUM_TOLERANCE",
    "check_exact_sum",
    "check_prior",
    "from_table",
    "independent",
    "perfectly_correlated",
    "perfectly_negative",
    "written_prior",
]

BYTES_PER_FRACTION = 128
"""A ``Fraction`` with its two integers, and its place in an array."""

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


def written_prior(field: str, values: Numbers, error: type[InputError] = PriorError) -> Written:
    """Read probabilities; arrays of short floats are made to sum to 1.

    Entries of ``float32`` or ``float16`` arrays stand for the shortest decimals that print them, as
    those of ``float64`` do. Their total may differ from 1 by the rounding of that kind of number,
    half a unit in its last place for each entry, and is divided out. A total further off is left to
    whoever checks it.

    Raises
    ------
    InputError
        Of the kind given; see :func:`~persuasion_lp.arrays.written`.
    """
    given = written(field, values, error)
    kind = getattr(values, "dtype", None) or np.asarray(values).dtype
    if given.entries is not None or kind.kind != "f" or kind.itemsize >= 8:
        return given
    short = np.asarray(values)
    entries = np.empty(short.size, dtype=object)
    entries[:] = [Fraction(str(entry)) for entry in short.ravel()]
    total = sum(entries)
    if abs(total - 1) > short.size * float(np.finfo(kind).eps) / 2:
        return given
    shares: Rationals = np.asarray(entries / total, dtype=object).reshape(short.shape)
    return Written(frozen(shares.astype(np.float64)), frozen(shares))


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
    _check_size(given.floats.size)
    return _in_kind(given, reduce(np.multiply.outer, [_binary(p) for p in given.rationals()]))


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
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or n < 1:
        raise PriorError("n", "must be at least 1, a whole number", value=n)
    _check_size(int(n))
    return _placed(given, {(0,) * n: 1 - belief, (1,) * n: belief})


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
    return _placed(given, {(0, 1): 1 - belief, (1, 0): belief})


def from_table(table: Mapping[Any, Any]) -> NDArray[Any]:
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
    if not isinstance(table, Mapping):
        raise PriorError("table", "must be a mapping from states to probabilities", value=table)
    if not table:
        raise PriorError("table", "must name at least one state")
    states = [_state(key) for key in table]
    n = len(states[0])
    _check_size(n)
    given = written("table", list(table.values()), PriorError)
    if given.floats.ndim != 1:
        raise PriorError("table", "must give one probability for each state")
    probabilities: dict[tuple[int, ...], Any] = {}
    for key, state, probability in zip(table, states, given.rationals().ravel(), strict=True):
        if len(state) != n:
            raise PriorError("table", f"must have states of one length, here {n}", value=key)
        if state in probabilities:
            raise PriorError("table", "must not name a state twice", value=key)
        probabilities[state] = probability
    prior = _placed(given, probabilities)
    check_prior(prior)
    return prior


def _state(key: str | Sequence[int]) -> tuple[int, ...]:
    letters = {"L": 0, "H": 1, 0: 0, 1: 1}
    state = tuple(letters.get(letter, -1) for letter in key) if isinstance(key, Sequence) else ()
    if not state or -1 in state:
        raise PriorError(
            "table", "must have words in L and H, or tuples of 0 and 1, as keys", value=key
        )
    return state


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


def _check_size(n: int) -> None:
    """Refuse more binary states than fit into memory; nothing has been allocated."""
    needed = BYTES_PER_FRACTION << n
    if needed > MEMORY_LIMIT:
        raise SizeError("prior", needed=needed, limit=MEMORY_LIMIT, states=1 << n)


def _binary(belief: Any) -> Rationals:
    return np.array([1 - belief, belief], dtype=object)


def _placed(given: Written, probabilities: Mapping[tuple[int, ...], Any]) -> NDArray[Any]:
    """Prior with these probabilities, all others 0."""
    n = len(next(iter(probabilities)))
    prior = np.full((2,) * n, Fraction(0), dtype=object)
    for state, probability in probabilities.items():
        prior[state] = probability
    return _in_kind(given, prior)


def _in_kind(given: Written, exact: Rationals) -> NDArray[Any]:
    """Floats if floats were given, fractions otherwise."""
    return exact if given.entries is not None else exact.astype(np.float64)
