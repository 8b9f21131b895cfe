"""The answer to a game on one common belief: bracket, posteriors stage by stage, prices, proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.posterior_tree import PosteriorTree
from persuasion_lp.core.closed_form import Comparable
from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.refinement import Refinement
from persuasion_lp.extras import load
from persuasion_lp.families.beliefs.as_game import as_game
from persuasion_lp.families.beliefs.certificate import BeliefCertificate
from persuasion_lp.families.beliefs.exact import belief_orders
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.lp.model import LinearProgram

if TYPE_CHECKING:
    import pandas as pd
from persuasion_lp.families.games.optima.functional import Functional
from persuasion_lp.families.games.optima.ranges import FunctionalRange, optimal_range

__all__ = ["BeliefResult"]


@dataclass(frozen=True, eq=False, repr=False)
class BeliefResult(Comparable):
    """A certified answer to a :class:`BeliefGame` under one procedure.

    Attributes
    ----------
    problem, procedure
        What was solved.
    value
        What the experiment pays: the optimum over posteriors on the nodes.
    upper
        Bound from above on the game without a grid, for the numbers as they were written, rounded
        up; ``None`` when no assumption bounds the payoffs between the grid's beliefs.
    bound
        What ``upper`` rests on, or why there is none.
    order
        In a sequential procedure the receivers in the order in which they act, numbered from 0.
    searched
        Whether that order was searched for and is the best one, rather than given.
    experiment
        Posteriors stage by stage, and who acts on them.
    prices
        Marginal value of the prior, shape ``(K,)``: ``prices @ prior == value``, and
        ``prices @ mu`` is at least the value at every other prior ``mu`` on the nodes; in a
        sequential procedure that of the same order, in an intermediate one that of the same first
        receiver.
    certificate
        The proof that ``value`` is the optimum on the nodes.
    formulation
        ``"envelopes"`` or ``"lp"``.
    lp
        The linear program, when one was solved.
    beliefs
        Number of nodes.
    refinements
        The grids tried, the last one included.
    times
        Seconds by phase.
    """

    problem: BeliefGame
    procedure: Procedure
    value: float
    upper: float | None
    bound: str
    order: tuple[int, ...] | None
    searched: bool
    experiment: PosteriorTree
    prices: Floats
    certificate: BeliefCertificate
    formulation: str
    lp: LinearProgram | None
    beliefs: int
    refinements: tuple[Refinement, ...]
    times: Mapping[str, float]

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved.

        For two states and piecewise-linear payoffs, receivers included, whose numbers are taken as
        they were written. The solution is that of the recursion as one linear program on the
        breakpoints, whatever ``formulation``; a best order is proved against all orders.

        Raises
        ------
        PriorError, PayoffError
            If there are more than two states, a payoff is not piecewise linear or was not written
            down, or the prior, as written, does not sum to 1 exactly.
        ExactSizeError
            If a program, or all orders together, have too many rows for exact arithmetic.
        ExactnessError
            If no rational optimum could be proved.
        """
        orders = belief_orders(self.problem, self.procedure)
        return orders.prove(self.order, orders.build(self.order), searched=self.searched)

    def range(self, functional: Functional) -> FunctionalRange:
        """Least and greatest value of a functional over all optimal experiments, exactly.

        Parameters
        ----------
        functional
            What is asked for; see :class:`Functional`.

        Raises
        ------
        PayoffError, ReceiverError
            If it does not fit, or a payoff is a function of the belief.
        ExactSizeError, ExactnessError, LimitError
            If the program is not solved in rationals.
        """
        return optimal_range(as_game(self.problem), self.procedure, self.order, functional)

    @property
    def lower(self) -> float:
        """Bound from below for the numbers as written: what the experiment pays, rounded down."""
        return self.certificate.lower

    @cached_property
    def no_information(self) -> float:
        """The sender's payoff when nothing is said."""
        return self.problem.payoff_without_information()

    @cached_property
    def full_information(self) -> float:
        """The sender's payoff when the state is revealed to everybody."""
        return self.problem.payoff_with_full_information()

    def to_frame(self) -> pd.DataFrame:
        """The experiment as a table: one row per stage and message.

        Columns: ``stage``, ``message``, ``acting`` (the receivers who act), ``probability``, and
        the posterior, one column per state.
        """
        pd = load("pandas", extra="frames", feature="tables")

        rows = []
        tree = self.experiment
        for k, (stage, chances) in enumerate(zip(tree.stages, tree.probabilities, strict=True)):
            for m, (belief, acting) in enumerate(zip(stage.beliefs, stage.acting, strict=True)):
                row: dict[str, Any] = {
                    "stage": k,
                    "message": m,
                    "acting": acting,
                    "probability": float(chances[m]),
                }
                row |= {f"posterior {state}": float(p) for state, p in enumerate(belief)}
                rows.append(row)
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Everything in plain Python types, ready for JSON."""
        tree = self.experiment
        return {
            "procedure": self.procedure,
            "value": self.value,
            "lower": self.lower,
            "upper": self.upper,
            "bound": self.bound,
            "order": None if self.order is None else list(self.order),
            "no_information": self.no_information,
            "full_information": self.full_information,
            "prices": self.prices.tolist(),
            "experiment": [
                {
                    "acting": [list(acting) for acting in stage.acting],
                    "posteriors": stage.beliefs.tolist(),
                    "probabilities": chances.tolist(),
                    "kernel": stage.kernel.tolist(),
                }
                for stage, chances in zip(tree.stages, tree.probabilities, strict=True)
            ],
            "certificate": {
                "ok": self.certificate.ok,
                "route": self.certificate.route,
                "gap": self.certificate.gap,
                "upper": self.certificate.upper,
                "bayes_residual": self.certificate.tree.bayes_residual,
                "recomputed": self.certificate.tree.value,
            },
            "formulation": self.formulation,
            "beliefs": self.beliefs,
            "refinements": [
                {"beliefs": r.beliefs, "lower": r.lower, "upper": r.upper} for r in self.refinements
            ],
            "times": dict(self.times),
        }

    def __repr__(self) -> str:
        order = "" if self.order is None else f", order {self.order}"
        upper = "unknown" if self.upper is None else f"{self.upper:.9g}"
        size = ""
        if self.lp is not None:
            rows, columns = self.lp.shape
            size = f" ({columns} columns, {rows} rows)"
        first = self.experiment.stages[0]
        where = ["/".join(f"{p:.6g}" for p in belief) for belief in self._shown(first.beliefs)]
        chances = [f"{p:.6f}" for p in self.experiment.probabilities[0]]
        shown = [f"{at}: {p}" for at, p in zip(where, chances, strict=True)]
        more = "" if len(shown) <= 4 else ", …"
        return "\n".join(
            [
                f"BeliefResult: {self.procedure}{order}, {self.problem.n} receivers",
                f"  value        {self.value:.9g} in [{self.lower:.9g}, {upper}]: {self.bound}",
                f"  alternatives no information {self.no_information:.9g}, "
                f"full information {self.full_information:.9g}",
                f"  posteriors   first stage {', '.join(shown[:4])}{more}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}: "
                f"gap {self.certificate.gap:.1e}, "
                f"Bayes {self.certificate.tree.bayes_residual:.1e}",
                f"  {self.formulation:<12} {self.beliefs} beliefs{size}, "
                f"{1e3 * sum(self.times.values()):.3g} ms",
            ]
        )

    def _shown(self, beliefs: Floats) -> Floats:
        """With two states, only the probability of the second."""
        return np.asarray(beliefs[:, 1:] if beliefs.shape[1] == 2 else beliefs)
