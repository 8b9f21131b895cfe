r"""What a menu really pays: its tests made feasible and trusted exactly, every type free to choose.

A chain that a programme found is right up to whatever error it made. It is taken apart into the
slopes m_l = Δu_l / Δp_l of its steps, and put together again so that everything holds exactly:

    choice        from type j on a step is taken if m_l ≤ a_j. A slope that is a_j up to the error
                  is made a_j, one above it is lowered; the types then choose for themselves, on the
                  convex hull of the points (0, 0), (p_l, u_l), ties as the manager likes.
    trust         the first step is cut at the point D = (d/m_1, d) at which it becomes trusted.
    feasibility   from D on everything is scaled by the one factor with which the chain ends on the
                  frontier; the points before are below it, as slopes along the chain increase and
                  those of U fall. Scaling up can only bring more.

A test with d ≤ u ≤ U(p) can be run and is trusted (LX, Lemmas 1 and 3; the bound on u from below
follows from u ≥ d).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.families.menus.programmes.data import Step

__all__ = ["Frontier", "Menu", "Offer", "Point", "Takers", "paid", "repaired"]

_ZERO = Fraction(0)
_ONE = Fraction(1)

NOISE = 1e-14
"""A step that proposes less than this share of the menu's proposals is rounding."""

Point = tuple[Fraction, Fraction]
"""Probability of a proposal p and surplus u = p (q − w)."""


class Takers(Protocol):
    """How many types accept: exactly, or at least, where their distribution has an error."""

    def share(self, slope: Fraction) -> Fraction:
        """Pr(a ≥ slope), rounded down."""


class Frontier(Protocol):
    """What tests can be run: exactly, or a part of them, where a distribution has an error."""

    @property
    def required(self) -> Fraction:
        """D."""

    def at(self, p: Fraction) -> Fraction:
        """U(p), rounded down."""

    def reach(self, base: Point, step: Point) -> Fraction:
        """Largest λ at which base + λ step is feasible, rounded down."""


@dataclass(frozen=True)
class Offer:
    """A test by its exact numbers.

    Attributes
    ----------
    p, u
        Probability of a proposal, and the manager's surplus p (q − w).
    slope
        Least slack a = (x − 1) w at which a type takes it rather than one that proposes less.
    """

    p: Fraction
    u: Fraction
    slope: Fraction


@dataclass(frozen=True, eq=False)
class Menu(ReadOnly):
    """Tests by increasing p, those nobody takes left out, and what they pay when types choose.

    Attributes
    ----------
    offers
        The tests.
    payoff
        The manager's expected payoff, rounded down where shares of types are.
    """

    offers: tuple[Offer, ...]
    payoff: Fraction


def paid(points: Sequence[Point], takers: Takers) -> Menu:
    """Let every type choose among tests that are feasible and trusted, or none."""
    hull: list[Offer] = [Offer(_ZERO, _ZERO, _ZERO)]
    for p, u in sorted(points):
        if p <= hull[-1].p:
            continue
        while True:
            slope = (u - hull[-1].u) / (p - hull[-1].p)
            if len(hull) == 1 or slope > hull[-1].slope:
                break
            hull.pop()
        hull.append(Offer(p, u, slope))
    payoff = _ZERO
    shares = [takers.share(offer.slope) for offer in hull[1:]]
    offers: list[Offer] = []
    kept = hull[0]
    for k, (offer, share) in enumerate(zip(hull[1:], shares, strict=True)):
        if not share:
            break
        if k + 1 == len(shares) or shares[k + 1] < share:
            payoff += share * (offer.u - kept.u)
            kept = Offer(offer.p, offer.u, (offer.u - kept.u) / (offer.p - kept.p))
            offers.append(kept)
    return Menu(tuple(offers), payoff)


def repaired(
    steps: Sequence[Step],
    slack: Callable[[int], Fraction],
    frontier: Frontier,
    error: float,
) -> list[Point]:
    """The points of a chain, feasible and trusted; none if there is no such chain.

    Parameters
    ----------
    steps
        The chain.
    slack
        a_j.
    frontier
        What is feasible.
    error
        Relative error of the steps' slopes.
    """
    parts = _parts(steps, slack, error)
    if not parts:
        return []
    lowered = [(along, slope * (1 - Fraction(error))) for along, slope in parts]
    return _from_trust(parts, frontier, error) or _from_trust(lowered, frontier, error)


def _from_trust(
    parts: Sequence[tuple[Fraction, Fraction]], frontier: Frontier, error: float
) -> list[Point]:
    """The points of a chain with these increments and slopes, cut at D and scaled from there on.

    None if D, or all beyond it, is above the frontier: as it may be by rounding, where the chain
    runs along the frontier.
    """
    rest, d = list(parts), frontier.required
    base = (_ZERO, _ZERO)
    if d:
        along, slope = rest[0]
        if slope < d * (1 - Fraction(error)):
            return []
        slope = max(slope, d)
        base = (d / slope, d)
        if d > frontier.at(base[0]):
            return []
        rest[0] = (max(along - base[0], _ZERO), slope)
        if not any(along for along, _ in rest):
            rest[0] = (_ONE, slope)
    step: Point = (
        sum((along for along, _ in rest), _ZERO),
        sum((along * slope for along, slope in rest), _ZERO),
    )
    scale = frontier.reach(base, step)
    points = [base] if d and not scale * rest[0][0] else []
    p, u = base
    for along, slope in rest:
        if scale * along:
            p, u = p + scale * along, u + scale * along * slope
            points.append((p, u))
    return points


def _parts(
    steps: Sequence[Step], slack: Callable[[int], Fraction], error: float
) -> list[tuple[Fraction, Fraction]]:
    """Increments Δp of a chain with slopes that the types from each step on accept."""
    parts: list[tuple[Fraction, Fraction]] = []
    p, u = 0.0, 0.0
    least = NOISE * (steps[-1].p if steps else 0.0)
    for step in steps:
        along, up = step.p - p, step.u - u
        if along <= least:
            continue
        own = slack(step.first)
        blurred = error * max(1.0, step.p / along)
        slope = own
        if up < float(own) * along * (1.0 - blurred):
            slope = max(Fraction(up) / Fraction(along), _ZERO)
        parts.append((Fraction(along), slope))
        p, u = step.p, step.u
    return parts
