"""Functions of beliefs: what can be combined, and what may be assumed."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import PayoffError


def test_functions_are_combined_with_functions() -> None:
    line = plp.PiecewiseLinear([0, 1], [0, 1])
    with pytest.raises(TypeError, match="unsupported operand"):
        line + 3  # type: ignore[operator]
    with pytest.raises(PayoffError, match="other must be a PiecewiseLinear function; got 3"):
        line.maximum(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"lipschitz": "steep"}, "lipschitz must be a rectangular array of numbers"),
        ({"lipschitz": [1, 2]}, "lipschitz must be a finite constant"),
        ({"lipschitz": math.inf}, "lipschitz must be finite"),
        ({"cell_bound": 3}, "cell_bound must be callable"),
        ({"shape": np.array(["convex", "convex"])}, "shape must be 'convex' or 'concave'"),
    ],
)
def test_assumptions_are_read_or_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(PayoffError, match=message):
        plp.BeliefFunction(np.sqrt, **settings)
    half: Any = Fraction(1, 2)
    assert plp.BeliefFunction(np.sqrt, lipschitz=half).lipschitz == 0.5
