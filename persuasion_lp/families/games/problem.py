r"""The game: one sender, n receivers who take one action each, one joint prior.

Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*, §2. A state ω is a cell of the
prior; receiver i acts on his belief about his own state s_i(ω). The sender gets Σ_i f_i(a_i, s_i)
or, with ``payoff=``, any u(a_1, …, a_n) or u(a_1, …, a_n, ω).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import (
    Floats,
    Integers,
    Numbers,
    ReadOnly,
    Written,
    frozen,
    summed,
    written,
)
from persuasion_lp.errors import PayoffError, ReceiverError
from persuasion_lp.inputs import answers_for_arguments, in_order, is_a, is_ordered
from persuasion_lp.primitives.about import own_states
from persuasion_lp.primitives.cones import Sides, check_comparable, sides_of
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.idle import check_unasked_acceptance, warn_of_idle_actions
from persuasion_lp.primitives.labels import Labelled, StateLabels, checked_state_labels
from persuasion_lp.primitives.priors import check_exact_sum, check_prior, written_prior
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.rules import grouped_rules
from persuasion_lp.words import Described

__all__ = ["GameNumbers", "PersuasionGame"]

SMALLEST_PAYOFF = 1e-290
"""Of the largest payoff in size, if it is not 0: rounding of less is not held by a float."""


@dataclass(frozen=True, eq=False)
class GameNumbers(ReadOnly):
    """The numbers of a game apart from its structure: all floats, or all exact rationals.

    Attributes
    ----------
    prior
        Shape ``(prior.size,)``.
    cones
        D_a for each receiver and action.
    payoffs
        For each receiver, shape ``(A, K)``.
    payoff
        Payoff over profiles (and states), if payoffs are not additive.
    """

    prior: NDArray[Any]
    cones: tuple[tuple[NDArray[Any], ...], ...]
    payoffs: tuple[NDArray[Any], ...]
    payoff: NDArray[Any] | None


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class PersuasionGame(Content, Described, Labelled, ReadOnly):
    """A sender persuades n receivers who take one action each.

    Parameters
    ----------
    prior
        Joint prior over the states, any shape; with shape ``(2,)*n`` receiver i is about axis i,
        index 1 = H. Must sum to 1.
    receivers
        The n receivers, in order; one alone may be passed as he is.
    payoff
        Replaces the sum of the receivers' payoffs: the sender's payoff from each action profile,
        shape ``(A_1, …, A_n)``, or from each profile in each state,
        shape ``(A_1, …, A_n, *prior.shape)``.
    normalize
        Divide the prior by its sum: for counts, or weights.
    state_labels
        Names of the states: a list where the prior has one axis, otherwise a list for each axis
        (or one that serves all of them).

    Attributes
    ----------
    prior, receivers, payoff
        As given, copied and read-only.
    own_states
        For each receiver his own state in every state, shape ``(prior.size,)``.

    Raises
    ------
    PriorError, ReceiverError, PayoffError
        Named by field, rule, index and value.

    Examples
    --------
    The two judges of Example 1: exactly one of two defendants is guilty.

    >>> from persuasion_lp import PersuasionGame, Receiver
    >>> PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
    PersuasionGame(2 receivers with (2, 2) actions, 2 of 4 states possible, additive payoff;
    receivers 0, 1: acts 1 from belief 0.8 on)
    """

    prior: Floats
    receivers: tuple[Receiver, ...]
    payoff: Floats | None
    own_states: tuple[Integers, ...]
    state_labels: StateLabels | None
    _written_prior: Written
    _written_payoff: Written | None

    def __init__(
        self,
        prior: Numbers,
        receivers: Iterable[Receiver] | Receiver,
        payoff: Numbers | None = None,
        *,
        normalize: bool = False,
        state_labels: Sequence[Any] | None = None,
    ) -> None:
        given = written_prior("prior", prior, normalize=normalize)
        checked = check_prior(given.floats)
        listed = _checked_receivers(receivers)
        object.__setattr__(self, "prior", checked)
        object.__setattr__(self, "receivers", listed)
        labels = checked_state_labels(state_labels, checked.shape)
        object.__setattr__(self, "state_labels", labels)
        object.__setattr__(
            self,
            "own_states",
            tuple(own_states(i, r, checked.shape, len(listed)) for i, r in enumerate(listed)),
        )
        written_payoff = None
        if payoff is not None:
            written_payoff = written("payoff", payoff, PayoffError, truth_values=True)
        object.__setattr__(self, "payoff", self._checked_payoff(written_payoff))
        object.__setattr__(self, "_written_prior", given)
        object.__setattr__(self, "_written_payoff", written_payoff)
        for index, receiver in enumerate(listed):
            check_comparable("receivers", index, receiver.cones)
        if self.payoff_scale < SMALLEST_PAYOFF:
            raise PayoffError(
                "receivers" if payoff is None else "payoff",
                f"must pay 0, or somewhere at least {SMALLEST_PAYOFF:g}",
                value=self.payoff_scale,
            )
        self._check_unasked_acceptance()
        warn_of_idle_actions(listed, [f"receivers[{i}]" for i in range(self.n)])

    @property
    def n(self) -> int:
        """Number of receivers."""
        return len(self.receivers)

    @cached_property
    def action_counts(self) -> tuple[int, ...]:
        """Number of actions of each receiver."""
        return tuple(receiver.action_count for receiver in self.receivers)

    @property
    def additive(self) -> bool:
        """Whether the sender's payoff is the sum of the receivers' payoffs."""
        return self.payoff is None

    @property
    def state_dependent(self) -> bool:
        """Whether a payoff given by ``payoff=`` depends on the state."""
        return self.payoff is not None and self.payoff.ndim > self.n

    @property
    def binary(self) -> bool:
        """Whether every receiver's own state has two values, as KKS assume in §2 to §5."""
        return all(receiver.state_count == 2 for receiver in self.receivers)

    @cached_property
    def payoff_scale(self) -> float:
        """Bound on the sender's payoff in absolute value (1 if it is always zero)."""
        if self.payoff is None:
            return sum(float(np.abs(r.payoffs).max()) for r in self.receivers) or 1.0
        return float(np.abs(self.payoff).max()) or 1.0

    @cached_property
    def support(self) -> Integers:
        """Flat positions of the states with positive probability."""
        return frozen(np.flatnonzero(self.prior))

    @cached_property
    def numbers(self) -> GameNumbers:
        """The game's numbers as floats."""
        return GameNumbers(
            prior=self.prior.ravel(),
            cones=tuple(receiver.cones for receiver in self.receivers),
            payoffs=tuple(receiver.payoffs for receiver in self.receivers),
            payoff=self.payoff,
        )

    @cached_property
    def rational_numbers(self) -> GameNumbers:
        """The game's numbers as exact rationals, taken as they were written.

        Raises
        ------
        PriorError
            If the prior, so read, does not sum to 1 exactly.
        """
        check_exact_sum(self.written_numbers.prior)
        return self.written_numbers

    @cached_property
    def written_numbers(self) -> GameNumbers:
        """The game's numbers as exact rationals, whether or not the prior sums to 1 exactly."""
        payoff = None if self._written_payoff is None else self._written_payoff.rationals()
        return GameNumbers(
            prior=frozen(self._written_prior.rationals().ravel()),
            cones=tuple(tuple(map(frozen, r.rational_cones())) for r in self.receivers),
            payoffs=tuple(frozen(r.rational_payoffs()) for r in self.receivers),
            payoff=None if payoff is None else frozen(payoff),
        )

    @cached_property
    def sides(self) -> tuple[Sides, ...]:
        """Each receiver's obedience rows by sign."""
        return tuple(sides_of(receiver.cones) for receiver in self.receivers)

    @cached_property
    def payoff_sizes(self) -> Floats:
        """Largest payoff in absolute value that the sender may get in each state, flat."""
        if self.payoff is None:
            each = [
                np.abs(receiver.payoffs).max(axis=0)[own]
                for receiver, own in zip(self.receivers, self.own_states, strict=True)
            ]
            return frozen(np.sum(each, axis=0))
        if not self.state_dependent:
            return frozen(np.full(self.prior.size, np.abs(self.payoff).max()))
        by_state = np.abs(self.payoff).reshape(-1, self.prior.size)
        return frozen(np.asarray(by_state.max(axis=0)))

    @cached_property
    def at_stake(self) -> float:
        """Expectation of the largest payoff in absolute value (1 if it is always zero)."""
        return math.fsum(self.prior.ravel() * self.payoff_sizes) or 1.0

    @cached_property
    def revealed(self) -> tuple[Integers, Floats]:
        """What is recommended in each possible state when it is revealed, and what that pays.

        The best for the sender of what each receiver is willing to do, shapes ``(S, n)`` and
        ``(S,)``. At a degenerate belief only the signs of the rows count: nothing is rounded.
        """
        able = [
            np.stack([(cone >= 0).all(axis=0) for cone in receiver.cones])
            for receiver in self.receivers
        ]
        own = [labels[self.support] for labels in self.own_states]
        if self.payoff is None:
            actions = np.empty((self.support.size, self.n), dtype=np.int64)
            paid = np.zeros(self.support.size)
            for i, receiver in enumerate(self.receivers):
                willing = np.where(able[i], receiver.payoffs, -np.inf)
                actions[:, i] = willing.argmax(axis=0)[own[i]]
                paid += willing.max(axis=0)[own[i]]
            return frozen(actions), frozen(paid)
        by_state = self.payoff.reshape(*self.action_counts, -1)
        best = []
        for k, state in enumerate(self.support):
            slab = by_state[..., state if self.state_dependent else 0]
            willing = slab[np.ix_(*(a[:, s[k]] for a, s in zip(able, own, strict=True)))]
            place = np.unravel_index(int(willing.argmax()), willing.shape)
            told = [np.flatnonzero(a[:, s[k]])[p] for a, s, p in zip(able, own, place, strict=True)]
            best.append((told, float(willing.max())))
        return (
            frozen(np.array([told for told, _ in best], dtype=np.int64).reshape(-1, self.n)),
            frozen(np.array([paid for _, paid in best])),
        )

    def own_prior(self, i: int) -> Floats:
        """Receiver i's prior over his own states, shape ``(K_i,)``."""
        return summed(self.own_states[i], self.prior.ravel(), self.receivers[i].state_count)

    def payoff_table(self, actions: Integers, states: Integers) -> Floats:
        """Sender's payoff from action profiles in states.

        Parameters
        ----------
        actions
            Profiles, shape ``(P, n)``.
        states
            Flat positions of states, shape ``(S,)``.

        Returns
        -------
        Floats
            Shape ``(P, S)``.
        """
        columns = tuple(actions.T)
        if self.payoff is None:
            total = np.zeros((len(actions), len(states)))
            for i, receiver in enumerate(self.receivers):
                total += receiver.payoffs[actions[:, i]][:, self.own_states[i][states]]
            return total
        if not self.state_dependent:
            return np.repeat(self.payoff[columns][:, None], len(states), axis=1)
        return self.payoff.reshape(*self.action_counts, -1)[columns][:, states]

    def payoff_steps(self, i: int) -> Floats:
        """Least and most that the sender gains when receiver i goes one action up.

        Over the states and the others' actions; shape ``(2, A_i - 1)``.
        """
        if self.payoff is None:
            steps = np.diff(self.receivers[i].payoffs, axis=0)
        else:
            steps = np.moveaxis(np.diff(self.payoff, axis=i), i, 0)
        flat = steps.reshape(len(steps), math.prod(steps.shape[1:]))
        return np.stack([flat.min(axis=1), flat.max(axis=1)])

    def payoff_without_information(self) -> float:
        """Sender's payoff when nothing is said and everybody acts on the prior.

        Ties go to the sender, and are those of the numbers as they were written.
        """
        prior = self.written_numbers.prior
        willing = [
            np.flatnonzero(receiver.obeys(summed(own, prior, receiver.state_count)))
            for receiver, own in zip(self.receivers, self.own_states, strict=True)
        ]
        if self.payoff is None:
            return math.fsum(
                float((receiver.payoffs[actions] @ self.own_prior(i)).max())
                for i, (receiver, actions) in enumerate(zip(self.receivers, willing, strict=True))
            )
        expected = self.payoff
        if self.state_dependent:
            expected = self.payoff.reshape(*self.action_counts, -1) @ self.prior.ravel()
        return float(expected[np.ix_(*willing)].max())

    def payoff_with_full_information(self) -> float:
        """Sender's payoff when the state is revealed to everybody, ties go to the sender."""
        _, paid = self.revealed
        return math.fsum(self.prior.ravel()[self.support] * paid)

    def _checked_payoff(self, payoff: Written | None) -> Floats | None:
        if payoff is None:
            return None
        array = payoff.floats
        profiles = self.action_counts
        allowed = (profiles, profiles + self.prior.shape)
        if array.shape not in allowed:
            raise PayoffError(
                "payoff", f"must have shape {allowed[0]} or {allowed[1]}", value=array.shape
            )
        return array

    def _check_unasked_acceptance(self) -> None:
        for i, receiver in enumerate(self.receivers):
            if not receiver.convex:
                least = float(self.payoff_steps(i)[0].min())
                check_unasked_acceptance("payoffs" if self.additive else "payoff", i, least)

    def __repr__(self) -> str:
        kind = (
            "additive payoff"
            if self.additive
            else (
                "payoff over profiles and states"
                if self.state_dependent
                else "payoff over profiles"
            )
        )
        return (
            f"PersuasionGame({self.n} receiver{'s' * (self.n > 1)} "
            f"with {self.action_counts} actions, "
            f"{self.support.size} of {self.prior.size} states possible, {kind}; "
            f"{grouped_rules([r.rule for r in self.receivers], self.called)})"
        )


def _checked_receivers(receivers: Iterable[Receiver] | Receiver) -> tuple[Receiver, ...]:
    listed: tuple[Any, ...] = (receivers,)
    if is_ordered(receivers):
        listed = in_order("receivers", receivers, ReceiverError)
    if not listed:
        raise ReceiverError("receivers", "must hold at least one receiver")
    for index, receiver in enumerate(listed):
        if not is_a(receiver, Receiver):
            raise ReceiverError("receivers", "must be a Receiver", index=index, value=receiver)
    return listed
