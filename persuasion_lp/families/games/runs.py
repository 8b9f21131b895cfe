"""One call of ``solve``: programmes built and solved, the best one decoded, certified, wrapped."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from persuasion_lp.arrays import Floats, FrozenMapping, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.clock import Clock
from persuasion_lp.core.searched import Candidate, Programme
from persuasion_lp.errors import LimitError
from persuasion_lp.families.games.certificate import GameCertificate
from persuasion_lp.families.games.result import GameLike, GameResult
from persuasion_lp.limits.deadline import unlimited
from persuasion_lp.lp.highs import CutShort, LPPoint, optimize_lp
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
class Run(Generic[ResultT]):
    """Counts the programs of one call and their times, and makes its answer.

    Attributes
    ----------
    kind, problem
        Of the answer.
    options, formulation
        How it is solved.
    """

    kind: type[ResultT]
    problem: GameLike
    options: SolverOptions | None
    formulation: str
    clock: Clock = field(default_factory=Clock)
    programmes: int = 0

    def solve(
        self,
        build: Callable[[], BuiltT],
        order: tuple[int, ...] | None,
        bound: Callable[[BuiltT, LPPoint], float],
        pays: Callable[[BuiltT, LPPoint, tuple[int, ...] | None], float],
        *,
        searched: bool,
        complete: bool,
    ) -> Candidate[BuiltT]:
        """Build a programme and solve it.

        Parameters
        ----------
        build, order
            The programme, and the order it is for, or begins with.
        bound
            From the programme and the prices of any of its points to an upper bound on its value,
            for the numbers as written; evaluated where it is needed.
        pays
            From the programme, a point and the order to what the experiment pays for certain.
        searched
            Whether the bound of the program does not do: of an order that is searched for.
        complete
            Whether the programme's experiments are the procedure's.

        Raises
        ------
        LimitError
            With a bracket on the programme's optimum, from below only if it is complete.
        """
        with self.clock.phase("build"):
            programme = build()
        found = optimize_lp(programme.lp, self.options)
        if isinstance(found, CutShort):
            upper, lower = math.inf, -math.inf
            if found.readable:
                with unlimited():
                    upper = bound(programme, found)
                    if complete and found.feasible:
                        lower = pays(programme, found, order)
            raise LimitError(found.limit, best_bound=upper, best_value=lower)
        self.clock.add(found.times)
        self.programmes += 1
        upper = bound(programme, found) if searched else found.certificate.bound
        return Candidate(programme, found, order, upper)

    def result(
        self,
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
        return self.kind(
            problem=self.problem,
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
            formulation=self.formulation,
            algorithm=solution.algorithm,
            solver=solution.solver,
            iterations=solution.iterations,
            programmes=self.programmes,
            times=self.clock.times,
        )
