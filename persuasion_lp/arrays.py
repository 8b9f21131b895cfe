"""Turning what users pass into frozen arrays, with errors that name field, index and value.

Numbers are kept as they were written: ``Fraction``, ``Decimal``, integers and strings such as
``"1/3"`` exactly, floats as the shortest decimal that prints them, so that 0.1 means 1/10.
"""

from __future__ import annotations

import math
import numbers
import operator
import re
import sys
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, wraps
from typing import Any, Self, SupportsFloat, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from persuasion_lp.errors import InputError

__all__ = [
    "Floats",
    "FrozenList",
    "FrozenMapping",
    "Integers",
    "Numbers",
    "Rationals",
    "ReadOnly",
    "Written",
    "equal_shares",
    "frozen",
    "frozen_floats",
    "read_only",
    "summed",
    "written",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Rationals = NDArray[np.object_]
"""Arrays of ``fractions.Fraction``."""

Numbers: TypeAlias = "ArrayLike | SupportsFloat | Sequence[Numbers]"
"""What may be passed for an array of numbers: nested sequences of anything ``float`` takes."""

_RATIONAL = re.compile(
    r"\s*[+-]?(\d{1,400}/\d{1,400}|(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,3})?)\s*",
    re.IGNORECASE,
)
"""Strings read as numbers; long enough for any instance, too short to exhaust memory."""


LARGEST = 1e150
"""Largest number read, in size: products of two, and sums of them, are finite."""

Key = TypeVar("Key")
Value = TypeVar("Value", covariant=True)
AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def read_only(value: Any) -> Any:
    """What cannot be written to: arrays are made so, dicts and lists become frozen ones.

    Also what is in tuples, dicts and lists; objects see to that themselves (:class:`ReadOnly`).
    """
    kind = type(value)
    if kind in _CONTAINERS:
        if kind is dict:
            return FrozenMapping(value)
        if kind is list:
            return FrozenList(value)
        entries = tuple([read_only(entry) for entry in value])
        return value if all(map(operator.is_, entries, value)) else entries
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    return value


_CONTAINERS = frozenset({tuple, dict, list})


def _close(held: dict[Any, Any]) -> None:
    """Make what a dict holds read-only."""
    for name, value in held.items():
        if type(value) in _CONTAINERS:
            held[name] = read_only(value)
        elif isinstance(value, np.ndarray):
            value.setflags(write=False)


class ReadOnly:
    """An object whose arrays, dicts and lists cannot be written to.

    Neither those that it is made with, nor those that its cached properties find, nor those of its
    copies; an array that it is made with is not copied. Classes with an ``__init__`` of their own
    end it with ``ReadOnly.__post_init__(self)``.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for attribute in vars(cls).values():
            if isinstance(attribute, cached_property):
                attribute.func = _finding_read_only(attribute.func)

    def __post_init__(self) -> None:
        _close(vars(self))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        vars(self).update(state)
        ReadOnly.__post_init__(self)


def _finding_read_only(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    @wraps(function)
    def found(self: Any) -> Any:
        return read_only(function(self))

    return found


class FrozenList(tuple[Any, ...]):
    """A list that cannot be changed, nor the arrays in it: a tuple, equal to lists too."""

    __slots__ = ()

    def __new__(cls, entries: Iterable[Any]) -> Self:
        """What is in it is made read-only too."""
        return super().__new__(cls, map(read_only, entries))

    def __eq__(self, other: object) -> bool:
        return tuple.__eq__(self, tuple(other)) if isinstance(other, list | tuple) else False

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__


class FrozenMapping(Mapping[Key, Value]):
    """A mapping that cannot be changed, nor the arrays in it; but can be pickled."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[Key, Value]) -> None:
        self._items = dict(items)
        _close(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return FrozenMapping, (self._items,)

    def __getitem__(self, key: Key) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def items(self) -> ItemsView[Key, Value]:
        """Keys and values, as fast as a dict's."""
        return self._items.items()

    def values(self) -> ValuesView[Value]:
        """The values, likewise."""
        return self._items.values()

    def __repr__(self) -> str:
        return repr(self._items)


@dataclass(frozen=True, eq=False)
class Written(ReadOnly):
    """An array of numbers as it was written.

    Attributes
    ----------
    floats
        The numbers as floats, read-only.
    entries
        The numbers themselves where they were no floats, otherwise ``None``.
    """

    floats: Floats
    entries: Rationals | None

    def rationals(self) -> Rationals:
        """The numbers exactly; a float stands for the shortest decimal that prints it."""
        if self.entries is not None:
            return self.entries
        return frozen(_each(_rational, self.floats))

    def integers(self) -> tuple[list[int], int]:
        """The same numbers as integers over a common denominator, in the order of ``ravel``."""
        if self.entries is not None:
            numbers = self.entries.ravel().tolist()
            unit = math.lcm(*{number.denominator for number in numbers})
            return [number.numerator * (unit // number.denominator) for number in numbers], unit
        decimals = [_decimal(number) for number in self.floats.ravel().tolist()]
        least = min((exponent for _, exponent in decimals), default=0)
        least = min(least, 0)
        powers = {exponent: 10 ** (exponent - least) for _, exponent in decimals}
        return [digits * powers[exponent] for digits, exponent in decimals], 10**-least


def _decimal(number: float) -> tuple[int, int]:
    """Digits and power of ten of the shortest decimal that prints a float."""
    digits, _, power = repr(number).partition("e")
    whole, _, fraction = digits.partition(".")
    return int(whole + fraction), int(power or 0) - len(fraction)


def written(field: str, values: Numbers, error: type[InputError]) -> Written:
    """Read an array of finite numbers.

    Raises
    ------
    InputError
        Of the kind given, for what is no rectangular array of numbers, not finite, larger than
        :data:`LARGEST`, or an exact number other than 0 that is 0 in floating point.
    """
    rule = "must be a rectangular array of numbers"
    try:
        raw = np.asarray(values)
    except ValueError:
        raise error(field, rule, value=_shortened(values)) from None
    if np.ma.is_masked(values):
        raise error(field, "must have no masked entries")
    entries = None
    if raw.dtype.kind in "biuf":
        floats = raw.astype(np.float64)
    elif raw.dtype.kind in "OU":
        entries = _each(_rational, raw)
        for index in np.ndindex(raw.shape):
            if entries[index] is None:
                rule = "must be a number" if index else rule
                raise error(field, rule, index=index or None, value=_shortened(raw[index]))
        floats = np.asarray(entries.astype(np.float64))
        entries.setflags(write=False)
    else:
        raise error(field, rule, value=_shortened(values))
    _check_size(field, floats, ~np.isfinite(floats), "must be finite", error)
    _check_size(field, floats, np.abs(floats) > LARGEST, f"must be at most {LARGEST:g}", error)
    if entries is not None:
        lost = (floats == 0) & (entries != 0)
        _check_size(field, floats, lost, "must be 0 or large enough for a float", error)
    floats.setflags(write=False)
    return Written(floats, entries)


def _check_size(field: str, floats: Floats, wrong: Any, rule: str, error: type[InputError]) -> None:
    found = np.argwhere(np.asarray(wrong, dtype=np.bool_))
    if len(found):
        index = tuple(int(i) for i in found[0])
        raise error(field, rule, index=index or None, value=float(floats[index]))


def frozen_floats(field: str, values: Numbers, error: type[InputError]) -> Floats:
    """Copy ``values`` into a read-only array of finite floats; see :func:`written`."""
    return written(field, values, error).floats


def equal_shares(count: int) -> Written:
    """1/n, n times."""
    return Written(
        frozen(np.full(count, 1.0 / count)), frozen(np.full(count, Fraction(1, count), object))
    )


def frozen(array: AnyArray) -> AnyArray:
    """Make an array of our own read-only."""
    array.setflags(write=False)
    return array


def summed(labels: NDArray[np.integer[Any]], weights: NDArray[Any], count: int) -> Any:
    """Sum of the weights (floats or rationals) with each label 0 … count-1."""
    if weights.dtype == object:
        total = np.full(count, Fraction(0), dtype=object)
        np.add.at(total, labels, weights)
        return total
    return np.asarray(np.bincount(labels, weights=weights, minlength=count), dtype=np.float64)


def _rational(entry: Any) -> Fraction | float | None:
    """One number exactly; infinite and NaN stay floats, what is no number becomes ``None``."""
    try:
        if isinstance(entry, str):
            exact = Fraction(entry.strip()) if _RATIONAL.fullmatch(entry) else None
        elif isinstance(entry, numbers.Rational):
            exact = Fraction(int(entry.numerator), int(entry.denominator))
        elif isinstance(entry, Decimal) and entry.is_finite():
            exact = Fraction(entry)
        else:
            number = float(entry)
            return Fraction(repr(number)) if math.isfinite(number) else number
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return exact if exact is None or abs(exact) <= sys.float_info.max else math.inf


def _each(function: Any, array: NDArray[Any]) -> Rationals:
    """Apply a function to every entry."""
    out = np.empty(array.size, dtype=object)
    out[:] = [function(entry) for entry in array.ravel().tolist()]
    return out.reshape(array.shape)


def _shortened(values: Any) -> Any:
    plain = (
        values.item()
        if isinstance(values, np.generic | np.ndarray) and values.size == 1
        else values
    )
    text = repr(plain)
    return plain if len(text) <= 80 else text[:77] + "..."
