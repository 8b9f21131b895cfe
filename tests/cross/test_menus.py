"""Menus by independent routes: three programmes, brute force, Clarabel, closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, SolverOptions, StateGrid, solve
from persuasion_lp.errors import InfeasibleError
from persuasion_lp.families.menus import optimum as menu_optimum
from persuasion_lp.families.menus.programmes import rays as menu_rays
from persuasion_lp.families.menus.programmes.chains import best_rays
from persuasion_lp.families.menus.programmes.cutoffs import build_cutoff
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.families.menus.programmes.full import build_full, build_reduced
from persuasion_lp.families.menus.programmes.rays import build_rays
from persuasion_lp.families.menus.programmes.written import menu_data
from persuasion_lp.lp.certificate import certify
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.primitives.states import CellRule
from tests.menu_support import (
    all_pairs_value,
    assert_menu_certified,
    best_over_served_sets,
    random_plan,
)
from tests.support import assert_close


def assert_programmes_agree(plan: ManagerProblem) -> None:
    """Fail unless rays, reduced and full programmes agree to 1e-9 relative to the value."""
    rays = solve(plan, "menu")
    assert_menu_certified(rays)
    for formulation in ("reduced", "full"):
        other = solve(plan, "menu", formulation=formulation)
        assert_menu_certified(other)
        missing = abs(other.value - rays.value)
        assert missing <= 1e-9 * max(rays.value, 1e-3), (formulation, rays.value, other.value)
    missing = abs(all_pairs_value(plan) - rays.value)
    assert missing <= 1e-9 * max(rays.value, 1e-3), ("all pairs", rays.value)


@pytest.mark.parametrize("seed", range(300))
def test_rays_reduced_and_full_agree(seed: int) -> None:
    assert_programmes_agree(random_plan(np.random.default_rng([seed, 7])))


@pytest.mark.parametrize("seed", range(60))
def test_every_lowest_served_type_against_highs(seed: int) -> None:
    data = menu_data(random_plan(np.random.default_rng([seed, 11]), types=8))
    for s in data.servable.tolist():
        found = best_rays(data, s)
        if found is None:
            with pytest.raises(InfeasibleError):
                solve_lp(build_rays(data, s))
            continue
        chain, prices = found
        assert_close(prices.bound, chain.value(data), tolerance=1e-13)
        proof = certify(
            build_rays(data, s), menu_rays.ray_columns(data, chain), menu_rays.ray_duals(prices)
        )
        assert proof.ok, proof.failures
        for lp in (build_reduced(data, s), build_full(data, s), build_full(data, s, "all")):
            value = solve_lp(lp, SolverOptions(tolerance=1e-10)).value
            assert_close(value, chain.value(data), tolerance=1e-8)


@pytest.mark.parametrize("seed", range(25))
def test_brute_force_over_served_sets(seed: int) -> None:
    plan = random_plan(np.random.default_rng([seed, 3]), types=4, states=6)
    assert_close(solve(plan, "menu").value, best_over_served_sets(plan), tolerance=1e-7)


def served_plan(seed: int) -> ManagerProblem:
    """The first random plan, from a seed on, in which somebody is served."""
    rng = np.random.default_rng([seed, 5])
    while True:
        plan = random_plan(rng, types=4, states=12)
        if solve(plan, "menu").lowest is not None:
            return plan


@pytest.mark.parametrize("seed", range(6))
def test_clarabel_agrees_with_the_closed_form(seed: int) -> None:
    plan = served_plan(seed)
    result = solve(plan, "menu")
    assert result.lowest is not None
    data = menu_data(plan)
    lowest = int(np.flatnonzero(plan.order == result.lowest)[0])
    programmes = (
        build_rays(data, lowest),
        build_reduced(data, lowest),
        build_full(data, lowest),
        build_full(data, lowest, "all"),
    )
    for lp in programmes:
        assert_close(lp.to_cvxpy().solve(), result.value, tolerance=1e-7)


@pytest.mark.parametrize("seed", range(40))
def test_values_and_bounds_of_cutoffs(seed: int) -> None:
    data = menu_data(random_plan(np.random.default_rng([seed, 19])))
    if not data.servable.size:
        return
    cutoffs = np.arange(data.servable[0], data.slack.size)
    values, bounds, _ = menu_rays.cutoff_values(data, cutoffs)
    np.testing.assert_allclose(values, bounds, atol=1e-13)
    solved = [solve_lp(build_cutoff(data, j)).value for j in cutoffs.tolist()]
    np.testing.assert_allclose(values, solved, atol=1e-8)


@pytest.mark.parametrize("seed", range(40))
def test_single_test_by_cutoffs_and_by_closed_form(seed: int) -> None:
    plan = random_plan(np.random.default_rng([seed, 13]))
    closed = solve(plan, "single_test")
    cutoffs = solve(plan, "single_test", formulation="cutoffs")
    assert_close(closed.value, cutoffs.value, tolerance=1e-9)
    assert len(closed.tests) <= 1
    assert closed.value <= solve(plan, "menu").value + 1e-12


@pytest.mark.parametrize("seed", range(8))
def test_grids_bracket_the_continuous_problem(seed: int) -> None:
    rng = np.random.default_rng([seed, 17])
    difficulty = stats.beta(*rng.uniform(0.7, 4.0, 2))
    payment = float(rng.uniform(0.3, 0.6))
    types = rng.uniform(1.02, 0.99 / payment, 4)
    probs = rng.dirichlet(np.ones(4))
    continuous = solve(ManagerProblem(difficulty, payment, types, probs), "menu")
    assert_menu_certified(continuous)
    assert 0 <= continuous.upper - continuous.lower <= 1e-8
    rules: tuple[tuple[CellRule, int], ...] = (("means", 1), ("endpoints", -1))
    for rule, sign in rules:
        grid = StateGrid.from_distribution(difficulty, 25, rule)
        value = solve(ManagerProblem(grid, payment, types, probs), "menu").value
        assert sign * (continuous.value - value) >= -1e-9


def test_trust_left_out_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_trust(data: MenuData, s: int) -> LinearProgram:
        return build_reduced(replace(data, required=0.0), s)

    monkeypatch.setattr(menu_optimum, "build_reduced", without_trust)
    plan = ManagerProblem(
        StateGrid.from_distribution(stats.uniform(), 200),
        0.3982,
        [1.6259, 1.8125, 2.4368],
        [0.00439, 0.00731, 0.98830],
    )
    data = menu_data(plan)
    lowest = int(data.servable[0])
    trusted, claimed = (solve_lp(build(data, lowest)) for build in (build_reduced, without_trust))
    assert claimed.value > trusted.value + 1e-5
    right = solve(plan, "menu")
    found = solve(plan, "menu", formulation="reduced")
    assert found.certificate.route == "exact"
    assert_close(found.value, right.value, tolerance=1e-12)


@pytest.mark.parametrize("block", ["upward", "downward", "OB-W"])
def test_a_wrong_sign_is_caught(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def flipped(data: MenuData, s: int) -> LinearProgram:
        lp = build_reduced(data, s)
        senses = lp.senses.copy()
        senses[lp.rows[block].span] *= -1
        return replace(lp, senses=senses)

    monkeypatch.setattr(menu_optimum, "build_reduced", flipped)
    plan = ManagerProblem(
        StateGrid.from_distribution(stats.uniform(), 40), 0.5, [1.2, 1.6], [0.02, 0.98]
    )
    right = solve(plan, "menu").value
    found = solve(plan, "menu", formulation="reduced")
    assert found.certificate.route == "exact"
    assert_close(found.value, right, tolerance=1e-12)


def test_disagreement_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = random_plan(np.random.default_rng(21))
    monkeypatch.setattr("tests.cross.test_menus.all_pairs_value", lambda plan: 1.0)
    with pytest.raises(AssertionError):
        assert_programmes_agree(plan)
