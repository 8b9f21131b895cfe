"""A program whose columns come in rounds: one solver keeps its basis from round to round."""

from __future__ import annotations

import math

import highspy
import numpy as np
from scipy import sparse

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import LimitError, SolverFailureError
from persuasion_lp.limits.deadline import check_time, seconds_left
from persuasion_lp.lp.engine.worker import LeftBehindError, call
from persuasion_lp.lp.options import SolverOptions, ending
from persuasion_lp.lp.process import let_go, new_solver, run_solver

__all__ = ["Master"]

LATE = 0.1
"""Seconds after a deadline at which the solver, which was told of it, is asked to stop."""

MOST_COLUMNS = 1_000_000
"""For the end that is put to iterations, as the number of columns is not known at first."""


class Master:
    """max c·x subject to rows given at first and columns x ≥ 0 added in rounds.

    Parameters
    ----------
    lower, upper
        Bounds of the rows; they are to be of size one or so, as the solver's tolerances are
        absolute.
    options
        Tolerances, and HiGHS's options.
    """

    def __init__(self, lower: Floats, upper: Floats, options: SolverOptions) -> None:
        chosen = options.as_highs("primal-simplex", False)
        self.rows = lower.size
        self.columns = 0
        self.iterations = 0
        self.solver = new_solver(ending(chosen, (self.rows, MOST_COLUMNS // 100)))
        nothing = np.empty(0, np.int32)
        self._checked(
            self.solver.addRows(
                self.rows, lower, upper, 0, np.zeros(self.rows, np.int32), nothing, np.empty(0)
            )
        )

    def add(self, objective: Floats, matrix: sparse.csc_array) -> None:
        """Add columns, with their entries in the rows."""
        count = objective.size
        if not count:
            return
        self._checked(
            self.solver.addCols(
                count,
                -objective,
                np.zeros(count),
                np.full(count, math.inf),
                matrix.nnz,
                matrix.indptr[:-1].astype(np.int32),
                matrix.indices.astype(np.int32),
                matrix.data,
            )
        )
        self.columns += count

    def solve(self) -> tuple[Floats, Floats]:
        """Optimal x, and prices of the rows, d(value)/d(right-hand side).

        Raises
        ------
        LimitError
            If the deadline passes, without a bracket.
        SolverFailureError
            If the solver ends otherwise.
        """
        check_time()
        solver = self.solver
        solver.setOptionValue("time_limit", solver.getRunTime() + seconds_left())

        def stop() -> None:
            solver.HandleUserInterrupt = True
            solver.cancelSolve()

        try:
            call(lambda: run_solver(solver), stop, seconds_left() + LATE)
        except LeftBehindError:
            raise LimitError("time", best_bound=math.inf, best_value=-math.inf) from None
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kTimeLimit:
            raise LimitError("time", best_bound=math.inf, best_value=-math.inf)
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverFailureError(f"HiGHS ended with status {status.name[1:]!r}")
        self.iterations += max(0, solver.getInfo().simplex_iteration_count)
        solution = solver.getSolution()
        return np.array(solution.col_value), -np.array(solution.row_dual)

    def close(self) -> None:
        """Let the solver go."""
        let_go(self.solver)

    @staticmethod
    def _checked(status: highspy.HighsStatus) -> None:
        if status == highspy.HighsStatus.kError:
            raise SolverFailureError("HiGHS rejected the arrays of the program")
