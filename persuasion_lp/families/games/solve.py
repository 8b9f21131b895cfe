"""Solve a :class:`PersuasionGame` under a procedure, and search for the best order."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import assert_never

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.exact_orders import likely_order
from persuasion_lp.core.orders import Fixed, Order, best_order, checked_order, refuse_order
from persuasion_lp.core.settings import Settings
from persuasion_lp.errors import (
    CertificateError,
    ExactnessError,
    ExactSizeError,
    SolverFailureError,
)
from persuasion_lp.families.games import procedures
from persuasion_lp.families.games.certificate import GameCertificate
from persuasion_lp.families.games.decoding import decode_prices
from persuasion_lp.families.games.exact import exact_game
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.procedures import Layout
from persuasion_lp.families.games.programme import Programme, build_programme
from persuasion_lp.families.games.proof.answers import exact_decoded, float_decoded, unproved
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.games.runs import Candidate, Decoded, Run
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.families.games.tree import Split
from persuasion_lp.lp.highs import LPSolution
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["GameSettings", "exact_answer", "solve_game"]


@dataclass(frozen=True, kw_only=True)
class GameSettings(Settings):
    """Settings of a game's procedures.

    Attributes
    ----------
    order
        For ``"sequential"``: a permutation of the receivers ``0 … n-1``, or ``"best"`` (also if
        left out) for the best of all of them, proved by bounds.
    options
        Algorithm, limits, HiGHS options.
    formulation
        ``"nested"``, the programme stage by stage, or ``"paths"``, with one column for each
        complete path of recommendations as printed in papers.
    memory_limit
        Bytes that a linear program may take.
    """

    order: Order = None
    options: SolverOptions | None = None
    formulation: Layout = "nested"
    memory_limit: int = MEMORY_LIMIT


def solve_game(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> GameResult:
    """Solve a game under one procedure."""
    fixed = _fixed(procedure, game, settings)
    return _Solver.of(procedure, game, settings).result(fixed)


def exact_answer(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> ExactResult:
    """Solve it in rationals; only an order that is searched for is first looked for in floats."""
    _ = game.rational_numbers  # raises, and says what is missing
    fixed = _fixed(procedure, game, settings)
    return _Solver.of(procedure, game, settings).exact(fixed)


def _fixed(procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> Fixed:
    if procedure == "sequential":
        return checked_order(settings.order, game.n)
    refuse_order(settings.order, procedure)
    return None


@dataclass(frozen=True, eq=False)
class _Solver:
    """The programmes of one game under one procedure."""

    game: PersuasionGame
    run: Run
    procedure: Procedure
    layout: Layout
    memory_limit: int

    @classmethod
    def of(cls, procedure: Procedure, game: PersuasionGame, settings: GameSettings) -> _Solver:
        run = Run(settings.options)
        return cls(game, run, procedure, settings.formulation, settings.memory_limit)

    def result(self, fixed: Fixed) -> GameResult:
        """The optimum in floats, certified; over all orders if none is fixed."""
        searched = self._searches(fixed)
        try:
            best = self.best() if searched else self.solve(self.splits(fixed), fixed)
            return self.run.result(GameResult, self.game, self.procedure, best, self.decode)
        except (CertificateError, SolverFailureError) as failure:
            return self._proved(fixed, failure)

    def _proved(self, fixed: Fixed, failure: CertificateError | SolverFailureError) -> GameResult:
        """The optimum in rationals, where floats did not prove enough."""
        searched = self._searches(fixed)
        if searched:
            fixed = tuple(range(1 if self._first_only else self.game.n))
        with self.run.clock.phase("exact"):
            programme = self.build(self.splits(fixed))
            try:
                best, decoded = exact_decoded(
                    programme,
                    self.procedure,
                    fixed,
                    searched=searched,
                    memory_limit=self.memory_limit,
                )
            except (ExactSizeError, ExactnessError) as refusal:

                def assessed(solution: LPSolution) -> GameCertificate:
                    found = Candidate(programme, solution, None, math.inf)
                    return float_decoded(found, self.procedure).certificate

                raise unproved(failure, refusal, programme.lp, assessed) from failure
        return self.run.result(GameResult, self.game, self.procedure, best, lambda _: decoded)

    def exact(self, fixed: Fixed) -> ExactResult:
        """The optimum in rationals."""
        searched = self._searches(fixed)
        if searched:
            length = 1 if self._first_only else self.game.n
            fixed = likely_order(lambda: self.best().order, length)
        programme = self.build(self.splits(fixed))
        return exact_game(self.game, self.procedure, programme, fixed, searched=searched)

    def _searches(self, fixed: Fixed) -> bool:
        return fixed is None and self.procedure in ("sequential", "intermediate")

    @property
    def _first_only(self) -> bool:
        return self.procedure == "intermediate"

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
            case "sequential":
                return procedures.sequential(self.game, order or (), self.layout)
            case _:
                assert_never(self.procedure)

    def build(self, splits: tuple[Split, ...]) -> Programme:
        return build_programme(self.game, splits, memory_limit=self.memory_limit)

    def solve(self, splits: tuple[Split, ...], order: Fixed) -> Candidate[Programme]:
        bound = _proved_bound if self._searches(None) else None
        return self.run.solve(lambda: self.build(splits), order, bound)

    def best(self) -> Candidate[Programme]:
        """Best order, or best receiver to begin with.

        A beginning stands for all orders that begin so: whoever is left hears private messages.
        """

        def solve(order: tuple[int, ...], complete: bool) -> Candidate[Programme]:
            splits = (
                self.splits(order) if complete else procedures.order_relaxation(self.game, order)
            )
            return self.solve(splits, order)

        game = self.game
        twins = interchangeable_receivers(game, game.numbers)
        best, upper = best_order(twins, game.payoff_scale, solve, first_only=self._first_only)
        return replace(best, upper=upper, searched=True)

    def decode(self, best: Candidate[Programme]) -> Decoded:
        return float_decoded(best, self.procedure, memory_limit=self.memory_limit)


def _proved_bound(programme: Programme, solution: LPSolution) -> float:
    return decode_prices(programme, solution).bound
