r"""One player with private information, and two actions.

If the designer knows the player's type, each type is a knapsack of its own: with
g(ω, t) = u(1, ω, t) − u(0, ω, t) and the designer's gain v from acting the same everywhere,

    bce  =  v Σ_t max { Σ_ω y_ω :  0 ≤ y_ω ≤ ψ(ω, t),  Σ_ω y_ω g(ω, t) ≥ 0 }.

Asking the player is worth no more, and telling him what each of his types is to do no more than
that; these two are worth the same where utilities are linear in type and state (Kolotilin,
Mylovanov, Zapechelnyuk and Li 2017, Theorem 1), but not in general.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction

import numpy as np

from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.core.exact import nearest
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.theorems.bm.shares import most_acting

__all__ = ["one_player"]

SOURCE = (
    "Bergemann and Morris, Bayes Correlated Equilibrium and the Comparison of Information "
    "Structures in Games, Theoretical Economics 2016, §2"
)


def one_player(game: BayesianGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """The most that a designer who knows the type of the only player can make of him.

    Parameters
    ----------
    game
        One player with two actions; the objective is 0 without action 1, and with it the same in
        every state.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.

    Examples
    --------
    A firm with a signal that is right with probability 4/5; investing pays 11/20 or −1:

    >>> from persuasion_lp import BayesianGame, theorems
    >>> prior = [["2/5", "1/10"], ["1/10", "2/5"]]
    >>> firm = BayesianGame(prior, [[[0, 0], ["11/20", -1]]], [0, 1])
    >>> theorems.bm.one_player(firm).value
    0.655
    """
    must_be("game", game, BayesianGame)
    axes = game.axes
    hypotheses = {"one player": axes.n == 1, "two actions": axes.actions[:1] == (2,)}
    grant("one player", hypotheses, ())
    cells = np.arange(axes.cells)
    out, act = (game.aim.at(a, cells, exact=True) for a in (0, 1))
    hypotheses["the objective is acting"] = bool(
        (out == 0).all() and (act == act[0]).all() and act[0] >= 0
    )
    grant("one player", hypotheses, assume)
    gains = game.payoffs[0].at(1, cells, exact=True) - game.payoffs[0].at(0, cells, exact=True)
    total = Fraction(0)
    for kind in range(axes.type_counts[0]):
        own = np.flatnonzero(axes.kinds[:, 0] == kind)
        total += most_acting(zip(game.written_prior[own], gains[own], strict=True))
    return ClosedForm(
        name="one player",
        value=nearest(act[0] * total),
        claims={"bce": "==", "public": "==", "elicited": "<=", "unelicited": "<="},
        conditions=hypotheses,
        source=SOURCE,
        scale=game.at_stake,
    )
