r"""A procedure as beliefs: which posteriors each stage induces, and who acts on them.

A stage is a public signal. Given the belief before it, the signal induces posteriors with the
probabilities of a *kernel*; Bayes' rule holds iff the posteriors average to the belief before:

    Σ_h kernel[g, h] β_h = β_g .

A message h sent at belief β_g has probability kernel[g, h] β_h(ω) / β_g(ω) in state ω.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from persuasion_lp.arrays import Floats, ReadOnly
from persuasion_lp.beliefs.experiment import Procedure

__all__ = ["PosteriorStage", "PosteriorTree"]


@dataclass(frozen=True, eq=False)
class PosteriorStage(ReadOnly):
    """One public signal.

    Attributes
    ----------
    beliefs
        Posterior after each message, shape ``(M, K)``.
    kernel
        Probability of each message given the message before, shape ``(M_before, M)``.
    acting
        The receivers who act on each message.
    """

    beliefs: Floats
    kernel: Floats
    acting: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class PosteriorTree(ReadOnly):
    """Posteriors stage by stage.

    Attributes
    ----------
    procedure
        With ``"first_best"`` every stage is a private message, sent at the prior; otherwise each
        stage follows the one before.
    prior
        Shape ``(K,)``.
    stages
        The signals in order.
    """

    procedure: Procedure
    prior: Floats
    stages: tuple[PosteriorStage, ...]

    @property
    def private(self) -> bool:
        """Whether every stage is a private message."""
        return self.procedure == "first_best"

    @cached_property
    def probabilities(self) -> tuple[Floats, ...]:
        """Probability of each message of each stage, shapes ``(M,)``."""
        found: list[Floats] = []
        before = np.ones(1)
        for stage in self.stages:
            now = before @ stage.kernel
            found.append(now)
            before = np.ones(1) if self.private else now
        return tuple(found)

    def beliefs_before(self, stage: int) -> Floats:
        """Beliefs at which a stage's signal is sent, shape ``(M_before, K)``."""
        if stage == 0 or self.private:
            return self.prior[None, :]
        return self.stages[stage - 1].beliefs

    def signal(self, stage: int) -> Floats:
        """Probability of each message given the message before and the state.

        Returns
        -------
        Floats
            Shape ``(M_before, M, K)``; in a state that the belief before rules out, the
            unconditional probability.
        """
        now, before = self.stages[stage], self.beliefs_before(stage)
        joint = now.kernel[:, :, None] * now.beliefs[None, :, :]
        given = np.repeat(now.kernel[:, :, None], self.prior.size, axis=2)
        possible = np.broadcast_to(before[:, None, :] > 0, given.shape)
        np.divide(joint, before[:, None, :], out=given, where=possible)
        return given

    def __repr__(self) -> str:
        messages = ", ".join(str(len(stage.beliefs)) for stage in self.stages)
        return f"PosteriorTree({self.procedure}: {messages} messages by stage)"
