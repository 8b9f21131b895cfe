"""The same arrays for other tools: a cvxpy model, an MPS or LP file.

Never a second model: blocks, coefficients and signs are those of the program.
"""

from __future__ import annotations

import operator
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import FileError, OptionError, SolverFailureError
from persuasion_lp.extras import load
from persuasion_lp.lp.blocks import SENSE_CODE, Block
from persuasion_lp.lp.process import new_solver
from persuasion_lp.lp.program import ProgramArrays
from persuasion_lp.storage import check_target, unfinished

__all__ = ["CvxpyModel", "to_cvxpy", "write"]

_ACCURATE = MappingProxyType(
    {
        "tol_gap_abs": 1e-11,
        "tol_gap_rel": 1e-11,
        "tol_feas": 1e-11,
        "static_regularization_constant": 1e-12,
    }
)
_RELATIONS = MappingProxyType(
    {SENSE_CODE["=="]: operator.eq, SENSE_CODE["<="]: operator.le, SENSE_CODE[">="]: operator.ge}
)
_COLUMNWISE, _MAXIMIZE = 1, -1

_EVERY_ENTRY = MappingProxyType({"output_flag": False, "small_matrix_value": 1e-12})
_LAST_LINES = MappingProxyType({".mps": b"ENDATA\n", ".lp": b"end\n"})


@dataclass(frozen=True, eq=False)
class CvxpyModel:
    """A linear program in cvxpy, to which constraints can be added or another solver applied.

    Attributes
    ----------
    problem
        The ``cvxpy.Problem``, a maximization.
    variables
        One ``cvxpy.Variable`` per column block, by name, flat in C order (reshape with
        ``order="C"`` to the block's shape).
    constraints
        One cvxpy constraint per row block, by name.
    lp
        The program exported.
    """

    problem: Any
    variables: dict[str, Any]
    constraints: dict[str, Any]
    lp: ProgramArrays

    def solve(self, solver: str = "CLARABEL", **settings: Any) -> float:
        """Solve with cvxpy and return the optimal value.

        Clarabel is asked for 1e-11 by default, and for little regularization: its own defaults
        leave errors of 1e-6 where states have small probabilities.

        Raises
        ------
        SolverFailureError
            If cvxpy ends with any status but optimal (to the accuracy the solver reached).
        """
        if solver == "CLARABEL":
            settings = {**_ACCURATE, **settings}
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Solution may be inaccurate")
            self.problem.solve(solver=solver, **settings)
        if self.problem.status not in ("optimal", "optimal_inaccurate"):
            raise SolverFailureError(f"{solver} ended with status {self.problem.status!r}")
        return float(self.problem.value)

    def values(self, name: str) -> Floats:
        """Values of a column block after ``problem.solve()``, in the block's shape."""
        return np.asarray(self.variables[name].value).reshape(self.lp.columns[name].shape)

    def duals(self, name: str) -> Floats:
        """Duals of a row block after ``problem.solve()``, as d(value)/d(right-hand side)."""
        block = self.lp.rows[name]
        sign = -1.0 if self.lp.senses[block.start] > 0 else 1.0
        return sign * np.asarray(self.constraints[name].dual_value).reshape(block.shape)


def to_cvxpy(lp: ProgramArrays) -> CvxpyModel:
    """Export a program to cvxpy (imported here, not before)."""
    cp = load("cvxpy", extra="cvxpy", feature="exports to cvxpy")
    variables = {
        name: cp.Variable(block.size, name=name, **_cvxpy_bounds(lp, block))
        for name, block in lp.columns.items()
        if block.size
    }
    by_rows = lp.matrix.tocsr()
    constraints: dict[str, Any] = {}
    for name, rows in lp.rows.items():
        if not rows.size:
            continue
        part = by_rows[rows.span].tocsc()
        terms = [
            part[:, lp.columns[column].span] @ variable
            for column, variable in variables.items()
            if part[:, lp.columns[column].span].nnz
        ]
        left = sum(terms[1:], terms[0]) if terms else cp.Constant(np.zeros(rows.size))
        right = lp.rhs[rows.span]
        constraints[name] = _RELATIONS[int(lp.senses[rows.start])](left, right)
    objective = sum(
        (lp.objective[lp.columns[name].span] @ variable for name, variable in variables.items()),
        cp.Constant(lp.offset),
    )
    problem = cp.Problem(cp.Maximize(objective), list(constraints.values()))
    return CvxpyModel(problem, variables, constraints, lp)


def write(lp: ProgramArrays, path: str | Path, *, overwrite: bool = False) -> None:
    """Write a program as an ``.mps`` or ``.lp`` file, whole or not at all."""
    check_target(path, overwrite=overwrite)
    if Path(path).suffix not in _LAST_LINES:
        raise OptionError("path", "must end in .mps or .lp", value=str(path))
    solver = new_solver(_EVERY_ENTRY)
    m, n = lp.shape
    status = solver.passModel(
        n,
        m,
        lp.nonzeros,
        _COLUMNWISE,
        _MAXIMIZE,
        lp.offset,
        lp.objective,
        lp.lower,
        lp.upper,
        np.where(lp.senses < 0, -np.inf, lp.rhs),
        np.where(lp.senses > 0, np.inf, lp.rhs),
        lp.matrix.indptr.astype(np.int32, copy=False),
        lp.matrix.indices.astype(np.int32, copy=False),
        lp.matrix.data,
        np.zeros(n, np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise SolverFailureError("HiGHS rejected the arrays of the program")
    for blocks, name_one in ((lp.columns, solver.passColName), (lp.rows, solver.passRowName)):
        for block in blocks.values():
            for offset, index in enumerate(np.ndindex(block.shape)):
                name_one(block.start + offset, "_".join([_plain(block.name), *map(str, index)]))
    with unfinished(path, overwrite=overwrite) as (handle, name):
        refused = solver.writeModel(str(name)) == highspy.HighsStatus.kError
        if refused or not _finished(handle, name, solver):
            raise FileError(path, "cannot be written: HiGHS did not finish it; is the disk full?")


def _finished(handle: int, name: Path, written: highspy.Highs) -> bool:
    """Whether a file has its last line and the size of the program: HiGHS ignores a full disk."""
    last = _LAST_LINES[name.suffix]
    os.lseek(handle, -min(len(last), os.fstat(handle).st_size), os.SEEK_END)
    if os.read(handle, len(last)) != last:
        return False
    read = new_solver(_EVERY_ENTRY)
    read.readModel(str(name))
    return _size(read) == _size(written)


def _size(solver: highspy.Highs) -> tuple[int, ...]:
    """How many rows, columns, coefficients, costs, bounds and right-hand sides there are."""
    read = solver.getLp()
    vectors = (read.col_cost_, read.col_lower_, read.col_upper_, read.row_lower_, read.row_upper_)
    nonzeros = map(np.count_nonzero, vectors)
    return (solver.getNumRow(), solver.getNumCol(), solver.getNumNz(), *map(int, nonzeros))


def _cvxpy_bounds(lp: ProgramArrays, block: Block) -> dict[str, Any]:
    lower, upper = lp.lower[block.span], lp.upper[block.span]
    if not lower.any() and np.isinf(upper).all():
        return {"nonneg": True}
    return {"bounds": [lower, upper]}


def _plain(name: str) -> str:
    """A block's name in the characters that LP files allow."""
    return "".join(letter if letter.isalnum() else "_" for letter in name).strip("_")
