r"""The investment game: players who are alike act or stay out (Bergemann and Morris 2016, 2019).

With g(k, ω) = u(1, k, ω) − u(0, k, ω) the gain from acting when k others act, and the share of
players who act as the objective, *acting* is obedient if Σ (k/n) x(k, ω) g(k − 1, ω) ≥ 0. Of this
constraint alone the optimum is a knapsack: in state ω a share y costs −ĥ_ω(y) with ĥ_ω the concave
envelope of h_ω(k/n) = (k/n) g(k − 1, ω), so the segments of the envelopes are taken in the order of
their slopes. That bounds the Bayes correlated equilibria, and is their value if staying out is
obedient there too.

*Complements.* If g rises in k, h_ω is convex, ĥ_ω is the line to (1, g(n − 1, ω)), and all act or
nobody does. Where not all act g(n − 1, ω) < 0, hence g(0, ω) < 0, so that staying out is obedient;
and all is public. *The worst equilibrium* of such a game with a state in which acting is dominant
asks for Σ_ω Σ_k stop(k, ω) Φ(k, ω) ≥ 0, Φ(k, ω) = Σ_{j<k} g(j, ω), the potential. It is convex in
k, so the same argument gives the knapsack with Φ(n, ω)/n in the place of g(n − 1, ω).
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import pairwise

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.core.exact import nearest
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.theorems.bm.shares import most_acting

__all__ = ["investment", "worst_equilibrium"]

SOURCE = "Bergemann and Morris, Information Design: A Unified Perspective, JEL 2019, §2 to §4"
WORST = (
    "Morris, Oyama and Takahashi, Implementation via Information Design in Binary-Action "
    "Supermodular Games, Econometrica 2024"
)


def investment(game: AnonymousGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """The greatest share of players who act in a Bayes correlated equilibrium.

    Parameters
    ----------
    game
        Two actions, the share who take action 1 as the objective.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.

    Examples
    --------
    Three firms; investing pays 3/10 in good times, −1 in bad ones, and 1/20 less for each other
    investor:

    >>> from fractions import Fraction as F
    >>> from persuasion_lp import AnonymousGame, theorems
    >>> def utility(action, others, state):
    ...     return action * ((F(3, 10), F(-1))[state] - F(others, 20))
    >>> rivals = AnonymousGame.from_rule(3, ["1/2", "1/2"], utility, lambda k: F(k, 3))
    >>> theorems.bm.investment(rivals).value
    0.6
    """
    gains, complements, hypotheses = _read(game)
    n, prior = game.players, game.written_prior
    pieces = []
    for weight, row in zip(prior, gains, strict=True):
        worth = _worth(row, n)
        for low, high in _corners(worth):
            share = Fraction(high - low, n)
            pieces.append((weight * share, (worth[high] - worth[low]) / share, weight, low, high))
    value = most_acting((share, slope) for share, slope, *_ in pieces)
    stay = _staying(pieces, gains, prior, n)
    hypotheses["staying out is obedient where acting just is"] = stay
    grant("investment game", hypotheses, assume)
    claims = {"bce": "==", "public": "==" if complements else "<="}
    return ClosedForm(
        name="investment game",
        value=nearest(value),
        claims=claims,  # type: ignore[arg-type]
        conditions={**hypotheses, "complements": complements},
        source=SOURCE,
        scale=game.at_stake,
    )


def worst_equilibrium(game: AnonymousGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """The greatest share who act in the worst equilibrium, as a supremum.

    Parameters
    ----------
    game
        Two actions that are complements, the share who take action 1 as the objective, a state in
        which acting is dominant.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.

    Examples
    --------
    >>> from fractions import Fraction as F
    >>> from persuasion_lp import AnonymousGame, theorems
    >>> def utility(action, others, state):
    ...     return action * ((F(3, 10), F(-1))[state] + F(others, 10))
    >>> firms = AnonymousGame.from_rule(2, ["1/2", "1/2"], utility, lambda k: F(k, 2))
    >>> round(theorems.bm.worst_equilibrium(firms).value, 12) == round(13 / 19, 12)
    True
    """
    gains, complements, hypotheses = _read(game)
    possible = game.written_prior > 0
    hypotheses["complements"] = complements
    hypotheses["acting is dominant in some state"] = bool((gains[possible, 0] > 0).any())
    grant("worst equilibrium", hypotheses, assume)
    n = game.players
    value = most_acting(
        (weight, sum(row, Fraction(0)) / n)
        for weight, row in zip(game.written_prior, gains, strict=True)
    )
    return ClosedForm(
        name="worst equilibrium",
        value=nearest(value),
        claims={"adversarial": "==", "bce": ">="},
        conditions=hypotheses,
        source=WORST,
        scale=game.at_stake,
    )


def _read(game: AnonymousGame) -> tuple[Rationals, bool, dict[str, bool]]:
    """G by state and number of others, whether it rises, and the hypotheses of all theorems."""
    must_be("game", game, AnonymousGame)
    two = game.actions == 2
    if not two:
        grant("investment game", {"two actions": False}, ())
    n, states = game.players, np.arange(game.states)[:, None]
    number = np.arange(n)
    others = np.stack([n - 1 - number, number], axis=-1)
    gains = game.utility_at(1, others, states, exact=True) - game.utility_at(
        0, others, states, exact=True
    )
    acting = np.arange(n + 1)
    counts = np.stack([n - acting, acting], axis=-1)
    paid = game.objective_at(counts, states, exact=True)
    share = bool((paid == np.array([Fraction(int(k), n) for k in acting], dtype=object)).all())
    rises = bool((np.diff(gains, axis=1) >= 0).all()) if n > 1 else True
    return gains, rises, {"two actions": two, "the objective is the share who act": share}


def _corners(worth: list[Fraction]) -> list[tuple[int, int]]:
    """Segments of the concave envelope of values at 0 … n."""
    kept: list[int] = []
    for k in range(len(worth)):
        while len(kept) > 1:
            i, j = kept[-2:]
            if (worth[j] - worth[i]) * (k - i) > (worth[k] - worth[i]) * (j - i):
                break
            kept.pop()
        kept.append(k)
    return list(pairwise(kept))


def _staying(
    pieces: list[tuple[Fraction, Fraction, Fraction, int, int]],
    gains: Rationals,
    prior: Rationals,
    n: int,
) -> bool:
    """Whether those who stay out at the optimum of the knapsack do so gladly."""
    left, ends = Fraction(0), []
    reached = {k: (0, 0, Fraction(0)) for k in range(len(prior))}
    places = [k for k, row in enumerate(gains) for _ in _corners(_worth(row, n))]
    order = sorted(range(len(pieces)), key=lambda j: -pieces[j][1])
    for j in order:
        share, slope, _, low, high = pieces[j]
        taken = share if slope >= 0 or not share else min(share, left / -slope)
        left += taken * slope
        if taken:
            reached[places[j]] = (low, high, taken / share)
    for k, (low, high, part) in reached.items():
        for count, chance in ((low, 1 - part), (high, part)):
            if count < n:
                ends.append(prior[k] * chance * Fraction(n - count, n) * -gains[k, count])
    return sum(ends, Fraction(0)) >= 0


def _worth(row: Rationals, n: int) -> list[Fraction]:
    return [Fraction(k, n) * row[k - 1] if k else Fraction(0) for k in range(n + 1)]
