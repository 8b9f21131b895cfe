"""Make a counterexample simpler while it stays one: fewer players and states, smaller rationals.

Greedy descent. Each round proposes simpler instances, boldest first
(:meth:`RationalInstance.simpler`), and takes the first on which the property still fails; it ends
when none is left or the evaluations are used up. Simpler means a smaller tuple
(:attr:`RationalInstance.size`), so every step counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from persuasion_lp.core.forms.base import RationalInstance

__all__ = ["shrink"]

MOST_EVALUATIONS = 1000
"""Evaluations of the property in one descent: a few seconds for games of three receivers."""


def shrink(
    instance: RationalInstance,
    fails: Callable[[Any], bool],
    *,
    most_evaluations: int = MOST_EVALUATIONS,
) -> tuple[RationalInstance, int]:
    """Simplify an instance on which a property fails.

    Parameters
    ----------
    instance
        The counterexample; ``RationalInstance.of(problem)`` reads a problem.
    fails
        Whether the property fails on a problem. Problems for which it raises an exception are
        passed over: what is simpler may have no second receiver, or no solution.
    most_evaluations
        When to stop.

    Returns
    -------
    tuple
        The simplest instance found, and the number of evaluations.
    """
    evaluations = 0
    seen = {instance}
    found = True
    while found:
        found = False
        for candidate in instance.simpler():
            if candidate in seen or candidate.size >= instance.size:
                continue
            if evaluations >= most_evaluations:
                return instance, evaluations
            seen.add(candidate)
            evaluations += 1
            if _still_fails(candidate, fails):
                instance, found = candidate, True
                break
    return instance, evaluations


def _still_fails(instance: RationalInstance, fails: Callable[[Any], bool]) -> bool:
    try:
        return fails(instance.build())
    except Exception:
        return False
