"""Actions never taken and receivers whom nothing persuades are named, and solved as stated."""

from __future__ import annotations

import warnings
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import BeliefGame, PersuasionGame, Receiver, VotingGame, catalog, errors
from persuasion_lp.primitives.idle import always_taken, never_taken
from tests.support import any_solve

U, T = Receiver.from_utility, Receiver.threshold
F = Fraction
THREE = [[3, 0, 0], [0, 3, 0], [0, 0, 3]]


@pytest.mark.parametrize(
    ("receiver", "never", "always"),
    [
        (T(F(1, 2)), (), ()),
        (T(0), (), (1,)),
        (T(1), (), (0,)),
        (U([[0, 0], [1, 1]], [0, 1]), (0,), (1,)),
        (U([[0, 0], [0, 0]], [0, 1]), (), (0, 1)),
        (U([[0, 2], [2, 0], ["0.999999999999", "0.999999999999"]], [0, 1, 2]), (2,), ()),
        (U([[0, 2], [2, 0], [1, 1]], [0, 1, 2]), (), ()),
        (U([[0, 2], [2, 0], ["1.000000000001"] * 2], [0, 1, 2]), (), ()),
        (U([*THREE, [1, 1, 1]], [0, 1, 2, 3]), (), ()),
        (U([*THREE, ["0.9999999999999"] * 3], [0, 1, 2, 3]), (3,), ()),
        (U([[1, 2, 3], [-1, 0, 2]], [0, 1]), (1,), (0,)),
        (U([[1, 1 - F(1, 10**30)], [1, 1]], [0, 1]), (), (1,)),
        (Receiver.accepting([([1, 2], 0)]), (), (1,)),
        (Receiver.accepting([([-1, -2], 0)]), (1,), ()),
        (Receiver.accepting([([1, -1], 0), ([-1, 1], F(1, 10**20))]), (1,), ()),
        (Receiver.accepting([([1, -1], 0), ([-1, 1], 0)]), (), ()),
    ],
)
def test_actions_taken_never_and_always(
    receiver: Receiver, never: tuple[int, ...], always: tuple[int, ...]
) -> None:
    assert never_taken(receiver) == never
    assert always_taken(receiver) == always


@pytest.mark.parametrize("scale", [F(10) ** k for k in range(-12, 13, 6)])
def test_units_of_utility_do_not_matter(scale: Fraction) -> None:
    margin = 1 - F(1, 10**12)
    utility: Any = [[0, 2 * scale], [2 * scale, 0], [margin * scale, margin * scale]]
    assert never_taken(U(utility, [0, 1, 2])) == (2,)


HALF = [F(1, 2), F(1, 2)]


@pytest.mark.parametrize(
    ("receiver", "said"),
    [
        (T(0), r"receivers\[1\] takes action 1 or higher at every belief.*cutoff is 0"),
        (T(1), r"receivers\[1\] takes action 1 at the belief 1 alone.*cutoff is 1"),
        (U([[0, 0], [1, 1]], [0, 1]), r"receivers\[1\] takes action 1 at every belief: nothing"),
        (U([[0, 0], [0, 0]], [0, 1]), r"receivers\[1\] is indifferent"),
        (U([[0, 0], [0, 1]], [0, 1]), r"receivers\[1\] takes action 1 at every belief, or one"),
        (U([[0, 2], [2, 0], [0, 1]], [0, 1, 2]), r"receivers\[1\] never takes action 2"),
        (Receiver.accepting([([1, 2], 0)]), r"receivers\[1\] takes action 1 at every belief: noth"),
        (Receiver.accepting([([-1, -2], 0)]), r"receivers\[1\] takes action 0 at every belief: n"),
    ],
)
def test_a_game_says_so_by_receiver_and_action(receiver: Receiver, said: str) -> None:
    with pytest.warns(errors.PersuasionWarning, match=said) as caught:
        PersuasionGame(HALF, [T("1/3", about=0), _about_0(receiver)])
    assert len(caught) == 1
    assert caught[0].filename == __file__


def _about_0(receiver: Receiver) -> Receiver:
    object.__setattr__(receiver, "about", 0)
    return receiver


def test_votes_and_belief_games_say_so_too() -> None:
    with pytest.warns(errors.PersuasionWarning, match="voter 1 takes action 1 or higher"):
        VotingGame(np.full((2, 2), 0.25), ["1/2", 0], 1)
    with pytest.warns(errors.PersuasionWarning, match=r"payoffs\[1\] takes action 1 at the bel"):
        game = BeliefGame(HALF, [T("1/2"), T(1)])
    assert game.exact  # and is not told again


def test_ordinary_receivers_pass_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        PersuasionGame(HALF, [Receiver(["1e-12", "0.999999999999"], [0, 1, 2])])
        PersuasionGame(HALF, [Receiver([], [1])])
        VotingGame(np.full((2, 2), 0.25), ["1e-12", "0.999999999999"], 1)


@pytest.mark.parametrize("slug", catalog.INSTANCES)
def test_published_instances_pass_in_silence(slug: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", errors.PersuasionWarning)
        catalog.get(slug).problem()


@pytest.mark.parametrize(("cutoff", "value"), [(0, F(1)), (1, F(1, 2))])
def test_cutoffs_of_0_and_1_are_solved_as_stated(cutoff: int, value: Fraction) -> None:
    problems: list[Any] = [
        PersuasionGame(HALF, T(cutoff)),
        BeliefGame(HALF, [T(cutoff)]),
        VotingGame(HALF, [cutoff], 1),
    ]
    for problem in problems:
        for procedure in ("simultaneous", "sequential", "first_best"):
            assert any_solve(problem, procedure, exact=True).value == value
            result = any_solve(problem, procedure)
            assert F(result.lower) <= value <= F(result.upper)
    rejection_pays = PersuasionGame(HALF, T(cutoff, [1, 0]))
    assert any_solve(rejection_pays, "simultaneous", exact=True).value == F(1 + cutoff, 2)
