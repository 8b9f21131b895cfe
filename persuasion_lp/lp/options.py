"""Options of the solver, and the choice of the algorithm from the shape of the program."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.errors import OptionError

__all__ = ["Algorithm", "SolverOptions", "choose_algorithm"]

Algorithm = Literal["auto", "dual-simplex", "primal-simplex", "ipm", "pdlp"]

FEW_ROWS = 4
"""Up to here the dual simplex is quadratic in the number of columns, the primal one linear."""

MANY_ROWS = 500
"""From here on the interior point method with crossover overtakes the dual simplex."""

FEASIBILITY_TOLERANCE = 1e-9
"""HiGHS's absolute tolerance on the scaled program; its default of 1e-7 is as large as the
probability of a state when there are many states, or as the smallest of several rewards."""

TIGHTEST_TOLERANCE = 1e-10
"""The smallest tolerance HiGHS accepts. Tried when a certificate fails: it can double the time."""


@dataclass(frozen=True)
class SolverOptions:
    """How HiGHS is to be run.

    Parameters
    ----------
    algorithm
        ``"auto"`` (from the program's shape), ``"dual-simplex"``, ``"primal-simplex"``,
        ``"ipm"`` or ``"pdlp"``.
    presolve
        Force presolve on or off; ``None`` leaves it to the algorithm.
    crossover
        Whether an interior point is moved to a vertex.
    time_limit
        Seconds for one program.
    iteration_limit
        Iterations of whichever algorithm runs.
    tolerance
        Primal and dual feasibility tolerance on the scaled program.
    highs
        Further HiGHS options by their own names; they are set last.

    Raises
    ------
    OptionError
        For a value out of range. A name or value that HiGHS itself rejects raises when the
        program is solved.
    """

    algorithm: Algorithm = "auto"
    presolve: bool | None = None
    crossover: bool = True
    time_limit: float | None = None
    iteration_limit: int | None = None
    tolerance: float = FEASIBILITY_TOLERANCE
    highs: Mapping[str, bool | int | float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.algorithm not in get_args(Algorithm):
            raise OptionError(
                "algorithm",
                f"must be one of {', '.join(get_args(Algorithm))}",
                value=self.algorithm,
            )
        if self.time_limit is not None and not self.time_limit > 0:
            raise OptionError("time_limit", "must be positive", value=self.time_limit)
        if self.iteration_limit is not None and not self.iteration_limit >= 0:
            raise OptionError("iteration_limit", "must not be negative", value=self.iteration_limit)
        if not (TIGHTEST_TOLERANCE <= self.tolerance < math.inf):
            raise OptionError(
                "tolerance", f"must be at least {TIGHTEST_TOLERANCE:.0e}", value=self.tolerance
            )
        object.__setattr__(self, "highs", FrozenMapping(self.highs))

    def as_highs(
        self, algorithm: Algorithm, presolve: bool | None
    ) -> dict[str, bool | int | float | str]:
        """Spell the options out in HiGHS's own names, for a resolved ``algorithm``."""
        spelled: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "primal_feasibility_tolerance": self.tolerance,
            "dual_feasibility_tolerance": self.tolerance,
            "small_matrix_value": 1e-12,
        }
        if algorithm in ("dual-simplex", "primal-simplex"):
            spelled["solver"] = "simplex"
            spelled["simplex_strategy"] = 4 if algorithm == "primal-simplex" else 1
        else:
            spelled["solver"] = algorithm
            spelled["run_crossover"] = "on" if self.crossover else "off"
        if algorithm == "pdlp":
            spelled["pdlp_optimality_tolerance"] = TIGHTEST_TOLERANCE
        if presolve is not None:
            spelled["presolve"] = "on" if presolve else "off"
        if self.time_limit is not None:
            spelled["time_limit"] = float(self.time_limit)
        if self.iteration_limit is not None:
            for name in ("simplex", "ipm", "pdlp"):
                spelled[f"{name}_iteration_limit"] = self.iteration_limit
        return {**spelled, **self.highs}


def choose_algorithm(rows: int, options: SolverOptions) -> tuple[Algorithm, bool | None]:
    """Resolve ``"auto"`` from the number of rows; returns the algorithm and whether to presolve.

    Measured on persuasion programs: with at most four rows (concavification) the primal simplex
    without presolve is linear in the columns where the dual one is quadratic; below about 500
    rows the dual simplex is fastest; above, the interior point method with crossover.
    """
    if options.algorithm != "auto":
        return options.algorithm, options.presolve
    if rows <= FEW_ROWS:
        return "primal-simplex", False if options.presolve is None else options.presolve
    return ("dual-simplex" if rows < MANY_ROWS else "ipm"), options.presolve
