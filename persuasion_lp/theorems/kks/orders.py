r"""KKS §5 and §6.1: when a fixed order pays first best, and which.

With x_i^L ≤ x_i ≤ x_i^R the concavification points of f_i around the prior, Δ_i^L = x_i − x_i^L and
Δ_i^R = x_i^R − x_i. A fixed order pays first best

=============  ===============================================================================
Prop. 1        perfectly correlated states: if and only if some order sorts both Δ^L and Δ^R
§5.2, first    positively correlated states: if some order sorts both
§5.2, second   any correlation: if each receiver is closer than the next on both sides,
               max(Δ_i^L, Δ_i^R) ≤ min(Δ_j^L, Δ_j^R)
Corollary 1    positively correlated states, accept or reject: in the order of Δ^R
=============  ===============================================================================

Where an order pays first best the closed form has the experiment that does
(:mod:`~persuasion_lp.theorems.kks.nested`).

Two corrections to the paper, both found with :func:`persuasion_lp.theorems.search`.

* §5.2 and Corollary 1 are stated for any n, but hold for imperfect correlation only when n = 2: a
  signal on one state changes how the other two are correlated, and in what order they should be
  persuaded. With the states HHH, HLL, LHL, LLH of probabilities 2/5, 1/5, 1/5, 1/5 all pairs are
  positively correlated; with three cutoffs of 9/10 the best order pays 161/81, first best is 2.
* §5.2 asks, for any correlation, that Δ_i^R < Δ_j^R imply Δ_i^L < Δ_j^L and Δ_i^R < Δ_j^L. It also
  takes Δ_i^L ≤ Δ_j^R, for moving x_i down moves a negatively correlated x_j up; and a tie
  Δ_i^R = Δ_j^R does not excuse from the other inequalities (Example 1).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.theorems.kks.envelopes import Concavification, concavification
from persuasion_lp.theorems.kks.games import (
    PAPER,
    first_best_value,
    own_priors,
    positively_correlated,
)
from persuasion_lp.theorems.kks.nested import nested_procedure

__all__ = [
    "corollary_1",
    "proposition_1",
    "section_5_2_any_correlation",
    "section_5_2_positive_correlation",
]


def proposition_1(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """Perfect correlation: a fixed order pays first best iff one order sorts Δ^L and Δ^R.

    Parameters
    ----------
    game
        With additive payoffs, all receivers about the same binary state.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses. Where the orders differ, the statement needs concavification points
        that are unique, which the paper assumes generically.
    """
    around, left, right = _distances(game)
    nested = _sorted_alike(left, right)
    hypotheses = {
        "additive payoffs": game.additive,
        "binary states": game.binary,
        "perfectly correlated states": _perfectly_correlated(game),
        "unique concavification points, where the orders differ": nested
        or all(points.unique for points in around),
    }
    grant("KKS Proposition 1", hypotheses, assume)
    order = _nearest_first(left, right) if nested else None
    return ClosedForm(
        name="KKS Proposition 1",
        value=first_best_value(game),
        claims={"sequential": "==" if nested else "<"},
        conditions={**hypotheses, "one order sorts Δ^L and Δ^R": nested},
        source=f"{PAPER}, Proposition 1",
        scale=game.payoff_scale,
        order=order,
        experiment=None if order is None else nested_procedure(game, order),
    )


def section_5_2_positive_correlation(
    game: PersuasionGame, *, assume: Collection[str] = ()
) -> ClosedForm:
    """Positive correlation and one order that sorts Δ^L and Δ^R: that order pays first best.

    Parameters
    ----------
    game
        With additive payoffs, receivers about binary states.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses, among them at most two receivers if correlation is imperfect.
    """
    _, left, right = _distances(game)
    hypotheses = {
        "additive payoffs": game.additive,
        "binary states": game.binary,
        "positively correlated states": positively_correlated(game),
        "one order sorts Δ^L and Δ^R": _sorted_alike(left, right),
        "two receivers, or perfect correlation": game.n <= 2 or _perfectly_correlated(game),
    }
    grant("KKS §5.2 for positive correlation", hypotheses, assume)
    return _pays_first_best(
        "KKS §5.2 for positive correlation", game, hypotheses, _nearest_first(left, right)
    )


def section_5_2_any_correlation(
    game: PersuasionGame, *, assume: Collection[str] = ()
) -> ClosedForm:
    """Any correlation, one receiver closer than the other on both sides: first best, nearest first.

    Parameters
    ----------
    game
        With additive payoffs, at most two receivers about binary states.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    """
    _, left, right = _distances(game)
    order = list(_nearest_first(left, right))
    one, other = order[:-1], order[1:]
    hypotheses = {
        "additive payoffs": game.additive,
        "binary states": game.binary,
        "Δ_i^R ≤ Δ_j^R and Δ_i^L ≤ Δ_j^L": _at_most(right[one], right[other])
        and _at_most(left[one], left[other]),
        "Δ_i^R ≤ Δ_j^L": _at_most(right[one], left[other]),
        "Δ_i^L ≤ Δ_j^R": _at_most(left[one], right[other]),
        "two receivers": game.n <= 2,
    }
    grant("KKS §5.2 for any correlation", hypotheses, assume)
    return _pays_first_best("KKS §5.2 for any correlation", game, hypotheses, tuple(order))


def corollary_1(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """Aligned receivers who accept or reject: the order of Δ^R pays first best.

    Parameters
    ----------
    game
        With additive payoffs; every receiver accepts (action 1) at ω_i = H, for a constant gain.
    assume
        Hypotheses to take for granted.

    Raises
    ------
    HypothesisError
        Outside its hypotheses, among them at most two receivers if correlation is imperfect.
    """
    right = _distances(game)[2]
    gains = [receiver.payoffs[-1] - receiver.payoffs[0] for receiver in game.receivers]
    hypotheses = {
        "additive payoffs": game.additive,
        "binary states": game.binary,
        "accept or reject, for a constant gain": all(
            receiver.action_count == 2
            and np.ptp(gain) == 0
            and gain[0] > 0
            and receiver.obeys(np.array([0.0, 1.0]))[1]
            for receiver, gain in zip(game.receivers, gains, strict=True)
        ),
        "positively correlated states": positively_correlated(game),
        "two receivers, or perfect correlation": game.n <= 2 or _perfectly_correlated(game),
    }
    grant("KKS Corollary 1", hypotheses, assume)
    order = _nearest_first(0 * right, right)
    return _pays_first_best("KKS Corollary 1", game, hypotheses, order)


def _pays_first_best(
    name: str, game: PersuasionGame, hypotheses: dict[str, bool], order: tuple[int, ...]
) -> ClosedForm:
    return ClosedForm(
        name=name,
        value=first_best_value(game),
        claims={"sequential": "==", "intermediate": "==", "flexible": "=="},
        conditions=hypotheses,
        source=f"{PAPER}, {name.removeprefix('KKS ')}",
        scale=game.payoff_scale,
        order=order,
        experiment=nested_procedure(game, order),
    )


def _distances(game: PersuasionGame) -> tuple[list[Concavification], Rationals, Rationals]:
    """Concavification points of every receiver, and Δ^L and Δ^R, as written."""
    must_be("game", game, PersuasionGame)
    beliefs = [x[1] for x in own_priors(game)]
    around = [concavification(r, x) for r, x in zip(game.receivers, beliefs, strict=True)]
    left = np.array([x - p.left for x, p in zip(beliefs, around, strict=True)], dtype=object)
    right = np.array([p.right - x for x, p in zip(beliefs, around, strict=True)], dtype=object)
    return around, left, right


def _sorted_alike(left: Rationals, right: Rationals) -> bool:
    return not ((left[:, None] < left) & (right[:, None] > right)).any()


def _nearest_first(left: Rationals, right: Rationals) -> tuple[int, ...]:
    """The order that sorts both, if there is one; ties by number."""
    return tuple(int(i) for i in np.argsort(left + right, kind="stable"))


def _at_most(low: Rationals, high: Rationals) -> bool:
    return bool((low <= high).all())


def _perfectly_correlated(game: PersuasionGame) -> bool:
    return all((own == game.own_states[0])[game.support].all() for own in game.own_states)
