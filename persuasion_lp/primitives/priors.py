"""Common joint priors over binary states, as arrays of shape ``(2,)*n`` with index 1 = H.

Probabilities are computed from the numbers as they were written: fractions or strings such as
``"1/3"`` give an array of ``Fraction``, floats an array of floats, each rounded once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Numbers, Rationals, Written, frozen, frozen_floats, written
from persuasion_lp.errors import InputError, PriorError, SizeError
from persuasion_lp.inputs import check_flag, is_a, is_whole
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.shown import shown

__all__ = [
    "PRIOR_SUM_TOLERANCE",
    "check_belief",
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

MOST_AXES = 1000
"""More binary states are refused without counting them."""

PRIOR_SUM_TOLERANCE = 1e-12
"""How far a prior's total may be from 1: rounding of a sum of floats, nothing more."""


NEAR_ONE = 0.5
"""Of totals that are nearer to 1 it is said by how much they miss it."""


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
    read = _by_labels(field, values, error)
    given = written(field, read, error)
    return _proportions(field, given, error) if normalize else _settled(given, read)


def _settled(given: Written, values: Any) -> Written:
    """Entries of ``float32`` or ``float16`` arrays and lists made to sum to 1.

    They stand for the shortest decimals that print them, as those of ``float64`` do. Their total
    may differ from 1 by the rounding of that kind of number, half a unit in its last place for each
    entry, and is divided out. A total further off is left to whoever checks it.
    """
    if type(values) is list and {*map(type, values)} in ({np.float32}, {np.float16}):
        values = np.array(values)
    kind = getattr(values, "dtype", None)
    if given.entries is not None or not isinstance(kind, np.dtype):
        return given
    if kind.kind != "f" or kind.itemsize >= 8:
        return given
    short = np.asarray(values)
    entries = np.empty(short.size, dtype=object)
    entries[:] = [Fraction(str(entry)) for entry in short.ravel()]
    total = sum(entries)
    if abs(total - 1) > short.size * float(np.finfo(kind).eps) / 2:
        return given
    shares: Rationals = np.asarray(entries / total, dtype=object).reshape(short.shape)
    return Written(frozen(shares.astype(np.float64)), frozen(shares))


def _proportions(field: str, given: Written, error: type[InputError]) -> Written:
    """The numbers divided by their sum, exactly, each rounded once."""
    entries = given.rationals()
    total = sum(entries.ravel().tolist(), Fraction(0))
    if (given.floats < 0).any():
        index = tuple(int(i) for i in np.argwhere(given.floats < 0)[0])
        raise error(field, "must not be negative", index=index, value=float(given.floats[index]))
    if total <= 0:
        raise error(field, "must have a positive sum to be normalized", value=total)
    shares = np.asarray(entries / total, dtype=object).reshape(entries.shape)
    return Written(frozen(shares.astype(np.float64)), frozen(shares))


def check_sum(
    total: float,
    probabilities: NDArray[np.float64],
    field: str,
    error: type[InputError],
    *,
    can_normalize: bool = True,
) -> None:
    """Raise an error of the kind given unless the total of probabilities is 1 up to rounding."""
    excess = total - 1.0
    if not abs(excess) <= PRIOR_SUM_TOLERANCE:
        counts = excess > 0 and (probabilities == np.round(probabilities)).all()
        way = "pass normalize=True" if can_normalize else "divide by their sum"
        hint = f" (counts? {way})" if counts else ""
        sums = "they sum" if field.endswith("s") else "it sums"
        found = f"1 {excess:+.6g}" if abs(excess) < NEAR_ONE else f"{total:.6g}"
        raise error(field, f"must sum to 1; {sums} to {found}{hint}")


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
    check_sum(float(array.sum()), array, "prior", PriorError)
    return array


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
    if not is_whole(n) or n < 1:
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
    given = _proportions("table", given, PriorError) if normalize else _settled(given, listed)
    prior = _placed(given, _by_state("table", [key for key, _ in items], given, PriorError))
    check_prior(prior)
    return prior


def _by_state(
    field: str, keys: Sequence[Any], given: Written, error: type[InputError]
) -> dict[tuple[int, ...], Any]:
    """Probabilities by state, from keys that are words in L and H or tuples of 0 and 1."""
    states = [_state(key) for key in keys]
    for key, state in zip(keys, states, strict=True):
        if state is None:
            rule = "must have words in L and H, or tuples of 0 and 1, as keys"
            raise error(field, rule, value=key)
    n = len(states[0] or ())
    _check_size(n)
    probabilities: dict[tuple[int, ...], Any] = {}
    for key, state, probability in zip(keys, states, given.rationals().ravel(), strict=True):
        if state is None or len(state) != n:
            raise error(field, f"must have states of one length, here {n}", value=key)
        if state in probabilities:
            raise error(field, "must not name a state twice", value=key)
        probabilities[state] = probability
    return probabilities


def _state(key: Any) -> tuple[int, ...] | None:
    """A state by its word or tuple; ``None`` for what is neither."""
    letters = {"L": 0, "H": 1, 0: 0, 1: 1}
    if type(key) not in (str, tuple) or not key:
        return None
    plain = [one for one in key if isinstance(one, (str, int, np.integer)) and one in letters]
    return tuple(letters[one] for one in plain) if len(plain) == len(key) else None


def is_series(values: Any) -> bool:
    """Whether values are a ``pandas`` Series."""
    return _of_pandas(values, "Series")


def _of_pandas(values: Any, name: str) -> bool:
    kind = type(values)
    return kind.__name__ == name and kind.__module__.partition(".")[0] == "pandas"


def _by_labels(field: str, values: Any, error: type[InputError]) -> Any:
    """What a table of ``pandas`` says, by its labels where they are states; all else as it is."""
    if is_series(values):
        labels = list(values.index)
        if len(labels) and all(_state(label) is not None for label in labels):
            listed = values.to_numpy()
            given = _settled(written(field, listed, error), listed)
            return _placed(given, _by_state(field, labels, given, error))
    elif _of_pandas(values, "DataFrame"):
        for labels in (["L", "H"], [0, 1]):
            if all(sorted(map(str, axis)) == sorted(map(str, labels)) for axis in values.axes):
                return values.loc[labels, labels].to_numpy()
        _refuse_long(field, values, error)
        return values.to_numpy()
    return values


def _refuse_long(field: str, frame: Any, error: type[InputError]) -> None:
    """Refuse a table with a row for each state, of which one column are the probabilities."""
    sums = {name: _sum_or_nan(frame[name]) for name in frame.columns}
    found = [name for name, total in sums.items() if abs(total - 1) <= PRIOR_SUM_TOLERANCE]
    others = [name for name in frame.columns if name not in found]
    whole = math.fsum(sums.values())
    if len(found) == 1 and others and not abs(whole - 1) <= PRIOR_SUM_TOLERANCE:
        raise error(
            field,
            "must be a table with an axis for each receiver; with a row for each state, pass the "
            f"column {shown(found[0])} labelled by states: frame.set_index({shown(others)})"
            f"[{shown(found[0])}]",
        )


def _sum_or_nan(column: Any) -> float:
    numeric = getattr(getattr(column, "dtype", None), "kind", "") in "iuf"
    return math.fsum(column) if numeric else math.nan


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
    if n > MOST_AXES:
        raise PriorError("prior", f"must have at most {MOST_AXES} axes, one per receiver", value=n)
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
