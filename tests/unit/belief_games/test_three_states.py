"""Three states: brackets against games of recommendations, trees repaired in fractions."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import (
    BeliefGame,
    Experiment,
    PersuasionGame,
    Receiver,
    errors,
    solve,
)
from persuasion_lp.families.beliefs.certificate import check_tree
from persuasion_lp.families.beliefs.proof.measures import attained_measures
from persuasion_lp.families.beliefs.recommendations import (
    _by_recommendations,
    _publicly_believed,
)
from tests.support import any_solve

F = Fraction

PROCEDURES = ("simultaneous", "sequential", "intermediate", "flexible", "first_best")

HARD = [
    (
        ["1000000000000/1000000000001", "1/3000000000003", "2/3000000000003"],
        [([[1, "-1e-3", -1], [0, 1, 1]], [0, "1/2000"]), ([[0, 1, -1], [1, 0, 0]], [0, -3])],
    ),
    (
        ["3500000/3500453", "3/3500453", "450/3500453"],
        [([[1, 0, 0], [0, "1e6", 0], [0, 0, "1e3"]], [-2, -30000, "-3/10000"])],
    ),
    (["1/2", "2/5", "1/10"], [([[0, 0, 0], [-1, 1, "-1e12"]], [0, 1])]),
    (["4/9", "2/9", "1/3"], [([[5, 2, 3], [0, 0, 0]], [0, 3])]),
]


@pytest.mark.parametrize(("prior", "stated"), HARD)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_brackets_hold_what_recommendations_prove(
    prior: list[str], stated: list[Any], procedure: Any
) -> None:
    receivers = [Receiver.from_utility(u, p, about=[0, 1, 2]) for u, p in stated]
    truth = any_solve(PersuasionGame(prior, receivers), procedure, exact=True).value
    result: Any = solve(BeliefGame(prior, receivers, grid=5), procedure)
    assert result.lower <= truth <= result.upper
    assert result.lower <= result.value <= result.upper
    assert result.certificate.ok


def three() -> BeliefGame:
    """Three receivers whose next one depends on what is learned."""
    utilities = [
        [[0, 0, 0], [-1, -1, 1]],
        [[0, 0, 0], [-2, 1, -1]],
        [[0, 0, 0], [1, -2, -2]],
    ]
    payoffs: list[Any] = [[0, 1], [0, 2], [0, "3/2"]]
    receivers = [
        Receiver.from_utility(u, p, about=[0, 1, 2])
        for u, p in zip(utilities, payoffs, strict=True)
    ]
    return BeliefGame(["1/2", "1/4", "1/4"], receivers, grid=3)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_recommendations_are_read_as_a_tree(procedure: Any) -> None:
    game = three()
    found = _by_recommendations(game, procedure, None, None)
    checked = check_tree(game, found.attained.tree)
    assert checked.ok, checked.failures
    assert found.narrow
    assert found.attained.lower <= found.proved
    assert checked.value == pytest.approx(found.attained.value, abs=1e-12)


def cutoff() -> tuple[BeliefGame, Any]:
    """One receiver with a cutoff at 1/2 for the last state, and its best tree."""
    receiver = Receiver.accepting([([0, 0, 1], "1/2")])
    game = BeliefGame(["1/2", "3/10", "1/5"], [receiver], grid=4)
    return game, solve(game, "simultaneous").experiment


@pytest.mark.parametrize("share", [1e-15, 1e-13, 1e-10])
def test_a_posterior_below_its_cutoff_is_repaired(share: float) -> None:
    game, tree = cutoff()
    stage = tree.stages[0]
    accepting = int(np.argmax(stage.beliefs[:, 2]))
    beliefs = stage.beliefs.copy()
    beliefs[accepting] *= 1 + share * np.array([1, 1, -1])
    beliefs /= beliefs.sum(axis=1, keepdims=True)
    made = attained_measures(game, replace(tree, stages=(replace(stage, beliefs=beliefs),)))
    assert F(2, 5) - F(10 * share) <= made.payoff <= F(2, 5)
    assert check_tree(game, made.tree).ok


def test_a_posterior_far_below_its_cutoff_is_not() -> None:
    game, tree = cutoff()
    stage = tree.stages[0]
    beliefs = stage.beliefs.copy()
    accepting = int(np.argmax(beliefs[:, 2]))
    beliefs[accepting] = [0.3, 0.22, 0.48]
    broken = replace(tree, stages=(replace(stage, beliefs=beliefs),))
    assert attained_measures(game, broken).payoff < F(1, 10)
    assert not check_tree(game, broken).ok


def test_four_states_by_hulls_and_five_by_programs() -> None:
    for states in (4, 5):
        receiver = Receiver.accepting([([0] * (states - 1) + [1], "1/2")])
        prior = [F(1, 10**10)] * (states - 1)
        prior.append(1 - sum(prior, F(0)))
        game = BeliefGame(prior[::-1], [receiver], grid=2)
        result = solve(game, "simultaneous")
        assert result.upper is not None
        assert result.lower <= F(2, 10**10) <= result.upper
        assert result.upper - result.lower <= 1e-9


def test_what_no_engine_proves_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from persuasion_lp.families.beliefs import recommendations
    from persuasion_lp.families.beliefs import solve as solving

    def unproved(*_: Any) -> Any:
        raise errors.CertificateError("nothing is proved")

    monkeypatch.setattr(solving, "recursion", unproved)
    monkeypatch.setattr(recommendations, "solve_game", unproved)
    with pytest.raises(errors.CertificateError, match="nothing is proved; state it with fewer"):
        solve(three(), "simultaneous")


def test_who_is_next_is_public_in_an_intermediate_procedure() -> None:
    """Two paths with the same first recommendation that name different receivers next."""
    experiment = Experiment(
        procedure="intermediate",
        prior=np.array([0.5, 0.25, 0.25]),
        orders=np.array([[0, 1, 2], [0, 2, 1]]),
        actions=np.array([[0, 1, 1], [0, 1, 1]]),
        support=np.arange(3),
        joint=np.array([[0.4, 0.1, 0.0], [0.1, 0.15, 0.25]]),
    )
    tree = _publicly_believed(experiment)
    assert tree.stages[0].acting == ((0,), (0,))
    assert sorted(tree.stages[1].acting) == [(1,), (2,)]
    np.testing.assert_allclose(tree.stages[0].beliefs[0], [0.8, 0.2, 0.0])
