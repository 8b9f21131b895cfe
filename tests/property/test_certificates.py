"""Safe bounds hold whatever the duals."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from persuasion_lp.lp import LPSolution, safe_bound, solve_lp
from tests.unit.lp.test_highs import public

LP = public(3)
OPTIMUM: LPSolution = solve_lp(LP)


@given(st.integers(0, 2**32 - 1), st.floats(1e-9, 1e3))
def test_the_safe_bound_holds_for_every_dual(seed: int, size: float) -> None:
    noise = np.random.default_rng(seed).normal(size=LP.shape[0])
    bound = safe_bound(LP, OPTIMUM.y + size * noise)
    assert OPTIMUM.value <= bound < math.inf
