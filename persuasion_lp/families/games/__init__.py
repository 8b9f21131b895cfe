"""Games: several receivers, each of whom takes one action."""

from functools import partial
from typing import get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.families.games.forms.rational import RationalGame
from persuasion_lp.families.games.ordering import ordering
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.proof.known import known_bracket
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.games.solve import (
    GameSettings,
    OneStageSettings,
    exact_answer,
    solve_game,
)
from persuasion_lp.families.games.words import game_words, result_words

__all__ = ["GAMES"]


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.games.forms.document import GameDocument

    return GameDocument


GAMES = register(
    Family(
        kind=PersuasionGame,
        procedures={
            name: ProcedureSpec(
                OneStageSettings if name in ("simultaneous", "first_best") else GameSettings,
                partial(solve_game, name),
                partial(exact_answer, name),
            )
            for name in get_args(Procedure)
        },
        form=RationalGame,
        ordering=ordering,
        document=_document,
        known=known_bracket,
        words={PersuasionGame: game_words, GameResult: result_words},
    )
)
