"""Posterior-mean games without an exact answer: what is missing is named, before any solving."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    PiecewiseLinear,
    PosteriorMeanGame,
    StateGrid,
    errors,
    solve,
)
from persuasion_lp.families.means import exact as means_exact
from persuasion_lp.families.means import rounds as rounds_module
from tests.support import any_solve
from tests.unit.means.test_exact import THIRDS, step

F = Fraction


class Broken:
    """A function that knows where its pieces meet, but computes in floats."""

    breakpoints = (0.0, 0.5, 1.0)

    def __call__(self, m: Any) -> Any:
        """One from 1/2 on."""
        return np.where(np.asarray(m) >= 0.5, 1.0, 0.0)


def computed() -> PiecewiseLinear:
    zero = np.zeros(2)
    return PiecewiseLinear.from_sides(np.array([0.0, 1.0]), zero, zero, zero)


BAD: dict[str, tuple[Callable[[], Any], type[errors.InputError], str, str]] = {
    "function": (lambda: (THIRDS, np.sqrt), errors.PayoffError, "payoff", "PiecewiseLinear"),
    "function with breakpoints": (
        lambda: (THIRDS, Broken()),
        errors.PayoffError,
        "payoff",
        "not known exactly",
    ),
    "computed": (lambda: (THIRDS, computed()), errors.PayoffError, "payoff", "was computed"),
    "computed in part": (
        lambda: (THIRDS, step("1/2") + computed()),
        errors.PayoffError,
        "payoff",
        "was computed",
    ),
    "continuous": (
        lambda: (stats.uniform(), step("1/2")),
        errors.PriorError,
        "prior",
        "finitely many states",
    ),
    "masses": (
        lambda: (StateGrid([0, 0.5, 1], [1 / 3] * 3), step("1/2")),
        errors.PriorError,
        "masses",
        "must sum to 1 exactly",
    ),
    "state beyond 1": (
        lambda: (StateGrid([0, 1 + F(1, 10**20)]), step("1/2")),
        errors.PriorError,
        "states",
        r"states\[1\] must lie in \[0, 1\] exactly",
    ),
    "last breakpoint": (
        lambda: (THIRDS, PiecewiseLinear([0, 1 - F(1, 10**20)], [0, 1])),
        errors.PayoffError,
        "breakpoints",
        r"breakpoints\[1\] must be 1 exactly",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_missing_is_named_before_anything_is_solved(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, error, field, message = BAD[case]
    game = PosteriorMeanGame(*make())
    floats = solve(game, "simultaneous")
    assert floats.certificate.ok
    with pytest.raises(error, match=message):
        floats.exact()
    monkeypatch.setattr(rounds_module, "solve_lp", None)
    monkeypatch.setattr(means_exact, "solve_exactly", None)
    with pytest.raises(error, match=message) as caught:
        solve(game, "simultaneous", exact=True)
    assert caught.value.field == field


def test_types_that_are_not_exact_are_named() -> None:
    grid = StateGrid(["1/4", "3/4"])
    continuous = ManagerProblem(grid, 0.5, stats.uniform(1, 0.5))
    several = ManagerProblem.for_workers(
        grid, [0.25, 0.25], [1.9, [1.2, 1.4, 1.7]], [[1], [1 / 3] * 3]
    )
    uneven = ManagerProblem(grid, 0.5, [1.2, 1.4, 1.6], [1 / 3] * 3)
    for plan, message in (
        (continuous, "finitely many"),
        (several, "sum to 1 exactly"),
        (uneven, "sum to 1 exactly"),
    ):
        with pytest.raises(errors.WorkerTypeError, match=message):
            solve(plan, "commitment").exact()
        for problem, procedure in (
            (plan, "commitment"),
            (plan, "single_test"),
            (PosteriorMeanGame.commitment(plan), "simultaneous"),
        ):
            with pytest.raises(errors.WorkerTypeError, match=message):
                any_solve(problem, procedure, exact=True)


def test_other_refusals_stay_what_they_are() -> None:
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    with pytest.raises(errors.ProcedureError, match="simultaneous"):
        any_solve(game, "first_best", exact=True)
    with pytest.raises(errors.OptionError, match="majorization, transport"):
        any_solve(game, "simultaneous", exact=True, formulation="x")


@pytest.mark.parametrize(("formulation", "entries"), [("majorization", 12), ("transport", 24)])
def test_too_many_states_are_refused_before_the_start(
    formulation: Any, entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three states, four means."""
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    monkeypatch.setattr(means_exact, "EXACT_ENTRIES", {formulation: entries})
    assert solve(game, "simultaneous", exact=True, formulation=formulation).value == F(5, 6)
    monkeypatch.setattr(means_exact, "EXACT_ENTRIES", {formulation: entries - 1})
    monkeypatch.setattr(means_exact, "build_rational_means", None)
    with pytest.raises(
        errors.ExactSizeError, match=f"at most {entries - 1} entries.* {entries} entries"
    ):
        solve(game, "simultaneous", exact=True, formulation=formulation)
