"""Numbers that floats cannot hold together are refused by name, before anything is solved."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

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
    solve,
)

F = Fraction
TINY = F(1, 10**400)
HALVES = [F(1, 2), F(1, 2)]
RARE = [1 - TINY, TINY]
JUDGE = Receiver.threshold("3/5")
STEP = PiecewiseLinear([0, "1/2", 1], [[0, 0], [1, 1]])
GRID = StateGrid(["1/5", "3/5"])


def utility(*rows: list[Any]) -> PersuasionGame:
    return PersuasionGame(HALVES, Receiver.from_utility(rows, [0, 1]))


REFUSED: dict[str, tuple[Callable[[], Any], type[errors.InputError], str]] = {
    "games: probability": (lambda: PersuasionGame(RARE, JUDGE), errors.PriorError, r"prior\[1\]"),
    "votes: probability": (lambda: VotingGame(RARE, ["1/2"], 1), errors.PriorError, r"prior\[1\]"),
    "beliefs: probability": (lambda: BeliefGame(RARE, [JUDGE]), errors.PriorError, r"prior\[1\]"),
    "means: probability": (
        lambda: PosteriorMeanGame(StateGrid(["1/5", "3/5"], RARE), STEP),
        errors.PriorError,
        r"masses\[1\]",
    ),
    "menus: probability": (
        lambda: ManagerProblem(GRID, "1/2", ["6/5", "7/5"], RARE),
        errors.WorkerTypeError,
        r"type_probs\[1\]",
    ),
    "menus: payment": (
        lambda: ManagerProblem(GRID, TINY, ["6/5"]),
        errors.PaymentError,
        "payment must be 0 or large",
    ),
    "menus: state": (lambda: StateGrid([TINY]), errors.PriorError, r"states\[0\]"),
    "games: cutoff": (
        lambda: PersuasionGame(HALVES, Receiver.threshold(TINY)),
        errors.ReceiverError,
        r"cutoffs\[0\]",
    ),
    "games: cutoff next to 1": (
        lambda: PersuasionGame(HALVES, Receiver.threshold(1 - TINY)),
        errors.ReceiverError,
        "cutoffs must not compare numbers that differ, but by less",
    ),
    "votes: cutoff next to 1": (
        lambda: VotingGame(HALVES, [1 - TINY], 1),
        errors.ReceiverError,
        "must not compare numbers that differ, but by less",
    ),
    "games: cutoffs next to each other": (
        lambda: Receiver([F(1, 2), F(1, 2) + TINY], [0, 1, 0]),
        errors.ReceiverError,
        r"cutoffs\[1\] must increase",
    ),
    "games: cutoff and its complement": (
        lambda: PersuasionGame(["1/2", "1/2"], [Receiver.threshold("1e-151")]),
        errors.ReceiverError,
        r"receivers\[0\] must not weigh",
    ),
    "votes: cutoff and its complement": (
        lambda: VotingGame([["1/2", 0], [0, "1/2"]], ["1/2", "1e-151"], 1),
        errors.ReceiverError,
        r"cutoffs\[1\] must not weigh",
    ),
    "games: utility": (lambda: utility([0, 0], [1, F(10**400)]), errors.ReceiverError, "finite"),
    "games: utilities nearly equal": (
        lambda: utility([1, 1], [1 - TINY, 1 - TINY]),
        errors.ReceiverError,
        "utility must not compare",
    ),
    "games: utilities nearly equal in one state": (
        lambda: utility([1, 1], [1 - TINY, 0]),
        errors.ReceiverError,
        "utility must not compare",
    ),
    "games: utilities far apart": (
        lambda: utility([0, 0], ["1e-100", "-1e100"]),
        errors.ReceiverError,
        r"receivers\[0\] must not weigh",
    ),
    "games: a condition nearly met": (
        lambda: Receiver.accepting([([1, 1], 1 + TINY)]),
        errors.ReceiverError,
        "conditions must not compare",
    ),
    "games: payoff": (lambda: Receiver.threshold("1/2", [0, TINY]), errors.PayoffError, "payoffs"),
    "games: large payoff": (
        lambda: Receiver.threshold("1/2", [0, F(10**400)]),
        errors.PayoffError,
        r"payoffs\[1\]",
    ),
    "games: payoffs all tiny": (
        lambda: PersuasionGame(HALVES, Receiver.threshold("1/2", [0, 1e-310])),
        errors.PayoffError,
        "receivers must pay 0, or somewhere",
    ),
    "games: payoff= all tiny": (
        lambda: PersuasionGame(HALVES, JUDGE, [0, 1e-320]),
        errors.PayoffError,
        "payoff must pay 0, or somewhere",
    ),
    "means: payoff": (
        lambda: PiecewiseLinear([0, "1/2", 1], [0, F(10**400), 1]),
        errors.PayoffError,
        r"values\[1\]",
    ),
    "means: states nearly equal": (
        lambda: StateGrid([F(1, 2), F(1, 2) + TINY]),
        errors.PriorError,
        "states must be equal, or differ",
    ),
    "menus: a type next to 1": (
        lambda: ManagerProblem(GRID, "1/2", ["7/5", 1 + TINY]),
        errors.WorkerTypeError,
        r"types\[1\] must be 1, or so far",
    ),
    "menus: a slack without precision": (
        lambda: ManagerProblem(GRID, "1/2", [1 + F(1, 10**310), "7/5"]),
        errors.WorkerTypeError,
        r"types\[0\] must be 1, or so far",
    ),
    "menus: a type": (
        lambda: ManagerProblem(GRID, "1/2", [F(10**400)], unrestricted=True),
        errors.WorkerTypeError,
        r"types\[0\]",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_floats_cannot_hold_together_is_refused_by_name(name: str) -> None:
    stated, kind, rule = REFUSED[name]
    with pytest.raises(kind, match=rule):
        stated()


KEPT: dict[str, tuple[Callable[[], Any], Any]] = {
    "a payoff next to the smallest": (
        lambda: PersuasionGame(HALVES, Receiver.threshold("3/5", [0, "1e-289"])),
        "simultaneous",
    ),
    "a rare state and a cutoff next to 0": (
        lambda: PersuasionGame([1 - F("1e-150"), "1e-150"], Receiver.threshold("1e-149")),
        "simultaneous",
    ),
    "utilities equal": (lambda: utility([1, 1], [1, 1]), "simultaneous"),
    "utilities next to each other": (
        lambda: utility([1, 1], [1 - F("1e-300"), 1 - F("1e-300")]),
        "simultaneous",
    ),
    "a type of 1": (lambda: ManagerProblem(GRID, "1/2", [1, "7/5"]), "menu"),
    "a type next to 1": (
        lambda: ManagerProblem(GRID, "1/2", [1 + F("1e-300"), "7/5"]),
        "menu",
    ),
    "states next to each other": (
        lambda: PosteriorMeanGame(StateGrid([F(1, 2), F(1, 2) + F("1e-300")]), STEP),
        "simultaneous",
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_floats_can_just_hold_is_solved(name: str) -> None:
    stated, procedure = KEPT[name]
    result = solve(stated(), procedure)
    assert F(result.lower) <= result.exact().value <= F(result.upper)
