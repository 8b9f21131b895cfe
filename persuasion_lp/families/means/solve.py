r"""Solve a :class:`PosteriorMeanGame`, and certify the answer by its price function.

On a grid of states with a piecewise linear payoff one programme is exact. Other payoffs need more
candidate means: after each programme the means at which v exceeds the price function P are added,
and the means of neighbouring candidates that carry mass together; the largest excess ε of v over P
gives the bound value + ε, since P + ε is a price function. A continuous prior is bracketed by the
grids of cell means and of cell ends. P on the latter is linear between cell ends, and cells keep
their mean there, so ∫ P dF is the same for the continuous F: P prices the continuous problem.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    LimitError,
    PayoffError,
    SolveError,
    SolverFailureError,
)
from persuasion_lp.families.means.bracket import Bracket, bracket, exact_bracket, written_numbers
from persuasion_lp.families.means.pooling import (
    LEAST_PROBABILITY,
    excess_between,
    pooling_segments,
    together,
)
from persuasion_lp.families.means.problem import MeansNumbers, PosteriorMeanGame
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    PriceFunction,
    build_means,
    candidate_means,
    means_size,
    read_means,
    spread_integral,
)
from persuasion_lp.families.means.result import (
    MeansCertificate,
    MeansProcedure,
    MeansResult,
    PriceCheck,
)
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["MeansSettings", "solve_means"]

CELLS = 64
"""Cells of a continuous prior unless the user says otherwise."""

MOST_CELLS = 512
"""Cells at which refinement to a given width is given up: the programme grows with their square."""

EXCESS = 1e-9
"""Excess of a payoff over the price function, relative to the payoff, at which no mean is added:
the tolerance to which programs keep their dual."""

MOST_ROUNDS = 40
"""Rounds of adding means; the excess falls quadratically."""

FIRST_MEANS = 65
"""Evenly spaced first candidates for a payoff given as a function."""

BOUND_CELLS = 2**18
"""Cells on which a function of which something is assumed is bounded between candidate means."""

NO_ASSUMPTION = (
    "nothing bounds the payoff between the means that are tried; state an assumption: "
    "BeliefFunction(function, shape=, lipschitz= or cell_bound=)"
)

NO_LOSS = 1e-15
"""Pooling may lower the value by no more than this share of the largest payoff: rounding."""


@dataclass(frozen=True, eq=False)
class _Solved:
    grid: StateGrid
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


@dataclass(frozen=True, kw_only=True)
class MeansSettings(Settings):
    """Settings of a posterior-mean game, and of a manager's commitment benchmark.

    Attributes
    ----------
    formulation
        ``"majorization"`` or ``"transport"``.
    cells
        Cells of the grids of a continuous prior, unless ``tol`` is given.
    tol
        Width to which the bracket is refined.
    options
        Algorithm, limits, HiGHS options.
    memory_limit
        Bytes that a linear program may take.
    """

    formulation: MeansFormulation = "majorization"
    cells: int = CELLS
    tol: float | None = None
    options: SolverOptions | None = None
    memory_limit: int = MEMORY_LIMIT


def solve_means(
    procedure: MeansProcedure,
    game: PosteriorMeanGame,
    settings: MeansSettings,
    problem: Any = None,
    *,
    ends: Floats | None = None,
) -> MeansResult:
    """Solve a posterior-mean game.

    ``problem`` is what it was made from, if not itself; ``ends`` are further ends of the cells of a
    continuous prior.
    """
    started = time.perf_counter()
    cells, tol = settings.cells, settings.tol
    if tol is not None and not game.bounded:
        raise PayoffError("tol", f"cannot be reached: {NO_ASSUMPTION}", value=tol)
    tried: list[Refinement] = []
    numbers = written_numbers(game)
    proved: Bracket | None = None
    if isinstance(game.prior, StateGrid):
        try:
            low = high = _on_grid(game, game.prior, settings)
        except (CertificateError, SolverFailureError) as failed:
            if numbers is None:
                raise
            low, proved = _exactly(game, numbers, settings, failed)
            high = low
    else:
        while True:
            means_size(cells, cells, settings.formulation).check(settings.memory_limit)
            low, high = (
                _on_grid(
                    game,
                    StateGrid.from_distribution(game.prior, _cells(game.prior, cells, ends), rule),
                    settings,
                )
                for rule in ("means", "endpoints")
            )
            bound = _bound(game, high)
            tried.append(Refinement(cells, low.value, bound))
            if tol is None or bound is None or bound - low.value <= tol:
                break
            if 2 * cells > MOST_CELLS:
                raise LimitError("refinement", best_bound=bound, best_value=low.value)
            cells *= 2
    upper = high.value + high.excess
    pooled = _pooled(game, low) if proved is None else low
    if numbers is not None:
        proved = proved or bracket(
            game, numbers, pooled.means, pooled.probabilities, low.price, settings.formulation
        )
        pooled = _paying(pooled, proved)
        low = high = replace(low, price=pooled.price)
        upper = proved.highest
    certificate = _certificate(game, pooled, high, upper, proved)
    certificate.enforce()
    means, probabilities = pooled.means, pooled.probabilities
    value = certificate.value
    bound = upper if proved is not None else _bound(game, high)
    return MeansResult(
        problem=game if problem is None else problem,
        game=game,
        procedure=procedure,
        formulation=settings.formulation,
        value=value,
        lower=value,
        upper=None if bound is None else max(bound, value),
        grid=low.grid,
        means=frozen(means),
        probabilities=frozen(probabilities / math.fsum(probabilities)),
        price=high.price,
        segments=pooling_segments(low.grid, means, probabilities),
        certificate=certificate,
        bracket=proved,
        lp=low.lp,
        algorithm=low.algorithm,
        rounds=max(low.rounds, high.rounds),
        refinements=tuple(tried),
        times=FrozenMapping({"solve": time.perf_counter() - started}),
    )


def _cells(prior: StateDistribution, cells: int, ends: Floats | None) -> int | Floats:
    """Number of cells, or their ends where some are given."""
    if ends is None:
        return cells
    return np.union1d(np.linspace(prior.low, prior.high, cells + 1), ends)


def _on_grid(
    game: PosteriorMeanGame,
    grid: StateGrid,
    settings: MeansSettings,
) -> _Solved:
    """Solve on a grid of states, adding candidate means until the price function dominates."""
    grid, formulation = _positive(grid), settings.formulation
    extra = game.breakpoints
    if extra is None:
        even = np.linspace(grid.states[0], grid.states[-1], FIRST_MEANS)
        extra = np.concatenate([even, getattr(game.payoff, "kinks", ())])
    means = candidate_means(grid.states, extra)
    for rounds in range(MOST_ROUNDS):
        means_size(grid.size, means.size, formulation).check(settings.memory_limit)
        payoffs = game.values(means)
        lp = build_means(grid, means, payoffs, formulation)
        solution = solve_lp(lp, settings.options)
        probabilities, price = read_means(grid, solution, formulation)
        scale = float(np.abs(payoffs).max()) or 1.0
        if game.breakpoints is not None:
            return _solved(grid, means, probabilities, price, 0.0, scale, solution, rounds)
        points, excess = excess_between(game, price, means)
        largest = float(np.max(excess, initial=0.0))
        added = np.concatenate([points[excess > EXCESS * scale], together(means, probabilities)])
        finer = np.union1d(means, added)
        if largest <= EXCESS * scale or finer.size == means.size:
            return _solved(grid, means, probabilities, price, largest, scale, solution, rounds)
        means = finer
    raise LimitError("iterations", best_bound=solution.value + largest, best_value=solution.value)


def _solved(
    grid: StateGrid,
    means: Floats,
    probabilities: Floats,
    price: PriceFunction,
    excess: float,
    scale: float,
    solution: LPSolution,
    rounds: int,
) -> _Solved:
    return _Solved(
        grid=grid,
        means=means,
        probabilities=probabilities,
        price=price,
        excess=excess,
        scale=scale,
        lp=solution.lp,
        value=solution.value,
        certificate=solution.certificate,
        algorithm=solution.algorithm,
        rounds=rounds,
    )


def _bound(game: PosteriorMeanGame, solved: _Solved) -> float | None:
    """Upper bound that a price function proves over all means; ``None`` if v is not bounded.

    P + ε is a price function if ε is at least v − P everywhere: with the pieces of v known at the
    candidates, and of a function of which something is assumed, at the breakpoints of a
    piecewise-linear function above it.
    """
    priced = solved.value if solved.certificate is None else solved.certificate.bound
    if game.breakpoints is not None:
        return priced
    price, payoff = solved.price, game.payoff
    even = np.linspace(0.0, 1.0, BOUND_CELLS + 1)
    kinks = np.concatenate([even, solved.means, getattr(payoff, "kinks", ())])
    above = payoff.above(np.unique(kinks)) if isinstance(payoff, BeliefFunction) else None
    if above is None:
        return None
    points = candidate_means(price.knots, above.breakpoints)
    return priced + max(float((above(points) - price(points)).max()), 0.0)


def _exactly(
    game: PosteriorMeanGame, numbers: MeansNumbers, settings: MeansSettings, failed: SolveError
) -> tuple[_Solved, Bracket]:
    """The answer in rational arithmetic, where floating point has none that is proved."""
    try:
        proved = exact_bracket(game, numbers, settings.formulation)
    except (ExactSizeError, ExactnessError):
        raise failed from None
    grid = _positive(cast(StateGrid, game.prior))
    means = candidate_means(grid.states, cast(Floats, game.breakpoints))
    payoffs = game.values(means)
    lp = build_means(grid, means, payoffs, settings.formulation)
    price = cast(PriceFunction, proved.price)
    scale = float(np.abs(payoffs).max()) or 1.0
    value = proved.lowest
    none = np.zeros(means.size)
    found = _Solved(grid, means, none, price, 0.0, scale, lp, value, None, "rational arithmetic", 0)
    return found, proved


def _pooled(game: PosteriorMeanGame, solved: _Solved) -> _Solved:
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


def _paying(solved: _Solved, proved: Bracket) -> _Solved:
    """The experiment that the lower end of a bracket is about, and the price that proves it."""
    found = proved.experiment
    return replace(
        solved,
        means=np.array(found.means, dtype=np.float64),
        probabilities=np.array(found.probabilities, dtype=np.float64),
        price=solved.price if proved.price is None else proved.price,
    )


def _positive(grid: StateGrid) -> StateGrid:
    kept = grid.masses > 0
    return grid if kept.all() else StateGrid(grid.states[kept], grid.masses[kept])


def _certificate(
    game: PosteriorMeanGame, low: _Solved, high: _Solved, upper: float, proved: Bracket | None
) -> MeansCertificate:
    means, h = low.means, low.probabilities
    inner = low.grid.states
    room = spread_integral(low.grid.states, low.grid.masses, inner) - spread_integral(
        means, h, inner
    )
    spread = max(
        float(-room.min()),
        abs(math.fsum(h) - 1.0),
        abs(math.fsum(h * means) - low.grid.mean),
    )
    value = math.fsum(h * game.values(means)) if proved is None else proved.lowest
    points = np.concatenate([high.means, excess_between(game, high.price, high.means)[0]])
    own, scale = low.price, max(low.scale, high.scale)
    return MeansCertificate(
        lp=_worse(low.certificate, high.certificate),
        price=PriceCheck(
            convexity=float(np.max(-np.diff(high.price.slopes), initial=0.0))
            * float(np.ptp(high.price.knots))
            / scale,
            excess=(float((game.values(points) - high.price(points)).max()) - high.excess) / scale,
            touching=_apart(game, own, means, h, proved) / scale,
            integral=abs(high.price.integral(high.grid) - high.value) / scale,
        ),
        spread_residual=spread if proved is None else 0.0,
        value_residual=abs(value - low.value) / scale if proved is None else 0.0,
        value=value,
        upper=upper,
        width=None if proved is None else proved.width,
        scale=scale if proved is None else proved.scale,
        route="float" if proved is None else proved.route,
    )


def _apart(
    game: PosteriorMeanGame, price: PriceFunction, means: Floats, h: Floats, proved: Bracket | None
) -> float:
    """How far payoff and price are apart on the support.

    Weighted by probability where the experiment is exact: complementarity, in which signals that
    rounding made carry no more than their mass. v is as written there, so that no jump is lost.
    """
    if proved is None:
        return float(np.abs(price(means) - game.values(means)).max())
    return float(h @ np.abs(price(means) - np.array(proved.experiment.payoffs, dtype=np.float64)))


def _worse(one: LPCertificate | None, other: LPCertificate | None) -> LPCertificate | None:
    return other if one is None or one.ok else one
