"""Values of an axis: numbers, texts, truth values, and lists of them, as they were given.

They are kept in plain Python and never changed: ``0.1``, ``Fraction(1, 10)`` and ``"1/10"`` are
three values, whatever is made of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np

from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import is_a, is_ordered
from persuasion_lp.shown import raised

__all__ = ["Value", "as_cell", "as_document", "as_given", "plain_value", "value_text"]

Value: TypeAlias = bool | int | float | str | Fraction | tuple[Any, ...] | None
"""What an axis may take; a list is kept as a tuple."""

RULE = "must be numbers, texts, truth values, or lists of them"

DEEPEST = 24
"""Levels of lists: arrays have at most as many axes."""


def plain_value(given: Any, index: Any) -> Value:
    """A value in plain Python.

    Raises
    ------
    OptionError
        For anything else; ``index`` is where it stands in the grid.
    """
    try:
        return _plain(given, DEEPEST)
    except OptionError as error:
        raise OptionError("grid", error.rule, index=index, value=given) from None
    except Exception as failure:
        rule = f"{RULE}; reading it raised {raised(failure)}"
        raise OptionError("grid", rule, index=index, value=given) from failure


def _plain(given: Any, levels: int) -> Value:
    if given is None or type(given) in (bool, int, float, str, Fraction):
        return given
    if is_a(given, np.ndarray):
        return _plain(given.tolist(), levels)
    if is_a(given, np.bool_):
        return bool(given)
    if is_a(given, (int, np.integer)) and not is_a(given, np.timedelta64):
        return int(given)
    if is_a(given, (float, np.floating)):
        return float(given)
    if is_a(given, Decimal):
        return Fraction(given) if given.is_finite() else float(given)
    if is_a(given, Fraction):
        return Fraction(given.numerator, given.denominator)
    if is_a(given, str):
        return str.__str__(given)
    if is_a(given, Iterable) and is_ordered(given) and not is_a(given, bytes):
        if not levels:
            raise OptionError("grid", f"{RULE}, at most {DEEPEST} levels deep")
        return tuple(_plain(entry, levels - 1) for entry in given)
    raise OptionError("grid", RULE)


def as_given(value: Value) -> Any:
    """A value as a function takes it: lists for lists."""
    return [as_given(entry) for entry in value] if isinstance(value, tuple) else value


def as_document(value: Value) -> Any:
    """A value as an instance file has it: fractions as ``"9/20"``."""
    if isinstance(value, tuple):
        return [as_document(entry) for entry in value]
    return str(value) if isinstance(value, Fraction) else value


def as_cell(value: Value) -> Any:
    """A value in a table that holds one number or text in a cell: fractions and lists as text."""
    if isinstance(value, tuple):
        return value_text(value)
    return str(value) if isinstance(value, Fraction) else value


def value_text(value: Value) -> str:
    """A value in words, exactly: ``[[0, 1/2], [1/2, 0]]``."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return str(value) if isinstance(value, Fraction) else repr(value)
