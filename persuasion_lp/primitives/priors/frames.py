"""Priors from data: frames of ``pandas`` or ``polars`` with a row for each observation, or state.

Every column of states is one axis of the prior, every value of the column a state on it. With
weights w_r of the rows r,

    prior[state] = Σ_{r in state} w_r   (divided by Σ_r w_r if it is normalized),

summed in fractions of the numbers as they were written, whatever their number and order.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Written, written
from persuasion_lp.errors import PriorError
from persuasion_lp.extras import load
from persuasion_lp.inputs import check_flag, in_order, is_a, one_of
from persuasion_lp.primitives.labels import Names, StateLabels, checked_state_labels
from persuasion_lp.primitives.priors.tables import (
    check_prior,
    check_states,
    check_sum,
    placed,
    proportions,
    settled,
)
from persuasion_lp.shown import raised, shown

__all__ = ["from_frame", "labels_from_frame"]

MOST_COLUMNS = 24
"""Axes of a prior: two states on each are more than fit into memory."""

EXACT_FLOAT = 1 << 53
"""Whole numbers up to this size are floats."""

Values = Sequence[Any]
"""What stands on one axis, in order."""


def from_frame(
    frame: Any,
    states: Any,
    weight: Any = None,
    *,
    normalize: bool = False,
    levels: Mapping[Any, Sequence[Any]] | None = None,
) -> NDArray[Any]:
    """Prior from a frame with states in columns, and in one the weight of each row.

    Parameters
    ----------
    frame
        A frame of ``pandas`` or ``polars``, or another one that ``narwhals`` reads and that is in
        memory. Rows that name the same state add up; states that no row names have probability 0.
    states
        The columns whose values are the states, one axis of the prior for each; the name of one
        column for a prior with one axis.
    weight
        The column of probabilities, counts or other weights. If left out every row counts 1, and
        the prior is the frequency of each state: no ``normalize`` is needed.
    normalize
        Divide by the sum: for counts, or weights.
    levels
        By column, its values in the order of the axis, also such as no row has. Columns left out
        have the order of their categories, all of them, if they are categorical (a ``Categorical``
        of ``polars`` has none, an ``Enum`` has); L before H, and False before True, where
        there is nothing else, both of them; and are sorted otherwise.

    Returns
    -------
    numpy.ndarray
        One axis for each column. Fractions for counts and for floats of less than 64 bits; floats
        for others, as :func:`from_table`.

    Raises
    ------
    PriorError
        For what is no frame or has no rows, a column that it does not have (the nearest name is
        offered), a state or weight that is missing or NaN, a weight that is negative, values that
        have no order or are not among the levels, or weights that are no prior. Rows are counted
        from 0.
    SizeError
        If the states do not fit into memory.
    MissingExtraError
        If ``narwhals`` is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> cases = pd.DataFrame({"first": ["guilty", "innocent", "guilty"],
    ...                       "second": [False, True, True], "count": [2, 1, 1]})
    >>> from_frame(cases, ["first", "second"], "count", normalize=True,
    ...            levels={"first": ["innocent", "guilty"]})
    array([[Fraction(0, 1), Fraction(1, 4)],
           [Fraction(1, 2), Fraction(1, 4)]], dtype=object)
    """
    check_flag("normalize", normalize, PriorError)
    data = _Frame(frame)
    axes = data.axes(states, levels)
    shape = tuple(len(axis) for axis, _ in axes)
    check_states(math.prod(shape))
    cells = list(zip(*(places for _, places in axes), strict=True))
    if weight is None:
        given, normalize = written("weight", np.ones(data.rows), PriorError), True
    else:
        given, listed = data.weights(weight)
        given = given if normalize else settled(given, listed)
    sums = _summed(given, cells)
    if normalize:
        given = sums = proportions("weight", sums, PriorError)
    named = dict(zip(dict.fromkeys(cells), sums.rationals().tolist(), strict=True))
    prior = placed(given, named, shape)
    floats = prior.astype(np.float64)
    check_sum(float(floats.sum()), floats, "weight", PriorError)
    check_prior(prior)
    return prior


def labels_from_frame(
    frame: Any,
    states: Any,
    *,
    levels: Mapping[Any, Sequence[Any]] | None = None,
) -> StateLabels:
    """Names of the states of :func:`from_frame`, from the same frame: for ``state_labels=``.

    Parameters
    ----------
    frame, states, levels
        As passed to :func:`from_frame`.

    Returns
    -------
    tuple
        The values of the column as text, in the order of the axis; with several columns, one such
        tuple for each.

    Raises
    ------
    PriorError
        As :func:`from_frame`, and for values whose text is no name or is the same.

    Examples
    --------
    >>> import pandas as pd
    >>> labels_from_frame(pd.DataFrame({"rain": [True, True, False]}), "rain")
    ('False', 'True')
    """
    axes = [axis for axis, _ in _Frame(frame).axes(states, levels)]
    named: list[Names] = [tuple(str(value) for value in axis) for axis in axes]
    one = is_a(states, str) or len(named) == 1
    shape = tuple(map(len, axes))
    labels = checked_state_labels(named[0] if one else tuple(named), shape, "states", PriorError)
    return labels or ()


class _Frame:
    """A frame, through ``narwhals``, with its columns by name."""

    def __init__(self, frame: Any) -> None:
        narwhals = load("narwhals", extra="frames", feature="priors from frames")
        rule = "must be a frame of pandas or polars, in memory"
        try:
            self.frame = narwhals.from_native(frame, eager_only=True)
            self.columns = list(self.frame.columns)
            self.rows = len(self.frame)
        except TypeError:
            raise PriorError("frame", rule, value=type(frame).__name__) from None
        except Exception as failure:
            reason = f"{rule}; reading it raised {raised(failure)}"
            raise PriorError("frame", reason) from failure
        if not self.rows:
            raise PriorError("frame", "must have at least one row")
        self.enum = narwhals.Enum

    def axes(self, states: Any, levels: Any) -> list[tuple[Values, list[int]]]:
        """For each column of states its values in order, and the place of each row among them."""
        rule = "must be the names of one or more columns, each once"
        names = (states,) if is_a(states, str) else in_order("states", states, PriorError, rule)
        if not 0 < len(names) <= MOST_COLUMNS:
            rule = f"must name 1 to {MOST_COLUMNS} columns"
            raise PriorError("states", rule, value=len(names))
        for k, name in enumerate(names):
            self.check_column("states", name, k if len(names) > 1 else None)
            if name in names[:k]:
                raise PriorError("states", rule, index=k, value=name)
        listed = _levels(levels, names)
        return [self.axis(name, listed.get(name)) for name in names]

    def check_column(self, field: str, name: Any, index: int | None = None) -> None:
        """Refuse a name that no column has."""
        if not is_a(name, (str, int)) or name not in self.columns:
            known = one_of(map(str, self.columns), name).removeprefix("must be ")
            rule = f"must be a column of the frame, {known}"
            raise PriorError(field, rule, index=index, value=name)

    def entries(self, field: str, name: Any) -> list[Any]:
        """What stands in a column, none of it missing."""
        column = self.frame[name]
        listed = column.to_list()
        missing = column.is_null().to_list()
        for row, (entry, gone) in enumerate(zip(listed, missing, strict=True)):
            if gone or (is_a(entry, float) and math.isnan(entry)):
                raise PriorError(field, "must not be missing", index=(name, row), value=entry)
        return list(listed)

    def axis(self, name: Any, levels: Values | None) -> tuple[Values, list[int]]:
        """The values of a column in order, and the place of each row among them."""
        listed = self.entries("states", name)
        for row, value in enumerate(listed):
            if not _hashable(value):
                raise PriorError("states", "must be hashable", index=(name, row), value=value)
        values = levels or self.categories(name) or _in_order(name, listed)
        places = {value: place for place, value in enumerate(values)}
        for row, value in enumerate(listed):
            if value not in places:
                rule = f"must be among the levels {shown(list(values))}"
                raise PriorError("states", rule, index=(name, row), value=value)
        return values, [places[value] for value in listed]

    def categories(self, name: Any) -> Values | None:
        """The categories of a column in their order, if they have one."""
        column = self.frame[name]
        if not (column.dtype == self.enum or column.implementation.is_pandas_like()):
            return None
        found = getattr(column.to_native().dtype, "categories", None)
        return None if found is None else list(found)

    def weights(self, name: Any) -> tuple[Written, Any]:
        """The weight of each row, and as what it was given."""
        self.check_column("weight", name)
        listed: Any = self.entries("weight", name)
        column = self.frame[name]
        if column.dtype.is_float():
            listed = column.to_numpy()
        elif column.dtype.is_integer():
            small = all(abs(entry) < EXACT_FLOAT for entry in listed)
            listed = np.array(listed, dtype=np.int64 if small else object)
        given = written("weight", listed, PriorError)
        for row in np.flatnonzero(given.floats < 0)[:1].tolist():
            raise PriorError(
                "weight", "must not be negative", index=(name, row), value=float(given.floats[row])
            )
        return given, listed


def _levels(levels: Any, names: Sequence[Any]) -> dict[Any, Values]:
    """The orders that a caller states, by column."""
    if levels is None:
        return {}
    rule = "must be a mapping from columns to lists of their values, each once"
    if not is_a(levels, Mapping):
        raise PriorError("levels", rule, value=levels)
    read: dict[Any, Values] = {}
    for name, listed in levels.items():
        if name not in names:
            known = one_of(map(str, names), name).removeprefix("must be ")
            raise PriorError("levels", f"must have columns of states as keys, {known}", value=name)
        values = in_order("levels", listed, PriorError, rule)
        for k, value in enumerate(values):
            if not _hashable(value) or value in values[:k]:
                raise PriorError("levels", rule, index=(name, k), value=value)
        if not values:
            raise PriorError("levels", "must name at least one value", index=name)
        read[name] = values
    return read


def _in_order(name: Any, listed: Values) -> Values:
    """The values of a column: L before H, False before True, sorted otherwise."""
    found = list(dict.fromkeys(listed))
    truth = {is_a(value, (bool, np.bool_)) for value in listed}
    if truth == {True}:
        return [False, True]
    if all(is_a(value, str) and value in ("L", "H") for value in found):
        return ["L", "H"]
    rule = "must have values that can be sorted; pass levels={column: [its values, in order]}"
    if True in truth:
        raise PriorError("states", rule, index=name, value=found)
    try:
        return sorted(found)
    except Exception:
        raise PriorError("states", rule, index=name, value=found) from None


def _hashable(value: Any) -> bool:
    try:
        return is_a(value, Hashable) and hash(value) is not None
    except Exception:
        return False


def _summed(given: Written, cells: Sequence[tuple[int, ...]]) -> Written:
    """The sum of the weights in each cell, exactly, in the order in which cells appear."""
    numbers, unit = given.integers()
    totals = dict.fromkeys(cells, 0)
    for cell, number in zip(cells, numbers, strict=True):
        totals[cell] += number
    sums = np.empty(len(totals), dtype=object)
    sums[:] = [Fraction(total, unit) for total in totals.values()]
    return Written(sums.astype(np.float64), sums)
