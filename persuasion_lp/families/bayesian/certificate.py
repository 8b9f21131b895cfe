"""What is recomputed of the answer to a Bayesian game, and its bracket."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.checks import VALUE_TOLERANCE, Checked
from persuasion_lp.core.closed_form import must_be
from persuasion_lp.families.bayesian.incentives import Incentives, incentives
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.lp.certificate import EPS, GAP_TOLERANCE, LPCertificate

__all__ = [
    "BAYES_TOLERANCE",
    "INCENTIVE_TOLERANCE",
    "BayesianCertificate",
    "BayesianEconomics",
    "certify_recommendation",
    "expectation",
    "expected_payoff",
]

BAYES_TOLERANCE = 2e-12
"""Of the probability of a cell, relative to it."""

INCENTIVE_TOLERANCE = 1e-9
"""Of a gain from deviating, relative to the differences it consists of."""


@dataclass(frozen=True)
class BayesianEconomics(ReadOnly):
    """What has been recomputed from game and recommendation alone.

    Attributes
    ----------
    value
        The designer's expected payoff.
    bayes_residual
        Largest deviation from the prior, relative to the probability of the cell.
    incentive_residual
        Largest gain from a deviation, relative to the differences it consists of.
    value_residual
        Distance of the value claimed, relative to the payoffs at stake.
    worst
        Name of the incentives whose deviation gains most, if any does.
    """

    value: float
    bayes_residual: float
    incentive_residual: float
    value_residual: float
    worst: str | None


@dataclass(frozen=True, eq=False)
class BayesianCertificate(Checked):
    """The proof of an answer.

    Attributes
    ----------
    lp
        Of the linear program; ``None`` where it was solved in fractions.
    economic
        What has been recomputed.
    lower, upper
        Bracket on the optimum.
    scale
        Expectation of the largest payoff in absolute value.
    route
        ``"float"``: what the recommendation pays is exact, the other end proved by prices in
        floating point. ``"exact"``: both are exact.
    """

    lp: LPCertificate | None
    economic: BayesianEconomics
    lower: float
    upper: float
    scale: float
    route: Literal["float", "exact"]

    @property
    def gap(self) -> float:
        """Width of the bracket."""
        return self.upper - self.lower

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        economic = self.economic
        checks = (
            ("Bayes plausibility fails by", economic.bayes_residual, BAYES_TOLERANCE),
            (f"{economic.worst} fails by", economic.incentive_residual, INCENTIVE_TOLERANCE),
            ("the value differs by", economic.value_residual, VALUE_TOLERANCE),
            ("the bracket is wide:", self.gap / self.scale, GAP_TOLERANCE),
        )
        return tuple(
            f"{what} {size:.3g}, more than {tolerance:.0e}"
            for what, size, tolerance in checks
            if not size <= tolerance
        )


def expectation(terms: Iterable[float]) -> float:
    """A sum; 0 where it is no more than the rounding of its terms."""
    listed = list(terms)
    total = math.fsum(listed)
    return 0.0 if abs(total) <= 4 * EPS * math.fsum(map(abs, listed)) else total


def expected_payoff(game: BayesianGame, told: Recommendation) -> float:
    """The designer's expected payoff from a recommendation."""
    profile, cell = np.nonzero(told.flat)
    return math.fsum(told.flat[profile, cell] * game.aim.at(profile, cell, exact=False))


def certify_recommendation(
    game: BayesianGame, procedure: BayesianProcedure, told: Recommendation, value: float
) -> BayesianEconomics:
    """Check a recommendation against a game: Bayes plausibility, incentives, value.

    Parameters
    ----------
    game, procedure
        What is played.
    told
        The recommendation.
    value
        What it is claimed to pay the designer.

    Raises
    ------
    InputError
        If these are no game and recommendation.
    """
    must_be("game", game, BayesianGame)
    must_be("told", told, Recommendation)
    worst: Incentives | None = None
    for one in incentives(game, procedure, told):
        if one.violation > (worst.violation if worst else 0.0):
            worst = one
    pays = expected_payoff(game, told)
    return BayesianEconomics(
        value=pays,
        bayes_residual=_bayes_residual(game, told),
        incentive_residual=worst.violation if worst else 0.0,
        value_residual=abs(pays - value) / game.at_stake,
        worst=worst.name if worst else None,
    )


def _bayes_residual(game: BayesianGame, told: Recommendation) -> float:
    """Of the joint distribution, and of what it is claimed to come from."""
    prior, axes = game.prior.ravel(), game.axes
    missed = np.abs(told.flat.sum(axis=0) - prior) - 4 * axes.profiles * EPS * prior
    missed = np.maximum(missed, -told.flat.min(axis=0))
    found = [float(np.divide(missed, prior, out=np.abs(missed), where=prior > 0).max(initial=0.0))]
    if told.kernel is not None:
        kernel = told.kernel.reshape(told.flat.shape)
        told_to = ~np.isnan(kernel[0])
        reported = kernel[:, told_to]
        found.append(float(np.abs(reported.sum(axis=0) - 1).max() - 4 * axes.profiles * EPS))
        found.append(float(-reported.min()))
        joint = np.where(prior[told_to] > 0, reported * prior[told_to], 0.0)
        found.append(_apart(told.flat[:, told_to], joint, prior[told_to]))
    if told.maps is not None and told.map_chances is not None:
        found.append(float(-told.map_chances.min()))
        found.append(_apart(told.flat, _from_maps(game, told.maps, told.map_chances), prior))
    if told.sequences is not None and told.sequence_chances is not None:
        final = np.zeros_like(told.flat)
        for sequence, mass in zip(told.sequences, told.sequence_chances, strict=True):
            acting = [int(i in sequence) for i in range(axes.n)]
            final[np.ravel_multi_index(acting, axes.actions)] += mass
        found.append(float(-told.sequence_chances.min(initial=0.0)))
        found.append(_apart(told.flat, final, prior))
    return max(0.0, *found)


def _apart(one: Floats, other: Floats, prior: Floats) -> float:
    """Largest difference, relative to the probability of the cell."""
    apart = np.abs(one - other).max(axis=0)
    return float(np.divide(apart, prior, out=apart, where=prior > 0).max(initial=0.0))


def _from_maps(game: BayesianGame, maps: Integers, chances: Floats) -> Floats:
    """The joint distribution that maps and their chances amount to."""
    axes, prior = game.axes, game.prior.ravel()
    joint = np.zeros((axes.profiles, axes.cells))
    ends = np.cumsum((0, *axes.type_counts))
    states = np.arange(axes.cells) // max(1, math.prod(axes.types))
    for row, chance in zip(maps, chances, strict=True):
        acts = tuple(row[ends[i] + axes.kinds[:, i]] for i in range(axes.n))
        joint[np.ravel_multi_index(acts, axes.actions), np.arange(axes.cells)] += (
            chance[states] * prior
        )
    return joint
