"""Votes in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.forms.numbers import (
    Nested,
    Row,
    digits,
    each_rounded,
    entry,
    flat,
    numbers,
    object_array,
    rational,
    texts,
    tuples,
    whole,
)
from persuasion_lp.errors import PriorError
from persuasion_lp.families.games.forms.rational import fewer_states, rounded_priors
from persuasion_lp.families.votes.problem import VotingGame

__all__ = ["RationalVote"]


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
