r"""Many receivers in few groups: who is in a group does not matter, only how many.

Receivers of a group have the same rule and payoff, and the prior does not change when they change
places, so it is a prior over *counts*: with groups of sizes m_1, …, m_G the probability that k_g
members of group g are in state H, for each (k_1, …, k_G). By symmetry and concavity a public signal
may be taken to be symmetric: a message says how many of each group accept, and which ones, all
choices of as many being as likely. States and recommendations collapse from 2^n · 2^n columns to
Π (m_g + 1)².
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, Integers, Numbers, Rationals, ReadOnly, Written, written
from persuasion_lp.errors import PayoffError, PriorError, ReceiverError, SizeError
from persuasion_lp.families.exchangeable.groups import check_member, group_of
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.inputs import answers_for_arguments, in_order, is_a, is_ordered, is_whole
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.labels import Names
from persuasion_lp.primitives.priors import check_prior, written_prior
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.words import Described

__all__ = ["ExchangeableGame"]

BYTES_PER_STATE = 200
"""Of a prior in fractions, and in floats."""

MOST_MEMBERS = 1000
"""Of a group, where the prior is computed from causes."""

MOST_COUNTS = 100_000
"""States of a game of groups whose prior is computed from causes."""

MOST_EXPANDED = 20
"""Receivers up to which a game is written out, one by one."""


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class ExchangeableGame(Content, Described, ReadOnly):
    """A sender persuades groups of alike receivers by one public signal.

    Parameters
    ----------
    prior
        Over counts, shape ``(m_1 + 1, …, m_G + 1)``: the probability that k_g of the m_g members of
        group g are in state H. Must sum to 1.
    members
        One receiver for each group, with two actions and two own states; one alone may be passed
        as he is. His payoffs are what the sender gets from each member.
    payoff
        Replaces their sum: the sender's payoff from j_g acceptances in each group, shape
        ``(m_1 + 1, …, m_G + 1)``. It must not fall in any of them.
    normalize
        Divide the prior by its sum.

    Attributes
    ----------
    prior, members, payoff
        As given, copied and read-only.
    counted
        The same game with a receiver for each group, who counts.

    Raises
    ------
    PriorError, ReceiverError, PayoffError
        Named by field, rule, index and value.

    Examples
    --------
    Forty voters, all of one mind with probability one half, half of them informed:

    >>> import numpy as np
    >>> from persuasion_lp import ExchangeableGame, Receiver, solve
    >>> prior = np.zeros(41)
    >>> prior[[0, 40]] = 0.5
    >>> crowd = ExchangeableGame(prior, Receiver.threshold(0.8))
    >>> round(solve(crowd, "simultaneous").value, 9)  # everybody, with probability .5/.8
    25.0
    """

    prior: Floats
    members: tuple[Receiver, ...]
    payoff: Floats | None
    _written_prior: Written
    _written_payoff: Written | None

    def __init__(
        self,
        prior: Numbers,
        members: Sequence[Receiver] | Receiver,
        payoff: Numbers | None = None,
        *,
        normalize: bool = False,
    ) -> None:
        given = written_prior("prior", prior, normalize=normalize)
        checked = check_prior(given.floats)
        stated: Any = members
        listed: tuple[Any, ...] = (stated,)
        if is_ordered(stated):
            listed = in_order("members", stated, ReceiverError)
        for index, member in enumerate(listed):
            if not is_a(member, Receiver):
                raise ReceiverError("members", "must be a Receiver", index=index, value=member)
            check_member(index, member, additive=payoff is None)
        if len(listed) != checked.ndim or min(checked.shape) < 2:
            raise PriorError(
                "prior",
                f"must have one axis of at least two counts for each of {len(listed)} groups",
                value=checked.shape,
            )
        written_payoff = None
        if payoff is not None:
            written_payoff = written("payoff", payoff, PayoffError, truth_values=True)
            if written_payoff.floats.shape != checked.shape:
                raise PayoffError(
                    "payoff",
                    f"must have shape {checked.shape}, acceptances in each group",
                    value=written_payoff.floats.shape,
                )
        object.__setattr__(self, "prior", checked)
        object.__setattr__(self, "members", listed)
        object.__setattr__(
            self, "payoff", None if written_payoff is None else written_payoff.floats
        )
        object.__setattr__(self, "_written_prior", given)
        object.__setattr__(self, "_written_payoff", written_payoff)
        _ = self.counted  # refuses payoffs that fall

    @classmethod
    def of(cls, game: PersuasionGame) -> ExchangeableGame:
        """Find the groups of a game.

        Parameters
        ----------
        game
            With binary states, receiver i about axis i of the prior.

        Raises
        ------
        ReceiverError, PriorError
            If receivers are not about an axis each, or none is like another; what is not alike is
            named.
        """
        if not is_a(game, PersuasionGame):
            raise ReceiverError("game", "must be a PersuasionGame", value=type(game).__name__)
        if game.prior.shape != (2,) * game.n or any(
            own.tolist() != np.indices(game.prior.shape)[i].ravel().tolist()
            for i, own in enumerate(game.own_states)
        ):
            raise PriorError(
                "game",
                "must have a binary state for each receiver, on an axis of its own",
                value=game.prior.shape,
            )
        numbers = game.written_numbers
        earlier = interchangeable_receivers(game, numbers)
        first = [min(twins | {i}) for i, twins in enumerate(earlier)]
        groups = [[i for i in range(game.n) if first[i] == g] for g in sorted(set(first))]
        if len(groups) == game.n and game.n > 1:
            raise ReceiverError(
                "game",
                "has no two receivers who could change places: prior, rules or payoffs differ",
                index=1,
            )
        sizes = [len(group) for group in groups]
        prior = np.full([size + 1 for size in sizes], 0, dtype=object)
        cells = numbers.prior.reshape(game.prior.shape)
        for state in product((0, 1), repeat=game.n):
            prior[tuple(sum(state[i] for i in group) for group in groups)] += cells[state]
        payoff = None
        if numbers.payoff is not None:
            if game.state_dependent:
                raise PayoffError("payoff", "must not depend on the state to be counted")
            payoff = np.empty(prior.shape, dtype=object)
            for counts in np.ndindex(*prior.shape):
                told = [0] * game.n
                for group, count in zip(groups, counts, strict=True):
                    for i in group[:count]:
                        told[i] = 1
                payoff[counts] = numbers.payoff[tuple(told)]
        return cls(prior, [game.receivers[group[0]] for group in groups], payoff)

    @classmethod
    def mixture(
        cls,
        sizes: Sequence[int],
        weights: Numbers,
        chances: Numbers,
        members: Sequence[Receiver] | Receiver,
        payoff: Numbers | None = None,
    ) -> ExchangeableGame:
        """Receivers whose states are independent given a common cause.

        Parameters
        ----------
        sizes
            m_g, the size of each group.
        weights
            Probability of each cause, shape ``(C,)``.
        chances
            Probability of H for a member of each group given each cause, shape ``(C, G)``.
        members, payoff
            As in :class:`ExchangeableGame`.

        Raises
        ------
        PriorError
            For sizes that are no whole numbers, or chances of another shape or outside [0, 1].
        SizeError
            If there are more than 100 000 states.
        """
        listed = in_order("sizes", sizes, PriorError)
        for index, size in enumerate(listed):
            if not (is_whole(size) and 1 <= size <= MOST_MEMBERS):
                rule = f"must be whole numbers from 1 to {MOST_MEMBERS}"
                raise PriorError("sizes", rule, index=index, value=size)
        causes = written("weights", weights, PriorError).rationals().ravel()
        given = written("chances", chances, PriorError)
        if given.floats.shape != (causes.size, len(listed)):
            raise PriorError(
                "chances",
                f"must have shape {(causes.size, len(listed))}, causes and groups",
                value=given.floats.shape,
            )
        outside = np.argwhere((given.floats < 0) | (given.floats > 1))
        if outside.size:
            place = tuple(outside[0].tolist())
            value = float(given.floats[place])
            raise PriorError("chances", "must lie in [0, 1]", index=place, value=value)
        cells = math.prod(size + 1 for size in listed)
        if cells > MOST_COUNTS:
            raise SizeError(
                "prior",
                needed=BYTES_PER_STATE * cells,
                limit=BYTES_PER_STATE * MOST_COUNTS,
                counts=cells,
            )
        prior = np.full([size + 1 for size in listed], 0, dtype=object)
        for weight, chance in zip(causes, given.rationals(), strict=True):
            term = np.array(weight, dtype=object)
            for size, c in zip(listed, chance, strict=True):
                counts = [
                    math.comb(size, k) * c**k * (1 - c) ** (size - k) for k in range(size + 1)
                ]
                term = term[..., None] * np.array(counts, dtype=object)
            prior = prior + term
        return cls(prior, members, payoff)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of members of each group."""
        return tuple(count - 1 for count in self.prior.shape)

    @cached_property
    def counted(self) -> PersuasionGame:
        """The game with a receiver for each group: he acts j if j accept, and knows k of H."""
        groups = [
            group_of(member, size) for member, size in zip(self.members, self.sizes, strict=True)
        ]
        payoff = None if self._written_payoff is None else self._written_payoff.rationals()
        return PersuasionGame(self._written_prior.rationals(), groups, payoff)

    @property
    def n(self) -> int:
        """Number of groups."""
        return len(self.members)

    @property
    def receivers(self) -> tuple[Receiver, ...]:
        """The groups, each as a receiver who counts."""
        return self.counted.receivers

    @property
    def names(self) -> Names:
        """The groups' names."""
        return self.counted.names

    @property
    def called(self) -> Names | None:
        """The groups' names, if they have any."""
        return self.counted.called

    @property
    def state_names(self) -> Any:
        """Names of the states, which are counts."""
        return self.counted.state_names

    @property
    def own_states(self) -> tuple[Integers, ...]:
        """Count of H in each group, in every state."""
        return self.counted.own_states

    def payoff_without_information(self) -> float:
        """The sender's payoff when nothing is said: of a group, all accept or none."""
        willing = []
        for g, (member, size) in enumerate(zip(self.members, self.sizes, strict=True)):
            high = self.counted.own_prior(g) @ np.arange(size + 1) / size
            willing.append(size * np.flatnonzero(member.obeys([1 - high, high])))
        if self.payoff is not None:
            return float(self.payoff[np.ix_(*willing)].max())
        each = []
        for g, (member, size) in enumerate(zip(self.members, self.sizes, strict=True)):
            high = self.counted.own_prior(g) @ np.arange(size + 1)
            pays = member.payoffs @ np.array([size - high, high])
            each.append(max(float(pays[all_of // size]) for all_of in willing[g]))
        return math.fsum(each)

    def payoff_with_full_information(self) -> float:
        """The sender's payoff when everybody is told his state."""
        counts = np.indices(self.prior.shape)
        accepting, paid = [], np.zeros(self.prior.shape)
        for g, (member, size) in enumerate(zip(self.members, self.sizes, strict=True)):
            able = np.stack([(cone >= 0).all(axis=0) for cone in member.cones])
            best = np.where(able, member.payoffs, -np.inf).argmax(axis=0)
            if self.payoff is not None:
                best = able[1].astype(np.int64)
            accepting.append(best[1] * counts[g] + best[0] * (size - counts[g]))
            pays = member.payoffs[best, [0, 1]]
            paid += pays[1] * counts[g] + pays[0] * (size - counts[g])
        if self.payoff is not None:
            paid = self.payoff[tuple(accepting)]
        return float((self.prior * paid).sum())

    def expanded(self) -> PersuasionGame:
        """The game with every receiver by himself, group after group: 2^n states.

        Raises
        ------
        SizeError
            If there are more than 20 receivers.
        """
        total = sum(self.sizes)
        if total > MOST_EXPANDED:
            needed, limit = (BYTES_PER_STATE * 2**count for count in (total, MOST_EXPANDED))
            raise SizeError("game", needed=needed, limit=limit, receivers=total)
        group = np.repeat(np.arange(self.n), self.sizes)
        cells = self._written_prior.rationals()
        prior = np.empty((2,) * total, dtype=object)
        payoff = None if self._written_payoff is None else np.empty((2,) * total, dtype=object)
        pays = None if self._written_payoff is None else self._written_payoff.rationals()
        for state in product((0, 1), repeat=total):
            counts = tuple(np.bincount(group, weights=state, minlength=self.n).astype(int).tolist())
            ways = math.prod(math.comb(m, k) for m, k in zip(self.sizes, counts, strict=True))
            prior[state] = cells[counts] / ways
            if payoff is not None and pays is not None:
                payoff[state] = pays[counts]
        return PersuasionGame(prior, [self.members[g] for g in group], payoff)

    def __repr__(self) -> str:
        groups = ", ".join(
            f"{size} who {member.rule}"
            for size, member in zip(self.sizes, self.members, strict=True)
        )
        kind = "additive payoff" if self.payoff is None else "payoff over counts"
        return (
            f"ExchangeableGame({sum(self.sizes)} receivers in {self.n} "
            f"group{'s' * (self.n > 1)}: {groups}; {kind})"
        )


def _binomial(size: int, chance: Any) -> Rationals:
    """Probability of each count among so many independent draws."""
    counts = range(size + 1)
    return np.array(
        [math.comb(size, k) * chance**k * (1 - chance) ** (size - k) for k in counts], dtype=object
    )
