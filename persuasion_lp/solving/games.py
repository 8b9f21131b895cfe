"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.errors import OptionError, OrderError, ProcedureError
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
from persuasion_lp.solving.orders import best_order, sort_key
from persuasion_lp.solving.result import GameResult
from persuasion_lp.solving.runs import Candidate, Decoded, Run

__all__ = ["check_layout", "checked_order", "refuse_order", "solve_game"]

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
    check_layout(formulation)
    run = Run(options)
    solver = _Solver(game, run, formulation, memory_limit)
    match procedure:
        case "simultaneous":
            refuse_order(order, procedure)
            best = solver.solve(procedures.simultaneous(game), None)
        case "first_best":
            refuse_order(order, procedure)
            best = solver.solve(procedures.first_best(game, formulation), None)
        case "flexible":
            refuse_order(order, procedure)
            best = solver.solve(procedures.flexible(game, formulation), None)
        case "intermediate":
            refuse_order(order, procedure)
            best = solver.best_first()
        case _:
            fixed = checked_order(order, game.n)
            best = (
                solver.best_order()
                if fixed is None
                else solver.solve(procedures.sequential(game, fixed, formulation), fixed)
            )
    chosen = cast(Procedure, procedure)
    return run.result(game, chosen, best, lambda found: solver.decode(found, chosen))


@dataclass(frozen=True, eq=False)
class _Solver:
    """The programmes of one game."""

    game: PersuasionGame
    run: Run
    layout: Layout
    memory_limit: int

    def solve(
        self, splits: tuple[Split, ...], order: tuple[int, ...] | None
    ) -> Candidate[Programme]:
        def build() -> Programme:
            return build_programme(self.game, splits, memory_limit=self.memory_limit)

        return self.run.solve(build, order)

    def best_first(self) -> Candidate[Programme]:
        """Intermediate procedure: the best receiver to begin with."""
        twins = interchangeable_receivers(self.game, self.game.numbers)
        candidates = [
            self.solve(procedures.intermediate(self.game, first, self.layout), (first,))
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
                procedures.sequential(self.game, order, self.layout)
                if complete
                else procedures.order_relaxation(self.game, order)
            )
            return self.solve(splits, order)

        twins = interchangeable_receivers(self.game, self.game.numbers)
        best, upper = best_order(twins, self.game.payoff_scale, solve)
        return replace(best, upper=upper, searched=True)

    def decode(self, best: Candidate[Programme], procedure: Procedure) -> Decoded:
        programme, solution = best.programme, best.solution
        experiment = decode_experiment(
            programme, solution, procedure, memory_limit=self.memory_limit
        )
        return Decoded(
            experiment,
            decode_prices(programme, solution),
            decode_multipliers(programme, solution),
            certify_experiment(self.game, experiment, solution.value),
        )


def check_layout(formulation: str) -> None:
    """Raise :class:`OptionError` unless it is a layout."""
    if formulation not in get_args(Layout):
        raise OptionError(
            "formulation", f"must be one of {', '.join(get_args(Layout))}", value=formulation
        )


def refuse_order(order: Order, procedure: str) -> None:
    """Raise :class:`OrderError` if an order is given for a procedure without one."""
    if order is not None:
        raise OrderError("order", f"does not apply to the {procedure} procedure", value=order)


def checked_order(order: Order, n: int) -> tuple[int, ...] | None:
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
