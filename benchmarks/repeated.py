"""Specs: small games one after the other, beside HiGHS's own runs on the same arrays.

What a sweep does again and again. The instance is a batch of random games with threshold receivers;
the library constructs, builds, solves, decodes, certifies and wraps each. HiGHS gets the arrays
that the library hands it, with the same options: making a solver, loading it and running it is the
least that any programme around it takes.

=========================  ==================================================================
``repeated/simultaneous``  one public signal
``repeated/fixed order``   one receiver after the other in a given order
=========================  ==================================================================
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import highspy
import numpy as np

import persuasion_lp as plp
from benchmarks.engine import value_of
from benchmarks.registry import Ask, Contender, Outcome, Spec, WorkNotDoneError
from persuasion_lp.lp.engine.scaled import Scaled

__all__ = ["SPECS"]

GAMES = 50
"""Games of a batch."""

PER_GAME = 1.0
"""Milliseconds wanted of a game: a thousand a second."""


class Numbers(NamedTuple):
    """A game in plain numbers."""

    prior: Any
    thresholds: list[float]


class Loaded(NamedTuple):
    """A program as HiGHS gets it, with what its optimum is multiplied by and added to."""

    program: plp.LinearProgram
    scaled: Scaled
    options: Mapping[str, Any]


def _batch(n: int) -> list[Numbers]:
    rng = np.random.default_rng(n)
    return [
        Numbers(rng.dirichlet(np.ones(2**n)).reshape((2,) * n), rng.uniform(0.3, 0.9, n).tolist())
        for _ in range(GAMES)
    ]


def _solved(procedure: Any, numbers: Numbers) -> plp.GameResult:
    receivers = [plp.Receiver.threshold(threshold) for threshold in numbers.thresholds]
    game = plp.PersuasionGame(numbers.prior, receivers)
    settings: dict[str, Any] = {"order": range(game.n)} if procedure == "sequential" else {}
    result: plp.GameResult = plp.solve(game, procedure, **settings)
    return result


def _library(procedure: str) -> Contender:
    def solve(batch: list[Numbers]) -> list[plp.GameResult]:
        return [_solved(procedure, numbers) for numbers in batch]

    def decode(results: list[plp.GameResult]) -> Outcome:
        def recompute() -> float:
            if not all(result.certificate.ok for result in results):
                raise WorkNotDoneError("a certificate does not hold")
            return math.fsum(result.certificate.economic.value for result in results)

        return Outcome(
            math.fsum(result.value for result in results),
            recompute,
            columns=sum(result.lp.shape[1] for result in results),
            nonzeros=sum(result.lp.nonzeros for result in results),
        )

    return Contender("persuasion_lp", list, solve, decode)


def _highs(procedure: str) -> Contender:
    def prepare(batch: list[Numbers]) -> list[Loaded]:
        return [_loaded(_solved(procedure, numbers)) for numbers in batch]

    def solve(batch: list[Loaded]) -> list[tuple[Loaded, highspy.Highs]]:
        return [(loaded, _run(loaded)) for loaded in batch]

    def decode(solved: list[tuple[Loaded, highspy.Highs]]) -> Outcome:
        return Outcome(
            math.fsum(_value(loaded, solver) for loaded, solver in solved),
            lambda: math.fsum(_recomputed(loaded, solver) for loaded, solver in solved),
            columns=sum(loaded.program.shape[1] for loaded, _ in solved),
            nonzeros=sum(loaded.program.nonzeros for loaded, _ in solved),
        )

    return Contender("HiGHS alone", list, solve, decode, prepare=prepare)


def _loaded(result: plp.GameResult) -> Loaded:
    algorithm: Any = result.algorithm
    options = plp.SolverOptions().as_highs(algorithm, None)
    return Loaded(result.lp, Scaled(result.lp), options)


def _run(loaded: Loaded) -> highspy.Highs:
    solver = highspy.Highs()
    for name, value in loaded.options.items():
        solver.setOptionValue(name, value)
    m, n = loaded.program.shape
    solver.passModel(n, m, loaded.program.nonzeros, 1, 1, 0.0, *loaded.scaled.arrays)
    solver.run()
    return solver


def _value(loaded: Loaded, solver: highspy.Highs) -> float:
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise WorkNotDoneError(f"HiGHS ended with {solver.getModelStatus()}")
    unit = loaded.scaled.mass * loaded.scaled.reward
    return loaded.program.offset - float(solver.getInfo().objective_function_value) / unit


def _recomputed(loaded: Loaded, solver: highspy.Highs) -> float:
    return value_of(loaded.program, np.array(solver.getSolution().col_value) / loaded.scaled.mass)


def _per_game(times: Mapping[str, float]) -> float:
    return 1e3 * times["total"] / GAMES


SPECS = tuple(
    Spec(
        f"repeated/{name}",
        "receivers",
        (2, 3),
        _batch,
        (_library(procedure), _highs(procedure)),
        exponential=True,
        asks=(
            Ask("a game, certified", "persuasion_lp", _per_game, "ms", PER_GAME),
            Ask("a program, run", "HiGHS alone", _per_game, "ms"),
        ),
    )
    for name, procedure in (("simultaneous", "simultaneous"), ("fixed order", "sequential"))
)
