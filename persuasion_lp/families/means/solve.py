r"""Solve a :class:`PosteriorMeanGame`, and bracket its value by an experiment and a price function.

On a grid of states with a piecewise linear payoff one programme is exact. Other payoffs need more
candidate means: after each programme the means at which v exceeds the price function P are added,
and the means of neighbouring candidates that carry mass together; with an assumption on v the
largest excess ε of v over P gives a bound, since P + ε is a price function. A continuous prior is
bracketed by the grids of cell means and of cell ends. P on the latter is linear between cell ends,
and cells keep their mean there, so ∫ P dF is the same for the continuous F: P prices the continuous
problem.

The bracket does not rest on what the solver says
(:mod:`~persuasion_lp.families.means.proof.repair`,
:mod:`~persuasion_lp.families.means.proof.prices`). Where it is too wide, or the solver fails, a
rational optimum takes the place of the float one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    LimitError,
    PayoffError,
    SolveError,
    TooLargeError,
)
from persuasion_lp.families.means.certificate import certified
from persuasion_lp.families.means.payoffs import PayoffBounds
from persuasion_lp.families.means.pooling import pooling_segments, spread_room
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import MeansFormulation, means_size
from persuasion_lp.families.means.proof.bracket import bracket_in_fractions, exact_bracket
from persuasion_lp.families.means.proof.known import CELLS, known_bracket
from persuasion_lp.families.means.proof.measure import Measure
from persuasion_lp.families.means.proof.prices import price_bound_in_floats
from persuasion_lp.families.means.proof.repair import Paid, paid_by
from persuasion_lp.families.means.result import (
    MeansProcedure,
    MeansResult,
)
from persuasion_lp.families.means.rounds import (
    Solved,
    at_optimum,
    pooled,
    positive,
    solved_exactly,
    solved_on,
)
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.certificate import GAP_TOLERANCE
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import Cells, StateGrid

__all__ = ["MeansSettings", "solve_means"]

MOST_CELLS = 512
"""Cells at which refinement to a given width is given up: the programme grows with their square."""


NO_ASSUMPTION = (
    "nothing bounds the payoff between the means that are tried; state an assumption: "
    "BeliefFunction(function, shape=, lipschitz= or cell_bound=)"
)


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
        Algorithm, limits, HiGHS options; a time limit is one for the whole call.
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
    if settings.tol is not None and not game.bounded:
        raise PayoffError("tol", f"cannot be reached: {NO_ASSUMPTION}", value=settings.tol)
    call = _Call(game, settings, ends)
    with call.limited():
        low, high, proof = call.on_states() if call.finite else call.on_cells()
    paid = proof.paid
    room = spread_room(low.grid, paid.means, paid.probabilities)
    certificate = certified(
        game, low, high, paid, room, upper=proof.upper, tried=proof.tried, route=proof.route
    )
    certificate.enforce()
    return MeansResult(
        problem=game if problem is None else problem,
        game=game,
        procedure=procedure,
        formulation=settings.formulation,
        value=paid.value,
        lower=paid.lower,
        upper=proof.upper if game.bounded else None,
        grid=low.grid,
        means=paid.means,
        probabilities=frozen(paid.probabilities / math.fsum(paid.probabilities)),
        price=high.price,
        segments=pooling_segments(low.grid, paid.means, paid.probabilities, room),
        certificate=certificate,
        experiment=paid.kernel,
        lp=low.lp,
        algorithm=low.algorithm,
        rounds=max(low.rounds, high.rounds),
        refinements=tuple(call.refinements),
        times=FrozenMapping({"solve": time.perf_counter() - started}),
    )


@dataclass(frozen=True, eq=False)
class _Proof:
    """What is proved: an experiment, a bound over all means, and one over the means tried."""

    paid: Paid
    upper: float
    tried: float
    route: Literal["float", "exact"]


class _Call:
    """One call: the game, its settings, and the bracket so far."""

    def __init__(
        self,
        game: PosteriorMeanGame,
        settings: MeansSettings,
        ends: Floats | None,
    ) -> None:
        self.game, self.settings, self.ends = game, settings, ends
        self.options = settings.options or SolverOptions()
        self.payoff = PayoffBounds.of(game)
        self.finite = isinstance(game.prior, StateGrid)
        self.refinements: list[Refinement] = []
        self.known: tuple[float, float] | None = None

    @contextmanager
    def limited(self) -> Iterator[None]:
        """Errors of limits carry a bracket of the game's value."""
        try:
            yield
        except LimitError as reached:
            lower, upper = known_bracket(self.game)
            if self.known is not None:
                lower, upper = max(lower, self.known[0]), min(upper, self.known[1])
            raise LimitError(reached.limit, best_bound=upper, best_value=lower) from None

    def on_states(self) -> tuple[Solved, Solved, _Proof]:
        """Solve with finitely many states."""
        grid = positive(self.game.prior)  # type: ignore[arg-type]
        shares = grid.masses / math.fsum(grid.masses)
        measure = Measure.of_states(StateGrid(grid.states, shares))
        solved, failed = self._attempt(grid)
        proof = None if solved is None else self._proof(measure, solved)
        self._learn(proof)
        if proof is None or solved is None or not _narrow(proof):
            solved, proof = self._exactly(grid, measure, solved, proof, failed)
        return solved, solved, proof

    def on_cells(self) -> tuple[Solved, Solved, _Proof]:
        """Solve on the cells of a continuous prior, refined to the width asked for."""
        cells, tol = self.settings.cells, self.settings.tol
        while True:
            means_size(cells, cells, self.settings.formulation).check(self.settings.memory_limit)
            low, high, proof = self._with_cells(cells)
            self._learn(proof)
            bound = proof.upper if self.game.bounded else None
            self.refinements.append(Refinement(cells, proof.paid.lower, bound))
            if tol is None or bound is None or bound - proof.paid.lower <= tol:
                return low, high, proof
            if 2 * cells > MOST_CELLS:
                raise LimitError("refinement", best_bound=math.inf, best_value=-math.inf)
            cells *= 2

    def _with_cells(self, count: int) -> tuple[Solved, Solved, _Proof]:
        prior: Any = self.game.prior
        cells = Cells.of(prior, _with_ends(prior, count, self.ends))
        inner, outer = positive(cells.grid("means")), positive(cells.grid("endpoints"))
        below = Measure.of_cell_means(inner, prior, cells)
        above = Measure.of_cell_ends(outer, prior, cells)

        def pays(solved: Solved) -> Paid:
            return paid_by(below, self.payoff, *_found(pooled(self.game, solved)))

        def bounds(solved: Solved) -> tuple[float, float]:
            return self._bounds(above, solved)

        low = self._solved(inner)
        paid = pays(low)
        route: Literal["float", "exact"] = "float"
        if not low.value - paid.lower <= GAP_TOLERANCE * paid.size:
            other = self._rational(inner, low)
            if other is not None and pays(other).lower > paid.lower:
                low, paid, route = other, pays(other), "exact"
        high = self._solved(outer)
        upper, tried = bounds(high)
        if not tried - high.value <= GAP_TOLERANCE * paid.size + high.excess:
            other = self._rational(outer, high)
            if other is not None and bounds(other)[0] < upper:
                high, route = other, "exact"
                upper, tried = bounds(other)
        return low, high, _Proof(paid, upper, tried, route)

    def _attempt(self, grid: StateGrid) -> tuple[Solved | None, SolveError | None]:
        settings = self.settings
        try:
            return solved_on(
                self.game, grid, settings.formulation, self.options, settings.memory_limit
            ), None
        except LimitError:
            raise
        except SolveError as failed:
            return None, failed

    def _solved(self, grid: StateGrid) -> Solved:
        """In floats, or in fractions if that fails."""
        solved, failed = self._attempt(grid)
        found = solved or self._rational(grid, None)
        if found is None:
            raise self._unproved(failed)
        return found

    def _rational(self, grid: StateGrid, before: Solved | None) -> Solved | None:
        """A rational optimum on a grid, unless that takes too much."""
        check_time()
        settings = self.settings
        try:
            return solved_exactly(
                self.game, grid, settings.formulation, settings.memory_limit, before
            )
        except (TooLargeError, ExactnessError):
            return None

    def _proof(self, measure: Measure, solved: Solved) -> _Proof | None:
        """What the answer of a programme proves; ``None`` if states are the same in floats."""
        found = _found(pooled(self.game, solved))
        if self.payoff.pieces is not None:
            known = bracket_in_fractions(
                self.game, *found, solved.price, lambda: self._bounds(measure, solved)[0]
            )
            if known is None:
                return None
            return _Proof(known.experiment, known.upper, known.upper, "float")
        paid = paid_by(measure, self.payoff, *found)
        return _Proof(paid, *self._bounds(measure, solved), "float")

    def _bounds(self, measure: Measure, solved: Solved) -> tuple[float, float]:
        """Upper bounds over all means (infinite if nothing is known of v) and over those tried."""
        price, payoff = solved.price, self.payoff
        if payoff.pieces is not None:
            bound = price_bound_in_floats(measure, payoff, price, np.empty(0), np.empty(0))
            return bound, bound
        paid = payoff.most(solved.tried, solved.tried)
        tried = price_bound_in_floats(measure, payoff, price, solved.tried, paid)
        above = self.payoff.above(measure.low[0], measure.high[-1], solved.tried)
        if above is None:
            return math.inf, tried
        points, values = above
        return price_bound_in_floats(measure, payoff, price, points, values), tried

    def _exactly(
        self,
        grid: StateGrid,
        measure: Measure,
        solved: Solved | None,
        proof: _Proof | None,
        failed: SolveError | None,
    ) -> tuple[Solved, _Proof]:
        """The answer by a rational optimum, where floating point proves too little."""
        settings = self.settings
        check_time()
        if self.payoff.pieces is None:
            found = self._rational(grid, solved)
            if found is None:
                raise self._unproved(failed)
            proved = self._proof(measure, found)
            if proved is None:
                raise self._unproved(failed)
            return found, replace(proved, route="exact")
        try:
            best = exact_bracket(self.game, settings.formulation, settings.memory_limit)
        except (TooLargeError, ExactnessError) as refused:
            raise self._unproved(failed, refused) from refused
        found = at_optimum(self.game, grid, settings.formulation, best.price, best.lower)
        return found, _Proof(best.experiment, best.upper, best.upper, "exact")

    def _unproved(self, *reasons: Exception | None) -> CertificateError:
        lower, upper = known_bracket(self.game)
        if self.known is not None:
            lower, upper = max(lower, self.known[0]), min(upper, self.known[1])
        because = "; ".join(str(reason) for reason in reasons if reason is not None)
        return CertificateError(
            "floating point proves no narrow bracket; the value lies in "
            f"[{lower!r}, {upper!r}]; {because or 'nor does rational arithmetic'}; "
            'fewer states, formulation="majorization" or exact=True may do'
        )

    def _learn(self, proof: _Proof | None) -> None:
        if proof is not None:
            upper = proof.upper if self.game.bounded else math.inf
            lower = proof.paid.lower
            if self.known is not None:
                lower, upper = max(lower, self.known[0]), min(upper, self.known[1])
            self.known = lower, upper


def _with_ends(prior: StateDistribution, cells: int, ends: Floats | None) -> int | Floats:
    """Number of cells, or their ends where some are given."""
    if ends is None:
        return cells
    return np.union1d(np.linspace(prior.low, prior.high, cells + 1), ends)


def _found(solved: Solved) -> tuple[Floats, Floats]:
    return solved.means, solved.probabilities


def _narrow(proof: _Proof) -> bool:
    return proof.tried - proof.paid.lower <= GAP_TOLERANCE * proof.paid.size
