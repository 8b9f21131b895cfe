"""What a file says of a game."""

from __future__ import annotations

from persuasion_lp.core.documents.base import ProblemDocument
from persuasion_lp.core.documents.numbers import Array
from persuasion_lp.core.documents.priors import JointPrior, StateLabels, labels_of
from persuasion_lp.core.documents.receivers import ReceiverTable
from persuasion_lp.core.documents.refusals import below
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["GameDocument"]


class GameDocument(ProblemDocument, tag="PersuasionGame", kw_only=True):
    """A sender persuades receivers who take one action each."""

    prior: JointPrior
    receivers: list[ReceiverTable]
    payoff: Array | None = None
    normalize: bool = False
    state_labels: StateLabels | None = None

    @classmethod
    def from_problem(cls, problem: PersuasionGame) -> GameDocument:
        """What a file says of a game."""
        payoff = problem._written_payoff
        return cls(
            prior=JointPrior.of(problem._written_prior),
            receivers=[
                ReceiverTable.of(receiver, f"receivers[{i}]")
                for i, receiver in enumerate(problem.receivers)
            ],
            payoff=None if payoff is None else Array.of("payoff", payoff),
            state_labels=StateLabels.of(problem.state_labels),
        )

    def to_problem(self) -> PersuasionGame:
        """The game."""
        receivers = []
        for i, table in enumerate(self.receivers):
            with below(f"receivers[{i}]"):
                receivers.append(table.receiver())
        prior, normalize = self.prior.prior(normalize=self.normalize)
        return PersuasionGame(
            prior,
            receivers,
            None if self.payoff is None else self.payoff.numbers,
            normalize=normalize,
            state_labels=labels_of(self.state_labels),
        )
