r"""The single-test programme over the acceptance cut-off (LX, Theorem 2).

With one test on offer a proposal is accepted by the types that accept its mean, those from a
cut-off type j on. Given j, with z_k the mass of state k on which the test proposes:

    maximize    G_j Σ_k (θ_k − w) z_k                     G_j = Pr(type ≥ x_j)
    subject to
    OB-W        Σ_k (x_j w − θ_k) z_k  ≥  0
    OB-M        Σ_k (θ_k − w) z_k  ≥  max(0, E[θ] − w)
    FSB         0 ≤ z_k ≤ f_k

K columns, 2 rows; the best cut-off gives the best test. A type below j may accept as well: then
the programme with that type as its cut-off pays more.

**All cut-offs at once.** Let (p_i, u_i), i = 0 … K, be the breakpoints of the frontier: the tests
that propose on the i highest states. A test that is trusted, u ≥ d = max(0, E[θ] − w), lies above
the chord from (0, 0) to (1, E[θ] − w), hence is a lottery over these. With ω_ji the probability
that the test is meant for the types from j on *and* is the i-th:

    maximize    Σ_ji G_j u_i ω_ji
    subject to
    one         Σ_ji ω_ji ≤ 1
    OB-W        Σ_i (a_j p_i − u_i) ω_ji  ≥  0                   every j,  a_j = (x_j − 1) w
    OB-M        Σ_i (u_i − d) ω_ji  ≥  0                         every j
                ω ≥ 0

J (K + 1) columns, 1 + 2 J rows. The j-th block is the programme with cut-off j times Σ_i ω_ji, and
nothing but ``one`` joins the blocks: the value is the best of all cut-offs, or 0 if none pays, and
one pair of solutions proves it over all of them.

**Its solution.** A dual solution is the value V and for each j two prices η, ν ≥ 0 of OB-W and OB-M
such that V ≥ G_j u_i + η (a_j p_i − u_i) + ν (u_i − d) for all i. With p* the largest p at which
U(p) ≥ a_j p, the types from j on bring

=============================  ==========  ===================================================
type j                         value       prices
=============================  ==========  ===================================================
a_j ≤ 0                        none        η = G_j, ν = 0
0 < a_j < d (pessimistic)      none        ν = G_j a_j/(d − a_j), η = G_j + ν
p* ≤ the peak of U             G_j max U   η = ν = 0
p* beyond, U has slope t < 0   G_j a_j p*  η = −G_j t/(a_j − t), ν = 0: (G_j − η) U + η a_j p is
                                           concave with its peak at p*
=============================  ==========  ===================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram, RationalSolution

__all__ = ["build_cutoff", "build_every_cutoff", "solve_every_cutoff"]

_ZERO = Fraction(0)


def build_cutoff(data: MenuData, j: int) -> LinearProgram:
    """The programme in which the types from j on accept."""
    builder = LPBuilder()
    z = builder.columns(
        "z", data.masses.shape, objective=data.tail[j] * data.slopes, upper=data.masses
    )
    accept = builder.rows("OB-W", (1,), ">=")
    builder.entries(accept, z, data.slack[j] - data.slopes)
    trust = builder.rows("OB-M", (1,), ">=", data.required)
    builder.entries(trust, z, data.slopes)
    return builder.build()


def build_every_cutoff(data: MenuData) -> RationalProgram:
    """The programme of all cut-offs at once, from data in exact rationals."""
    builder = LPBuilder(np.dtype(object))
    p, u = data.shares, data.frontier
    types = data.slack.shape
    omega = builder.columns("omega", (*types, p.size), objective=np.multiply.outer(data.tail, u))
    builder.entries(builder.rows("one", (1,), "<=", 1), omega, 1)
    accept = builder.rows("OB-W", types, ">=")
    builder.entries(accept[:, None], omega, np.multiply.outer(data.slack, p) - u)
    trust = builder.rows("OB-M", types, ">=")
    builder.entries(trust[:, None], omega, u - data.required)
    return builder.build_rational(offset=_ZERO)


def solve_every_cutoff(data: MenuData) -> RationalSolution:
    """Its solution in closed form, from data in exact rationals; the first of equal cut-offs.

    The pair has yet to be checked.
    """
    program = build_every_cutoff(data)
    found = [_cutoff(data, j) for j in range(data.slack.size)]
    best = max(range(len(found)), key=lambda j: found[j].value)
    value = found[best].value
    omega = [_ZERO] * len(program.objective)
    if value > 0:
        for i, probability in found[best].lottery:
            omega[best * data.shares.size + i] = probability
    duals = [value, *(-one.accept for one in found), *(-one.trust for one in found)]
    return RationalSolution(program, tuple(omega), tuple(duals), value)


@dataclass(frozen=True)
class _Cutoff:
    """The best test for the types from one on: breakpoints with probabilities, and prices."""

    value: Fraction
    lottery: tuple[tuple[int, Fraction], ...]
    accept: Fraction
    trust: Fraction


def _cutoff(data: MenuData, j: int) -> _Cutoff:
    a, weight, d = data.slack[j], data.tail[j], data.required
    p, u = data.shares, data.frontier
    if a <= 0:
        return _Cutoff(_ZERO, (), weight, _ZERO)
    if a < d:
        trust = weight * a / (d - a)
        return _Cutoff(_ZERO, (), weight + trust, trust)
    above = int(np.flatnonzero(u >= a * p)[-1])
    if above < data.peak or data.peak == data.slopes.size:
        return _Cutoff(weight * u[data.peak], ((data.peak, Fraction(1)),), _ZERO, _ZERO)
    i = min(above, data.slopes.size - 1)
    t = data.slopes[i]
    reach = (u[i] - t * p[i]) / (a - t)
    share = (reach - p[i]) / data.masses[i]
    return _Cutoff(
        weight * a * reach, ((i, 1 - share), (i + 1, share)), -weight * t / (a - t), _ZERO
    )
