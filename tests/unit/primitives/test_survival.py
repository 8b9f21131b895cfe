"""The integral of a survival function against closed forms, smooth or not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import StateDistribution
from persuasion_lp.primitives.survival import SurvivalIntegral

T = np.linspace(0, 1, 41)


def of_triangle(t: Any, mode: float) -> Any:
    """∫_t^1 (1 − F) of the triangular distribution on [0, 1]."""
    beyond = (1 - np.maximum(t, mode)) ** 3 / (3 * (1 - mode))
    before = np.minimum(t, mode)
    return beyond + (mode - before) - (mode**3 - before**3) / (3 * mode)


@pytest.mark.parametrize("mode", [0.4, 0.5, 1e-3, 0.999])
def test_a_kink_is_found(mode: float) -> None:
    found = SurvivalIntegral(stats.triang(mode).cdf, 0.0, 1.0)
    assert found.error <= 1e-15
    np.testing.assert_allclose(found(T), of_triangle(T, mode), rtol=0, atol=1e-15)


def test_a_jump_is_narrowed_down_and_steep_ends_too() -> None:
    jump = SurvivalIntegral(lambda t: np.where(t < 1 / 3, 0.0, 1.0), 0.0, 1.0)
    np.testing.assert_allclose(jump(T), np.maximum(1 / 3 - T, 0), rtol=0, atol=1e-13)
    root = SurvivalIntegral(np.sqrt, 0.0, 1.0)
    right = 1 - T - (1 - T**1.5) * 2 / 3
    np.testing.assert_allclose(root(T), right, rtol=0, atol=1e-15)


def test_noise_ends_the_search_and_is_reported() -> None:
    noise = np.random.default_rng(0)

    def rough(t: Any) -> Any:
        return t + 1e-6 * noise.random(np.shape(t))

    found = SurvivalIntegral(rough, 0.0, 1.0)
    assert 1e-9 < found.error < 1e-6
    assert abs(float(found(0.0)) - 0.5) <= 1e-6


def test_shapes_are_kept() -> None:
    found = SurvivalIntegral(stats.uniform().cdf, 0.0, 1.0)
    assert found(0.25).shape == ()
    assert found(T.reshape(-1, 1)).shape == (41, 1)
    assert float(found(1.0)) == 0.0


def test_tail_moments_by_quadrature_are_those_in_closed_form() -> None:
    closed = StateDistribution.beta(2, 3)
    by_density = StateDistribution.from_density(lambda t: 12 * t * (1 - t) ** 2)
    np.testing.assert_allclose(by_density.tail_moment(T), closed.tail_moment(T), atol=1e-14)
    assert by_density.error <= 1e-14
