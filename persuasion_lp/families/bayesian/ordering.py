"""What theory says about the procedures of a Bayesian game (Bergemann and Morris 2019)."""

from __future__ import annotations

from collections.abc import Mapping

from persuasion_lp.core.ordering import Check, at_most
from persuasion_lp.core.result import Result
from persuasion_lp.families.bayesian.problem import BayesianGame

__all__ = ["ordering"]

PAIRS = (
    ("unelicited", "elicited"),
    ("elicited", "bce"),
    ("public", "bce"),
    ("bce", "coarse"),
    ("adversarial", "bce"),
)


def ordering(game: BayesianGame, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """Unelicited ≤ elicited ≤ bce ≤ coarse, public ≤ bce, adversarial ≤ bce."""
    return tuple(
        at_most(results, low, high) for low, high in PAIRS if low in results and high in results
    )
