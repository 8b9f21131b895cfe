"""What can be written to among all that can be reached from an object of the package.

Followed are attributes (private ones and slots too), properties, entries of containers and of
arrays of objects. Left alone are the numbers, text and code, what belongs to other libraries
(distributions of scipy), and the dict that a frozen mapping keeps to itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy import sparse

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.errors import PersuasionError

PACKAGES = ("persuasion_lp", "tests")


def writable(root: Any) -> Iterator[str]:
    """Paths from the root to what can be written to, shortest first."""
    seen: dict[int, Any] = {}
    waiting = [("", root)]
    for path, thing in waiting:
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if _can_be_written(thing):
            yield f"{path or 'it'}: {type(thing).__name__}"
        waiting += [(path + step, part) for step, part in _parts(thing)]


def _can_be_written(thing: Any) -> bool:
    if isinstance(thing, np.ndarray):
        return bool(thing.flags.writeable)
    if sparse.issparse(thing):
        return _accepts_an_entry(thing)
    frozen = isinstance(thing, FrozenMapping | MappingProxyType | frozenset | tuple)
    return not frozen and isinstance(thing, Mapping | list | set | bytearray)


def _accepts_an_entry(matrix: Any) -> bool:
    """Whether a sparse matrix takes other arrays, put back afterwards."""
    data = matrix.data
    try:
        matrix.data = data.copy()
    except ValueError:
        return False
    matrix.data = data
    return True


def _parts(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, np.ndarray):
        if thing.dtype == object:
            yield from ((f"[{k}]", entry) for k, entry in enumerate(thing.ravel().tolist()))
    elif sparse.issparse(thing):
        yield from ((f".{name}", part) for name, part in vars(thing).items())
    elif isinstance(thing, Mapping):
        yield from ((f"[{key!r}]", thing[key]) for key in thing)
    elif isinstance(thing, tuple | list | set | frozenset):
        yield from ((f"[{k}]", entry) for k, entry in enumerate(thing))
    elif type(thing).__module__.split(".")[0] in PACKAGES:
        for name in sorted(_attributes(thing)):
            try:
                yield f".{name}", getattr(thing, name)
            except (PersuasionError, AttributeError, NotImplementedError):
                continue


def _attributes(thing: Any) -> set[str]:
    """Names of what an object holds and of what its properties tell."""
    names = set(getattr(thing, "__dict__", ()))
    for kind in type(thing).__mro__:
        slots = vars(kind).get("__slots__", ())
        names |= {slots} if isinstance(slots, str) else set(slots)
        names |= {
            name
            for name, value in vars(kind).items()
            if isinstance(value, property | cached_property)
        }
    return {name for name in names if not name.startswith("__")}
