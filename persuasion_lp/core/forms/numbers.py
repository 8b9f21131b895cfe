"""The numbers of an instance: taken from problems, read from files, rounded to simpler ones.

A number that was written exactly (a fraction, a string, a decimal of the user's) is kept. A float
is read as the simplest fraction that rounds to it, so that 1/3 comes back from 0.3333333333333333;
if only large denominators do, as the shortest decimal that prints it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from persuasion_lp.arrays import Rationals, written
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import did_you_mean, near_names

__all__ = [
    "DENOMINATORS",
    "Nested",
    "Row",
    "digits",
    "each_rounded",
    "entry",
    "flat",
    "listing",
    "near",
    "number",
    "numbers",
    "object_array",
    "rational",
    "rounded",
    "shares",
    "shown",
    "simplest",
    "texts",
    "tuples",
    "whole",
    "whole_numbers",
]

Row: TypeAlias = tuple[Fraction, ...]
Nested: TypeAlias = "Fraction | tuple[Nested, ...]"

SIMPLE_DENOMINATOR = 10**6
"""A float is read as the simplest fraction up to this denominator that rounds to it."""

DENOMINATORS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 40, 100, 200, 500, 1000)
"""Numbers are rounded to multiples of 1/n, coarsest first."""

MOST_AXES = 24
"""Axes of an array in a file: a prior over as many binary states has more entries than are read."""


def simplest(x: float) -> Fraction:
    """The simplest fraction that rounds to ``x``, or the shortest decimal that prints it."""
    simple = Fraction(x).limit_denominator(SIMPLE_DENOMINATOR)
    return simple if float(simple) == x else Fraction(repr(x))


def rational(values: Any) -> Any:
    """Nested tuples of fractions from floats, or from fractions as they were written."""
    if np.ndim(values):
        return tuple(rational(row) for row in values)
    x = float(values)
    if isinstance(values, Fraction) and values != Fraction(repr(x)):
        return values
    return simplest(x)


def entry(data: Mapping[str, Any], key: str, field: str | None = None) -> Any:
    """An entry of a JSON object, or an :class:`InstanceError` that names the field, or the key."""
    if key not in data:
        near = did_you_mean(near_names(data, key))
        raise InstanceError(field or key, f"is missing{near}")
    return data[key]


def listing(field: str, data: Any) -> list[Any]:
    """A JSON list that is not empty."""
    if not isinstance(data, list) or not data:
        raise InstanceError(field, "must be a list that is not empty", value=shown(data))
    return data


def whole(field: str, data: Any, index: Any = None) -> int:
    """A JSON whole number, not a boolean."""
    if isinstance(data, bool) or not isinstance(data, int):
        raise InstanceError(field, "must be a whole number", index=index, value=shown(data))
    return data


def number(field: str, data: Any) -> Any:
    """A fraction from a string."""
    return _read(field, data, (0,))


def numbers(field: str, data: Any, *axes: int) -> Any:
    """Nested tuples of fractions from nested JSON lists of strings.

    Parameters
    ----------
    field
        Name of the entry for errors.
    data
        What the file has.
    axes
        Admissible numbers of axes; any from 1 on if left out.
    """
    return _read(field, data, axes or range(1, MOST_AXES + 1))


def whole_numbers(field: str, data: Any) -> Any:
    """Nested tuples of whole numbers from nested JSON lists of them."""
    if not _shape(field, data, (), _is_whole):
        raise InstanceError(field, "must be a list of whole numbers", value=shown(data))
    return tuples(data)


def tuples(data: Any) -> Any:
    """Nested lists as nested tuples."""
    return tuple(map(tuples, data)) if isinstance(data, list) else data


def texts(values: Any) -> Any:
    """Nested lists of strings, as :func:`numbers` reads them."""
    return [texts(row) for row in values] if isinstance(values, tuple) else str(values)


def flat(values: Nested) -> Iterator[Fraction]:
    """All numbers of nested tuples."""
    if isinstance(values, tuple):
        for row in values:
            yield from flat(row)
    else:
        yield values


def digits(*values: Nested) -> int:
    """Binary digits of all numbers, and their minus signs: what shrinking makes smaller."""
    return sum(
        abs(x.numerator).bit_length() + x.denominator.bit_length() + (x < 0)
        for part in values
        for x in flat(part)
    )


def object_array(values: Any) -> Rationals:
    """Nested tuples of fractions as an array of them."""
    return np.array(values, dtype=object)


def near(x: Fraction, n: int) -> Fraction:
    """The multiple of 1/n next to x."""
    return Fraction(round(x * n), n)


def rounded(values: Any, n: int) -> Any:
    """All numbers of nested tuples rounded to multiples of 1/n."""
    return (
        tuple(rounded(row, n) for row in values) if isinstance(values, tuple) else near(values, n)
    )


def each_rounded(row: Row) -> Iterator[Row]:
    """A row with all numbers rounded, then with one at a time."""
    for n in DENOMINATORS:
        yield rounded(row, n)
    for k, x in enumerate(row):
        for n in DENOMINATORS:
            yield (*row[:k], near(x, n), *row[k + 1 :])


def shares(weights: Iterable[Fraction | int]) -> Row:
    """Weights, not all zero, divided by their sum."""
    listed = [Fraction(weight) for weight in weights]
    total = sum(listed, Fraction(0))
    return tuple(weight / total for weight in listed)


def shown(data: Any) -> Any:
    """What an error shows of a wrong entry: short values themselves, others by their type."""
    return data if len(repr(data)) <= 40 else type(data).__name__


def _read(field: str, data: Any, axes: Iterable[int]) -> Any:
    shape = _shape(field, data, (), _is_number)
    allowed = tuple(axes)
    if len(shape) not in allowed:
        rule = "must be a number in a string" if allowed == (0,) else "must be a list of numbers"
        if len(allowed) == 1 and allowed[0] > 1:
            rule += f" with {allowed[0]} axes"
        raise InstanceError(field, rule, value=shown(data))
    try:
        given = written(field, np.array(data, dtype=object), InstanceError)
    except InstanceError as error:
        rule = 'must be a finite number, such as "1/3"'
        raise InstanceError(field, rule, index=error.index, value=error.value) from None
    return _nested(given.rationals())


def _shape(
    field: str,
    data: Any,
    index: tuple[int, ...],
    is_leaf: Callable[[str, Any, tuple[int, ...]], bool],
) -> tuple[int, ...]:
    """Shape of nested lists of leaves; refuses anything else."""
    if is_leaf(field, data, index):
        return ()
    if not data or len(index) == MOST_AXES:
        raise InstanceError(
            field, f"must not be empty nor have more than {MOST_AXES} axes", index=index or None
        )
    first, *rest = (_shape(field, row, (*index, k), is_leaf) for k, row in enumerate(data))
    for k, shape in enumerate(rest, start=1):
        if shape != first:
            raise InstanceError(
                field, f"must have shape {first} here as before", index=(*index, k), value=shape
            )
    return (len(data), *first)


def _is_number(field: str, data: Any, index: tuple[int, ...]) -> bool:
    """Whether this is a string, not a list; whether it is a number is seen later."""
    if not isinstance(data, str | list):
        raise InstanceError(
            field,
            'must be a number in a string, such as "1/3"',
            index=index or None,
            value=shown(data),
        )
    return isinstance(data, str)


def _is_whole(field: str, data: Any, index: tuple[int, ...]) -> bool:
    if not isinstance(data, list):
        whole(field, data, index or None)
    return not isinstance(data, list)


def _nested(values: Rationals) -> Any:
    return tuple(map(_nested, values)) if np.ndim(values) else _scalar(values)


def _scalar(values: Any) -> Fraction:
    return values.item() if isinstance(values, np.ndarray) else values
