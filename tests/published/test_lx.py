"""Published menus with their exact values."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, StateGrid, certify_menu, solve, theorems
from persuasion_lp.catalog.lx import MENUS, MenuInstance, PublishedTest
from persuasion_lp.families.menus.screening import screening_test
from tests.menu_support import assert_menu_certified
from tests.support import assert_close

F = Fraction
BY_SLUG = {instance.slug: instance for instance in MENUS}


def below_threshold(
    menu: MenuInstance, t: Fraction
) -> tuple[Fraction, list[tuple[Fraction, Fraction]]]:
    """The manager's payoff and the tests (p, pq), if the highest type's test has the threshold t.

    What binds: obedience of the lowest type, his trust in the manager if E[θ] > w, and the
    indifference of every type to the test below his own.
    """
    w, x = menu.payment, menu.types
    tests = [(1 - t, (1 - t * t) / 2)]
    rent = x[-1] * w * tests[0][0] - tests[0][1]
    p = (F(1, 2) - w) / (w * (x[0] - 1)) if w < F(1, 2) else rent / ((x[1] - x[0]) * w)
    lowest = (p, x[0] * w * p)
    if len(x) == 3:
        rent_below = x[1] * w * lowest[0] - lowest[1]
        p = (rent - rent_below) / ((x[2] - x[1]) * w)
        tests.insert(0, (p, x[1] * w * p - rent_below))
    tests.insert(0, lowest)
    paid = sum((g * (r - w * p) for g, (p, r) in zip(menu.type_probs, tests, strict=True)), F(0))
    return paid, tests


@pytest.mark.parametrize("slug", ["lx-two-tests", "lx-three-tests-a", "lx-three-tests-b"])
def test_the_best_threshold_in_fractions(slug: str) -> None:
    """The payoff is quadratic in t; at its vertex the menu is feasible and pays the claim."""
    menu = BY_SLUG[slug]
    at_0, at_half, at_1 = (below_threshold(menu, F(k, 2))[0] for k in range(3))
    square = 2 * (at_0 - 2 * at_half + at_1)
    assert square < 0
    t = (at_0 - at_1 + square) / (2 * square)
    value, tests = below_threshold(menu, t)
    assert value == menu.values["menu"]
    assert tuple(PublishedTest(p, r / p) for p, r in tests) == menu.tests
    w = menu.payment
    for x, (p, r) in zip(menu.types, tests, strict=True):
        assert x * w * p - r >= max([F(0), *(x * w * other - given for other, given in tests)])
        assert r - w * p >= F(1, 2) - w
        assert r <= p - p * p / 2
    for nudge in (F(-1, 100), F(1, 100)):
        assert below_threshold(menu, t + nudge)[0] < value


def test_the_price_function_of_two_tests() -> None:
    """No menu beats Problem (A), and P = max(0, 97/100 (s − 241/485)) is its price function."""

    def price(s: Fraction) -> Fraction:
        return max(F(0), F(97, 100) * (s - F(241, 485)))

    menu = BY_SLUG["lx-two-tests"]
    w, low, high = menu.payment, *menu.types
    for s in (F(0), w, low * w, high * w, F(1)):
        accepted = sum(
            (g for x, g in zip(menu.types, menu.type_probs, strict=True) if x * w >= s), F(0)
        )
        assert max(F(0), s - w) * accepted <= price(s)
    assert F(97, 200) * (1 - F(241, 485)) ** 2 == menu.values["menu"]
    cells = [F(2 * k + 1, 80) for k in range(40)]
    on_cells = BY_SLUG["lx-two-tests-40-cells"]
    assert sum(map(price, cells)) / 40 == on_cells.values["menu"] == on_cells.values["commitment"]
    assert on_cells.values["menu"] == menu.printed_value


def test_single_tests_and_theorem_1_in_fractions() -> None:
    """Thresholds that leave the mean at what the types who accept it accept."""
    half, rare = F(1, 2), BY_SLUG["lx-two-tests"].type_probs[1]
    assert BY_SLUG["lx-two-tests"].values["single_test"] == rare * half**3
    assert BY_SLUG["lx-two-tests-40-cells"].values["single_test"] == rare * half**3
    known = BY_SLUG["lx-theorem-1-optimistic"]
    t = 2 * known.types[0] * known.payment - 1
    assert 0 < t < known.payment
    paid = (1 - t) * ((1 + t) / 2 - known.payment)
    assert known.values == {"menu": paid, "single_test": paid}
    assert known.tests == (PublishedTest(1 - t, (1 + t) / 2),)
    refused = BY_SLUG["lx-theorem-1-pessimistic"]
    assert refused.types[0] * refused.payment < half
    assert set(refused.values.values()) == {F(0)}


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
def test_two_tests_on_a_grid_by_every_programme(formulation: Any) -> None:
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
