"""The answer to a posterior-mean game: means, price function, pooled segments, certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.checks import Checked
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.extras import load
from persuasion_lp.families.means.exact import exact_means
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import MeansFormulation, PriceFunction, build_transport
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.primitives.states import StateGrid

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MeansCertificate", "MeansProcedure", "MeansResult", "PriceCheck", "Segment"]

MeansProcedure = Literal["simultaneous", "commitment"]

PRICE_TOLERANCE = 1e-8
"""For each property of a price function and for the distribution of means, relative to the largest
payoff, states being of order one: ten times the solver's feasibility tolerance."""


@dataclass(frozen=True)
class Segment:
    """An interval of states across which signals pool.

    Attributes
    ----------
    low, high
        The states between which it lies; those strictly inside are pooled, and possibly part of
        the mass at its ends.
    kind
        ``"pooling"`` (one posterior mean), ``"bi-pooling"`` (two; Arieli, Babichenko, Smorodinsky
        and Yamashita 2023: no extreme point needs more) or ``"general"``.
    means, probabilities
        The posterior means inside it, and how likely they are.
    """

    low: float
    high: float
    kind: Literal["pooling", "bi-pooling", "general"]
    means: tuple[float, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True)
class PriceCheck(Checked):
    """Dworczak and Martini's conditions, each by which share of the largest payoff it fails.

    Attributes
    ----------
    convexity
        Largest fall of the price function's slope.
    excess
        Largest excess of the payoff over the price function, beyond the one that the upper bound
        accounts for.
    touching
        Largest distance of the two on the support of the optimal means.
    integral
        Distance of ∫ P dF from the value.
    """

    convexity: float
    excess: float
    touching: float
    integral: float

    @property
    def failures(self) -> tuple[str, ...]:
        """The conditions that do not hold, in words."""
        checks = (
            ("the price function is not convex, by", self.convexity),
            ("the payoff exceeds the price function by", self.excess),
            ("payoff and price function differ on the support by", self.touching),
            ("the price of the prior misses the value by", self.integral),
        )
        return tuple(f"{what} {size:.3g}" for what, size in checks if not size <= PRICE_TOLERANCE)


@dataclass(frozen=True)
class MeansCertificate(Checked):
    """The programme's certificate, the price function's, and that of the distribution of means.

    Attributes
    ----------
    lp
        Certificate of the linear program (of the worse one, for a bracket).
    price
        Dworczak and Martini's conditions.
    spread_residual
        By how much the prior fails to be a mean-preserving spread of the means.
    value_residual, value
        Distance of the expectation of v, recomputed, from the value claimed, relative to the
        largest payoff; and itself.
    upper
        Upper bound that the price function proves.
    """

    lp: LPCertificate
    price: PriceCheck
    spread_residual: float
    value_residual: float
    value: float
    upper: float

    @property
    def economic(self) -> PriceCheck:
        """What the price function proves by itself."""
        return self.price

    @property
    def scale(self) -> float:
        """Of the programme's objective."""
        return self.lp.scale

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value."""
        return self.upper - self.value

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.lp.failures + self.price.failures
        if not self.spread_residual <= PRICE_TOLERANCE:
            found += (f"the prior is no spread of the means, by {self.spread_residual:.3g}",)
        if not self.value_residual <= PRICE_TOLERANCE:
            found += (f"the means pay {self.value:.12g}, not the value claimed",)
        return found


@dataclass(frozen=True, eq=False, repr=False)
class MeansResult(Comparable):
    """A certified optimum of a :class:`PosteriorMeanGame`.

    Attributes
    ----------
    problem
        The problem: the game, or the manager's problem whose commitment benchmark it is.
    game
        The game.
    procedure
        ``"simultaneous"``, or ``"commitment"`` for a manager's problem.
    formulation
        ``"majorization"`` or ``"transport"``.
    value
        Expected payoff of the means.
    lower, upper
        Bracket on the optimum: both the value for a piecewise linear payoff on a grid of states.
        For a payoff given as a function, ``upper`` rests on its values between the candidate means,
        probed finely but not everywhere.
    grid
        The states on which the means were found.
    means, probabilities
        The distribution of posterior means.
    price
        The price function.
    segments
        Where signals pool; states outside are revealed.
    certificate
        What has been recomputed.
    lp
        The linear program.
    algorithm, rounds, times
        How it was solved: algorithm, rounds of adding candidate means, seconds.
    """

    problem: Any
    game: PosteriorMeanGame
    procedure: MeansProcedure
    formulation: MeansFormulation
    value: float
    lower: float
    upper: float
    grid: StateGrid
    means: Floats
    probabilities: Floats
    price: PriceFunction
    segments: tuple[Segment, ...]
    certificate: MeansCertificate
    lp: LinearProgram
    algorithm: str
    rounds: int
    times: Mapping[str, float]

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved over all posterior means.

        For a :class:`StateGrid` and a payoff with known pieces: a :class:`PiecewiseLinear`
        function, or that of a manager with finitely many types. Their numbers are taken as they
        were written: fractions, strings and integers exactly, decimals as decimals (0.1 is 1/10),
        equal masses and probabilities that were left out as 1/K and 1/J. The certificate is that
        of the programme of :attr:`formulation`, with states and breakpoints as candidate means;
        its description lists them.

        Raises
        ------
        PriorError
            If the prior is continuous, or its masses, so read, do not sum to 1 exactly.
        PayoffError
            If the pieces of the payoff are not known exactly.
        WorkerTypeError
            If a manager's types are continuous, or computed from several workers', or their
            probabilities, so read, do not sum to 1 exactly.
        ExactSizeError
            If there are too many states and breakpoints; nothing has been solved.
        ExactnessError
            If no rational optimum could be proved.
        """
        return exact_means(self.game, self.procedure, self.formulation, self.problem)

    @cached_property
    def experiment(self) -> Floats:
        """Probability of each posterior mean in each state of ``grid``, shape ``(K, S)``."""
        none = np.zeros(self.means.size)
        lp = build_transport(self.grid, self.means, none, self.probabilities)
        plan = np.maximum(solve_lp(lp).values("pi"), 0.0)
        return frozen(np.asarray(plan / plan.sum(axis=1, keepdims=True)))

    @cached_property
    def prices(self) -> Floats:
        """Marginal value of the prior: the price function at the states of ``grid``."""
        return frozen(np.asarray(self.price(self.grid.states), dtype=np.float64))

    @cached_property
    def no_information(self) -> float:
        """The sender's payoff when nothing is said: v at the prior mean."""
        return self.game.payoff_without_information()

    @cached_property
    def full_information(self) -> float:
        """The sender's payoff when the state is revealed: the expectation of v."""
        return self.game.payoff_with_full_information()

    def to_frame(self) -> pd.DataFrame:
        """One row per posterior mean: probability, payoff, price."""
        pd = load("pandas", extra="frames", feature="tables")

        return pd.DataFrame(
            {
                "mean": self.means,
                "probability": self.probabilities,
                "payoff": self.game.values(self.means),
                "price": self.price(self.means),
            }
        )

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        check = self.certificate.price
        return {
            "procedure": self.procedure,
            "formulation": self.formulation,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "means": self.means.tolist(),
            "probabilities": self.probabilities.tolist(),
            "price": {"knots": self.price.knots.tolist(), "values": self.price.values.tolist()},
            "segments": [
                {
                    "low": segment.low,
                    "high": segment.high,
                    "kind": segment.kind,
                    "means": list(segment.means),
                    "probabilities": list(segment.probabilities),
                }
                for segment in self.segments
            ],
            "certificate": {
                "ok": self.certificate.ok,
                "gap": self.certificate.gap,
                "convexity": check.convexity,
                "excess": check.excess,
                "touching": check.touching,
                "integral": check.integral,
                "spread_residual": self.certificate.spread_residual,
            },
            "algorithm": self.algorithm,
            "rounds": self.rounds,
            "times": dict(self.times),
        }

    def __repr__(self) -> str:
        check = self.certificate.price
        pools = "; ".join(
            f"{s.kind} ({s.low:.6g}, {s.high:.6g}) at {', '.join(f'{m:.6g}' for m in s.means)}"
            for s in self.segments[:4]
        )
        return "\n".join(
            [
                f"MeansResult: {self.procedure} ({self.formulation}), {self.problem!r}",
                f"  value        {self.value:.9g} in [{self.lower:.12g}, {self.upper:.12g}]",
                f"  signals      {self.means.size} means; {pools or 'nothing is pooled'}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"convexity {check.convexity:.1e}, excess {check.excess:.1e}, "
                f"touching {check.touching:.1e}, integral {check.integral:.1e}",
            ]
        )
