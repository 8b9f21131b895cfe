"""What is recomputed from the answer to a posterior-mean game."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.families.means.pooling import excess_between
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import PriceFunction
from persuasion_lp.families.means.proof.measure import ULP
from persuasion_lp.families.means.proof.repair import Paid
from persuasion_lp.families.means.result import MeansCertificate, PriceCheck
from persuasion_lp.families.means.rounds import Solved
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.primitives.states import StateGrid

__all__ = ["certified", "price_check"]

PRICE_ROUNDING = 32 * ULP
"""Of the value of a price function, relative to its largest."""


def certified(
    game: PosteriorMeanGame,
    low: Solved,
    high: Solved,
    paid: Paid,
    room: tuple[Floats, Floats],
    *,
    upper: float,
    tried: float,
    route: Literal["float", "exact"],
) -> MeansCertificate:
    """The certificate of an experiment and a bound.

    Parameters
    ----------
    game
        The game.
    low, high
        The programmes from which experiment and price function are; the same for finitely many
        states.
    paid, room
        The experiment, and :func:`~persuasion_lp.families.means.pooling.spread_room` of its means.
    upper, tried
        The bound over all means, infinite where there is none, and that over the means tried.
    route
        How they were found.
    """
    slack, most = room
    inner = most > 0
    bound = max(tried + high.excess, paid.lower) if upper == math.inf else upper
    return MeansCertificate(
        lp=_worse(low.certificate, high.certificate),
        price=price_check(game, low.price, high, paid),
        spread_residual=float(np.max(-slack[inner] / most[inner], initial=0.0)),
        value=paid.value,
        upper=bound,
        width=tried - paid.lower if isinstance(game.prior, StateGrid) else None,
        scale=paid.size,
        route=route,
    )


def price_check(
    game: PosteriorMeanGame, own: PriceFunction, high: Solved, paid: Paid
) -> PriceCheck:
    """Dworczak and Martini's conditions; ``own`` is the price function of the experiment's grid.

    The values of a price function come from sums of which the largest terms are as large as its
    largest value: what is within the rounding of that is no violation.
    """
    price = high.price
    gaps, size = np.diff(price.knots), np.abs(price.values)
    rounding = PRICE_ROUNDING * float(size.max())
    terms = (size[:-1] + size[1:]) / gaps
    steep = 2 * rounding / gaps
    points = high.tried
    if game.breakpoints is None:
        points = np.concatenate([points, excess_between(game, price, points)[0]])
    payoffs, prices = game.values(points), price(points)
    over = payoffs - prices - high.excess - rounding
    held, weights = own(paid.means), paid.probabilities
    apart = weights @ np.abs(held - paid.payoffs)
    missed = abs(price.integral(high.grid) - high.value)
    return PriceCheck(
        convexity=_largest(-np.diff(price.slopes) - steep[:-1] - steep[1:], terms[:-1] + terms[1:]),
        excess=_largest(over, np.abs(payoffs) + np.abs(prices)),
        touching=_largest(np.array([apart]), weights @ (np.abs(held) + np.abs(paid.payoffs))),
        integral=_largest(np.array([missed]), high.grid.masses @ np.abs(price(high.grid.states))),
    )


def _largest(found: Floats, terms: Floats) -> float:
    """Largest of what is found, relative to its terms; 0 where there are none."""
    share = np.divide(found, terms, out=np.zeros_like(found), where=terms > 0)
    return float(np.max(share, initial=0.0))


def _worse(one: LPCertificate | None, other: LPCertificate | None) -> LPCertificate | None:
    return other if one is None or one.ok else one
