"""Managers' problems: rules for input, menus, multipliers, results, certificates."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, get_args

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    ScreeningTest,
    StateDistribution,
    StateGrid,
    certify_menu,
    errors,
    solve,
)
from persuasion_lp.families.menus.programmes.full import (
    IncentiveRows,
    build_full,
    build_reduced,
    full_size,
)
from persuasion_lp.families.menus.programmes.rays import build_rays
from persuasion_lp.families.menus.programmes.written import menu_data
from persuasion_lp.families.menus.screening import evaluate_menu, interval_masses, screening_test
from tests.menu_support import assert_menu_certified
from tests.support import any_solve, assert_close

UNIFORM = StateDistribution.uniform()
GRID = StateGrid([0.2, 0.6, 1.0], masses=[0.5, 0.25, 0.25])


def plan(**changes: Any) -> ManagerProblem:
    """The two-test example on a grid, with changes."""
    given: dict[str, Any] = {
        "difficulty": StateGrid.from_distribution(UNIFORM, 40),
        "payment": 0.5,
        "types": [1.2, 1.6],
        "type_probs": [0.02, 0.98],
    }
    return ManagerProblem(**{**given, **changes})


BAD: list[tuple[Callable[[], object], type[errors.InputError], str]] = [
    (
        lambda: StateGrid([0.5, 1.2]),
        errors.PriorError,
        r"states\[1\] must lie in \[0, 1\]; got 1.2",
    ),
    (lambda: StateGrid([-0.1]), errors.PriorError, r"states\[0\]"),
    (lambda: StateGrid([]), errors.PriorError, "must be a sequence"),
    (lambda: StateGrid([0.5], [[1.0]]), errors.PriorError, "shape"),
    (lambda: StateGrid([0.1, 0.9], [0.5, 0.6]), errors.PriorError, r"sum to 1 \+0.1"),
    (lambda: StateGrid([0.1, 0.9], [1.5, -0.5]), errors.PriorError, r"masses\[1\]"),
    (lambda: StateGrid([0.1, math.nan]), errors.PriorError, "finite"),
    (lambda: plan(payment=0.0), errors.PaymentError, r"in \(0, 1\); got 0.0"),
    (lambda: plan(payment=1.0), errors.PaymentError, r"in \(0, 1\)"),
    (lambda: plan(payment=[0.5]), errors.PaymentError, "number"),
    (lambda: plan(types=[1.2, 0.9]), errors.WorkerTypeError, r"types\[1\].*below 1.*got 0.9"),
    (lambda: plan(types=[2.0, 1.2]), errors.WorkerTypeError, r"types\[0\].*≥ 1.*got 2.0"),
    (lambda: plan(types=[], type_probs=None), errors.WorkerTypeError, "at least one type"),
    (lambda: plan(types=[-1.0, 1.2]), errors.WorkerTypeError, "positive"),
    (lambda: plan(type_probs=[0.5, 0.6]), errors.WorkerTypeError, r"sum to 1 \+0.1"),
    (lambda: plan(type_probs=[1.5, -0.5]), errors.WorkerTypeError, r"type_probs\[1\]"),
    (lambda: plan(type_probs=[1.0]), errors.WorkerTypeError, "shape"),
    (lambda: plan(types=stats.uniform(1, 0.5)), errors.WorkerTypeError, "left out"),
    (lambda: plan(types=stats.norm(), type_probs=None), errors.WorkerTypeError, "below 1"),
    (
        lambda: solve(plan(types=stats.expon(1), type_probs=None, unrestricted=True), "menu"),
        errors.WorkerTypeError,
        "bounded support",
    ),
    (lambda: plan(difficulty=stats.norm()), errors.PriorError, r"mass in \[0, 1\]"),
    (lambda: plan(difficulty=stats.uniform(0, 2)), errors.PriorError, r"\(0.0, 2.0\)"),
    (lambda: plan(difficulty=stats.bernoulli(0.5)), errors.PriorError, "StateGrid"),
    (lambda: plan(difficulty=[0.5]), errors.PriorError, "StateGrid"),
    (lambda: StateDistribution.power(0.0), errors.PriorError, "positive"),
    (lambda: StateDistribution.uniform(0.5, 1.5), errors.PriorError, "interval"),
    (lambda: StateDistribution.from_density(lambda t: 2.0), errors.PriorError, "integrate to 1"),
    (lambda: StateGrid.from_distribution(UNIFORM, 0), errors.OptionError, "at least 1"),
    (lambda: StateGrid.from_distribution(UNIFORM, [0.5, 1.0]), errors.PriorError, "cover"),
    (lambda: StateGrid.from_distribution(UNIFORM, [1.0, 0.0]), errors.PriorError, "increasing"),
    (lambda: StateGrid.from_distribution(GRID), errors.PriorError, "continuous"),
    (
        lambda: StateGrid.from_distribution(UNIFORM, 4, "middle"),  # type: ignore[arg-type]
        errors.OptionError,
        "means, endpoints, nodes",
    ),
    (lambda: solve(plan(), "best"), errors.ProcedureError, "menu, single_test"),  # type: ignore[call-overload]
    (
        lambda: solve(ManagerProblem(UNIFORM, 0.5, 1.5), "single_test", exact=True),
        errors.PriorError,
        "difficulty must be finitely many states for an exact answer",
    ),
    (lambda: any_solve(plan(), "menu", formulation="x"), errors.OptionError, "rays, reduced, full"),
    (lambda: any_solve(plan(), "menu", incentives="x"), errors.OptionError, "neighbours, all"),
    (lambda: solve(plan(), "menu", tol=0.0), errors.OptionError, "tol must be positive"),
    (
        lambda: solve(plan(), "menu", formulation="full", memory_limit=1),
        errors.SizeError,
        "80 columns",
    ),
    (
        lambda: ManagerProblem.for_workers(UNIFORM, [0.2, 0.9], [[2.0], [1.0]]),
        errors.PaymentError,
        "payment",
    ),
    (
        lambda: ManagerProblem.for_workers(UNIFORM, [0.2, 0.0], [[2.0], [1.0]]),
        errors.PaymentError,
        "payments",
    ),
    (
        lambda: ManagerProblem.for_workers(UNIFORM, [0.2, 0.3], [[2.0]]),
        errors.WorkerTypeError,
        "2 workers",
    ),
    (lambda: ScreeningTest.from_proposal(GRID, [1, 2, 0]), errors.PriorError, r"proposal\[1\]"),
    (lambda: ScreeningTest.from_proposal(GRID, [1, 0]), errors.PriorError, "shape"),
    (lambda: ScreeningTest.from_proposal(GRID, [0, 0, 0]), errors.PriorError, "positive in some"),
]


@pytest.mark.parametrize(("make", "error", "message"), BAD, ids=[str(k) for k in range(len(BAD))])
def test_bad_input_is_named(
    make: Callable[[], object], error: type[errors.InputError], message: str
) -> None:
    with pytest.raises(error, match=message):
        make()


def test_a_flag_admits_types_outside_the_model() -> None:
    wide = solve(plan(types=[0.9, 2.5], unrestricted=True), "menu")
    assert_menu_certified(wide)
    assert wide.excluded == (0,)


def test_sizes_are_counted_before_building() -> None:
    data = menu_data(plan(types=[1.1, 1.3, 1.5], type_probs=None))
    for incentives in get_args(IncentiveRows):
        lp = build_full(data, 0, incentives)
        size = full_size(data, 0, incentives)
        assert (size.rows, size.columns) == lp.shape
        assert lp.nonzeros <= size.nonzeros
    assert build_reduced(data, 0).shape == (10, 46)
    assert build_rays(data, 0).shape == (3, 44)


def test_types_come_back_in_the_callers_order() -> None:
    straight = solve(plan(), "menu")
    turned = solve(plan(types=[1.6, 1.2], type_probs=[0.98, 0.02]), "menu")
    assert straight.value == turned.value
    assert [test.types for test in straight.tests] == [(1.2,), (1.6,)]
    assert [test.takers for test in turned.tests] == [(1,), (0,)]
    assert turned.choices.tolist() == [1, 0]
    np.testing.assert_allclose(turned.manager_payoffs, straight.manager_payoffs[::-1])
    np.testing.assert_allclose(turned.worker_payoffs, straight.worker_payoffs[::-1])


def test_never_launched() -> None:
    never = solve(plan(payment=0.4, types=[1.1, 1.2]), "menu")
    assert (never.value, never.upper, never.tests, never.lp) == (0.0, 0.0, (), None)
    assert never.excluded == (0, 1)
    assert never.certificate.ok
    assert "never launched" in repr(never)


def test_multipliers_when_trust_binds() -> None:
    """The three types of LX §B.1 and a pessimistic one, on 20 cells, where duals are unique."""
    problem = plan(
        difficulty=StateGrid.from_distribution(UNIFORM, 20),
        payment=0.3982,
        types=[1.1, 1.6259, 1.8125, 2.4368],
        type_probs=[0.001, 0.00439, 0.00731, 0.98730],
    )
    rays, reduced = (solve(problem, "menu", formulation=name) for name in ("rays", "reduced"))
    assert rays.multipliers["OB-M"][0] > 1e-4
    assert rays.lowest == 1
    for name in ("upward", "downward", "excluded", "OB-W", "OB-M", "FSB height"):
        np.testing.assert_allclose(rays.multipliers[name], reduced.multipliers[name], atol=1e-9)


def test_a_chain_is_scaled_up_to_the_true_frontier() -> None:
    """Also when the grid is coarse, the test of the lower grid is run on the true difficulty."""
    problem = ManagerProblem(UNIFORM, 0.4, [1.47])
    result = solve(problem, "menu", tol=0.1)
    assert len(result.refinements) == 1
    (only,) = result.tests
    assert 0 <= float(UNIFORM.top_mean(only.p)) - only.r <= 1e-13
    grid = StateGrid.from_distribution(UNIFORM, np.union1d(np.linspace(0, 1, 17), 0.4))
    assert result.value > solve(problem.with_difficulty(grid), "menu").value + 1e-5


def test_multipliers_are_the_same_by_rays_and_by_the_reduced_programme() -> None:
    rays, reduced = (solve(plan(), "menu", formulation=name) for name in ("rays", "reduced"))
    for name, values in rays.multipliers.items():
        np.testing.assert_allclose(values, reduced.multipliers.get(name, values), atol=1e-9)
    binding = {(b.constraint, b.type, b.other): b.multiplier for b in rays.binding}
    assert binding[("IC-W", 1, 0)] == pytest.approx(0.01)
    assert binding[("OB-W", 0, None)] == pytest.approx(0.03)
    full = solve(plan(), "menu", formulation="full", incentives="all")
    assert {(b.constraint, b.type, b.other) for b in full.binding} >= {
        ("IC-W", 1, 0),
        ("OB-W", 0, None),
    }


def test_alternatives_are_named() -> None:
    twins = plan(types=[1.2, 1.2, 1.6], type_probs=[0.01, 0.01, 0.98])
    assert solve(twins, "menu").alternatives == ()
    worth = np.array([0.1, 0.19, 0.28])  # G_j a_j on one line: any two of the three rays will do
    tail = worth / ((np.array([1.2, 1.4, 1.6]) - 1) * 0.5)
    states = [Fraction(2 * k + 1, 80) for k in range(40)]
    probs = -np.diff(tail, append=0.0)
    even = plan(difficulty=StateGrid(states), types=[1.2, 1.4, 1.6], type_probs=probs)
    found = solve(even, "menu")
    assert_menu_certified(found)
    used = {min(test.takers) for test in found.tests}
    assert used | set(found.alternatives) == {0, 1, 2}


def test_results_are_read_in_many_ways() -> None:
    result = solve(plan(), "menu")
    frame = result.to_frame()
    assert list(frame.columns) == ["p", "q", "kind", "low", "high", "types"]
    assert json.loads(json.dumps(result.to_dict()))["value"] == result.value
    assert len(repr(result).splitlines()) <= 6
    assert "interval" in repr(result.tests[0])


def test_kinds_of_proposals() -> None:
    kinds: dict[str, tuple[list[float], ...]] = {
        "threshold": ([0, 0.5, 1], [0, 0, 0.2], [1, 1, 1]),
        "interval": ([0.5, 1, 0.5], [0, 1, 0], [1, 1, 0]),
        "general": ([1, 0, 1], [0.5, 0.5, 0.5]),
    }
    for kind, proposals in kinds.items():
        for proposal in proposals:
            assert ScreeningTest.from_proposal(GRID, proposal).kind == kind, proposal


@pytest.mark.parametrize("difficulty", [GRID, UNIFORM, StateDistribution.beta(2, 5)])
def test_intervals_have_the_stated_mass_and_mean(difficulty: Any) -> None:
    for p in (0.1, 0.5, 0.9):
        highest = float(difficulty.top_mean(p))
        lowest = difficulty.mean - float(difficulty.top_mean(1 - p))
        for r in np.linspace(lowest, highest, 5).tolist():
            test = screening_test(difficulty, p, r)
            np.testing.assert_allclose(interval_masses(difficulty, test), (p, r), atol=1e-12)
            assert test.kind == ("threshold" if r == highest else "interval")


def test_certificate_of_a_menu_names_what_fails() -> None:
    problem = plan()
    grid = problem.difficulty
    assert isinstance(grid, StateGrid)
    low = screening_test(grid, 0.125, 0.125 * 0.6, (1.2,), (0,))
    high = screening_test(grid, 0.5, 0.375, (1.6,), (1,))
    good = certify_menu(problem, [low, high], 0.12275)
    assert good.ok
    assert good.value == pytest.approx(0.12275, abs=1e-15)

    def failures(*tests: ScreeningTest, value: float | None = None) -> str:
        return " ".join(certify_menu(problem, tests, value).failures)

    swapped = screening_test(grid, 0.5, 0.375, (1.2,), (0,))
    assert "type 0 gains" in failures(swapped, screening_test(grid, 0.125, 0.075, (), (1,)))
    assert "misreporting" in failures(screening_test(grid, 0.5, 0.2))
    assert "not the value claimed" in failures(low, high, value=0.2)
    claimed = replace(high, q=0.76)
    assert "feasibility" in failures(claimed)


def test_double_deviations_are_checked() -> None:
    problem = plan(types=[1.2, 1.6])
    grid = problem.difficulty
    assert isinstance(grid, StateGrid)
    unwanted = screening_test(grid, 0.5, 0.375, (1.2, 1.6), (0, 1))
    found = certify_menu(problem, [unwanted])
    assert found.worst_type == 0
    gain, terms = 0.375 - 1.2 * 0.5 * 0.5, 0.375 + 1.2 * 0.5 * 0.5
    assert found.choice_residual == pytest.approx(gain / terms)


def test_continuous_types_choose_for_themselves() -> None:
    problem = plan(difficulty=UNIFORM, types=stats.uniform(1.1, 0.8), type_probs=None)
    result = solve(problem, "menu", tol=1e-4)
    finer = solve(problem, "menu")
    assert result.lower <= finer.upper
    assert finer.lower <= result.upper
    assert finer.upper - finer.lower <= 1e-6 < result.upper - result.lower <= 1e-4
    rng = np.random.default_rng(0)
    draws = rng.uniform(1.1, 1.9, 20_000)
    sampled = evaluate_menu(plan(difficulty=UNIFORM, types=draws, type_probs=None), result.tests)
    assert_close(sampled.value, result.value, tolerance=2e-3)
    assert result.tests[-1].types[1] == pytest.approx(1.9)
    assert result.choices.size == 0
    assert result.binding == ()


def test_rounding_of_the_null_test_is_not_offered() -> None:
    """With E[θ] = w the least capable types gain nothing: they are excluded, not tested."""
    plan = ManagerProblem(stats.uniform(), 0.5, stats.uniform(1, 0.9))
    assert all(test.p > 1e-3 for test in solve(plan, "menu").tests)


def test_one_test_is_listed_once() -> None:
    """Two types end on the same test, but for rounding of its probability."""
    states = StateGrid([0.25, 0.3, 0.35, 0.45, 0.5, 0.95], masses=np.array([6, 8, 8, 3, 5, 8]) / 38)
    plan = ManagerProblem(states, 0.6, [1.25, 1.2, 1.3, 1.1], np.array([7, 1, 2, 8]) / 18)
    (only,) = solve(plan, "menu").tests
    assert only.kind == "threshold"
    assert sorted(only.types) == [1.1, 1.2, 1.25, 1.3]
