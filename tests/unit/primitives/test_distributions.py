"""Distributions of states and of types: what is read, and what is named."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import PriorError


@pytest.mark.parametrize("a", [Fraction(1, 2), "1/2", Decimal("0.5"), np.float32(0.5), 0.5])
def test_distributions_take_any_number(a: Any) -> None:
    found = plp.StateDistribution.power(a)
    assert found.mean == pytest.approx(1 / 3, abs=1e-15)
    assert found.cdf([0.25, 1.0]).dtype == np.float64
    assert plp.StateDistribution.beta(a, a).mean == 0.5
    assert plp.StateDistribution.uniform(0, a).mean == 0.25


def test_distributions_refuse_what_is_no_number() -> None:
    with pytest.raises(PriorError, match="a must be a rectangular array of numbers; got 'x'"):
        plp.StateDistribution.power("x")
    with pytest.raises(PriorError, match="a must be a number"):
        plp.StateDistribution.power([1, 2])
    with pytest.raises(PriorError, match="a must be finite"):
        plp.StateDistribution.beta(math.nan, 1)


def test_a_density_is_a_density() -> None:
    with pytest.raises(PriorError, match=r"density must not be negative; at 0\.00195312; got -"):
        plp.StateDistribution.from_density(lambda t: 4 * t - 1)
    with pytest.raises(PriorError, match="density must be a function"):
        plp.StateDistribution.from_density(3)  # type: ignore[arg-type]
