"""Counterexamples become small, whatever their class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateGrid,
    VotingGame,
    errors,
    priors,
)
from persuasion_lp.families.games.forms.rational import RationalGame
from persuasion_lp.families.votes.forms.rational import RationalVote
from persuasion_lp.laboratory.shrinking import shrink
from persuasion_lp.theorems import RationalInstance


def dropping_types(plan: Any) -> bool:
    return plan.types.size >= 2


def with_a_low_state(plan: Any) -> bool:
    return bool((plan.difficulty.states < 0.3).any())


def falling(game: Any) -> bool:
    return bool(game.payoff(0.9) < game.payoff(0.1))


LONG_PLAN = ManagerProblem(
    StateGrid(np.arange(1, 20) / 20, np.arange(1, 20) / 190),
    0.437,
    [1.213, 1.457, 1.781],
    [0.213, 0.345, 0.442],
)

LONG_MEANS = PosteriorMeanGame(
    StateGrid([0.13, 0.41, 0.77], [0.2, 0.3, 0.5]),
    PiecewiseLinear([0, 0.21, 0.63, 1], [[0.7, 1.3], [2.1, 0.4], [0.3, -1.7]]),
)

LONG_BELIEFS = BeliefGame(
    0.37, [Receiver([0.31, 0.77], [0, 1.7, 3.1]), *[PiecewiseLinear([0, 0.3, 1], [0, 2, 1])] * 2]
)


@pytest.mark.parametrize(
    ("problem", "fails", "expected"),
    [
        (LONG_PLAN, dropping_types, (2, 1)),
        (LONG_PLAN, with_a_low_state, (1, 1)),
        (LONG_MEANS, falling, (1, 1)),
        (LONG_BELIEFS, lambda game: game.n >= 2, (2, 1)),
    ],
)
def test_shrinking_leaves_what_matters(
    problem: Any, fails: Callable[[Any], bool], expected: tuple[int, ...]
) -> None:
    start = RationalInstance.of(problem)
    shrunk, evaluations = shrink(start, fails)
    assert fails(shrunk.build())
    assert shrunk.size[: len(expected)] == expected
    assert shrunk.size[-1] < start.size[-1] / 4
    assert evaluations < 300


def test_shrinking_removes_what_does_not_matter() -> None:
    """The property fails when receiver 1 has two cutoffs; the rest goes."""
    game = PersuasionGame(
        np.full((2, 2), 0.25), [Receiver([0.31, 0.77], [0, 1.5, 3]), Receiver.threshold(0.6)]
    )
    drawn = RationalInstance.of(game)
    instance, evaluations = shrink(drawn, lambda g: g.action_counts[0] == 3)
    assert isinstance(instance, RationalGame)
    assert instance.size < drawn.size
    assert [len(receiver.payoffs) for receiver in instance.receivers] == [3]
    assert instance.prior in ((1, 0), (0, 1))
    assert evaluations > 0


def test_shrinking_stops_and_passes_over_what_cannot_be_solved() -> None:
    game = VotingGame(priors.perfectly_negative(0.3), [0.45, 0.6], quota=2)

    def touchy(problem: Any) -> bool:
        if problem.n < 2:
            raise errors.InputError("problem", "must have two voters")
        return True

    drawn = RationalInstance.of(game)
    instance, evaluations = shrink(drawn, touchy)
    assert isinstance(instance, RationalVote)
    assert len(instance.cutoffs) == 2
    assert evaluations < 200
    assert shrink(drawn, touchy, most_evaluations=0) == (drawn, 0)
