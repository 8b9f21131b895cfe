"""Experiments whose rows rounding breaks in several places are proved in floats all the same."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp import Experiment, PersuasionGame, Receiver, solve
from persuasion_lp.arrays import Floats
from persuasion_lp.families.games.proof import cushion
from persuasion_lp.families.games.proof.repair import duties_of


def committee() -> PersuasionGame:
    """Five receivers, every state possible: the flexible optimum is degenerate in many places."""
    chances = np.arange(1, 33) ** 2
    receivers = [Receiver.threshold(0.6 + 0.05 * k) for k in range(5)]
    return PersuasionGame((chances / chances.sum()).reshape((2,) * 5), receivers)


def test_a_degenerate_tree_is_proved_in_floats() -> None:
    result = solve(committee(), "flexible")
    assert result.certificate.route == "float"
    assert result.upper - result.lower <= 1e-9 * result.value


@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "flexible", "intermediate"])
def test_a_cushion_is_an_experiment_with_slack(
    procedure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cushion, "CUSHION", 1e-3)
    game = PersuasionGame(
        [[0.3, 0.2], [0.1, 0.4]], [Receiver.threshold(0.7), Receiver.threshold(0.8)]
    )
    found = solve(game, procedure)  # type: ignore[call-overload]
    loose = cushion.with_slack(game, found.experiment)
    np.testing.assert_allclose(loose.joint.sum(axis=0), game.prior.ravel(), rtol=1e-12)
    assert len(np.unique(np.hstack([loose.orders, loose.actions]), axis=0)) == len(loose.joint)
    tight, slack = (
        min(
            float((sign * gain).sum())
            for i in range(2)
            for sign, gain in _gains(game, experiment, i)
        )
        for experiment in (found.experiment, loose)
    )
    assert slack >= tight
    assert duties_of(game, loose)


def _gains(game: PersuasionGame, experiment: Experiment, i: int) -> list[tuple[float, Floats]]:
    """For each information set, the sign of its row and what its paths add to it."""
    joint = experiment.joint
    labels = experiment.information_labels(i)
    own = game.own_states[i][experiment.support]
    cutoffs = game.receivers[i].cutoffs
    assert cutoffs is not None
    gains = joint @ (own - cutoffs[0])
    told = experiment.actions[:, i]
    return [
        (1.0 if told[labels == label][0] else -1.0, gains[labels == label])
        for label in np.unique(labels)
    ]
