"""Probabilities as tables: read by the labels of states, checked, or divided by their sum.

States are words in L and H or tuples of 0 and 1. Sums and quotients are those of the numbers as
they were written.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Numbers, Rationals, Written, frozen, frozen_floats, written
from persuasion_lp.errors import InputError, PriorError, SizeError
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.shown import shown

__all__ = [
    "BYTES_PER_FRACTION",
    "PRIOR_SUM_TOLERANCE",
    "binary",
    "by_labels",
    "by_state",
    "check_prior",
    "check_size",
    "check_states",
    "check_sum",
    "in_kind",
    "is_series",
    "placed",
    "proportions",
    "settled",
]

BYTES_PER_FRACTION = 128
"""A ``Fraction`` with its two integers, and its place in an array."""

MOST_AXES = 1000
"""More binary states are refused without counting them."""

PRIOR_SUM_TOLERANCE = 1e-12
"""How far a prior's total may be from 1: rounding of a sum of floats, nothing more."""


NEAR_ONE = 0.5
"""Of totals that are nearer to 1 it is said by how much they miss it."""


def settled(given: Written, values: Any) -> Written:
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


def proportions(field: str, given: Written, error: type[InputError]) -> Written:
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


def by_state(
    field: str, keys: Sequence[Any], given: Written, error: type[InputError]
) -> dict[tuple[int, ...], Any]:
    """Probabilities by state, from keys that are words in L and H or tuples of 0 and 1."""
    states = [_state(key) for key in keys]
    for key, state in zip(keys, states, strict=True):
        if state is None:
            rule = "must have words in L and H, or tuples of 0 and 1, as keys"
            raise error(field, rule, value=key)
    n = len(states[0] or ())
    check_size(n)
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


def by_labels(field: str, values: Any, error: type[InputError]) -> Any:
    """What a table of ``pandas`` says, by its labels where they are states; all else as it is."""
    if is_series(values):
        labels = list(values.index)
        if len(labels) and all(_state(label) is not None for label in labels):
            listed = values.to_numpy()
            given = settled(written(field, listed, error), listed)
            probabilities = by_state(field, labels, given, error)
            return placed(given, probabilities, binary(probabilities))
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


def check_size(n: int) -> None:
    """Refuse more binary states than fit into memory; nothing has been allocated."""
    if n > MOST_AXES:
        raise PriorError("prior", f"must have at most {MOST_AXES} axes, one per receiver", value=n)
    check_states(1 << n)


def check_states(count: int) -> None:
    """Refuse more states than fit into memory."""
    needed = BYTES_PER_FRACTION * count
    if needed > MEMORY_LIMIT:
        raise SizeError("prior", needed=needed, limit=MEMORY_LIMIT, states=count)


def placed(
    given: Written, probabilities: Mapping[tuple[int, ...], Any], shape: tuple[int, ...]
) -> NDArray[Any]:
    """Prior of this shape with these probabilities, all others 0."""
    prior = np.full(shape, Fraction(0), dtype=object)
    for state, probability in probabilities.items():
        prior[state] = probability
    return in_kind(given, prior)


def in_kind(given: Written, exact: Rationals) -> NDArray[Any]:
    """Floats if floats were given, fractions otherwise."""
    return exact if given.entries is not None else exact.astype(np.float64)


def binary(probabilities: Mapping[tuple[int, ...], Any]) -> tuple[int, ...]:
    """The shape of a prior over these binary states."""
    return (2,) * len(next(iter(probabilities)))
