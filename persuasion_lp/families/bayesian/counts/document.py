"""What a file says of a game of players who are alike."""

from __future__ import annotations

from persuasion_lp.core.documents.base import ProblemDocument
from persuasion_lp.core.documents.numbers import Array
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame

__all__ = ["AnonymousDocument"]


class AnonymousDocument(ProblemDocument, tag="AnonymousGame", kw_only=True):
    """A designer informs players who are alike."""

    players: int
    prior: Array
    utility: Array
    objective: Array | None = None
    normalize: bool = False
    action_labels: list[str] | None = None
    state_labels: list[str] | None = None

    @classmethod
    def from_problem(cls, problem: AnonymousGame) -> AnonymousDocument:
        """What a file says of a game."""
        aim = problem._written_objective
        labels, states = problem.action_labels, problem.state_labels
        return cls(
            players=problem.players,
            prior=Array.of("prior", problem._written_prior),
            utility=Array.of("utility", problem._written_utility),
            objective=None if aim is None else Array.of("objective", aim),
            action_labels=None if labels is None else list(labels),
            state_labels=None if states is None else list(states),
        )

    def to_problem(self) -> AnonymousGame:
        """The game."""
        return AnonymousGame(
            self.players,
            self.prior.numbers,
            self.utility.numbers,
            None if self.objective is None else self.objective.numbers,
            normalize=self.normalize,
            action_labels=self.action_labels,
            state_labels=self.state_labels,
        )
