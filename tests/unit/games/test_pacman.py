"""The Pacman procedure: pays first best, step by step as in KKS §4.1, for any correlation."""

from dataclasses import replace

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import Pacman, PersuasionGame, PiecewiseLinear, Receiver
from persuasion_lp.errors import CertificateError, InputError, OptionError
from persuasion_lp.families.games.pacman import PacmanTree, touching_points


def random_game(n: int, seed: int) -> PersuasionGame:
    rng = np.random.default_rng(seed)
    prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
    return PersuasionGame(
        prior, [Receiver(np.sort(rng.random(2)), rng.random(3)) for _ in range(n)]
    )


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("seed", range(6))
def test_pays_first_best_up_to_the_residual(n: int, seed: int) -> None:
    game = random_game(n, seed)
    tree = Pacman(game).tree(residual=1e-5)
    assert tree.first_best == pytest.approx(plp.solve(game, "first_best").value, abs=1e-9)
    assert tree.residual <= 1e-5
    assert abs(tree.payoff - tree.first_best) <= 1e-5 * 2 * n


def test_every_step_moves_the_receiver_closest_to_a_threshold_by_that_distance() -> None:
    pacman = Pacman(random_game(3, 3))
    tree = pacman.tree(residual=1e-3)
    acted = tree.acts.copy()
    for node in range(1, len(tree.parent)):
        acted[node] |= acted[tree.parent[node]]
    for node in np.flatnonzero(tree.about >= 0).tolist():
        x = tree.beliefs[node]
        gaps = np.abs(x[:, None] - pacman.targets).min(axis=1)
        gaps[acted[node]] = np.inf
        i = int(tree.about[node])
        assert gaps[i] == gaps.min()
        children = np.flatnonzero(tree.parent == node)
        moves = tree.beliefs[children] - x
        np.testing.assert_allclose(np.abs(moves[:, i]), gaps[i], atol=1e-12)
        assert np.abs(moves).max() <= gaps[i] + 1e-12  # Lemma 2
        np.testing.assert_allclose(tree.probability[children], tree.probability[node] / 2)
        assert acted[children, i].any()


def test_signals_are_conditionally_independent_of_the_other_states() -> None:
    game = random_game(3, 3)
    tree = Pacman(game).tree(residual=1e-2)
    for node in np.flatnonzero(tree.about >= 0):
        own = game.own_states[int(tree.about[node])][game.support]
        for child in np.flatnonzero(tree.parent == node):
            possible = tree.joint[node] > 0
            ratio = tree.joint[child][possible] / tree.joint[node][possible]
            for value in (0, 1):
                assert np.ptp(ratio[own[possible] == value]) < 1e-12


def test_correlated_subsets_of_a_larger_state() -> None:
    prior = np.array([[0.1, 0.2], [0.3, 0.4]])
    event = np.array([[True, False], [False, True]])
    game = PersuasionGame(
        prior, [Receiver.threshold(0.8, about=0), Receiver.threshold(0.7, about=event)]
    )
    tree = Pacman(game).tree(residual=1e-7)
    assert tree.payoff == pytest.approx(tree.first_best, abs=1e-6)


def test_simulations_repeat_and_agree() -> None:
    pacman = Pacman(random_game(3, 5))
    one, again = pacman.simulate(4000, seed=7), pacman.simulate(4000, seed=7)
    np.testing.assert_array_equal(one.payoffs, again.payoffs)
    assert abs(one.mean - pacman.first_best) < 5 * one.standard_error + 1e-12
    near = np.abs(one.acted_at[:, :, None] - pacman.targets).min(axis=2)
    assert near.max() < 1e-11
    np.testing.assert_allclose(
        one.acted_at.mean(axis=0),
        [float(pacman.game.own_prior(i)[1]) for i in range(3)],
        atol=0.05,
    )


def broken(tree: PacmanTree, part: str) -> PacmanTree:
    match part:
        case "Bayes":
            return replace(tree, joint=tree.joint * np.linspace(1, 1.1, len(tree.joint))[:, None])
        case "never acts":
            acts = tree.acts.copy()
            acts[-1] = False
            return replace(tree, acts=acts)
        case "twice":
            acts = tree.acts.copy()
            acts[0] = True
            return replace(tree, acts=acts)
        case "passes":
            beliefs = tree.beliefs.copy()
            beliefs[1] = 1.0 - 1e-3
            return replace(tree, beliefs=beliefs)
        case _:
            return replace(tree, payoff=tree.payoff + 0.1)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("Bayes", "Bayes' rule"),
        ("never acts", "somebody"),
        ("twice", "acts twice"),
        ("passes", "passes its threshold"),
        ("payoff", "the payoff"),
    ],
)
def test_broken_trees_are_caught(part: str, message: str) -> None:
    pacman = Pacman(PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2))
    tree = pacman.tree()
    pacman._check(tree)
    with pytest.raises(CertificateError, match=message):
        pacman._check(broken(tree, part))


def test_touching_points_are_the_nearest() -> None:
    f = PiecewiseLinear([0, 0.2, 0.4, 0.6, 1], [0, 1, 1, 1, 0])
    assert touching_points(f, 0.3) == (0.3, 0.3)
    steps = PiecewiseLinear.steps([0.25, 0.5, 0.75], [0, 1, 2, 3])
    assert touching_points(steps, 0.6) == (0.5, 0.75)
    assert touching_points(steps, 0.5) == (0.5, 0.5)


def test_bad_input_is_named() -> None:
    judges = [Receiver.threshold(0.8)] * 2
    with pytest.raises(InputError, match="additive"):
        Pacman(PersuasionGame([[0.25] * 2] * 2, judges, payoff=[[0, 0], [0, 1]]))
    pacman = Pacman(PersuasionGame([[0.25] * 2] * 2, judges))
    with pytest.raises(OptionError, match=r"residual must lie in \(0, 1\)"):
        pacman.tree(residual=0.0)
    with pytest.raises(OptionError, match="runs must be at least 2"):
        pacman.simulate(1, seed=0)
    with pytest.raises(CertificateError, match="did not end"):
        pacman.simulate(200, seed=0, most_steps=1)
    assert pacman.tree(most_nodes=3).residual > 0
