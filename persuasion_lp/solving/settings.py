"""What may be passed to ``solve`` beside a problem and a procedure, checked before all else."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from typing import Any

import numpy as np

from persuasion_lp.errors import InputError, OptionError
from persuasion_lp.lp.options import SolverOptions

__all__ = ["check_choice", "check_flag", "check_settings"]


def check_settings(solver: Callable[..., Any], settings: Mapping[str, Any]) -> None:
    """Refuse settings that a solver does not have, and values that no solver takes.

    Parameters
    ----------
    solver
        A function with its settings as keyword-only parameters.
    settings
        What the caller passed, by name.

    Raises
    ------
    OptionError
        For a setting that does not exist here, options that are no :class:`SolverOptions`, a
        memory limit that is no number, a width that is not positive, a number of cells that is
        none, or a progress report that cannot be called.
    """
    known = [
        name
        for name, parameter in inspect.signature(solver).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and name != "exact"
    ]
    for name, value in settings.items():
        if name not in known:
            raise OptionError(
                name, f"is no setting of this procedure; it has {', '.join(known)}", value=value
            )
        refusal = _refusal(name, value)
        if refusal is not None:
            raise OptionError(name, refusal, value=value)


def check_choice(
    name: str, value: Any, choices: Sequence[str], error: type[InputError] = OptionError
) -> None:
    """Raise an error of the kind given unless the value is one of the names."""
    if not (isinstance(value, str) and value in choices):
        raise error(name, f"must be one of {', '.join(choices)}", value=value)


def check_flag(name: str, value: Any) -> None:
    """Raise :class:`OptionError` unless the value is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise OptionError(name, "must be True or False", value=value)


def _refusal(name: str, value: Any) -> str | None:
    """The rule that a value breaks, if it breaks one that is the same for all problems."""
    match name:
        case "options" if not (value is None or isinstance(value, SolverOptions)):
            return "must be SolverOptions"
        case "memory_limit" if not _is_number(value):
            return "must be a number of bytes"
        case "tol" if not (value is None or (_is_number(value) and value > 0)):
            return "must be positive"
        case "cells" if not (_is_whole(value) and value >= 1):
            return "must be at least 1, a whole number"
        case "progress" if not (value is None or callable(value)):
            return "must be callable"
        case _:
            return None


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and not math.isnan(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
