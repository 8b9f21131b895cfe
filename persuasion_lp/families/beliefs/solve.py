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
from persuasion_lp.beliefs.simplex import LARGEST_HULL
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.exact import ExactResult, enclosed
from persuasion_lp.core.orders import Order, fixed_order
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    GridError,
    OptionError,
    PayoffError,
    SolverFailureError,
)
from persuasion_lp.families.beliefs.certificate import (
    BeliefCertificate,
    check_tree,
    majorant_bound,
)
from persuasion_lp.families.beliefs.discretization import (
    Discretization,
    Nodes,
    discretized_above,
    discretized_below,
    rounded_nodes,
)
from persuasion_lp.families.beliefs.exact import belief_orders
from persuasion_lp.families.beliefs.limits import (
    FEW_NODES,
    Limits,
    misplaced,
    way_out,
)
from persuasion_lp.families.beliefs.order_search import (
    OrderSearch,
    check_groups,
    search_orders,
    search_rounding,
)
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.programme import belief_programme, best_by_programs
from persuasion_lp.families.beliefs.proof.answers import (
    Found,
    OnGrid,
    after_floats,
    as_written,
    evaluated,
    recursion_bound,
)
from persuasion_lp.families.beliefs.proof.exact_search import exact_best_order
from persuasion_lp.families.beliefs.proof.majorant import rounded_up
from persuasion_lp.families.beliefs.proof.node_trees import node_tree
from persuasion_lp.families.beliefs.recommendations import off_the_grid
from persuasion_lp.families.beliefs.recursion import Agenda, Recursion, agendas, recursion
from persuasion_lp.families.beliefs.refining import finer_grid
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.families.beliefs.written import WrittenNodes
from persuasion_lp.inputs import called, check_choice
from persuasion_lp.limits.deadline import check_time
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["BeliefFormulation", "BeliefSettings", "exact_answer", "solve_belief_game"]

BeliefFormulation = Literal["envelopes", "lp"]

MOST_ORDERS = 24
"""On a simplex the bound from above tries all orders up to this many, and is first best beyond."""

FEW_RECEIVERS = 5
"""Up to here a best order is searched for in integers, whose bound is without error."""


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
    with run.limits.whole():
        return run.refined(settings.tol, settings.progress)


def exact_answer(procedure: Procedure, game: BeliefGame, settings: BeliefSettings) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    run = _Run.of(procedure, game, settings)
    with run.limits.whole():
        return run.exact()


@dataclass(eq=False)
class _Run:
    """One call of ``solve``: grids come and go, times add up."""

    game: BeliefGame
    procedure: Procedure
    fixed: tuple[int, ...] | None
    formulation: str
    memory_limit: int
    limits: Limits
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
        limits = Limits(game, settings.options)
        return cls(game, procedure, fixed, chosen, settings.memory_limit, limits)

    @property
    def searches(self) -> bool:
        """Whether an order is to be searched for."""
        return self.procedure == "sequential" and self.fixed is None

    def refined(
        self, tol: float | None, progress: Callable[[Refinement], object] | None
    ) -> BeliefResult:
        """Solve on finer and finer grids until the bracket is as narrow as asked for."""
        grid, refinements = self.game.grid, list[Refinement]()
        while True:
            answer = self.on(grid)
            refinements.append(Refinement(len(answer.nodes.beliefs), answer.lower, answer.upper))
            self.limits.lower = max(self.limits.lower, answer.lower)
            if answer.upper is not None:
                self.limits.upper = min(self.limits.upper, answer.upper)
            if progress is not None:
                at = "a refinement"
                called(progress, refinements[-1], field="progress", error=OptionError, at=at)
            if tol is None or (answer.upper is not None and answer.upper - answer.lower <= tol):
                return self.result(answer, tuple(refinements))
            if not self.game.needs_grid or (answer.upper is None and not answer.refinable):
                raise PayoffError("tol", f"cannot be reached: {answer.bound}", value=tol)
            with self.clock.phase("refine"):
                finer = finer_grid(
                    self.game,
                    self.procedure,
                    cast(IntervalGrid | SimplexGrid, grid),
                    answer.nodes,
                    answer.found,
                    tol if answer.upper is not None else None,
                    searched=self.searches,
                )
            if finer is None:
                raise self.limits.error("refinement")
            grid = finer

    def on(self, grid: IntervalGrid | SimplexGrid | None) -> OnGrid:
        """Solve on a grid, and bound the game off it."""
        check_time()
        self.limits.check_grid(grid, self.procedure, searched=self.searches)
        written = None
        with self.clock.phase("build"):
            if self.game.on_interval and not self.game.needs_grid:
                written = self.game.written.nodes
                nodes = rounded_nodes(written)
            else:
                nodes = discretized_below(self.game, grid)
        failed: CertificateError | SolverFailureError | GridError | None = None
        found = None
        try:
            found = self._in_floats(nodes, written)
        except (CertificateError, SolverFailureError, GridError) as failure:
            failed = failure
        if (found is None or not found.narrow) and self.game.on_interval:
            with self.clock.phase("exact"):
                found = after_floats(
                    self.game,
                    self.procedure,
                    self.fixed,
                    written,
                    nodes,
                    found,
                    failed,
                    check_time,
                )
        found, whole = off_the_grid(
            self.game, self.procedure, self.fixed, found, self.limits.options
        )
        if found is None:
            raise CertificateError(f"{failed}; {way_out(self.formulation)}") from failed
        with self.clock.phase("bracket"):
            upper, bound, refinable = self._upper(grid, found, whole)
        return OnGrid(nodes, found, found.attained.lower, upper, bound, refinable)

    def exact(self) -> ExactResult:
        """The game in rationals."""
        orders = belief_orders(
            self.game, self.procedure, memory_limit=self.memory_limit, check=check_time
        )
        return orders.exact(
            self.fixed,
            lambda: self._search(discretized_below(self.game, self.game.grid)).order,
        )

    def result(self, answer: OnGrid, refinements: tuple[Refinement, ...]) -> BeliefResult:
        """Certify and wrap."""
        found = answer.found
        with self.clock.phase("certify"):
            certificate = BeliefCertificate(
                claimed=found.attained.value,
                tree=check_tree(self.game, found.attained.tree),
                lower=found.attained.lower,
                upper=found.proved,
                scale=float(found.attained.size),
                lp=found.lp_certificate,
                route=found.route,
            )
            if not certificate.ok:
                raise CertificateError(
                    "the answer is not proved: "
                    + "; ".join(certificate.failures)
                    + f"; {way_out(self.formulation)}",
                    certificate,
                )
        return BeliefResult(
            problem=self.game,
            procedure=self.procedure,
            value=found.attained.value,
            upper=answer.upper,
            bound=answer.bound,
            order=found.order,
            searched=found.order is not None and self.fixed is None,
            experiment=found.attained.tree,
            prices=frozen(found.prices),
            certificate=certificate,
            formulation=self.formulation,
            lp=found.lp,
            beliefs=len(answer.nodes.beliefs),
            refinements=refinements,
            times=self.clock.times,
        )

    def _in_floats(self, nodes: Nodes, written: WrittenNodes | None) -> Found:
        order, proved = self.fixed, -math.inf
        if self.searches:
            with self.clock.phase("search"):
                order, proved = self._best_order(nodes, written)
        plan = agendas(self.procedure, self.game.n, order)
        solved: tuple[Recursion, ...] = ()
        lp, lp_certificate = None, None
        if self.formulation == "lp":
            with self.clock.phase("build"):
                programme = belief_programme(
                    self.procedure, plan, nodes, memory_limit=self.memory_limit
                )
            with self.clock.phase("solve"):
                solution = solve_lp(programme.lp, self.limits.options)
            lp, lp_certificate = programme.lp, solution.certificate
            tree, prices = programme.tree(solution), programme.prices(solution)
        else:
            with self.clock.phase("solve"):
                solved = tuple(recursion(agenda, nodes, check_time) for agenda in plan)
            tree = node_tree(self.procedure, solved, nodes.prior)
            prices = np.sum([one.prices() for one in solved], axis=0)
        with self.clock.phase("decode"):
            pays = evaluated(self.game, tree, nodes, written)
        with self.clock.phase("certify"):
            if not self.searches:
                proved = self._proved(plan, nodes, written, solved, prices, lp_certificate)
        return Found(order, pays, prices, proved, solved, lp, lp_certificate).rounded

    def _proved(
        self,
        plan: tuple[Agenda, ...],
        nodes: Nodes,
        written: WrittenNodes | None,
        solved: tuple[Recursion, ...],
        prices: Floats,
        lp_certificate: LPCertificate | None,
    ) -> float:
        """Bound on what trees on the nodes pay under a plan."""
        if self.game.on_interval and len(nodes.beliefs) <= FEW_NODES:
            up = rounded_up(written or as_written(self.game, nodes))
            return recursion_bound(plan, up, check_time)
        if self.game.states <= LARGEST_HULL:
            solved = solved or tuple(recursion(agenda, nodes, check_time) for agenda in plan)
            return majorant_bound(solved, None if self.game.on_interval else self.game.prior)
        certificate = cast(LPCertificate, lp_certificate)
        moved = self.game.prior - nodes.beliefs[nodes.prior]
        return certificate.bound + search_rounding(nodes) + max(0.0, float(prices @ moved))

    def _best_order(
        self, nodes: Nodes, written: WrittenNodes | None
    ) -> tuple[tuple[int, ...], float]:
        """The best order, and a bound on all of them."""
        check_groups(self.game.n, self.memory_limit)
        few = self.game.on_interval and len(nodes.beliefs) <= FEW_NODES
        if few and self.game.n <= FEW_RECEIVERS:
            up = rounded_up(written or as_written(self.game, nodes))
            order, bound = exact_best_order(up, check_time)
            return order, enclosed(bound)[1]
        found = self._search(nodes)
        if not self.game.on_interval and misplaced(nodes.beliefs[nodes.prior], self.game.prior):
            return found.order, self._highest(nodes, "sequential")
        return found.order, found.upper + search_rounding(nodes, written is not None)

    def _search(self, nodes: Nodes) -> OrderSearch:
        """The best order in floats; a search cut short raises with the bounds it proved."""
        if self.game.states > LARGEST_HULL:
            return best_by_programs(nodes, self.memory_limit, self.limits.options)
        found = search_orders(nodes, memory_limit=self.memory_limit)
        scale = float(np.abs(nodes.payoffs).max(axis=1).sum()) or 1.0
        if found.upper - found.value > GAP_TOLERANCE * scale:
            if not self.game.needs_grid:
                self.limits.upper = min(
                    self.limits.upper, found.upper + search_rounding(nodes, True)
                )
            raise self.limits.error("time")
        return found

    def _upper(
        self, grid: IntervalGrid | SimplexGrid | None, found: Found, whole: float | None
    ) -> tuple[float | None, str, bool]:
        """Bound on the game off the grid, what it rests on, and whether refining may give one."""
        game, lower = self.game, found.attained.lower
        if not game.needs_grid:
            return found.proved, "exact, without a grid", False
        one_stage = self.procedure in ("simultaneous", "first_best")
        if whole is not None:
            where = "the grid holds every corner of the payoffs" if one_stage else "without a grid"
            return whole, f"exact: {where}", False
        above, bound = discretized_above(game, cast(IntervalGrid | SimplexGrid, grid))
        if above is None:
            assumed = (not isinstance(p, BeliefFunction) or p.assumption for p in game.payoffs)
            return None, bound, game.states <= LARGEST_HULL and all(assumed)
        upper = self._highest(above, self.procedure)
        if not one_stage:
            upper = min(upper, self._highest(above, "first_best"))
        return max(upper, lower), bound, True

    def _highest(self, above: Discretization, procedure: Procedure) -> float:
        n = self.game.n
        orders: list[tuple[int, ...] | None] = [self.fixed]
        if procedure == "sequential" and self.fixed is None:
            if self.game.on_interval:
                return self._best_order(cast(Nodes, above), None)[1]
            if math.factorial(n) > MOST_ORDERS:
                return self._highest(above, "first_best")
            orders = list(permutations(range(n)))
        bounds = []
        for order in orders:
            plan = agendas(procedure, n, order)
            if isinstance(above, Nodes):
                bounds.append(self._proved(plan, above, None, (), np.empty(0), None))
            else:
                solved = tuple(recursion(one, above, check_time) for one in plan)
                bounds.append(majorant_bound(solved, self.game.prior))
        return max(bounds)
