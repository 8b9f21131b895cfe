"""What a file says of a vote."""

from __future__ import annotations

from persuasion_lp.core.documents.base import ProblemDocument
from persuasion_lp.core.documents.numbers import Array
from persuasion_lp.core.documents.priors import JointPrior, StateLabels, labels_of
from persuasion_lp.families.votes.problem import VotingGame

__all__ = ["VoteDocument"]


class VoteDocument(ProblemDocument, tag="VotingGame", kw_only=True):
    """A sender persuades a committee; a quota of approvals wins."""

    prior: JointPrior
    cutoffs: Array
    quota: int
    normalize: bool = False
    names: list[str] | None = None
    state_labels: StateLabels | None = None
    action_labels: list[str] | None = None

    @classmethod
    def from_problem(cls, problem: VotingGame) -> VoteDocument:
        """What a file says of a vote."""
        names = [voter.name for voter in problem.receivers if voter.name is not None]
        actions = problem.receivers[0].action_labels
        return cls(
            prior=JointPrior.of(problem._written_prior),
            cutoffs=Array.of("cutoffs", problem._written_cutoffs),
            quota=problem.quota,
            names=names or None,
            state_labels=StateLabels.of(problem.state_labels),
            action_labels=None if actions is None else list(actions),
        )

    def to_problem(self) -> VotingGame:
        """The vote."""
        prior, normalize = self.prior.prior(normalize=self.normalize)
        return VotingGame(
            prior,
            self.cutoffs.numbers,
            self.quota,
            normalize=normalize,
            state_labels=labels_of(self.state_labels),
            names=self.names,
            action_labels=self.action_labels,
        )
