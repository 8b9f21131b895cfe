"""What a file says of a game of groups."""

from __future__ import annotations

from persuasion_lp.core.documents.base import ProblemDocument
from persuasion_lp.core.documents.numbers import Array
from persuasion_lp.core.documents.receivers import ReceiverTable
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.families.exchangeable.problem import ExchangeableGame

__all__ = ["ExchangeableDocument"]


class ExchangeableDocument(ProblemDocument, tag="ExchangeableGame", kw_only=True):
    """A sender persuades groups of alike receivers by one public signal."""

    prior: Array
    members: list[ReceiverTable]
    payoff: Array | None = None
    normalize: bool = False

    @classmethod
    def from_problem(cls, problem: ExchangeableGame) -> ExchangeableDocument:
        """What a file says of a game of groups."""
        payoff = problem._written_payoff
        return cls(
            prior=Array.of("prior", problem._written_prior),
            members=[
                ReceiverTable.of(member, f"members[{g}]")
                for g, member in enumerate(problem.members)
            ],
            payoff=None if payoff is None else Array.of("payoff", payoff),
        )

    def to_problem(self) -> ExchangeableGame:
        """The game."""
        members = []
        for g, table in enumerate(self.members):
            with below(f"members[{g}]"):
                members.append(table.receiver())
        return ExchangeableGame(
            self.prior.numbers,
            members,
            None if self.payoff is None else self.payoff.numbers,
            normalize=self.normalize,
        )
