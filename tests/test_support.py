"""The assertion helpers can fail."""

import dataclasses
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    PersuasionGame,
    PosteriorMeanGame,
    Receiver,
    StateGrid,
    solve,
)
from tests.support import assert_at_most, assert_certified, assert_close, assert_priced, reissued


def test_assert_close_refuses_a_difference() -> None:
    assert_close(1.0, 1.0 + 1e-9)
    with pytest.raises(AssertionError, match="differ by"):
        assert_close(1.0, 1.0 + 1e-7)


def test_assert_close_refuses_nan() -> None:
    with pytest.raises(AssertionError):
        assert_close(float("nan"), 1.0)


def test_assert_at_most_refuses_an_excess() -> None:
    assert_at_most(1.0, 1.0)
    with pytest.raises(AssertionError, match="exceeds"):
        assert_at_most(1.0 + 1e-7, 1.0)


def test_assert_certified_refuses_wrong_prices_and_failed_certificates() -> None:
    result = solve(PersuasionGame([0.7, 0.3], [Receiver.threshold(0.5)]), "simultaneous")
    assert_certified(result)
    with pytest.raises(AssertionError):
        assert_certified(reissued(result, prices=result.prices + 1e-6))
    loose = dataclasses.replace(result.certificate, upper=result.value + 1e-6)
    with pytest.raises(AssertionError):
        assert_certified(reissued(result, certificate=loose))


PLAN = ManagerProblem(
    StateGrid.from_distribution(stats.uniform(), 40), 0.5, [1.2, 1.6], [0.02, 0.98]
)


def test_priced_results_pass_and_broken_ones_fail() -> None:
    good = solve(PosteriorMeanGame(PLAN.difficulty, lambda m: np.abs(m - 0.4)), "simultaneous")
    assert_priced(good)
    broken: list[Any] = [
        reissued(good, certificate=replace(good.certificate, width=1.0)),
        reissued(good, probabilities=good.probabilities * 1.01),
    ]
    for result in broken:
        with pytest.raises(AssertionError):
            assert_priced(result)
