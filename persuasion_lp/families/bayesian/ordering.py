"""What theory says about the procedures of a Bayesian game (Bergemann and Morris 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from persuasion_lp.core.ordering import Check, at_most
from persuasion_lp.core.result import Result

__all__ = ["ordering"]

PAIRS = (
    ("unelicited", "elicited"),
    ("elicited", "bce"),
    ("public", "bce"),
    ("bce", "coarse"),
    ("adversarial", "bce"),
)


def ordering(game: Any, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """Inequalities of the procedures, the other way round if the objective is minimized.

    The worst equilibrium is then left out.
    """
    found = []
    for low, high in PAIRS:
        if low not in results or high not in results:
            continue
        one: Any = results[low]
        other: Any = results[high]
        if one.sense == other.sense:
            found.append(at_most(results, *((low, high) if one.sense == "max" else (high, low))))
    return tuple(found)
