"""The optimal chain of tests with a given lowest served type, in closed form, and its prices.

See the module of the programme in rays, whose dual solution is one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, ReadOnly
from persuasion_lp.families.menus.problem import OPTIMISM_TOLERANCE
from persuasion_lp.families.menus.programmes.data import Chain, MenuData, Step

__all__ = [
    "BREAKPOINT_NOISE",
    "CLOSED_FORM_GAP",
    "RayPrices",
    "best_rays",
    "expected_surplus",
    "meeting",
]

CLOSED_FORM_GAP = 1e-13
"""A bound this close to the best value, relative to the scale of surpluses, is rounding."""

BREAKPOINT_NOISE = 1e-13
"""A chain that ends this close to a breakpoint of the frontier ends there: rounding of its sum."""


@dataclass(frozen=True)
class RayPrices(ReadOnly):
    """Dual solution of the ray programme.

    Attributes
    ----------
    marginal
        t, surplus of the marginal state.
    mass, height, trust
        μ, ν and λ: gains from a unit more of proposals for free, of surplus, and from a unit less
        of required surplus.
    bound
        The bound that they prove on the value with this lowest served type.
    """

    marginal: float
    mass: float
    height: float
    trust: float
    bound: float


def best_rays(data: MenuData, s: int) -> tuple[Chain, RayPrices] | None:
    """Optimal chain with lowest served type s, and prices that prove it.

    ``None`` if s cannot be the lowest served type: any test that is trusted and that he accepts is
    also accepted by the type below, whose ray is beyond the frontier where it becomes trusted.
    """
    start = min(data.required / float(data.slack[s]), 1.0)
    hull = data.hull(s)
    found = [_pooling(data, s)]
    if data.frontier_at(start) >= data.required * (1 - CLOSED_FORM_GAP):
        found.append(_above(data, s, start, hull))
    chains = [chain for chain in found if chain is not None]
    if not chains:
        return None
    best = max(chains, key=lambda chain: chain.value(data))
    return best, _prices(data, s, best.steps[-1].p if best.steps else 0.0, hull)


def _pooling(data: MenuData, s: int) -> Chain | None:
    """Best single test below ray s, if one is trusted."""
    d = data.required
    at_least = float(meeting(data, data.slack[s : s + 1], 0.0, 0.0)[0])
    below = data.slack_below(s)
    at_most = 1.0
    if below > d * (1 + OPTIMISM_TOLERANCE):
        at_most = float(meeting(data, np.array([below]), 0.0, 0.0)[0])
    p = min(max(float(data.shares[data.peak]), at_least), max(at_most, at_least))
    u = data.frontier_at(p)
    if p <= 0 or u < d * (1 - CLOSED_FORM_GAP):
        return None
    return Chain(s, (Step(s, p, min(u, float(data.slack[s]) * p)),))


def _above(data: MenuData, s: int, start: float, hull: np.ndarray) -> Chain:
    """Best chain that goes up ray s to the first trusted point and on along the hull."""
    d = data.required
    a, h = data.slack[hull], (data.tail * data.slack)[hull]
    first = int(np.searchsorted(data.shares, start))
    ends = np.concatenate([[start], data.shares[first:], meeting(data, a, start, d)])
    length = ends - start
    height = np.interp(ends, data.shares, data.frontier) - d
    at_least = height >= a[0] * length * (1 - CLOSED_FORM_GAP)
    at_least[0] = True
    length, height = length[at_least], np.maximum(height[at_least], 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(length > 0, height / length, 0.0)
    upper = np.clip(np.searchsorted(a, slope), 1, max(a.size - 1, 1))
    upper = np.minimum(upper, a.size - 1)
    lower = np.maximum(upper - 1, 0)
    gap = a[upper] - a[lower]
    share = np.divide(slope - a[lower], gap, out=np.ones_like(slope), where=gap > 0)
    on_upper = np.clip(share, 0.0, 1.0) * length
    worth = h[lower] * (length - on_upper) + h[upper] * on_upper
    best = int(np.argmax(worth))
    parts = [(s, start, d)]
    for vertex, mass in (
        (int(lower[best]), float(length[best] - on_upper[best])),
        (int(upper[best]), float(on_upper[best])),
    ):
        parts.append((int(hull[vertex]), mass, float(a[vertex]) * mass))
    return Chain(s, _steps(parts))


def _steps(parts: list[tuple[int, float, float]]) -> tuple[Step, ...]:
    """Cumulate (type, mass, height); parts of one type become one step, empty ones none."""
    steps: list[Step] = []
    p, u = 0.0, 0.0
    for first, mass, height in parts:
        if mass <= 0:
            continue
        p, u = min(p + mass, 1.0), u + height
        if steps and steps[-1].first == first:
            steps.pop()
        steps.append(Step(first, p, u))
    return tuple(steps)


def meeting(data: MenuData, slopes: Floats, p: float, u: float) -> Floats:
    """Where rays from a point (p, u) below the frontier leave it, by their slopes; shape as given.

    ``p`` itself for a ray that leaves at once, 1 for one that does not leave before.
    """
    first = int(np.searchsorted(data.shares, p, side="right"))
    if first >= data.shares.size:
        return np.full(slopes.shape, p)
    reach = (data.frontier[first:] - u) / (data.shares[first:] - p)
    reach = np.minimum.accumulate(reach)
    leaving = first + np.searchsorted(-reach, -slopes, side="right")
    inside = np.minimum(leaving, data.shares.size - 1)
    t = data.slopes[inside - 1]
    level = data.frontier[inside - 1] - t * data.shares[inside - 1]
    steeper = slopes > t
    meets = np.divide(level - u + slopes * p, slopes - t, out=np.ones(slopes.shape), where=steeper)
    meets = np.clip(meets, np.maximum(data.shares[inside - 1], p), data.shares[inside])
    return np.where(leaving < data.shares.size, meets, 1.0)


def _prices(data: MenuData, s: int, p: float, hull: np.ndarray) -> RayPrices:
    """Best prices among the marginal states that fit a chain ending at p."""
    a, h = data.slack[hull], (data.tail * data.slack)[hull]
    before = max(int(np.searchsorted(data.shares, p - BREAKPOINT_NOISE)) - 1, 0)
    after = int(np.searchsorted(data.shares, p + BREAKPOINT_NOISE, side="right"))
    slopes = data.slopes[before:after]
    if after > data.slopes.size:
        slopes = np.append(slopes, data.slopes[-1] - 1.0)
    edges = a[:-1] - h[:-1] * np.diff(a) / np.diff(h)
    t = np.unique(np.concatenate([[0.0], slopes, np.clip(edges, slopes[-1], slopes[0])]))
    below = data.slack_below(s)
    a_s, g_s, d = float(data.slack[s]), float(data.tail[s]), data.required
    found = []
    for marginal, call in zip(t.tolist(), expected_surplus(data, t).tolist(), strict=True):
        if marginal <= 0:
            height = float((h / (a - marginal)).max())
            trust = height * (1.0 - marginal / a_s) - g_s
            bound = g_s * d + height * (call - d * (1.0 - marginal / a_s))
        elif marginal < below * (1 - OPTIMISM_TOLERANCE):
            height = max(g_s * below / (below - marginal), float((h / (a - marginal)).max()))
            trust, bound = 0.0, height * call
        else:
            continue
        found.append(RayPrices(marginal, -marginal * height, height, max(trust, 0.0), bound))
    return min(found, key=lambda prices: prices.bound)


def expected_surplus(data: MenuData, t: NDArray[Any]) -> NDArray[Any]:
    """C(t) = Σ_k f_k (θ_k − w − t)⁺, shape of ``t``."""
    taken = np.searchsorted(-data.slopes, -t)
    return np.asarray(data.frontier[taken] - t * data.shares[taken])
