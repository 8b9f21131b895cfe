"""What a problem says, by a hash: equal problems are those that say the same.

The hash is that of the problem's document, what its instance file says, with every number as a
fraction: 0.1, ``"1/10"`` and ``Fraction(1, 10)`` are the same number. Names are part of it. A
problem that cannot be written down is equal to itself alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

from persuasion_lp.errors import InstanceError

__all__ = ["Content", "Document", "canonical", "key_of", "write_by", "written_down"]

Document = dict[str, Any]
"""Plain Python, ready for JSON and TOML."""

_WRITERS: dict[type, Callable[[Any], Document]] = {}


def write_by(kind: type, document: Callable[[Any], Document]) -> None:
    """Take what writes down the problems of a class; called when a family is registered."""
    _WRITERS[kind] = document


class Content:
    """A problem that is equal to those that say the same; listed first among a class's bases."""

    def key(self) -> str:
        """Hash of what the problem says, 64 hexadecimal digits.

        Raises
        ------
        InstanceError
            For a problem that cannot be written to a file; the field that cannot is named.
        """
        found = self._content_key
        if isinstance(found, InstanceError):
            raise InstanceError(found.field, found.rule, value=found.value) from None
        return found

    @cached_property
    def _content_key(self) -> str | InstanceError:
        try:
            return key_of(written_down(self))
        except InstanceError as error:
            return error

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        mine, others = self._content_key, other._content_key
        return isinstance(mine, str) and mine == others

    def __hash__(self) -> int:
        key = self._content_key
        return hash(key) if isinstance(key, str) else object.__hash__(self)


def written_down(problem: Any) -> Document:
    """The document of a problem of a family that is registered.

    Raises
    ------
    InstanceError
        For a problem that cannot be written to a file; the field that cannot is named.
    """
    kind = next((kind for kind in type(problem).__mro__ if kind in _WRITERS), None)
    if kind is None:
        raise InstanceError("problem", "must be of a family that has files")
    return _WRITERS[kind](problem)


def key_of(document: Document) -> str:
    """The hash of what a document says."""
    text = json.dumps(canonical(document), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(document: Any) -> Any:
    """A document with all numbers as fractions in strings.

    Examples
    --------
    >>> canonical({"prior": [0.1, "9/10"], "quota": 2, "normalize": False})
    {'prior': ['1/10', '9/10'], 'quota': '2', 'normalize': False}
    """
    if isinstance(document, dict):
        return {name: canonical(value) for name, value in document.items()}
    if isinstance(document, list | tuple):
        return [canonical(value) for value in document]
    if isinstance(document, float):
        return str(Fraction(repr(document)))
    if isinstance(document, int) and not isinstance(document, bool):
        return str(document)
    return document
