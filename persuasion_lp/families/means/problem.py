r"""Posterior-mean persuasion: the sender's payoff depends on the mean of the posterior only.

A state θ ~ F on [0, 1]; the sender gets v(E[θ | signal]), v upper semicontinuous. The distributions
of posterior means that signals can induce are those of which F is a mean-preserving spread.

The manager's commitment benchmark (LX, Problem (A)) with one public test is of this kind: she gets

    v(s)  =  (s − w) Pr(x w ≥ s)   for s ≥ w,   0 below,

which is linear between the points x_j w and falls at each of them.

With finitely many states and known pieces of v, all numbers are kept as they were written, so that
the game can be stated in exact rationals.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import (
    Floats,
    Integers,
    Rationals,
    ReadOnly,
    frozen,
    frozen_floats,
    real_numbers,
)
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.piecewise import Pieces, PiecewiseLinear
from persuasion_lp.errors import InputError, PayoffError, PriorError
from persuasion_lp.inputs import answers_for_arguments, called
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid, as_difficulty
from persuasion_lp.shown import raised
from persuasion_lp.words import Described

__all__ = ["AcceptancePayoff", "MeansNumbers", "PosteriorMeanGame", "PrivateWorker"]


class PrivateWorker(Protocol):
    """What the commitment benchmark reads of a :class:`ManagerProblem`."""

    @property
    def difficulty(self) -> StateGrid | StateDistribution:
        """Distribution of θ."""

    @property
    def payment(self) -> float:
        """W."""

    @property
    def types(self) -> Floats | None:
        """Capabilities x_j, shape ``(J,)``; ``None`` if continuous."""

    @property
    def type_probs(self) -> Floats | None:
        """Their probabilities, shape ``(J,)``."""

    @property
    def type_distribution(self) -> Any:
        """The distribution of a continuous capability."""

    @property
    def order(self) -> Integers:
        """Positions of the types by increasing capability."""

    @property
    def acceptance_cutoffs(self) -> Floats:
        """x_j w, in the caller's order."""

    @property
    def rational_workers(self) -> tuple[Fraction, Rationals, Rationals]:
        """w, and by increasing capability x_j and probabilities, as written."""


@dataclass(frozen=True, eq=False)
class MeansNumbers(ReadOnly):
    """The numbers of a posterior-mean game in exact rationals.

    Attributes
    ----------
    states, masses
        The states of positive mass, increasing, and their masses, shape ``(K,)``.
    payoff
        v on [0, 1].
    """

    states: Rationals
    masses: Rationals
    payoff: Pieces


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class PosteriorMeanGame(Content, Described, ReadOnly):
    """A sender persuades receivers who care about the posterior mean.

    Parameters
    ----------
    prior
        A :class:`StateGrid`, a :class:`StateDistribution`, or a frozen continuous ``scipy.stats``
        distribution on [0, 1].
    payoff
        v as a function of the posterior mean, of numbers or of arrays. If it has an attribute
        ``breakpoints``, it is taken to be linear between them, with the higher value where two
        pieces meet, and the programme is exact. A :class:`BeliefFunction` with an assumption gives
        a bracket; of any other function nothing is known between the means that are tried, and
        there is no bound from above. Answers in fractions need a
        :class:`PiecewiseLinear` function or an ``AcceptancePayoff``.

    Attributes
    ----------
    prior, payoff
        As given, the prior as grid or distribution.
    breakpoints
        Breakpoints of a piecewise linear payoff in [0, 1], or ``None``.

    Raises
    ------
    PriorError
        For a prior that is none of the above.
    PayoffError
        For a payoff that cannot be called or is not finite on [0, 1].
    """

    prior: StateGrid | StateDistribution
    payoff: Callable[[ArrayLike], Any]
    breakpoints: Floats | None

    def __init__(self, prior: Any, payoff: Callable[..., Any]) -> None:
        if not callable(payoff):
            raise PayoffError("payoff", "must be a function of the posterior mean", value=payoff)
        object.__setattr__(self, "prior", as_difficulty(prior, "prior"))
        object.__setattr__(self, "payoff", payoff)
        try:
            given = getattr(payoff, "breakpoints", None)
        except Exception as failure:
            raise PayoffError("payoff.breakpoints", f"raised {raised(failure)}") from failure
        kinks = None
        if given is not None:
            kinks = np.unique(frozen_floats("payoff.breakpoints", given, PayoffError))
            kinks = kinks[(kinks >= 0) & (kinks <= 1)]
            kinks.setflags(write=False)
        object.__setattr__(self, "breakpoints", kinks)
        self.values(np.linspace(0.0, 1.0, 5))

    @classmethod
    def commitment(cls, problem: PrivateWorker) -> PosteriorMeanGame:
        """The manager's problem if she could commit to truthful reports (LX, Problem (A))."""
        stated: object = problem
        if not hasattr(type(stated), "rational_workers"):
            raise PayoffError("problem", "must be a ManagerProblem", value=stated)
        return cls(problem.difficulty, AcceptancePayoff(problem))

    @property
    def exact(self) -> bool:
        """Whether the game has an exact answer in fractions: if states and pieces are finite."""
        known = isinstance(self.payoff, (PiecewiseLinear, AcceptancePayoff))
        return known and self.breakpoints is not None and isinstance(self.prior, StateGrid)

    @property
    def bounded(self) -> bool:
        """Whether v is bounded between the means that are tried, so that the value is from above.

        By its pieces, or by what a :class:`BeliefFunction` assumes.
        """
        return self.breakpoints is not None or (
            isinstance(self.payoff, BeliefFunction) and self.payoff.assumption is not None
        )

    @cached_property
    def rational_numbers(self) -> MeansNumbers:
        """The game's numbers as exact rationals, taken as they were written.

        Raises
        ------
        PriorError
            If the prior is continuous, or its masses, so read, do not sum to 1 exactly.
        PayoffError
            If the pieces of the payoff are not known, or were computed in floating point.
        WorkerTypeError
            If it is the payoff of a manager whose types are continuous or were computed.
        """
        if not isinstance(self.prior, StateGrid):
            raise PriorError("prior", "must be finitely many states for an exact answer")
        if not isinstance(self.payoff, (PiecewiseLinear, AcceptancePayoff)):
            raise PayoffError(
                "payoff",
                "must be a PiecewiseLinear function for an exact answer: the pieces of a function "
                "are not known exactly",
            )
        states, masses = self.prior.rational_numbers
        possible = masses > 0
        return MeansNumbers(
            frozen(states[possible]), frozen(masses[possible]), self.payoff.rational_pieces
        )

    @cached_property
    def known_pieces(self) -> Pieces | None:
        """The pieces of v, in rationals where they were written; ``None`` if they are not known.

        A function that only says where its breakpoints are is evaluated there and at two points
        between every two of them, on whose line the ends of the piece are.
        """
        if self.breakpoints is None:
            return None
        if isinstance(self.payoff, (PiecewiseLinear, AcceptancePayoff)):
            try:
                return self.payoff.rational_pieces
            except InputError:
                if isinstance(self.payoff, PiecewiseLinear):
                    p = self.payoff
                    return Pieces(p.breakpoints, p.at, p.left, p.right)
        b = np.union1d(self.breakpoints, [0.0, 1.0])
        first, second = (self.values(b[:-1] + share * np.diff(b)) for share in (1 / 3, 2 / 3))
        at = self.values(b)
        right = np.append(2 * first - second, at[-1])
        left = np.insert(2 * second - first, 0, at[0])
        return Pieces(b, at, np.minimum(left, at), np.minimum(right, at))

    @cached_property
    def settled_numbers(self) -> MeansNumbers:
        """Finitely many states and known pieces as rationals, whether or not all were written.

        Masses that do not sum to 1 as written are divided by their sum; pieces that were computed
        are the floats that they are.
        """
        prior, pieces = self.prior, self.known_pieces
        if not isinstance(prior, StateGrid) or pieces is None:
            raise PayoffError(
                "payoff", "must have known pieces, and the prior finitely many states"
            )
        states, masses = prior.settled_numbers
        possible = masses > 0
        if pieces.at.dtype != object:
            exactly = np.frompyfunc(Fraction, 1, 1)
            parts = (pieces.breakpoints, pieces.at, pieces.left, pieces.right)
            pieces = Pieces(*(exactly(part) for part in parts))
        return MeansNumbers(frozen(states[possible]), frozen(masses[possible]), pieces)

    def values(self, means: Floats) -> Floats:
        """V at posterior means, shape as given.

        Raises
        ------
        PayoffError
            Where v is no finite number; the first mean concerned is named.
        """
        points = real_numbers(means, field="means", error=PayoffError)
        found = self._of_array(points.ravel())
        if found is not None:
            found = found.reshape(points.shape)
        else:
            found = np.array([self._value(s) for s in points.ravel().tolist()])
            found = found.reshape(points.shape)
        if not np.isfinite(found).all():
            first = int(np.argmin(np.isfinite(found).ravel()))
            raise PayoffError(
                "payoff",
                f"must be finite; first at mean {points.ravel()[first]:.12g}",
                value=float(found.ravel()[first]),
            )
        return found

    def payoff_without_information(self) -> float:
        """V at the prior mean."""
        return float(self.values(np.array([self.prior.mean]))[0])

    def payoff_with_full_information(self) -> float:
        """The expectation of v; of a continuous prior by quadrature between breakpoints."""
        if isinstance(self.prior, StateGrid):
            return math.fsum(self.prior.masses * self.values(self.prior.states))
        from scipy.integrate import quad

        prior = self.prior
        kinks = np.empty(0) if self.breakpoints is None else np.asarray(prior.cdf(self.breakpoints))
        inner = kinks[(kinks > 0) & (kinks < 1)]
        ends = np.concatenate([[0.0], np.unique(inner), [1.0]])

        def paid(share: float) -> float:
            return float(self.values(np.asarray(prior.quantile(np.array([share]))))[0])

        return math.fsum(quad(paid, a, b)[0] for a, b in itertools.pairwise(ends))

    def _of_array(self, points: Floats) -> Floats | None:
        """Values by one call, or ``None`` if v is a function of numbers."""
        try:
            found = self.payoff(points)
            if type(found) is np.ndarray and found.dtype.kind in "biuf":
                return found.astype(np.float64) if found.shape == points.shape else None
        except Exception:
            return None
        return None

    def _value(self, mean: float) -> float:
        at = f"mean {mean:.12g}"
        value = called(self.payoff, mean, field="payoff", error=PayoffError, at=at)
        rule = f"must give a number; at {at}"
        found = real_numbers(value, field="payoff", error=PayoffError, rule=rule)
        if found.size != 1:
            raise PayoffError("payoff", rule, value=value)
        return float(found.reshape(())[()])

    def __repr__(self) -> str:
        kind = "payoff by a function"
        if self.breakpoints is not None:
            kind = f"piecewise linear payoff with {self.breakpoints.size} breakpoints"
        return f"PosteriorMeanGame({self.prior!r}, {kind})"


class AcceptancePayoff(ReadOnly):
    """v(s) = (s − w) Pr(x w ≥ s) for s ≥ w, 0 below.

    Parameters
    ----------
    problem
        The manager's problem, with finitely many types (then ``breakpoints`` has w and the x_j w
        above it) or a continuous distribution of them.
    """

    def __init__(self, problem: PrivateWorker) -> None:
        self.problem = problem
        w = problem.payment
        if problem.types is not None and problem.type_probs is not None:
            order = problem.order
            self._accepted = problem.acceptance_cutoffs[order]
            tail = np.cumsum(problem.type_probs[order][::-1])[::-1]
            self._tail = np.append(np.minimum(tail, 1.0), 0.0)
            kinks = np.concatenate([[0.0, w], self._accepted, [1.0]])
            self.breakpoints = np.unique(kinks[(kinks <= 1.0) & ((kinks >= w) | (kinks == 0.0))])
        super().__post_init__()

    @cached_property
    def rational_pieces(self) -> Pieces:
        """The payoff on [0, 1] in exact rationals, the problem's numbers taken as written.

        Raises
        ------
        WorkerTypeError
            See :attr:`ManagerProblem.rational_numbers`.
        """
        w, types, probs = self.problem.rational_workers
        accepted = types * w
        inner = accepted[(accepted > w) & (accepted < 1)]
        b = np.unique(np.concatenate([[Fraction(0), w], inner, [Fraction(1)]]))
        tail = np.concatenate([np.cumsum(probs[::-1])[::-1], [Fraction(0)]])
        willing = tail[np.searchsorted(accepted, b[1:], side="left")]
        ends = np.stack([b[:-1], b[1:]], axis=1)
        return Pieces.from_values(b, np.maximum(ends - w, 0) * willing[:, None])

    def __call__(self, means: ArrayLike) -> Floats:
        """Values at posterior means, any shape."""
        s = np.asarray(means, dtype=np.float64)
        w = self.problem.payment
        if self.problem.types is None:
            willing = 1.0 - np.asarray(self.problem.type_distribution.cdf(s / w))
        else:
            willing = self._tail[np.searchsorted(self._accepted, s, side="left")]
        return np.asarray(np.where(s >= w, (s - w) * willing, 0.0))
