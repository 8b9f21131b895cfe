"""Two claims that are false, three tests against two in fractions, and searches in every class."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from persuasion_lp import ManagerProblem, PosteriorMeanGame, StateGrid, errors, laboratory, solve
from persuasion_lp.core.forms.states import RationalStates
from persuasion_lp.families.menus.forms.rational import RationalManager
from persuasion_lp.laboratory import draws, problem_draws
from persuasion_lp.theorems import RationalInstance, read_instance
from tests.unit.core.test_instance_files import PLAN

F = Fraction


def lists_fewer_than_three(plan: ManagerProblem) -> bool:
    """False in general: LX, §B.1."""
    return len(solve(plan, "menu").tests) < 3


def two_tests_suffice(plan: ManagerProblem) -> bool:
    """False in general, in fractions."""
    menu = solve(plan, "menu")
    return len(menu.tests) < 3 or menu.exact().value == laboratory.value_with_tests(plan, 2)


def commitment_is_worthless(plan: ManagerProblem) -> bool:
    """False when trust binds."""
    return solve(plan, "commitment").value <= solve(plan, "menu").value + 1e-7


def a_signal_is_worthless(game: PosteriorMeanGame) -> bool:
    """False where the payoff is not concave."""
    mean = float(game.values(np.array([game.prior.mean]))[0])
    return solve(game, "simultaneous").value <= mean + 1e-7


def order_is_worthless(game: Any) -> bool:
    """False where no order does without a second signal."""
    sequential, simultaneous = (solve(game, name).value for name in ("sequential", "simultaneous"))
    return bool(sequential <= simultaneous + 1e-7)


def test_two_tests_do_not_always_suffice(tmp_path: Path) -> None:
    path = tmp_path / "counterexample.json"
    report = laboratory.search(
        two_tests_suffice, problem_draws.plan_near_three_tests, n=50, path=path
    )
    assert isinstance(report.instance, RationalManager)
    assert isinstance(report.instance.difficulty, RationalStates)
    assert len(report.instance.types) == 3
    assert len(report.instance.difficulty.states) == 2
    plan = read_instance(path)
    assert RationalInstance.of(plan) == report.instance
    menu, exact = solve(plan, "menu"), solve(plan, "menu", exact=True)
    assert len(menu.tests) == 3
    assert exact.certificate.verify().ok
    assert exact.value == laboratory.value_with_tests(plan, 3)
    assert exact.value > laboratory.value_with_tests(plan, 2)


def test_a_third_test_is_listed_where_it_is_worth_something() -> None:
    """Of the simplest plan too: two tests that pay as much would be listed instead."""
    report = laboratory.search(lists_fewer_than_three, problem_draws.plan_near_three_tests, n=50)
    assert report.instance is not None
    plan = report.instance.build()
    assert not lists_fewer_than_three(plan)
    assert solve(plan, "menu", exact=True).value > laboratory.value_with_tests(plan, 2)


@pytest.mark.nightly
def test_three_tests_are_needed_among_plain_draws_too() -> None:
    report = laboratory.search(two_tests_suffice, problem_draws.plan, n=50_000, workers=2)
    assert report.instance is not None
    plan = report.instance.build()
    assert solve(plan, "menu", exact=True).value > laboratory.value_with_tests(plan, 2)


@pytest.mark.parametrize("kind", ["plan", "plan_near_three_tests"])
def test_values_of_few_tests(kind: str) -> None:
    """One test against its own programme, three against the menu (LX, Theorem 3)."""
    needed = 0
    for seed in range(20):
        plan = getattr(problem_draws, kind)(np.random.default_rng(seed))
        one, two, three, many = (laboratory.value_with_tests(plan, m) for m in (1, 2, 3, 9))
        assert one <= two <= three == many
        assert three == solve(plan, "menu", exact=True).value
        assert float(one) == pytest.approx(solve(plan, "single_test").value, abs=1e-9)
        needed += one < two
    assert needed >= 3


def test_two_tests_against_all_menus_of_a_grid() -> None:
    """With E[θ] ≤ w every test is trusted: a menu is two points (p, u) under the frontier U(p)."""
    types, probs = np.array([1.1, 1.2, 1.5]), np.array([0.25, 0.25, 0.5])
    grid = StateGrid(["1/3", "7/10"], ["1/3", "2/3"])
    plan = ManagerProblem(grid, "3/5", ["1.1", "1.2", "1.5"], ["1/4", "1/4", "1/2"])
    assert grid.mean < 0.6
    slack = (types - 1) * 0.6
    tests = [
        (p, min(a * p, grid.top_mean(p) - 0.6 * p))
        for p in np.linspace(0, 1, 61)
        for a in (*slack, 1.0)
    ]
    best = 0.0
    for i, (p, u) in enumerate(tests):
        for other_p, other_u in tests[i:]:
            own = np.stack([slack * p - u, slack * other_p - other_u, np.zeros(3)])
            willing = own >= own.max(axis=0) - 1e-12
            gains = np.where(willing, np.array([u, other_u, 0.0])[:, None], -np.inf)
            best = max(best, float(gains.max(axis=0) @ probs))
    one, two = (float(laboratory.value_with_tests(plan, most)) for most in (1, 2))
    assert one + 1e-4 < best <= two + 1e-12
    assert best == pytest.approx(two, abs=1e-4)


@pytest.mark.parametrize("most", [0, -1, True, 1.5])
def test_a_number_of_tests_is_positive(most: Any) -> None:
    with pytest.raises(errors.OptionError, match="most"):
        laboratory.value_with_tests(PLAN, most)


@pytest.mark.parametrize(
    ("holds", "generator"),
    [
        (commitment_is_worthless, draws.workers),
        (a_signal_is_worthless, problem_draws.posterior_mean_game),
        (order_is_worthless, problem_draws.belief_game),
    ],
)
def test_searches_in_every_class_find_and_shrink(holds: Any, generator: Any) -> None:
    report = laboratory.search(holds, generator, n=40, seed=1)
    assert report.instance is not None
    assert report.instance.size < RationalInstance.of(report.drawn).size
    assert not holds(report.instance.build())


@pytest.mark.parametrize(
    ("holds", "generator"),
    [
        (lists_fewer_than_three, problem_draws.plan_near_three_tests),
        (order_is_worthless, problem_draws.belief_game),
    ],
)
def test_two_processes_find_what_one_finds(holds: Any, generator: Any) -> None:
    one, two = (laboratory.search(holds, generator, n=40, seed=1, workers=k) for k in (1, 2))
    assert one.instance is not None
    assert (one.index, one.instance, one.evaluations) == (two.index, two.instance, two.evaluations)
    assert repr(one) == repr(two)


@pytest.mark.parametrize("name", problem_draws.__all__)
def test_draws_depend_on_the_seed_only_and_have_a_file(name: str) -> None:
    draw = getattr(problem_draws, name)
    files = [RationalInstance.of(draw(np.random.default_rng(k))).to_json() for k in (0, 1, 1)]
    assert files[0] != files[1] == files[2]


def fails_once() -> Any:
    calls = iter([False])
    return lambda _: next(calls, True)


def test_a_failure_that_the_file_does_not_share_is_reported_as_drawn(tmp_path: Path) -> None:
    report = laboratory.search(fails_once(), draws.judges, n=1)
    assert report.found
    assert report.instance is None
    with pytest.raises(errors.InstanceError, match="property"):
        laboratory.search(fails_once(), draws.judges, n=1, path=tmp_path / "none.json")
