"""Specs: persuasion games by procedure, size by number of receivers.

The baseline is this library phase by phase. Against it run the same game as people write it (one
column for each path of recommendations and each state, however this library lays it out), and HiGHS
alone on the very arrays that this library builds, with the algorithm that it chooses.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import persuasion_lp as plp
from benchmarks.engine import ASKS, FEASIBILITY_TOLERANCE, highs_alone, share
from benchmarks.registry import Ask, Contender, Outcome, Spec, WorkNotDoneError
from benchmarks.textbook import (
    Instance,
    Procedure,
    cvxpy_loops,
    cvxpy_vectorized,
    expected_value,
    linprog,
    random_instance,
)
from persuasion_lp.families.games import procedures
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.games.decoding import (
    decode_experiment,
    decode_multipliers,
    decode_prices,
)
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.programme import Programme, build_programme
from persuasion_lp.lp.highs import solve_lp

__all__ = ["SPECS", "as_game", "programme_of"]

Columns = Callable[[int], int]


def as_game(instance: Instance) -> plp.PersuasionGame:
    """The instance in this library's terms."""
    return plp.PersuasionGame(
        instance.prior, [plp.Receiver.threshold(cutoff) for cutoff in instance.cutoffs]
    )


def programme_of(instance: Instance, layout: Layout) -> Programme:
    """The program that this library lays out."""
    game = as_game(instance)
    match instance.procedure:
        case "simultaneous":
            splits = procedures.simultaneous(game)
        case "sequential":
            splits = procedures.sequential(game, tuple(range(game.n)), layout)
        case "flexible":
            splits = procedures.flexible(game, layout)
        case "first_best":
            splits = procedures.first_best(game, layout)
    return build_programme(game, splits)


def library(layout: Layout, columns: Columns) -> Contender:
    """Phase by phase: programme, certified optimum, experiment, prices and their certificate."""

    def build(instance: Instance) -> Any:
        return instance, programme_of(instance, layout)

    def solve(model: Any) -> Any:
        instance, programme = model
        return instance, programme, solve_lp(programme.lp)

    def decode(solved: Any) -> Outcome:
        instance, programme, solution = solved
        experiment = decode_experiment(programme, solution, instance.procedure)
        prices = decode_prices(programme, solution).prices
        multipliers = decode_multipliers(programme, solution)
        started = time.perf_counter()
        certificate = certify_experiment(programme.game, experiment, solution.value)
        certified = time.perf_counter() - started

        def recompute() -> float:
            priced = float((prices * instance.prior).sum())
            if not abs(priced - solution.value) <= FEASIBILITY_TOLERANCE:
                raise WorkNotDoneError(f"prices add up to {priced!r}, not to {solution.value!r}")
            if not (certificate.ok and len(multipliers) == instance.n):
                raise WorkNotDoneError("; ".join(certificate.failures) or "multipliers are missing")
            joint = np.zeros((len(experiment.joint), instance.prior.size))
            joint[:, experiment.support] = experiment.joint
            return expected_value(instance, experiment.orders, experiment.actions, joint)

        return Outcome(
            solution.value,
            recompute,
            columns=programme.lp.shape[1],
            nonzeros=programme.lp.nonzeros,
            details={**solution.times, "economic": certified},
        )

    return Contender("persuasion_lp", build, solve, decode, columns=columns)


_PROOF = ("certify", "economic")

_ASKS = (
    *ASKS,
    Ask("both certificates, of HiGHS's run", "persuasion_lp", partial(share, _PROOF, "run"), "%"),
    Ask("both certificates, of the total", "persuasion_lp", partial(share, _PROOF, "total"), "%"),
)


def _paths(n: int) -> int:
    return 4**n


def _stages(n: int) -> int:
    return n * 2 ** (n + 1)


def _private(n: int) -> int:
    return 4 * n


def _branching(n: int) -> int:
    """2^(n+1) columns for each beginning of an order of n receivers."""
    return 2 ** (n + 1) * sum(math.perm(n, k) for k in range(1, n + 1))


def _spec(
    name: str,
    procedure: Procedure,
    layout: Layout,
    columns: Columns,
    sizes: tuple[int, ...],
    largest: tuple[int, int, int],
) -> Spec:
    """One procedure; ``largest`` is for cvxpy in loops, cvxpy vectorized and linprog."""
    return Spec(
        f"games/{name}",
        "receivers",
        sizes,
        partial(random_instance, procedure),
        (
            library(layout, columns),
            highs_alone(lambda instance: programme_of(instance, layout).lp, columns),
            cvxpy_loops(procedure, largest[0]),
            cvxpy_vectorized(procedure, largest[1]),
            linprog(procedure, largest[2]),
        ),
        exponential=True,
        asks=_ASKS,
    )


SPECS = (
    _spec("simultaneous", "simultaneous", "nested", _paths, (2, 3, 4, 5, 6, 7, 8), (4, 7, 8)),
    _spec("sequential-paths", "sequential", "paths", _paths, (2, 3, 4, 5, 6, 7, 8), (4, 7, 7)),
    _spec("sequential-nested", "sequential", "nested", _stages, (2, 4, 6, 7, 8, 9, 10), (4, 7, 8)),
    _spec("flexible", "flexible", "nested", _branching, (2, 3, 4, 5), (3, 4, 4)),
    _spec("first-best", "first_best", "nested", _private, (2, 4, 6, 8, 10), (4, 6, 6)),
)
