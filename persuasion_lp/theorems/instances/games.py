"""Games and votes in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np

from persuasion_lp.errors import PriorError
from persuasion_lp.problems import PersuasionGame, VotingGame
from persuasion_lp.theorems.instances.base import RationalInstance
from persuasion_lp.theorems.instances.numbers import (
    DENOMINATORS,
    Nested,
    Row,
    digits,
    each_rounded,
    entry,
    flat,
    numbers,
    object_array,
    rational,
    rounded,
    texts,
    tuples,
    whole,
)
from persuasion_lp.theorems.instances.receivers import RationalReceiver, receivers_from

__all__ = ["RationalGame", "RationalVote"]


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


@dataclass(frozen=True)
class RationalVote(RationalInstance, kind=VotingGame):
    """A :class:`VotingGame` in rationals.

    Attributes
    ----------
    prior
        Nested tuples.
    cutoffs
        The voters' cutoffs.
    quota
        Approvals that win.
    """

    prior: Nested
    cutoffs: Row
    quota: int

    @classmethod
    def read(cls, problem: VotingGame) -> RationalVote:
        """Read a vote."""
        prior: Any = problem.prior
        cutoffs: Any = problem.cutoffs
        try:
            exact_prior, cutoffs = problem.rational_numbers
        except PriorError:
            pass
        else:
            prior = exact_prior.reshape(prior.shape)
        return cls(rational(prior), rational(cutoffs), problem.quota)

    def build(self) -> VotingGame:
        """The vote."""
        return VotingGame(self.prior, self.cutoffs, self.quota)

    @property
    def size(self) -> tuple[int, ...]:
        """Voters, possible states, digits."""
        states = sum(map(bool, flat(self.prior)))
        return len(self.cutoffs), states, digits(self.prior, self.cutoffs)

    def entries(self) -> dict[str, Any]:
        """Prior, cutoffs, quota."""
        return {
            "prior": texts(self.prior),
            "cutoffs": texts(self.cutoffs),
            "quota": self.quota,
        }

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalVote:
        """Read a vote from its entries."""
        return cls(
            prior=numbers("prior", entry(data, "prior")),
            cutoffs=numbers("cutoffs", entry(data, "cutoffs"), 1),
            quota=whole("quota", entry(data, "quota")),
        )

    def simpler(self) -> Iterator[RationalVote]:
        """Fewer voters, who may count as one approval; fewer states; rounded numbers."""
        prior = object_array(self.prior)
        for i, quota in product(range(prior.ndim), (self.quota, self.quota - 1)):
            if 1 <= quota < prior.ndim:
                cutoffs = self.cutoffs[:i] + self.cutoffs[i + 1 :]
                yield RationalVote(tuples(prior.sum(axis=i).tolist()), cutoffs, quota)
        for simpler in (*fewer_states(self.prior), *rounded_priors(self.prior)):
            yield replace(self, prior=simpler)
        for cutoffs in each_rounded(self.cutoffs):
            yield replace(self, cutoffs=cutoffs)


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
