"""Random problems of every family, as hypothesis strategies.

``written_…`` are problems as they may stand in an instance file: fractions or floats, any order.
``fraction_…`` are fractions of few denominators, so that breakpoints tie with states.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from hypothesis import strategies as st

from persuasion_lp import (
    AnonymousGame,
    BayesianGame,
    BeliefGame,
    ExchangeableGame,
    ManagerProblem,
    PersuasionGame,
    PiecewiseLinear,
    PosteriorMeanGame,
    Receiver,
    StateDistribution,
    StateGrid,
    VotingGame,
    errors,
    theorems,
)
from persuasion_lp.arrays import Floats
from persuasion_lp.laboratory import draws
from tests.menu_support import random_plan, rational_plan

F = Fraction


@st.composite
def priors(draw: st.DrawFn, shape: tuple[int, ...]) -> Floats:
    """Priors with zeros, as small integer weights."""
    size = int(np.prod(shape))
    weights = draw(st.lists(st.integers(0, 8), min_size=size, max_size=size).filter(any))
    return np.array(weights, dtype=float).reshape(shape) / sum(weights)


@st.composite
def receivers(draw: st.DrawFn, *, state_dependent: bool = True) -> Receiver:
    """Receivers with one to three cutoffs and payoffs of any sign."""
    cutoffs = sorted(draw(st.sets(st.integers(1, 19), min_size=1, max_size=3)))
    width = 2 if state_dependent and draw(st.booleans()) else 1
    cells = (len(cutoffs) + 1) * width
    flat = draw(st.lists(st.integers(-8, 8), min_size=cells, max_size=cells))
    payoffs = np.array(flat, dtype=float).reshape(len(cutoffs) + 1, width) / 4
    return Receiver([c / 20 for c in cutoffs], payoffs if width == 2 else payoffs[:, 0])


@st.composite
def games(
    draw: st.DrawFn, *, n: st.SearchStrategy[int] | None = None, additive: bool | None = None
) -> PersuasionGame:
    """Games with one to three receivers about their own binary states."""
    count = draw(n if n is not None else st.integers(1, 3))
    players = [draw(receivers()) for _ in range(count)]
    prior = draw(priors((2,) * count))
    if additive is None:
        additive = draw(st.booleans())
    payoff = None
    if not additive:
        shape = tuple(r.action_count for r in players)
        if draw(st.booleans()):
            shape += prior.shape
        seed = draw(st.integers(0, 2**32 - 1))
        payoff = np.random.default_rng(seed).integers(-8, 9, shape) / 4
    return PersuasionGame(prior, players, payoff)


@st.composite
def nested_games(draw: st.DrawFn) -> PersuasionGame:
    """Aligned, strictly nested receivers, the prior outside every acceptance set."""
    for seed in range(50):
        rng = np.random.default_rng([draw(st.integers(0, 2**32 - 1)), seed])
        game = draws.nested_receivers(rng)
        try:
            theorems.proposition_3(game)
        except errors.HypothesisError:
            continue
        return game
    raise AssertionError("no nested game in 50 draws")


@st.composite
def committees(
    draw: st.DrawFn, *, most: int = 3, unanimity: bool = False, first: int = 1
) -> VotingGame:
    """Committees with any correlation of states and any quota."""
    n = draw(st.integers(first, most))
    prior = draw(priors((2,) * n))
    cutoffs = [draw(st.integers(1, 19)) / 20 for _ in range(n)]
    return VotingGame(prior, cutoffs, n if unanimity else draw(st.integers(1, n)))


hundredths = st.integers(1, 99).map(lambda k: k / 100)
payoffs = st.floats(-3, 3, allow_nan=False).map(lambda v: round(v, 6))


@st.composite
def belief_functions(draw: st.DrawFn) -> PiecewiseLinear:
    cuts = sorted(draw(st.sets(hundredths, max_size=4)))
    b = np.array([0.0, *cuts, 1.0])
    pieces = len(b) - 1
    values = draw(st.lists(payoffs, min_size=2 * pieces, max_size=2 * pieces))
    return PiecewiseLinear(b, np.array(values).reshape(pieces, 2))


@st.composite
def belief_games(draw: st.DrawFn, most: int = 3) -> BeliefGame:
    return BeliefGame(
        draw(hundredths), draw(st.lists(belief_functions(), min_size=1, max_size=most))
    )


@st.composite
def plans(draw: st.DrawFn, types: int = 6, states: int = 24) -> ManagerProblem:
    """Plans of :func:`random_plan` by seed."""
    seed = draw(st.integers(0, 2**32 - 1))
    return random_plan(np.random.default_rng(seed), types, states)


def rational_plans(*, pessimistic: bool) -> st.SearchStrategy[ManagerProblem]:
    """Plans of :func:`rational_plan` by seed."""
    seeds = st.integers(0, 2**32 - 1)
    return seeds.map(
        lambda seed: rational_plan(np.random.default_rng(seed), pessimistic=pessimistic)
    )


DENOMINATORS = st.sampled_from([4, 6, 12, 35])


@st.composite
def fraction_shares(draw: st.DrawFn, count: int) -> list[Fraction]:
    """Probabilities with zeros that sum to 1 exactly."""
    weights = draw(st.lists(st.integers(0, 6), min_size=count, max_size=count).filter(any))
    return [F(k, sum(weights)) for k in weights]


@st.composite
def fraction_functions(draw: st.DrawFn, denominator: int = 12) -> PiecewiseLinear:
    """Functions with jumps, in fractions of few denominators, so that they tie with states."""
    inner = sorted(draw(st.sets(st.integers(1, denominator - 1), max_size=4)))
    b = [F(0), *(F(k, denominator) for k in inner), F(1)]
    ends = st.integers(-6, 6).map(lambda k: F(k, 5))
    if draw(st.booleans()):
        return PiecewiseLinear(b, draw(st.lists(ends, min_size=len(b), max_size=len(b))))
    pieces = st.lists(st.tuples(ends, ends), min_size=len(b) - 1, max_size=len(b) - 1)
    return PiecewiseLinear(b, [list(pair) for pair in draw(pieces)])


@st.composite
def fraction_grids(draw: st.DrawFn, denominator: int = 12) -> StateGrid:
    """Up to seven states, some given twice, some without mass."""
    size = draw(st.integers(1, 7))
    states = draw(st.lists(st.integers(0, denominator), min_size=size, max_size=size))
    return StateGrid([F(k, denominator) for k in states], draw(fraction_shares(size)))


@st.composite
def means_games(draw: st.DrawFn) -> PosteriorMeanGame:
    """States and breakpoints of one denominator."""
    denominator = draw(DENOMINATORS)
    return PosteriorMeanGame(
        draw(fraction_grids(denominator)), draw(fraction_functions(denominator))
    )


@st.composite
def fraction_plans(draw: st.DrawFn, types: int = 5) -> ManagerProblem:
    """E[θ] on either side of w, types at and around E[θ]/w, below 1 and with x w ≥ 1."""
    grid, count = draw(fraction_grids()), draw(st.integers(1, types))
    w = F(draw(st.integers(1, 11)), 12)
    states, masses = grid.rational_numbers
    slacks = draw(st.lists(st.integers(-2, 14), min_size=count, max_size=count))
    x = [max(1 + F(k, 24) / w, F(1, 24)) for k in slacks]
    mean = states @ masses
    if draw(st.booleans()) and mean > 0:
        x[0] = mean / w
    return ManagerProblem(grid, w, x, draw(fraction_shares(count)), unrestricted=True)


@st.composite
def shares(draw: st.DrawFn, size: int, least: int = 0) -> Any:
    """Probabilities as fractions or as floats, some of them 0 unless ``least`` is 1."""
    weights = draw(st.lists(st.integers(least, 8), min_size=size, max_size=size).filter(any))
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
def written_committees(draw: st.DrawFn) -> VotingGame:
    """Two or three voters."""
    n = draw(st.integers(2, 3))
    cutoffs = [F(draw(st.integers(1, 12)), 13) for _ in range(n)]
    prior = np.reshape(np.array(draw(shares(2**n)), dtype=object), (2,) * n)
    return VotingGame(prior, cutoffs, draw(st.integers(1, n)))


@st.composite
def groups(draw: st.DrawFn) -> ExchangeableGame:
    """One or two groups of one to three receivers."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=2))
    counts = [size + 1 for size in sizes]
    prior = np.reshape(np.array(draw(shares(int(np.prod(counts)))), dtype=object), counts)
    members = [Receiver.threshold(F(draw(st.integers(1, 12)), 13)) for _ in sizes]
    return ExchangeableGame(prior, members)


@st.composite
def bayesian_games(draw: st.DrawFn) -> BayesianGame:
    """One or two players with one to three actions, one or two states, maybe types."""
    n = draw(st.integers(1, 2))
    actions = [draw(st.integers(1, 3)) for _ in range(n)]
    states = draw(st.integers(1, 2))
    types = [draw(st.integers(1, 2)) for _ in range(n)] if draw(st.booleans()) else []
    numbers = st.integers(-6, 6)

    def table(shape: list[int]) -> Any:
        size = int(np.prod(shape))
        listed = draw(st.lists(numbers, min_size=size, max_size=size))
        exact = np.array([F(number, 5) for number in listed], dtype=object)
        return exact.reshape(shape)

    shapes = [actions, [*actions, states], [*actions, states, *types]]
    utilities = [table(draw(st.sampled_from(shapes))) for _ in range(n)]
    shape = [states, *types]
    prior = np.reshape(np.array(draw(shares(int(np.prod(shape)), least=1)), dtype=object), shape)
    aims = st.sampled_from(["welfare", ("player", n - 1), None])
    objective = draw(aims) or table(actions)
    return BayesianGame(prior, utilities, objective)


@st.composite
def anonymous_games(draw: st.DrawFn) -> AnonymousGame:
    """One to four players who are alike, with two or three actions, one or two states."""
    players, actions = draw(st.integers(1, 4)), draw(st.integers(2, 3))
    prior = draw(shares(draw(st.integers(1, 2)), least=1))

    def table(shape: tuple[int, ...]) -> Any:
        size = int(np.prod(shape))
        listed = draw(st.lists(st.integers(-6, 6), min_size=size, max_size=size))
        return np.array([F(number, 5) for number in listed], dtype=object).reshape(shape)

    own = (actions, *(players,) * (actions - 1))
    utility = table(draw(st.sampled_from([own, (*own, len(prior))])))
    objective = draw(st.sampled_from(["welfare", None])) or table((players + 1,) * (actions - 1))
    return AnonymousGame(players, prior, utility, objective)


@st.composite
def written_grids(draw: st.DrawFn) -> StateGrid:
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
def written_plans(draw: st.DrawFn) -> ManagerProblem:
    """One to four types in any order, exactly or in floats; or two workers."""
    difficulty = draw(st.one_of(written_grids(), distributions))
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
def written_functions(draw: st.DrawFn) -> PiecewiseLinear:
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
def written_means_games(draw: st.DrawFn) -> PosteriorMeanGame:
    """Finitely many states or a distribution, and a piecewise-linear payoff."""
    return PosteriorMeanGame(
        draw(st.one_of(written_grids(), distributions)), draw(written_functions())
    )


@st.composite
def written_belief_games(draw: st.DrawFn) -> BeliefGame:
    """One to three receivers and functions of one binary belief."""
    mirrored = st.sampled_from([None, [1, 0], [True, True]])
    event = st.integers(1, 6).flatmap(
        lambda k: mirrored.map(lambda about: Receiver.threshold(F(k, 7), about=about))
    )
    accepting = st.just(Receiver.accepting([([-1, 0.5], 0.1)]))
    part = st.one_of(written_functions(), receivers(), event, accepting)
    payoffs = draw(st.lists(part, min_size=1, max_size=3))
    return BeliefGame(draw(priors((2,))), payoffs)


problems = st.one_of(
    games(),
    accepting_games(),
    labelled_games(),
    written_committees(),
    written_plans(),
    written_means_games(),
    written_belief_games(),
)
