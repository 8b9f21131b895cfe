"""What a file says of a posterior-mean game."""

from __future__ import annotations

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.core.documents.base import ProblemDocument
from persuasion_lp.core.documents.functions import WAY_OUT, FunctionTable
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.core.documents.states import State
from persuasion_lp.errors import InstanceError
from persuasion_lp.families.means.problem import PosteriorMeanGame

__all__ = ["MeansDocument"]


class MeansDocument(ProblemDocument, tag="PosteriorMeanGame", kw_only=True):
    """A sender persuades receivers who care about the posterior mean."""

    prior: State
    payoff: FunctionTable

    @classmethod
    def from_problem(cls, problem: PosteriorMeanGame) -> MeansDocument:
        """What a file says of a game; payoffs by any other function are refused."""
        if not isinstance(problem.payoff, PiecewiseLinear):
            raise InstanceError("payoff", WAY_OUT, value=problem.payoff)
        return cls(
            prior=State.of(problem.prior, "prior"),
            payoff=FunctionTable.of(problem.payoff, "payoff"),
        )

    def to_problem(self) -> PosteriorMeanGame:
        """The game."""
        with below("prior"):
            prior = self.prior.state()
        with below("payoff"):
            payoff = self.payoff.function()
        return PosteriorMeanGame(prior, payoff)
