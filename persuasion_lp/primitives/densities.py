r"""Distributions on [0, 1] by their density: F by quadrature, F^{-1} by bisection.

F(t) = ∫_0^t f / ∫_0^1 f.
"""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, real_numbers
from persuasion_lp.errors import PriorError
from persuasion_lp.inputs import called
from persuasion_lp.shown import raised, shown

__all__ = ["DENSITY_PROBES", "MASS_TOLERANCE", "Density"]

MASS_TOLERANCE = 1e-9
"""How far the mass that a density puts on [0, 1] may be from 1: the accuracy of quadrature."""

DENSITY_PROBES = 256
"""Points at which a density is tried before it is integrated."""

_BY_VALUE = ("cloudpickle", "cloudpickle.cloudpickle", "dill", "dill._dill")
"""Modules that pickle functions by their code, which is enough for any."""


class Density:
    """A density on [0, 1] with its distribution function and quantiles.

    It is pickled where the density is: a function that can be imported by name, or an object.

    Parameters
    ----------
    density
        f, a function of one state.

    Raises
    ------
    PriorError
        If the density cannot be called, raises, gives no number, is negative at one of
        :data:`DENSITY_PROBES` points, or does not integrate to 1.
    """

    def __init__(self, density: Callable[[float], float]) -> None:
        if not callable(density):
            raise PriorError("density", "must be a function of a state", value=density)
        self.density = density
        for theta in ((np.arange(DENSITY_PROBES) + 0.5) / DENSITY_PROBES).tolist():
            self(theta)
        self.total = self._below(1.0)
        if not abs(self.total - 1.0) <= MASS_TOLERANCE:
            raise PriorError("density", "must integrate to 1 over [0, 1]", value=self.total)

    def __call__(self, theta: float) -> float:
        """The density at a state: a finite number that is not negative."""
        given = called(self.density, theta, field="density", error=PriorError)
        if type(given) is float and 0.0 <= given < np.inf:
            return given
        rule = f"must give a number; at {theta:g}"
        found = real_numbers(given, field="density", error=PriorError, rule=rule)
        if found.size != 1:
            raise PriorError("density", rule, value=given)
        there = float(found.reshape(())[()])
        if not 0.0 <= there < np.inf:
            rule = "must not be negative" if there < 0.0 else "must be finite"
            raise PriorError("density", f"{rule}; at {theta:g}", value=there)
        return there

    def cdf(self, t: ArrayLike) -> Floats:
        """F(t), any shape."""
        points = np.asarray(t, dtype=np.float64)
        below = [self._below(float(s)) / self.total for s in points.ravel()]
        return np.minimum(np.array(below).reshape(points.shape), 1.0)

    def quantile(self, u: ArrayLike) -> Floats:
        """F^{-1}(u), any shape."""
        shares = np.asarray(u, dtype=np.float64)
        found = [
            0.0 if share <= 0 else 1.0 if share >= 1 else self._root(share)
            for share in shares.ravel().tolist()
        ]
        return np.array(found).reshape(shares.shape)

    def _below(self, t: float) -> float:
        from scipy.integrate import quad

        return float(quad(self, 0.0, t, epsabs=1e-13, full_output=1)[0])

    def _root(self, share: float) -> float:
        from scipy.optimize import brentq

        return float(brentq(lambda s: float(self.cdf(s)) - share, 0.0, 1.0, xtol=1e-15))

    def __deepcopy__(self, memo: dict[int, Any]) -> Density:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse by name what pickle refuses."""
        if not _sent_by_value():
            try:
                pickle.dumps(self.density)
            except Exception as failure:
                raise PriorError(
                    "density",
                    f"{shown(self.density)} cannot be pickled ({raised(failure)}): define it with "
                    "def at the top level of a module, not as a lambda or inside a function",
                ) from failure
        return super().__reduce_ex__(protocol)


def _sent_by_value() -> bool:
    """Whether it is a pickler that asks which sends functions by their code."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if str(frame.f_globals.get("__name__")).removeprefix("joblib.externals.") in _BY_VALUE:
            return True
        frame = frame.f_back
    return False
