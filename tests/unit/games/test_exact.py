"""Games in rationals: by hand, for every kind of receiver and procedure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, errors, solve

F = Fraction


def test_the_prosecutor_exactly() -> None:
    game = PersuasionGame(["7/10", "3/10"], [Receiver.threshold("1/2")])
    answer = solve(game, "simultaneous", exact=True)
    assert answer.value == F(3, 5)
    assert answer.values("pi[0]").tolist() == [[F(2, 5), 0], [F(3, 10), F(3, 10)]]
    assert answer.duals("prior").tolist() == [0, 2]
    assert answer.duals("obedience[0|0]").tolist() == [-2]
    assert "3/5 = 0.6" in repr(answer)


def test_a_prior_that_is_not_exactly_one_is_refused_in_exact_mode_only() -> None:
    game = PersuasionGame(np.array([1, 1, 1]) / 3, [Receiver.threshold(0.5, about=[0, 0, 1])])
    assert solve(game, "simultaneous").value == pytest.approx(2 / 3)
    with pytest.raises(errors.PriorError, match="exactly"):
        solve(game, "simultaneous", exact=True)


@pytest.mark.parametrize(
    "receiver",
    [
        Receiver(["1/3", "2/3"], [["1/7", 0], [F(1, 2), 1], [0, 2]]),
        Receiver.from_utility([["1/3", 0], [0, "1/5"]], [0, 1]),
        Receiver.accepting([(["1/3", "2/3"], F(1, 2)), ([0, 1], "3/7")]),
    ],
)
@pytest.mark.parametrize(
    "procedure", ["simultaneous", "sequential", "intermediate", "flexible", "first_best"]
)
def test_every_receiver_and_procedure_has_an_exact_answer(
    receiver: Receiver, procedure: Any
) -> None:
    game = PersuasionGame([["1/7", "2/7"], ["3/7", "1/7"]], [receiver, Receiver.threshold("5/9")])
    result = solve(game, procedure)
    answer = result.exact()
    assert isinstance(answer.value, Fraction)
    assert float(answer.value) == pytest.approx(result.value, abs=1e-12)
    assert answer.certificate.verify().ok


@pytest.mark.parametrize("shape", [(2, 2), (2, 2, 2)])
def test_payoffs_over_profiles_and_states_are_exact_too(shape: tuple[int, ...]) -> None:
    payoff = np.array([F(k * k % 11, 7) for k in range(2 ** len(shape))], dtype=object)
    receivers = [Receiver.threshold("3/5")] * (2 if len(shape) == 2 else 1)
    prior = [["1/3", "1/6"], ["1/4", "1/4"]]
    if len(shape) == 3:
        receivers = [Receiver.threshold("3/5", about=0)]
    game = PersuasionGame(prior, receivers, payoff=payoff.reshape(shape))
    result = solve(game, "first_best")
    assert float(result.exact().value) == pytest.approx(result.value, abs=1e-12)
