"""What theory says about the procedures of a game (KKS, Theorems 1 and 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.ordering import Check, chain, equal, margin
from persuasion_lp.core.result import Result
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["order_of_procedures", "ordering"]


def ordering(game: PersuasionGame, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """The order of the procedures; both theorems for additive payoffs and binary own states."""
    return order_of_procedures(results, theorems=game.additive and game.binary)


def order_of_procedures(results: Mapping[str, Result], *, theorems: bool) -> tuple[Check, ...]:
    """Simultaneous ≤ best sequential ≤ intermediate ≤ flexible ≤ first best, and the theorems."""
    checks = chain(results, get_args(Procedure))
    if theorems:
        checks += (equal(results, "flexible", "first_best", "KKS Theorem 2"), _theorem_1(results))
    return checks


def _theorem_1(results: Mapping[str, Result]) -> Check:
    """The best order is better than a simultaneous signal iff that signal misses first best."""
    simultaneous, sequential = results["simultaneous"], results["sequential"]
    misses = results["first_best"].value - simultaneous.value > margin(results)
    gains = sequential.value - simultaneous.value
    if misses:
        return Check(
            "simultaneous < sequential, since simultaneous < first_best (KKS Theorem 1)",
            True if gains > margin(results) else None,
        )
    return Check("simultaneous = sequential = first_best (KKS Theorem 1)", gains <= margin(results))
