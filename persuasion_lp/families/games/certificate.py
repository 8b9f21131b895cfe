r"""The economic certificate: what the decoded experiment proves by itself, and both together.

The LP certificate cannot catch a wrong builder; this one can. From the experiment alone it checks

    Bayes plausibility   Σ_path π(path, ω) = prior(ω) for every ω,  π ≥ 0
    obedience            D_a μ_I ≥ 0 for every information set I of every receiver, with μ_I the
                         measure of I over his own states and a the action recommended in I
    value                Σ π(path, ω) u(a, ω) = the value claimed
    procedure            what is fixed ex ante, an order or who is first, is the same on every path

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

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Experiment
from persuasion_lp.checks import VALUE_TOLERANCE, Checked
from persuasion_lp.core.closed_form import must_be
from persuasion_lp.core.obedience import EPS, Duty, worst_violation
from persuasion_lp.errors import InputError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.proof.repair import duties_of, expected_payoff
from persuasion_lp.lp.certificate import LPCertificate

__all__ = [
    "EconomicCertificate",
    "GameCertificate",
    "Route",
    "bayes_residual",
    "certify_experiment",
    "checked_claim",
    "recomputed",
    "unreadable",
]

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
    misfits
        Why it is no experiment of the game and the procedure claimed, in words. Where it cannot be
        read as one at all, ``value`` is NaN.
    """

    value: float
    bayes_residual: float
    obedience_residual: float
    value_residual: float
    worst: tuple[int, int] | None
    misfits: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        found = [f"the experiment does not fit: {what}" for what in self.misfits]
        if found and math.isnan(self.value):
            return tuple(found)
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
    width
        Width of the bracket that was asked for (``tol=``), ``None`` for a proved optimum.
    """

    lp: LPCertificate
    economic: EconomicCertificate
    lower: float
    upper: float
    scale: float
    route: Route = "float"
    width: float | None = None

    @property
    def gap(self) -> float:
        """Width of the bracket."""
        return self.upper - self.lower

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.economic.failures
        if self.route == "float" and self.width is None:
            found = self.lp.failures + found
        widest = max(self.width or 0.0, BRACKET_TOLERANCE * self.scale)
        if not -EPS * self.scale <= self.gap <= widest:
            found += (f"the value lies in [{self.lower!r}, {self.upper!r}], which is too wide",)
        return found


def certify_experiment(
    game: PersuasionGame, experiment: Experiment, value: float
) -> EconomicCertificate:
    """Check an experiment against a game: procedure, Bayes plausibility, obedience, value.

    Parameters
    ----------
    game
        The game.
    experiment
        The experiment, with the procedure that says what each receiver has seen.
    value
        The sender's expected payoff claimed for it.

    Raises
    ------
    InputError
        If these are no game, experiment and number.
    CertificateError
        If a receiver is told two actions in one information set.
    """
    must_be("game", game, PersuasionGame)
    claimed = checked_claim(experiment, value)
    malformed = experiment.malformed(game.prior, game.action_counts)
    return unreadable(malformed) if malformed else recomputed(game, experiment, claimed)


def checked_claim(experiment: Experiment, value: float) -> float:
    """The value claimed for what is an experiment, as a float."""
    must_be("experiment", experiment, Experiment)
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise InputError("value", "must be a number", value=type(value).__name__) from None


def unreadable(misfits: tuple[str, ...]) -> EconomicCertificate:
    """The certificate of what cannot be read as an experiment."""
    return EconomicCertificate(math.nan, math.inf, math.inf, math.inf, None, misfits)


def recomputed(
    game: PersuasionGame,
    experiment: Experiment,
    value: float,
    duties: Sequence[Duty] | None = None,
) -> EconomicCertificate:
    """The same of an experiment of our own; what receivers are asked to do may be known."""
    obedience, worst = 0.0, None
    for i, duty in enumerate(duties_of(game, experiment) if duties is None else duties):
        violation, told = worst_violation(experiment.joint, duty)
        if violation > obedience:
            obedience, worst = violation, (i, told)

    pays = expected_payoff(game, experiment)
    return EconomicCertificate(
        value=pays,
        bayes_residual=bayes_residual(game.prior.ravel(), experiment),
        obedience_residual=obedience,
        value_residual=abs(pays - value) / game.at_stake,
        worst=worst,
        misfits=experiment.misfits(),
    )


def bayes_residual(prior: Floats, experiment: Experiment) -> float:
    """Largest deviation from the prior, relative to the probability of the state."""
    joint, listed = experiment.joint, prior[experiment.support]
    missed = np.abs(joint.sum(axis=0) - listed) - 4 * len(joint) * EPS * listed
    missed = np.maximum(missed, -joint.min(axis=0))
    shares = np.divide(missed, listed, out=np.abs(missed), where=listed > 0)
    whole = np.count_nonzero(listed) == np.count_nonzero(prior)
    return float(shares.max(initial=0.0 if whole else 1.0))
