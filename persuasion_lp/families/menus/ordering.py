r"""What theory says about a manager's procedures (LX).

A single test is a menu, and the same test can be run in public where its results cannot be
misreported. A menu with several tests is *not* always worth less than the best public test: who
takes which test is private, and a type that would accept more than his test proposes is not asked.
States 1/24 and 5/12 with probabilities 6/7 and 1/7, payment 1/5, types 3/2, 5/2, 37/8, 23/4, 47/8
with probabilities (23, 1, 15, 3, 27)/69: the menu pays 5851/241500, the best public test 9/434.
With a known type there is no such screening.
"""

from __future__ import annotations

from collections.abc import Mapping

from persuasion_lp.core.ordering import Check, at_most, chain
from persuasion_lp.core.result import Result
from persuasion_lp.families.menus.problem import ManagerProblem

__all__ = ["ordering"]


def ordering(problem: ManagerProblem, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """Single test ≤ menu ≤ profile menu, single test ≤ commitment; of a known type a chain."""
    several = [at_most(results, "menu", "profile_menu")] if "profile_menu" in results else []
    if problem.types is not None and problem.types.size == 1:
        return (*chain(results, ("single_test", "menu", "commitment")), *several)
    return (
        at_most(results, "single_test", "menu"),
        at_most(results, "single_test", "commitment"),
        *several,
    )
