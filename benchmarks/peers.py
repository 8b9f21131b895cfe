"""Specs: the same public game, and the same envelope, by what people use today.

The game is stated as paths of recommendations (:mod:`benchmarks.textbook`) for every tool but this
library; each starts from the same plain numbers, and each answer is checked. A tool that is not
installed does not run; ``make bench`` installs all, OR-tools, which other packages' versions of
protobuf exclude, in an environment of its own.

========================  ======================================================================
persuasion_lp             ``solve(game, "simultaneous")``, certified
HiGHS alone               on the arrays that this library builds: the floor
cvxpy                     HIGHS, its own choice, CLARABEL
scipy linprog             sparse matrices
linopy                    labelled arrays, HiGHS
PuLP                      one scalar at a time, the CBC that comes with it
OR-tools                  GLOP and PDLP on the arrays, in a process of its own
numba, Qhull              whole envelopes
========================  ======================================================================
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.beliefs import Splittable, payoff_on_interval, split_value, whole_envelope
from benchmarks.engine import highs_alone
from benchmarks.games import as_game, programme_of
from benchmarks.registry import Contender, Outcome, Spec, WorkNotDoneError
from benchmarks.scale import library_solving
from benchmarks.textbook import (
    Instance,
    Paths,
    arrays_of,
    cvxpy_vectorized,
    linprog,
    random_instance,
)

__all__ = ["SPECS", "installed"]

Floats = NDArray[np.float64]

PUBLIC: Literal["simultaneous"] = "simultaneous"


ORTOOLS = Path(__file__).resolve().parents[1] / ".venv-ortools" / "bin" / "python"


def installed(contenders: tuple[tuple[str, Contender], ...]) -> tuple[Contender, ...]:
    """Those whose module can be imported here; OR-tools, where it is installed."""
    return tuple(
        contender
        for module, contender in contenders
        if (ORTOOLS.exists() if module == "ortools" else find_spec(module))
    )


def _columns(n: int) -> int:
    return 4**n


def _linopy(largest: int) -> Contender:
    """π(path, state) as a labelled array, one group of constraints per receiver."""

    def build(instance: Instance) -> Any:
        import linopy
        import xarray as xr

        paths = Paths.of(instance)
        actions = xr.DataArray(np.array(paths.actions), dims=("path", "receiver"))
        gains = xr.DataArray(instance.states - instance.cutoffs, dims=("state", "receiver"))
        prior = xr.DataArray(instance.prior.ravel(), dims="state")
        model = linopy.Model()
        shape = (len(paths.actions), prior.size)
        pi = model.add_variables(
            0, np.inf, coords=[range(k) for k in shape], dims=("path", "state")
        )
        model.add_constraints(pi.sum("path") == prior)
        for i in range(instance.n):
            sign = 2 * actions[:, i] - 1
            model.add_constraints((pi * (sign * gains[:, i])).sum("state") >= 0)
        model.add_objective((pi * actions.sum("receiver")).sum(), sense="max")
        return instance, paths, model, pi

    def solve(model: Any) -> Any:
        model[2].solve(solver_name="highs", io_api="direct", output_flag=False)
        return model

    def decode(solved: Any) -> Outcome:
        instance, paths, model, pi = solved
        solution = np.asarray(pi.solution)
        return paths.outcome(instance, float(model.objective.value), solution, None, None)

    return Contender("linopy", build, solve, decode, largest=largest, columns=_columns)


def _pulp(largest: int) -> Contender:
    """The formulas as they stand, one scalar at a time."""

    def build(instance: Instance) -> Any:
        import pulp

        paths, states = Paths.of(instance), instance.states.tolist()
        prior, cutoffs = instance.prior.ravel(), instance.cutoffs
        pi = [
            [pulp.LpVariable(f"pi_{path}_{w}", 0) for w in range(len(states))]
            for path in range(len(paths.actions))
        ]
        model = pulp.LpProblem("persuasion", pulp.LpMaximize)
        model += pulp.lpSum(
            sum(actions) * x for actions, row in zip(paths.actions, pi, strict=True) for x in row
        )
        for w, mass in enumerate(prior):
            model += pulp.lpSum(row[w] for row in pi) == float(mass)
        for actions, row in zip(paths.actions, pi, strict=True):
            for i, accepts in enumerate(actions):
                sign = 1 if accepts else -1
                gain = [
                    sign * float(state[i] - cutoffs[i]) * x
                    for state, x in zip(states, row, strict=True)
                ]
                model += pulp.lpSum(gain) >= 0
        return instance, paths, model, pi

    def solve(model: Any) -> Any:
        import pulp

        model[2].solve(pulp.PULP_CBC_CMD(msg=False))
        return model

    def decode(solved: Any) -> Outcome:
        instance, paths, model, pi = solved
        found = np.array([[x.value() or 0.0 for x in row] for row in pi])
        return paths.outcome(instance, float(model.objective.value()), found, None, None)

    return Contender("PuLP", build, solve, decode, largest=largest, columns=_columns)


@cache
def _worker() -> subprocess.Popen[str]:
    """The process of OR-tools, started once."""
    return subprocess.Popen(  # noqa: S603 - the command is this folder's own
        [str(ORTOOLS), str(Path(__file__).with_name("ortools_worker.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ortools(solver: str, largest: int) -> Contender:
    """The textbook's arrays, handed over in a file."""

    def build(instance: Instance) -> Any:
        paths = Paths.of(instance)
        return instance, paths, arrays_of(instance, paths)

    def solve(model: Any) -> Any:
        instance, paths, (costs, at_most, b, equal, e) = model
        parts = {
            f"{name}.{part}": getattr(table, part)
            for name, table in (("A", at_most), ("E", equal))
            for part in ("data", "indices", "indptr", "shape")
        }
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "arrays.npz")
            np.savez(path, c=costs, b=b, e=e, **parts)
            process = _worker()
            print(solver, path, file=process.stdin, flush=True)
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise WorkNotDoneError(f"OR-tools ended instead of solving with {solver}")
            return instance, paths, costs, np.load(path + ".x.npy"), float(line)

    def decode(solved: Any) -> Outcome:
        instance, paths, costs, x, run = solved
        pi = x.reshape(len(paths.actions), -1)
        return paths.outcome(instance, -float(costs @ x), pi, run, None)

    return Contender(f"OR-tools {solver}", build, solve, decode, largest=largest, columns=_columns)


def _hull_contender(
    name: str, vertices: Callable[[Floats, Floats], Any], largest: int | None
) -> Contender:
    """Positions of the vertices of the upper hull, then the value at the prior."""

    def solve(instance: Splittable) -> Any:
        return instance, vertices(instance.beliefs, instance.payoffs)

    def decode(solved: Any) -> Outcome:
        instance, corners = solved
        x, f = instance.beliefs[corners], instance.payoffs[corners]
        value = float(np.interp(instance.prior, x, f))

        def recompute() -> float:
            right = int(np.searchsorted(x, instance.prior))
            share = float((instance.prior - x[right - 1]) / (x[right] - x[right - 1]))
            at, weights = x[right - 1 : right + 1], np.array([1 - share, share])
            return split_value(instance, at, weights, f[right - 1 : right + 1])

        return Outcome(value, recompute)

    return Contender(name, lambda instance: instance, solve, decode, largest=largest)


@cache
def _chain() -> Callable[[Floats, Floats], Any]:
    """Andrew's chain, compiled."""
    from numba import njit

    @njit  # type: ignore[untyped-decorator]
    def chain(x: Floats, f: Floats) -> Any:
        kept = np.empty(x.size, np.int64)
        n = 0
        for k in range(x.size):
            while n >= 2:
                a, b = kept[n - 2], kept[n - 1]
                if (f[b] - f[a]) * (x[k] - x[a]) > (f[k] - f[a]) * (x[b] - x[a]):
                    break
                n -= 1
            kept[n] = k
            n += 1
        return kept[:n]

    return chain


def _numba(x: Floats, f: Floats) -> Any:
    return _chain()(x, f)


def _qhull(x: Floats, f: Floats) -> Any:
    from scipy.spatial import ConvexHull

    below = (x[0] + x[-1]) / 2, f.min() - 1 - np.ptp(f)
    corners = ConvexHull(np.vstack([np.column_stack([x, f]), below])).vertices
    return np.sort(corners[corners < x.size])


SPECS = (
    Spec(
        "peers/public",
        "receivers",
        (3, 4, 5, 6, 7),
        partial(random_instance, PUBLIC),
        installed(
            (
                ("persuasion_lp", library_solving("persuasion_lp", as_game, PUBLIC, None)),
                ("highspy", highs_alone(lambda game: programme_of(game, "nested").lp, _columns)),
                ("cvxpy", cvxpy_vectorized(PUBLIC, 7)),
                ("cvxpy", cvxpy_vectorized(PUBLIC, 6, "cvxpy, its own choice", None)),
                ("clarabel", cvxpy_vectorized(PUBLIC, 6, "cvxpy, CLARABEL", "CLARABEL")),
                ("scipy", linprog(PUBLIC, 7)),
                ("linopy", _linopy(7)),
                ("pulp", _pulp(6)),
                ("ortools", _ortools("GLOP", 7)),
                ("ortools", _ortools("PDLP", 5)),
            )
        ),
        exponential=True,
    ),
    Spec(
        "peers/envelope",
        "points",
        (1_000, 10_000, 100_000, 1_000_000),
        payoff_on_interval,
        installed(
            (
                ("persuasion_lp", whole_envelope()),
                ("numba", _hull_contender("numba", _numba, None)),
                ("scipy", _hull_contender("Qhull", _qhull, 100_000)),
            )
        ),
    ),
)
