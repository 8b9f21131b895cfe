"""Bayesian games against programmes written out in full for scipy, and against each other."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import InfeasibleError
from tests.bayesian_reference import Reference

F = Fraction
SOLVE: Any = plp.solve
SEEDS = [
    *range(25),
    *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(25, 100)),
]
MANY = [
    *range(60),
    *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(60, 300)),
]


def drawn(seed: int, *, typed: bool | None = None) -> plp.BayesianGame:
    """A small game: correlated types, cells of probability zero, ties, tables of all shapes."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 4))
    actions = tuple(rng.integers(1, 4 if n < 3 else 3, n).tolist())
    states = int(rng.integers(1, 4))
    has_types = rng.random() < 0.7 if typed is None else typed
    types = tuple(rng.integers(1, 3, n).tolist()) if has_types else ()

    def table() -> Any:
        shapes = [actions, (*actions, states), (*actions, states, *types)]
        shape = shapes[int(rng.integers(0, 3))]
        if rng.random() < 0.5:
            return rng.integers(-3, 4, shape)
        return rng.normal(size=shape)

    while True:
        weights = rng.integers(0, 4, (states, *types)).astype(float)
        if rng.random() < 0.3:
            weights *= rng.random(weights.shape)
        marginals = [
            np.moveaxis(weights, k, 0).sum(axis=tuple(range(1, weights.ndim)))
            for k in range(1, weights.ndim)
        ]
        if weights.sum() and all((m > 0).all() for m in marginals):
            break
    aims = (None, ("player", n - 1), table())
    return plp.BayesianGame(
        weights, [table() for _ in range(n)], aims[int(rng.integers(0, 3))], normalize=True
    )


def reference(game: plp.BayesianGame) -> Reference:
    payoff: Any = game.objective
    full = Reference(game.prior, list(game.utilities), game.utilities[0])
    if isinstance(payoff, str):
        payoff = sum(full.utilities[1:], start=full.utilities[0])
    elif isinstance(payoff, tuple):
        payoff = full.utilities[payoff[1]]
    return Reference(game.prior, list(game.utilities), payoff)


def value(game: Any, procedure: Any, **settings: Any) -> float | None:
    """The value, proved; ``None`` where nothing can be recommended in public."""
    try:
        result = plp.solve(game, procedure, **settings)
    except InfeasibleError:
        return None
    assert result.certificate.ok
    assert result.lower <= result.value <= result.upper
    paid = math.fsum((result.prices * game.prior).ravel())
    assert paid == pytest.approx(result.value, abs=1e-7 * result.certificate.scale)
    return float(result.value)


def agree(found: float | None, expected: float | None) -> bool:
    """Whether two optima are the same; :func:`test_agreement_can_fail`."""
    if found is None or expected is None:
        return found is expected
    return abs(found - expected) <= 1e-7 * max(1.0, abs(expected))


def test_agreement_can_fail() -> None:
    assert not agree(1.0, 1.001)
    assert not agree(None, 1.0)
    assert agree(None, None)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("sense", ["max", "min"])
def test_every_procedure_is_its_programme_written_out(seed: int, sense: Any) -> None:
    game = drawn(seed)
    full = reference(game)
    assert agree(value(game, "bce", sense=sense), full.told("bce", sense))
    assert agree(value(game, "public", sense=sense), full.told("public", sense))
    assert agree(value(game, "elicited", sense=sense), full.elicited(sense))
    assert agree(value(game, "unelicited", sense=sense), full.unelicited(sense))
    if game.axes.cells == 1:
        assert agree(value(game, "coarse", sense=sense), full.told("coarse", sense))


@pytest.mark.parametrize("seed", MANY)
def test_procedures_are_ordered(seed: int) -> None:
    game = drawn(1000 + seed)
    comparison = plp.compare(game)
    assert all(check.holds for check in comparison.checks)
    assert {"bce", "elicited", "unelicited"} <= comparison.results.keys()


def supermodular(seed: int) -> plp.BayesianGame:
    """Binary actions, complements, an objective that rises, a state in which acting is dominant."""
    rng = np.random.default_rng(seed)
    n, states = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    utilities: list[Any] = []
    for i in range(n):
        u = np.zeros((2,) * n + (states,))
        alone, more = rng.uniform(-2, 1, states), rng.uniform(0, 0.5, (n, states))
        alone[0] = rng.uniform(0.05, 1)
        for a in np.ndindex(*(2,) * n):
            others = sum(more[j] for j in range(n) if j != i and a[j])
            u[a] = a[i] * (alone + others) + 0.3 * (sum(a) - a[i])
        utilities.append(u)
    weights = rng.uniform(0, 1, n)
    aim = np.array([float(np.dot(weights, a)) + float(all(a)) for a in np.ndindex(*(2,) * n)])
    return plp.BayesianGame(rng.dirichlet(np.ones(states)), utilities, aim.reshape((2,) * n))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_worst_equilibrium_is_that_of_all_sequences(seed: int) -> None:
    game = supermodular(seed)
    found = value(game, "adversarial")
    assert agree(found, reference(game).adversarial())
    best = value(game, "bce")
    assert found is not None
    assert best is not None
    assert found <= best + 1e-9


@pytest.mark.parametrize("seed", range(20))
def test_sequences_and_maps_amount_to_the_joint_distribution(seed: int) -> None:
    worst = plp.solve(supermodular(seed), "adversarial").experiment
    assert worst.sequences is not None
    assert worst.sequence_chances is not None
    assert math.fsum(worst.sequence_chances.ravel()) == pytest.approx(1, abs=1e-12)
    maps = plp.solve(drawn(seed, typed=True), "unelicited").experiment
    assert maps.map_chances is not None
    assert math.fsum(maps.joint.ravel()) == pytest.approx(1, abs=1e-12)


def persuaded(seed: int) -> plp.PersuasionGame:
    """Receivers with utilities over one common state, and a payoff over profiles."""
    rng = np.random.default_rng(seed)
    n, states = int(rng.integers(1, 4)), int(rng.integers(2, 4))
    actions = rng.integers(2, 4, n).tolist()
    receivers = []
    for count in actions:
        rows = rng.integers(-3, 4, (count, states)) / 2
        own = np.arange(states)
        receivers.append(plp.Receiver.from_utility(rows, [0] * count, about=own))
    payoff = rng.integers(-2, 3, actions)
    weights = rng.integers(1, 5, states)
    return plp.PersuasionGame([F(int(w), int(weights.sum())) for w in weights], receivers, payoff)


@pytest.mark.parametrize(
    "seed", [*range(50), *(pytest.param(s, marks=pytest.mark.nightly) for s in range(50, 200))]
)
def test_persuasion_games_are_special_cases(seed: int) -> None:
    """Private messages are the bce, a public signal the public one."""
    game = persuaded(seed)
    bayesian = plp.BayesianGame.of(game)
    for procedure, name in (("first_best", "bce"), ("simultaneous", "public")):
        one: Any = SOLVE(game, procedure)
        other: Any = SOLVE(bayesian, name)
        assert one.value == pytest.approx(other.value, abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_players_who_are_alike_can_be_counted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, actions, states = (int(rng.integers(*ends)) for ends in ((1, 5), (2, 4), (1, 3)))
    utility = rng.integers(-4, 5, (actions, *(n,) * (actions - 1), states))
    objective = rng.integers(-3, 4, (n + 1,) * (actions - 1)) if seed % 3 else None
    counted = plp.AnonymousGame(n, [F(1, states)] * states, utility, objective)
    game = counted.expanded()
    again = plp.AnonymousGame.of(game)
    for sense in ("max", "min"):
        for procedure in ("bce", "public"):
            values = [value(one, procedure, sense=sense) for one in (counted, game, again)]
            assert values[0] == pytest.approx(values[1], abs=1e-12)
            assert values[0] == pytest.approx(values[2], abs=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_the_worst_equilibrium_of_alike_players_is_a_chain(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, states = int(rng.integers(1, 6)), int(rng.integers(1, 4))
    alone = rng.uniform(-2, 1, states)
    alone[0] = rng.uniform(0.05, 1)
    gains = alone + np.cumsum(rng.uniform(0, 0.3, (n, states)), axis=0)
    utility = np.stack([np.zeros_like(gains), gains])
    objective = np.cumsum(rng.uniform(0, 1, n + 1))
    counted = plp.AnonymousGame(n, rng.dirichlet(np.ones(states)), utility, objective)
    one, other = value(counted, "adversarial"), value(counted.expanded(), "adversarial")
    assert one == pytest.approx(other, abs=1e-9)


@pytest.mark.parametrize("seed", range(12))
def test_floats_and_fractions_agree(seed: int) -> None:
    game = drawn(seed)
    numbers: Any = [payoff.given.rationals() for payoff in game.payoffs]
    weights = game.written_prior / sum(game.written_prior)
    rational = plp.BayesianGame(weights.reshape(game.prior.shape), numbers, game.objective)
    for procedure in ("bce", "elicited", "unelicited"):
        exact: Any = SOLVE(rational, procedure, exact=True)
        found = value(rational, procedure)
        assert exact.certificate.ok
        assert float(exact.value) == pytest.approx(found, abs=1e-12)
        least = SOLVE(rational, procedure, exact=True, sense="min")
        assert least.value <= exact.value
