"""The answer to a game of players who are alike, in counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats, FrozenMapping, Integers
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult, proved_result
from persuasion_lp.errors import PriorError
from persuasion_lp.extras import load
from persuasion_lp.families.bayesian.certificate import BayesianCertificate, expectation
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.counts.programme import Counted
from persuasion_lp.families.bayesian.counts.registry import CountProcedure, counts_programme
from persuasion_lp.families.bayesian.programmes.base import Sense
from persuasion_lp.families.bayesian.proof.attained import exact_optimum
from persuasion_lp.inputs import is_whole
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.size import ProgramSize

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnonymousResult"]


@dataclass(frozen=True, eq=False, repr=False)
class AnonymousResult(Comparable):
    """A certified optimum of an :class:`AnonymousGame` under one procedure.

    Attributes
    ----------
    problem, procedure, sense
        What was solved.
    value
        The designer's optimal expected payoff; under ``"adversarial"`` a supremum.
    experiment
        Joint probability of counts and states; ``draw`` says who is told what.
    prices
        Marginal value of the probability of each state, shape ``(S,)``.
    multipliers
        By block of deviations, what they cost the designer; of a player picked at random.
    no_information, full_information
        What the designer gets under the same procedure when she says nothing of the state, and when
        it is revealed; NaN where in public nothing is obedient.
    certificate
        What is recomputed, and the bracket.
    lp
        The linear program in counts; that of a minimum maximizes the negative.
    algorithm, solver, iterations
        How it was solved.
    times
        Seconds by phase.
    """

    problem: AnonymousGame
    procedure: CountProcedure
    sense: Sense
    value: float
    experiment: Counted
    prices: Floats
    multipliers: Mapping[str, Floats]
    no_information: float
    full_information: float
    certificate: BayesianCertificate
    lp: LinearProgram
    algorithm: str
    solver: str
    iterations: int
    times: Mapping[str, float]

    @property
    def lower(self) -> float:
        """Lower end of the bracket on the optimum."""
        return self.certificate.lower

    @property
    def upper(self) -> float:
        """Upper end of the bracket on the optimum."""
        return self.certificate.upper

    @property
    def size(self) -> ProgramSize:
        """Columns, rows and nonzeros of the linear program."""
        return ProgramSize.of(self.lp)

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved.

        Raises
        ------
        PriorError
            If the prior, as it was written, does not sum to 1 exactly.
        ExactSizeError, ExactnessError
            If exact arithmetic is refused, or proves nothing.
        """
        _ = self.problem.rational_prior
        programme = counts_programme(self.problem, self.procedure, self.sense)
        solution = exact_optimum(programme, self.lp)
        value = programme.sign * solution.value
        return proved_result(
            self.problem, self.procedure, None, solution, value=value, sense=self.sense
        )

    @cached_property
    def counts(self) -> Mapping[tuple[int, ...], float]:
        """Probability of each count of players by action that occurs, most likely first."""
        chances = self.experiment.joint.sum(axis=1)
        order = np.argsort(-chances, kind="stable").tolist()
        return FrozenMapping(
            {
                tuple(self.experiment.counts[k].tolist()): float(chances[k])
                for k in order
                if chances[k] > 0
            }
        )

    @cached_property
    def payoff(self) -> float:
        """Each player's expected utility."""
        game, total = self.problem, []
        rows, states = np.nonzero(self.experiment.joint)
        for row, state in zip(rows.tolist(), states.tolist(), strict=True):
            counts = self.experiment.counts[row]
            for a in np.flatnonzero(counts).tolist():
                others = counts.copy()
                others[a] -= 1
                paid = game.utility_at(a, others, state, exact=False).item()
                total.append(self.experiment.joint[row, state] * counts[a] / game.players * paid)
        return expectation(total)

    def draw(self, state: int, rng: np.random.Generator) -> Integers:
        """Draw a recommendation in a state: each player's action.

        Parameters
        ----------
        state
            The state, from 0.
        rng
            Draws the counts, and who is told what.

        Returns
        -------
        Integers
            Actions, shape ``(n,)``.

        Raises
        ------
        PriorError
            If there is no such state, or it is not possible.
        """
        game = self.problem
        if not (is_whole(state) and 0 <= state < game.states and game.prior[state] > 0):
            raise PriorError("state", "must be the number of a state that is possible", value=state)
        given = self.experiment.joint[:, state]
        row = rng.choice(given.size, p=given / given.sum())
        actions = np.repeat(np.arange(game.actions), self.experiment.counts[row])
        return np.asarray(rng.permutation(actions))

    def to_frame(self) -> pd.DataFrame:
        """One row for each count that occurs: how many take each action, its probability by state.

        Columns: the actions, ``probability``, and the probability in each possible state.
        """
        pandas = load("pandas", extra="frames", feature="tables")
        game, rows = self.problem, []
        place = {tuple(row): k for k, row in enumerate(self.experiment.counts.tolist())}
        for counts, probability in self.counts.items():
            given = {
                f"state {game.state_names[k]}": self.experiment.joint[place[counts], k]
                / game.prior[k]
                for k in game.support.tolist()
            }
            told = dict(zip(game.action_names, counts, strict=True))
            rows.append({**told, "probability": probability, **given})
        return pandas.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        certificate = self.certificate
        ends = {
            name: None if math.isnan(end) else end
            for name, end in (
                ("no_information", self.no_information),
                ("full_information", self.full_information),
            )
        }
        flow = self.experiment.flow
        return {
            "procedure": self.procedure,
            "sense": self.sense,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            **ends,
            "payoff": self.payoff,
            "prices": self.prices.tolist(),
            "counts": [{"counts": list(k), "probability": p} for k, p in self.counts.items()],
            "joint": self.experiment.joint.tolist(),
            "flow": None if flow is None else flow.tolist(),
            "multipliers": {name: block.tolist() for name, block in self.multipliers.items()},
            "certificate": {
                "ok": certificate.ok,
                "route": certificate.route,
                "gap": certificate.gap,
                "bayes_residual": certificate.economic.bayes_residual,
                "incentive_residual": certificate.economic.incentive_residual,
            },
            "size": asdict(self.size),
            "algorithm": self.algorithm,
            "solver": self.solver,
            "iterations": self.iterations,
            "times": dict(self.times),
        }

    def __repr__(self) -> str:
        shown = [f"{counts}: {p:.6f}" for counts, p in list(self.counts.items())[:4]]
        more = "" if len(self.counts) <= 4 else f", … ({len(self.counts)} counts)"
        economic, size = self.certificate.economic, self.size
        least = "" if self.sense == "max" else ", least"
        return "\n".join(
            [
                f"AnonymousResult: {self.procedure}{least}, {self.problem.players} players",
                f"  value        {self.value:.9g}",
                f"  payoff       {self.payoff:.6g} each",
                f"  counts       {', '.join(shown)}{more}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"gap {self.certificate.gap:.1e}, Bayes {economic.bayes_residual:.1e}, "
                f"incentives {economic.incentive_residual:.1e}",
                f"  LP           {size.columns} columns, {size.rows} rows, {size.nonzeros} "
                f"nonzeros; {self.solver} {self.algorithm}, "
                f"{1e3 * sum(self.times.values()):.3g} ms",
            ]
        )
