"""Games on one binary belief in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.forms.functions import RationalFunction
from persuasion_lp.core.forms.numbers import (
    Row,
    digits,
    entry,
    listing,
    numbers,
    object_array,
    rational,
    texts,
)
from persuasion_lp.core.forms.receivers import RationalReceiver
from persuasion_lp.errors import InstanceError
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.games.forms.rational import fewer_states, rounded_priors
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["RationalBeliefs"]

BeliefPart: TypeAlias = RationalReceiver | RationalFunction


@dataclass(frozen=True)
class RationalBeliefs(RationalInstance, kind=BeliefGame):
    """A :class:`BeliefGame` on one binary belief, piecewise linear, in rationals; without its grid.

    Attributes
    ----------
    prior
        Probabilities of L and H.
    payoffs
        Receivers and functions of the probability of H.
    """

    prior: Row
    payoffs: tuple[BeliefPart, ...]

    @classmethod
    def read(cls, problem: BeliefGame) -> RationalBeliefs:
        """Read a game; callables, and more than two states, are refused."""
        if not problem.on_interval:
            raise InstanceError(
                "prior", "must be over two states in an instance file", value=problem.states
            )
        payoffs: list[BeliefPart] = []
        for index, payoff in enumerate(problem.payoffs):
            if isinstance(payoff, Receiver):
                payoffs.append(RationalReceiver.of(payoff, "payoffs", index))
            elif isinstance(payoff, PiecewiseLinear):
                payoffs.append(RationalFunction.of(payoff))
            else:
                raise InstanceError(
                    "payoffs", "must be a Receiver or a PiecewiseLinear function", index=index
                )
        return cls(rational(problem.prior), tuple(payoffs))

    def build(self) -> BeliefGame:
        """The game."""
        return BeliefGame(object_array(self.prior), [payoff.build() for payoff in self.payoffs])

    @property
    def size(self) -> tuple[int, ...]:
        """Receivers, possible states, pieces and actions, digits."""
        sizes = [
            (payoff.actions, payoff.digits) if isinstance(payoff, RationalReceiver) else payoff.size
            for payoff in self.payoffs
        ]
        return (
            len(self.payoffs),
            sum(map(bool, self.prior)),
            sum(pieces for pieces, _ in sizes),
            digits(self.prior) + sum(own for _, own in sizes),
        )

    def entries(self) -> dict[str, Any]:
        """Prior and payoffs."""
        return {
            "prior": texts(self.prior),
            "payoffs": [payoff.to_dict() for payoff in self.payoffs],
        }

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalBeliefs:
        """Read a game from its entries."""
        prior = numbers("prior", entry(data, "prior"), 1)
        if len(prior) != 2:
            raise InstanceError("prior", "must be two probabilities", value=len(prior))
        listed = listing("payoffs", entry(data, "payoffs"))
        return cls(prior, tuple(_part(part, f"payoffs[{i}]") for i, part in enumerate(listed)))

    def simpler(self) -> Iterator[RationalBeliefs]:
        """Fewer receivers, a simpler prior, simpler payoffs."""
        for i in range(len(self.payoffs) if len(self.payoffs) > 1 else 0):
            yield replace(self, payoffs=self.payoffs[:i] + self.payoffs[i + 1 :])
        for prior in (*fewer_states(self.prior), *rounded_priors(self.prior)):
            yield replace(self, prior=prior)
        for i, payoff in enumerate(self.payoffs):
            for simpler in payoff.simpler():
                payoffs = (*self.payoffs[:i], simpler, *self.payoffs[i + 1 :])
                yield replace(self, payoffs=payoffs)


def _part(data: Any, field: str) -> BeliefPart:
    if isinstance(data, dict) and "breakpoints" in data:
        return RationalFunction.from_dict(data, field)
    return RationalReceiver.from_dict(data, field)
