"""Random problems of every class that has an instance file."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from persuasion_lp import (
    BeliefGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateDistribution,
    StateGrid,
    VotingGame,
)
from tests.support import games, priors, receivers

F = Fraction


@st.composite
def shares(draw: st.DrawFn, size: int) -> Any:
    """Probabilities as fractions or as floats, some of them 0."""
    weights = draw(st.lists(st.integers(0, 8), min_size=size, max_size=size).filter(any))
    if draw(st.booleans()):
        return [F(weight, sum(weights)) for weight in weights]
    return np.array(weights, dtype=float) / sum(weights)


@st.composite
def accepting_games(draw: st.DrawFn) -> PersuasionGame:
    """One or two receivers stated by acceptance sets, on states of one axis or two."""
    shape = draw(st.sampled_from([(3,), (4,), (2, 2), (1, 3), (2, 3)]))
    size = int(np.prod(shape))
    rows = st.lists(st.integers(-8, 8), min_size=size, max_size=size)
    axes = tuple(range(len(shape)))
    players = [
        Receiver.accepting(
            [
                (np.reshape(row, shape) / 3, draw(st.integers(-2, 2)) / 10)
                for row in draw(st.lists(rows, min_size=1, max_size=2))
            ],
            about=draw(st.sampled_from([None, axes])) if len(shape) > 1 else None,
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    return PersuasionGame(draw(priors(shape)), players)


@st.composite
def labelled_games(draw: st.DrawFn) -> PersuasionGame:
    """Receivers who care about an event among the states."""
    size = draw(st.integers(2, 4))
    players = [
        Receiver.threshold(
            F(draw(st.integers(1, 6)), 7),
            about=draw(st.lists(st.booleans(), min_size=size, max_size=size)),
        )
        for _ in range(draw(st.integers(1, 2)))
    ]
    return PersuasionGame(draw(shares(size)), players)


@st.composite
def votes(draw: st.DrawFn) -> VotingGame:
    """Two or three voters."""
    n = draw(st.integers(2, 3))
    cutoffs = [F(draw(st.integers(1, 12)), 13) for _ in range(n)]
    prior = np.reshape(np.array(draw(shares(2**n)), dtype=object), (2,) * n)
    return VotingGame(prior, cutoffs, draw(st.integers(1, n)))


@st.composite
def grids(draw: st.DrawFn) -> StateGrid:
    """One to five states, some of them equal."""
    size = draw(st.integers(1, 5))
    states = [draw(st.integers(0, 12)) for _ in range(size)]
    exact = draw(st.booleans())
    return StateGrid([F(t, 12) if exact else t / 12 for t in states], draw(shares(size)))


distributions = st.sampled_from(
    [
        StateDistribution.uniform(),
        StateDistribution.uniform(0.1, 0.7),
        StateDistribution.power(2.5),
        StateDistribution.beta(2, 1 / 3),
    ]
)


@st.composite
def plans(draw: st.DrawFn) -> ManagerProblem:
    """One to four types in any order, exactly or in floats; or two workers."""
    difficulty = draw(st.one_of(grids(), distributions))
    if draw(st.integers(0, 3)) == 0:
        workers = [[1.2, 1.3], [1.1, draw(st.integers(11, 19)) / 10]]
        return ManagerProblem.for_workers(difficulty, [0.2, 0.25], workers)
    size = draw(st.integers(1, 4))
    types: Any = [F(draw(st.integers(7, 15)), 7) for _ in range(size)]
    payment: Any = F(draw(st.integers(2, 5)), 11)
    if draw(st.booleans()):
        types, payment = [float(x) for x in types], float(payment)
    return ManagerProblem(
        difficulty, payment, types, draw(shares(size)), unrestricted=draw(st.booleans())
    )


@st.composite
def functions(draw: st.DrawFn) -> PiecewiseLinear:
    """One to three pieces with jumps; sums of two; a value above both limits."""
    kinks = sorted(draw(st.sets(st.integers(1, 11), max_size=2)))
    values = st.lists(st.integers(-8, 8), min_size=2, max_size=2)
    pieces = [draw(values) for _ in range(len(kinks) + 1)]
    function = PiecewiseLinear([0, *(k / 12 for k in kinks), 1], np.array(pieces) / 3)
    match draw(st.integers(0, 2)):
        case 0:
            return function
        case 1:
            return function + function.reflected()
        case _:
            peak = np.zeros(function.at.size)
            peak[draw(st.integers(0, peak.size - 1))] = 0.5
            at = function.at + peak
            left, right = (
                np.append(at[0], function.left[1:]),
                np.append(function.right[:-1], at[-1]),
            )
            return PiecewiseLinear.from_sides(function.breakpoints, at, left, right)


@st.composite
def means_games(draw: st.DrawFn) -> PosteriorMeanGame:
    """Finitely many states or a distribution, and a piecewise-linear payoff."""
    return PosteriorMeanGame(draw(st.one_of(grids(), distributions)), draw(functions()))


@st.composite
def belief_games(draw: st.DrawFn) -> BeliefGame:
    """One to three receivers and functions of one binary belief."""
    mirrored = st.sampled_from([None, [1, 0], [True, True]])
    event = st.integers(1, 6).flatmap(
        lambda k: mirrored.map(lambda about: Receiver.threshold(F(k, 7), about=about))
    )
    accepting = st.just(Receiver.accepting([([-1, 0.5], 0.1)]))
    part = st.one_of(functions(), receivers(), event, accepting)
    payoffs = draw(st.lists(part, min_size=1, max_size=3))
    return BeliefGame(draw(priors((2,))), payoffs)


problems = st.one_of(
    games(), accepting_games(), labelled_games(), votes(), plans(), means_games(), belief_games()
)
