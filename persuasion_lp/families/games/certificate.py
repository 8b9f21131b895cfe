r"""The economic certificate: what the decoded experiment proves by itself, and both together.

The LP certificate cannot catch a wrong builder; this one can. From the experiment alone it checks

    Bayes plausibility   Σ_path π(path, ω) = prior(ω) for every ω,  π ≥ 0
    obedience            D_a μ_I ≥ 0 for every information set I of every receiver, with μ_I the
                         measure of I over his own states and a the action recommended in I
    value                Σ π(path, ω) u(a, ω) = the value claimed

Obedience is checked in full, also where the programme left rows out as redundant. It is measured in
probability: by how much the mass of the information set would have to change.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.checks import VALUE_TOLERANCE, Checked
from persuasion_lp.errors import CertificateError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate

__all__ = ["EconomicCertificate", "GameCertificate", "certify_experiment"]

BAYES_TOLERANCE = 1e-12
"""Kernels are normalized when they are decoded, posteriors are products and quotients of floats:
what is left is rounding."""

OBEDIENCE_TOLERANCE = 1e-8
"""Probability mass; ten times the solver's feasibility tolerance, as for the program itself."""


@dataclass(frozen=True)
class EconomicCertificate(Checked):
    """What has been recomputed from an experiment and the game it is for.

    Attributes
    ----------
    value
        Expected payoff of the sender when everybody obeys.
    bayes_residual
        Largest deviation of the experiment's marginal from the prior.
    obedience_residual
        Largest violation of an obedience row (divided by its largest coefficient), in probability.
    value_residual
        Distance between ``value`` and the value claimed, relative to the largest payoff.
    worst
        Receiver and recommended action of the worst information set, if any is violated.
    """

    value: float
    bayes_residual: float
    obedience_residual: float
    value_residual: float
    worst: tuple[int, int] | None

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        found = []
        if not self.bayes_residual <= BAYES_TOLERANCE:
            found.append(f"Bayes plausibility is missed by {self.bayes_residual:.3g}")
        if not self.obedience_residual <= OBEDIENCE_TOLERANCE:
            who = (
                ""
                if self.worst is None
                else " by receiver {} told to take action {}".format(*self.worst)
            )
            found.append(f"obedience is missed by {self.obedience_residual:.3g}{who}")
        if not self.value_residual <= VALUE_TOLERANCE:
            found.append(f"the experiment pays {self.value:.12g}, not the value claimed")
        return tuple(found)


@dataclass(frozen=True)
class GameCertificate(Checked):
    """Both certificates of a result, and the bound that proves it optimal.

    Attributes
    ----------
    lp
        Certificate of the linear program.
    economic
        Certificate of the decoded experiment.
    upper
        Safe upper bound on the value: of the linear program or, where an order was searched for,
        of every order.
    """

    lp: LPCertificate
    economic: EconomicCertificate
    upper: float

    @property
    def scale(self) -> float:
        """Of the objective, to which the gap is relative."""
        return self.lp.scale

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value of the linear program."""
        return self.upper - self.lp.value

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.lp.failures + self.economic.failures
        if not abs(self.gap) <= GAP_TOLERANCE * self.lp.scale:
            found += (f"the bound over all alternatives leaves a gap of {self.gap:.3g}",)
        return found


def _expected_payoff(game: PersuasionGame, experiment: Experiment) -> float:
    """Σ π(path, ω) u(a, ω); receiver by receiver when payoffs are additive."""
    if game.payoff is None:
        total = 0.0
        for i, receiver in enumerate(game.receivers):
            taken = experiment.actions[:, i]
            measures = experiment.own_measures(taken, game.own_states[i], receiver.state_count)
            total += float((measures * receiver.payoffs[: len(measures)]).sum())
        return total
    payoffs = game.payoff_table(experiment.actions, experiment.support)
    return float((experiment.joint * payoffs).sum())


def certify_experiment(
    game: PersuasionGame, experiment: Experiment, value: float
) -> EconomicCertificate:
    """Check an experiment against a game: Bayes plausibility, obedience, value.

    Parameters
    ----------
    game
        The game.
    experiment
        The experiment, with the procedure that says what each receiver has seen.
    value
        The sender's expected payoff claimed for it.
    """
    prior = game.prior.ravel()[experiment.support]
    bayes = float(np.abs(experiment.joint.sum(axis=0) - prior).max())
    bayes = max(bayes, float(-experiment.joint.min()))
    bayes = max(
        bayes, abs(1.0 - float(prior.sum())) if experiment.support.size < game.support.size else 0.0
    )

    obedience, worst = 0.0, None
    for i, receiver in enumerate(game.receivers):
        labels = experiment.information_labels(i)
        measures = experiment.own_measures(labels, game.own_states[i], receiver.state_count)
        _, first = np.unique(labels, return_index=True)
        told = experiment.actions[first, i]
        if (experiment.actions[:, i] != told[labels]).any():
            raise CertificateError(f"receiver {i} is told two actions in one information set")
        for a, cone in enumerate(receiver.cones):
            if not len(cone) or not (told == a).any():
                continue
            unit = cone / np.maximum(np.abs(cone).max(axis=1, keepdims=True), np.finfo(float).tiny)
            violation = float(-(measures[told == a] @ unit.T).min())
            if violation > obedience:
                obedience, worst = violation, (i, a)

    recomputed = _expected_payoff(game, experiment)
    return EconomicCertificate(
        value=recomputed,
        bayes_residual=bayes,
        obedience_residual=obedience,
        value_residual=abs(recomputed - value) / game.payoff_scale,
        worst=worst,
    )
