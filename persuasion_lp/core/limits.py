"""What a limit leaves: a bracket on the optimum of the whole call.

What ends a call may know little, or speak of one program of a search only. Before it leaves the
front door it is brought together with what is known of every problem of the family before anything
is solved: the sender can say nothing or everything, and is paid no more than the most in each
state.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from persuasion_lp.errors import LimitError
from persuasion_lp.limits.deadline import unlimited, within
from persuasion_lp.limits.memory import within_memory
from persuasion_lp.lp.highs import ProgramLimitError
from persuasion_lp.lp.options import SolverOptions

__all__ = ["Bracket", "nothing_known", "within_limits"]

Bracket = tuple[float, float]
"""Ends of an interval that contains the optimum."""

AnswerT = TypeVar("AnswerT")


def nothing_known(problem: Any, procedure: str) -> Bracket:
    """The bracket of a family that says nothing."""
    return -math.inf, math.inf


def within_limits(
    answer: Callable[[], AnswerT],
    options: SolverOptions | None,
    known: Callable[[], Bracket],
    memory_limit: int | None = None,
) -> AnswerT:
    """Answer before the time limit, in the memory that is allowed.

    Parameters
    ----------
    answer
        What is called.
    options
        They hold the time limit, which is one for everything.
    known
        A bracket on the optimum that needs no solving.
    memory_limit
        Bytes, one limit for everything.

    Raises
    ------
    SizeError
        If something would need more memory.
    LimitError
        If a limit was reached; its bracket is at most as wide as the one that is known. What is
        said of one program only (:class:`ProgramLimitError`) is not taken for a bracket of the
        whole.
    """
    try:
        with within(None if options is None else options.seconds), within_memory(memory_limit):
            return answer()
    except LimitError as limit:
        with unlimited():
            lower, upper = known()
        if not isinstance(limit, ProgramLimitError):
            lower, upper = max(lower, limit.best_value), min(upper, limit.best_bound)
        raise LimitError(limit.limit, best_bound=upper, best_value=lower) from limit
