"""Groups of alike receivers: stated, found in a game, refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import ExchangeableGame, PersuasionGame, Receiver
from persuasion_lp.errors import PayoffError, PriorError, ReceiverError, SizeError

T = Receiver.threshold
UNANIMOUS = [0.5, 0, 0, 0.5]


def test_two_groups_of_two() -> None:
    game = ExchangeableGame(np.full((3, 3), Fraction(1, 9)), [T(0.6), T(0.8)])
    assert game.sizes == (2, 2)
    assert game.n == 2
    assert game.counted.action_counts == (3, 3)
    assert "2 who acts 1 from belief 0.6 on" in repr(game)
    same = ExchangeableGame(np.full((3, 3), Fraction(1, 9)), [T(0.6), T(0.8)])
    assert game == same
    assert hash(game) == hash(same)


def test_a_row_counts_who_accepts_and_is_in_the_state_that_speaks_for_it() -> None:
    (group,) = ExchangeableGame(UNANIMOUS, T("4/5")).receivers
    expected = [[Fraction(-8, 5), Fraction(-3, 5), Fraction(2, 5), Fraction(2, 5)]]
    assert group.rational_cones()[2].tolist() == expected
    assert group.rational_cones()[0].shape == (0, 4)
    against = Receiver.from_utility([[0, 1], [1, 0]], [0, 1])
    (group,) = ExchangeableGame(UNANIMOUS, against).receivers
    assert group.rational_cones()[2].tolist() == [[2, 2, 0, -2]]


def test_groups_are_found_and_written_out() -> None:
    game = ExchangeableGame([Fraction(1, 2), 0, Fraction(1, 8), Fraction(3, 8)], T("4/5"))
    whole = game.expanded()
    assert whole.n == 3
    assert whole.written_numbers.prior.reshape(2, 2, 2)[0, 1, 1] == Fraction(1, 24)
    assert ExchangeableGame.of(whole) == game
    majority = ExchangeableGame(UNANIMOUS, T(0.7), [0, 0, 1, 1])
    assert ExchangeableGame.of(majority.expanded()).payoff is not None


def test_a_mixture_is_binomial_given_the_cause() -> None:
    game = ExchangeableGame.mixture([2, 1], ["1/2", "1/2"], [["1/2", 0], [1, "1/3"]], [T(0.6)] * 2)
    written = game._written_prior.rationals()
    assert written[1, 0] == Fraction(1, 4)
    assert written[2, 1] == Fraction(1, 6)
    assert written.sum() == 1
    with pytest.raises(PriorError, match="causes and groups"):
        ExchangeableGame.mixture([2, 1], [1], [[0.5]], [T(0.6)] * 2)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        (([0.5, 0.5], []), PriorError, "one axis"),
        (([1.0], T(0.5)), PriorError, "at least two counts"),
        ((np.full((2, 2), 0.25), T(0.5)), PriorError, "for each of 1 groups"),
        ((UNANIMOUS, "judge"), ReceiverError, "members"),
        ((UNANIMOUS, Receiver([0.2, 0.5], [0, 1, 2])), ReceiverError, r"members\[0\].*two actions"),
        ((UNANIMOUS, T(0.5, [[0, 0], [1, 0.5]])), PayoffError, "in the state that speaks for it"),
        ((UNANIMOUS, T(0.5), [0, 1]), PayoffError, r"shape \(4,\)"),
        ((UNANIMOUS, T(0.5), [0, 2, 1, 3]), PayoffError, "payoff"),
        ((UNANIMOUS, T(0.5, [1, 0])), PayoffError, "payoffs"),
        (([0.5, 0.4], T(0.5)), PriorError, "sum to 1"),
    ],
)
def test_what_is_not_counted_is_refused(given: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        ExchangeableGame(*given)


@pytest.mark.parametrize(
    ("game", "error", "words"),
    [
        (3, ReceiverError, "PersuasionGame"),
        (PersuasionGame([0.5, 0.5], [T(0.6)] * 2), PriorError, "axis of its own"),
        (PersuasionGame(np.full((2, 2), 0.25), [T(0.6), T(0.7)]), ReceiverError, "no two"),
        (
            PersuasionGame(np.full((2, 2), 0.25), [T(0.6)] * 2, np.zeros((2, 2, 2, 2))),
            PayoffError,
            "must not depend on the state",
        ),
    ],
)
def test_games_without_groups_are_refused(game: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        ExchangeableGame.of(game)


def test_it_is_not_written_out_beyond_memory() -> None:
    prior = np.zeros(51)
    prior[[0, 50]] = 0.5
    with pytest.raises(SizeError, match="50 receivers"):
        ExchangeableGame(prior, T(0.8)).expanded()


def test_files_keep_it(tmp_path: Any) -> None:
    game = ExchangeableGame(np.full((3, 2), Fraction(1, 6)), [T("3/5"), T(0.8, name="judge")])
    path = tmp_path / "groups.toml"
    plp.write(game, path)
    assert plp.read(path) == game
    result = plp.solve(game, "simultaneous")
    result.save(tmp_path / "answer.json")
    loaded = plp.load(tmp_path / "answer.json")
    assert loaded.value == result.value
    assert type(loaded) is type(result)
