"""KKS's theorems in other units, with rounded priors, and the experiments of their proofs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, VotingGame, errors, priors, solve, theorems
from persuasion_lp.core.closed_form import ClosedForm
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.games.improvement import sequential_improvement
from persuasion_lp.theorems.kks.envelopes import concavification
from persuasion_lp.theorems.kks.nested import nested_procedure

T = Receiver.threshold
A = Receiver.accepting
EXAMPLE_1 = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8)] * 2)
EXAMPLE_2 = PersuasionGame(priors.perfectly_correlated(0.5, 2), [T(0.6), T(0.8)])


def test_a_prior_that_sums_to_one_but_for_rounding() -> None:
    """A known state: its probability sums to 1 + 2e-16, or to less than 1."""
    for masses in ([0.2, 0.4, 0.3, 0.1], [0.3, 0.2, 0.4, 0.1]):
        for level in (0, 1):
            prior = np.zeros((2, 2, 2))
            prior[level] = np.reshape(masses, (2, 2))
            game = PersuasionGame(prior, [T(0.8, about=0), T(0.7, about=1)])
            value = theorems.corollary_1(game).value
            assert solve(game, "first_best").value == pytest.approx(value, abs=1e-12)
            with pytest.raises(errors.HypothesisError, match="not known"):
                theorems.lemma_2(game, 0, 1)


@pytest.mark.parametrize("scale", [1e-14, 1e-12, 1e12, 1e14])
def test_acceptance_conditions_and_gains_matter_up_to_scale(scale: float) -> None:
    """The instance of §6.3 in other units: first best 64/75, the same order."""
    rows = np.array([[-1.5, -1.8, 1], [-1, -0.6, 1]])
    scaled = PersuasionGame([0.5, 0.3, 0.2], [A([(row * scale, 0)]) for row in rows])
    form = theorems.proposition_3(scaled)
    assert form.value == pytest.approx(64 / 75)
    assert form.order == (1, 0)
    paid = PersuasionGame([0.5, 0.3, 0.2], [A([(row, 0)], payoffs=(0, scale)) for row in rows])
    form = theorems.proposition_3(paid)
    assert form.value / scale == pytest.approx(64 / 75)
    assert form.order == (1, 0)


def test_receivers_stated_by_utility_are_concavified_too() -> None:
    """Acceptance at 0.8 stated by utilities, or by a condition, is that of the cutoff."""
    by_utility = Receiver.from_utility([[0.8, 0], [0, 0.2]], [0, 1])
    by_condition = A([([0, 1], 0.8)])
    for receiver in (by_utility, by_condition):
        game = PersuasionGame(priors.perfectly_correlated(0.5, 2), [receiver, T(0.6)])
        for theorem in (theorems.theorem_2, theorems.proposition_1, theorems.corollary_1):
            assert theorem(game).value == pytest.approx(35 / 24)
        assert theorems.corollary_1(game).order == (1, 0)
    with pytest.raises(errors.ReceiverError, match="binary"):
        concavification(A([([-1, -0.6, 1], 0)]), 0.5)


def test_corollary_1_needs_acceptance_at_high() -> None:
    """A receiver who accepts at low beliefs is not aligned."""
    against = Receiver.from_utility([[0, 1], [1, 0]], [0, 1])
    game = PersuasionGame(priors.perfectly_correlated(0.6, 2), [against, T(0.8)])
    with pytest.raises(errors.HypothesisError, match="accept or reject"):
        theorems.corollary_1(game)
    assert solve(game, "sequential").value < theorems.lemma_1(game).value - 0.01


@pytest.mark.parametrize(
    ("form", "game"),
    [
        (theorems.theorem_1(solve(EXAMPLE_1, "simultaneous")), EXAMPLE_1),
        (theorems.proposition_1(EXAMPLE_2), EXAMPLE_2),
        (theorems.corollary_1(EXAMPLE_2), EXAMPLE_2),
        (theorems.section_5_2_positive_correlation(EXAMPLE_2), EXAMPLE_2),
    ],
    ids=["theorem 1", "proposition 1", "corollary 1", "section 5.2"],
)
def test_the_experiments_of_the_proofs(form: ClosedForm, game: PersuasionGame) -> None:
    """They are obedient, and pay what is claimed."""
    assert form.experiment is not None
    table = game.payoff_table(form.experiment.actions, form.experiment.support)
    value = float((form.experiment.joint * table).sum())
    assert certify_experiment(game, form.experiment, value).ok
    assert form.judge("sequential", value).verdict == "holds"


def test_no_experiment_where_none_is_constructed() -> None:
    """In the wrong order a belief overshoots; where orders differ, or nothing is missed, too."""
    assert nested_procedure(EXAMPLE_2, (0, 1)) is not None
    assert nested_procedure(EXAMPLE_2, (1, 0)) is None
    opposite = PersuasionGame([0.5, 0.5], [T(0.8), Receiver([0.2], [1, 0])])
    assert theorems.proposition_1(opposite).experiment is None
    attained = PersuasionGame([0.5, 0.5], [T(0.8)])
    assert theorems.theorem_1(solve(attained, "simultaneous")).experiment is None


def test_theorem_1_without_an_experiment_that_gains(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the proof builds is left out if it does not gain, or cannot be built for rounding."""
    result = solve(EXAMPLE_1, "simultaneous")
    better = sequential_improvement(result)
    assert better is not None
    idle = replace(better, gain=0.0)
    monkeypatch.setattr("persuasion_lp.theorems.kks.games.sequential_improvement", lambda _: idle)
    form = theorems.theorem_1(result)
    assert form.experiment is None
    assert form.claims["sequential"] == ">"

    def refuses(_: Any) -> None:
        raise errors.CertificateError("the signal cannot be garbled")

    monkeypatch.setattr("persuasion_lp.theorems.kks.games.sequential_improvement", refuses)
    assert theorems.theorem_1(result).experiment is None


def test_receivers_of_one_action_are_refused_by_proposition_4() -> None:
    """They have no cutoff."""
    game = PersuasionGame(priors.independent([0.5, 0.5]), [Receiver([], [1])] * 2)
    with pytest.raises(errors.ReceiverError, match="cutoffs"):
        theorems.proposition_4(game)


@pytest.mark.parametrize(
    "theorem",
    [
        theorems.lemma_1,
        theorems.theorem_2,
        theorems.proposition_1,
        theorems.proposition_3,
        theorems.proposition_4,
        theorems.corollary_1,
        theorems.theorem_1,
        theorems.proposition_2,
        theorems.lx.theorem_1,
        theorems.lx.theorem_2,
    ],
)
def test_what_a_theorem_is_not_about_is_named(theorem: Any) -> None:
    with pytest.raises(errors.InputError, match=r"must be a .*; got 'VotingGame'"):
        theorem(VotingGame(priors.independent([0.5, 0.5]), [0.6, 0.6], 2))
