r"""Linear programs for what a test can do, from the definitions alone.

With m_k ∈ [0, f_k] the mass of state k on which a test proposes, Σ m_k = p and Σ θ_k m_k = p q.
"""

from __future__ import annotations

import itertools
import math
from functools import reduce

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import InfeasibleError
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE
from persuasion_lp.laboratory.draws import Team
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.primitives.states import StateGrid

__all__ = ["best_single_test", "greatest", "nearest"]


def greatest(grid: StateGrid, p: float, worth: Floats) -> float:
    """Greatest Σ worth_k m_k when the test proposes with probability p."""
    builder = LPBuilder()
    m = builder.columns("m", (grid.size,), objective=worth, upper=grid.masses)
    builder.entries(builder.rows("p", (1,), "==", p), m, 1.0)
    return solve_lp(builder.build()).value


def nearest(grid: StateGrid, p: float, r: float, test: Floats | None) -> float:
    """Least distance of Σ θ_k m_k from r; or, with it at r, least mass by which m misses a test.

    Infinite if there is no m.
    """
    builder = LPBuilder()
    m = builder.columns("m", (grid.size,), upper=grid.masses)
    builder.entries(builder.rows("p", (1,), "==", p), m, 1.0)
    mean = builder.rows("r", (1,), "==", r)
    builder.entries(mean, m, grid.states)
    if test is None:
        miss = builder.columns("miss", (2,), objective=-1.0)
        builder.entries(mean, miss, np.array([1.0, -1.0]))
    else:
        miss = builder.columns("miss", (2, grid.size), objective=-1.0)
        rows = builder.rows("test", (grid.size,), "==", test)
        builder.entries(rows, m, 1.0)
        builder.entries(rows, miss, np.array([[1.0], [-1.0]]))
    try:
        return -solve_lp(builder.build()).value
    except InfeasibleError:
        return math.inf


def best_single_test(team: Team) -> float:
    """Best over who is meant to accept: of each worker the types from some capability on, or none.

    With m_k ∈ [0, f_k] the mass of state k on which the test proposes: every type that is meant to
    accept gains, Σ (x_i w_i − θ_k) m_k ≥ 0, and the manager is trusted.
    """
    n, total = team.joint.ndim, math.fsum(team.payments)
    gain = team.difficulty.states - total
    required = team.difficulty.mean - total
    required = required if required > OPTIMISM_TOLERANCE else 0.0
    best = 0.0
    none = [math.inf] if team.quota < n else []
    for lowest in itertools.product(*([*own.tolist(), *none] for own in team.types)):
        accepts = [own >= least for own, least in zip(team.types, lowest, strict=True)]
        votes = reduce(np.add.outer, (accepting.astype(np.int64) for accepting in accepts))
        launched = float(team.joint[votes >= team.quota].sum())
        builder = LPBuilder()
        m = builder.columns(
            "m", gain.shape, objective=launched * gain, upper=team.difficulty.masses
        )
        for i, (own, accepting) in enumerate(zip(team.types, accepts, strict=True)):
            willing = (own * team.payments[i])[accepting]
            rows = builder.rows(f"obedience[{i}]", willing.shape, ">=").reshape(-1, 1)
            builder.entries(rows, m, willing[:, None] - team.difficulty.states)
        trust = builder.rows("trust", (1,), ">=", required)
        builder.entries(trust, m, gain)
        try:
            best = max(best, solve_lp(builder.build()).value)
        except InfeasibleError:
            continue
    return best
