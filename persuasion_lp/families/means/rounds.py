"""Solve on a grid of states, in rounds of adding means until the price function dominates."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import LimitError
from persuasion_lp.families.means.exact import InFloats, optimum
from persuasion_lp.families.means.pooling import LEAST_PROBABILITY, excess_between, together
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    PriceFunction,
    build_means,
    candidate_means,
    means_size,
    read_means,
)
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.primitives.states import StateGrid

__all__ = ["Solved", "at_optimum", "pooled", "positive", "solved_exactly", "solved_on"]

EXCESS = 1e-9
"""Excess of a payoff over the price function, relative to the payoff, at which no mean is added:
the tolerance to which programs keep their dual."""

MOST_ROUNDS = 40
"""Rounds of adding means; the excess falls quadratically."""

FIRST_MEANS = 65
"""Evenly spaced first candidates for a payoff given as a function."""

NO_LOSS = 1e-15
"""Pooling may lower the value by no more than this share of the largest payoff: rounding."""


@dataclass(frozen=True, eq=False)
class Solved:
    """What a programme on a grid of states gave.

    Attributes
    ----------
    grid
        The states of positive mass.
    tried
        Candidate means.
    means, probabilities
        Those found, shape ``(S,)``.
    price
        The price function.
    excess
        Largest excess of v over it that was seen between candidates.
    scale
        Largest payoff, in absolute value.
    lp, value, certificate, algorithm, rounds
        The last program, its value (``nan`` if it was not solved in floats), its certificate, how
        it was solved, and how many were before.
    """

    grid: StateGrid
    tried: Floats
    means: Floats
    probabilities: Floats
    price: PriceFunction
    excess: float
    scale: float
    lp: LinearProgram
    value: float
    certificate: LPCertificate | None
    algorithm: str
    rounds: int


def solved_on(
    game: PosteriorMeanGame,
    grid: StateGrid,
    formulation: MeansFormulation,
    options: SolverOptions,
    memory_limit: int,
) -> Solved:
    """Solve on a grid of states, adding candidate means until the price function dominates."""
    grid = positive(grid)
    means = _first_means(game, grid)
    for rounds in range(MOST_ROUNDS):
        means_size(grid.size, means.size, formulation).check(memory_limit)
        payoffs = game.values(means)
        lp = build_means(grid, means, payoffs, formulation)
        solution = solve_lp(lp, options)
        probabilities, price = read_means(grid, solution, formulation)
        scale = float(np.abs(payoffs).max()) or 1.0
        largest, finer = 0.0, means
        if game.breakpoints is None:
            points, excess = excess_between(game, price, means)
            largest = float(np.max(excess, initial=0.0))
            added = [points[excess > EXCESS * scale], together(means, probabilities)]
            finer = np.union1d(means, np.concatenate(added))
        if largest <= EXCESS * scale or finer.size == means.size:
            return Solved(
                grid=grid,
                tried=means,
                means=means,
                probabilities=probabilities,
                price=price,
                excess=largest,
                scale=scale,
                lp=lp,
                value=solution.value,
                certificate=solution.certificate,
                algorithm=solution.algorithm,
                rounds=rounds,
            )
        means = finer
    raise LimitError("iterations", best_bound=math.inf, best_value=-math.inf)


def solved_exactly(
    game: PosteriorMeanGame,
    grid: StateGrid,
    formulation: MeansFormulation,
    memory_limit: int,
    before: Solved | None = None,
) -> Solved:
    """A rational optimum on a grid, with the candidates tried ``before``, read in floats.

    Raises
    ------
    SizeError, ExactSizeError, ExactnessError
        See :func:`~persuasion_lp.families.means.exact.optimum`.
    """
    grid = positive(grid)
    states, masses = grid.settled_numbers
    tried = _first_means(game, grid) if before is None else before.tried
    extra = tried[~np.isin(tried, grid.states)]
    means = candidate_means(states, np.array([Fraction(m) for m in extra.tolist()], dtype=object))
    payoffs = game.values(means.astype(np.float64))
    exactly = np.array([Fraction(v) for v in payoffs.tolist()], dtype=object)
    solution = optimum(states, masses, means, exactly, formulation, memory_limit)
    in_floats = StateGrid(states, masses)
    probabilities, price = read_means(in_floats, InFloats(solution), formulation)
    found = means.astype(np.float64)
    return Solved(
        grid=grid,
        tried=found,
        means=found,
        probabilities=probabilities,
        price=price,
        excess=0.0 if before is None else before.excess,
        scale=float(np.abs(payoffs).max()) or 1.0,
        lp=build_means(grid, found, payoffs, formulation),
        value=float(solution.value),
        certificate=None,
        algorithm="rational arithmetic",
        rounds=0 if before is None else before.rounds,
    )


def at_optimum(
    game: PosteriorMeanGame,
    grid: StateGrid,
    formulation: MeansFormulation,
    price: PriceFunction,
    value: float,
) -> Solved:
    """A rational optimum in the place of what the float programme did not find."""
    means = _first_means(game, grid)
    payoffs = game.values(means)
    return Solved(
        grid=grid,
        tried=means,
        means=means,
        probabilities=np.zeros(means.size),
        price=price,
        excess=0.0,
        scale=float(np.abs(payoffs).max()) or 1.0,
        lp=build_means(grid, means, payoffs, formulation),
        value=value,
        certificate=None,
        algorithm="rational arithmetic",
        rounds=0,
    )


def pooled(game: PosteriorMeanGame, solved: Solved) -> Solved:
    """Pool neighbouring means wherever that pays no less: a contraction of an optimum is one.

    It joins means that differ by the solver's tolerance, and everything in a linear piece.
    """
    carried = solved.probabilities > LEAST_PROBABILITY
    kept: list[tuple[float, float, float]] = []
    means, h = solved.means[carried], solved.probabilities[carried]
    for entry in zip(means.tolist(), h.tolist(), game.values(means).tolist(), strict=True):
        kept.append(entry)
        while len(kept) > 1:
            (one, mass, paid), (other, more, gained) = kept[-2:]
            mean = one + (other - one) * more / (mass + more)
            pays = float(game.values(np.array([mean]))[0])
            if (mass + more) * pays < mass * paid + more * gained - NO_LOSS * solved.scale:
                break
            kept[-2:] = [(mean, mass + more, pays)]
    merged = np.array(kept)
    return replace(solved, means=merged[:, 0], probabilities=merged[:, 1])


def positive(grid: StateGrid) -> StateGrid:
    """The states of positive mass."""
    kept = grid.masses > 0
    return grid if kept.all() else StateGrid(grid.states[kept], grid.masses[kept])


def _first_means(game: PosteriorMeanGame, grid: StateGrid) -> Floats:
    extra = game.breakpoints
    if extra is None:
        even = np.linspace(grid.states[0], grid.states[-1], FIRST_MEANS)
        extra = np.concatenate([even, getattr(game.payoff, "kinks", ())])
    return candidate_means(grid.states, extra)
