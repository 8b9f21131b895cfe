"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

import heapq
import operator
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

import numpy as np

from persuasion_lp.arrays import FrozenMapping, frozen
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import OptionError, OrderError, ProcedureError
from persuasion_lp.formulations import procedures
from persuasion_lp.formulations.decoding import (
    decode_experiment,
    decode_multipliers,
    decode_prices,
)
from persuasion_lp.formulations.procedures import Layout
from persuasion_lp.formulations.programme import MEMORY_LIMIT, Programme, build_programme
from persuasion_lp.formulations.tree import Split
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.solving.certificates import Certificate, certify_experiment
from persuasion_lp.solving.result import GameResult

__all__ = ["checked_order", "refuse_order", "solve_game"]

TIE_DIGITS = 10
"""Orders whose bounds agree to this many digits of the payoff scale count as tied; the one that
comes first lexicographically is returned."""

Order = Sequence[int] | Literal["best"] | None


def solve_game(
    game: PersuasionGame,
    procedure: str,
    *,
    order: Order = None,
    options: SolverOptions | None = None,
    formulation: Layout = "nested",
    memory_limit: int = MEMORY_LIMIT,
) -> GameResult:
    """Solve a game under one procedure; see :func:`persuasion_lp.solve`."""
    if procedure not in get_args(Procedure):
        raise ProcedureError(
            "procedure", f"must be one of {', '.join(get_args(Procedure))}", value=procedure
        )
    if formulation not in get_args(Layout):
        raise OptionError(
            "formulation", f"must be one of {', '.join(get_args(Layout))}", value=formulation
        )
    run = _Run(game, options, memory_limit)
    match procedure:
        case "simultaneous":
            refuse_order(order, procedure)
            best = run.solve(procedures.simultaneous(game), None)
        case "first_best":
            refuse_order(order, procedure)
            best = run.solve(procedures.first_best(game, formulation), None)
        case "flexible":
            refuse_order(order, procedure)
            best = run.solve(procedures.flexible(game, formulation), None)
        case "intermediate":
            refuse_order(order, procedure)
            best = run.best_first(formulation)
        case _ if order is None or (isinstance(order, str) and order == "best"):
            best = run.best_order(formulation)
        case _:
            fixed = checked_order(order, game.n)
            best = run.solve(procedures.sequential(game, fixed, formulation), fixed)
    return run.result(best, cast(Procedure, procedure))


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A solved programme, with the order it stands for and the bound on its alternatives."""

    programme: Programme
    solution: LPSolution
    order: tuple[int, ...] | None
    upper: float


@dataclass(eq=False)
class _Run:
    """One call of ``solve``: counts the programs and their times."""

    game: PersuasionGame
    options: SolverOptions | None
    memory_limit: int
    times: dict[str, float] = field(default_factory=dict)
    programmes: int = 0

    def solve(self, splits: tuple[Split, ...], order: tuple[int, ...] | None) -> _Candidate:
        started = time.perf_counter()
        programme = build_programme(self.game, splits, memory_limit=self.memory_limit)
        self._add_time("build", time.perf_counter() - started)
        solution = solve_lp(programme.lp, self.options)
        for phase, seconds in solution.times.items():
            self._add_time(phase, seconds)
        self.programmes += 1
        return _Candidate(programme, solution, order, solution.certificate.bound)

    def best_first(self, layout: Layout) -> _Candidate:
        """Intermediate procedure: the best receiver to begin with."""
        candidates = [
            self.solve(procedures.intermediate(self.game, first, layout), (first,))
            for first in range(self.game.n)
        ]
        scale = self.game.payoff_scale
        upper = max(candidate.upper for candidate in candidates)
        best = min(candidates, key=lambda candidate: (_rounded(candidate, scale), candidate.order))
        return _Candidate(best.programme, best.solution, best.order, upper)

    def best_order(self, layout: Layout) -> _Candidate:
        """Best fixed order by branch and bound over its beginnings.

        The bound of a beginning lets everybody after it act on private messages; it never rises as
        the beginning grows, and is exact when one receiver is left. Beginnings are taken best bound
        first, so the first complete one taken is optimal and the bounds left prove it. Of receivers
        that differ in nothing, the first goes first.
        """
        n = self.game.n
        scale = self.game.payoff_scale
        twins = _twins(self.game)
        queue: list[tuple[float, tuple[int, ...], float, _Candidate | None]] = []
        beginning: tuple[int, ...] = ()
        while True:
            for i in range(n):
                if i in beginning or not twins[i].issubset(beginning):
                    continue
                longer = (*beginning, i)
                rest = tuple(j for j in range(n) if j not in longer)
                complete = len(rest) <= 1
                if complete:
                    longer += rest
                    splits = procedures.sequential(self.game, longer, layout)
                else:
                    splits = procedures.order_relaxation(self.game, longer)
                found = self.solve(splits, longer)
                item = (_rounded(found, scale), longer, found.upper, found if complete else None)
                heapq.heappush(queue, item)
            _, beginning, upper, best = heapq.heappop(queue)
            if best is not None:
                upper = max([upper, *(bound for _, _, bound, _ in queue)])
                return _Candidate(best.programme, best.solution, best.order, upper)

    def result(self, best: _Candidate, procedure: Procedure) -> GameResult:
        """Decode, certify and wrap."""
        started = time.perf_counter()
        programme, solution = best.programme, best.solution
        experiment = decode_experiment(
            programme, solution, procedure, memory_limit=self.memory_limit
        )
        prices = decode_prices(programme, solution)
        multipliers = decode_multipliers(programme, solution)
        certificate = Certificate(
            solution.certificate,
            certify_experiment(self.game, experiment, solution.value),
            best.upper,
        )
        certificate.enforce()
        self._add_time("decode", time.perf_counter() - started)
        return GameResult(
            problem=self.game,
            procedure=procedure,
            value=solution.value,
            order=best.order,
            experiment=experiment,
            prices=frozen(prices),
            multipliers=tuple(FrozenMapping(blocks) for blocks in multipliers),
            certificate=certificate,
            programme=programme,
            algorithm=solution.algorithm,
            solver=solution.solver,
            iterations=solution.iterations,
            programmes=self.programmes,
            times=FrozenMapping(self.times),
        )

    def _add_time(self, phase: str, seconds: float) -> None:
        self.times[phase] = self.times.get(phase, 0.0) + seconds


def _rounded(candidate: _Candidate, scale: float) -> float:
    """Key that sorts the largest bound first and ties together."""
    return -round(candidate.upper / scale, TIE_DIGITS)


def _twins(game: PersuasionGame) -> list[set[int]]:
    """For each receiver the earlier ones that differ from him in nothing."""

    def same(i: int, j: int) -> bool:
        one, other = game.receivers[i], game.receivers[j]
        return (
            game.additive
            and np.array_equal(game.own_states[i], game.own_states[j])
            and np.array_equal(one.payoffs, other.payoffs)
            and all(map(np.array_equal, one.cones, other.cones))
        )

    return [{j for j in range(i) if same(i, j)} for i in range(game.n)]


def refuse_order(order: Order, procedure: str) -> None:
    """Raise :class:`OrderError` if an order is given for a procedure without one."""
    if order is not None:
        raise OrderError("order", f"does not apply to the {procedure} procedure", value=order)


def checked_order(order: Order, n: int) -> tuple[int, ...]:
    """Read an order as a permutation of the receivers, or raise :class:`OrderError`."""
    rule = f"must be 'best' or a permutation of the receivers 0 to {n - 1}"
    try:
        fixed = tuple(operator.index(cast(int, i)) for i in order or ())
    except TypeError:
        raise OrderError("order", rule, value=order) from None
    for position, i in enumerate(fixed):
        if not 0 <= i < n or i in fixed[:position]:
            raise OrderError("order", rule, index=position, value=i)
    if len(fixed) != n:
        raise OrderError("order", rule, value=fixed)
    return fixed
