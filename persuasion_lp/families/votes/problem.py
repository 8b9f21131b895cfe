r"""A committee: the sender wins if at least m of n voters approve.

Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*, §6.2. Voter i approves iff his
belief that his own state ω_i is H is at least c_i, and there are two ways to read "his belief":

================  ===============================================================================
forward-looking   he asks what he would believe if his vote decided: given what he has seen, and
                  that exactly m approve. This is :class:`VotingGame`.
sincere           he asks what he believes now, given what he has seen.
                  :meth:`VotingGame.sincere` is that game.
================  ===============================================================================

Profiles with more than m approvals are left out: nobody's vote matters there, so any approval would
be optimal, and the sender would win for sure by asking everybody at once. An optimum is a
distribution over *coalitions* of exactly m approvers, and failure, where nobody approves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import (
    Floats,
    Integers,
    Numbers,
    Rationals,
    ReadOnly,
    Written,
    frozen,
    written,
)
from persuasion_lp.errors import PriorError, QuotaError, ReceiverError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.inputs import answers_for_arguments, is_whole
from persuasion_lp.primitives.cones import check_comparable
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.idle import warn_of_idle_actions
from persuasion_lp.primitives.labels import (
    Labelled,
    StateLabels,
    checked_names,
    checked_state_labels,
)
from persuasion_lp.primitives.priors import check_exact_sum, check_prior, written_prior
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.rules import grouped_rules
from persuasion_lp.words import Described

__all__ = ["VotingGame"]


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class VotingGame(Content, Described, Labelled, ReadOnly):
    """A sender persuades a committee of n forward-looking voters; m approvals win.

    Parameters
    ----------
    prior
        Joint prior over the voters' binary states, shape ``(2,)*n``, index 1 = H.
    cutoffs
        c_i in [0, 1], shape ``(n,)``: voter i approves iff his belief in ω_i = H, given that his
        vote decides, is at least c_i.
    quota
        Number m of approvals that wins, from 1 to n; n is unanimity.
    normalize
        Divide the prior by its sum: for counts, or weights.
    state_labels
        Names of L and H, a list for each voter or one for all of them.
    names
        Names of the voters.
    action_labels
        What to reject and to approve are called, the same for all voters.

    Attributes
    ----------
    prior, cutoffs, quota
        As given, copied and read-only.
    receivers
        The voters, as receivers who approve (action 1) at a belief of at least their cutoff.

    Raises
    ------
    PriorError, ReceiverError, QuotaError
        Named by field, rule, index and value.

    Examples
    --------
    Example 4: states 1 and 2 are the same, state 3 is their opposite; a majority wins.

    >>> from persuasion_lp import VotingGame, priors, solve
    >>> committee = VotingGame(
    ...     priors.from_table({"HHL": 0.5, "LLH": 0.5}), cutoffs=[0.7, 0.8, 0.8], quota=2
    ... )
    >>> round(solve(committee, "simultaneous").value, 9)  # 5/8
    0.625
    >>> result = solve(committee, "sequential")
    >>> round(result.value, 9), result.order  # 5/7
    (0.714285714, (0, 1, 2))
    """

    _party = "voter"

    prior: Floats
    cutoffs: Floats
    quota: int
    receivers: tuple[Receiver, ...]
    state_labels: StateLabels | None
    _written_prior: Written
    _written_cutoffs: Written

    def __init__(
        self,
        prior: Numbers,
        cutoffs: Numbers,
        quota: int,
        *,
        normalize: bool = False,
        state_labels: Sequence[Any] | None = None,
        names: Sequence[str] | None = None,
        action_labels: Sequence[str] | None = None,
    ) -> None:
        given = written_prior("prior", prior, normalize=normalize)
        checked = check_prior(given.floats)
        if checked.shape != (2,) * checked.ndim:
            raise PriorError(
                "prior", "must have shape (2,)*n, one binary state per voter", value=checked.shape
            )
        given_cutoffs = written("cutoffs", cutoffs, ReceiverError)
        c = given_cutoffs.floats
        if c.shape != (checked.ndim,):
            raise ReceiverError(
                "cutoffs",
                f"must have shape {(checked.ndim,)}, one for each axis of the prior",
                value=c.shape,
            )
        outside = np.flatnonzero((c < 0) | (c > 1))
        if outside.size:
            index = int(outside[0])
            raise ReceiverError("cutoffs", "must lie in [0, 1]", index=index, value=float(c[index]))
        object.__setattr__(self, "prior", checked)
        object.__setattr__(self, "cutoffs", c)
        object.__setattr__(self, "quota", _checked_quota(quota, checked.ndim))
        labels = checked_state_labels(state_labels, checked.shape)
        object.__setattr__(self, "state_labels", labels)
        called = checked_names("names", names, checked.ndim, "voters", ReceiverError)
        voters = tuple(
            Receiver.threshold(
                cutoff, name=None if called is None else called[i], action_labels=action_labels
            )
            for i, cutoff in enumerate(given_cutoffs.rationals())
        )
        for index, voter in enumerate(voters):
            check_comparable("cutoffs", index, voter.cones)
        object.__setattr__(self, "receivers", voters)
        object.__setattr__(self, "_written_prior", given)
        object.__setattr__(self, "_written_cutoffs", given_cutoffs)
        warn_of_idle_actions(voters, [f"voter {i}" for i in range(self.n)])

    @property
    def n(self) -> int:
        """Number of voters."""
        return self.cutoffs.size

    @property
    def payoff_scale(self) -> float:
        """Bound on the sender's payoff: winning is worth 1."""
        return 1.0

    @cached_property
    def support(self) -> Integers:
        """Flat positions of the states with positive probability."""
        return frozen(np.flatnonzero(self.prior))

    @cached_property
    def own_states(self) -> tuple[Integers, ...]:
        """For each voter his own state in every state, shape ``(prior.size,)``."""
        return tuple(frozen(np.indices(self.prior.shape).reshape(self.n, -1)))

    @cached_property
    def coalitions(self) -> NDArray[np.bool_]:
        """Who approves in each set of exactly ``quota`` voters, shape ``(C, n)``."""
        members = np.array(list(combinations(range(self.n), self.quota)))
        approve = np.zeros((len(members), self.n), dtype=np.bool_)
        approve[np.arange(len(members))[:, None], members] = True
        return frozen(approve)

    @cached_property
    def rational_numbers(self) -> tuple[Rationals, Rationals]:
        """Prior (flat) and cutoffs as exact rationals, taken as they were written.

        Raises
        ------
        PriorError
            If the prior, so read, does not sum to 1 exactly.
        """
        check_exact_sum(self.written_numbers[0])
        return self.written_numbers

    @cached_property
    def written_numbers(self) -> tuple[Rationals, Rationals]:
        """The same, whether or not the prior sums to 1 exactly."""
        prior = frozen(self._written_prior.rationals().ravel())
        return prior, frozen(self._written_cutoffs.rationals())

    def sincere(self) -> PersuasionGame:
        """The committee of voters who vote their own belief, whether or not their vote decides.

        A game whose payoff is 1 for every profile with at least ``quota`` approvals.
        """
        approvals = np.indices((2,) * self.n).sum(axis=0)
        return PersuasionGame(
            self._written_prior.rationals(),
            self.receivers,
            payoff=approvals >= self.quota,
            state_labels=self.state_labels,
        )

    def payoff_without_information(self) -> float:
        """Sender's payoff when nothing is said: 1 if the prior persuades ``quota`` voters.

        Decided in the numbers as they were written.
        """
        prior, cutoffs = self.written_numbers
        persuaded = (
            prior[own == 1].sum() >= cutoff * prior.sum()
            for own, cutoff in zip(self.own_states, cutoffs, strict=True)
        )
        return float(sum(persuaded) >= self.quota)

    def payoff_with_full_information(self) -> float:
        """Probability that at least ``quota`` own states are H."""
        high = np.sum(self.own_states, axis=0)
        return float(self.prior.ravel()[high >= self.quota].sum())

    def __repr__(self) -> str:
        return (
            f"VotingGame({self.quota} of {self.n} voters win, "
            f"{self.support.size} of {self.prior.size} states possible; "
            f"{grouped_rules([voter.rule for voter in self.receivers], self.called)})"
        )


def _checked_quota(quota: Any, n: int) -> int:
    rule = f"must be a whole number of approvals from 1 to {n}"
    if not is_whole(quota) or not 1 <= quota <= n:
        raise QuotaError("quota", rule, value=quota)
    return int(quota)
