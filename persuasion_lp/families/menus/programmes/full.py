r"""The menu programme as written, state by state, and reduced to (p, r).

**Full** (LX, Problem (O)), for the lowest served type s; m_jk ∈ [0, f_k] is the mass of state k on
which type j's test proposes, p_j = Σ_k m_jk, r_j = Σ_k θ_k m_jk:

    maximize    Σ_{j ≥ s} g_j (r_j − w p_j)
    subject to
    IC-W        x_j w p_j − r_j  ≥  x_j w p_l − r_l          all served j ≠ l, or neighbours only
    excluded    0  ≥  x_j w p_l − r_l                        unserved j < s, served l (or s−1 and s)
    OB-W        x_j w p_j − r_j  ≥  0                        served j (or s)
    OB-M        r_j − w p_j  ≥  max(0, E[θ] − w)             served j
    monotone    p_{j+1} − p_j  ≥  0                          neighbours
    FSB         0 ≤ m_jk ≤ f_k

(J − s) K columns. ``excluded`` is (IC-W) of the types that are not served, p_j = r_j = 0;
leaving it out would not change the best value over s, since a type who wants a test that is trusted
may as well be served, but it would make the programme of one s another one.
``monotone`` follows from (IC-W) of two neighbours, whose sum is (x_{j+1} − x_j) w times it; it is
stated because a solver that keeps (IC-W) to 10⁻⁹ would otherwise let p fall by 10⁻⁹ / (x_{j+1} −
x_j), as good as anything for types that nearly coincide. Between neighbours, (IC-W) is laid out in
two blocks, ``upward`` and ``downward``, as in the reduced programme.

**Reduced** to p_j and u_j = r_j − w p_j, with a_j = (x_j − 1) w and states only at the top:

    maximize    Σ_{j ≥ s} g_j u_j
    subject to
    upward      a_j (p_j − p_{j-1}) − (u_j − u_{j-1})  ≥  0      j > s: type j does not mimic j−1
    downward    (u_j − u_{j-1}) − a_{j-1} (p_j − p_{j-1})  ≥  0  j > s: type j−1 does not mimic j
    excluded    u_s − a_{s-1} p_s  ≥  0                          if s is not the lowest type
    OB-W        a_s p_s − u_s  ≥  0
    OB-M        u_s  ≥  max(0, E[θ] − w)
    monotone    p_j − p_{j-1}  ≥  0                              j > s
    FSB         p_J = Σ_k z_k,   u_J ≤ Σ_k (θ_k − w) z_k,   0 ≤ z_k ≤ f_k

2 (J − s) + K columns. Why the two have the same value is proved in
:mod:`~persuasion_lp.families.menus.programmes.rays`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.errors import SizeError
from persuasion_lp.families.menus.programmes.data import Chain, MenuData, Step
from persuasion_lp.lp.highs import LPSolution
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.size import MEMORY_LIMIT, ProgramSize

__all__ = [
    "IncentiveRows",
    "build_full",
    "build_reduced",
    "check_pair",
    "full_size",
    "read_full",
    "read_reduced",
]

IncentiveRows = Literal["neighbours", "all"]

SAME_TEST = 1e-9
"""Types whose p differs by less than this share of the largest p take the same test: the solver's
tolerance."""


def full_size(data: MenuData, s: int, incentives: IncentiveRows) -> ProgramSize:
    """Count columns, rows and nonzeros of the full programme."""
    served, states = data.slack.size - s, data.masses.size
    pairs = served * (served - 1) if incentives == "all" else 2 * (served - 1)
    outside = s * served if incentives == "all" else min(s, 1)
    single = served if incentives == "all" else 1
    rows = pairs + outside + single + 2 * served - 1
    nonzeros = states * (2 * pairs + outside + single + 3 * served)
    return ProgramSize(served * states, rows, nonzeros)


def check_pair(data: MenuData, incentives: IncentiveRows, memory_limit: int) -> None:
    """Raise :class:`SizeError` if the best programme found and the next one take too much memory.

    They are held at once where there are several lowest served types.
    """
    if data.servable.size < 2:
        return
    size = full_size(data, int(data.servable[0]), incentives)
    if 2 * size.memory > memory_limit:
        raise SizeError(
            "pair of linear programs",
            needed=2 * size.memory,
            limit=memory_limit,
            columns=size.columns,
            rows=size.rows,
            nonzeros=size.nonzeros,
        )


def build_full(
    data: MenuData,
    s: int,
    incentives: IncentiveRows = "neighbours",
    *,
    memory_limit: int = MEMORY_LIMIT,
) -> LinearProgram:
    """The full programme with lowest served type s.

    Raises
    ------
    SizeError
        If the programme would need more memory than the limit; nothing has been allocated.
    """
    size = full_size(data, s, incentives)
    size.check(memory_limit)
    builder = LPBuilder()
    slack, gain = data.slack[s:], data.slopes
    served = np.arange(slack.size)
    m = builder.columns(
        "m",
        (slack.size, gain.size),
        objective=np.multiply.outer(data.probs[s:], gain),
        upper=np.broadcast_to(data.masses, (slack.size, gain.size)),
    )
    accepting = served if incentives == "all" else served[:1]

    def incentive(name: str, shape: tuple[int, ...], own: Integers, other: Integers) -> None:
        rows = builder.rows(name, shape, ">=").reshape(-1, 1)
        builder.entries(rows, m[own], slack[own][:, None] - gain)
        builder.entries(rows, m[other], gain - slack[own][:, None])

    def exclusion(shape: tuple[int, ...], outside: Integers, inside: Integers) -> None:
        rows = builder.rows("excluded", shape, ">=").reshape(-1, 1)
        builder.entries(rows, m[inside], gain - data.slack[outside][:, None])

    if incentives == "all":
        own, other = np.nonzero(~np.eye(slack.size, dtype=bool))
        incentive("IC-W", (slack.size, slack.size - 1), own, other)
        if s:
            exclusion((s, slack.size), np.repeat(np.arange(s), slack.size), np.tile(served, s))
    else:
        incentive("upward", (slack.size - 1,), served[1:], served[:-1])
        incentive("downward", (slack.size - 1,), served[:-1], served[1:])
        if s:
            exclusion((1,), np.array([s - 1]), served[:1])
    rows = builder.rows("OB-W", accepting.shape, ">=")[:, None]
    builder.entries(rows, m[accepting], slack[accepting][:, None] - gain)
    rows = builder.rows("OB-M", served.shape, ">=", data.required)[:, None]
    builder.entries(rows, m, gain)
    rows = builder.rows("monotone", (slack.size - 1,), ">=")[:, None]
    builder.entries(rows, m[1:], 1.0)
    builder.entries(rows, m[:-1], -1.0)
    return builder.build()


def build_reduced(data: MenuData, s: int) -> LinearProgram:
    """The reduced programme with lowest served type s."""
    builder = LPBuilder()
    slack = data.slack[s:]
    p = builder.columns("p", slack.shape)
    u = builder.columns("u", slack.shape, objective=data.probs[s:])
    z = builder.columns("z", data.masses.shape, upper=data.masses)
    steps = (slack.size - 1,)
    for name, sign, own in (("upward", 1.0, slack[1:]), ("downward", -1.0, slack[:-1])):
        rows = builder.rows(name, steps, ">=")
        builder.entries(rows, p[1:], sign * own)
        builder.entries(rows, p[:-1], -sign * own)
        builder.entries(rows, u[1:], -sign)
        builder.entries(rows, u[:-1], sign)
    if s:
        rows = builder.rows("excluded", (1,), ">=")
        builder.entries(rows, u[:1], 1.0)
        builder.entries(rows, p[:1], -data.slack[s - 1])
    rows = builder.rows("OB-W", (1,), ">=")
    builder.entries(rows, p[:1], slack[:1])
    builder.entries(rows, u[:1], -1.0)
    rows = builder.rows("OB-M", (1,), ">=", data.required)
    builder.entries(rows, u[:1], 1.0)
    rows = builder.rows("monotone", steps, ">=")
    builder.entries(rows, p[1:], 1.0)
    builder.entries(rows, p[:-1], -1.0)
    rows = builder.rows("FSB mass", (1,), "==")
    builder.entries(rows, p[-1:], 1.0)
    builder.entries(rows, z, -1.0)
    rows = builder.rows("FSB height", (1,), "<=")
    builder.entries(rows, u[-1:], 1.0)
    builder.entries(rows, z, -data.slopes)
    return builder.build()


def read_full(data: MenuData, s: int, solution: LPSolution) -> Chain:
    """Chain of a solution of the full programme."""
    m = solution.values("m")
    return _chain(s, m.sum(axis=1), m @ data.slopes)


def read_reduced(data: MenuData, s: int, solution: LPSolution) -> Chain:
    """Chain of a solution of the reduced programme; ``data`` as for :func:`read_full`."""
    return _chain(s, solution.values("p"), solution.values("u")[: data.slack.size - s])


def _chain(s: int, p: Floats, u: Floats) -> Chain:
    """Group types with the same test; a test without proposals is none."""
    steps: list[Step] = []
    at = 0.0
    least = SAME_TEST * float(p.max())
    for j, (own_p, own_u) in enumerate(zip(p.tolist(), u.tolist(), strict=True)):
        if own_p - at > least:
            steps.append(Step(s + j, min(own_p, 1.0), own_u))
            at = own_p
    return Chain(s, tuple(steps))
