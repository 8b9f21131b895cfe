"""Checks of a menu: relative to their own terms, free of units, and only of what can be a test."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    ManagerProblem,
    ScreeningTest,
    StateDistribution,
    StateGrid,
    certify_menu,
    errors,
)

F = Fraction
ONE = F(1)
UNITS = [F(10) ** -k for k in range(13)]
RARE = [ONE, F(10) ** -6, F(10) ** -12]
VIOLATED = 1e-6
"""Relative size of the violations that must be refused."""


def plan(unit: Fraction = ONE, rare: Fraction = ONE) -> ManagerProblem:
    """States .05, .6 and .9, of which the high ones are rare; E[θ] = w when they are not."""
    masses = [1 - rare / 2, rare / 4, rare / 4]
    states = [unit * F(k, 20) for k in (1, 12, 18)]
    return ManagerProblem(
        StateGrid(states, masses), unit * F(2, 5), ["3/2", "9/4"], ["1/4", "3/4"], unrestricted=True
    )


def good(problem: ManagerProblem) -> list[ScreeningTest]:
    """The low type is indifferent to .6, the high one between it and .75 twice as often."""
    grid = problem.difficulty
    assert isinstance(grid, StateGrid)
    low = ScreeningTest.from_proposal(grid, [0, 1, 0])
    high = ScreeningTest.from_proposal(grid, [0, 1, 1])
    return [replace(low, takers=(0,)), replace(high, takers=(1,))]


def with_q(test: ScreeningTest, q: float) -> ScreeningTest:
    return replace(test, q=q)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("rare", RARE)
def test_a_menu_holds_in_every_unit_and_however_rare(unit: Fraction, rare: Fraction) -> None:
    problem = plan(unit, rare)
    found = certify_menu(problem, good(problem))
    assert found.ok, found.failures
    expected = (F(1, 4) * F(1, 5) / 4 + F(3, 4) * F(7, 20) / 2) * unit * rare
    assert found.value == pytest.approx(float(expected), rel=1e-12)
    assert certify_menu(problem, good(problem), found.value).ok


CHECKS: dict[str, Callable[[list[ScreeningTest], float], list[ScreeningTest]]] = {
    "choice": lambda tests, more: [with_q(tests[0], tests[0].q * (1 + more)), tests[1]],
    "trust": lambda tests, more: [with_q(tests[0], tests[0].q * (2 / 3) * (1 - 2 * more))],
    "feasibility": lambda tests, more: [replace(tests[0], p=tests[0].p * (1 + more)), tests[1]],
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("rare", RARE)
@pytest.mark.parametrize("check", CHECKS)
def test_a_violation_is_refused_in_every_unit(check: str, unit: Fraction, rare: Fraction) -> None:
    problem = plan(unit, rare)
    tests = good(problem)
    spoiled = certify_menu(problem, CHECKS[check](tests, 4 * VIOLATED))
    assert getattr(spoiled, f"{check}_residual") >= VIOLATED / 2
    assert not spoiled.ok


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("rare", RARE)
def test_a_wrong_value_is_refused_in_every_unit(unit: Fraction, rare: Fraction) -> None:
    problem = plan(unit, rare)
    value = certify_menu(problem, good(problem)).value
    wrong = certify_menu(problem, good(problem), value * (1 + VIOLATED))
    assert wrong.value_residual == pytest.approx(VIOLATED, rel=1e-3)
    assert not wrong.ok


@pytest.mark.parametrize("unit", UNITS)
def test_a_null_signal_that_is_not_believed_is_refused_in_every_unit(unit: Fraction) -> None:
    """E[θ] = .6 > w = .5: what is left after a proposal must have a mean of at most w."""
    states = [unit * F(k, 10) for k in (2, 6, 7, 9)]
    problem = ManagerProblem(StateGrid(states), unit * F(1, 2), ["9/5"])
    grid = problem.difficulty
    assert isinstance(grid, StateGrid)
    believed = ScreeningTest.from_proposal(grid, [0, 1, 0, 0.75])
    assert certify_menu(problem, [believed]).ok
    refused = ScreeningTest.from_proposal(grid, [0, 1, 0, 0.75 - 1e-5])
    found = certify_menu(problem, [refused])
    assert VIOLATED < found.trust_residual < 10 * VIOLATED
    assert "misreporting" in " ".join(found.failures)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("power", [-3, 0, 2])
def test_residuals_do_not_depend_on_the_unit(unit: Fraction, power: int) -> None:
    more = 10.0 ** (power - 4)
    for spoil in CHECKS.values():
        here, there = (certify_menu(p, spoil(good(p), more)) for p in (plan(), plan(unit)))
        for name in ("choice", "trust", "feasibility"):
            one, other = (getattr(c, f"{name}_residual") for c in (here, there))
            assert one == pytest.approx(other, rel=1e-6, abs=1e-14)


GRID = StateGrid([0.2, 0.6, 0.9])
PROBLEM = ManagerProblem(GRID, 0.5, [1.2, 1.6])
SOUND = ScreeningTest.from_proposal(GRID, [0, 1, 1])
NAN, INF = math.nan, math.inf
NONSENSE: list[tuple[dict[str, Any], str]] = [
    *(({"p": p}, "p") for p in (NAN, INF, -0.1, 1.5, "1", None, True, 1j)),
    *(({"q": q}, "q") for q in (NAN, -INF, -0.1, 1.1, [0.5, 0.6], "x")),
    *(({"kind": kind}, "kind") for kind in ("thresholds", None, 3)),
    *(
        ({"interval": interval}, "interval")
        for interval in ((NAN, NAN), (0.6, NAN), (5, 7), (0.55, 0.9), (0.9, 0.6), (0.6,), None)
    ),
    *(
        ({"proposal": proposal}, "proposal")
        for proposal in (
            None,
            np.array([0, NAN, 1]),
            np.array([0, 1.5, 1]),
            np.array([-0.5, 1, 1]),
            np.array([0.0, 0.0, 0.0]),
            np.array([1.0, 1.0]),
            np.ones((3, 1)),
            "high",
        )
    ),
    *(
        ({"takers": takers}, "takers")
        for takers in ((-1,), (2,), (0, 0), (0.5,), (NAN,), (True,), ("0",), None, 3)
    ),
    *(({"types": types}, "types") for types in ((NAN,), ("x",), None, 1.2)),
    ({"takers": (0,), "types": (1.6,)}, "types"),
    ({"takers": (0, 1), "types": (1.2,)}, "types"),
    ({"kind": "threshold", "interval": (0.2, 0.9), "proposal": np.array([1.0, 0, 1])}, "kind"),
]


def test_the_sound_test_is_accepted() -> None:
    assert (
        certify_menu(PROBLEM, [replace(SOUND, takers=(1,), types=(1.6,))]).feasibility_residual == 0
    )


@pytest.mark.parametrize(("change", "named"), NONSENSE)
def test_what_cannot_be_a_test_is_refused_by_name(change: dict[str, Any], named: str) -> None:
    with pytest.raises(errors.InputError) as refused:
        certify_menu(PROBLEM, [replace(SOUND, **change)])
    assert refused.value.field == named


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((None, [SOUND]), "problem"),
        ((PROBLEM, None), "tests"),
        ((PROBLEM, SOUND), "tests"),
        ((PROBLEM, [None]), "tests"),
        ((PROBLEM, [SOUND], NAN), "value"),
        ((PROBLEM, [SOUND], INF), "value"),
        ((PROBLEM, [SOUND], "much"), "value"),
        ((PROBLEM, [replace(SOUND, takers=(0,)), replace(SOUND, takers=(0,))]), "takers"),
    ],
)
def test_arguments_that_are_none_are_refused_by_name(arguments: Any, named: str) -> None:
    with pytest.raises(errors.InputError) as refused:
        certify_menu(*arguments)
    assert refused.value.field == named


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"interval": (NAN, 1.0)}, "interval"),
        ({"interval": (0.5, 1.2)}, "interval"),
        ({"interval": (0.5, 0.8)}, "kind"),
        ({"proposal": np.ones(3)}, "proposal"),
    ],
)
def test_tests_of_a_continuous_difficulty_are_refused_by_name(
    change: dict[str, Any], named: str
) -> None:
    problem = ManagerProblem(StateDistribution.uniform(), 0.5, [1.6])
    sound = ScreeningTest(0.5, 0.75, "threshold", (0.5, 1.0))
    assert certify_menu(problem, [sound]).ok
    with pytest.raises(errors.InputError) as refused:
        certify_menu(problem, [replace(sound, **change)])
    assert refused.value.field == named
