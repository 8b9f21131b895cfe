"""Random games of many receivers, and committees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from persuasion_lp.arrays import Floats
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = [
    "ConditionalSignal",
    "aligned_judges",
    "alike_receivers",
    "committee",
    "game_with_payoff_table",
    "general_game",
    "judges",
    "nested_receivers",
    "one_state_game",
    "opposed_judges",
    "opposed_receivers",
    "receivers_of_many_states",
    "signal_on_all_states",
    "signal_on_one_state",
    "touching_receivers",
    "two_cutoffs",
    "two_judges",
    "two_receivers",
    "unanimous_committee",
]

TWENTIETHS = np.arange(1, 20)


@dataclass(frozen=True, eq=False)
class ConditionalSignal:
    """A public signal in a game of two or more receivers, for Lemma 2.

    Attributes
    ----------
    game
        The game.
    kernel
        Probability of each realization given the state, shape ``(S, *prior.shape)``.
    """

    game: PersuasionGame
    kernel: Floats


def general_game(rng: Generator) -> PersuasionGame:
    """One to three receivers, any correlation; payoffs of any sign, on actions or also states."""
    n = int(rng.integers(1, 4))
    return PersuasionGame(_prior(rng, (2,) * n), [_receiver(rng) for _ in range(n)])


def game_with_payoff_table(rng: Generator) -> PersuasionGame:
    """Two receivers who accept or reject, and any payoff over their profiles."""
    table = rng.integers(-4, 9, (2, 2)) / 4
    return PersuasionGame(_prior(rng, (2, 2)), [_judge(rng) for _ in range(2)], payoff=table)


def judges(rng: Generator) -> PersuasionGame:
    """Two or three receivers who accept at a cutoff, any correlation."""
    n = int(rng.integers(2, 4))
    return PersuasionGame(_prior(rng, (2,) * n), [_judge(rng) for _ in range(n)])


def aligned_judges(rng: Generator) -> PersuasionGame:
    """Two or three receivers who accept at a cutoff above their prior, mostly alike in state."""
    n = int(rng.integers(2, 4))
    weights = rng.integers(0, 9, (2,) * n) * (rng.random((2,) * n) < 0.6)
    weights[(0,) * n] += 1 + int(rng.integers(0, 20))
    weights[(1,) * n] += 1 + int(rng.integers(0, 20))
    prior = weights / weights.sum()
    own = [prior.take(1, axis=i).sum() for i in range(n)]
    steps = rng.choice(TWENTIETHS, n) / 20
    cutoffs = [x + (1 - x) * step * 0.9 for x, step in zip(own, steps, strict=True)]
    return PersuasionGame(prior, [Receiver.threshold(c) for c in cutoffs])


def two_cutoffs(rng: Generator) -> PersuasionGame:
    """Two receivers who accept at cutoffs of their own, any correlation."""
    return PersuasionGame(_prior(rng, (2, 2)), [_judge(rng) for _ in range(2)])


def two_judges(rng: Generator) -> PersuasionGame:
    """Two receivers who accept at one common cutoff, any correlation."""
    cutoff = int(rng.choice(TWENTIETHS)) / 20
    return PersuasionGame(_prior(rng, (2, 2)), [Receiver.threshold(cutoff)] * 2)


def two_receivers(rng: Generator) -> PersuasionGame:
    """Two receivers with one or two cutoffs and payoffs of any sign, any correlation."""
    return PersuasionGame(_prior(rng, (2, 2)), [_receiver(rng) for _ in range(2)])


def alike_receivers(rng: Generator) -> PersuasionGame:
    """As :func:`two_receivers`, with states that are mostly equal."""
    return _correlated(rng, (0, 0), (1, 1))


def opposed_receivers(rng: Generator) -> PersuasionGame:
    """As :func:`two_receivers`, with states that are mostly different."""
    return _correlated(rng, (0, 1), (1, 0))


def opposed_judges(rng: Generator) -> PersuasionGame:
    """Two receivers who accept at cutoffs of their own, with states that are mostly different."""
    game = opposed_receivers(rng)
    return PersuasionGame(game.prior, [_judge(rng) for _ in range(2)])


def one_state_game(rng: Generator) -> PersuasionGame:
    """Two or three receivers about one binary state."""
    n = int(rng.integers(2, 4))
    return PersuasionGame(_prior(rng, (2,)), [_receiver(rng) for _ in range(n)])


def receivers_of_many_states(rng: Generator) -> PersuasionGame:
    """Two or three receivers who accept on a linear condition about one state of three or four."""
    n, states = int(rng.integers(2, 4)), int(rng.integers(3, 5))
    surplus = np.where(
        rng.random((n, states)) < 0.4,
        rng.integers(1, 5, (n, states)),
        -rng.integers(1, 9, (n, states)),
    )
    surplus[np.arange(n), rng.integers(0, states, n)] = 1
    return PersuasionGame(
        _prior(rng, (states,)), [Receiver.accepting([(row, 0)]) for row in surplus]
    )


def nested_receivers(rng: Generator) -> PersuasionGame:
    """Two or three aligned receivers about one state of three or four, in any order.

    Each acceptance set has surpluses smaller than the last in the states that speak against it.
    """
    n, states = int(rng.integers(2, 4)), int(rng.integers(3, 5))
    accepting = int(rng.integers(1, states - 1))
    surplus = [np.append(-rng.integers(1, 9, states - accepting) / 4, np.ones(accepting))]
    for _ in range(n - 1):
        harder = rng.integers(5, 13, states - accepting) / 4
        surplus.append(surplus[-1] * np.append(harder, np.ones(accepting)))
    prior = rng.integers(1, 9, states)
    receivers = [
        Receiver.accepting([(surplus[i], 0)], payoffs=(0, int(rng.integers(1, 4))))
        for i in rng.permutation(n)
    ]
    return PersuasionGame(prior / prior.sum(), receivers)


def committee(rng: Generator) -> VotingGame:
    """Two or three voters, any correlation and quota."""
    n = int(rng.integers(2, 4))
    cutoffs = rng.choice(TWENTIETHS, n) / 20
    return VotingGame(_prior(rng, (2,) * n), cutoffs, int(rng.integers(1, n + 1)))


def touching_receivers(rng: Generator) -> PersuasionGame:
    """Two receivers about three states whose acceptance sets meet on an edge of the triangle."""
    shared, *costs = rng.choice(np.arange(1, 12), 3, replace=False) / 2
    return PersuasionGame(
        _prior(rng, (3,)), [Receiver.accepting([([-shared, 1, -cost], 0)]) for cost in costs]
    )


def unanimous_committee(rng: Generator) -> VotingGame:
    """Two or three voters who must all approve."""
    game = committee(rng)
    return VotingGame(game.prior, game.cutoffs, game.n)


def signal_on_one_state(rng: Generator) -> ConditionalSignal:
    """A signal on the first state that given it is independent of the others."""
    game = judges(rng)
    likelihood = rng.dirichlet(np.ones(3), 2).T
    own = game.own_states[0].reshape(game.prior.shape)
    return ConditionalSignal(game, likelihood[:, own])


def signal_on_all_states(rng: Generator) -> ConditionalSignal:
    """A signal that depends on every state."""
    game = judges(rng)
    kernel = np.moveaxis(rng.dirichlet(np.ones(3), game.prior.shape), -1, 0)
    return ConditionalSignal(game, kernel)


def _prior(rng: Generator, shape: tuple[int, ...]) -> Floats:
    weights = rng.integers(0, 9, shape)
    weights[tuple(int(rng.integers(size)) for size in shape)] += 1
    return np.asarray(weights / weights.sum())


def _correlated(rng: Generator, *likely: tuple[int, int]) -> PersuasionGame:
    weights = rng.integers(0, 3, (2, 2))
    for state in likely:
        weights[state] += int(rng.integers(1, 20))
    return PersuasionGame(weights / weights.sum(), [_receiver(rng) for _ in range(2)])


def _judge(rng: Generator) -> Receiver:
    return Receiver.threshold(int(rng.choice(TWENTIETHS)) / 20)


def _receiver(rng: Generator) -> Receiver:
    count = int(rng.integers(1, 3))
    cutoffs = np.sort(rng.choice(TWENTIETHS, count, replace=False)) / 20
    kind = int(rng.integers(3))
    if kind == 0:
        return Receiver(cutoffs, np.arange(count + 1))
    return Receiver(cutoffs, rng.integers(-4, 9, (count + 1, kind)).repeat(3 - kind, axis=1) / 4)
