"""The routes that use the structure, asked like a solver: from a tape, or anew."""

from __future__ import annotations

import time

from persuasion_lp.arrays import FrozenMapping, frozen
from persuasion_lp.core.searched import Candidate
from persuasion_lp.errors import CertificateError
from persuasion_lp.families.games.programme import programme_size
from persuasion_lp.families.games.scale.private import Private
from persuasion_lp.families.games.scale.public import Public
from persuasion_lp.families.games.scale.reduced import ReducedProgramme, reduce_programme
from persuasion_lp.limits.deadline import within
from persuasion_lp.lp.certificate import LPPoint, LPSolution, certify
from persuasion_lp.lp.engine.tape import Optimum, Sparse, asked, untaped
from persuasion_lp.lp.options import Method
from persuasion_lp.lp.process import SOLVER

__all__ = ["solve_structured"]


def solve_structured(route: Public | Private) -> Candidate[ReducedProgramme]:
    """Solve a programme with one split by a route; what it is solved to is certified.

    Raises
    ------
    LimitError
        If a limit was reached, with the bound that is proved by then.
    CertificateError, SolverFailureError
        If floats do not suffice.
    """
    method: Method = "blocks" if isinstance(route, Public) else "columns"
    game, splits = route.game, route.splits
    size = programme_size(game, splits)
    question = asked((size.rows, size.columns))
    with untaped(), within(route.options.seconds):
        found = question.played(Optimum)
        if found is not None:
            programme = reduce_programme(
                game, splits, found.x.places, memory_limit=route.memory_limit
            )
            y = found.y.spread(size.rows)
            point = LPPoint(programme.laid_out, found.x.numbers, y)
            solution = _certified(point, found.algorithm, found.solver, found.iterations, {})
            if route.tol is not None or solution.certificate.ok:
                question.keep(found)
                return Candidate(programme, solution, None, solution.certificate.bound)
        question.left_to_solver()
        programme, point, iterations, times = route.solved()
        solution = _certified(point, method, SOLVER, iterations, times)
        if route.tol is None and not solution.certificate.ok:
            raise CertificateError(
                "the vertex is not proved: " + "; ".join(solution.certificate.failures),
                solution.certificate,
            )
        used = point.x != 0
        x = Sparse(frozen(programme.columns[used]), frozen(point.x[used]))
        y_ = Sparse.of(point.y)
        question.keep(Optimum((size.rows, size.columns), x, y_, method, SOLVER, iterations))
    return Candidate(programme, solution, None, solution.certificate.bound)


def _certified(
    point: LPPoint, method: Method, solver: str, iterations: int, times: dict[str, float]
) -> LPSolution:
    """The point as a solution of the reduced program, with its certificate."""
    started = time.perf_counter()
    certificate = certify(point.lp, point.x, point.y)
    return LPSolution(
        lp=point.lp,
        x=point.x,
        y=point.y,
        value=certificate.value,
        certificate=certificate,
        algorithm=method,
        iterations=iterations,
        times=FrozenMapping({**times, "certify": time.perf_counter() - started}),
        solver=solver,
    )
