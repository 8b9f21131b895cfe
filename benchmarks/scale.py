"""Specs: large games by the routes that use their structure, beside the whole program.

The whole program is what any solver gets: this library's own ``formulation="nested"``, and the same
instance in cvxpy. Priors are Dirichlet(½), cutoffs uniform between ½ and .9.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import persuasion_lp as plp
from benchmarks.games import as_game
from benchmarks.registry import Contender, Outcome, Spec, WorkNotDoneError
from benchmarks.textbook import Instance, Procedure, cvxpy_vectorized, expected_value

__all__ = ["SPECS", "library_solving"]


def large_instance(procedure: Procedure, n: int) -> Instance:
    """The instance of performance measurements: one for each n."""
    rng = np.random.default_rng(0)
    prior = rng.dirichlet(np.full(2**n, 0.5)).reshape((2,) * n)
    return Instance(procedure, prior, rng.uniform(0.5, 0.9, n))


def majority(instance: Instance) -> plp.PersuasionGame:
    """The sender wants more than half of the receivers to accept."""
    n = instance.n
    game = as_game(instance)
    return plp.PersuasionGame(
        game.prior, game.receivers, 1.0 * (np.indices((2,) * n).sum(axis=0) > n / 2)
    )


def library_solving(
    name: str,
    state: Callable[[Instance], plp.PersuasionGame],
    procedure: Any,
    largest: int | None,
    **settings: Any,
) -> Contender:
    """The public function, from plain numbers to a certified answer."""

    def decode(result: Any) -> Outcome:
        experiment = result.experiment

        def recompute() -> float:
            game = result.problem
            if not result.certificate.ok:
                raise WorkNotDoneError("; ".join(result.certificate.failures))
            if game.payoff is not None:
                paid = game.payoff_table(experiment.actions, experiment.support)
                return float((paid * experiment.joint).sum())
            joint = np.zeros((len(experiment.joint), game.prior.size))
            joint[:, experiment.support] = experiment.joint
            cutoffs = np.array([receiver.cutoffs[0] for receiver in game.receivers])
            instance = Instance(procedure, game.prior, cutoffs)
            return expected_value(instance, experiment.orders, experiment.actions, joint)

        return Outcome(
            result.value,
            recompute,
            columns=result.size.columns,
            nonzeros=result.size.nonzeros,
            details={f"in {phase}": seconds for phase, seconds in result.times.items()},
            lower=result.lower,
            upper=result.upper,
        )

    return Contender(
        name,
        state,
        lambda game: plp.solve(game, procedure, **settings),
        decode,
        largest=largest,
        columns=lambda n: 4**n,
    )


def _public(instance: Instance) -> plp.PersuasionGame:
    return as_game(instance)


SPECS = (
    Spec(
        "scale/public",
        "receivers",
        (6, 7, 8, 9, 10),
        lambda n: large_instance("simultaneous", n),
        (
            library_solving("persuasion_lp", _public, "simultaneous", None, formulation="blocks"),
            library_solving("whole program", _public, "simultaneous", 9, formulation="nested"),
            cvxpy_vectorized("simultaneous", 7),
        ),
        exponential=True,
    ),
    Spec(
        "scale/private",
        "receivers",
        (6, 7, 8, 9, 10, 11, 12),
        lambda n: large_instance("first_best", n),
        (
            library_solving("persuasion_lp", majority, "first_best", None, formulation="columns"),
            library_solving("whole program", majority, "first_best", 8, formulation="nested"),
        ),
        exponential=True,
    ),
)
