"""Games in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.forms.numbers import (
    DENOMINATORS,
    Nested,
    digits,
    entry,
    flat,
    numbers,
    object_array,
    rational,
    rounded,
    texts,
    tuples,
)
from persuasion_lp.core.forms.receivers import RationalReceiver, receivers_from
from persuasion_lp.errors import PriorError
from persuasion_lp.families.games.problem import PersuasionGame

__all__ = ["RationalGame", "fewer_states", "rounded_priors"]


@dataclass(frozen=True)
class RationalGame(RationalInstance, kind=PersuasionGame):
    """A :class:`PersuasionGame` in rationals; receivers by cutoffs or acceptance sets.

    Attributes
    ----------
    prior
        Nested tuples.
    receivers
        The receivers.
    payoff
        Of a game whose payoff is not additive, nested tuples.
    """

    prior: Nested
    receivers: tuple[RationalReceiver, ...]
    payoff: Nested | None = None

    @classmethod
    def read(cls, problem: PersuasionGame) -> RationalGame:
        """Read a game; a receiver stated by utilities is refused."""
        receivers = tuple(
            RationalReceiver.of(r, "receivers", i) for i, r in enumerate(problem.receivers)
        )
        prior: Any = problem.prior
        payoff: Any = problem.payoff
        try:
            exactly = problem.rational_numbers
        except PriorError:
            pass
        else:
            prior, payoff = exactly.prior.reshape(prior.shape), exactly.payoff
        return cls(rational(prior), receivers, None if payoff is None else rational(payoff))

    def build(self) -> PersuasionGame:
        """The game."""
        return PersuasionGame(self.prior, [r.build() for r in self.receivers], self.payoff)

    @property
    def size(self) -> tuple[int, ...]:
        """Receivers, possible states, actions, digits."""
        return (
            len(self.receivers),
            sum(map(bool, flat(self.prior))),
            sum(r.actions for r in self.receivers),
            digits(self.prior, self.payoff or ()) + sum(r.digits for r in self.receivers),
        )

    def entries(self) -> dict[str, Any]:
        """Prior, receivers, payoff."""
        return {
            "prior": texts(self.prior),
            "receivers": [r.to_dict() for r in self.receivers],
            "payoff": None if self.payoff is None else texts(self.payoff),
        }

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalGame:
        """Read a game from its entries."""
        payoff = entry(data, "payoff")
        return cls(
            prior=numbers("prior", entry(data, "prior")),
            receivers=receivers_from(data, "receivers"),
            payoff=None if payoff is None else numbers("payoff", payoff),
        )

    def simpler(self) -> Iterator[RationalGame]:
        """Fewer receivers, states, actions; then rounded numbers."""
        yield from self._fewer_receivers()
        for prior in fewer_states(self.prior):
            yield replace(self, prior=prior)
        for i, receiver in enumerate(self.receivers):
            for fewer in receiver.with_fewer_actions():
                yield self._with_receiver(i, fewer)
        for prior in rounded_priors(self.prior):
            yield replace(self, prior=prior)
        for i, receiver in enumerate(self.receivers):
            for simpler in receiver.with_rounded_numbers():
                yield self._with_receiver(i, simpler)
        if self.payoff is not None:
            for n in DENOMINATORS:
                yield replace(self, payoff=rounded(self.payoff, n))

    def _fewer_receivers(self) -> Iterator[RationalGame]:
        if self.payoff is not None or len(self.receivers) == 1:
            return
        prior = object_array(self.prior)
        own_axes = prior.ndim == len(self.receivers) and all(
            r.about is None and r.labels is None for r in self.receivers
        )
        for i in range(len(self.receivers)):
            rest = self.receivers[:i] + self.receivers[i + 1 :]
            fewer = tuples(prior.sum(axis=i).tolist()) if own_axes else self.prior
            yield replace(self, prior=fewer, receivers=rest)

    def _with_receiver(self, i: int, receiver: RationalReceiver) -> RationalGame:
        receivers = (*self.receivers[:i], receiver, *self.receivers[i + 1 :])
        return replace(self, receivers=receivers)


def fewer_states(prior: Nested) -> Iterator[Any]:
    """A prior with one state less possible, the others scaled up."""
    given = object_array(prior)
    for place in zip(*np.nonzero(given), strict=True):
        without = given.copy()
        without[place] = Fraction(0)
        if without.any():
            yield tuples((without / without.sum()).tolist())


def rounded_priors(prior: Nested) -> Iterator[Any]:
    """A prior with weights that are small whole numbers."""
    for n in DENOMINATORS:
        weights = object_array(rounded(prior, n))
        if weights.any():
            yield tuples((weights / weights.sum()).tolist())
