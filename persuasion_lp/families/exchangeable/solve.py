"""Solve an :class:`ExchangeableGame`: the game of groups who count, and its answer in counts."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.settings import Settings
from persuasion_lp.families.exchangeable.problem import ExchangeableGame
from persuasion_lp.families.exchangeable.result import ExchangeableResult
from persuasion_lp.families.games.proof.known import known_bracket
from persuasion_lp.families.games.solve import OneStageSettings, solve_as
from persuasion_lp.families.games.solve import exact_answer as exact_game
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["CountFormulation", "CountSettings", "exact_answer", "known", "solve_groups"]

CountFormulation = Literal["auto", "nested", "blocks"]


@dataclass(frozen=True, kw_only=True)
class CountSettings(Settings):
    """Settings of a public signal to groups: those of a game's.

    Attributes
    ----------
    options
        Algorithm, limits, HiGHS options.
    formulation
        ``"auto"``, ``"nested"`` or ``"blocks"``, of the program in counts.
    tol
        Width of the bracket that is narrow enough, ``None`` for a proved optimum.
    memory_limit
        Bytes that may be taken.
    """

    options: SolverOptions | None = None
    formulation: CountFormulation = "auto"
    tol: float | None = None
    memory_limit: int = MEMORY_LIMIT

    def of_game(self) -> OneStageSettings:
        """The same, of the game of groups."""
        return OneStageSettings(**{field.name: getattr(self, field.name) for field in fields(self)})


def solve_groups(game: ExchangeableGame, settings: CountSettings) -> ExchangeableResult:
    """The best public signal."""
    chosen = settings.of_game()
    return solve_as(ExchangeableResult, game, "simultaneous", game.counted, chosen)


def exact_answer(game: ExchangeableGame, settings: CountSettings) -> ExactResult:
    """The same in fractions."""
    return exact_game("simultaneous", game.counted, settings.of_game())


def known(game: ExchangeableGame, procedure: str) -> tuple[float, float]:
    """Bracket on the optimum without solving."""
    return known_bracket(game.counted, procedure)
