"""What can be a test of a problem at all: refused by name before anything is computed from it."""

from __future__ import annotations

import math
from typing import Any, get_args

import numpy as np

from persuasion_lp.errors import InputError, OptionError, PriorError, WorkerTypeError
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.screening import ProposalKind, ScreeningTest
from persuasion_lp.inputs import in_order, is_a
from persuasion_lp.primitives.states import StateGrid

__all__ = ["checked_tests", "checked_value"]

BLUR = 1e-9
"""Relative rounding of the numbers of a test that are given twice."""


def checked_value(value: Any) -> float | None:
    """A finite number, or none.

    Raises
    ------
    OptionError
        For anything else.
    """
    return None if value is None else _number("value", value, OptionError)


def checked_tests(problem: Any, tests: Any) -> tuple[ScreeningTest, ...]:
    """The tests of a menu, each of which could be one of the problem.

    Raises
    ------
    OptionError
        For what is no problem or no sequence of tests.
    PriorError
        For numbers, a kind, an interval or a proposal that no test of the difficulty has.
    WorkerTypeError
        For takers that are no positions of types, or the takers of two tests.
    """
    if not is_a(problem, ManagerProblem):
        raise OptionError("problem", "must be a ManagerProblem", value=type(problem).__name__)
    listed = in_order("tests", tests, OptionError, "must be a sequence of tests")
    taken: set[int] = set()
    for index, test in enumerate(listed):
        if not isinstance(test, ScreeningTest):
            raise OptionError(
                "tests", "must be ScreeningTests", index=index, value=type(test).__name__
            )
        for name in ("p", "q"):
            number = _number(name, getattr(test, name), PriorError)
            if not 0.0 <= number <= 1.0 + BLUR:
                raise PriorError(name, "must lie in [0, 1]", value=number)
        if not isinstance(test.kind, str) or test.kind not in get_args(ProposalKind):
            raise PriorError("kind", f"must be one of {', '.join(get_args(ProposalKind))}")
        _check_states(problem, test)
        _check_takers(problem, test, taken)
    return listed


def _number(field: str, value: Any, error: type[InputError]) -> float:
    try:
        number = math.nan if isinstance(value, (str, bytes, bool, complex)) else float(value)
    except Exception:
        number = math.nan
    if not math.isfinite(number):
        raise error(field, "must be a finite number")
    return number


def _check_states(problem: ManagerProblem, test: ScreeningTest) -> None:
    """Refuse an interval or a proposal that is none on the difficulty's states."""
    if not isinstance(test.interval, (tuple, list, np.ndarray)) or len(test.interval) != 2:
        raise PriorError("interval", "must be the lowest and highest state of a proposal")
    low, high = (_number("interval", end, PriorError) for end in test.interval)
    difficulty = problem.difficulty
    if not isinstance(difficulty, StateGrid):
        if test.proposal is not None:
            raise PriorError("proposal", "must be left out with a continuous difficulty")
        blur = BLUR * difficulty.high
        if not difficulty.low - blur <= low <= high <= difficulty.high + blur:
            raise PriorError(
                "interval",
                f"must lie in [{difficulty.low:g}, {difficulty.high:g}]",
                value=(low, high),
            )
        if test.kind == "threshold" and high < difficulty.high - blur:
            raise PriorError("kind", "must be interval if not all high states are proposed on")
        return
    try:
        sigma = np.asarray(test.proposal, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        sigma = np.empty(0)
    states = difficulty.states
    if test.proposal is None or sigma.shape != states.shape:
        raise PriorError("proposal", f"must have the states' shape {states.shape}")
    wrong = ~((sigma >= 0.0) & (sigma <= 1.0 + BLUR))
    if wrong.any():
        k = int(np.argmax(wrong))
        raise PriorError("proposal", "must lie in [0, 1]", index=k, value=float(sigma[k]))
    on = np.flatnonzero((sigma > 0) & (difficulty.masses > 0))
    if not on.size:
        raise PriorError("proposal", "must be positive in some state")
    ends = np.array([low, high])
    if (np.abs(ends - states[[on[0], on[-1]]]) > BLUR * states[-1]).any():
        raise PriorError(
            "interval",
            "must be the lowest and highest state on which the test proposes",
            value=(low, high),
        )
    inner = sigma[on[0] + 1 :] if test.kind == "threshold" else sigma[on[0] + 1 : on[-1]]
    possible = difficulty.masses[on[0] + 1 :][: inner.size] > 0
    if test.kind != "general" and (inner[possible] < 1.0 - BLUR).any():
        raise PriorError("kind", "must be general for a proposal with gaps", value=test.kind)


def _check_takers(problem: ManagerProblem, test: ScreeningTest, taken: set[int]) -> None:
    """Refuse takers that are none, and types that are not theirs."""
    for name in ("takers", "types"):
        if not isinstance(getattr(test, name), (tuple, list, np.ndarray)):
            raise WorkerTypeError(name, "must be a sequence")
    types = [_number("types", x, WorkerTypeError) for x in test.types]
    takers = list(test.takers)
    if problem.types is None:
        if takers:
            raise WorkerTypeError("takers", "must be left out with a distribution of types")
        return
    count = problem.types.size
    for taker in takers:
        whole = isinstance(taker, (int, np.integer)) and not isinstance(taker, bool)
        if not (whole and 0 <= taker < count):
            raise WorkerTypeError("takers", f"must be positions of the {count} types", value=taker)
        if int(taker) in taken:
            raise WorkerTypeError("takers", "must not take two tests", value=taker)
        taken.add(int(taker))
    if types and takers:
        own = problem.types[np.array(takers)]
        if own.size != len(types) or (np.abs(own - types) > BLUR * own).any():
            raise WorkerTypeError("types", "must be those of the takers", value=tuple(types))
