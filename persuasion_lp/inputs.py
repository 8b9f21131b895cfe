"""Checks of what users pass that is no array of numbers: names, flags, and functions of their own.

A name that does not exist is answered with the nearest that does. A flag is True or False, nothing
that merely counts as one. A function of the user's may raise anything and return anything: what it
does wrong is said by name, with the argument at which it does, and what it raised is the cause.
"""

from __future__ import annotations

import difflib
import inspect
import math
import sys
from collections.abc import Callable, Iterable, Mapping, Set
from functools import wraps
from numbers import Number, Real
from typing import Any, ParamSpec, TypeVar

import numpy as np

from persuasion_lp.errors import InputError, OptionError, PersuasionError
from persuasion_lp.shown import raised, shown

__all__ = [
    "answering",
    "answers_for_arguments",
    "called",
    "check_choice",
    "check_flag",
    "did_you_mean",
    "in_order",
    "is_a",
    "is_frame",
    "is_number",
    "is_ordered",
    "is_scalar",
    "is_whole",
    "near_names",
    "one_of",
]

Arguments = ParamSpec("Arguments")
Returned = TypeVar("Returned")
Kind = TypeVar("Kind")

MOST_NAMES = 20
"""As many names are listed where none is near."""

NEAREST = 3
"""As many near names are offered."""


def one_of(choices: Iterable[str], given: Any, *, where: str = "") -> str:
    """The rule that a name must be one of those there are, in words, with the nearest first.

    Parameters
    ----------
    choices
        What there is.
    given
        What was asked for; anything.
    where
        Where all are listed, if there are too many to print.

    Examples
    --------
    >>> one_of(["menu", "single_test"], "singel_test")
    "must be one of menu, single_test (did you mean 'single_test'?)"
    """
    names = list(choices)
    near = near_names(names, given)
    if len(names) > MOST_NAMES:
        rule = f"must be one of the {len(names)} names{f' in {where}' if where else ''}"
    else:
        rule = f"must be one of {', '.join(names)}"
    return f"{rule}{did_you_mean(near)}"


def near_names(names: Iterable[str], given: Any) -> list[str]:
    """Names that look like what was given, nearest first."""
    if type(given) is not str or len(given) > MOST_NAMES * 10:
        return []
    by_folded = {name.casefold(): name for name in names}
    folded = given.strip().casefold().replace(" ", "_")
    found: list[str] = []
    for asked in (folded, folded.replace("_", "-"), folded.replace("-", "_")):
        found += difflib.get_close_matches(asked, by_folded, NEAREST)
    return [by_folded[name] for name in dict.fromkeys(found)][:NEAREST]


def did_you_mean(near: Iterable[str]) -> str:
    """The question whether one of these names was meant; empty if there are none."""
    listed = " or ".join(repr(name) for name in near)
    return f" (did you mean {listed}?)" if listed else ""


def check_choice(
    name: str, value: Any, choices: Iterable[str], error: type[InputError] = OptionError
) -> None:
    """Raise an error of the kind given unless the value is one of the names."""
    listed = tuple(choices)
    if not (is_a(value, str) and value in listed):
        raise error(name, one_of(listed, value), value=value)


def check_flag(name: str, value: Any, error: type[InputError] = OptionError) -> None:
    """Raise an error of the kind given unless the value is True or False."""
    if not is_a(value, (bool, np.bool_)):
        raise error(name, "must be True or False", value=value)


def answering(function: Callable[Arguments, Returned]) -> Callable[Arguments, Returned]:
    """A function that says which of its arguments is misspelt, missing or too many.

    Raises
    ------
    OptionError
        Instead of the ``TypeError`` of Python's, with the nearest name.
    """

    @wraps(function)
    def called_so(*arguments: Arguments.args, **named: Arguments.kwargs) -> Returned:
        try:
            return function(*arguments, **named)
        except TypeError:
            wrong = _misfit(function, arguments, named)
            if wrong is None:
                raise
        raise wrong

    return called_so


def answers_for_arguments(kind: type[Kind]) -> type[Kind]:
    """The same of a class's constructor."""
    kind.__init__ = answering(kind.__init__)  # type: ignore[method-assign]
    return kind


def _misfit(
    function: Callable[..., Any], arguments: tuple[Any, ...], named: Mapping[str, Any]
) -> OptionError | None:
    """What is wrong with the arguments of a call, if anything is."""
    signature = inspect.signature(function)
    try:
        signature.bind(*arguments, **named)
    except TypeError:
        pass
    else:
        return None
    own = [name for name in signature.parameters if name not in ("self", "cls")]
    unknown = [name for name in named if name not in own]
    if unknown:
        near = did_you_mean(near_names(own, unknown[0]))
        rule = f"is no argument here; there are {', '.join(own)}{near}"
        return OptionError(unknown[0], rule, value=named[unknown[0]])
    placed = {
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    }
    bound = [name for name in signature.parameters if name in placed][: len(arguments)]
    if len(arguments) > len(placed):
        most = len(placed) - (len(signature.parameters) - len(own))
        return OptionError("arguments", f"must be at most {most} without a name")
    twice = [name for name in bound if name in named]
    if twice:
        return OptionError(twice[0], "must be given once, by place or by name")
    missing = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.default is parameter.empty and name not in bound and name not in named
    ]
    return OptionError(missing[0], "must be given") if missing else None


def is_a(value: Any, kinds: Any) -> bool:
    """Whether the class of a value is one of these; unlike ``isinstance``, without asking it.

    What stands for something else may raise when it is asked.
    """
    return issubclass(type(value), kinds)


def is_frame(of: Any) -> bool:
    """Whether something is a frame of pandas, which is not imported to find out."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and is_a(of, pandas.DataFrame)


def is_whole(value: Any) -> bool:
    """Whether a value is a whole number, other than truth values."""
    return is_a(value, (int, np.integer)) and not is_a(value, (bool, np.timedelta64))


def is_scalar(value: Any) -> bool:
    """Whether a value is one number or string rather than a collection of them."""
    if is_a(value, np.ndarray):
        return value.ndim == 0
    return is_a(value, (str, Number, np.generic))


def is_ordered(values: Any) -> bool:
    """Whether a value is a collection with an order."""
    if is_a(values, np.ndarray):
        return values.ndim > 0
    return is_a(values, Iterable) and not is_a(values, (Mapping, Set))


def in_order(
    field: str,
    values: Any,
    error: type[InputError],
    rule: str = "must be a list",
    *,
    index: int | None = None,
) -> tuple[Any, ...]:
    """The entries of an ordered collection; what has no order or cannot be read is refused.

    Raises
    ------
    InputError
        Of the kind given.
    """
    if not is_ordered(values):
        raise error(field, rule, index=index, value=values)
    try:
        return tuple(values)
    except Exception as failure:
        raise error(field, f"{rule}; reading it raised {raised(failure)}", index=index) from failure


def is_number(value: Any) -> bool:
    """Whether a value is a real number, other than NaN, truth values and what no float holds."""
    if is_a(value, (bool, np.bool_, np.timedelta64)) or not is_a(value, Real):
        return False
    try:
        return not math.isnan(float(value))
    except OverflowError:
        return False


def called(
    function: Callable[..., Any],
    *arguments: Any,
    field: str,
    error: type[InputError],
    at: str | None = None,
) -> Any:
    """What a function of the user's returns.

    Parameters
    ----------
    function, arguments
        What is called, and with what.
    field
        The function's name, as the caller wrote it.
    error
        Kind of the error.
    at
        The argument in words, if not the first one.

    Raises
    ------
    InputError
        Of the kind given, if the function raises; what it raised is the cause. Errors of this
        library pass.
    """
    try:
        return function(*arguments)
    except PersuasionError:
        raise
    except Exception as failure:
        where = shown(arguments[0]) if at is None else at
        raise error(field, f"raised {raised(failure)}; at {where}") from failure
