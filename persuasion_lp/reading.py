"""One number, as it was written, exactly."""

from __future__ import annotations

import math
import numbers
import re
import sys
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.shown import raised

__all__ = ["MOST_BITS", "WHAT_IS_WRONG", "each", "fraction_of", "read_number", "shortest"]

_RATIONAL = re.compile(
    r"\s*[+-]?(\d{1,400}/\d{1,400}|(\d{1,400}(\.\d{0,400})?|\.\d{1,400})(e[+-]?\d{1,3})?)\s*",
    re.IGNORECASE | re.ASCII,
)
"""Strings read as numbers; long enough for any instance, too short to exhaust memory."""

_OVER_ZERO = re.compile(r".*/0+\s*", re.ASCII)

_TINY = Fraction(1, 10 ** (2 * sys.float_info.max_10_exp))
"""Any number other than 0 that is 0 in floating point."""

MOST_BITS = 1 << 16
"""Bits of the numerator and denominator of the longest exact number read: 20 000 digits."""

WHAT_IS_WRONG = MappingProxyType(
    {
        "c": "; complex numbers have an imaginary part",
        "b": "; truth values are no numbers (write 0 and 1)",
        "M": "; dates are no numbers",
        "m": "; durations are no numbers",
        "S": "; bytes are no numbers",
    }
)
"""By the kind of an array that is refused, what to say of it."""


def read_number(entry: Any, *, truth_values: bool = True) -> Fraction | float | str:
    """One number exactly; infinite and NaN stay floats, of what is none it is said why not."""
    if isinstance(entry, (bool, np.bool_)) and not truth_values:
        return WHAT_IS_WRONG["b"]
    if isinstance(entry, str):
        return _bounded(Fraction(entry.strip())) if _isshortest(entry) else ""
    if isinstance(entry, float):
        return shortest(entry)
    try:
        if isinstance(entry, Decimal) and entry.is_finite():
            return _decimal(entry)
        if isinstance(entry, numbers.Rational):
            top, bottom = int(entry.numerator), int(entry.denominator)
            long = max(top.bit_length(), bottom.bit_length()) > MOST_BITS
            return f" of at most {MOST_BITS} bits" if long else _bounded(Fraction(top, bottom))
        if isinstance(entry, numbers.Complex) and not isinstance(entry, numbers.Real):
            return WHAT_IS_WRONG["c"]
        if isinstance(entry, (np.ndarray, np.datetime64, np.timedelta64)):
            return ""
        return shortest(float(entry))
    except (TypeError, ValueError):
        return ""
    except Exception as failure:
        return f"; reading it raised {raised(failure)}"


def fraction_of(entry: Any) -> Fraction | None:
    """One finite number exactly, nothing for what is none; truth values are none."""
    found = read_number(entry, truth_values=False)
    return found if isinstance(found, Fraction) else None


def shortest(number: float) -> Fraction | float:
    """The shortest decimal that prints a float."""
    return Fraction(repr(float(number))) if math.isfinite(number) else float(number)


def _isshortest(text: str) -> bool:
    """Whether a string is a number as they are written in files."""
    found = _RATIONAL.fullmatch(text)
    return found is not None and not _OVER_ZERO.fullmatch(text)


def _decimal(number: Decimal) -> Fraction | float | str:
    """A decimal exactly, unless its digits or its exponent would take long to write out."""
    if len(number.as_tuple().digits) > MOST_BITS // 4:
        return f" of at most {MOST_BITS // 4} digits"
    if number and abs(number.adjusted()) > 2 * sys.float_info.max_10_exp:
        return _TINY if number.adjusted() < 0 else math.inf if number > 0 else -math.inf
    return _bounded(Fraction(number))


def _bounded(exact: Fraction) -> Fraction | float:
    return exact if abs(exact) <= sys.float_info.max else math.inf if exact > 0 else -math.inf


def each(function: Any, array: NDArray[Any]) -> NDArray[Any]:
    """Apply a function to every entry."""
    out = np.empty(array.size, dtype=object)
    out[:] = [function(entry) for entry in array.ravel().tolist()]
    return out.reshape(array.shape)
