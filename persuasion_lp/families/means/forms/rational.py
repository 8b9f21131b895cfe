"""Posterior-mean games in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.forms.functions import RationalFunction
from persuasion_lp.core.forms.numbers import (
    entry,
)
from persuasion_lp.core.forms.states import RationalState, read_state, state_of
from persuasion_lp.errors import InstanceError
from persuasion_lp.families.means.problem import PosteriorMeanGame

__all__ = ["RationalMeans"]


@dataclass(frozen=True)
class RationalMeans(RationalInstance, kind=PosteriorMeanGame):
    """A :class:`PosteriorMeanGame` with a :class:`PiecewiseLinear` payoff, in rationals.

    Attributes
    ----------
    prior
        States and masses, or a named distribution.
    payoff
        The function.
    """

    prior: RationalState
    payoff: RationalFunction

    @classmethod
    def read(cls, problem: PosteriorMeanGame) -> RationalMeans:
        """Read a game; payoffs that are no :class:`PiecewiseLinear` are refused."""
        if not isinstance(problem.payoff, PiecewiseLinear):
            raise InstanceError(
                "payoff", "must be a PiecewiseLinear function", value=type(problem.payoff).__name__
            )
        return cls(state_of("prior", problem.prior), RationalFunction.of(problem.payoff))

    def build(self) -> PosteriorMeanGame:
        """The game."""
        return PosteriorMeanGame(self.prior.build(), self.payoff.build())

    @property
    def size(self) -> tuple[int, ...]:
        """Pieces, states (none for a distribution), digits."""
        (pieces, own), (states, more) = self.payoff.size, self.prior.size
        return pieces, states, own + more

    def entries(self) -> dict[str, Any]:
        """Prior and payoff."""
        return {"prior": self.prior.to_dict(), "payoff": self.payoff.to_dict()}

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalMeans:
        """Read a game from its entries."""
        return cls(
            read_state("prior", entry(data, "prior")),
            RationalFunction.from_dict(entry(data, "payoff"), "payoff"),
        )

    def simpler(self) -> Iterator[RationalMeans]:
        """A simpler payoff, then a simpler prior."""
        for payoff in self.payoff.simpler():
            yield replace(self, payoff=payoff)
        for prior in self.prior.simpler():
            yield replace(self, prior=prior)
