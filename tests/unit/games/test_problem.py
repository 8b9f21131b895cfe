"""Games of many receivers: what they mean, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, errors, priors, solve

T = Receiver.threshold


def test_inputs_are_copied_and_frozen() -> None:
    prior = np.array([0.7, 0.3])
    cutoffs = np.array([0.5])
    game = PersuasionGame(prior, [Receiver(cutoffs, [0, 1])])
    prior[:] = 0
    cutoffs[:] = 0
    assert game.prior.tolist() == [0.7, 0.3]
    assert game.receivers[0].cutoffs is not None
    assert game.receivers[0].cutoffs.tolist() == [0.5]
    with pytest.raises(ValueError, match="read-only"):
        game.prior[0] = 1
    with pytest.raises(AttributeError):
        game.payoff = None  # type: ignore[misc]


def test_fractions_are_numbers() -> None:
    game = PersuasionGame([Fraction(7, 10), Fraction(3, 10)], [T(Fraction(1, 2))])
    assert solve(game, "simultaneous").value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("shape", "about", "own"),
    [
        ((2, 2), None, [0, 0, 1, 1]),
        ((2, 2), 1, [0, 1, 0, 1]),
        ((2, 2), np.array([[True, False], [False, True]]), [1, 0, 0, 1]),
        ((4,), [0, 1, 1, 0], [0, 1, 1, 0]),
    ],
)
def test_what_a_receiver_is_about(shape: tuple[int, ...], about: Any, own: list[int]) -> None:
    prior = np.full(shape, 0.25)
    others = [T(0.5, about=about)] * (len(shape) - 1)
    game = PersuasionGame(prior, [T(0.5, about=about), *others])
    assert game.own_states[0].tolist() == own


def test_about_several_axes() -> None:
    receiver = Receiver.from_utility(np.zeros((2, 3, 2)), [0, 1], about=(1, 0))
    game = PersuasionGame(np.full((2, 3), 1 / 6), [receiver])
    assert game.own_states[0].tolist() == [0, 2, 4, 1, 3, 5]


def test_a_receiver_of_the_whole_state_needs_no_about() -> None:
    receiver = Receiver.accepting([(np.eye(2), 0.5)])
    game = PersuasionGame(np.full((2, 2), 0.25), [receiver])
    assert game.own_states[0].tolist() == [0, 1, 2, 3]


def test_payoffs_without_and_with_full_information_by_hand() -> None:
    """Two judges, exactly one defendant guilty; then with a payoff for convicting both."""
    judges = [T(0.4), T(0.8)]
    game = PersuasionGame(priors.perfectly_negative(0.5), judges)
    assert game.payoff_without_information() == 1
    assert game.payoff_with_full_information() == 1
    both = PersuasionGame(game.prior, judges, payoff=[[0, 2], [3, 9]])
    assert both.payoff_without_information() == 3
    assert both.payoff_with_full_information() == 2.5
    by_state = np.zeros((2, 2, 2, 2))
    by_state[1, 0, 1, 0] = 8
    tied = PersuasionGame(game.prior, judges, payoff=by_state)
    assert tied.payoff_without_information() == 4
    assert tied.payoff_with_full_information() == 4


def test_a_tie_at_the_prior_goes_to_the_sender() -> None:
    assert PersuasionGame([0.9, 0.1], [T(0.1)]).payoff_without_information() == 1
    assert PersuasionGame([0.9, 0.1], [T(0.1, [1, 0])]).payoff_without_information() == 1


BAD: list[tuple[Callable[[], Any], type[errors.InputError], str, Any, Any]] = [
    (lambda: PersuasionGame([0.5, 0.6], [T(0.3)]), errors.PriorError, "prior", None, None),
    (lambda: PersuasionGame([0.5, np.nan], [T(0.3)]), errors.PriorError, "prior", (1,), np.nan),
    (lambda: PersuasionGame([1.5, -0.5], [T(0.3)]), errors.PriorError, "prior", (1,), -0.5),
    (lambda: PersuasionGame(0.5, [T(0.3)]), errors.PriorError, "prior", None, ()),
    (lambda: PersuasionGame([], [T(0.3)]), errors.PriorError, "prior", None, (0,)),
    (lambda: PersuasionGame(["a"], [T(0.3)]), errors.PriorError, "prior", (0,), "a"),
    (lambda: PersuasionGame([[0.5, 0.5]], [T(0.3)]), errors.ReceiverError, "receivers", 0, None),
    (lambda: PersuasionGame([0.2, 0.3, 0.5], [T(0.3)]), errors.ReceiverError, "receivers", 0, None),
    (lambda: PersuasionGame([1.0], []), errors.ReceiverError, "receivers", None, None),
    (lambda: PersuasionGame([0.5, 0.5], [0.3]), errors.ReceiverError, "receivers", 0, 0.3),  # type: ignore[list-item]
    (
        lambda: PersuasionGame([0.5, 0.5], [T(0.3, about=1)]),
        errors.ReceiverError,
        "receivers[0].about",
        None,
        1,
    ),
    (
        lambda: PersuasionGame([0.5, 0.5], [T(0.3, about=(0, 0))]),
        errors.ReceiverError,
        "receivers[0].about",
        None,
        (0, 0),
    ),
    (
        lambda: PersuasionGame([0.5, 0.5], [T(0.3, about=[0, 2])]),
        errors.ReceiverError,
        "receivers[0].about",
        (1,),
        2,
    ),
    (
        lambda: PersuasionGame([0.5, 0.5], [T(0.3, about=[[0, 1]])]),
        errors.ReceiverError,
        "receivers[0].about",
        None,
        (1, 2),
    ),
    (
        lambda: PersuasionGame([0.5, 0.5], [T(0.3)], payoff=[1, 2, 3]),
        errors.PayoffError,
        "payoff",
        None,
        (3,),
    ),
    (
        lambda: PersuasionGame([0.5, 0.5], [Receiver.accepting([([0, 1], 0.5)], [1, 0])]),
        errors.PayoffError,
        "payoffs",
        None,
        -1.0,
    ),
    (
        lambda: PersuasionGame([0.5, 0.5], [Receiver.accepting([([0, 1], 0.5)])], payoff=[2, 0]),
        errors.PayoffError,
        "payoff",
        None,
        -2.0,
    ),
]


@pytest.mark.parametrize(("build", "kind", "field", "index", "value"), BAD)
def test_bad_input_is_named(
    build: Callable[[], Any], kind: type[errors.InputError], field: str, index: Any, value: Any
) -> None:
    with pytest.raises(kind) as caught:
        build()
    error = caught.value
    assert isinstance(error, ValueError)
    assert isinstance(error, errors.PersuasionError)
    assert (error.field, error.index) == (field, index)
    assert repr(error.value) == repr(value)
    assert str(error).startswith(field)


def test_a_prior_says_by_how_much_it_misses_one() -> None:
    with pytest.raises(errors.PriorError, match=r"it sums to 1 -0\.001"):
        PersuasionGame([0.5, 0.499], [T(0.3)])


def test_reprs() -> None:
    assert repr(T(0.25)) == ("Receiver(cutoffs=[0.25], payoffs=[0, 1]; acts 1 from belief 0.25 on)")
    assert repr(Receiver.accepting([([0, 1], 0.5)], about=0)) == (
        "Receiver(actions=2, states=2, payoffs=[0, 1], about=0; acts 1 from belief 0.5 on)"
    )
    game = PersuasionGame([0.5, 0.5], [T(0.3)], payoff=[[0, 0], [1, 2]])
    assert repr(game) == (
        "PersuasionGame(1 receiver with (2,) actions, 2 of 2 states possible, "
        "payoff over profiles and states; receiver 0: acts 1 from belief 0.3 on)"
    )
