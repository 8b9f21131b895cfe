"""Solving some instances of a sweep: what a worker does, and what it sends back."""

from __future__ import annotations

import math
import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.errors import LimitError, PersuasionError, SolveError
from persuasion_lp.inputs import is_a
from persuasion_lp.shown import raised
from persuasion_lp.solve import solve
from persuasion_lp.sweep.recipe import Recipe
from persuasion_lp.sweep.runs import Run
from persuasion_lp.sweep.values import Value

__all__ = ["Failure", "Instance", "Job", "Outcome", "Row", "solve_chunk", "solve_elsewhere"]

MOST_SAID = 2000
"""Characters of an error that are kept."""


class Instance(NamedTuple):
    """An instance of which something is still to be solved.

    Attributes
    ----------
    number
        In the grid.
    values
        Of its axes.
    runs
        Which of the sweep's procedures are missing.
    """

    number: int
    values: tuple[Value, ...]
    runs: tuple[int, ...]


class Row(NamedTuple):
    """One instance under one procedure; numbers are NaN where nothing is known."""

    instance: int
    run: int
    order: str | None
    value: float
    lower: float
    upper: float
    seconds: float
    error: str | None


@dataclass(frozen=True)
class Job:
    """What is done with every instance."""

    recipe: Recipe
    runs: tuple[Run, ...]
    stops: bool
    """Whether the first error ends it."""


@dataclass(frozen=True)
class Failure:
    """What ended a chunk."""

    instance: int
    run: int | None
    error: Exception


class Outcome(NamedTuple):
    """Rows of a chunk, the seconds it took, and what ended it before its end."""

    rows: list[Row]
    seconds: float
    failure: Failure | None


def solve_chunk(job: Job, instances: Sequence[Instance]) -> Outcome:
    """Solve instances one after the other; every error is a row, or ends it if the job stops."""
    start = time.perf_counter()
    rows: list[Row] = []
    for number, values, runs in instances:
        try:
            problem = job.recipe.problem(values)
        except Exception as error:
            if job.stops:
                failure = Failure(number, None, error)
                return Outcome(rows, time.perf_counter() - start, failure)
            rows += [_failed(number, run, error, 0.0) for run in runs]
            continue
        for run in runs:
            began = time.perf_counter()
            try:
                procedure: Any = job.runs[run].procedure
                answer = solve(problem, procedure, **job.runs[run].settings)
            except Exception as error:
                if job.stops:
                    failure = Failure(number, run, error)
                    return Outcome(rows, time.perf_counter() - start, failure)
                rows.append(_failed(number, run, error, time.perf_counter() - began))
                continue
            rows.append(_solved(number, run, answer, time.perf_counter() - began))
    return Outcome(rows, time.perf_counter() - start, None)


def solve_elsewhere(job: Job, instances: Sequence[Instance]) -> Outcome:
    """:func:`solve_chunk` in another process: what it returns can be sent back."""
    rows, seconds, failure = solve_chunk(job, instances)
    if failure is not None:
        try:
            pickle.loads(pickle.dumps(failure.error))  # noqa: S301
        except Exception:
            words = SolveError(raised(failure.error))
            failure = Failure(failure.instance, failure.run, words)
    return Outcome(rows, seconds, failure)


def _solved(number: int, run: int, answer: Any, seconds: float) -> Row:
    value = answer.value
    if isinstance(value, Fraction):
        lower, upper = enclosed(value)
        value = nearest(value)
    else:
        lower = answer.lower
        upper = math.inf if answer.upper is None else answer.upper
    order = getattr(answer, "order", None)
    told = None if order is None else ",".join(map(str, order))
    return Row(number, run, told, float(value), float(lower), float(upper), seconds, None)


def _failed(number: int, run: int, error: Exception, seconds: float) -> Row:
    lower = upper = math.nan
    if isinstance(error, LimitError):
        lower, upper = float(error.best_value), float(error.best_bound)
    said = f"{type(error).__name__}: {error}" if is_a(error, PersuasionError) else raised(error)
    said = said[:MOST_SAID]
    return Row(number, run, None, math.nan, lower, upper, seconds, said)
