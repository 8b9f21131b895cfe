"""Games of persuasion as Bayesian games: receivers do not care what the others do."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.errors import ReceiverError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.inputs import is_a
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["read_game"]

Read = tuple[Rationals, list[Rationals], Rationals]
"""Prior, utilities and objective of a Bayesian game."""


def read_game(game: Any) -> Read:
    """Prior, utilities and objective of a persuasion game, its states in flat order.

    Raises
    ------
    ReceiverError
        For what is no such game, and for a receiver who states when he acts in a way that no
        utility of his is known: with more than two actions, or by an acceptance set.
    """
    if not is_a(game, PersuasionGame):
        raise ReceiverError("game", "must be a PersuasionGame", value=type(game).__name__)
    counts, states = game.action_counts, game.prior.size
    whole = (*counts, states)
    utilities, paid = [], np.full(whole, Fraction(0), dtype=object)
    for i, (receiver, own) in enumerate(zip(game.receivers, game.own_states, strict=True)):
        spread = [1] * game.n + [states]
        spread[i] = counts[i]
        table = _utility(i, receiver)[:, own].reshape(spread)
        utilities.append(np.broadcast_to(table, whole).copy())
        paid = paid + receiver.rational_payoffs()[:, own].reshape(spread)
    payoff = game.written_numbers.payoff
    if payoff is not None:
        paid = payoff if payoff.ndim == game.n else payoff.reshape(whole)
    return game.written_numbers.prior, utilities, paid


def _utility(index: int, receiver: Receiver) -> Rationals:
    stated = receiver.rational_utility()
    if stated is not None:
        return np.asarray(stated)
    cones = receiver.rational_cones()
    if receiver.action_count == 2 and [len(cone) for cone in cones] == [1, 1]:
        rejecting, accepting = (cone[0] for cone in cones)
        if (rejecting == -accepting).all():
            return np.stack([np.full(accepting.shape, Fraction(0), dtype=object), accepting])
    raise ReceiverError(
        "receivers",
        "states when he acts, not a utility; state him with Receiver.from_utility",
        index=index,
    )
