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
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.extras import load
from persuasion_lp.families.means.exact import exact_means
from persuasion_lp.families.means.problem import PosteriorMeanGame
from persuasion_lp.families.means.programme import MeansFormulation, PriceFunction
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.primitives.states import StateGrid

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MeansCertificate", "MeansProcedure", "MeansResult", "PriceCheck", "Segment"]

MeansProcedure = Literal["simultaneous", "commitment"]

PRICE_TOLERANCE = 1e-8
"""For each property of a price function, relative to its own terms: ten times the solver's
feasibility tolerance."""


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
    """Dworczak and Martini's conditions, each by which share of its own terms it fails.

    Attributes
    ----------
    convexity
        Largest fall of the price function's slope, relative to what the slopes are differences of:
        Σ (|P_k| + |P_{k+1}|) / (θ_{k+1} − θ_k) over the two of them.
    excess
        Largest excess of the payoff over the price function, beyond the one that the upper bound
        accounts for, relative to |v| + |P| there.
    touching
        Σ h |P − v| over the support of the optimal means, relative to Σ h (|P| + |v|).
    integral
        Distance of ∫ P dF from the value of the programme, relative to ∫ |P| dF.
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
    """A bracket: what the experiment pays for certain, and what the price function proves.

    The conditions on the price function, the residual of the means and the certificate of the
    linear program describe what the solver found. The bracket holds whatever they are.

    Attributes
    ----------
    lp
        Certificate of the linear program (of the worse one, for a continuous prior); ``None`` where
        rational arithmetic gave the answer.
    price
        Dworczak and Martini's conditions.
    spread_residual
        By how much the prior fails to be a mean-preserving spread of the means, relative to how
        much more spread out it could be.
    value
        What the experiment pays.
    upper
        Upper bound that the price function proves, of a function of which nothing is assumed over
        the means that were tried.
    width
        Of the bracket, over the means that were tried if the payoff is a function; ``None`` for a
        continuous prior, which is bracketed as narrowly as its cells allow.
    scale
        What it is relative to: Σ |payoff × probability| of the experiment.
    route
        Whether it was proved in floats, or from an optimum in rational arithmetic.
    """

    lp: LPCertificate | None
    price: PriceCheck
    spread_residual: float
    value: float
    upper: float
    width: float | None
    scale: float
    route: Literal["float", "exact"]

    @property
    def economic(self) -> PriceCheck:
        """What the price function proves by itself."""
        return self.price

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value."""
        return self.upper - self.value

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words: a bracket needs no other."""
        if not self.value <= self.upper:
            return (f"the bracket [{self.value!r}, {self.upper!r}] is empty",)
        if self.width is None or self.width <= GAP_TOLERANCE * self.scale:
            return ()
        return (
            f"the bracket [{self.value!r}, {self.upper!r}] is {self.width:.3g} wide "
            "(exact=True may narrow it)",
        )


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
        Bracket on the optimum: what the experiment pays for certain, rounded down, and what the
        price function proves, rounded up. For a continuous prior both rest on its own F and M being
        right up to ``cdf_error`` and ``moment_error``. ``upper`` is ``None`` for a payoff given as
        a function of which nothing is assumed: it may be higher between the means tried.
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
    experiment
        Probability of each posterior mean in each state of ``grid``, shape ``(K, S)``.
    lp
        The linear program.
    algorithm, rounds, times
        How it was solved: algorithm, rounds of adding candidate means, seconds.
    refinements
        The grids of a continuous prior that were tried.
    """

    problem: Any
    game: PosteriorMeanGame
    procedure: MeansProcedure
    formulation: MeansFormulation
    value: float
    lower: float
    upper: float | None
    grid: StateGrid
    means: Floats
    probabilities: Floats
    price: PriceFunction
    segments: tuple[Segment, ...]
    certificate: MeansCertificate
    experiment: Floats
    lp: LinearProgram
    algorithm: str
    rounds: int
    refinements: tuple[Refinement, ...]
    times: Mapping[str, float]

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved over all posterior means.

        For a :class:`StateGrid` and a payoff with known pieces: a :class:`PiecewiseLinear`
        function, or that of a manager with finitely many types. Their numbers are taken as they
        were written: fractions, strings and integers exactly, decimals as decimals (0.1 is 1/10),
        equal masses and probabilities that were left out as 1/K and 1/J. The certificate is that
        of the programme of ``formulation``, with states and breakpoints as candidate means;
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
        upper = "unknown" if self.upper is None else f"{self.upper:.12g}"
        pools = "; ".join(
            f"{s.kind} ({s.low:.6g}, {s.high:.6g}) at {', '.join(f'{m:.6g}' for m in s.means)}"
            for s in self.segments[:4]
        )
        return "\n".join(
            [
                f"MeansResult: {self.procedure} ({self.formulation}), {self.problem!r}",
                f"  value        {self.value:.9g} in [{self.lower:.12g}, {upper}]",
                f"  signals      {self.means.size} means; {pools or 'nothing is pooled'}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"convexity {check.convexity:.1e}, excess {check.excess:.1e}, "
                f"touching {check.touching:.1e}, integral {check.integral:.1e}",
            ]
        )
