"""Sweep files: an instance, axes into it, and procedures, in TOML or JSON.

    instance = "two_judges.toml"                          # beside this file, or a table
    procedures = ["simultaneous", "sequential"]           # those of the instance if left out

    [axes]
    "receivers[*].threshold" = { from = "1/2", to = "9/10", count = 5 }
    "prior.HL" = [0.3, 0.5]

Axes are lists, or so many values at equal distances: of ends that are strings or whole numbers
exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from persuasion_lp.core.documents.refusals import check_stated
from persuasion_lp.errors import InstanceError
from persuasion_lp.files import read_document
from persuasion_lp.inputs import did_you_mean, is_a, is_number, is_whole, near_names
from persuasion_lp.primitives.content import Document
from persuasion_lp.reading import fraction_of
from persuasion_lp.sweep.grid import MOST_ROWS

__all__ = ["SweepFile", "read_sweep_file"]

KEYS = ("instance", "axes", "procedures")
SPACED = ("from", "to", "count")


@dataclass(frozen=True)
class SweepFile:
    """What a sweep file says.

    Attributes
    ----------
    instance
        The document that is changed.
    axes
        Values by path.
    procedures
        As :func:`sweep` takes them.
    """

    instance: Document
    axes: Mapping[str, list[Any]]
    procedures: Any


def read_sweep_file(path: str | Path) -> SweepFile:
    """Read a sweep file.

    Raises
    ------
    InstanceError
        For a file that cannot be read, keys that there are not, an instance that cannot be read,
        and axes that are neither lists nor ends with a count.
    """
    said = read_document(path)
    for key in said:
        if key not in KEYS:
            has = f"there are {', '.join(KEYS)}{did_you_mean(near_names(KEYS, key))}"
            raise InstanceError(key, f"is no key of a sweep file; {has}", file=str(path))
    try:
        check_stated(said, "instance", "an instance file beside this one, or a table")
        check_stated(said, "axes", "a table of lists of values by path")
        instance = said["instance"]
        if is_a(instance, str):
            instance = read_document(Path(path).parent / instance)
        if not is_a(instance, Mapping):
            raise InstanceError("instance", "must be the name of a file, or a table")
        if not is_a(said["axes"], Mapping):
            raise InstanceError("axes", "must be a table of lists of values by path")
        axes = {name: _values(name, given) for name, given in said["axes"].items()}
        procedures = said.get("procedures", instance.get("solve"))
        if not procedures:
            raise InstanceError("procedures", "is missing, and the instance has no [[solve]]")
    except InstanceError as error:
        if error.file is not None:
            raise
        raise InstanceError(
            error.field, error.rule, index=error.index, value=error.value, file=str(path)
        ) from None
    return SweepFile(dict(instance), axes, procedures)


def _values(name: str, given: Any) -> list[Any]:
    if is_a(given, list):
        return list(given)
    field = f"axes.{name}"
    if not is_a(given, Mapping) or set(given) != set(SPACED):
        rule = "must be a list of values, or a table { from = …, to = …, count = … }"
        raise InstanceError(field, rule, value=given)
    count = given["count"]
    if not is_whole(count) or not 2 <= count <= MOST_ROWS:
        rule = f"must be a whole number from 2 to {MOST_ROWS}"
        raise InstanceError(f"{field}.count", rule, value=count)
    ends = [_end(f"{field}.{key}", given[key]) for key in ("from", "to")]
    if any(is_a(end, float) for end in ends):
        spaced: list[Any] = np.linspace(float(ends[0]), float(ends[1]), count).tolist()
        return spaced
    low, high = ends
    return [str(low + (high - low) * Fraction(k, count - 1)) for k in range(count)]


def _end(field: str, given: Any) -> float | Fraction:
    number = fraction_of(given) if is_a(given, str) or is_number(given) else None
    if number is None:
        raise InstanceError(field, 'must be a number, or one as "1/3"', value=given)
    return float(given) if is_a(given, float) else number
