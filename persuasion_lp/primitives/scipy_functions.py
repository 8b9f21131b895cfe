"""The functions of a frozen ``scipy.stats`` distribution, with their answers checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, real_numbers
from persuasion_lp.errors import InputError
from persuasion_lp.inputs import called

__all__ = ["ScipyDistribution", "finite_numbers", "reached"]


def finite_numbers(
    function: Callable[[ArrayLike], Any], points: ArrayLike, field: str, error: type[InputError]
) -> Floats:
    """Values of a function at points, one finite number for each.

    Raises
    ------
    InputError
        Of the kind given, if the function raises, or gives anything else.
    """
    asked = real_numbers(points, field="points", error=error)
    given = called(function, asked, field=field, error=error)
    found = real_numbers(given, field=field, error=error, rule="must give numbers")
    if found.shape != asked.shape:
        rule = f"must give numbers of the shape asked for, {asked.shape}"
        raise error(field, rule, value=found.shape)
    if not np.isfinite(found).all():
        first = int(np.argmin(np.isfinite(found).ravel()))
        rule = f"must give finite numbers; first at {float(asked.ravel()[first])!r}"
        raise error(field, rule, value=float(found.ravel()[first]))
    return found


class ScipyDistribution:
    """A frozen ``scipy.stats`` distribution, or what has its methods, with their answers checked.

    Parameters
    ----------
    frozen
        The distribution; all but its methods below is passed on.
    field
        Its name, as the caller wrote it.
    error
        Kind of the errors.
    """

    def __init__(self, frozen: Any, field: str, error: type[InputError]) -> None:
        self.frozen: Any = frozen.frozen if isinstance(frozen, ScipyDistribution) else frozen
        self._field = field
        self._error = error

    def cdf(self, t: ArrayLike) -> Floats:
        """F(t), any shape."""
        return finite_numbers(self.frozen.cdf, t, f"{self._field}.cdf", self._error)

    def ppf(self, u: ArrayLike) -> Floats:
        """F^{-1}(u), any shape."""
        return finite_numbers(self.frozen.ppf, u, f"{self._field}.ppf", self._error)

    def support(self) -> tuple[float, float]:
        """Ends of the support."""
        field, rule = f"{self._field}.support", "must give two numbers"
        given = called(self.frozen.support, field=field, error=self._error, at="no argument")
        ends = real_numbers(given, field=field, error=self._error, rule=rule)
        if ends.shape != (2,):
            raise self._error(field, rule, value=given)
        return float(ends[0]), float(ends[1])

    def __repr__(self) -> str:
        return repr(self.frozen)


def reached(thing: Any, *names: str) -> Any:
    """An attribute of an attribute; ``None`` where there is none that can be read."""
    try:
        for name in names:
            thing = getattr(thing, name)
    except Exception:
        return None
    return thing
