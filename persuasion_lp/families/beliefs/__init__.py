"""Games on one common belief, by concave envelopes."""

from collections.abc import Mapping
from functools import partial
from typing import get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.core.limits import Bracket
from persuasion_lp.core.ordering import Check
from persuasion_lp.core.result import Result
from persuasion_lp.families.beliefs.as_game import as_game
from persuasion_lp.families.beliefs.forms.rational import RationalBeliefs
from persuasion_lp.families.beliefs.limits import payoff_bound, payoff_reached
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.families.beliefs.solve import BeliefSettings, exact_answer, solve_belief_game
from persuasion_lp.families.beliefs.words import belief_words, result_words
from persuasion_lp.families.games.optima.studied import FORMS
from persuasion_lp.families.games.ordering import order_of_procedures

__all__ = ["BELIEFS"]


def _exact(game: BeliefGame) -> bool:
    return game.exact


def _known(game: BeliefGame, procedure: str) -> Bracket:
    return payoff_reached(game), payoff_bound(game)


def _ordering(game: BeliefGame, results: Mapping[str, Result]) -> tuple[Check, ...]:
    return order_of_procedures(results, theorems=game.on_interval)


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.beliefs.forms.document import BeliefDocument

    return BeliefDocument


BELIEFS = register(
    Family(
        kind=BeliefGame,
        procedures={
            name: ProcedureSpec(
                BeliefSettings,
                partial(solve_belief_game, name),
                partial(exact_answer, name),
                _exact,
            )
            for name in get_args(Procedure)
        },
        form=RationalBeliefs,
        ordering=_ordering,
        document=_document,
        known=_known,
        words={BeliefGame: belief_words, BeliefResult: result_words},
    )
)

FORMS[BeliefGame] = as_game
