"""One call of ``solve``: programmes built and solved, the best one decoded, certified, wrapped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.searched import Candidate, Programme
from persuasion_lp.families.games.certificate import GameCertificate
from persuasion_lp.families.games.result import GameLike, GameResult
from persuasion_lp.lp.highs import LPSolution, optimize_lp
from persuasion_lp.lp.options import SolverOptions

__all__ = ["Decoded", "Run"]


BuiltT = TypeVar("BuiltT", bound=Programme)
ResultT = TypeVar("ResultT", bound=GameResult)


@dataclass(frozen=True, eq=False)
class Decoded:
    """What has been read from a solution, and checked against the problem."""

    experiment: Experiment
    prices: Floats
    multipliers: tuple[dict[str, Floats], ...]
    certificate: GameCertificate


@dataclass(eq=False)
class Run:
    """Counts the programs of one call and their times."""

    options: SolverOptions | None
    clock: Clock = field(default_factory=Clock)
    programmes: int = 0

    def solve(
        self,
        build: Callable[[], BuiltT],
        order: tuple[int, ...] | None,
        bound: Callable[[BuiltT, LPSolution], float],
        *,
        searched: bool,
    ) -> Candidate[BuiltT]:
        """Build a programme and solve it.

        ``bound`` evaluates the upper bound for the numbers as written, if it is needed: for an
        order that is searched for, and where a limit ended the run.
        """
        with self.clock.phase("build"):
            programme = build()
        solution = optimize_lp(programme.lp, self.options)
        self.clock.add(solution.times)
        self.programmes += 1
        needed = searched or solution.status != "optimal"
        upper = bound(programme, solution) if needed else solution.certificate.bound
        return Candidate(programme, solution, order, upper)

    def result(
        self,
        kind: type[ResultT],
        problem: GameLike,
        procedure: Procedure,
        best: Candidate[BuiltT],
        decode: Callable[[Candidate[BuiltT]], Decoded],
    ) -> ResultT:
        """Decode the best candidate and wrap it, unless its certificate fails."""
        solution = best.solution
        with self.clock.phase("decode"):
            decoded = decode(best)
            certificate = decoded.certificate
            certificate.enforce()
        return kind(
            problem=problem,
            procedure=procedure,
            value=min(max(solution.value, certificate.lower), certificate.upper),
            order=best.order,
            searched=best.searched,
            experiment=decoded.experiment,
            prices=frozen(decoded.prices),
            multipliers=FrozenMapping(
                {name: rows for blocks in decoded.multipliers for name, rows in blocks.items()}
            ),
            certificate=certificate,
            programme=best.programme,
            algorithm=solution.algorithm,
            solver=solution.solver,
            iterations=solution.iterations,
            programmes=self.programmes,
            times=self.clock.times,
        )
