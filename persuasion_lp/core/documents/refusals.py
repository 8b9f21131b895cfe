"""Refusals with the path of the field in a document.

A path is written as it would be typed: ``receivers[1].cutoffs[0]``, ``prior[0, 1]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from persuasion_lp.errors import InputError, InstanceError, TooLargeError

__all__ = ["below", "joined", "placed"]


def joined(path: str, field: str) -> str:
    """The path of a field below another one."""
    return f"{path}{field}" if not path or field[:1] in ("", "[", ".") else f"{path}.{field}"


def placed(error: InputError) -> str:
    """The field of an error with the index at which it is wrong."""
    if error.index is None:
        return str(error.field)
    index = error.index if isinstance(error.index, tuple) else (error.index,)
    return f"{error.field}[{', '.join(str(int(k)) for k in index)}]"


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
