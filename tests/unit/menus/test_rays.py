"""Mistakes in the rays are caught, and many types and states are no matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, StateGrid, solve
from persuasion_lp.errors import CertificateError
from persuasion_lp.families.menus.programmes import rays as menu_rays
from persuasion_lp.families.menus.programmes.data import Chain, MenuData, Step
from persuasion_lp.families.menus.programmes.rays import RaySolution
from persuasion_lp.lp.model import LinearProgram
from tests.menu_support import assert_menu_certified

PLAN = ManagerProblem(
    StateGrid.from_distribution(stats.uniform(), 40), 0.5, [1.2, 1.6], [0.02, 0.98]
)

Change = Callable[[RaySolution], RaySolution]


def _first_step(change: Callable[[Step], Step]) -> Change:
    def changed(found: RaySolution) -> RaySolution:
        first, *rest = found.chain.steps
        chain = Chain(found.chain.lowest, (change(first), *rest))
        return replace(found, chain=chain)

    return changed


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_first_step(lambda s: replace(s, u=s.u + 1e-3)), "gains"),
        (_first_step(lambda s: replace(s, p=s.p - 1e-2)), "gains"),
        (_first_step(lambda s: replace(s, first=1)), "not the value claimed"),
        (lambda found: replace(found, value=found.value + 1e-3), "not the value claimed"),
        (lambda found: replace(found, bounds=found.bounds + 1e-3), "leaves a gap"),
        (lambda found: replace(found, bounds=found.bounds - 1e-3), "leaves a gap"),
    ],
    ids=["utility", "probability", "first state", "value", "higher bounds", "lower bounds"],
)
def test_a_wrong_chain_is_never_returned(
    change: Change, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = menu_rays.solve_rays

    def wrong(data: MenuData) -> RaySolution | None:
        found = right(data)
        return None if found is None else change(found)

    monkeypatch.setattr("persuasion_lp.families.menus.optimum.solve_rays", wrong)
    with pytest.raises(CertificateError, match=message):
        solve(PLAN, "menu")


@pytest.mark.parametrize("sign", ["mass", "height"])
def test_prices_of_the_wrong_sign_fall_back_on_the_solver(
    sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = menu_rays.ray_duals

    def wrong(prices: Any) -> Any:
        return right(replace(prices, **{sign: -getattr(prices, sign)}))

    monkeypatch.setattr("persuasion_lp.families.menus.optimum.ray_duals", wrong)
    result = solve(PLAN, "menu")
    assert result.algorithm != "closed form"
    assert result.value == pytest.approx(0.12275, abs=1e-12)


def test_a_row_of_the_wrong_sign_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = menu_rays.build_rays

    def wrong(data: MenuData, s: int) -> LinearProgram:
        lp = right(data, s)
        return replace(lp, objective=-lp.objective)

    monkeypatch.setattr("persuasion_lp.families.menus.optimum.build_rays", wrong)
    with pytest.raises(CertificateError, match="value of the programme"):
        solve(PLAN, "menu")


@pytest.mark.nightly
@pytest.mark.parametrize("payment", [0.55, 0.4])
def test_a_hundred_types_and_a_thousand_states(payment: float) -> None:
    """The sizes of the benchmarks, every programme."""
    rng = np.random.default_rng(5)
    masses, probs = rng.dirichlet(np.full(1000, 5.0)), rng.dirichlet(np.ones(100))
    plan = ManagerProblem(
        StateGrid(rng.random(1000), masses / masses.sum()),
        payment,
        rng.uniform(1.01, 0.99 / payment, 100),
        probs / probs.sum(),
    )
    rays = solve(plan, "menu")
    assert_menu_certified(rays)
    assert solve(plan, "menu", formulation="reduced").value == pytest.approx(rays.value, rel=1e-8)
    if payment > plan.mean:
        full = solve(plan, "menu", formulation="full")
        assert full.value == pytest.approx(rays.value, rel=1e-8)
