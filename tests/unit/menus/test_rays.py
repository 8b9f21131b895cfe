"""Mistakes in the rays are caught, and many types and states are no matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, StateGrid, solve
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
    ("change", "route"),
    [
        (_first_step(lambda s: replace(s, u=s.u + 1e-3)), "exact"),
        (_first_step(lambda s: replace(s, p=s.p - 1e-2)), "exact"),
        (_first_step(lambda s: replace(s, first=1)), "float"),
        (lambda found: replace(found, value=found.value + 1e-3), "float"),
        (lambda found: replace(found, bounds=found.bounds + 1e-3), "float"),
        (lambda found: replace(found, bounds=found.bounds - 1e-3), "float"),
        (lambda found: replace(found, marginals=()), "exact"),
    ],
    ids=[
        "utility",
        "probability",
        "first state",
        "value",
        "higher bounds",
        "lower bounds",
        "no prices",
    ],
)
def test_a_wrong_chain_is_repaired_or_replaced(
    change: Change, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is returned does not rest on it."""
    right = menu_rays.solve_rays

    def wrong(data: MenuData) -> RaySolution | None:
        found = right(data)
        return None if found is None else change(found)

    monkeypatch.setattr("persuasion_lp.families.menus.optimum.solve_rays", wrong)
    result = solve(PLAN, "menu")
    assert result.certificate.route == route
    assert result.value == pytest.approx(0.12275, abs=1e-14)
    assert result.upper - result.lower <= 1e-9 * result.value


@pytest.mark.parametrize("sign", ["mass", "height"])
def test_prices_of_the_wrong_sign_do_not_prove_the_programme(
    sign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = menu_rays.ray_duals

    def wrong(prices: Any) -> Any:
        return right(replace(prices, **{sign: -getattr(prices, sign)}))

    lp = solve(PLAN, "menu").certificate.lp
    assert lp is not None
    assert lp.ok
    monkeypatch.setattr(menu_rays, "ray_duals", wrong)
    lp = solve(PLAN, "menu").certificate.lp
    assert lp is not None
    assert not lp.ok


def test_a_row_of_the_wrong_sign_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = menu_rays.build_rays

    def wrong(data: MenuData, s: int) -> LinearProgram:
        lp = right(data, s)
        return replace(lp, objective=-lp.objective)

    monkeypatch.setattr(menu_rays, "build_rays", wrong)
    lp = solve(PLAN, "menu").certificate.lp
    assert lp is not None
    assert not lp.ok


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
