"""A random game and assertion helpers shared by the tests; the helpers are tested themselves."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp import GameResult, MeansResult, PersuasionGame, Receiver, solve
from persuasion_lp.beliefs.experiment import Procedure

PROCEDURES: tuple[Procedure, ...] = (
    "simultaneous",
    "sequential",
    "intermediate",
    "flexible",
    "first_best",
)


any_solve: Any = solve
"""For procedures and settings that are listed in tables, so that no type checker knows them."""


def reissued(result: Any, **changes: Any) -> Any:
    """The same answer with some fields replaced, and its certificate issued for that."""
    certificate = replace(changes.pop("certificate", result.certificate), seal=None)
    return replace(result, seal=None, certificate=certificate, **changes)


def assert_close(
    actual: float, expected: float, scale: float = 1.0, tolerance: float = 1e-8
) -> None:
    """Fail unless two values agree up to ``tolerance`` times the larger of 1 and ``scale``."""
    assert abs(actual - expected) <= tolerance * max(1.0, abs(scale)), (
        f"{actual!r} is not {expected!r}: they differ by {actual - expected:.3e}"
    )


def assert_at_most(low: float, high: float, scale: float = 1.0, tolerance: float = 1e-8) -> None:
    """Fail unless ``low ≤ high`` up to ``tolerance`` times the larger of 1 and ``scale``."""
    assert low <= high + tolerance * max(1.0, abs(scale)), f"{low!r} exceeds {high!r}"


def assert_certified(result: GameResult) -> None:
    """Fail unless both certificates hold and the prices price the prior."""
    assert result.certificate.ok, result.certificate.failures
    priced = float((result.prices * result.problem.prior).sum())
    assert_close(priced, result.value, result.certificate.lp.scale)


def assert_priced(result: MeansResult) -> None:
    """Fail unless the certificate holds, the price function's part included."""
    assert result.certificate.ok, result.certificate.failures
    assert result.certificate.price.ok
    assert_close(float(result.probabilities.sum()), 1.0, tolerance=1e-12)
    experiment = result.experiment
    np.testing.assert_allclose(experiment.sum(axis=1), 1.0, atol=1e-12)
    joint = experiment * result.grid.masses[:, None]
    np.testing.assert_allclose(joint.sum(axis=0), result.probabilities, atol=1e-7)
    means = (joint * result.grid.states[:, None]).sum(axis=0) / joint.sum(axis=0)
    np.testing.assert_allclose(means, result.means, atol=1e-6)


def random_game(rng: np.random.Generator) -> PersuasionGame:
    """One game as in :func:`tests.strategies.games`, with harsher numbers.

    Payoffs over six orders of magnitude; priors with zeros, nearly degenerate, or nearly perfectly
    correlated.
    """
    n = int(rng.integers(1, 4))
    players = []
    for _ in range(n):
        m = int(rng.integers(1, 4))
        cutoffs = np.sort(rng.choice(np.arange(1, 40), m, replace=False)) / 40
        payoffs: Any = [
            rng.normal(size=m + 1),
            rng.normal(size=(m + 1, 2)),
            np.arange(m + 1.0),
            np.cumsum(rng.exponential(size=m + 1)) * 10.0 ** rng.integers(-3, 4),
        ][int(rng.integers(4))]
        players.append(Receiver(cutoffs, payoffs))
    size = 2**n
    kind = int(rng.integers(4))
    prior = rng.dirichlet(np.full(size, 0.1 if kind == 1 else 1.0))
    if kind == 2:
        zero = rng.random(size) < 0.5
        zero[int(rng.integers(size))] = False
        prior[zero] = 0.0
    elif kind == 3:
        x = rng.random()
        prior = np.full(size, 10.0 ** -rng.integers(3, 12))
        prior[0] += 1 - x
        prior[-1] += x
    prior = (prior / prior.sum()).reshape((2,) * n)
    shape = tuple(player.action_count for player in players)
    payoff = [None, None, None, rng.normal(size=shape), rng.normal(size=shape + prior.shape)]
    return PersuasionGame(prior, players, payoff[int(rng.integers(5))])


def rational_game(seed: int, n: int, *, alike: bool = False) -> PersuasionGame:
    """Judges of binary states in fractions, with one cutoff if ``alike``."""
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 6, (2,) * n)
    weights.flat[0] += 1
    prior = np.vectorize(lambda k: Fraction(int(k), int(weights.sum())), otypes=[object])(weights)
    cutoffs = [Fraction(int(rng.integers(1, 12)), 12) for _ in range(n)]
    return PersuasionGame(prior, [Receiver.threshold(cutoffs[0 if alike else i]) for i in range(n)])
