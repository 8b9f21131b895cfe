"""Specs: votes stage by stage against one column for each coalition and state.

A vote with a narrow majority, cutoffs between 0.6 and 0.95: in a given order, and in private.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import persuasion_lp as plp
from benchmarks.engine import FEASIBILITY_TOLERANCE
from benchmarks.registry import Contender, Outcome, Spec, WorkNotDoneError
from persuasion_lp.arrays import Floats
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.votes.solve import VotingProcedure

__all__ = ["SPECS"]


@dataclass(frozen=True, eq=False)
class Committee:
    """A vote in plain numbers."""

    prior: Floats
    cutoffs: Floats
    quota: int


def committee(n: int) -> Committee:
    """A random prior over 2^n states, and a majority of n voters."""
    rng = np.random.default_rng(n)
    prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
    return Committee(prior, rng.uniform(0.6, 0.95, n), n // 2 + 1)


def _contender(
    name: str,
    procedure: VotingProcedure,
    layout: Layout,
    columns: Callable[[int], int] | None,
    largest: int,
) -> Contender:
    def build(vote: Committee) -> plp.VotingGame:
        return plp.VotingGame(vote.prior, vote.cutoffs, vote.quota)

    def solve(game: plp.VotingGame) -> plp.GameResult:
        settings: dict[str, Any] = {}
        if procedure == "sequential":
            settings["order"] = tuple(range(game.n))
        return plp.solve(game, procedure, formulation=layout, **settings)

    def decode(result: plp.GameResult) -> Outcome:
        experiment, quota = result.experiment, result.problem.quota

        def recompute() -> float:
            if not result.certificate.ok:
                raise WorkNotDoneError("the certificate does not hold")
            priced = float((result.prices * result.problem.prior).sum())
            if not abs(priced - result.value) <= FEASIBILITY_TOLERANCE:
                raise WorkNotDoneError(f"prices add up to {priced!r}, not to {result.value!r}")
            won = experiment.actions.sum(axis=1) >= quota
            return float(experiment.joint[won].sum())

        return Outcome(
            result.value, recompute, columns=result.lp.shape[1], nonzeros=result.lp.nonzeros
        )

    return Contender(name, build, solve, decode, largest=largest, columns=columns)


def _coalitions(n: int) -> int:
    return math.comb(n, n // 2 + 1) * 2**n


def _private(n: int) -> int:
    return (n + 1) * 2**n


def _spec(procedure: VotingProcedure, columns: Callable[[int], int] | None) -> Spec:
    return Spec(
        f"votes/{procedure}",
        "voters",
        (3, 5, 7, 8, 9, 10),
        committee,
        (
            _contender("in stages", procedure, "nested", columns, 10),
            _contender("over coalitions", procedure, "paths", _coalitions, 9),
        ),
        exponential=True,
    )


SPECS = (_spec("sequential", None), _spec("first_best", _private))
