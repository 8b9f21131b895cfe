"""Brackets of menus against exact answers and what their tests pay by the definitions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persuasion_lp import SolverOptions, errors, solve
from tests.menu_reference import Plan, assert_bracketed, near_degenerate_plan, settings_of
from tests.menu_support import random_plan
from tests.support import any_solve

F = Fraction
SEEDS = st.integers(0, 2**32 - 1)
FORMULATIONS = (
    ("menu", "rays"),
    ("menu", "reduced"),
    ("menu", "full"),
    ("single_test", "closed_form"),
    ("single_test", "cutoffs"),
)


@settings(max_examples=60)
@given(SEEDS)
def test_brackets_of_plans_in_which_much_nearly_ties(seed: int) -> None:
    plan = near_degenerate_plan(np.random.default_rng(seed))
    problem = plan.problem()
    truths = {name: solve(problem, name, exact=True).value for name in ("menu", "single_test")}
    for procedure, formulation in FORMULATIONS:
        name: Any = procedure
        result = solve(problem, name, **settings_of(procedure, formulation))
        assert_bracketed(plan, result, truths[procedure])
    committed = solve(problem, "commitment")
    assert committed.upper is not None
    assert committed.upper >= solve(problem, "single_test").lower
    if len(plan.types) == 1:
        menu = solve(problem, "menu")
        assert committed.upper >= menu.lower
        assert committed.value >= menu.value * (1 - 1e-9)


@settings(max_examples=40)
@given(SEEDS, st.integers(0, 40), st.sampled_from([1e-6, 1e-4, None]))
def test_limits_leave_a_bracket_of_the_whole_problem(
    seed: int, iterations: int, seconds: float | None
) -> None:
    problem = random_plan(np.random.default_rng(seed))
    limits: dict[str, Any] = {"iteration_limit": iterations} if seconds is None else {}
    options = SolverOptions(time_limit=seconds, **limits)
    for procedure, formulation in FORMULATIONS:
        if formulation in ("rays", "closed_form"):
            continue
        name: Any = procedure
        right = solve(problem, name)
        try:
            found: Any = any_solve(problem, name, formulation=formulation, options=options)
        except errors.LimitError as limited:
            low, high = limited.best_value, limited.best_bound
        else:
            low, high = found.lower, found.upper
        assert low <= right.upper
        assert high >= right.lower
        assert max(0.0, right.no_information - 1e-15) <= low <= high <= 1.0


@pytest.fixture
def plan() -> Plan:
    """Both types take the test that proposes above .6 when it is trusted; it pays 1/20."""
    return Plan(
        [F(1, 5), F(3, 5)], [F(1, 2)] * 2, F(1, 2), [F(6, 5), F(8, 5)], [F(1, 10), F(9, 10)]
    )


def test_the_reference_refuses(plan: Plan) -> None:
    assert plan.pays([(F(1, 2), F(3, 10))]) == F(1, 20)
    for p, r, message in (
        (F(1, 2), F(31, 100), "cannot be run"),
        (F(1, 2), F(24, 100), "not trusted when it proposes"),
    ):
        with pytest.raises(AssertionError, match=message):
            plan.pays([(p, r)])


def test_the_assertion_on_brackets_refuses(plan: Plan) -> None:
    result = solve(plan.problem(), "menu")
    assert_bracketed(plan, result, F(1, 20))
    (offer,) = result.bracket.offers
    wrong = [
        replace(result, bracket=replace(result.bracket, payoff=F(1, 21))),
        replace(result, bracket=replace(result.bracket, bound=F(1, 19))),
        replace(result, bracket=replace(result.bracket, offers=(replace(offer, p=offer.p / 2),))),
        replace(result, lower=0.06),
        replace(result, upper=0.04),
        replace(result, value=0.2),
    ]
    for other in wrong:
        with pytest.raises(AssertionError):
            assert_bracketed(plan, other, F(1, 20))
    with pytest.raises(AssertionError):
        assert_bracketed(plan, result, F(1, 19))
