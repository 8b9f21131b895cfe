"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import OrderError, ProcedureError
from persuasion_lp.formulations import procedures
from persuasion_lp.formulations.decoding import (
    decode_experiment,
    decode_multipliers,
    decode_prices,
)
from persuasion_lp.formulations.procedures import Layout
from persuasion_lp.formulations.programme import Programme, build_programme
from persuasion_lp.formulations.tree import Split
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.problems.symmetry import interchangeable_receivers
from persuasion_lp.solving.certificates import certify_experiment
from persuasion_lp.solving.exact import ExactResult
from persuasion_lp.solving.exact_orders import exact_game, likely_order
from persuasion_lp.solving.orders import best_order, sort_key
from persuasion_lp.solving.result import GameResult
from persuasion_lp.solving.runs import Candidate, Decoded, Run
from persuasion_lp.solving.settings import check_choice

__all__ = ["checked_order", "refuse_order", "solve_game"]

Order = Sequence[int] | Literal["best"] | None
Fixed = tuple[int, ...] | None
"""The part of an order that is fixed ex ante."""


def solve_game(
    game: PersuasionGame,
    procedure: str,
    *,
    order: Order = None,
    options: SolverOptions | None = None,
    formulation: Layout = "nested",
    memory_limit: int = MEMORY_LIMIT,
    exact: bool = False,
) -> GameResult | ExactResult:
    """Solve a game under one procedure; see :func:`persuasion_lp.solve`.

    With ``exact``, in rationals; only an order that is searched for is first looked for in floats.
    """
    check_choice("procedure", procedure, get_args(Procedure), ProcedureError)
    check_choice("formulation", formulation, get_args(Layout))
    fixed = checked_order(order, game.n) if procedure == "sequential" else None
    if procedure != "sequential":
        refuse_order(order, procedure)
    solver = _Solver(game, Run(options), cast(Procedure, procedure), formulation, memory_limit)
    return solver.exact(fixed) if exact else solver.result(fixed)


@dataclass(frozen=True, eq=False)
class _Solver:
    """The programmes of one game under one procedure."""

    game: PersuasionGame
    run: Run
    procedure: Procedure
    layout: Layout
    memory_limit: int

    def result(self, fixed: Fixed) -> GameResult:
        """The optimum in floats, certified; over all orders if none is fixed."""
        best = self.best() if self._searches(fixed) else self.solve(self.splits(fixed), fixed)
        return self.run.result(self.game, self.procedure, best, self.decode)

    def exact(self, fixed: Fixed) -> ExactResult:
        """The optimum in rationals."""
        searched = self._searches(fixed)
        if searched:
            length = 1 if self.procedure == "intermediate" else self.game.n
            fixed = likely_order(lambda: self.best().order, length)
        programme = self.build(self.splits(fixed))
        return exact_game(self.game, self.procedure, programme, fixed, searched=searched)

    def _searches(self, fixed: Fixed) -> bool:
        return fixed is None and self.procedure in ("sequential", "intermediate")

    def splits(self, order: Fixed) -> tuple[Split, ...]:
        """Stages of the procedure, with the part of the order that is fixed ex ante."""
        match self.procedure:
            case "simultaneous":
                return procedures.simultaneous(self.game)
            case "first_best":
                return procedures.first_best(self.game, self.layout)
            case "flexible":
                return procedures.flexible(self.game, self.layout)
            case "intermediate":
                (first,) = order or ()
                return procedures.intermediate(self.game, first, self.layout)
            case _:
                return procedures.sequential(self.game, order or (), self.layout)

    def build(self, splits: tuple[Split, ...]) -> Programme:
        return build_programme(self.game, splits, memory_limit=self.memory_limit)

    def solve(self, splits: tuple[Split, ...], order: Fixed) -> Candidate[Programme]:
        return self.run.solve(lambda: self.build(splits), order)

    def best(self) -> Candidate[Programme]:
        """Best order, or best receiver to begin with."""
        return self.best_first() if self.procedure == "intermediate" else self.best_order()

    def best_first(self) -> Candidate[Programme]:
        """Intermediate procedure: the best receiver to begin with."""
        twins = interchangeable_receivers(self.game, self.game.numbers)
        candidates = [
            self.solve(self.splits((first,)), (first,))
            for first in range(self.game.n)
            if not twins[first]
        ]
        scale = self.game.payoff_scale
        best = min(candidates, key=lambda found: (sort_key(found.upper, scale), found.order))
        upper = max(found.upper for found in candidates)
        return replace(best, upper=upper, searched=True)

    def best_order(self) -> Candidate[Programme]:
        """Best fixed order, of relaxations in which whoever is left hears private messages."""

        def solve(order: tuple[int, ...], complete: bool) -> Candidate[Programme]:
            splits = (
                self.splits(order) if complete else procedures.order_relaxation(self.game, order)
            )
            return self.solve(splits, order)

        twins = interchangeable_receivers(self.game, self.game.numbers)
        best, upper = best_order(twins, self.game.payoff_scale, solve)
        return replace(best, upper=upper, searched=True)

    def decode(self, best: Candidate[Programme]) -> Decoded:
        programme, solution = best.programme, best.solution
        experiment = decode_experiment(
            programme, solution, self.procedure, memory_limit=self.memory_limit
        )
        return Decoded(
            experiment,
            decode_prices(programme, solution),
            decode_multipliers(programme, solution),
            certify_experiment(self.game, experiment, solution.value),
        )


def refuse_order(order: Order, procedure: str) -> None:
    """Raise :class:`OrderError` if an order is given for a procedure without one."""
    if order is not None:
        raise OrderError("order", f"does not apply to the {procedure} procedure", value=order)


def checked_order(order: Order, n: int) -> Fixed:
    """Read an order as a permutation of the receivers, or raise :class:`OrderError`.

    ``None`` if the best of all orders is asked for.
    """
    if order is None or (isinstance(order, str) and order == "best"):
        return None
    rule = f"must be 'best' or a permutation of the receivers 0 to {n - 1}"
    try:
        listed = list(order)
        fixed = tuple(operator.index(i) for i in listed)
    except TypeError:
        raise OrderError("order", rule, value=order) from None
    for position, i in enumerate(listed):
        if isinstance(i, bool):
            raise OrderError("order", rule, index=position, value=i)
    for position, i in enumerate(fixed):
        if not 0 <= i < n or i in fixed[:position]:
            raise OrderError("order", rule, index=position, value=i)
    if len(fixed) != n:
        raise OrderError("order", rule, value=fixed)
    return fixed
