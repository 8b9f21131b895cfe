"""The instances of a sweep, numbered: the product of named axes, or the rows of a frame.

Of a product the last axis runs fastest: instance k of axes with n₁, …, n_d values takes of axis i
the value ⌊k / (n_{i+1} ⋯ n_d)⌋ mod n_i. Nothing of that size is written down before it is known.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from persuasion_lp.errors import OptionError, TooLargeError
from persuasion_lp.extras import load
from persuasion_lp.inputs import is_a, is_ordered
from persuasion_lp.shown import listed, raised
from persuasion_lp.sweep.values import Value, plain_value, value_text

__all__ = ["COLUMNS", "MOST_ROWS", "Grid", "check_rows", "read_grid"]

COLUMNS = ("procedure", "order", "value", "lower", "upper", "seconds", "error")
"""What the table of a sweep has beside its axes."""

MOST_ROWS = 10_000_000
"""Rows of a sweep: each takes about 100 bytes of memory, and as many of a store."""

_OWN = frozenset({*COLUMNS, "gain"})


@dataclass(frozen=True)
class Grid:
    """Instances, numbered.

    Attributes
    ----------
    axes
        Their names.
    values
        Of each axis: of a product those it takes, of a frame one for each instance.
    product
        Whether the instances are all combinations.
    """

    axes: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]
    product: bool
    steps: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        sizes = [len(values) for values in self.values]
        below = [math.prod(sizes[i + 1 :]) if self.product else 1 for i in range(len(sizes))]
        object.__setattr__(self, "steps", tuple(below))

    def __len__(self) -> int:
        sizes = [len(values) for values in self.values]
        return math.prod(sizes) if self.product else sizes[0]

    def instance(self, k: int) -> tuple[Value, ...]:
        """The values of instance k, by axis."""
        return tuple(
            values[k // step % len(values)]
            for values, step in zip(self.values, self.steps, strict=True)
        )

    def column(self, i: int) -> list[Value]:
        """The values that axis i takes, by instance."""
        values, step = self.values[i], self.steps[i]
        if not self.product:
            return list(values)
        once = [value for value in values for _ in range(step)]
        return once * (len(self) // len(once))

    def parts(self) -> dict[str, str]:
        """What makes up the grid, each part in words that differ if it does."""
        kind = "all combinations" if self.product else "rows"
        said = {"axes": f"{', '.join(self.axes)} ({kind})"}
        for name, values in zip(self.axes, self.values, strict=True):
            text = value_text(values)
            ends = f"{len(values)} from {value_text(values[0])} to {value_text(values[-1])}"
            said[f"values of {name}"] = (
                f"{ends[:100]} #{hashlib.sha256(text.encode()).hexdigest()[:16]}"
            )
        return said


def read_grid(grid: Any) -> Grid:
    """Read a mapping of named axes, or a frame.

    Raises
    ------
    OptionError
        For anything else; for an axis without a name or a value, one that has the name of a column
        of the result, and values that are no numbers, texts, truth values or lists of them.
    TooLargeError
        For more instances than there may be rows.
    MissingExtraError
        For a frame, if ``narwhals`` is not installed.
    """
    found = _axes(grid) if is_a(grid, Mapping) else _rows(grid)
    if not found.axes:
        raise OptionError("grid", "must have at least one axis")
    check_rows(found, 1)
    return found


def check_rows(grid: Grid, procedures: int) -> None:
    """Refuse a sweep that has too many rows.

    Raises
    ------
    TooLargeError
        If it has.
    """
    rows = len(grid) * procedures
    if rows <= MOST_ROWS:
        return
    sizes = {"instances": len(grid), "procedures": procedures, "rows": rows}
    rule = f"must give at most {MOST_ROWS} rows; this sweep has {listed(sizes)}"
    error = TooLargeError("grid", rule)
    error.sizes, error.needed, error.limit = sizes, rows, MOST_ROWS
    raise error


def _axes(grid: Mapping[Any, Any]) -> Grid:
    try:
        given = dict(grid)
    except Exception as failure:
        rule = f"must be a mapping of named axes; reading it raised {raised(failure)}"
        raise OptionError("grid", rule) from failure
    for name, values in given.items():
        _check_name(name)
        if not is_ordered(values) or is_a(values, (str, bytes)):
            raise OptionError("grid", "must be a list of values", index=(name,), value=values)
    counts = {name: _count(values) for name, values in given.items()}
    if math.prod(counts.values()) > MOST_ROWS:
        rule = f"must give at most {MOST_ROWS} rows; its axes have {listed(counts)} values"
        error = TooLargeError("grid", rule)
        error.sizes, error.needed, error.limit = counts, math.prod(counts.values()), MOST_ROWS
        raise error
    read = {name: _values(name, values) for name, values in given.items()}
    return Grid(tuple(read), tuple(read.values()), product=True)


def _count(values: Any) -> int:
    """How many values there are, as far as that is known without reading them."""
    try:
        return max(len(values), 1)
    except Exception:
        return 1


def _values(name: str, values: Any) -> tuple[Value, ...]:
    try:
        entries = list(islice(values, MOST_ROWS + 1))
    except Exception as failure:
        rule = f"must be a list of values; reading it raised {raised(failure)}"
        raise OptionError("grid", rule, index=(name,)) from failure
    if not entries:
        raise OptionError("grid", "must have at least one value", index=(name,), value=values)
    if len(entries) > MOST_ROWS:
        rule = f"must have at most {MOST_ROWS} values"
        raise OptionError("grid", rule, index=(name,))
    return tuple(plain_value(entry, (name, k)) for k, entry in enumerate(entries))


def _rows(grid: Any) -> Grid:
    narwhals = load("narwhals", extra="sweep", feature="sweeps over frames")
    rule = "must be a mapping of named axes, or a frame of pandas or polars, in memory"
    try:
        frame = narwhals.from_native(grid, eager_only=True)
        names: Sequence[Any] = list(frame.columns)
        rows = len(frame)
    except TypeError:
        raise OptionError("grid", rule, value=type(grid).__name__) from None
    except Exception as failure:
        raise OptionError("grid", f"{rule}; reading it raised {raised(failure)}") from failure
    if not rows:
        raise OptionError("grid", "must have at least one row")
    columns = []
    for name in names:
        _check_name(name)
        entries = frame[name].to_list()
        columns.append(tuple(plain_value(entry, (name, k)) for k, entry in enumerate(entries)))
    return Grid(tuple(names), tuple(columns), product=False)


def _check_name(name: Any) -> None:
    if not is_a(name, str) or not name:
        raise OptionError("grid", "must have axes with names", value=name)
    if name in _OWN:
        rule = f"must not have an axis named as a column of the result is: {', '.join(COLUMNS)}"
        raise OptionError("grid", rule, value=name)
