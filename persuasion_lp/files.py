"""Read an instance file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.errors import InstanceError

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
        For a file that cannot be read, is too large, or is no instance file: the entry and the
        index are named.
    InputError
        For a problem that breaks a rule of its class.
    """
    return RationalInstance.from_dict(_json(Path(path))).build()


def _json(path: Path) -> object:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise InstanceError("path", f"cannot be read ({error})") from None
    if len(content) > MAX_FILE_BYTES:
        raise InstanceError("path", f"must have at most {MAX_FILE_BYTES} bytes", value=str(path))
    try:
        data: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InstanceError("path", f"must be a JSON file ({error})", value=str(path)) from None
    return data
