r"""The economic certificate: what the decoded experiment proves by itself, and both together.

The LP certificate cannot catch a wrong builder; this one can. From the experiment alone it checks

    Bayes plausibility   Σ_path π(path, ω) = prior(ω) for every ω,  π ≥ 0
    obedience            D_a μ_I ≥ 0 for every information set I of every receiver, with μ_I the
                         measure of I over his own states and a the action recommended in I
    value                Σ π(path, ω) u(a, ω) = the value claimed

Obedience is checked in full, also where the programme left rows out as redundant. A violation is
measured relative to what is at stake in the information set, −D μ_I / Σ_s |D_s μ_I(s)|, a missed
state relative to its probability, and a value relative to Σ_ω prior(ω) max |u(·, ω)|: multiplying
probabilities, utilities or payoffs changes nothing.

The bracket is one for the game as it was written. Its lower end is what the experiment pays after
it was made obedient for certain (:mod:`persuasion_lp.families.games.proof.repair`), its upper end
what the prices of the states prove (:mod:`persuasion_lp.families.games.decoding`), rounded up.
Neither depends on a tolerance; only whether the bracket is narrow enough does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.checks import VALUE_TOLERANCE, Checked
from persuasion_lp.core.obedience import EPS, Duty, worst_violation
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.proof.repair import duties_of, expected_payoff
from persuasion_lp.lp.certificate import LPCertificate

__all__ = ["EconomicCertificate", "GameCertificate", "Route", "certify_experiment"]

BAYES_TOLERANCE = 2e-12
"""Relative to the probability of the state; what is left of it and not listed is less."""

OBEDIENCE_TOLERANCE = 1e-9
"""Relative to what is at stake in the information set."""

BRACKET_TOLERANCE = 1e-9
"""Width of the bracket, relative to the same."""

Route = Literal["float", "exact"]


@dataclass(frozen=True)
class EconomicCertificate(Checked):
    """What has been recomputed from an experiment and the game it is for.

    Attributes
    ----------
    value
        Expected payoff of the sender when everybody obeys.
    bayes_residual
        Largest deviation of the experiment's marginal from the prior, relative to the probability
        of the state.
    obedience_residual
        Largest violation of an obedience row, relative to what is at stake in its information set,
        the sum of the row's terms there in absolute value.
    value_residual
        Distance between ``value`` and the value claimed, relative to the expectation of the
        largest payoff.
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
    """The bracket of a result, and the certificates of what it was found with.

    Attributes
    ----------
    lp
        Certificate of the linear program in floats.
    economic
        Certificate of the experiment.
    lower
        What the experiment pays, rounded down: a lower bound on the optimum.
    upper
        Upper bound on the optimum; where an order was searched for, that of every order.
    scale
        Expectation of the sender's largest payoff in absolute value, to which the width of the
        bracket is relative.
    route
        ``"float"``, or ``"exact"`` where floats did not prove enough and the program was solved in
        rationals: then the bracket is the proved value, rounded down and up.
    """

    lp: LPCertificate
    economic: EconomicCertificate
    lower: float
    upper: float
    scale: float
    route: Route = "float"

    @property
    def gap(self) -> float:
        """Width of the bracket."""
        return self.upper - self.lower

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.economic.failures
        if self.route == "float":
            found = self.lp.failures + found
        if not -EPS * self.scale <= self.gap <= BRACKET_TOLERANCE * self.scale:
            found += (f"the value lies in [{self.lower!r}, {self.upper!r}], which is too wide",)
        return found


def certify_experiment(
    game: PersuasionGame,
    experiment: Experiment,
    value: float,
    duties: Sequence[Duty] | None = None,
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
    duties
        What each receiver is asked to do in it, where that is known.

    Raises
    ------
    CertificateError
        If a receiver is told two actions in one information set.
    """
    prior = game.prior.ravel()[experiment.support]
    joint = experiment.joint
    missed = np.abs(joint.sum(axis=0) - prior) - 4 * len(joint) * EPS * prior
    missed = np.maximum(missed, -joint.min(axis=0, initial=0.0))
    bayes = float(np.divide(missed, prior, out=np.abs(missed), where=prior > 0).max(initial=0.0))
    if experiment.support.size < game.support.size:
        bayes = max(bayes, abs(1.0 - float(prior.sum())))

    obedience, worst = 0.0, None
    for i, duty in enumerate(duties_of(game, experiment) if duties is None else duties):
        violation, told = worst_violation(joint, duty)
        if violation > obedience:
            obedience, worst = violation, (i, told)

    recomputed = expected_payoff(game, experiment)
    return EconomicCertificate(
        value=recomputed,
        bayes_residual=bayes,
        obedience_residual=obedience,
        value_residual=abs(recomputed - value) / game.at_stake,
        worst=worst,
    )
