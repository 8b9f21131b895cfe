"""Bayesian games: n players whose payoffs depend on each other's actions."""

from functools import partial
from typing import Literal, get_args

from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.families.bayesian.known import known_bracket
from persuasion_lp.families.bayesian.ordering import ordering
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.registry import is_for
from persuasion_lp.families.bayesian.result import BayesianResult
from persuasion_lp.families.bayesian.solve import (
    AdversarialSettings,
    BayesianSettings,
    exact_adversarial,
    exact_answer,
    solve_adversarial,
    solve_bayesian,
)
from persuasion_lp.families.bayesian.study import study
from persuasion_lp.families.bayesian.words import game_words, result_words
from persuasion_lp.families.games.optima.studied import STUDIES

__all__ = ["BAYESIAN"]

Recommended = Literal["bce", "public", "elicited", "unelicited", "coarse"]


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.bayesian.forms.document import BayesianDocument

    return BayesianDocument


STUDIES[BayesianGame] = study

BAYESIAN = register(
    Family(
        kind=BayesianGame,
        procedures={
            **{
                name: ProcedureSpec(
                    BayesianSettings,
                    partial(solve_bayesian, name),
                    partial(exact_answer, name),
                    has_exact=partial(is_for, name),
                    applies=partial(is_for, name),
                )
                for name in get_args(Recommended)
            },
            "adversarial": ProcedureSpec(AdversarialSettings, solve_adversarial, exact_adversarial),
        },
        form=None,
        ordering=ordering,
        document=_document,
        known=known_bracket,
        words={BayesianGame: game_words, BayesianResult: result_words},
    )
)
