"""Read an instance file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.errors import FileError, InstanceError
from persuasion_lp.storage import parse_json, read_text

__all__ = ["MAX_FILE_BYTES", "read_instance"]

MAX_FILE_BYTES = 1 << 22
"""Largest instance file that is read."""


def read_instance(path: str | Path) -> Any:
    """Read a problem from an instance file.

    The problem, of the class that the file names, remembers the file's fractions, so
    ``solve(…, exact=True)`` is about them.

    Raises
    ------
    InstanceError
        For a file that cannot be read, is no regular file, is too large, or is no instance file:
        the entry and the index are named.
    InputError
        For a problem that breaks a rule of its class.
    """
    return RationalInstance.from_dict(_json(path)).build()


def _json(path: str | Path) -> Any:
    try:
        text = read_text(path, MAX_FILE_BYTES)
    except FileError as error:
        raise InstanceError("path", error.reason, value=error.path) from None
    try:
        return parse_json(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise InstanceError("path", f"must be a JSON file ({error})", value=str(path)) from None
