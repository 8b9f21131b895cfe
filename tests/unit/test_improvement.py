"""Theorem 1's construction: each case of the proof, Lemma 3's garbling, strict gains."""

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import PersuasionGame, Receiver
from persuasion_lp.errors import InputError
from persuasion_lp.solving.improvement import garbling, sequential_improvement


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
