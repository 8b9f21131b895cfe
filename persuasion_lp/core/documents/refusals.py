"""Refusals with the path of the field in a document.

A path is written as it would be typed: ``receivers[1].cutoffs[0]``, ``prior[0, 1]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from persuasion_lp.errors import InputError, InstanceError, TooLargeError
from persuasion_lp.inputs import did_you_mean, near_names
from persuasion_lp.shown import shortened

__all__ = ["below", "check_stated", "joined", "placed"]


def joined(path: str, field: str) -> str:
    """The path of a field below another one."""
    return f"{path}{field}" if not path or field[:1] in ("", "[", ".") else f"{path}.{field}"


def placed(error: InputError) -> str:
    """The field of an error with the index at which it is wrong."""
    if error.index is None:
        return str(error.field)
    index = error.index if isinstance(error.index, tuple) else (error.index,)
    return f"{error.field}[{', '.join(str(int(k)) for k in index)}]"


def check_stated(table: Mapping[str, Any], key: str, what: str) -> None:
    """Refuse a table without a key, by the key that looks like it if there is one.

    Raises
    ------
    InstanceError
        For a key that is missing; ``what`` says what it states.
    """
    if key in table:
        return
    for other in table:
        if near_names([key], other):
            raise InstanceError(shortened(other), f"is no key here{did_you_mean([key])}")
    raise InstanceError(key, f"is missing: {what}")


@contextmanager
def below(path: str, **renamed: str) -> Iterator[None]:
    """Give the errors of a constructor the path of its table in the document.

    Parameters
    ----------
    path
        Of the table.
    renamed
        Arguments of the constructor that have another path: ``cutoffs="threshold"``.
    """
    try:
        yield
    except TooLargeError:
        raise
    except InputError as error:
        field = renamed[error.field] if error.field in renamed else placed(error)
        origin = error.__cause__ if isinstance(error, InstanceError) else error
        raise InstanceError(joined(path, field), error.rule, value=error.value) from origin
