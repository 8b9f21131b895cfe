"""Properties every game has, whatever its numbers."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persuasion_lp import PersuasionGame, Receiver, compare, solve
from tests.strategies import games, priors
from tests.support import PROCEDURES, assert_at_most, assert_certified, assert_close

FIXED = [name for name in PROCEDURES if name != "sequential"]


def value(game: PersuasionGame, name: Any) -> float:
    """Value under a procedure, the order 0 … n−1 where one is fixed."""
    settings: dict[str, Any] = {"order": tuple(range(game.n))} if name == "sequential" else {}
    return solve(game, name, **settings).value


@given(games())
def test_the_ordering_of_procedures(game: PersuasionGame) -> None:
    table = compare(game)
    for result in table.results.values():
        assert_certified(result)
    assert not [check for check in table.checks if check.holds is False]


@given(games())
def test_between_no_information_and_first_best(game: PersuasionGame) -> None:
    best = solve(game, "first_best")
    for name in PROCEDURES:
        result = solve(game, name)
        assert_at_most(result.no_information, result.value)
        assert_at_most(result.full_information, result.value)
        assert_at_most(result.value, best.value)


@given(st.data(), games())
@pytest.mark.parametrize("name", PROCEDURES)
def test_concave_in_the_prior(name: Any, data: st.DataObject, game: PersuasionGame) -> None:
    other = data.draw(priors(game.prior.shape))
    weight = data.draw(st.floats(0, 1))
    mixed = weight * game.prior + (1 - weight) * other
    values = [
        value(PersuasionGame(prior / prior.sum(), game.receivers, game.payoff), name)
        for prior in (game.prior, other, mixed)
    ]
    if name != "intermediate":  # a maximum of concave functions
        assert_at_most(weight * values[0] + (1 - weight) * values[1], values[2])


@given(st.data(), games())
@pytest.mark.parametrize("name", PROCEDURES)
def test_relabelling_receivers_changes_nothing(
    name: Any, data: st.DataObject, game: PersuasionGame
) -> None:
    shuffle = data.draw(st.permutations(range(game.n)))
    payoff = game.payoff
    if payoff is not None:
        state_axes = [game.n + i for i in shuffle] if game.state_dependent else []
        payoff = payoff.transpose(*shuffle, *state_axes)
    relabelled = PersuasionGame(
        game.prior.transpose(shuffle), [game.receivers[i] for i in shuffle], payoff
    )
    assert_close(solve(relabelled, name).value, solve(game, name).value)


@given(games(additive=True))
@pytest.mark.parametrize("name", PROCEDURES)
def test_relabelling_states_and_actions_changes_nothing(name: Any, game: PersuasionGame) -> None:
    """Exchange L and H for everybody: cutoffs mirror, actions run the other way."""
    mirrored = [
        Receiver((1 - np.asarray(r.cutoffs))[::-1], r.payoffs[::-1, ::-1]) for r in game.receivers
    ]
    other = PersuasionGame(np.flip(game.prior), mirrored)
    assert_close(value(other, name), value(game, name))


@given(games(), st.floats(0.01, 100), st.floats(-100, 100))
@pytest.mark.parametrize("name", PROCEDURES)
def test_affine_payoffs_scale_the_value(
    name: Any, game: PersuasionGame, slope: float, constant: float
) -> None:
    if game.payoff is None:
        changed = PersuasionGame(
            game.prior,
            [
                Receiver(r.cutoffs, slope * r.payoffs + constant)  # type: ignore[arg-type]
                for r in game.receivers
            ],
        )
        constant *= game.n
    else:
        changed = PersuasionGame(game.prior, game.receivers, slope * game.payoff + constant)
    scale = abs(constant) + 10 * slope
    assert_close(value(changed, name), slope * value(game, name) + constant, scale)


@given(games(n=st.integers(1, 2)), st.floats(0.1, 0.9))
@pytest.mark.parametrize("name", PROCEDURES)
def test_splitting_a_state_in_two_changes_nothing(
    name: Any, game: PersuasionGame, share: float
) -> None:
    flat = game.prior.ravel()
    twins = np.append(flat, share * flat[-1])
    twins[flat.size - 1] *= 1 - share
    players = [
        Receiver(r.cutoffs, r.payoffs, about=np.append(own, own[-1]))  # type: ignore[arg-type]
        for r, own in zip(game.receivers, game.own_states, strict=True)
    ]
    payoff = game.payoff
    if game.state_dependent and payoff is not None:
        by_state = payoff.reshape(*game.action_counts, -1)
        payoff = np.concatenate([by_state, by_state[..., -1:]], axis=-1)
    assert_close(value(PersuasionGame(twins, players, payoff), name), value(game, name))


@given(games(n=st.integers(1, 2), additive=True), st.integers(-8, 8), st.integers(1, 19))
@pytest.mark.parametrize("name", PROCEDURES)
def test_a_receiver_with_constant_payoff_adds_a_constant(
    name: Any, game: PersuasionGame, constant: int, cutoff: int
) -> None:
    own = [r.payoffs for r in game.receivers]
    players = [
        Receiver(r.cutoffs, payoffs, about=i)  # type: ignore[arg-type]
        for i, (r, payoffs) in enumerate(zip(game.receivers, own, strict=True))
    ]
    idle = Receiver([cutoff / 20], [constant, constant], about=0)
    extended = PersuasionGame(game.prior, [*players, idle])
    assert_close(value(extended, name), value(game, name) + constant)


@given(games(additive=True))
def test_flexible_is_the_sum_of_single_receiver_values(game: PersuasionGame) -> None:
    """KKS Theorem 2, with the right-hand side from games of one receiver."""
    alone = 0.0
    for i, receiver in enumerate(game.receivers):
        single = PersuasionGame(game.own_prior(i), [receiver])
        alone += solve(single, "simultaneous").value
    assert_close(solve(game, "flexible").value, alone)
    assert_close(solve(game, "first_best").value, alone)


@given(games())
@pytest.mark.parametrize("name", PROCEDURES)
def test_both_layouts_are_the_same_programme(name: Any, game: PersuasionGame) -> None:
    nested, paths = (solve(game, name, formulation=layout) for layout in ("nested", "paths"))
    assert_certified(paths)
    assert_close(nested.value, paths.value)


@given(games(n=st.just(3)))
def test_the_best_order_beats_every_order(game: PersuasionGame) -> None:
    best = solve(game, "sequential")
    every = [
        solve(game, "sequential", order=order).value for order in itertools.permutations(range(3))
    ]
    assert_close(best.value, max(every))


@given(games())
@pytest.mark.parametrize("name", FIXED)
def test_prices_support_the_value(name: Any, game: PersuasionGame) -> None:
    """At the other end of the simplex: the value is known there, p·δ_ω ≥ full information at ω."""
    prices = solve(game, name).prices
    for state in np.ndindex(game.prior.shape):
        vertex = np.zeros(game.prior.shape)
        vertex[state] = 1.0
        known = PersuasionGame(vertex, game.receivers, game.payoff)
        assert_at_most(known.payoff_with_full_information(), float(prices[state]))
