"""Places in a document, as they would be typed: ``receivers[0].cutoffs[1]``, ``prior[0, 1]``.

``[*]`` stands for every entry of a list: ``receivers[*].threshold`` moves all thresholds at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias

from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import did_you_mean
from persuasion_lp.primitives.content import Document

__all__ = ["Place", "place_of", "replaced"]

Place: TypeAlias = tuple[str | int | None, ...]
"""Keys and positions on the way to a value; ``None`` is every position of a list."""

_STEP = re.compile(r"\.?([^.\[\]]+)|\[\s*(\*|\d+(?:\s*,\s*\d+)*)\s*\]")

NAMED = 5000
"""Places of a document among which the nearest is looked for."""

NEAREST = 3
"""As many of them are offered."""


def place_of(path: str, document: Document) -> Place:
    """The place that a path leads to in a document.

    Raises
    ------
    OptionError
        For a path that leads nowhere; the nearest ones are named.
    """
    place = _read(path)
    if place is None or not _leads(document, place):
        near = difflib.get_close_matches(path, islice(_paths(document, ""), NAMED), NEAREST, 0.4)
        rule = f"must have paths into the problem's file as axes{did_you_mean(near)}"
        raise OptionError("grid", rule, value=path)
    return place


def replaced(document: Any, place: Place, value: Any) -> Any:
    """A document with another value at a place; what is elsewhere is shared with the old one."""
    if not place:
        return value
    step, below = place[0], place[1:]
    if isinstance(document, Mapping):
        return {**document, step: replaced(document[step], below, value)}
    return [
        replaced(entry, below, value) if step in (None, k) else entry
        for k, entry in enumerate(document)
    ]


def _read(path: str) -> Place | None:
    steps: list[str | int | None] = []
    end = 0
    while end < len(path):
        found = _STEP.match(path, end)
        if found is None:
            return None
        name, positions = found.groups()
        if name is not None:
            steps.append(name)
        elif positions == "*":
            steps.append(None)
        else:
            steps += [int(position) for position in positions.split(",")]
        end = found.end()
    return tuple(steps)


def _leads(document: Any, place: Place) -> bool:
    if not place:
        return True
    step, below = place[0], place[1:]
    if isinstance(document, Mapping):
        return step in document and _leads(document[step], below)
    if not isinstance(document, (list, tuple)) or isinstance(step, str):
        return False
    if step is None:
        return bool(document) and all(_leads(entry, below) for entry in document)
    return step < len(document) and _leads(document[step], below)


def _paths(document: Any, path: str) -> Iterator[str]:
    """Paths of a document, those nearest to its root first among those of one branch."""
    if path:
        yield path
    if isinstance(document, Mapping):
        for key, entry in document.items():
            yield from _paths(entry, f"{path}.{key}" if path else str(key))
    elif isinstance(document, (list, tuple)):
        for k, entry in enumerate(document):
            yield from _paths(entry, f"{path}[{k}]")
