"""Solve a :class:`BeliefGame`: on its nodes, with a bracket off them, refined on request."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Literal, cast, get_args

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.beliefs.posterior_tree import PosteriorTree
from persuasion_lp.beliefs.simplex import LARGEST_HULL
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.orders import Order, fixed_order
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import LimitError, OptionError, PayoffError
from persuasion_lp.families.beliefs.certificate import BeliefCertificate, check_tree, majorant_bound
from persuasion_lp.families.beliefs.discretization import (
    Discretization,
    Nodes,
    discretized_above,
    discretized_below,
)
from persuasion_lp.families.beliefs.exact import belief_orders
from persuasion_lp.families.beliefs.order_search import OrderSearch, search_orders
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.programme import belief_programme
from persuasion_lp.families.beliefs.recursion import agendas, posterior_tree, recursion
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.inputs import called, check_choice
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["BeliefFormulation", "BeliefSettings", "exact_answer", "solve_belief_game"]

BeliefFormulation = Literal["envelopes", "lp"]

MOST_ORDERS = 24
"""On a simplex the bound from above tries all orders up to this many, and is first best beyond."""


@dataclass(frozen=True, kw_only=True)
class BeliefSettings(Settings):
    """Settings of a game on one belief.

    Attributes
    ----------
    order
        For ``"sequential"``: a permutation of the receivers ``0 … n-1``, or ``"best"`` (also if
        left out) for the best of all of them, proved by bounds.
    formulation
        ``"envelopes"`` (if left out, up to 4 states) or ``"lp"``, the recursion of concave
        envelopes as one linear program.
    options
        Algorithm, limits, HiGHS options.
    tol
        Width to which the bracket is refined, on finer and finer grids.
    progress
        Called with each :class:`Refinement`.
    memory_limit
        Bytes that a linear program may take.
    """

    order: Order = None
    formulation: BeliefFormulation | None = None
    options: SolverOptions | None = None
    tol: float | None = None
    progress: Callable[[Refinement], object] | None = None
    memory_limit: int = MEMORY_LIMIT


def solve_belief_game(
    procedure: Procedure, game: BeliefGame, settings: BeliefSettings
) -> BeliefResult:
    """Solve a game on one common belief."""
    run = _Run.of(procedure, game, settings)
    tol, progress = settings.tol, settings.progress
    grid, refinements = game.grid, list[Refinement]()
    while True:
        answer = run.on(grid)
        refinements.append(Refinement(len(answer.nodes.beliefs), answer.value, answer.upper))
        if progress is not None:
            at = "a refinement"
            called(progress, refinements[-1], field="progress", error=OptionError, at=at)
        if tol is None or (answer.upper is not None and answer.upper - answer.value <= tol):
            return run.result(answer, tuple(refinements))
        if answer.upper is None and not answer.refinable:
            raise PayoffError("tol", f"cannot be reached: {answer.bound}", value=tol)
        grid = cast(IntervalGrid | SimplexGrid, grid).refine()


def exact_answer(procedure: Procedure, game: BeliefGame, settings: BeliefSettings) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    return _Run.of(procedure, game, settings).exact()


@dataclass(frozen=True, eq=False)
class _Answer:
    """The game solved on one grid."""

    nodes: Nodes
    value: float
    upper: float | None
    bound: str
    refinable: bool
    order: tuple[int, ...] | None
    tree: PosteriorTree
    prices: Floats
    proved: float
    lp: LinearProgram | None
    lp_certificate: LPCertificate | None


@dataclass(eq=False)
class _Run:
    """One call of ``solve``: grids come and go, times add up."""

    game: BeliefGame
    procedure: Procedure
    fixed: tuple[int, ...] | None
    formulation: str
    options: SolverOptions | None
    memory_limit: int
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def of(cls, procedure: Procedure, game: BeliefGame, settings: BeliefSettings) -> _Run:
        """What the settings ask for."""
        hulls = game.states <= LARGEST_HULL
        chosen: Any = settings.formulation
        if chosen is None:
            chosen = "envelopes" if hulls else "lp"
        check_choice("formulation", chosen, get_args(BeliefFormulation) if hulls else ("lp",))
        fixed = fixed_order(settings.order, procedure, game.n)
        return cls(game, procedure, fixed, chosen, settings.options, settings.memory_limit)

    def on(self, grid: IntervalGrid | SimplexGrid | None) -> _Answer:
        """Solve on a grid, and bound the game off it."""
        with self.clock.phase("build"):
            nodes = discretized_below(self.game, grid)
        order, proved = self.fixed, -math.inf
        if self.procedure == "sequential" and order is None:
            with self.clock.phase("search"):
                found = self._best_order(nodes)
            order, proved = found.order, found.upper
        plan = agendas(self.procedure, self.game.n, order)
        lp, lp_certificate = None, None
        if self.formulation == "lp":
            with self.clock.phase("build"):
                programme = belief_programme(
                    self.procedure, plan, nodes, memory_limit=self.memory_limit
                )
            with self.clock.phase("solve"):
                solution = solve_lp(programme.lp, self.options)
            value, lp, lp_certificate = solution.value, programme.lp, solution.certificate
            proved = max(proved, lp_certificate.bound)
            with self.clock.phase("decode"):
                tree, prices = programme.tree(solution), programme.prices(solution)
        else:
            with self.clock.phase("solve"):
                solved = tuple(recursion(agenda, nodes) for agenda in plan)
            value = math.fsum(one.value for one in solved)
            with self.clock.phase("certify"):
                proved = max(proved, majorant_bound(solved))
            with self.clock.phase("decode"):
                tree = posterior_tree(self.procedure, solved)
                prices = np.sum([one.prices() for one in solved], axis=0)
        with self.clock.phase("bracket"):
            upper, bound, refinable = self._upper(grid, value)
        return _Answer(
            nodes, value, upper, bound, refinable, order, tree, prices, proved, lp, lp_certificate
        )

    def exact(self) -> ExactResult:
        """The game in rationals."""
        orders = belief_orders(self.game, self.procedure, memory_limit=self.memory_limit)
        return orders.exact(
            self.fixed,
            lambda: self._best_order(discretized_below(self.game, self.game.grid)).order,
        )

    def result(self, answer: _Answer, refinements: tuple[Refinement, ...]) -> BeliefResult:
        """Certify and wrap."""
        with self.clock.phase("certify"):
            scale = float(np.abs(answer.nodes.payoffs).max(axis=1).sum()) or 1.0
            certificate = BeliefCertificate(
                claimed=answer.value,
                tree=check_tree(self.game, answer.tree),
                upper=answer.proved,
                scale=scale,
                lp=answer.lp_certificate,
            )
            certificate.enforce()
        return BeliefResult(
            problem=self.game,
            procedure=self.procedure,
            value=answer.value,
            upper=answer.upper,
            bound=answer.bound,
            order=answer.order,
            searched=answer.order is not None and self.fixed is None,
            experiment=answer.tree,
            prices=frozen(answer.prices),
            certificate=certificate,
            formulation=self.formulation,
            lp=answer.lp,
            beliefs=len(answer.nodes.beliefs),
            refinements=refinements,
            times=self.clock.times,
        )

    def _best_order(self, nodes: Nodes) -> OrderSearch:
        """The best order; a search cut short raises with the bounds it proved."""
        if self.game.states > LARGEST_HULL:
            return self._best_by_programs(nodes)
        limit = self.options.time_limit if self.options is not None else None
        found = search_orders(
            nodes,
            time_limit=math.inf if limit is None else limit,
            memory_limit=self.memory_limit,
        )
        scale = float(np.abs(nodes.payoffs).max(axis=1).sum()) or 1.0
        if found.upper - found.value > GAP_TOLERANCE * scale:
            raise LimitError("time", best_bound=found.upper, best_value=found.value)
        return found

    def _best_by_programs(self, nodes: Nodes) -> OrderSearch:
        """The best order where there is no hull: one linear program for each."""
        values, bounds = {}, []
        for order in permutations(range(self.game.n)):
            plan = agendas("sequential", self.game.n, order)
            programme = belief_programme("sequential", plan, nodes, memory_limit=self.memory_limit)
            solution = solve_lp(programme.lp, self.options)
            values[order] = solution.value
            bounds.append(solution.certificate.bound)
        best = max(values, key=lambda order: values[order])
        return OrderSearch(best, values[best], max(bounds), 0, 0)

    def _upper(
        self, grid: IntervalGrid | SimplexGrid | None, value: float
    ) -> tuple[float | None, str, bool]:
        """Bound on the game off the grid, what it rests on, and whether refining may give one."""
        game = self.game
        if not game.needs_grid:
            return value, "exact, without a grid", False
        one_stage = self.procedure in ("simultaneous", "first_best")
        if one_stage and all(isinstance(p, Receiver) for p in game.payoffs) and game.ties[1]:
            return value, "exact: the grid holds every corner of the payoffs", False
        above, bound = discretized_above(game, cast(IntervalGrid | SimplexGrid, grid))
        if above is None:
            assumed = (not isinstance(p, BeliefFunction) or p.assumption for p in game.payoffs)
            return None, bound, game.states <= LARGEST_HULL and all(assumed)
        upper = self._highest(above, self.procedure)
        if not one_stage:
            upper = min(upper, self._highest(above, "first_best"))
        return max(upper, value), bound, True

    def _highest(self, above: Discretization, procedure: Procedure) -> float:
        n = self.game.n
        orders: list[tuple[int, ...] | None] = [self.fixed]
        if procedure == "sequential" and self.fixed is None:
            if isinstance(above, Nodes):
                return self._best_order(above).upper
            if math.factorial(n) > MOST_ORDERS:
                return self._highest(above, "first_best")
            orders = list(permutations(range(n)))
        return max(
            math.fsum(recursion(agenda, above).value for agenda in agendas(procedure, n, order))
            for order in orders
        )
