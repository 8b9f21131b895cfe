"""What a sweep gives: every instance under every procedure, with its bracket or its error."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import OptionError
from persuasion_lp.extras import load
from persuasion_lp.inputs import check_choice, is_a, is_whole
from persuasion_lp.reading import fraction_of
from persuasion_lp.storage import unfinished
from persuasion_lp.sweep.grid import Grid
from persuasion_lp.sweep.recipe import Recipe
from persuasion_lp.sweep.rows import Rows
from persuasion_lp.sweep.runs import Run
from persuasion_lp.sweep.values import Value, as_cell, as_given
from persuasion_lp.words import Described, Report, Section, number, speak, table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Sweep"]

MOST_FAILURES = 5
"""Errors that a description tells in full."""


class Sweep(Described):
    """All rows of a sweep, in the order of the grid, whoever solved them when.

    Attributes
    ----------
    axes
        Values of each axis by name, as they were given: of a grid of axes those that it takes, of a
        frame one for each instance.
    procedures
        Names of the procedures in the rows.
    instances
        How many there are; ``len`` is the number of rows, instances times procedures.
    """

    def __init__(self, grid: Grid, recipe: Recipe, runs: tuple[Run, ...], rows: Rows) -> None:
        self._grid, self._recipe, self._runs, self._rows = grid, recipe, runs, rows

    @property
    def axes(self) -> dict[str, list[Any]]:
        """Values of each axis by name."""
        named = zip(self._grid.axes, self._grid.values, strict=True)
        return {name: [as_given(value) for value in values] for name, values in named}

    @property
    def procedures(self) -> tuple[str, ...]:
        """Names of the procedures in the rows."""
        return tuple(run.label for run in self._runs)

    @property
    def instances(self) -> int:
        """How many instances there are."""
        return len(self._grid)

    def __len__(self) -> int:
        return self.instances * len(self._runs)

    def to_frame(self) -> pd.DataFrame:
        """One row for each instance and procedure.

        Returns
        -------
        pandas.DataFrame
            One column for each axis, numbers that were written as texts as floats (:attr:`axes` has
            them as they were given); ``procedure``; ``order`` of the receivers, as text
            (``"1,0"``), where there is one; ``value`` with its bracket ``lower`` and ``upper``;
            ``seconds`` of the solve; ``error``. Where a limit ended a solve the value is NaN and
            the bracket what is proved; of other errors all three are NaN.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        pd = load("pandas", extra="sweep", feature="tables of sweeps")
        many = len(self._runs)
        columns: dict[str, Any] = {
            name: np.repeat(_cells(self._grid.column(i)), many)
            for i, name in enumerate(self._grid.axes)
        }
        rows = self._rows
        columns["procedure"] = list(self.procedures) * self.instances
        columns["order"] = _texts(rows.orders, rows.value.shape)
        for name in ("value", "lower", "upper", "seconds"):
            columns[name] = getattr(rows, name).ravel()
        columns["error"] = _texts(rows.errors, rows.value.shape)
        return pd.DataFrame(columns)

    def to_parquet(self, path: str | Path, *, overwrite: bool = False) -> None:
        """Write :meth:`to_frame` to a Parquet file, whole or not at all.

        Raises
        ------
        FileError
            For a file that is there already, or cannot be written.
        MissingExtraError
            If pandas or pyarrow is not installed.
        """
        load("pyarrow", extra="sweep", feature="Parquet files")
        frame = self.to_frame()
        with (
            unfinished(path, overwrite=overwrite) as (handle, _),
            os.fdopen(os.dup(handle), "wb") as file,
        ):
            frame.to_parquet(file, engine="pyarrow", index=False)

    def failures(self) -> pd.DataFrame:
        """The rows of :meth:`to_frame` that have an error, numbered as there."""
        frame = self.to_frame()
        return frame[frame["error"].notna()]

    def gain(self, a: str, b: str) -> pd.DataFrame:
        """How much more one procedure gives than another, instance by instance.

        Parameters
        ----------
        a, b
            Names of procedures; the gain is the value of ``a`` less that of ``b``.

        Returns
        -------
        pandas.DataFrame
            One row for each instance: a column for each axis, ``value`` of the gain, and its
            bracket ``lower`` (least of ``a`` less most of ``b``) and ``upper``, rounded outwards;
            ``error`` of either.

        Raises
        ------
        OptionError
            For a procedure that the sweep does not have.
        """
        pd = load("pandas", extra="sweep", feature="tables of sweeps")
        for name, given in (("a", a), ("b", b)):
            check_choice(name, given, self.procedures)
        i, j = self.procedures.index(a), self.procedures.index(b)
        rows = self._rows
        columns: dict[str, Any] = {
            name: _cells(self._grid.column(k)) for k, name in enumerate(self._grid.axes)
        }
        columns["value"] = rows.value[:, i] - rows.value[:, j]
        columns["lower"] = _less(rows.lower[:, i], rows.upper[:, j], -np.inf)
        columns["upper"] = _less(rows.upper[:, i], rows.lower[:, j], np.inf)
        errors = rows.errors
        columns["error"] = [errors.get((k, i), errors.get((k, j))) for k in range(self.instances)]
        return pd.DataFrame(columns)

    def problem(self, instance: int) -> Any:
        """The problem of an instance, made anew: to look into a row, or to solve it otherwise.

        Parameters
        ----------
        instance
            Its number, 0 … instances − 1; row r of :meth:`to_frame` is of instance
            ``r // len(sweep.procedures)``.

        Raises
        ------
        OptionError
            For a number that there is not. What the problem's constructor raises is raised.
        """
        if not is_whole(instance) or not 0 <= instance < self.instances:
            rule = f"must be one of 0 … {self.instances - 1}"
            raise OptionError("instance", rule, value=instance)
        return self._recipe.problem(self._grid.instance(int(instance)))

    def __repr__(self) -> str:
        axes = ", ".join(
            f"{name} ({len(values)})"
            for name, values in zip(self._grid.axes, self._grid.values, strict=True)
        )
        failed = f", {len(self._rows.errors)} failed" if self._rows.errors else ""
        return (
            f"Sweep: {self.instances} instances over {axes}; {', '.join(self.procedures)}: "
            f"{len(self)} rows{failed}"
        )


def sweep_words(sweep: Sweep) -> Report:
    """What a sweep says: its axes, what each procedure gives, and what failed."""
    axes = []
    for name, values in zip(sweep._grid.axes, sweep._grid.values, strict=True):
        axes.append((name, len(values), _told(values[0]), _told(values[-1])))
    summary = []
    for j, run in enumerate(sweep._runs):
        value, width = sweep._rows.value[:, j], sweep._rows.upper[:, j] - sweep._rows.lower[:, j]
        known = value[~np.isnan(value)]
        failed = sum(run_number == j for _, run_number in sweep._rows.errors)
        ends = (known.min(), known.mean(), known.max()) if known.size else (None, None, None)
        finite = width[np.isfinite(width)]
        widest = float(finite.max()) if finite.size else None
        seconds = float(np.nansum(sweep._rows.seconds[:, j]))
        told = tuple(None if x is None else float(x) for x in ends)
        summary.append((run.label, known.size, failed, *told, widest, round(seconds, 2)))
    heads = ("procedure", "solved", "failed", "least", "mean", "most", "widest bracket", "seconds")
    sections = [
        Section("Instances", (table("Axes", ("axis", "values", "first", "last"), axes),)),
        Section("Values", (table("The sender's payoff", heads, summary),)),
    ]
    if sweep._rows.errors:
        listed = sorted(sweep._rows.errors.items())[:MOST_FAILURES]
        rows = [(str(k), sweep._runs[j].label, error) for (k, j), error in listed]
        caption = f"The first of {len(sweep._rows.errors)} errors"
        told_errors = table(caption, ("instance", "procedure", "error"), rows)
        sections.append(Section("Failures", (told_errors,)))
    return Report(f"Sweep over {sweep.instances} instances", tuple(sections))


speak(Sweep, sweep_words)


def _cells(values: list[Value]) -> Any:
    """A column: numbers, also those written as texts, as numbers; else what stands in a cell."""
    if all(type(value) is bool for value in values):
        return np.array(values)
    numbers = [_number(value) for value in values]
    if None not in numbers:
        whole = all(type(value) is int and abs(value) < 2**63 for value in numbers)
        return (
            np.array(numbers) if whole else np.array([float(v) for v in numbers if v is not None])
        )
    cells = np.empty(len(values), dtype=object)
    cells[:] = [as_cell(value) for value in values]
    return cells


def _number(value: Value) -> int | float | Fraction | None:
    """A value as a number, if it is one."""
    if type(value) in (int, float, Fraction):
        return value  # type: ignore[return-value]
    return fraction_of(value) if type(value) is str else None


def _texts(held: dict[tuple[int, int], str], shape: tuple[int, int]) -> list[str | None]:
    return [held.get((k, j)) for k in range(shape[0]) for j in range(shape[1])]


def _less(a: Floats, b: Floats, towards: float) -> Floats:
    """A − b, rounded in a direction where it is not exact."""
    with np.errstate(invalid="ignore"):
        difference: Floats = a - b
        # The rounding error of a difference, exactly (Knuth's two-sum).
        held = difference - a
        lost = (a - (difference - held)) + (-b - held)
        exact = lost == 0
    return np.where(exact, difference, np.nextafter(difference, towards))


def _told(value: Value) -> str:
    return number(value) if is_a(value, (float, Fraction)) else str(as_cell(value))  # type: ignore[arg-type]
