"""The answer to a vote."""

from __future__ import annotations

from dataclasses import dataclass

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.families.votes.exact import VotingProcedure, vote_orders

__all__ = ["VoteResult"]


@dataclass(frozen=True, eq=False, repr=False)
class VoteResult(GameResult):
    """A certified optimum of a :class:`VotingGame` under one procedure; see :class:`GameResult`."""

    procedure: VotingProcedure

    def exact(self) -> ExactResult:
        """The optimal value and solution as fractions, proved; see :meth:`GameResult.exact`."""
        orders = vote_orders(self.problem, self.procedure)
        return orders.prove(self.order, self.programme, searched=self.searched)
