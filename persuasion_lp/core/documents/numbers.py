"""Numbers of a document: as numbers, or exactly as ``"9/20"``.

A float is written as the number it is and comes back bit by bit; a number that was stated exactly
is written as a fraction.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.arrays import Rationals, Written
from persuasion_lp.core.documents.base import Given
from persuasion_lp.errors import InstanceError
from persuasion_lp.reading import WHAT_IS_WRONG, read_number

__all__ = ["NUMBERS_SCHEMA", "Array", "Number", "check_one_or_more", "exact_text", "numbers_of"]

MOST_AXES = 24
"""Axes of an array in a file: a prior over as many binary states has more entries than are read."""

MOST_DIGITS = 400
"""Digits of the numerator or denominator of a number in a file."""

LARGEST_WHOLE = 2**53
"""Whole numbers below are written without a point; floats hold them exactly."""

_PATTERN = (
    r"^\s*[+-]?(\d{1,400}/0*[1-9]\d{0,399}"
    r"|(\d{1,400}(\.\d{0,400})?|\.\d{1,400})([eE][+-]?\d{1,3})?)\s*$"
)
NUMBERS_SCHEMA: dict[str, Any] = {
    "Number": {
        "description": 'A number, such as 0.45, or exactly in quotes, such as "9/20" or "0.45".',
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": _PATTERN}],
    },
    "Array": {
        "description": "A list of numbers, or of lists of the same length: one level for each axis",
        "type": "array",
        "items": {"anyOf": [{"$ref": "#/$defs/Number"}, {"$ref": "#/$defs/Array"}]},
    },
}
"""What the schemas of numbers and arrays refer to."""


class Number(Given):
    """A number."""

    @classmethod
    def read(cls, data: Any) -> Number:
        """A number, or a string that is one."""
        if isinstance(data, list | dict):
            raise InstanceError("", "must be a number", value=data)
        _check_number(data, None)
        return cls(data)

    @classmethod
    def of(cls, field: str, number: Fraction | float) -> Number:
        """What a file says of a number."""
        if isinstance(number, Fraction):
            return cls(exact_text(field, number))
        return cls(_float(float(number)))

    @property
    def number(self) -> Any:
        """As constructors take it."""
        return Fraction(self.value.strip()) if isinstance(self.value, str) else self.value

    @property
    def exactly(self) -> Fraction:
        """As a fraction; a float stands for the shortest decimal that prints it."""
        number = self.number
        return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """A number or a string."""
        return {"$ref": "#/$defs/Number"}


class Array(Given):
    """Nested lists of numbers, all of one length on each level."""

    @classmethod
    def read(cls, data: Any) -> Array:
        """A list of numbers and strings that are numbers, or nested ones."""
        if not isinstance(data, list):
            raise InstanceError("", "must be a list of numbers", value=data)
        shape_of(data, _check_number)
        return cls(data)

    @classmethod
    def of(cls, field: str, given: Written) -> Array:
        """What a file says of an array."""
        return cls(numbers_of(field, given))

    @property
    def numbers(self) -> Any:
        """As constructors take them: numbers, or an array of fractions."""
        return _as_constructors_take(self.value)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """Nested lists."""
        return {"$ref": "#/$defs/Array"}


def check_one_or_more(data: Any) -> None:
    """Refuse what is neither a number nor an array of them."""
    (Array if isinstance(data, list) else Number).read(data)


def numbers_of(field: str, given: Written) -> Any:
    """An array as plain numbers where it was floats, exactly where it was not; a number alone too.

    Raises
    ------
    InstanceError
        For a number with more digits than are read.
    """
    if given.entries is None:
        return _each(_float, given.floats.tolist())
    return _each(lambda number: exact_text(field, number), given.entries.tolist())


def exact_text(field: str, number: Fraction) -> int | str:
    """A whole number, or a fraction in a string."""
    if number.denominator == 1 and abs(number.numerator) < LARGEST_WHOLE:
        return number.numerator
    if max(abs(number.numerator), number.denominator) >= 10**MOST_DIGITS:
        raise InstanceError(
            field, f"has more than {MOST_DIGITS} digits, the most that a file takes", value=number
        )
    return str(number)


def shape_of(
    data: Any,
    check: Callable[[Any, tuple[int, ...]], None],
    index: tuple[int, ...] = (),
) -> tuple[int, ...]:
    """Shape of nested lists; refuses ragged ones, and leaves that do not pass the check."""
    if not isinstance(data, list):
        check(data, index)
        return ()
    if len(index) == MOST_AXES:
        raise InstanceError("", f"must not have more than {MOST_AXES} axes")
    shapes = [shape_of(row, check, (*index, k)) for k, row in enumerate(data)]
    for k, shape in enumerate(shapes):
        if shape != shapes[0]:
            rule = f"must be {_in_words(shapes[0])}, as before"
            raise InstanceError("", rule, index=(*index, k), value=data[k])
    return (len(data), *(shapes[0] if shapes else ()))


def _in_words(shape: tuple[int, ...]) -> str:
    if not shape:
        return "a number"
    levels = [*[f"{size} lists" for size in shape[:-1]], f"{shape[-1]} numbers"]
    return f"a list of {' of '.join(levels)}"


def _check_number(data: Any, index: tuple[int, ...] | None) -> None:
    if type(data) is float and math.isfinite(data):
        return
    if type(data) is bool:
        read: Any = WHAT_IS_WRONG["b"]
    elif isinstance(data, str | int | float):
        read = read_number(data)
    else:
        read = ""
    if isinstance(read, str):
        rule = f'must be a number, such as 0.45 or "9/20"{read}'
        raise InstanceError("", rule, index=index or None, value=data)
    if isinstance(read, float) and not math.isfinite(read):
        raise InstanceError("", "must be a finite number", index=index or None, value=data)


def _as_constructors_take(data: Any) -> Any:
    """Numbers, where one of them is a string all as fractions."""
    array = np.array(data, dtype=object)
    if not any(isinstance(entry, str) for entry in array.ravel()):
        return data
    exact: Rationals = np.empty(array.size, dtype=object)
    exact[:] = [read_number(entry) for entry in array.ravel().tolist()]
    return exact.reshape(array.shape)


def _each(write: Callable[[Any], Any], values: Any) -> Any:
    return [_each(write, row) for row in values] if isinstance(values, list) else write(values)


def _float(number: float) -> int | float:
    """A float, without a point where it is whole."""
    whole = number.is_integer() and abs(number) < LARGEST_WHOLE
    minus_zero = number == 0 and math.copysign(1.0, number) < 0
    return int(number) if whole and not minus_zero else number
