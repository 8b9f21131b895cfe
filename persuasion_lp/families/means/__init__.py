"""Posterior-mean games: payoffs depend on the mean of the posterior only."""

from collections.abc import Mapping
from functools import partial

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.core.limits import Bracket
from persuasion_lp.core.ordering import Check
from persuasion_lp.core.result import Result
from persuasion_lp.families.means.exact import exact_means
from persuasion_lp.families.means.forms.rational import RationalMeans
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.proof.known import known_bracket
from persuasion_lp.families.means.result import MeansResult
from persuasion_lp.families.means.solve import MeansSettings, solve_means
from persuasion_lp.families.means.words import means_words, result_words

__all__ = ["MEANS"]


def _exact_answer(game: PosteriorMeanGame, settings: MeansSettings) -> ExactResult:
    return exact_means(
        game, "simultaneous", settings.formulation, memory_limit=settings.memory_limit
    )


def _exact(game: PosteriorMeanGame) -> bool:
    return game.exact


def _known(game: PosteriorMeanGame, procedure: str) -> Bracket:
    return known_bracket(game)


def _ordering(game: PosteriorMeanGame, results: Mapping[str, Result]) -> tuple[Check, ...]:
    """One procedure: nothing to order."""
    return ()


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.means.forms.document import MeansDocument

    return MeansDocument


MEANS = register(
    Family(
        kind=PosteriorMeanGame,
        procedures={
            "simultaneous": ProcedureSpec(
                MeansSettings, partial(solve_means, "simultaneous"), _exact_answer, _exact
            )
        },
        form=RationalMeans,
        ordering=_ordering,
        document=_document,
        known=_known,
        words={PosteriorMeanGame: means_words, MeansResult: result_words},
    )
)
