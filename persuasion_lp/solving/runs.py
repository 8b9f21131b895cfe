"""One call of ``solve``: programmes built and solved, the best one decoded, certified, wrapped."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.formulations.programme import Programme
from persuasion_lp.formulations.voting import VotingProgramme
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.options import SolverOptions
from persuasion_lp.problems.game import PersuasionGame
from persuasion_lp.problems.voting import VotingGame
from persuasion_lp.solving.certificates import Certificate, EconomicCertificate
from persuasion_lp.solving.result import GameResult

__all__ = ["Candidate", "Decoded", "Run"]


BuiltT = TypeVar("BuiltT", Programme, VotingProgramme)


@dataclass(frozen=True, eq=False)
class Candidate(Generic[BuiltT]):
    """A solved programme, with the order it stands for and the bound on its alternatives.

    ``searched`` tells whether the order was searched for.
    """

    programme: BuiltT
    solution: LPSolution
    order: tuple[int, ...] | None
    upper: float
    searched: bool = False


@dataclass(frozen=True, eq=False)
class Decoded:
    """What has been read from a solution, and checked against the problem."""

    experiment: Experiment
    prices: Floats
    multipliers: tuple[dict[str, Floats], ...]
    economic: EconomicCertificate


@dataclass(eq=False)
class Run:
    """Counts the programs of one call and their times."""

    options: SolverOptions | None
    times: dict[str, float] = field(default_factory=dict)
    programmes: int = 0

    def solve(
        self, build: Callable[[], BuiltT], order: tuple[int, ...] | None
    ) -> Candidate[BuiltT]:
        """Build a programme and solve it."""
        started = time.perf_counter()
        programme = build()
        self._add_times({"build": time.perf_counter() - started})
        solution = solve_lp(programme.lp, self.options)
        self._add_times(solution.times)
        self.programmes += 1
        return Candidate(programme, solution, order, solution.certificate.bound)

    def result(
        self,
        problem: PersuasionGame | VotingGame,
        procedure: Procedure,
        best: Candidate[BuiltT],
        decode: Callable[[Candidate[BuiltT]], Decoded],
    ) -> GameResult:
        """Decode the best candidate and wrap it, unless its certificate fails."""
        started = time.perf_counter()
        solution = best.solution
        decoded = decode(best)
        certificate = Certificate(solution.certificate, decoded.economic, best.upper)
        certificate.enforce()
        self._add_times({"decode": time.perf_counter() - started})
        return GameResult(
            problem=problem,
            procedure=procedure,
            value=solution.value,
            order=best.order,
            searched=best.searched,
            experiment=decoded.experiment,
            prices=frozen(decoded.prices),
            multipliers=tuple(FrozenMapping(blocks) for blocks in decoded.multipliers),
            certificate=certificate,
            programme=best.programme,
            algorithm=solution.algorithm,
            solver=solution.solver,
            iterations=solution.iterations,
            programmes=self.programmes,
            times=FrozenMapping(self.times),
        )

    def _add_times(self, seconds: Mapping[str, float]) -> None:
        for phase, more in seconds.items():
            self.times[phase] = self.times.get(phase, 0.0) + more
