"""Receivers who could change places and nothing would change.

Receivers i and j are *interchangeable* if some exchange σ of states, which leaves the prior and
everybody else's own state as they are, turns i's own state into j's and j's into i's, while their
cones and the sender's payoffs from them are the same. Then an order and the order with i and j
exchanged have the same value, so of two such receivers one may be taken to act first. Being
interchangeable is transitive, since the exchanges can be composed.
"""

from __future__ import annotations

import numpy as np

from persuasion_lp.arrays import Integers
from persuasion_lp.core.orders import earlier_twins
from persuasion_lp.families.games.problem import GameNumbers, PersuasionGame

__all__ = ["interchangeable_receivers"]


def interchangeable_receivers(game: PersuasionGame, numbers: GameNumbers) -> tuple[set[int], ...]:
    """For each receiver the earlier ones with whom he is interchangeable.

    Parameters
    ----------
    game
        The game.
    numbers
        Its numbers, compared exactly: in floats or in rationals.
    """
    states = np.arange(game.prior.size).reshape(game.prior.shape)
    axes = np.indices(game.prior.shape).reshape(game.prior.ndim, -1)
    own_axis = [_axis(axes, own) for own in game.own_states]

    def same(i: int, j: int) -> bool:
        if len(numbers.cones[i]) != len(numbers.cones[j]) or not (
            np.array_equal(numbers.payoffs[i], numbers.payoffs[j])
            and all(map(np.array_equal, numbers.cones[i], numbers.cones[j]))
        ):
            return False
        exchanges = [states.ravel()]
        a, b = own_axis[i], own_axis[j]
        if a is not None and b is not None and states.shape[a] == states.shape[b]:
            exchanges.append(states.swapaxes(a, b).ravel())
        return any(_leaves(game, numbers, i, j, exchange) for exchange in exchanges)

    return earlier_twins(game.n, same)


def _axis(axes: Integers, own: Integers) -> int | None:
    """The axis of the prior that a receiver's own state is, if it is one."""
    return next((a for a, index in enumerate(axes) if np.array_equal(index, own)), None)


def _leaves(game: PersuasionGame, numbers: GameNumbers, i: int, j: int, exchange: Integers) -> bool:
    """Whether i and j exchanged, and states with them, leave the game as it is."""
    if not np.array_equal(numbers.prior, numbers.prior[exchange]):
        return False
    for k, own in enumerate(game.own_states):
        other = {i: j, j: i}.get(k, k)
        if not np.array_equal(own[exchange], game.own_states[other]):
            return False
    if numbers.payoff is None:
        return True
    payoff = numbers.payoff.swapaxes(i, j)
    if game.state_dependent:
        payoff = payoff.reshape(*game.action_counts, -1)[..., exchange].reshape(payoff.shape)
    return np.array_equal(numbers.payoff, payoff)
