r"""The menu programme in rays, and its solution in closed form.

**Programme.** For the lowest served type s, with slacks a_j, weights G_j = Σ_{l ≥ j} g_l, frontier
slopes θ_k − w and required surplus d (see :mod:`~persuasion_lp.families.menus.programmes.data`):

    maximize    G_s a_{s-1} α + Σ_{j ≥ s} G_j a_j β_j
    subject to
    mass        α + Σ_j β_j − Σ_k z_k = 0
    height      a_{s-1} α + Σ_j a_j β_j − Σ_k (θ_k − w) z_k ≤ 0
    trust       a_{s-1} α + a_s β_s ≥ d
                α, β ≥ 0,   0 ≤ z_k ≤ f_k

with a_{s-1} = 0 if s is the lowest type. J − s + 2 + K columns, 3 rows.

**Why it is the full programme** (LX, Problem (O); B1 in p, r and m_jk). *States:* m_j matters only
through (p_j, u_j), and the pairs that some m_j induces are those with u ≤ U(p), and the mirrored
bound from below, which u ≥ d implies (Lemma 3). *Incentives:* utilities a_j p − u are linear in the
type, so single crossing makes the neighbours' constraints imply all others. Between neighbours j−1
and j the two of them say that the increment of (p, u) lies in the cone of slopes [a_{j-1}, a_j],
that is, is a sum of the *rays* (1, a_{j-1}) and (1, a_j); for the lowest served type, (OB-W) and
the unserved types' indifference to rejecting say the same of (p_s, u_s). *Objective:* an increment
at j reaches all types from j on, so the ray (1, a_j) pays G_j a_j as the upper ray of type j and
G_{j+1} a_j ≤ G_j a_j as the lower ray of type j+1; the latter is left out for j ≥ s, which loses
nothing: moving it to type j only makes trust easier. *Trust:* u_j increases with j, so (OB-M) for
all is (OB-M) at s. *Feasibility:* slopes along the chain increase while those of U decrease, and
U(0) = 0, so the chain is below the frontier iff its end is: the rows mass and height.

**At most three tests.** A vertex has at most three basic columns, so at most three of α, β_j (two
when d = 0) are positive: LX Theorem 3 for any number of types.

**Closed form.** Scaling a chain up preserves everything but feasibility, so its end may be taken on
the frontier, (p, U(p)). Write D = (d/a_s, d), the first point of ray s that is trusted.

* Below ray s, U(p) ≤ a_s p: one test for all, α and β_s alone; it pays G_s U(p).
* Above: β_s up to D, then from D on the rays on the upper hull Φ of the points (a_j, G_j a_j),
  j ≥ s; it pays G_s d + (p − d/a_s) Φ( (U(p) − d)/(p − d/a_s) ).

This is concave and piecewise linear in p, so a breakpoint of U or a point where the ray from D with
slope on the hull meets the frontier is optimal. Dual solutions are one number, the surplus t of the
marginal state: with C(t) = Σ_k f_k (θ_k − w − t)⁺ and B_s(t) = max_{j ≥ s} G_j a_j / (a_j − t), the
prices height ν = B_s(t), mass μ = −t ν, trust λ = ν (1 − t/a_s) − G_s are feasible for t ≤ 0, so

    V_s  ≤  D_s(t)  =  G_s d + B_s(t) [ C(t) − d (1 − t/a_s) ]           for every t ≤ 0,

with equality at the best t. One t bounds every s at once; V_s is not unimodal in s, so the best s
is found by taking the largest bound, solving it, and tightening all bounds with its t, until none
is above the best value found.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.families.menus.programmes.chains import (
    BREAKPOINT_NOISE,
    CLOSED_FORM_GAP,
    RayPrices,
    best_rays,
    expected_surplus,
    meeting,
)
from persuasion_lp.families.menus.programmes.data import Chain, MenuData
from persuasion_lp.lp.certificate import LPCertificate, certify
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram

__all__ = [
    "RayProgramme",
    "RaySolution",
    "build_nobody",
    "build_rational_rays",
    "build_rays",
    "cutoff_values",
    "ray_columns",
    "ray_duals",
    "served_bounds",
    "solve_rays",
]


@dataclass(frozen=True, eq=False)
class RaySolution(ReadOnly):
    """Optimal chain and prices over all lowest served types.

    Attributes
    ----------
    chain
        The best chain.
    prices
        Prices that prove it optimal for its lowest served type.
    value
        Its value.
    bounds
        A proved bound for each servable type, shape ``(S,)``.
    marginals
        t of the prices of each lowest served type for which the programme was solved.
    """

    chain: Chain
    prices: RayPrices
    value: float
    bounds: Floats
    marginals: tuple[float, ...]


def build_rays(data: MenuData, s: int) -> LinearProgram:
    """The ray programme with lowest served type s."""
    return _laid_out(data, s, np.dtype(np.float64)).build()


def build_rational_rays(data: MenuData, s: int) -> RationalProgram:
    """The same program, column by column and row by row, from data in exact rationals."""
    return _laid_out(data, s, np.dtype(object)).build_rational(offset=Fraction(0))


def build_nobody(data: MenuData) -> RationalProgram:
    """The ray programme without rays: nobody is served, no state is proposed."""
    builder = LPBuilder(np.dtype(object))
    z = builder.columns("z", data.masses.shape, upper=data.masses)
    builder.entries(builder.rows("mass", (1,), "=="), z, -1)
    return builder.build_rational(offset=Fraction(0))


def _laid_out(data: MenuData, s: int, dtype: np.dtype[Any]) -> LPBuilder:
    builder = LPBuilder(dtype)
    below = data.slack_below(s)
    weights = data.tail[s:] * data.slack[s:]
    alpha = builder.columns("alpha", (1,), objective=data.tail[s] * below)
    beta = builder.columns("beta", weights.shape, objective=weights)
    z = builder.columns("z", data.masses.shape, upper=data.masses)
    mass = builder.rows("mass", (1,), "==")
    height = builder.rows("height", (1,), "<=")
    builder.entries(mass, alpha, 1.0)
    builder.entries(mass, beta, 1.0)
    builder.entries(mass, z, -1.0)
    builder.entries(height, alpha, below)
    builder.entries(height, beta, data.slack[s:])
    builder.entries(height, z, -data.slopes)
    trusted = builder.rows("trust", (1,), ">=", data.required)
    builder.entries(trusted, alpha, below)
    builder.entries(trusted, beta[:1], data.slack[s : s + 1])
    return builder


@dataclass(frozen=True, eq=False)
class RayProgramme(ReadOnly):
    """The ray programme of a chain and its prices, laid out and checked when it is looked at.

    Attributes
    ----------
    data
        Arrays of the problem; of a single test those of its cut-off alone.
    chain, prices
        The closed form of its two solutions.
    """

    data: MenuData
    chain: Chain
    prices: RayPrices

    @cached_property
    def lp(self) -> LinearProgram:
        """The programme for the chain's lowest type."""
        return build_rays(self.data, self.chain.lowest)

    @cached_property
    def certificate(self) -> LPCertificate:
        """Certificate of the closed form, its gap judged on the scale of the manager's payoffs.

        The programme's own scale is that of the slacks, which for a type that accepts hardly
        anything is below the rounding of the frontier.
        """
        data, lowest = self.data, self.chain.lowest
        found = certify(self.lp, ray_columns(data, self.chain), ray_duals(self.prices))
        payoff = float(data.tail[lowest] * np.abs(data.slopes).max())
        return replace(found, scale=max(found.scale, payoff))


def ray_columns(data: MenuData, chain: Chain) -> Floats:
    """Column values of the ray programme at a chain."""
    s = chain.lowest
    below = data.slack_below(s)
    alpha = 0.0
    beta = np.zeros(data.slack.size - s)
    p, u = 0.0, 0.0
    for step in chain.steps:
        mass, height = step.p - p, step.u - u
        own = float(data.slack[step.first])
        if step.first == s and own > below:
            shift = min(max((own * mass - height) / (own - below), 0.0), mass)
            alpha += shift
            beta[0] += mass - shift
        else:
            beta[step.first - s] += mass
        p, u = step.p, step.u
    z = np.clip(p - data.shares[:-1], 0.0, data.masses)
    return np.concatenate([[alpha], beta, z])


def ray_duals(prices: RayPrices) -> Floats:
    """Row duals of the ray programme at prices."""
    return np.array([prices.mass, prices.height, -prices.trust])


def solve_rays(data: MenuData) -> RaySolution | None:
    """Optimal chain over all lowest served types; ``None`` if no type can be served."""
    candidates = data.servable
    if not candidates.size:
        return None
    peak = float(data.frontier[data.peak])
    bounds = data.tail[candidates] * peak
    solved = np.zeros(candidates.size, dtype=bool)
    best: tuple[float, Chain, RayPrices] | None = None
    marginals: list[float] = []
    margin = CLOSED_FORM_GAP * max(peak, float(data.slack.max()))
    while True:
        leading = int(np.argmax(np.where(solved, -np.inf, bounds)))
        if solved.all() or (best is not None and bounds[leading] <= best[0] + margin):
            break
        solved[leading] = True
        found = best_rays(data, int(candidates[leading]))
        if found is None:
            bounds[leading] = -np.inf
            continue
        chain, prices = found
        marginals.append(prices.marginal)
        value = chain.value(data)
        bounds = np.minimum(bounds, served_bounds(data, min(prices.marginal, 0.0)))
        bounds[leading] = prices.bound
        if best is None or value > best[0]:
            best = (value, chain, prices)
    if best is None:
        return None
    value, chain, prices = best
    return RaySolution(chain, prices, value, bounds, tuple(marginals))


def served_bounds(data: MenuData, t: Any) -> NDArray[Any]:
    """D_s(t) for every servable s, for one t ≤ 0, in the numbers of the data; shape ``(S,)``."""
    s = data.servable
    first = int(s[0])
    a = data.slack[first:]
    rate = data.tail[first:] * a / (a - t)
    height = np.maximum.accumulate(rate[::-1])[::-1][s - first]
    d = data.required
    room = expected_surplus(data, np.array([t]))[0] - d * (1 - t / data.slack[s])
    return np.asarray(data.tail[s] * d + height * room)


def cutoff_values(data: MenuData, cutoffs: Integers) -> tuple[Floats, Floats, Floats]:
    """Value of the best single test for each acceptance cut-off, a bound on it, and its t.

    The ray programme with type j alone and weight G_j: G_j U(p) at the larger of the peak and the
    point where ray j leaves the frontier, and D_j(t) with the marginal state there.
    """
    a, weight, d = data.slack[cutoffs], data.tail[cutoffs], data.required
    p = np.maximum(meeting(data, a, 0.0, 0.0), data.shares[data.peak])
    values = weight * np.interp(p, data.shares, data.frontier)
    marginal = data.slopes[np.maximum(np.searchsorted(data.shares, p - BREAKPOINT_NOISE) - 1, 0)]
    t = np.minimum(marginal, 0.0)
    bounds = weight * (d + a / (a - t) * (expected_surplus(data, t) - d * (1.0 - t / a)))
    return values, bounds, t
