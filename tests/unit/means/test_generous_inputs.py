"""Posterior-mean games: priors and payoffs that are no such thing are named."""

from typing import Any

import numpy as np
import pytest
import scipy.stats

import persuasion_lp as plp
from persuasion_lp.errors import PayoffError, PriorError

GRID = plp.StateGrid([0.2, 0.6, 1.0])


def test_the_prior_of_posterior_means_is_named_prior() -> None:
    with pytest.raises(PriorError, match="prior must be a StateGrid"):
        plp.PosteriorMeanGame([0.2, 0.8], np.sqrt)
    with pytest.raises(PriorError, match="prior must have all its mass"):
        plp.PosteriorMeanGame(scipy.stats.norm(), np.sqrt)


@pytest.mark.parametrize(
    ("payoff", "message"),
    [
        (lambda s: "a", "payoff must give a number; at mean 0; got 'a'"),
        (lambda s: None, "payoff must give a number; at mean 0"),
        (lambda s: np.zeros(3), "payoff must give a number; at mean 0"),
        (lambda s: float("nan"), "payoff must be finite; first at mean 0; got nan"),
    ],
)
def test_payoffs_of_posterior_means_are_numbers(payoff: Any, message: str) -> None:
    with pytest.raises(PayoffError, match=message):
        plp.PosteriorMeanGame(GRID, payoff)


def test_a_payoff_that_fails_between_the_first_points_is_named_before_it_is_solved() -> None:
    game = plp.PosteriorMeanGame(GRID, lambda s: np.where(s == 0.6, np.nan, s))
    with pytest.raises(PayoffError, match=r"payoff must be finite; first at mean 0\.6; got nan"):
        plp.solve(game, "simultaneous")
