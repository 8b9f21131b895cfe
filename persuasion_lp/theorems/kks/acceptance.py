r"""KKS §6.3, Proposition 3: one K-valued state, receivers with nested acceptance sets.

Receiver i accepts on {μ : d_i·μ ≥ 0}. Receivers are *aligned* if these sets contain the same
extreme beliefs, *nested* if receiver 1's contains receiver 2's and so on, *strictly* if no two of
the boundaries {d_i·μ = 0} meet. Such a boundary is spanned by the extreme beliefs with d_k = 0 and,
on each edge between k with d_k > 0 and l with d_l < 0, the belief at which d·μ = 0; so everything
is decided on finitely many beliefs.

If the prior is fully mixed and outside every set, (1) the best order beats one public signal, and
(2) the nesting order is optimal. (3) says that generically it misses first best. More exactly, it
*pays* first best if and only if the measures m_i on which the receivers accept in first best can be
chosen nested, m_1 ≥ m_2 ≥ …:

* if they are, recommend acceptance to receiver 1 on m_1, to receiver 2 on the part m_2 of it, …;
* if a receiver k accepts after j < k, whose set is larger, has rejected, then j could have been
  recommended to accept there too, and m_j was not optimal.

With d_i taken up to scale, m_i spends on the rejecting states in rising order of |d_is|. Where two
receivers rank these states alike their measures are nested, so (3) fails on an open set of
problems: a correction to the paper.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Numbers, written
from persuasion_lp.core.closed_form import ClosedForm, grant, must_be
from persuasion_lp.errors import ReceiverError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.theorems.kks.envelopes import acceptance_is_unique, accepted_measure
from persuasion_lp.theorems.kks.games import PAPER, first_best_value, own_priors

__all__ = ["AcceptancePicture", "figure_2", "nesting_order", "proposition_3"]


def proposition_3(game: PersuasionGame, *, assume: Collection[str] = ()) -> ClosedForm:
    """Aligned, strictly nested receivers: which order, and whether it pays first best.

    Parameters
    ----------
    game
        Additive payoffs; receivers about the whole state who accept on one linear condition, for a
        gain that does not depend on the state.
    assume
        Hypotheses to take for granted.

    Returns
    -------
    ClosedForm
        The value is first best. ``order`` is the nesting order; the sequential procedure pays first
        best if the measures accepted in first best are nested, and less otherwise; a public signal
        pays less than the sequential procedure in either case.

    Raises
    ------
    HypothesisError
        Outside its hypotheses.
    ReceiverError
        For receivers who do not accept on one linear condition.
    """
    _surplus(game)
    surplus = np.array([receiver.rational_cones()[1][0] for receiver in game.receivers])
    order = nesting_order(surplus)
    gains = [np.subtract(*receiver.rational_payoffs()[::-1]) for receiver in game.receivers]
    priors = own_priors(game)
    hypotheses = {
        "additive payoffs": game.additive,
        "one state for all": all((own == game.own_states[0]).all() for own in game.own_states),
        "constant positive gains": all((gain == gain[0]).all() and gain[0] > 0 for gain in gains),
        "fully mixed prior": all((prior > 0).all() for prior in priors),
        "prior outside every acceptance set": all(
            d @ prior < 0 for d, prior in zip(surplus, priors, strict=True)
        ),
        "aligned": bool(((surplus >= 0) == (surplus[0] >= 0)).all()),
        "somebody can be persuaded": bool((surplus >= 0).any(axis=1).all()),
        "strictly nested": order is not None,
        "two receivers or more": game.n >= 2,
    }
    order = order or tuple(range(game.n))
    measures = [accepted_measure(game.receivers[i], priors[i]) for i in order]
    attained = all((smaller <= larger).all() for larger, smaller in pairwise(measures))
    hypotheses["first-best acceptances unique, where not nested"] = attained or all(
        acceptance_is_unique(r, prior) for r, prior in zip(game.receivers, priors, strict=True)
    )
    grant("KKS Proposition 3", hypotheses, assume)
    return ClosedForm(
        name="KKS Proposition 3",
        value=first_best_value(game),
        claims={"sequential": "==" if attained else "<", "simultaneous": "<"},
        conditions={**hypotheses, "first-best acceptances are nested": attained},
        source=f"{PAPER}, Proposition 3",
        scale=game.payoff_scale,
        order=order,
    )


def nesting_order(surplus: Numbers) -> tuple[int, ...] | None:
    """Receivers from the largest acceptance set to the smallest, if strictly nested.

    Parameters
    ----------
    surplus
        The d_i, shape ``(n, K)``.
    """
    exact = written("surplus", surplus, ReceiverError).rationals()
    boundaries = [_boundary(d) for d in exact]

    def strictly_inside(i: int, j: int) -> bool:
        """Whether the boundary of i's set is in the interior of j's."""
        return bool((boundaries[i] @ exact[j] > 0).all())

    n = len(exact)
    larger = np.array([[i != j and strictly_inside(i, j) for j in range(n)] for i in range(n)])
    order = tuple(int(i) for i in np.argsort(larger.sum(axis=1), kind="stable"))
    chain = all(larger[order[b], order[a]] for a in range(n) for b in range(a + 1, n))
    return order if chain else None


@dataclass(frozen=True, eq=False)
class AcceptancePicture:
    """What Figure 2 of the paper shows, for three states, in barycentric coordinates.

    Attributes
    ----------
    regions
        Corners of each receiver's acceptance set, in order around it, shapes ``(corners, 3)``.
    prior
        Shape ``(3,)``.
    accepting, rejecting
        For each receiver the two beliefs of first best, shape ``(n, 3)``; NaN for one that does not
        occur. The prior is on the line between them.
    corners
        Where the extreme beliefs are drawn, shape ``(3, 2)``: ``beliefs @ corners`` are points in
        the plane.
    """

    regions: tuple[Floats, ...]
    prior: Floats
    accepting: Floats
    rejecting: Floats
    corners: Floats


def figure_2(game: PersuasionGame) -> AcceptancePicture:
    """Acceptance sets, prior, and the lines of first best in the triangle of beliefs.

    Parameters
    ----------
    game
        Receivers about one three-valued state who accept on one linear condition.

    Raises
    ------
    ReceiverError
        For other receivers.
    """
    surplus = _surplus(game)
    if surplus.shape[1] != 3:
        raise ReceiverError("receivers", "must be about three states", value=surplus.shape[1])
    prior = game.own_prior(0)
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, math.sqrt(3) / 2]])
    measures = [
        accepted_measure(r, x) for r, x in zip(game.receivers, own_priors(game), strict=True)
    ]
    accepted = np.array(measures, dtype=np.float64)
    return AcceptancePicture(
        regions=tuple(_region(d, corners) for d in surplus),
        prior=prior,
        accepting=_posteriors(accepted),
        rejecting=_posteriors(prior - accepted),
        corners=corners,
    )


def _surplus(game: PersuasionGame) -> Floats:
    must_be("game", game, PersuasionGame)
    for index, receiver in enumerate(game.receivers):
        if not _one_condition(receiver):
            raise ReceiverError("receivers", "must accept on one linear condition", index=index)
    sizes = {receiver.state_count for receiver in game.receivers}
    if len(sizes) > 1:
        raise ReceiverError("receivers", "must be about one state", value=sorted(sizes))
    return np.array([receiver.cones[1][0] for receiver in game.receivers])


def _one_condition(receiver: Receiver) -> bool:
    return not receiver.convex and len(receiver.cones[1]) == 1


def _boundary(d: NDArray[Any]) -> NDArray[Any]:
    """Beliefs that span {d·μ = 0} in the simplex, shape ``(beliefs, K)``."""
    corners = np.eye(d.size, dtype=d.dtype)
    known = [corners[k] for k in np.flatnonzero(d == 0)]
    on_edges = [
        (d[k] * corners[other] - d[other] * corners[k]) / (d[k] - d[other])
        for k in np.flatnonzero(d > 0)
        for other in np.flatnonzero(d < 0)
    ]
    return np.array(known + on_edges, dtype=d.dtype).reshape(-1, d.size)


def _region(d: Floats, corners: Floats) -> Floats:
    """Corners of {d·μ ≥ 0} in the triangle, around it."""
    beliefs = np.unique(np.concatenate([np.eye(3)[d > 0], _boundary(d)]), axis=0)
    points = beliefs @ corners
    away = points - points.mean(axis=0)
    return beliefs[np.argsort(np.arctan2(away[:, 1], away[:, 0]), kind="stable")]


def _posteriors(measures: Floats) -> Floats:
    total = measures.sum(axis=1, keepdims=True)
    nothing = np.full_like(measures, np.nan)
    return np.divide(measures, total, out=nothing, where=total > 0)
