"""Theorem 1's construction: each case of the proof, Lemma 3's garbling, strict gains."""

from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import PersuasionGame, Receiver
from persuasion_lp.errors import InputError
from persuasion_lp.families.games.improvement import garbling, sequential_improvement

TWO_COINS = PersuasionGame(np.full((2, 2), 0.25), [Receiver.threshold(0.8)] * 2)


def test_lemma_3_garbling_has_the_means_asked_for() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        low, high = np.sort(rng.uniform(0.1, 0.9, size=2))
        posteriors = np.concatenate([rng.uniform(0, low, 3), rng.uniform(high, 1, 3)])
        weights = rng.dirichlet(np.ones(6))
        mean = float(weights @ posteriors)
        if not low < mean < high:
            continue
        garbled = garbling(posteriors, weights, float(low), float(high))
        assert garbled.min() >= 0
        np.testing.assert_allclose(garbled.sum(axis=1), 1)
        joint = garbled * weights[:, None]
        np.testing.assert_allclose(posteriors @ joint / joint.sum(axis=0), [low, high], atol=1e-12)


def test_lemma_3_refuses_what_it_does_not_cover() -> None:
    with pytest.raises(InputError, match="outside"):
        garbling(np.array([0.0, 0.5, 1.0]), np.array([0.3, 0.4, 0.3]), 0.4, 0.6)
    with pytest.raises(InputError, match="mean inside"):
        garbling(np.array([0.0, 1.0]), np.array([0.1, 0.9]), 0.4, 0.6)


def test_every_case_of_the_proof_occurs_and_gains() -> None:
    seen = set()
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 4))
        prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
        if seed % 3 == 0:
            prior = plp.priors.perfectly_correlated(float(rng.random()), n)
        receivers = [Receiver(np.sort(rng.random(2)), rng.random(3)) for _ in range(n)]
        game = PersuasionGame(prior, receivers)
        simultaneous = plp.solve(game, "simultaneous")
        first_best = plp.solve(game, "first_best").value
        better = sequential_improvement(simultaneous)
        if better is None:
            assert first_best - simultaneous.value < 1e-7
            continue
        seen.add(better.case)
        assert better.certificate.ok
        assert better.gain > 1e-9
        assert better.value == pytest.approx(simultaneous.value + better.gain, abs=1e-8)
        best = plp.solve(game, "sequential", order=better.order).value
        assert better.value <= best + 1e-8 <= first_best + 2e-8
        position = -1 if better.case == "case 1" else 0
        assert better.order[position] == better.receiver
        assert (better.garbling is not None) == (better.case == "case 2")
    assert seen == {"case 1", "case 2", "degenerate"}


def test_results_it_does_not_apply_to() -> None:
    judges = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
    with pytest.raises(InputError, match="must be of the simultaneous procedure"):
        sequential_improvement(plp.solve(judges, "sequential"))
    voting = PersuasionGame(
        [[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2, payoff=[[0, 0], [0, 1]]
    )
    with pytest.raises(InputError, match="additive"):
        sequential_improvement(plp.solve(voting, "simultaneous"))
    better = sequential_improvement(plp.solve(judges, "simultaneous"))
    assert better is not None
    assert "gain 0.125" in repr(better)


TIED = [
    ([[0.46, 0.06], [0.02, 0.46]], [(0.02 + 0.46, [-2, -1]), (0.05, [1, 0])]),
    ([[0.46, 0.06], [0.02, 0.46]], [(0.48, [-2, -1]), (0.05, [1, 0])]),
    ([[0.9, 0], [0, 0.1]], [(0.1 - 1e-9, [1, 0]), (0.5, [0, 1])]),
    ([[0.45, 0.45], [0.05, 0.05]], [(0.1, [1, 0]), (0.7, [0, 1])]),
]


@pytest.mark.parametrize(("prior", "players"), TIED)
def test_cutoffs_that_coincide_with_the_prior_up_to_rounding(prior: Any, players: Any) -> None:
    game = PersuasionGame(prior, [Receiver([cut], payoffs) for cut, payoffs in players])
    assert_theorem_1(game)


@pytest.mark.parametrize("cutoff", [0.48, 0.02 + 0.46])
@pytest.mark.parametrize("payoffs", [[-2, -1], [-1, -2]])
def test_a_prior_at_the_cutoff_up_to_rounding_is_the_degenerate_case(
    cutoff: float, payoffs: list[int]
) -> None:
    players = [Receiver([cutoff], payoffs), Receiver([0.05], [1, 0])]
    game = PersuasionGame([[0.46, 0.06], [0.02, 0.46]], players)
    better = sequential_improvement(plp.solve(game, "simultaneous"))
    assert better is not None
    assert better.receiver == 0
    assert better.case == "degenerate"
    assert better.points == (cutoff, cutoff)


def test_theorem_1_with_cutoffs_at_the_prior() -> None:
    """Cutoffs are marginal priors as sums in another order, or a rounding error or more away."""
    improved = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(2, 4))
        counts = rng.integers(0, 30, size=2**n) * (rng.random(2**n) < 0.7)
        counts[int(rng.integers(2**n))] += 1
        prior = (counts / counts.sum()).reshape((2,) * n)
        receivers = []
        for i in range(n):
            high = np.moveaxis(prior, i, 0)[1].ravel()
            exact = [float(high.sum()), float(sum(rng.permutation(high).tolist()))]
            near = exact[int(rng.integers(2))] + float(rng.choice([0, 0, 1, -1])) * float(
                rng.choice([1e-16, 1e-15, 1e-13, 1e-9])
            )
            cuts = {min(max(near, 0.001), 0.999), float(rng.choice([0.05, 0.3, 0.8]))}
            receivers.append(Receiver(sorted(cuts), rng.integers(-2, 3, size=len(cuts) + 1)))
        improved += assert_theorem_1(PersuasionGame(prior, receivers))
    assert 20 < improved < 130


def test_a_signal_that_wants_no_improvement_is_told_from_one_that_does() -> None:
    assert not assert_theorem_1(TWO_COINS)
    assert assert_theorem_1(PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2))


def assert_theorem_1(game: PersuasionGame) -> bool:
    """Assert that there is an improvement exactly if first best is missed; tell which it is."""
    simultaneous = plp.solve(game, "simultaneous")
    missing = plp.solve(game, "first_best").value - simultaneous.value
    size = max(float(np.abs(receiver.payoffs).max()) for receiver in game.receivers)
    better = sequential_improvement(simultaneous)
    if better is None:
        assert missing <= 3e-8 * game.n * max(size, 1.0)
        return False
    assert better.certificate.ok
    assert 1e-9 < better.gain <= missing + 2e-8 * size
    return True
