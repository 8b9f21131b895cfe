"""The theorems of Li and Xu on random instances, and what every menu must satisfy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    StateDistribution,
    StateGrid,
    capability_statics,
    difficulty_statics,
    errors,
    solve,
    theorems,
)
from tests.menu_support import assert_menu_certified
from tests.strategies import plans
from tests.support import assert_at_most, assert_close

lx = theorems.lx
SHAPES = st.floats(0.4, 4.0)
PAYMENTS = st.floats(0.15, 0.7)
SHARES = st.floats(0.01, 0.98)


def capability(share: float, payment: float) -> float:
    """A capability in the model, by its place between 1 and 1/w."""
    return 1.0 + share * (1.0 / payment - 1.0)


def types_of(plan: ManagerProblem) -> tuple[Any, Any]:
    """Types and probabilities of a plan with finitely many."""
    assert plan.types is not None
    assert plan.type_probs is not None
    return plan.types, plan.type_probs


@given(SHAPES, SHAPES, PAYMENTS, SHARES, st.sampled_from([None, 7, 30]))
def test_theorem_1(a: float, b: float, payment: float, share: float, cells: int | None) -> None:
    difficulty: Any = StateDistribution.beta(a, b)
    if cells is not None:
        difficulty = StateGrid.from_distribution(difficulty, cells)
    plan = ManagerProblem(difficulty, payment, [capability(share, payment)])
    known = lx.theorem_1(plan)
    menu = solve(plan, "menu")
    launched = known.threshold is not None
    assert_close(menu.value, known.value, tolerance=2e-9)
    assert_close(solve(plan, "single_test").value, known.value, tolerance=2e-9)
    assert bool(menu.tests) == (launched and known.value > 1e-12) or known.value < 1e-9
    if menu.tests and known.value > 1e-6:
        assert_close(float(menu.worker_payoffs[0]), known.worker_payoff, tolerance=1e-4)
    if cells is not None:
        committed = solve(plan, "commitment").value
        if launched:
            assert_close(committed, known.value, tolerance=1e-9)
        assert_at_most(known.value, committed, tolerance=1e-9)


@given(plans(types=5), st.integers(0, 2**32 - 1))
def test_theorem_2(plan: ManagerProblem, seed: int) -> None:
    """No threshold, randomized at its atom, does better than the single test."""
    grid = plan.difficulty
    assert isinstance(grid, StateGrid)
    types, probs = types_of(plan)
    found = solve(plan, "single_test")
    assert_menu_certified(found)
    best = 0.0
    extra = np.random.default_rng(seed).random(200)
    for p in np.concatenate([grid.top_masses[1:], extra]).tolist():
        r = grid.top_mean(p)
        surplus = r - plan.payment * p
        trusted = surplus >= max(0.0, grid.mean - plan.payment) - 1e-12
        accepting = probs[types * plan.payment >= r / p - 1e-12].sum() if p > 0 else 0.0
        best = max(best, float(accepting * surplus) if trusted else 0.0)
    assert_at_most(best, found.value, tolerance=1e-9)
    if not plan.optimistic.any():
        assert found.value == 0.0


@given(plans(types=40, states=60))
def test_theorem_3(plan: ManagerProblem) -> None:
    menu = solve(plan, "menu")
    assert_menu_certified(menu)
    assert_at_most(solve(plan, "single_test").value, menu.value, tolerance=1e-12)
    if not plan.optimistic.any():
        assert menu.tests == ()
        assert menu.value == 0.0
    assert (np.diff([test.q for test in menu.tests]) >= -1e-9).all()


@settings(max_examples=6)
@given(SHAPES, SHAPES, st.floats(0.3, 0.95))
def test_corollary_1(a: float, b: float, ratio: float) -> None:
    difficulty = StateDistribution.beta(a, b)
    payment = max(ratio * difficulty.mean, 0.05)
    phases = lx.corollary_1(difficulty, payment)
    first, last = phases.changes
    top = min(2 * last - first, 0.5 * (last + 1.0 / payment))
    line = np.unique([1.0, *np.linspace(first + 1e-3, last - 1e-3, 4), (last + top) / 2, top])
    found = capability_statics(difficulty, payment, line)
    assert [(before, after) for before, after, _ in found.changes] == [
        ("pessimistic", "constrained"),
        ("constrained", "first best"),
    ]
    np.testing.assert_allclose([at for _, _, at in found.changes], phases.changes, atol=1e-5)
    constrained = np.array(found.phases) == "constrained"
    best = np.array(found.phases) == "first best"
    assert (np.diff(found.thresholds[constrained]) > 0).all()
    assert (np.diff(found.manager[constrained]) > 0).all()
    np.testing.assert_allclose(found.worker[constrained], 0.0, atol=1e-8)
    np.testing.assert_allclose(found.manager[best], found.manager[best][0], atol=2e-9)
    assert (np.diff(found.worker[best]) > 0).all()
    assert found.manager[0] == found.worker[0] == 0.0


@settings(max_examples=6)
@given(st.floats(0.3, 0.55), st.floats(0.35, 0.9))
def test_corollary_2(payment: float, share: float) -> None:
    x = capability(share, payment)
    phases = lx.corollary_2(payment, x)
    last = phases.changes[-1]
    line = np.linspace(0.05 * last, 1.2 * last, 12)
    found = difficulty_statics(payment, x, line)
    expected = [change for change in phases.changes if change > line[0]]
    np.testing.assert_allclose([at for _, _, at in found.changes], expected, atol=1e-5)
    launched = np.array(found.phases) != "pessimistic"
    assert (np.diff(found.manager[launched]) > 0).all()
    assert (found.manager[~launched] == 0).all()
    rises = np.sign(np.diff(np.round(found.worker[launched], 7)))
    assert (np.diff(rises[rises != 0]) <= 0).all()
    falling = np.array(found.phases) == "constrained"
    assert (np.diff(found.thresholds[falling]) < 0).all()


@settings(max_examples=15)
@given(plans(types=4), st.lists(SHARES, min_size=8, max_size=8))
def test_proposition_1(plan: ManagerProblem, shares: list[float]) -> None:
    grid = plan.difficulty
    assert isinstance(grid, StateGrid)
    types, probs = types_of(plan)
    chosen = lx.proposition_1(grid, types, probs)
    assume(0 < chosen.payment < 1)
    at_best = ManagerProblem(grid, chosen.payment, types, probs, unrestricted=True)
    found = solve(at_best, "single_test")
    assert_at_most(chosen.value, found.value, tolerance=1e-9)
    for payment in (*shares, chosen.payment):
        other = ManagerProblem(grid, payment, types, probs, unrestricted=True)
        assert_at_most(solve(other, "single_test").value, chosen.value, tolerance=1e-9)


@given(
    st.lists(st.tuples(st.floats(0.05, 0.3), SHARES), min_size=1, max_size=3),
    SHAPES,
    st.integers(3, 20),
)
def test_several_workers_of_known_types(
    workers: list[tuple[float, float]], a: float, cells: int
) -> None:
    grid = StateGrid.from_distribution(StateDistribution.power(a), cells)
    payments = [w for w, _ in workers]
    types = [0.99 * share / w for w, share in workers]
    plan = ManagerProblem.for_workers(grid, payments, [[x] for x in types])
    total = sum(payments)
    form = lx.pivotal_worker(grid, payments, types)
    pivotal, y = form.worker, form.single_test.capability
    assert pivotal is not None
    assert plan.payment == pytest.approx(total)
    assert types_of(plan)[0].tolist() == pytest.approx([y])
    assert types[pivotal] * payments[pivotal] == pytest.approx(y * total)
    result = solve(plan, "menu")
    assert result.compare(form).verdict == "holds"
    if y >= 1 and y * total < 1:
        known = lx.theorem_1(ManagerProblem(grid, total, [y]))
        assert_close(result.value, known.value, tolerance=1e-9)
    if y < 1:
        assert result.tests == ()
    for test in result.tests:
        for w, x in zip(payments, types, strict=True):
            assert_at_most(test.q, x * w, tolerance=1e-9)


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_several_workers_of_private_types(seed: int) -> None:
    """The pivotal worker's distribution, against counting all profiles of types."""
    rng = np.random.default_rng(seed)
    payments = rng.uniform(0.05, 0.25, 2).tolist()
    types = [np.sort(rng.uniform(1.0, 5.0, n)) for n in (3, 2)]
    probs = [rng.dirichlet(np.ones(n)) for n in (3, 2)]
    plan = ManagerProblem.for_workers(StateDistribution.uniform(), payments, types, probs)
    total = sum(payments)
    for y in rng.uniform(0.3, 3.0, 10).tolist():
        counted = sum(
            g * k
            for x, g in zip(types[0], probs[0], strict=True)
            for z, k in zip(types[1], probs[1], strict=True)
            if min(x * payments[0], z * payments[1]) / total >= y
        )
        assert_close(plan.share_at_least(y), counted, tolerance=1e-12)
    result = solve(plan, "menu")
    assert result.certificate.ok


def test_several_workers_of_continuous_types() -> None:
    """The pivotal worker's distribution, and his menu, against a fine grid of capabilities."""
    payments, capabilities = [0.2, 0.15], [stats.uniform(2.0, 1.5), stats.uniform(2.5, 2.0)]
    plan = ManagerProblem.for_workers(StateDistribution.uniform(), payments, capabilities)
    rng = np.random.default_rng(0)
    drawn = [own.rvs(20_000, random_state=rng) for own in capabilities]
    total = sum(payments)
    lowest = np.minimum(*(x * w / total for x, w in zip(drawn, payments, strict=True)))
    for y in (1.15, 1.3, 1.6):
        assert_close(plan.share_at_least(y), float((lowest >= y).mean()), tolerance=0.02)
    distribution = plan.type_distribution
    assert distribution.cdf(distribution.ppf(0.3)) == pytest.approx(0.3)
    result = solve(plan, "menu")
    sampled = ManagerProblem(plan.difficulty, total, np.sort(lowest)[::40], unrestricted=True)
    assert_close(solve(sampled, "menu").value, result.value, tolerance=2e-3)
    with pytest.raises(errors.WorkerTypeError, match="all distributions"):
        ManagerProblem.for_workers(plan.difficulty, payments, [capabilities[0], [2.0]])


@settings(max_examples=4)
@given(SHAPES, st.floats(0.3, 1.0), st.lists(st.floats(0.2, 0.9), min_size=3, max_size=3))
def test_proposition_1_with_continuous_types(a: float, width: float, shares: list[float]) -> None:
    difficulty = StateDistribution.power(a)
    types = stats.uniform(1.0, width)
    chosen = lx.proposition_1(difficulty, types)
    for payment in (*(share * difficulty.mean for share in shares), chosen.payment):
        plan = ManagerProblem(difficulty, payment, types, unrestricted=True)
        found = solve(plan, "single_test", tol=1e-4)
        assert_at_most(found.lower, chosen.value, tolerance=1e-9)
    assert_at_most(chosen.value, found.upper, tolerance=1e-9)


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_types_and_states_changes_nothing(plan: ManagerProblem, random: Any) -> None:
    grid = plan.difficulty
    assert isinstance(grid, StateGrid)
    types, probs = types_of(plan)
    order = list(range(types.size))
    random.shuffle(order)
    turned = ManagerProblem(
        StateGrid(grid.states[::-1], grid.masses[::-1]), plan.payment, types[order], probs[order]
    )
    one, other = solve(plan, "menu"), solve(turned, "menu")
    assert_close(one.value, other.value, tolerance=1e-13)
    np.testing.assert_allclose(one.manager_payoffs[order], other.manager_payoffs, atol=1e-9)


@given(plans(), st.floats(0.1, 0.9))
def test_splitting_a_type_or_a_state_changes_nothing(plan: ManagerProblem, share: float) -> None:
    grid = plan.difficulty
    assert isinstance(grid, StateGrid)
    types, probs = types_of(plan)
    masses = np.append(grid.masses, grid.masses[0] * (1 - share))
    masses[0] *= share
    split = np.append(probs, probs[0] * (1 - share))
    split[0] *= share
    finer = ManagerProblem(
        StateGrid(np.append(grid.states, grid.states[0]), masses),
        plan.payment,
        np.append(types, types[0]),
        split,
    )
    assert_close(solve(plan, "menu").value, solve(finer, "menu").value, tolerance=1e-12)


@given(plans(), st.floats(0.0, 1.0))
def test_more_capable_workers_are_worth_more(plan: ManagerProblem, share: float) -> None:
    types, probs = types_of(plan)
    better = types + share * (0.9999 / plan.payment - types)
    abler = ManagerProblem(plan.difficulty, plan.payment, better, probs)
    assert_at_most(solve(plan, "menu").value, solve(abler, "menu").value, tolerance=1e-10)


@given(plans(states=12), st.floats(0.0, 1.0))
def test_more_information_is_worth_more(plan: ManagerProblem, share: float) -> None:
    """Pooling two states before any test can be run only loses."""
    grid = plan.difficulty
    assert isinstance(grid, StateGrid)
    assume(grid.size >= 2)
    pooled = grid.states.copy()
    mass = grid.masses[:2].sum()
    assume(mass > 0)
    mean = grid.masses[:2] @ grid.states[:2] / mass
    pooled[:2] += share * (mean - pooled[:2])
    coarser = plan.with_difficulty(StateGrid(pooled, grid.masses))
    assert_at_most(solve(coarser, "menu").value, solve(plan, "menu").value, tolerance=1e-10)


def test_statics_refuse_parameters_out_of_order() -> None:
    with pytest.raises(errors.WorkerTypeError, match="increasing"):
        capability_statics(StateDistribution.uniform(), 0.4, [1.5, 1.2])
