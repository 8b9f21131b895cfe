"""The certificate of an experiment fails on what is wrong."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from persuasion_lp import PersuasionGame, Receiver, errors, priors, solve
from persuasion_lp.beliefs import Experiment
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.games.decoding import decode_experiment

T = Receiver.threshold
EXAMPLE_1 = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8)] * 2)
EXAMPLE_2 = PersuasionGame(priors.perfectly_correlated(0.5, 2), [T(0.6), T(0.8)])


def tampered(experiment: Experiment, **changes: Any) -> Experiment:
    return dataclasses.replace(experiment, **changes)


def test_the_economic_certificate_refuses_what_is_wrong() -> None:
    """Each of its three checks fails on an experiment that breaks it alone."""
    result = solve(EXAMPLE_2, "sequential", order=(0, 1))
    e = result.experiment
    assert certify_experiment(EXAMPLE_2, e, result.value).ok

    more = certify_experiment(EXAMPLE_2, tampered(e, joint=e.joint * 1.001), result.value)
    assert any("Bayes" in failure for failure in more.failures)

    public = tampered(e, procedure="simultaneous")
    seen_through = certify_experiment(EXAMPLE_2, public, result.value)
    assert any("obedience" in failure for failure in seen_through.failures)
    assert seen_through.worst is not None

    claimed = certify_experiment(EXAMPLE_2, e, result.value + 1e-6)
    assert any("pays" in failure for failure in claimed.failures)

    flipped = tampered(e, actions=1 - e.actions)
    assert not certify_experiment(EXAMPLE_2, flipped, result.value).ok


def test_negative_probabilities_are_refused() -> None:
    result = solve(EXAMPLE_2, "sequential", order=(0, 1))
    joint = result.experiment.joint.copy()
    joint[0] -= 0.01
    joint[1] += 0.01
    broken = tampered(result.experiment, joint=joint)
    assert not certify_experiment(EXAMPLE_2, broken, result.value).ok


def test_a_result_whose_certificate_fails_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = decode_experiment

    def wrong(*arguments: Any, **settings: Any) -> Experiment:
        e = honest(*arguments, **settings)
        return tampered(e, actions=1 - e.actions)

    answers = "persuasion_lp.families.games.proof.answers"
    monkeypatch.setattr(f"{answers}.decode_experiment", wrong)
    with pytest.raises(errors.CertificateError, match="not proved"):
        solve(EXAMPLE_1, "sequential", order=(0, 1))
