"""A process that solves linear programs with OR-tools, which shares none with HiGHS.

Each request is a line with the name of a solver (GLOP or PDLP) and the path of an ``.npz`` file
holding the arrays of: minimize c·x subject to A x ≤ b, E x = e, x ≥ 0. The answer is a line with
seconds in the solver; x is then in the file beside it, ``<path>.x.npy``.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np
from scipy import sparse


def matrix(arrays: Any, name: str) -> Any:
    """A sparse matrix as it was written."""
    parts = (arrays[f"{name}.{part}"] for part in ("data", "indices", "indptr"))
    return sparse.csr_matrix(tuple(parts), shape=tuple(arrays[f"{name}.shape"]))


def solved(solver: str, path: str) -> float:
    """Solve what is in a file, write x beside it, return the seconds in the solver."""
    from ortools.linear_solver.python import model_builder_helper as helper

    arrays = np.load(path)
    costs, at_most, equal = arrays["c"], arrays["b"], arrays["e"]
    model = helper.ModelBuilderHelper()
    model.fill_model_from_sparse_data(
        np.zeros(costs.size),
        np.full(costs.size, np.inf),
        costs.astype(float),
        np.concatenate([np.full(at_most.size, -np.inf), equal]),
        np.concatenate([at_most, equal]),
        sparse.vstack([matrix(arrays, "A"), matrix(arrays, "E")], format="csr"),
    )
    engine = helper.ModelSolverHelper(solver)
    if solver == "PDLP":
        engine.set_solver_specific_parameters(
            "termination_criteria { simple_optimality_criteria"
            " { eps_optimal_absolute: 1e-8 eps_optimal_relative: 1e-8 } }"
        )
    started = time.perf_counter()
    engine.solve(model)
    seconds = time.perf_counter() - started
    np.save(path + ".x.npy", np.asarray(engine.variable_values()))
    return seconds


if __name__ == "__main__":
    for line in sys.stdin:
        name, where = line.split(maxsplit=1)
        print(repr(solved(name, where.strip())), flush=True)
