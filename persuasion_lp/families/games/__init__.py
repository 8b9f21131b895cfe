"""Games: several receivers, each of whom takes one action."""

from functools import partial
from typing import get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.family import Family, ProcedureSpec, register
from persuasion_lp.families.games.form import RationalGame
from persuasion_lp.families.games.ordering import ordering
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.proof.known import known_bracket
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.games.solve import GameSettings, exact_answer, solve_game
from persuasion_lp.families.games.words import game_words, result_words

__all__ = ["GAMES"]

GAMES = register(
    Family(
        kind=PersuasionGame,
        procedures={
            name: ProcedureSpec(
                GameSettings, partial(solve_game, name), partial(exact_answer, name)
            )
            for name in get_args(Procedure)
        },
        form=RationalGame,
        ordering=ordering,
        known=known_bracket,
        words={PersuasionGame: game_words, GameResult: result_words},
    )
)
