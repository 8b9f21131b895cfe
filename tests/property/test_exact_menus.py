"""Exact menus against floating point on random plans."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persuasion_lp import ManagerProblem, StateGrid, solve

F = Fraction


def simplex(weights: np.ndarray) -> list[Fraction]:
    """Positive integers as probabilities that sum to 1 exactly."""
    return [F(int(k), int(weights.sum())) for k in weights]


def rational_plan(rng: np.random.Generator, *, pessimistic: bool = False) -> ManagerProblem:
    """A plan in small fractions; with E[θ] > w if ``pessimistic``, so that trust binds."""
    states, types = int(rng.integers(1, 12)), int(rng.integers(1, 7))
    theta = [F(int(k), 24) for k in rng.integers(0, 25, states)]
    masses = simplex(rng.integers(1, 9, states))
    mean = sum((t * f for t, f in zip(theta, masses, strict=True)), F(0))
    payment = F(int(rng.integers(2, 15)), 20)
    if pessimistic and mean > 0:
        payment = min(mean * F(int(rng.integers(14, 20)), 20), F(9, 10))
    elif mean == 0:
        theta[0] = F(1, 2)
    x = [1 + F(int(k), 40) / payment for k in rng.integers(0, 40, types)]
    return ManagerProblem(
        StateGrid(theta, masses), payment, x, simplex(rng.integers(1, 30, types)), unrestricted=True
    )


@pytest.mark.parametrize("pessimistic", [False, True])
@given(st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_exact_values_are_those_in_floats(pessimistic: bool, seed: int) -> None:
    plan = rational_plan(np.random.default_rng(seed), pessimistic=pessimistic)
    answer = solve(plan, "menu", exact=True)
    assert float(answer.value) == pytest.approx(solve(plan, "menu").value, abs=1e-12)
    assert answer.certificate.verify().ok
    for _, bound in answer.certificate.about["bounds"]:
        assert Fraction(bound) <= answer.value
