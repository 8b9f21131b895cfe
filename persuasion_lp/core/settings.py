"""What may be passed to ``solve`` beside a problem and a procedure, checked before all else.

The settings of a procedure are a frozen dataclass: its fields are what there is, its ``Literal``
annotations the names that are allowed, the defaults what is taken if nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import numpy as np

from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import (
    check_choice,
    did_you_mean,
    is_a,
    is_number,
    is_whole,
    near_names,
)
from persuasion_lp.lp.options import SolverOptions

__all__ = ["Settings", "allowed_names", "setting_names", "settings_from"]


DEEPEST = 5
"""Lists in lists in a setting."""

MOST_ENTRIES = 10_000
"""Of an array passed as a setting, such as an order."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Settings of a procedure; refuses values that no procedure takes.

    Raises
    ------
    OptionError
        For a name that is not allowed, options that are no :class:`SolverOptions`, a memory limit
        that is no number, a width that is not positive, a number of cells that is none, or a
        progress report that cannot be called.
    """

    def __post_init__(self) -> None:
        kind: Any = type(self)
        allowed = allowed_names(kind)
        for field in fields(self):
            value = getattr(self, field.name)
            names = allowed.get(field.name)
            if names is not None:
                check_choice(field.name, value, names)
            refusal = _refusal(field.name, value)
            if refusal is not None:
                raise OptionError(field.name, refusal, value=value)
            if _nested(value):
                rule = f"must not be nested more than {DEEPEST} times"
                raise OptionError(field.name, rule, value=value)
            if is_a(value, np.ndarray) and value.size > MOST_ENTRIES:
                rule = f"must have at most {MOST_ENTRIES} entries"
                raise OptionError(field.name, rule, value=value.shape)
            if is_a(value, np.number):
                object.__setattr__(self, field.name, value.item())


SettingsT = TypeVar("SettingsT", bound=Settings)


def settings_from(kind: type[SettingsT], given: Mapping[str, Any]) -> SettingsT:
    """Read what a caller passed by name.

    Raises
    ------
    OptionError
        For a setting that the procedure does not have, and see :class:`Settings`.
    """
    known = setting_names(kind)
    for name, value in given.items():
        if name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            has += did_you_mean(near_names(known, name))
            raise OptionError(name, f"is no setting of this procedure; {has}", value=value)
    return kind(**given)


def setting_names(kind: type[Settings]) -> tuple[str, ...]:
    """What may be passed, in the order in which it is stated."""
    return tuple(field.name for field in fields(kind))


@cache
def allowed_names(kind: Any) -> Mapping[str, tuple[str, ...]]:
    """By field, the names that its ``Literal`` annotation allows."""
    hints = get_type_hints(kind)
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


def _nested(value: Any) -> bool:
    """Whether lists are in lists, and so on, more often than any setting has them."""
    level = [value]
    for _ in range(DEEPEST):
        level = [one for part in level if is_a(part, (list, tuple)) for one in part]
        if not level:
            return False
    return any(is_a(part, (list, tuple)) for part in level)


def _refusal(name: str, value: Any) -> str | None:
    """The rule that a value breaks, if it breaks one that is the same for all problems."""
    match name:
        case "options" if not (value is None or is_a(value, SolverOptions)):
            return "must be SolverOptions"
        case "memory_limit" if not is_number(value):
            return "must be a number of bytes"
        case "tol" if not (value is None or (is_number(value) and float(value) > 0)):
            return "must be positive, also as a float"
        case "cells" if not (is_whole(value) and value >= 1):
            return "must be at least 1, a whole number"
        case "progress" if not (value is None or callable(value)):
            return "must be callable"
        case _:
            return None
