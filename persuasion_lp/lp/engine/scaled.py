"""A program as HiGHS gets it, and one run of HiGHS on it.

The program is handed over in scaled form, with powers of two so that scaling is exact: rows by
their largest coefficient, right-hand sides and bounds (the prior mass) to a mean of one, the
objective to a largest coefficient of one. HiGHS's tolerances are absolute; without this they are
as large as the probabilities themselves when there are many states. HiGHS always minimizes −c·x.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.errors import SolverFailureError
from persuasion_lp.limits.deadline import check_time, seconds_left
from persuasion_lp.lp.certificate import implied_upper
from persuasion_lp.lp.engine.tape import Basis, asked
from persuasion_lp.lp.engine.worker import LeftBehindError, call
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.options import TIGHTEST_TOLERANCE, Algorithm, SolverOptions, ending
from persuasion_lp.lp.process import forked, let_go, new_solver, run_solver

__all__ = ["Run", "Scaled", "Status", "final_basis"]

Status = highspy.HighsModelStatus
_COLUMNWISE, _MINIMIZE = 1, 1
_FEASIBLE_POINT = 2

SMALLEST_EXPONENT = -512
"""Columns are scaled down to no less than two to this power, so that rows can be scaled back up."""

LARGEST_EXPONENT = 1023
"""Of a power of two that is a float: smaller masses and rewards are scaled up by no more."""

REWARD_RANGE = 2.0**40
"""With columns scaled to their bounds the smallest reward becomes one, as HiGHS's dual tolerance is
absolute; rewards smaller than the largest by more than this do not count."""

FEW_NONZEROS = 20_000
"""Programs up to this size are solved by the thread that asks, which cannot be interrupted then;
handing them to another one takes as long as solving a small one."""

MOMENT = 0.4
"""Seconds granted to them; what takes longer is solved anew by a thread that can be left."""

LATE = 0.1
"""Seconds after a deadline at which HiGHS, which was told of it, is asked to stop."""


@dataclass(frozen=True, eq=False)
class Run:
    """What one run of HiGHS left behind, in the units of the unscaled program."""

    status: highspy.HighsModelStatus
    x: Floats
    y: Floats
    feasible: bool
    iterations: int
    times: dict[str, float]


class Scaled:
    """A program scaled by powers of two, ready to be handed to HiGHS.

    ``by_columns``, each column is first divided by the bound that is given or implied for it, so
    that events of tiny probability are as large as the others.
    """

    def __init__(self, lp: LinearProgram, *, by_columns: bool = False) -> None:
        started = time.perf_counter()
        self.lp = lp
        self.by_columns = by_columns
        levels = np.concatenate([lp.rhs, lp.lower, lp.upper])
        levels = np.abs(levels[np.isfinite(levels) & (levels != 0)])
        self.mass = _power_of_two(-math.log2(float(levels.mean()))) if levels.size else 1.0
        self.column = np.ones(lp.objective.size)
        data, row_scale = lp.matrix.data, lp.row_scale
        if by_columns:
            largest = implied_upper(lp) * self.mass
            bounded = (largest > 0) & np.isfinite(largest)
            exponent = np.round(np.log2(largest, out=np.zeros_like(largest), where=bounded))
            self.column = np.exp2(np.maximum(exponent, SMALLEST_EXPONENT))
            data = data * self.column[lp.entry_columns]
            row_scale = np.zeros(lp.rhs.size)
            np.maximum.at(row_scale, lp.matrix.indices, np.abs(data))
            row_scale[row_scale == 0] = 1.0
        objective = lp.objective * self.column
        rewards = np.abs(objective[objective != 0])
        if by_columns and rewards.size:
            rewards = np.maximum(rewards, rewards.max() / REWARD_RANGE)
        reward = float((rewards.min() if by_columns else rewards.max()) if rewards.size else 1.0)
        self.reward = _power_of_two(-math.log2(reward))
        exponent = np.round(np.log2(row_scale))
        self.row = np.exp2(-exponent)
        if exponent.any():
            data = data * self.row[lp.matrix.indices]
        b = lp.rhs * self.row * self.mass
        self.arrays = (
            -self.reward * objective,
            lp.lower * self.mass / self.column,
            lp.upper * self.mass / self.column,
            np.where(lp.senses < 0, -math.inf, b),
            np.where(lp.senses > 0, math.inf, b),
            lp.matrix.indptr.astype(np.int32, copy=False),
            lp.matrix.indices.astype(np.int32, copy=False),
            data,
            np.zeros(lp.objective.size, np.int32),
        )
        self.ready = time.perf_counter()
        self.seconds = self.ready - started

    def run(self, options: Mapping[str, bool | int | float | str]) -> Run:
        """Hand the arrays to HiGHS and run it, until the deadline at most."""
        m, n = self.lp.shape
        started = time.perf_counter()
        try:
            solver = self.solved(options)
        except LeftBehindError:
            return self.nothing()
        done = time.perf_counter()
        status = solver.getModelStatus()
        solution = solver.getSolution()
        info = solver.getInfo()
        let_go(solver)
        x = np.array(solution.col_value) if solution.value_valid else np.zeros(n)
        y = np.array(solution.row_dual) if solution.dual_valid else np.zeros(m)
        return Run(
            status=Status.kTimeLimit if status == Status.kInterrupt else status,
            x=frozen(x * self.column / self.mass),
            y=frozen(-y * self.row / self.reward),
            feasible=info.primal_solution_status == _FEASIBLE_POINT,
            iterations=_iterations(info),
            times={
                "pass": self.seconds + self.ready - started,
                "run": done - self.ready,
                "extract": time.perf_counter() - done,
            },
        )

    def nothing(self) -> Run:
        """What is left of a run that was out of time before it left anything."""
        m, n = self.lp.shape
        return Run(
            Status.kTimeLimit,
            x=frozen(np.zeros(n)),
            y=frozen(np.zeros(m)),
            feasible=False,
            iterations=0,
            times={"pass": self.seconds},
        )

    def solved(self, options: Mapping[str, bool | int | float | str]) -> highspy.Highs:
        """HiGHS after it has run; whoever has read it lets it go.

        Raises
        ------
        LimitError
            If the deadline had passed before.
        LeftBehindError
            If HiGHS did not stop when it had passed.
        SolverFailureError
            If it refuses the program, or fails.
        """
        check_time()
        solver = self._loaded(options)
        allowed = float(solver.getOptionValue("time_limit")[1])
        if self.lp.nonzeros <= FEW_NONZEROS and not forked():
            left = min(allowed, seconds_left())
            solver.setOptionValue("time_limit", min(left, MOMENT))
            ended = run_solver(solver)
            if solver.getModelStatus() != Status.kTimeLimit or left <= MOMENT:
                return _unless_failed(solver, ended)
            let_go(solver)
            solver = self._loaded(options)
        left = min(allowed, seconds_left())
        solver.setOptionValue("time_limit", left)

        def stop() -> None:
            solver.HandleUserInterrupt = True
            solver.cancelSolve()
            solver.setOptionValue("time_limit", 0.0)

        return _unless_failed(solver, call(lambda: run_solver(solver), stop, left + LATE))

    def _loaded(self, options: Mapping[str, bool | int | float | str]) -> highspy.Highs:
        """HiGHS with the options and the arrays."""
        solver = new_solver(ending(options, self.lp.shape))
        m, n = self.lp.shape
        passed = solver.passModel(n, m, self.lp.nonzeros, _COLUMNWISE, _MINIMIZE, 0.0, *self.arrays)
        if passed == highspy.HighsStatus.kError:
            raise SolverFailureError("HiGHS rejected the arrays of the program")
        self.ready = time.perf_counter()
        return solver


def _unless_failed(solver: highspy.Highs, ended: highspy.HighsStatus) -> highspy.Highs:
    if ended == highspy.HighsStatus.kError:
        name = solver.getModelStatus().name[1:]
        raise SolverFailureError(f"HiGHS failed with status {name!r}")
    return solver


def final_basis(
    lp: LinearProgram, algorithm: Algorithm, *, presolve: bool
) -> tuple[list[int], set[int]] | None:
    """Basis at which a simplex algorithm ends, ``None`` if it ends without one.

    A program that is feasible by less than the solver's tolerances may end as an infeasible one:
    its basis is still one to start from in exact arithmetic.

    Returns
    -------
    tuple
        The basic variables, row i's slack being variable n + i, and the columns resting at their
        upper bound.
    """
    question = asked(lp.shape)
    known = question.played(Basis)
    if known is None:
        question.left_to_solver()
        known = _basis(lp, algorithm, presolve=presolve)
    if known is None:
        return None
    question.keep(known)
    return known.basic.tolist(), set(known.at_upper.tolist())


def _basis(lp: LinearProgram, algorithm: Algorithm, *, presolve: bool) -> Basis | None:
    """The basis at which HiGHS ends."""
    options = SolverOptions(algorithm=algorithm, tolerance=TIGHTEST_TOLERANCE)
    try:
        solver = Scaled(lp).solved(options.as_highs(algorithm, presolve))
    except (SolverFailureError, LeftBehindError):
        return None
    basis = solver.getBasis()
    let_go(solver)
    if not basis.valid:
        return None
    named = enumerate([*basis.col_status, *basis.row_status])
    basic = [j for j, status in named if status == highspy.HighsBasisStatus.kBasic]
    upper = highspy.HighsBasisStatus.kUpper
    columns = basis.col_status[: lp.shape[1]]
    resting = [j for j, status in enumerate(columns) if status == upper]
    return Basis(lp.shape, frozen(np.array(basic, np.int64)), frozen(np.array(resting, np.int64)))


def _iterations(info: Any) -> int:
    """Sum of the iteration counts that HiGHS reports as run (it writes -1 for the others)."""
    counts = (
        info.simplex_iteration_count,
        info.ipm_iteration_count,
        info.crossover_iteration_count,
        info.pdlp_iteration_count,
    )
    return sum(count for count in counts if count > 0)


def _power_of_two(exponent: float) -> float:
    return 2.0 ** min(round(exponent), LARGEST_EXPONENT)
