"""Closed forms of Bayesian games against the programmes, and outside their hypotheses."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import HypothesisError, InputError
from persuasion_lp.theorems import bm

F = Fraction
SOLVE: Any = plp.solve
SEEDS = [
    *range(40),
    *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(40, 400)),
]


def weights(rng: np.random.Generator, count: int) -> list[Fraction]:
    drawn = rng.integers(1, 5, count)
    return [F(int(w), int(drawn.sum())) for w in drawn]


def crowd(seed: int, effect: str) -> plp.AnonymousGame:
    """Two actions, gains that rise, fall, or do as they like with the number of others."""
    rng = np.random.default_rng(seed)
    n, states = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    base = rng.integers(-8, 6, states)
    steps = rng.integers(0, 3, (n, states))
    more = {"rise": steps, "fall": -steps, "any": rng.integers(-3, 4, (n, states))}[effect]
    gains = np.array(
        [[F(int(g), 10) for g in row] for row in base + np.cumsum(more, axis=0)], dtype=object
    )
    utility = np.stack([gains * 0, gains])
    return plp.AnonymousGame(n, weights(rng, states), utility, [F(k, n) for k in range(n + 1)])


@pytest.mark.parametrize("effect", ["rise", "fall", "any"])
@pytest.mark.parametrize("seed", SEEDS)
def test_investment(seed: int, effect: str) -> None:
    game = crowd(seed, effect)
    theorem = bm.investment(game)
    assert plp.solve(game, "bce").compare(theorem).verdict == "holds"
    assert plp.solve(game, "public").compare(theorem).verdict == "holds"
    assert effect != "rise" or theorem.claims["public"] == "=="


@pytest.mark.parametrize("seed", SEEDS)
def test_the_worst_equilibrium_is_that_of_the_potential(seed: int) -> None:
    game = crowd(seed, "rise")
    try:
        theorem = bm.worst_equilibrium(game)
    except HypothesisError as error:
        assert "dominant" in str(error)  # noqa: PT017 - one of two outcomes
        assert (game.utility[1, 0] <= 0).all()
        return
    assert plp.solve(game, "adversarial").compare(theorem).verdict == "holds"
    assert plp.solve(game, "bce").compare(theorem).verdict == "holds"


@pytest.mark.parametrize("seed", SEEDS)
def test_one_player(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states, kinds = (int(k) for k in rng.integers(1, 4, 2))
    prior = np.array(weights(rng, states * kinds), dtype=object).reshape(states, kinds)
    shape = (2, states, kinds) if seed % 2 else (2, states)
    game = plp.BayesianGame(prior, [rng.integers(-5, 6, shape)], [0, 2])
    theorem = bm.one_player(game)
    for procedure in ("bce", "public", "elicited", "unelicited"):
        answer: Any = SOLVE(game, procedure)
        assert answer.compare(theorem).verdict == "holds"


@pytest.mark.parametrize("seed", SEEDS)
def test_posted_price(seed: int) -> None:
    rng = np.random.default_rng(seed)
    states, n = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    values = [F(int(v), 4) for v in rng.integers(0, 6, states)]
    price = F(int(rng.integers(1, 5)), 4)
    game = plp.AnonymousGame.from_rule(
        n,
        weights(rng, states),
        lambda action, others, state: action * (values[state] - price) / (others + 1),
        lambda accepting: price * (accepting > 0),
    )
    theorem = bm.posted_price(game)
    assert plp.solve(game, "bce", sense="min").compare(theorem).verdict == "holds"


@pytest.mark.parametrize("seed", range(15))
def test_surplus_triangle(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = sorted({int(v) for v in rng.integers(1, 8, 4)})
    prior = weights(rng, len(values))
    profit = [[p * (v >= p) for v in values] for p in values]
    consumer = plp.Functional([[max(v - p, 0) for v in values] for p in values])
    found = plp.frontier(
        plp.BayesianGame(prior, [profit]), "bce", consumer, plp.Functional.utility(0)
    )
    assert set(found.points) == set(bm.surplus_triangle(values, prior))


def test_a_wrong_value_is_noticed() -> None:
    game = crowd(0, "rise")
    result = plp.solve(game, "bce")
    assert bm.investment(game).judge("bce", result.lower + 0.01, result.upper + 0.01).verdict == (
        "fails"
    )


def test_outside_the_hypotheses() -> None:
    three = plp.AnonymousGame(2, [1], np.zeros((3, 2, 2)))
    with pytest.raises(HypothesisError, match="two actions"):
        bm.investment(three)
    with pytest.raises(HypothesisError, match="share who act"):
        bm.investment(plp.AnonymousGame(2, [1], [[0, 0], [1, 1]], [0, 1, 5]))
    with pytest.raises(HypothesisError, match="complements"):
        bm.worst_equilibrium(plp.AnonymousGame(2, [1], [[0, 0], [2, 1]], [0, 0.5, 1]))
    with pytest.raises(HypothesisError, match="one player"):
        bm.one_player(plp.BayesianGame([1], [[[0, 0], [1, 1]]] * 2))
    with pytest.raises(HypothesisError, match="objective is acting"):
        bm.one_player(plp.BayesianGame([1], [[0, 1]], [1, 0]))
    with pytest.raises(HypothesisError, match="random acceptor"):
        bm.posted_price(plp.AnonymousGame(2, [1], [[0, 0], [1, 1]], [0, 1, 1]))
    with pytest.raises(InputError, match="AnonymousGame"):
        bm.investment(plp.BayesianGame([1], [[0, 1]]))  # type: ignore[arg-type]
    for values, prior, said in (
        ([1, -2], [0.5, 0.5], "positive"),
        ([1, 2], [0.5], "2 probabilities"),
        ([1, 2], [0.5, 0.6], "sum to 1"),
    ):
        with pytest.raises(InputError, match=said):
            bm.surplus_triangle(values, prior)
