r"""Bounds for one lowest served type: the ray programme below a line instead of the frontier.

Prices μ of mass and ν ≥ 0 of height give a line that no test is above,

    μ p + ν u  ≤  C(μ, ν)  =  Σ_k f_k ( μ + ν (θ_k − w) )⁺ ,

so that the value with lowest served type s
(:mod:`~persuasion_lp.families.menus.programmes.rays`) is at most that of the programme without
states

    maximize    G_s a_{s-1} α + Σ_{j ≥ s} G_j a_j β_j
    subject to
    frontier    (μ + ν a_{s-1}) α + Σ_j (μ + ν a_j) β_j ≤ C(μ, ν)
    trust       a_{s-1} α + a_s β_s ≥ d
                α, β ≥ 0

J − s + 2 columns. Its own prices, y of the line and λ of trust, prove y C − λ d:

===================  =============================================================================
type s solved        the line of its prices with y = 1, and their λ: the value itself
type s bounded by t  μ = −t ν, ν = B_s(t), y = 1, λ = ν (1 − t/a_s) − G_s: the bound D_s(t)
===================  =============================================================================

The bound D_s(0) = G_s max U suffices for a type who cannot be the lowest one served: then every
trusted test is below the ray of type s − 1, the one at the peak of U too, so that a lower servable
type s' is the first to accept that one, and V ≥ V_{s'} ≥ G_{s'} max U ≥ G_s max U.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.lp.alternatives import Priced
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.rational import RationalSolution

__all__ = ["rays_at_marginal", "rays_at_prices"]


@dataclass(frozen=True)
class _Line:
    """A line above the frontier: μ p + ν u ≤ C(μ, ν).

    Attributes
    ----------
    mass, height
        μ and ν.
    """

    mass: Any
    height: Any

    def limit(self, data: MenuData) -> Any:
        """C(μ, ν): what the states that gain bring together."""
        gaining = data.masses.size if self.mass > 0 else 0
        if self.height:
            gaining = int(np.searchsorted(-data.slopes, self.mass / self.height))
        return self.mass * data.shares[gaining] + self.height * data.frontier[gaining]


def _rays_below(data: MenuData, s: int, line: _Line, trust: Any) -> Priced:
    """The programme below a line, with price 1 of the line and a price of trust."""
    below = data.slack_below(s)
    slack = np.concatenate([[below], data.slack[s:]])
    weights = np.concatenate([data.tail[s : s + 1], data.tail[s:]])
    builder = LPBuilder(np.dtype(object))
    rays = builder.columns("rays", slack.shape, objective=weights * slack)
    frontier = builder.rows("frontier", (1,), "<=", line.limit(data))
    builder.entries(frontier, rays, line.mass + line.height * slack)
    builder.entries(builder.rows("trust", (1,), ">=", data.required), rays[:2], slack[:2])
    return Priced(builder.build_rational(offset=Fraction(0)), (Fraction(1), -trust))


def rays_at_prices(data: MenuData, s: int, solution: RationalSolution) -> Priced:
    """The programme that proves the value of type s, from the prices of its ray programme."""
    mass, height, trust = (solution.duals(name).item() for name in ("mass", "height", "trust"))
    return _rays_below(data, s, _Line(mass, height), -trust)


def rays_at_marginal(data: MenuData, s: int, t: Fraction) -> Priced:
    """The programme that proves D_s(t), for a t ≤ 0."""
    a = data.slack[s:]
    height = max(data.tail[s:] * a / (a - t))
    trust = height * (1 - t / a[0]) - data.tail[s]
    return _rays_below(data, s, _Line(-t * height, height), trust)
