"""Published menus, and upper censorship, with their exact values."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    PosteriorMeanGame,
    StateGrid,
    certify_menu,
    solve,
    theorems,
)
from persuasion_lp.catalog.lx import CENSORED_CELLS, MENUS, UPPER_CENSORSHIP
from persuasion_lp.solving.screening import screening_test
from tests.menu_support import assert_menu_certified
from tests.support import assert_close

BY_SLUG = {instance.slug: instance for instance in MENUS}


@pytest.mark.parametrize("slug", BY_SLUG)
def test_values_and_tests(slug: str) -> None:
    instance = BY_SLUG[slug]
    for procedure, exact in instance.values.items():
        result: Any = solve(instance.problem(), procedure)  # type: ignore[call-overload]
        assert result.lower <= float(exact) + 1e-12
        assert float(exact) <= result.upper + 1e-12
        assert result.upper - result.lower <= 1e-8
        assert result.certificate.ok
        if procedure in instance.rounded:
            assert_close(result.value, float(instance.rounded[procedure]), tolerance=1e-4)
    menu = solve(instance.problem(), "menu", tol=1e-12)
    assert_menu_certified(menu)
    assert len(menu.tests) == len(instance.tests)
    for found, published in zip(menu.tests, instance.tests, strict=True):
        assert_close(found.p, float(published.p), tolerance=1e-5)
        assert_close(found.q, float(published.q), tolerance=1e-5)


@pytest.mark.parametrize("formulation", ["rays", "reduced", "full"])
def test_two_tests_on_a_grid_by_every_programme(formulation: str) -> None:
    menu = solve(BY_SLUG["lx-two-tests-40-cells"].problem(), "menu", formulation=formulation)
    assert_close(menu.value, 0.12275, tolerance=1e-12)
    low, high = menu.tests
    assert (low.kind, high.kind) == ("interval", "threshold")
    assert (low.p, low.q) == pytest.approx((1 / 8, 3 / 5), abs=1e-9)
    assert (high.p, high.q) == pytest.approx((1 / 2, 3 / 4), abs=1e-9)
    assert (low.types, high.types) == ((1.2,), (1.6,))


def test_the_printed_two_tests_are_certified_but_not_optimal() -> None:
    """Lowering the threshold by ε costs the high type's share ε²/2, and gives the low type ε.

    The paper says that the printed menu is optimal when the low type is rare enough. Its value
    491/4000 is attained, but the optimum is 7442/60625 > 491/4000, at a threshold of 241/485.
    """
    instance = BY_SLUG["lx-two-tests"]
    plan = instance.problem()
    printed = [
        screening_test(plan.difficulty, float(t.p), float(t.p * t.q), (float(x),), (j,))
        for j, (t, x) in enumerate(zip(instance.printed, instance.types, strict=True))
    ]
    assert printed[0].interval == pytest.approx((0.5375, 0.6625))
    economic = certify_menu(plan, printed)
    assert economic.ok
    assert instance.printed_value is not None
    assert_close(economic.value, float(instance.printed_value), tolerance=1e-14)
    best = solve(plan, "menu")
    assert best.value > economic.value + 4e-6
    assert best.tests[1].interval[0] == pytest.approx(241 / 485, abs=1e-4)


@pytest.mark.parametrize("slug", ["lx-two-tests", "lx-three-tests-a", "lx-three-tests-b"])
def test_finer_grids_only_add_value(slug: str) -> None:
    """Cell means from below and cell ends from above close in on the exact value."""
    instance = BY_SLUG[slug]
    plan, exact = instance.problem(), float(instance.values["menu"])
    widths = []
    for cells in (50, 200, 800):
        low, high = (
            solve(
                plan.with_difficulty(StateGrid.from_distribution(stats.uniform(), cells, rule)),
                "menu",
            ).value
            for rule in ("means", "endpoints")
        )
        assert low <= exact + 1e-13
        assert exact <= high + 1e-13
        widths.append(high - low)
    assert widths[2] < widths[1] < widths[0]


def test_closed_forms_in_numbers() -> None:
    known = theorems.lx.theorem_1(ManagerProblem(stats.uniform(), 0.4, 1.5))
    assert known.threshold == pytest.approx(0.2)
    assert known.test is not None
    assert (known.test.p, known.test.q, known.value) == pytest.approx((0.8, 0.6, 0.16))
    assert known.phase == "constrained"
    assert known.worker_payoff == pytest.approx(0)
    in_capability = theorems.lx.corollary_1(stats.uniform(), 0.4)
    assert in_capability.changes == pytest.approx((1.25, 1.75))
    assert in_capability.value == pytest.approx(0.18)
    in_propensity = theorems.lx.corollary_2(0.4, 1.5)
    assert in_propensity.changes == pytest.approx((1.5,))
    assert in_propensity.value == pytest.approx(0.2)
    chosen = theorems.lx.proposition_1(stats.uniform(), stats.uniform(1, 1))
    assert chosen.payment == pytest.approx(0.5 / 2**0.5, abs=1e-7)


@pytest.mark.parametrize("cells", CENSORED_CELLS)
@pytest.mark.parametrize("formulation", ["majorization", "transport"])
def test_upper_censorship_on_grids(cells: int, formulation: str) -> None:
    grid = StateGrid.from_distribution(stats.uniform(), cells)
    game = PosteriorMeanGame(grid, lambda m: 3 * m**2 - 2 * m**3)
    result = solve(game, "simultaneous", formulation=formulation)
    exact = float(UPPER_CENSORSHIP) - 3 / (64 * cells**2)
    assert_close(result.value, exact, tolerance=5e-11)
    assert result.upper - result.lower <= 2e-9
    (pool,) = [s for s in result.segments if s.kind == "pooling"]
    assert pool.means == pytest.approx((5 / 8,), abs=1e-6)
    assert pool.low == pytest.approx(1 / 4 + 1 / (2 * cells))


def test_upper_censorship_is_bracketed() -> None:
    game = PosteriorMeanGame(stats.uniform(), lambda m: 3 * m**2 - 2 * m**3)
    result = solve(game, "simultaneous")
    assert result.lower <= float(UPPER_CENSORSHIP) <= result.upper
    assert result.upper - result.lower <= 4e-5
    assert result.price.values.size == 65
