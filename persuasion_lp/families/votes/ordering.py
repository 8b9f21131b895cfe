"""What theory says about the procedures of a vote (KKS, Section 7)."""

from __future__ import annotations

from collections.abc import Mapping

from persuasion_lp.core.ordering import Check, chain, equal
from persuasion_lp.core.result import Result
from persuasion_lp.families.votes.problem import VotingGame

__all__ = ["ordering"]


def ordering(game: VotingGame, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """Simultaneous ≤ best sequential ≤ first best; under unanimity the first two are equal."""
    checks = chain(results, ("simultaneous", "sequential", "first_best"))
    if game.quota == game.n:
        checks += (equal(results, "simultaneous", "sequential", "unanimity, KKS Proposition 2"),)
    return checks
