"""Run a spec: contenders in turn, phases timed, every single answer checked.

Contenders take turns within one process, and who begins changes from round to round, so that a
machine that slows down slows all of them: ratios are taken within a round.
"""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks import memory
from benchmarks.registry import PHASES, Contender, Outcome, Spec, WorkNotDoneError

__all__ = [
    "LEAST_ROUNDS",
    "SECONDS",
    "TRUTH_ROUNDING",
    "VALUE_TOLERANCE",
    "Measurement",
    "check",
    "measure",
]

VALUE_TOLERANCE = 1e-7
"""Relative to the value (or to 1): what solvers at their default tolerances agree to."""

TRUTH_ROUNDING = 1e-15
"""Relative to the truth (or to 1): what its closed form is rounded by in floats."""

SECONDS = 5.0
"""No further round begins at one size of one spec after this time."""

LEAST_ROUNDS = 3
"""Unless there have been fewer rounds than this: a median needs three."""


@dataclass(frozen=True)
class Measurement:
    """One contender at one size.

    Attributes
    ----------
    spec, size, contender
        What was run.
    value, columns, nonzeros
        Of its answer.
    samples
        For each round, seconds by phase, in ``"total"``, and by the contender's own details.
    lower, upper
        Bracket of its answer, if it claims one.
    peak
        Most bytes that this process held above what it held before, over the rounds; ``None`` where
        the system does not tell. Memory kept by earlier rounds and other processes are not seen.
    """

    spec: str
    size: int
    contender: str
    value: float
    columns: int | None
    nonzeros: int | None
    samples: tuple[Mapping[str, float], ...]
    lower: float | None = None
    upper: float | None = None
    peak: int | None = None


def measure(spec: Spec, size: int, rounds: int) -> list[Measurement]:
    """Time every contender of a spec at one size; fewer rounds when they take long.

    Raises
    ------
    WorkNotDoneError
        If a contender does not do its work, in any round.
    """
    instance = spec.instance(size)
    running = spec.running(size)
    if spec.baseline not in running:
        raise WorkNotDoneError(f"{spec.name}: the baseline does not run at size {size}")
    inputs = [contender.prepare(instance) for contender in running]
    samples: list[list[Mapping[str, float]]] = [[] for _ in running]
    peaks: list[list[int]] = [[] for _ in running]
    outcomes: list[Outcome] = []
    started = time.perf_counter()
    for turn in range(rounds):
        if turn >= LEAST_ROUNDS and time.perf_counter() - started > SECONDS:
            break
        found: dict[int, Outcome] = {}
        for k in range(len(running)):
            who = (k + turn) % len(running)
            held = memory.start()
            times, found[who] = _timed(running[who], inputs[who])
            peaks[who] += memory.above(held)
            samples[who].append(times)
        outcomes = [found[who] for who in range(len(running))]
        for contender, outcome in zip(running, outcomes, strict=True):
            check(spec, size, contender, outcome, outcomes[0].value)
    return [
        Measurement(
            spec=spec.name,
            size=size,
            contender=contender.name,
            value=o.value,
            columns=o.columns,
            nonzeros=o.nonzeros,
            samples=tuple(times),
            lower=o.lower,
            upper=o.upper,
            peak=max(most, default=None),
        )
        for contender, o, times, most in zip(running, outcomes, samples, peaks, strict=True)
    ]


def check(spec: Spec, size: int, contender: Contender, outcome: Outcome, reference: float) -> None:
    """Raise unless a contender's answer is right, follows from itself, and has its size.

    Right is the value of the baseline; where the truth is known, a bracket that holds both truth
    and value. A value without a bracket claims nothing about the truth.

    Parameters
    ----------
    spec, size, contender
        What was run.
    outcome
        Its answer.
    reference
        The baseline's value.

    Raises
    ------
    WorkNotDoneError
        Saying which of the three it is.
    """
    where = f"{spec.name}, {size} {spec.measured_in}, {contender.name}"
    margin = VALUE_TOLERANCE * max(1.0, abs(reference))
    if spec.truth is not None:
        _check_bracket(where, outcome, spec.truth)
    elif not abs(outcome.value - reference) <= margin:
        raise WorkNotDoneError(f"{where}: value {outcome.value!r}, the baseline has {reference!r}")
    recomputed = outcome.recompute()
    if not abs(recomputed - outcome.value) <= margin:
        raise WorkNotDoneError(
            f"{where}: value {outcome.value!r}, but its answer is worth {recomputed!r}"
        )
    if contender.columns is not None and outcome.columns != contender.columns(size):
        raise WorkNotDoneError(
            f"{where}: {outcome.columns} columns, must be {contender.columns(size)}"
        )


def _check_bracket(where: str, outcome: Outcome, truth: float) -> None:
    if outcome.lower is None or outcome.upper is None:
        return
    rounding = TRUTH_ROUNDING * max(1.0, abs(truth))
    for name, number in (("value", outcome.value), ("truth", truth)):
        if not outcome.lower - rounding <= number <= outcome.upper + rounding:
            raise WorkNotDoneError(
                f"{where}: {name} {number!r} is not in [{outcome.lower!r}, {outcome.upper!r}]"
            )


def _timed(contender: Contender, given: Any) -> tuple[dict[str, float], Outcome]:
    """One run; the garbage collector is kept out of it."""
    gc.collect()
    gc.disable()
    try:
        begin = time.perf_counter()
        model = contender.build(given)
        built = time.perf_counter()
        solved = contender.solve(model)
        done = time.perf_counter()
        outcome = contender.decode(solved)
        end = time.perf_counter()
    finally:
        gc.enable()
    times = dict(zip(PHASES, (built - begin, done - built, end - done), strict=True))
    times["total"] = end - begin
    clash = times.keys() & outcome.details.keys()
    if clash:
        raise WorkNotDoneError(f"{contender.name}: details named like phases, {sorted(clash)}")
    times.update(outcome.details)
    if not all(math.isfinite(seconds) and seconds >= 0 for seconds in times.values()):
        raise WorkNotDoneError(f"{contender.name}: times that are none, {times}")
    return times, outcome
