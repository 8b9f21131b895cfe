"""Values as messages print them: on one line, short, without control characters, never failing.

A value that breaks a rule may be anything: an integer with more digits than Python prints, a list
5 000 levels deep, an object whose ``repr`` raises. A message about it must not fail with it.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np

__all__ = [
    "MOST_CHARACTERS",
    "gibibytes",
    "listed",
    "plain_index",
    "printable",
    "raised",
    "shortened",
    "shown",
]

MOST_CHARACTERS = 80
"""Longest value that is printed in full."""

MOST_ENTRIES = 6
"""Entries of a collection that are printed."""

DEEPEST = 3
"""Levels of a collection that are printed."""

MOST_BITS = 128
"""Size of the largest integer that is printed in full."""


def shown(value: Any) -> str:
    r"""A value in at most :data:`MOST_CHARACTERS` printable characters, whatever it is.

    Examples
    --------
    >>> shown([1, "two"]), shown(10**5000), shown("a\x1b[31m")
    ("[1, 'two']", 'a whole number of 5001 digits', "'a\\x1b[31m'")
    """
    try:
        text = _shown(value, DEEPEST)
    except Exception:
        text = f"an object of class {_name(value)} that cannot be shown"
    return shortened(text)


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """Printable text, cut to ``most`` characters."""
    plain = printable(text[: most + 1])
    return plain if len(plain) <= most else plain[: most - 3] + "..."


def printable(text: str) -> str:
    r"""Text with its control characters, line ends included, escaped.

    Examples
    --------
    >>> printable("two\nlines")
    'two\\nlines'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def raised(failure: BaseException) -> str:
    r"""What was raised, and the beginning of what it says.

    Examples
    --------
    >>> raised(ValueError("no\nroot"))
    'ValueError: no\\nroot'
    """
    try:
        said = shortened(str(failure), 2 * MOST_CHARACTERS)
    except Exception:
        said = ""
    return f"{_name(failure)}: {said}" if said else _name(failure)


def listed(sizes: dict[str, int]) -> str:
    """Sizes by name: ``3 rows, 5 columns``."""
    return ", ".join(f"{shown(count)} {name}" for name, count in sizes.items())


def gibibytes(count: float) -> str:
    """A number of bytes in GiB."""
    if isinstance(count, int) and count >> 30 > 10**12:
        return f"{shown(count)} bytes"
    return f"{float(count) / 2**30:.3g} GiB"


def plain_index(index: Any) -> str:
    """Write an index as Python would: ``2`` or ``0, 1``."""
    if type(index) is tuple:
        return ", ".join(plain_index(i) for i in index)
    whole = issubclass(type(index), np.integer) and type(index) is not np.timedelta64
    return shown(int(index) if whole else index)


def _shown(value: Any, depth: int) -> str:
    kind = type(value)
    if kind in (str, bytes, bytearray):
        return repr(value[: MOST_CHARACTERS + 1])
    if kind is int:
        return _whole(value)
    if kind is Fraction and max(value.numerator.bit_length(), value.denominator.bit_length()) > 99:
        return f"a fraction, {_whole(value.numerator)} over {_whole(value.denominator)}"
    if issubclass(kind, np.ndarray):
        return _array(value, depth)
    if kind in (list, tuple, set, frozenset, dict):
        return _collection(value, depth)
    text = repr(value)
    return " ".join(str.__getitem__(text, slice(4 * MOST_CHARACTERS)).split())


def _whole(number: int) -> str:
    if number.bit_length() <= MOST_BITS:
        return str(number)
    digits = int(number.bit_length() * math.log10(2)) + 1
    return f"a whole number of {digits} digits"


def _array(array: Any, depth: int) -> str:
    plain = type(array) is np.ndarray and array.dtype.kind in "biufcUS"
    if plain and array.size <= MOST_ENTRIES:
        return f"array({_shown(array.tolist(), depth)})"
    return f"{_name(array)} of shape {tuple(array.shape)} and type {array.dtype}"


def _collection(values: Any, depth: int) -> str:
    kind: Any = type(values)
    if not values:
        return repr(values)
    if not depth:
        return "[...]" if kind is list else "(...)" if kind is tuple else "{...}"
    entries = []
    for entry in list(values)[:MOST_ENTRIES]:
        text = _inner(entry, depth)
        entries.append(f"{text}: {_inner(values[entry], depth)}" if kind is dict else text)
    more = ", ..." if len(values) > MOST_ENTRIES else ""
    inner = ", ".join(entries) + more
    if kind is tuple:
        return f"({inner},)" if len(values) == 1 else f"({inner})"
    if kind is list:
        return f"[{inner}]"
    return f"frozenset({{{inner}}})" if kind is frozenset else f"{{{inner}}}"


def _inner(value: Any, depth: int) -> str:
    try:
        return _shown(value, depth - 1)
    except Exception:
        return f"<{_name(value)}>"


def _name(value: Any) -> str:
    return shortened(str(type.__dict__["__name__"].__get__(type(value))))
