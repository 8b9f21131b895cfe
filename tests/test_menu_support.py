"""The assertion helpers of the tests of menus can fail."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, StateGrid, solve
from persuasion_lp.families.menus.screening import ScreeningTest
from tests.menu_support import assert_menu_certified, best_over_served_sets
from tests.support import reissued

PLAN = ManagerProblem(
    StateGrid.from_distribution(stats.uniform(), 40), 0.5, [1.2, 1.6], [0.02, 0.98]
)


def test_certified_menus_pass_and_broken_ones_fail() -> None:
    good = solve(PLAN, "menu")
    assert_menu_certified(good)
    low, high = good.tests
    broken_economics = replace(good.certificate.economic, trust_residual=1.0)
    broken: list[Any] = [
        reissued(good, certificate=replace(good.certificate, economic=broken_economics)),
        reissued(good, certificate=replace(good.certificate, upper=1.0)),
        reissued(good, tests=(high, low)),
        reissued(good, tests=(low, low, high, high)),
        reissued(good, tests=(low, ScreeningTest(high.p, high.q, "general", (0, 1)))),
        reissued(good, value=good.value + 1e-3),
    ]
    for result in broken:
        with pytest.raises(AssertionError):
            assert_menu_certified(result)


def test_brute_force_is_not_the_closed_form_in_disguise() -> None:
    """It finds the printed value without any of the package's programmes."""
    coarse = PLAN.with_difficulty(StateGrid.from_distribution(stats.uniform(), 8))
    assert best_over_served_sets(coarse) == pytest.approx(0.12275, abs=1e-7)
