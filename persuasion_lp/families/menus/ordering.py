"""What theory says about a manager's procedures (LX)."""

from __future__ import annotations

from collections.abc import Mapping

from persuasion_lp.core.ordering import Check, chain
from persuasion_lp.core.result import Result
from persuasion_lp.families.menus.problem import ManagerProblem

__all__ = ["ordering"]


def ordering(problem: ManagerProblem, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """Single test ≤ menu ≤ commitment: a single test is a menu, and commitment drops (OB-M)."""
    return chain(results, ("single_test", "menu", "commitment"))
