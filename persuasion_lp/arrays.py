"""Turning what users pass into frozen arrays, with errors that name field, index and value.

Numbers are kept as they were written: ``Fraction``, ``Decimal``, integers and strings such as
``"1/3"`` exactly, floats as the shortest decimal that prints them, so that 0.1 means 1/10.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, wraps
from typing import Any, Self, SupportsFloat, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from persuasion_lp.errors import InputError
from persuasion_lp.reading import WHAT_IS_WRONG, each, read_number, shortest
from persuasion_lp.shown import raised

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
    "has_masked",
    "read_only",
    "real_numbers",
    "summed",
    "written",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Rationals = NDArray[np.object_]
"""Arrays of ``fractions.Fraction``."""

Numbers: TypeAlias = "ArrayLike | SupportsFloat | Sequence[Numbers]"
"""What may be passed for an array of numbers: nested sequences of anything ``float`` takes."""

LARGEST = 1e150
"""Largest number read, in size: products of two, and sums of them, are finite."""

SMALLEST = float(np.finfo(np.float64).tiny)
"""Floats other than 0 that are smaller in size have no relative precision."""

MOST_NUMBERS = 1 << 29
"""Entries of the largest array read: 4 GiB of floats."""

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

    def __repr__(self) -> str:
        return repr(list(self))


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
        return frozen(each(shortest, self.floats))

    def placed(self, where: Any) -> Written:
        """The numbers at an index, as NumPy reads it: some of them, or in another order."""
        entries = None if self.entries is None else np.asarray(self.entries[where], dtype=object)
        return Written(np.asarray(self.floats[where]), entries)

    def integers(self) -> tuple[list[int], int]:
        """The same numbers as integers over a common denominator, in the order of ``ravel``."""
        if self.entries is not None:
            numbers = self.entries.ravel().tolist()
            unit = math.lcm(*{number.denominator for number in numbers})
            return [number.numerator * (unit // number.denominator) for number in numbers], unit
        decimals = [_shortest_decimal(number) for number in self.floats.ravel().tolist()]
        least = min((exponent for _, exponent in decimals), default=0)
        least = min(least, 0)
        powers = {exponent: 10 ** (exponent - least) for _, exponent in decimals}
        return [digits * powers[exponent] for digits, exponent in decimals], 10**-least


def _shortest_decimal(number: float) -> tuple[int, int]:
    """Digits and power of ten of the shortest decimal that prints a float."""
    digits, _, power = repr(number).partition("e")
    whole, _, fraction = digits.partition(".")
    return int(whole + fraction), int(power or 0) - len(fraction)


def written(
    field: str, values: Numbers, error: type[InputError], *, truth_values: bool = False
) -> Written:
    """Read an array of finite numbers.

    Parameters
    ----------
    field, values
        Name of the argument, and what was passed.
    error
        Kind of the error.
    truth_values
        Whether True and False are read as 1 and 0, as payoffs are: the indicator of an event.

    Raises
    ------
    InputError
        Of the kind given, for what is no rectangular array of real numbers (complex, masked, dates,
        bytes, truth values), not finite, larger than :data:`LARGEST`, longer than
        :data:`MOST_BITS`, or an exact number other than 0 that is 0 in floating point.
    """
    rule = "must be a rectangular array of numbers"
    try:
        if has_masked(values):
            raise error(field, "must have no masked entries")
        raw = np.asarray(values)
    except InputError:
        raise
    except ValueError:
        raise error(field, rule, value=values) from None
    except Exception as failure:
        raise error(field, f"{rule}; reading it raised {raised(failure)}") from failure
    if raw.size > MOST_NUMBERS:
        raise error(field, f"must have at most {MOST_NUMBERS} entries", value=raw.shape)
    entries = None
    kinds = "biuf" if truth_values else "iuf"
    if raw.dtype.kind in kinds or not raw.size:
        with np.errstate(over="ignore"):
            floats = np.zeros(raw.shape) if not raw.size else raw.astype(np.float64)
    elif raw.dtype.kind in "OU":
        entries = each(lambda entry: read_number(entry, truth_values=truth_values), raw)
        for index in np.ndindex(raw.shape):
            if isinstance(entries[index], str):
                kind = "must be a number" if index else rule
                got = raw[index].item() if isinstance(raw[index], np.generic) else raw[index]
                raise error(field, f"{kind}{entries[index]}", index=index or None, value=got)
        floats = np.asarray(entries.astype(np.float64))
        entries.setflags(write=False)
    else:
        raise error(field, f"{rule}{WHAT_IS_WRONG.get(raw.dtype.kind, '')}", value=values)
    _check_size(field, floats, ~np.isfinite(floats), "must be finite", error)
    _check_size(field, floats, np.abs(floats) > LARGEST, f"must be at most {LARGEST:g}", error)
    if entries is not None:
        lost = (floats == 0) & (entries != 0)
        _check_size(field, floats, lost, "must be 0 or large enough for a float", error)
    floats.setflags(write=False)
    return Written(floats, entries)


def real_numbers(
    values: Any, *, field: str, error: type[InputError], rule: str = "must be real numbers"
) -> Floats:
    """What a function of the user's returned, or is asked about, as floats; maybe not finite.

    Raises
    ------
    InputError
        Of the kind given, for what :func:`written` refuses too, but for infinite numbers and NaN.
    """
    if type(values) is np.ndarray and values.dtype == np.float64:
        return values
    try:
        if has_masked(values):
            raise error(field, f"{rule}, none of them masked")
        raw = np.asarray(values)
        if raw.dtype.kind == "O":
            raw = each(read_number, raw)
            raw = raw if any(isinstance(x, str) for x in raw.ravel()) else raw.astype(np.float64)
    except InputError:
        raise
    except Exception as failure:
        raise error(field, f"{rule}; reading it raised {raised(failure)}") from failure
    if raw.dtype.kind not in "biuf":
        raise error(field, f"{rule}{WHAT_IS_WRONG.get(raw.dtype.kind, '')}", value=values)
    with np.errstate(over="ignore"):
        return raw.astype(np.float64)


def has_masked(values: Any, depth: int = 32) -> bool:
    """Whether entries are masked, in the array or in the lists that are to become one."""
    if isinstance(values, np.ma.MaskedArray):
        return bool(np.ma.is_masked(values))
    if type(values) in (list, tuple) and depth:
        return any(has_masked(entry, depth - 1) for entry in values)
    return False


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
