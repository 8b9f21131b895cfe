r"""Continuous difficulties: distributions on [0, 1] by their cdf, quantiles and tail moments.

For θ ~ F the menu problem needs three functions, and the third follows from the others:

    F(t),        M(t) = ∫_t^1 θ dF(θ),        R(p) = M(F^{-1}(1 − p)).

R(p) = p · E[θ | θ in the top p] is the *top-p mean function*, concave with R(0) = 0, R(1) = E[θ]
and slope F^{-1}(1 − p). In closed form for Beta distributions on an interval,

    M(t) = c (1 − I_z(a, b)) + d · a/(a+b) · (1 − I_z(a+1, b)),      θ = c + d·Beta(a, b),
                                                                     z = (t − c)/d,

which for b = 1 is the power distribution θ^a and for a = b = 1 the uniform one. A histogram has a
density that is constant between its edges e_k, so that F is linear and M quadratic there:

    M(t) = (F(e) − F(t)) (t + e)/2 + M(e),        e the first edge above t.

Otherwise by quadrature of ∫_t^1 (1 − F) = M(t) − t (1 − F(t)), with its own estimate as ``error``
(:mod:`~persuasion_lp.primitives.survival`).

What is proved of a continuous distribution rests on one assumption: F, as computed here or by
``scipy``, is right up to ``cdf_error``, and M up to ``moment_error``.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial, wraps
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Numbers, frozen_floats
from persuasion_lp.errors import PriorError
from persuasion_lp.inputs import called
from persuasion_lp.primitives.densities import Density
from persuasion_lp.primitives.scipy_functions import ScipyDistribution, finite_numbers, reached
from persuasion_lp.primitives.survival import SurvivalIntegral
from persuasion_lp.shown import shown

__all__ = ["StateDistribution", "distribution_of"]

SUPPORT_ROUNDING = 1e-12
"""How far the ends of a support may be outside [0, 1]: what computed locations and scales leave, as
of ``truncnorm((0 - m)/s, (1 - m)/s, m, s)``. States there are moved to 0 or 1."""

FUNCTION_ERROR = 1e-14
"""Assumed error of a cdf, and of a tail moment relative to the largest state."""

_CLOSED_FORMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"uniform": (), "powerlaw": ("a",), "beta": ("a", "b")}
)
"""``scipy.stats`` distributions that are Beta distributions on an interval, with their shapes."""


class StateDistribution(ABC):
    """A continuous distribution of the state on a subinterval of [0, 1].

    Attributes
    ----------
    low, high
        Ends of the support.
    mean
        E[θ].
    error
        Bound on the error of quadrature in every tail moment (0 where they are in closed form).
    cdf_error
        Assumed bound on the error of F.
    """

    low: float
    high: float
    mean: float
    error: float
    cdf_error: float = FUNCTION_ERROR

    @property
    def moment_error(self) -> float:
        """Assumed bound on the error of every tail moment, and of the mean."""
        return self.error + FUNCTION_ERROR * self.high

    def __init_subclass__(cls, **options: Any) -> None:
        """What the methods of a distribution, or of a user's own, give is checked."""
        super().__init_subclass__(**options)
        for name in ("cdf", "quantile", "tail_moment"):
            if name in vars(cls):
                setattr(cls, name, _checked(vars(cls)[name], name))

    @staticmethod
    def uniform(low: Numbers = 0.0, high: Numbers = 1.0) -> StateDistribution:
        """Uniform on [low, high]."""
        ends = [_number("low", low), _number("high", high)]
        return _Beta(1.0, 1.0, ends[0], ends[1] - ends[0])

    @staticmethod
    def power(a: Numbers) -> StateDistribution:
        """F(θ) = θ^a on [0, 1]; ``a`` is the task's difficulty propensity in LX, Corollary 2."""
        return _Beta(_number("a", a), 1.0, 0.0, 1.0)

    @staticmethod
    def beta(a: Numbers, b: Numbers, low: Numbers = 0.0, high: Numbers = 1.0) -> StateDistribution:
        """Beta(a, b) on [low, high]."""
        ends = [_number("low", low), _number("high", high)]
        return _Beta(_number("a", a), _number("b", b), ends[0], ends[1] - ends[0])

    @staticmethod
    def from_density(density: Callable[[float], float]) -> StateDistribution:
        """A distribution on [0, 1] by its density, integrated numerically.

        Raises
        ------
        PriorError
            If the density does not integrate to 1 over [0, 1], is negative somewhere (it is tried
            at :data:`~persuasion_lp.primitives.densities.DENSITY_PROBES` points), raises, or gives
            no number.
        """
        measured = Density(density)
        return _Quadrature(measured.cdf, measured.quantile, 0.0, 1.0)

    @staticmethod
    def from_scipy(frozen: Any) -> StateDistribution:
        """A frozen ``scipy.stats`` distribution with its support in [0, 1].

        ``uniform``, ``powerlaw`` and ``beta`` are recognized and get closed forms, with any
        location and scale; others are integrated numerically.

        Raises
        ------
        PriorError
            If the distribution is not continuous, or puts mass outside [0, 1].
        """
        return distribution_of(frozen, "difficulty")

    @abstractmethod
    def cdf(self, t: ArrayLike) -> Floats:
        """F(t), any shape."""

    @abstractmethod
    def quantile(self, u: ArrayLike) -> Floats:
        """F^{-1}(u), any shape."""

    @abstractmethod
    def tail_moment(self, t: ArrayLike) -> Floats:
        """M(t) = ∫_t^1 θ dF(θ), any shape."""

    def top_mean(self, p: ArrayLike) -> Floats:
        """R(p) = ∫ θ over the top p of the states: p times their mean; any shape."""
        share = np.asarray(p, dtype=np.float64)
        return np.asarray(
            np.where(share >= 1.0, self.mean, self.tail_moment(self.quantile(1.0 - share)))
        )

    def mean_above(self, t: float) -> float:
        """E[θ | θ ≥ t]; the upper end of the support where there is no mass above t."""
        mass = 1.0 - float(self.cdf(t))
        return float(self.tail_moment(t)) / mass if mass > 0 else self.high


def _checked(method: Callable[..., Any], name: str) -> Callable[..., Floats]:
    """A method of a distribution that gives one finite number for each it is asked about."""

    @wraps(method)
    def checked(self: StateDistribution, points: ArrayLike) -> Floats:
        return finite_numbers(
            partial(method, self), points, f"{type(self).__name__}.{name}", PriorError
        )

    return checked


def _scipy_name(frozen: Any) -> str | None:
    """The name of a frozen ``scipy.stats`` distribution; ``None`` for all else."""
    name = reached(frozen, "dist", "name")
    return name if isinstance(name, str) else None


def distribution_of(frozen: Any, field: str) -> StateDistribution:
    """See :meth:`StateDistribution.from_scipy`; errors name the field."""
    wanted = reached(frozen, "numargs")
    if type(wanted) is int and wanted:
        written = [shown(reached(frozen, of)).strip("'") for of in ("name", "shapes")]
        rule = "must be frozen, with numbers in place of its parameters: {}({})"
        raise PriorError(field, rule.format(*written))
    if type(wanted) is int:
        frozen = called(frozen.freeze, field=field, error=PriorError, at="no argument")
    name = _scipy_name(frozen)
    if name is None or reached(frozen, "pdf") is None:
        raise PriorError(
            field,
            "must be a StateGrid or a continuous frozen scipy.stats distribution",
            value=frozen if name is None else name,
        )
    checked = ScipyDistribution(frozen, field, PriorError)
    low, high = checked.support()
    if not (low >= -SUPPORT_ROUNDING and high <= 1.0 + SUPPORT_ROUNDING):
        raise PriorError(
            field, "must have all its mass in [0, 1]; its support is", value=(low, high)
        )
    low, high = max(low, 0.0), min(high, 1.0)
    edges = reached(frozen, "dist", "_hbins")
    if edges is not None:
        return _Histogram(checked.cdf, np.asarray(edges, dtype=np.float64), low, high)
    shapes = _CLOSED_FORMS.get(name)
    if shapes is None:
        return _Quadrature(checked.cdf, checked.ppf, low, high)
    values = {**dict(zip(shapes, frozen.args, strict=False)), **frozen.kwds}
    a, b = (float(values.get(shape, 1.0)) for shape in ("a", "b"))
    return _Beta(a, b, low, high - low)


class _Beta(StateDistribution):
    """c + d·Beta(a, b), everything in closed form."""

    error = 0.0

    def __init__(self, a: float, b: float, c: float, d: float) -> None:
        for field, value in (("a", a), ("b", b)):
            if not 0.0 < value < math.inf:
                raise PriorError(field, "must be positive", value=value)
        if not (c >= 0.0 and d > 0.0 and c + d <= 1.0 + SUPPORT_ROUNDING):
            raise PriorError("support", "must be an interval in [0, 1]", value=(c, c + d))
        self.a, self.b, self.c, self.d = a, b, c, d
        self.low, self.high = c, min(c + d, 1.0)
        self.mean = c + d * a / (a + b)

    def cdf(self, t: ArrayLike) -> Floats:
        return self._regularized(self.a, t)

    def quantile(self, u: ArrayLike) -> Floats:
        share = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)
        if self.b == 1.0:
            return np.asarray(self.c + self.d * share ** (1.0 / self.a))
        from scipy.special import betaincinv

        return np.asarray(self.c + self.d * betaincinv(self.a, self.b, share))

    def tail_moment(self, t: ArrayLike) -> Floats:
        own = self.d * self.a / (self.a + self.b) * (1.0 - self._regularized(self.a + 1.0, t))
        return np.asarray(self.c * (1.0 - self.cdf(t)) + own)

    def _regularized(self, a: float, t: ArrayLike) -> Floats:
        z = np.clip((np.asarray(t, dtype=np.float64) - self.c) / self.d, 0.0, 1.0)
        if self.b == 1.0:
            return np.asarray(z**a)
        from scipy.special import betainc

        return np.asarray(betainc(a, self.b, z))

    def __repr__(self) -> str:
        shape = f"Beta({self.a:g}, {self.b:g})"
        if (self.c, self.d) == (0.0, 1.0):
            return shape
        return f"{shape} on [{self.low:g}, {self.high:g}]"


class _Histogram(StateDistribution):
    """A density that is constant between edges, everything in closed form."""

    error = 0.0

    def __init__(
        self, cdf: Callable[[ArrayLike], ArrayLike], edges: Floats, low: float, high: float
    ) -> None:
        share = (edges - edges[0]) / (edges[-1] - edges[0])
        self.edges = low + (high - low) * share
        self.edges[-1] = high
        self.below = np.maximum.accumulate(np.clip(cdf(self.edges), 0.0, 1.0))
        self.below[[0, -1]] = 0.0, 1.0
        self.low, self.high = low, high
        parts = np.diff(self.below) * (self.edges[:-1] + self.edges[1:]) / 2
        self._moments = np.append(np.cumsum(parts[::-1])[::-1], 0.0)
        self.mean = float(self._moments[0])

    def cdf(self, t: ArrayLike) -> Floats:
        return np.asarray(np.interp(np.asarray(t, dtype=np.float64), self.edges, self.below))

    def quantile(self, u: ArrayLike) -> Floats:
        return np.asarray(np.interp(np.asarray(u, dtype=np.float64), self.below, self.edges))

    def tail_moment(self, t: ArrayLike) -> Floats:
        points = np.clip(np.asarray(t, dtype=np.float64), self.low, self.high)
        k = np.minimum(np.searchsorted(self.edges, points, side="right"), self.edges.size - 1)
        rest = (self.below[k] - self.cdf(points)) * (points + self.edges[k]) / 2
        return np.asarray(rest + self._moments[k])

    def __repr__(self) -> str:
        return f"histogram of {self.edges.size - 1} bins on [{self.low:g}, {self.high:g}]"


class _Quadrature(StateDistribution):
    """A distribution by cdf and quantiles, its tail moments by quadrature."""

    def __init__(
        self,
        cdf: Callable[[ArrayLike], ArrayLike],
        quantile: Callable[[ArrayLike], ArrayLike],
        low: float,
        high: float,
    ) -> None:
        self._cdf, self._quantile = cdf, quantile
        self.low, self.high = low, high
        self._survival = SurvivalIntegral(self.cdf, low, high)
        self.error = self._survival.error
        self.mean = float(self.tail_moment(low))

    def cdf(self, t: ArrayLike) -> Floats:
        return np.asarray(self._cdf(t), dtype=np.float64)

    def quantile(self, u: ArrayLike) -> Floats:
        shares = np.clip(np.asarray(u, dtype=np.float64), 0.0, 1.0)
        return np.clip(np.asarray(self._quantile(shares), dtype=np.float64), self.low, self.high)

    def tail_moment(self, t: ArrayLike) -> Floats:
        points = np.clip(np.asarray(t, dtype=np.float64), self.low, self.high)
        return self._survival(points) + points * (1.0 - self.cdf(points))

    def __repr__(self) -> str:
        return f"distribution on [{self.low:g}, {self.high:g}] by quadrature"


def _number(field: str, value: Numbers) -> float:
    given = frozen_floats(field, value, PriorError)
    if given.ndim:
        raise PriorError(field, "must be a number", value=given.shape)
    return float(given)
