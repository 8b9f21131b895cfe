r"""Cheap talk with transparent motives: the quasiconcave envelope (Lipnowski and Ravid 2020).

The sender's payoff depends on actions only. With v(μ) her payoff from the actions that she likes
best among those taken at the belief μ, cheap talk earns at the prior x over two states

    qcav v (x)  =  min { max_{y ≤ x} v(y),  max_{z ≥ x} v(z) },

the lowest function above v without a dip. Commitment earns cav v ≥ qcav v.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.core.exact import nearest
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["cheap_talk"]

SOURCE = "Lipnowski and Ravid, Cheap Talk with Transparent Motives, Econometrica 2020"


def cheap_talk(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """What one public message earns a sender who cannot commit (Theorem 2).

    Parameters
    ----------
    game
        Receivers about one common state with two values, additive payoffs.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.

    Examples
    --------
    >>> from persuasion_lp import catalog, theorems
    >>> theorems.lr.cheap_talk(catalog.get("lipnowski-ravid-think-tank").problem()).value
    1.0
    """
    must_be("game", game, PersuasionGame)
    flat = all((r.payoffs == r.payoffs[:, :1]).all() for r in game.receivers)
    hypotheses = {
        "one common state with two values": game.prior.shape == (2,),
        "additive payoffs": game.additive,
        "actions only matter to the sender": bool(flat),
        "convex acceptance": all(receiver.convex for receiver in game.receivers),
    }
    grant("LR Theorem 2", hypotheses, assume)
    x = Fraction(game.written_numbers.prior[1]) / sum(game.written_numbers.prior)
    places = _places(game, x)
    worth = {mu: _favoured(game, mu) for mu in places}
    below = max(worth[mu] for mu in places if mu <= x)
    above = max(worth[mu] for mu in places if mu >= x)
    return ClosedForm(
        name="LR Theorem 2",
        value=nearest(min(below, above)),
        claims={"cheap talk": "==", "simultaneous": ">="},
        conditions=hypotheses,
        source=f"{SOURCE}, Theorem 2",
        scale=game.payoff_scale,
    )


def _places(game: PersuasionGame, x: Fraction) -> Sequence[Fraction]:
    """Beliefs at which somebody is indifferent, those between, and 0, x, 1."""
    found = {Fraction(0), x, Fraction(1)}
    for i, cones in enumerate(game.written_numbers.cones):
        for cone in cones:
            for low, high in cone[:, game.own_states[i]]:
                if low != high and 0 <= low / (low - high) <= 1:
                    found.add(low / (low - high))
    listed = sorted(found)
    return [*listed, *((a + b) / 2 for a, b in pairwise(listed))]


def _favoured(game: PersuasionGame, mu: Fraction) -> Fraction:
    """v(μ)."""
    belief = np.array([1 - mu, mu], dtype=object)
    total = Fraction(0)
    for i, (cones, payoffs) in enumerate(
        zip(game.written_numbers.cones, game.written_numbers.payoffs, strict=True)
    ):
        own = game.own_states[i]
        willing = [a for a, cone in enumerate(cones) if (cone[:, own] @ belief >= 0).all()]
        total += max(payoffs[a, 0] for a in willing)
    return total
