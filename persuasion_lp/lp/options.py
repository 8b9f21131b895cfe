"""Options of the solver, and the choice of the algorithm from the shape of the program."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np

from persuasion_lp.arrays import FrozenMapping
from persuasion_lp.errors import OptionError
from persuasion_lp.inputs import answers_for_arguments, check_choice, is_a, is_number, is_whole

__all__ = ["MANY_ROWS", "Algorithm", "Method", "SolverOptions", "choose_algorithm", "ending"]

Algorithm = Literal["auto", "dual-simplex", "primal-simplex", "ipm", "pdlp"]

Method = Literal["auto", "dual-simplex", "primal-simplex", "ipm", "pdlp", "blocks", "columns"]
"""What an optimum was found by: an algorithm of HiGHS, or a route that uses the structure."""

FEW_ROWS = 4
"""Up to here the dual simplex is quadratic in the number of columns, the primal one linear."""

MANY_ROWS = 500
"""From here on the interior point method with crossover overtakes the dual simplex."""

FEASIBILITY_TOLERANCE = 1e-9
"""HiGHS's absolute tolerance on the scaled program; its default of 1e-7 is as large as the
probability of a state when there are many states, or as the smallest of several rewards."""

TIGHTEST_TOLERANCE = 1e-10
"""The smallest tolerance HiGHS accepts. Tried when a certificate fails: it can double the time."""

INTERIOR_TOLERANCE = 1e-12
"""Gap of an interior point that is not moved to a vertex: what a certificate asks for; HiGHS's
default of 1e-8 is not enough for one, and costs hardly less."""

ITERATIONS, ITERATIONS_PER_LINE = 10_000, 50
"""With so many for each row and column, more iterations than the simplex method needs unless it
cycles, as it does where probabilities are 1e-9 and cutoffs as close to 1 (HiGHS 1.11 to 1.15)."""

IPM_ITERATIONS = 1_000
"""The same of the interior point method, which needs less than a hundred."""

MOST_ITERATIONS = 2**31 - 1
"""The largest iteration limit that HiGHS reads."""


@answers_for_arguments
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
        Seconds for the whole call: search, refinement, exact arithmetic included.
    iteration_limit
        Iterations of whichever algorithm runs, for one program.
    tolerance
        Primal and dual feasibility tolerance on the scaled program.
    highs
        Further HiGHS options by their own names; they are set last.

    Raises
    ------
    OptionError
        For a value of another kind or out of range. A name or value that HiGHS itself rejects
        raises when the program is solved.
    """

    algorithm: Algorithm = "auto"
    presolve: bool | None = None
    crossover: bool = True
    time_limit: float | None = None
    iteration_limit: int | None = None
    tolerance: float = FEASIBILITY_TOLERANCE
    highs: Mapping[str, bool | int | float | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("presolve", "crossover", "time_limit", "iteration_limit", "tolerance"):
            object.__setattr__(self, name, _plain(getattr(self, name)))
        check_choice("algorithm", self.algorithm, get_args(Algorithm))
        if not (self.presolve is None or is_a(self.presolve, bool)):
            raise OptionError("presolve", "must be True, False or None", value=self.presolve)
        if not is_a(self.crossover, bool):
            raise OptionError("crossover", "must be True or False", value=self.crossover)
        limit = self.time_limit
        if not (limit is None or (is_number(limit) and limit > 0)):
            raise OptionError("time_limit", "must be positive", value=limit)
        limit = self.iteration_limit
        if not (limit is None or (is_whole(limit) and 0 <= limit <= MOST_ITERATIONS)):
            rule = f"must be a whole number from 0 to {MOST_ITERATIONS}"
            raise OptionError("iteration_limit", rule, value=limit)
        smallest = TIGHTEST_TOLERANCE
        if not (is_number(self.tolerance) and smallest <= self.tolerance < math.inf):
            rule = f"must be a number of at least {smallest:.0e}"
            raise OptionError("tolerance", rule, value=self.tolerance)
        stated: Any = self.highs
        if not is_a(stated, Mapping):
            raise OptionError("highs", "must be a mapping of names to values", value=stated)
        named = {name: _plain(value) for name, value in stated.items()}
        for name, value in named.items():
            if not is_a(name, str):
                raise OptionError("highs", "must have strings as names", index=name, value=name)
            if not is_a(value, (bool, int, float, str)) or value != value:
                rule = "must be a truth value, a number or a string"
                raise OptionError("highs", rule, index=name, value=value)
        object.__setattr__(self, "highs", FrozenMapping(named))

    @property
    def seconds(self) -> float | None:
        """The time limit, also where it is given by HiGHS's own name."""
        stated: tuple[Any, ...] = (self.time_limit, self.highs.get("time_limit"))
        return min(
            (float(limit) for limit in stated if is_number(limit) and limit >= 0),
            default=None,
        )

    @property
    def limits_iterations(self) -> bool:
        """Whether an end to iterations is asked for."""
        named = (name.endswith("iteration_limit") for name in self.highs)
        return self.iteration_limit is not None or any(named)

    def as_highs(
        self, algorithm: Algorithm, presolve: bool | None
    ) -> dict[str, bool | int | float | str]:
        """Spell the options out in HiGHS's own names, for a resolved ``algorithm``."""
        spelled: dict[str, bool | int | float | str] = {
            "output_flag": False,
            "primal_feasibility_tolerance": float(self.tolerance),
            "dual_feasibility_tolerance": float(self.tolerance),
            "small_matrix_value": 1e-12,
        }
        if algorithm in ("dual-simplex", "primal-simplex"):
            spelled["solver"] = "simplex"
            spelled["simplex_strategy"] = 4 if algorithm == "primal-simplex" else 1
        else:
            spelled["solver"] = algorithm
            spelled["run_crossover"] = "on" if self.crossover else "off"
            if not self.crossover:
                spelled["ipm_optimality_tolerance"] = INTERIOR_TOLERANCE
        if algorithm == "pdlp":
            spelled["pdlp_optimality_tolerance"] = TIGHTEST_TOLERANCE
        if presolve is not None:
            spelled["presolve"] = "on" if presolve else "off"
        if self.iteration_limit is not None:
            for name in ("simplex", "ipm", "pdlp"):
                spelled[f"{name}_iteration_limit"] = self.iteration_limit
        return {**spelled, **self.highs}


def ending(
    options: Mapping[str, bool | int | float | str], shape: tuple[int, int]
) -> dict[str, bool | int | float | str]:
    """HiGHS's options for a program of this shape, with an end to iterations if none is set.

    Without one HiGHS may cycle for ever.
    """
    most = ITERATIONS + ITERATIONS_PER_LINE * sum(shape)
    ends = {"simplex_iteration_limit": most, "ipm_iteration_limit": IPM_ITERATIONS}
    return {**ends, **options}


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


def _plain(value: Any) -> Any:
    """A number or a string of NumPy's as Python's own; anything else, dates too, as it is."""
    dated = is_a(value, (np.datetime64, np.timedelta64))
    return value.item() if is_a(value, np.generic) and not dated else value
