r"""Prices: the limits of price discrimination, and the least revenue of a posted price.

**Price discrimination** (Bergemann, Brooks and Morris 2015). A seller who learns something of the
buyer's value v and then names a price can be given any pair of surpluses (consumer's, producer's)
in the triangle with corners (w − π, π), (0, w), (0, π): π is his profit from the best uniform
price, w = E[v] the whole surplus.

**A posted price** p for an object that goes to a random one of those who accept; values are common.
Revenue is least if nobody accepts as often as possible. Who refuses must be willing to, that is

    Σ_ω x(0, ω) (p − v_ω)  ≥  0

where others who accept change nothing for the better, so that Pr(nobody accepts) is at most the
knapsack of probabilities ψ(ω) and gains p − v_ω; where they accept, all do. The value does not
depend on the number of buyers.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Numbers, written
from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.core.exact import nearest
from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.theorems.bm.shares import most_acting

__all__ = ["posted_price", "surplus_triangle"]

LEAST = (
    "Bergemann, Brooks and Morris, First-Price Auctions with General Information Structures, "
    "Econometrica 2017 (its method; the posted price is ours)"
)

Corner = tuple[Fraction, Fraction]


def surplus_triangle(values: Numbers, prior: Numbers) -> tuple[Corner, Corner, Corner]:
    """Corners of the set of surpluses (consumer's, producer's) of a market.

    Parameters
    ----------
    values
        The buyer's values, positive, shape ``(K,)``.
    prior
        Their probabilities, shape ``(K,)``.

    Returns
    -------
    tuple
        (w − π, π), (0, w), (0, π).

    Raises
    ------
    PayoffError, PriorError
        For what are no positive values, or no probabilities of as many.

    Examples
    --------
    >>> from persuasion_lp import theorems
    >>> theorems.bm.surplus_triangle([1, 2, 3], ["1/3", "1/3", "1/3"])[0]
    (Fraction(2, 3), Fraction(4, 3))
    """
    worth = written("values", values, PayoffError)
    chances = written("prior", prior, PriorError)
    if worth.floats.ndim != 1 or not worth.floats.size or (worth.floats <= 0).any():
        rule = "must be a list of positive numbers"
        raise PayoffError("values", rule, value=worth.floats.tolist())
    if chances.floats.shape != worth.floats.shape or (chances.floats < 0).any():
        rule = f"must be {worth.floats.size} probabilities, one for each value"
        raise PriorError("prior", rule, value=chances.floats.tolist())
    listed, weights = worth.rationals(), chances.rationals()
    if sum(weights) != 1:
        raise PriorError("prior", "must sum to 1 exactly", value=float(sum(weights)))
    whole: Fraction = sum(listed * weights, Fraction(0))
    profit: Fraction = max(p * sum(weights[listed >= p], Fraction(0)) for p in listed)
    return (whole - profit, profit), (Fraction(0), whole), (Fraction(0), profit)


def posted_price(game: AnonymousGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """The least revenue of a posted price over Bayes correlated equilibria: of ``sense="min"``.

    Parameters
    ----------
    game
        Action 1 accepts: u(1, k, ω) = (v_ω − p)/(k + 1), u(0) = 0; the objective is p if anybody
        accepts.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> from persuasion_lp import AnonymousGame, solve, theorems
    >>> buyers = AnonymousGame.from_rule(
    ...     2, ["1/5"] * 5, lambda a, k, s: a * F(s - 1, 4) / (k + 1), lambda k: F(k > 0, 4)
    ... )
    >>> theorems.bm.posted_price(buyers).value
    0.1
    >>> solve(buyers, "bce", sense="min", exact=True).value
    Fraction(1, 10)
    """
    must_be("game", game, AnonymousGame)
    grant("posted price", {"two actions": game.actions == 2}, ())
    n, states = game.players, np.arange(game.states)[:, None]
    number = np.arange(n)
    others = np.stack([n - 1 - number, number], axis=-1)
    refuse, accept = (game.utility_at(a, others, states, exact=True) for a in (0, 1))
    margin = accept[:, 0]
    divided = np.array([Fraction(1, k + 1) for k in range(n)], dtype=object)
    acting = np.arange(n + 1)
    paid = game.objective_at(np.stack([n - acting, acting], axis=-1), states, exact=True)
    price = paid[0, -1]
    hypotheses = {
        "two actions": True,
        "who refuses gets nothing": bool((refuse == 0).all()),
        "a random acceptor gets the object": bool((accept == margin[:, None] * divided).all()),
        "the objective is the price if anybody accepts": bool(
            (paid[:, 0] == 0).all() and (paid[:, 1:] == price).all() and price > 0
        ),
    }
    grant("posted price", hypotheses, assume)
    nobody = most_acting(zip(game.written_prior, -margin, strict=True))
    return ClosedForm(
        name="posted price",
        value=nearest(price * (sum(game.written_prior) - nobody)),
        claims={"bce": "=="},
        conditions=hypotheses,
        source=LEAST,
        scale=game.at_stake,
    )
