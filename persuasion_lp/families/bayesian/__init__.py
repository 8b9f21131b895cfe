"""Bayesian games: n players whose payoffs depend on each other's actions."""

from functools import partial
from typing import Literal, get_args

from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.registry import counts_for
from persuasion_lp.families.bayesian.counts.result import AnonymousResult
from persuasion_lp.families.bayesian.counts.solve import exact_counts, solve_chain, solve_counts
from persuasion_lp.families.bayesian.counts.words import anonymous_words, answer_words
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

__all__ = ["ANONYMOUS", "BAYESIAN"]

Counted = Literal["bce", "public", "coarse"]
Recommended = Literal["bce", "public", "elicited", "unelicited", "coarse"]


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.bayesian.forms.document import BayesianDocument

    return BayesianDocument


def _counts_document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.bayesian.counts.document import AnonymousDocument

    return AnonymousDocument


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
            "adversarial": ProcedureSpec(
                AdversarialSettings,
                solve_adversarial,
                exact_adversarial,
                has_exact=partial(is_for, "adversarial"),
                applies=partial(is_for, "adversarial"),
            ),
        },
        form=None,
        ordering=ordering,
        document=_document,
        known=known_bracket,
        words={BayesianGame: game_words, BayesianResult: result_words},
    )
)

ANONYMOUS = register(
    Family(
        kind=AnonymousGame,
        procedures={
            **{
                name: ProcedureSpec(
                    BayesianSettings,
                    partial(solve_counts, name),
                    partial(exact_counts, name),
                    has_exact=partial(counts_for, name),
                    applies=partial(counts_for, name),
                )
                for name in get_args(Counted)
            },
            "adversarial": ProcedureSpec(
                AdversarialSettings,
                solve_chain,
                partial(exact_counts, "adversarial"),
                has_exact=partial(counts_for, "adversarial"),
                applies=partial(counts_for, "adversarial"),
            ),
        },
        form=None,
        ordering=ordering,
        document=_counts_document,
        known=known_bracket,
        words={AnonymousGame: anonymous_words, AnonymousResult: answer_words},
    )
)
