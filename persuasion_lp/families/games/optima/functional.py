r"""Functionals: linear in the experiment, Σ_{a, ω} π(a, ω) g(a, ω).

π(a, ω) is the joint probability of a profile of actions and a state. A functional is a sum of
terms: of a receiver's action and own state, of his action and the whole state, or of the whole
profile and the state. The first fit into every column of the recommendation programme, the others
need its columns to tell states, or profiles, apart (:mod:`.columns`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Numbers, Rationals, ReadOnly, Written, frozen, written
from persuasion_lp.errors import PayoffError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.inputs import answering, answers_for_arguments, in_order, is_a, is_whole
from persuasion_lp.primitives.labels import checked_name
from persuasion_lp.shown import shown

__all__ = ["Functional", "OfAction", "OfProfile", "Terms", "check_functional"]


MOST_NUMBERS = 4_000_000
"""In the payoffs of another sender: more belong to no program that rational arithmetic solves."""


@dataclass(frozen=True, eq=False)
class OfAction(ReadOnly):
    """A term of one receiver's action.

    Attributes
    ----------
    receiver
        Who acts.
    table
        Shape ``(A, K)`` over own states, or ``(A, states)``.
    own
        Whether it is over own states.
    """

    receiver: int
    table: Rationals
    own: bool


@dataclass(frozen=True, eq=False)
class OfProfile(ReadOnly):
    """A term of the whole profile, ``table[a_1, …, a_n, state]``."""

    table: Rationals


Terms = tuple[OfAction | OfProfile, ...]


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class Functional(ReadOnly):
    """A number that depends on an experiment linearly, in expectation.

    Parameters
    ----------
    values
        What each profile of actions is worth, shape ``(A_1, …, A_n)``, or each profile in each
        state, shape ``(A_1, …, A_n, *prior.shape)``.
    label
        What it is called.

    See Also
    --------
    Functional.sender, Functional.utility, Functional.probability, Functional.payoffs

    Examples
    --------
    Wrongful convictions before two judges: accepting (action 1) is convicting.

    >>> from persuasion_lp import Functional
    >>> Functional.probability(0, 1, event=[[True, True], [False, False]], label="wrong, judge 0")
    Functional('wrong, judge 0')
    """

    label: str
    _kind: str
    _receiver: Any
    _actions: Any
    _event: Any
    _written: tuple[Written, ...]

    def __init__(self, values: Numbers, *, label: str = "functional") -> None:
        self._set("array", label, written_values=(written("values", values, PayoffError),))

    @classmethod
    @answering
    def sender(cls, *, label: str = "the sender's payoff") -> Functional:
        """The sender's own expected payoff."""
        return cls._made("sender", label)

    @classmethod
    @answering
    def utility(cls, receiver: int, *, label: str | None = None) -> Functional:
        """A receiver's expected utility, as :meth:`Receiver.from_utility` states it.

        Parameters
        ----------
        receiver
            His position, from 0.
        label
            What it is called.
        """
        told = f"utility of receiver {shown(receiver)}" if label is None else label
        return cls._made("utility", told, receiver=receiver)

    @classmethod
    @answering
    def probability(
        cls, receiver: int, action: int, *, event: Any = None, label: str | None = None
    ) -> Functional:
        """Probability that a receiver takes an action, and that the state is in an event.

        Parameters
        ----------
        receiver, action
            Positions, from 0.
        event
            Truth values, of the prior's shape; every state if left out.
        label
            What it is called.
        """
        told = f"probability that receiver {shown(receiver)} takes {shown(action)}"
        told += "" if event is None else " in the event"
        if label is not None:
            told = label
        where = None if event is None else written("event", event, PayoffError, truth_values=True)
        return cls._made("probability", told, receiver=receiver, actions=action, event=where)

    @classmethod
    @answering
    def payoffs(cls, payoffs: Sequence[Numbers], *, label: str = "another sender") -> Functional:
        """Payoff of another sender, a sum over receivers.

        Parameters
        ----------
        payoffs
            For each receiver as in :class:`Receiver`: shape ``(A,)``, or ``(A, *own states)``.
        label
            What it is called.
        """
        listed = in_order("payoffs", payoffs, PayoffError, "must be a list, one for each receiver")
        read: list[Written] = []
        for index, one in enumerate(listed):
            read.append(written("payoffs", one, PayoffError))
            if read[-1].floats.size * len(listed) > MOST_NUMBERS:
                rule = f"must hold at most {MOST_NUMBERS} numbers in all"
                raise PayoffError("payoffs", rule, index=index)
        return cls._made("payoffs", label, written_values=tuple(read))

    @classmethod
    def _made(cls, kind: str, label: str, **known: Any) -> Functional:
        found = cls.__new__(cls)
        found._set(kind, label, **known)
        return found

    def _set(
        self,
        kind: str,
        label: str,
        *,
        receiver: Any = None,
        actions: Any = None,
        event: Any = None,
        written_values: tuple[Written, ...] = (),
    ) -> None:
        object.__setattr__(self, "label", checked_name("label", label, PayoffError))
        object.__setattr__(self, "_kind", kind)
        object.__setattr__(self, "_receiver", receiver)
        object.__setattr__(self, "_actions", actions)
        object.__setattr__(self, "_event", event)
        object.__setattr__(self, "_written", written_values)

    def terms(self, game: PersuasionGame) -> Terms:
        """Its terms in a game.

        Raises
        ------
        PayoffError
            If it does not fit the game; receiver, action or shape are named.
        """
        match self._kind:
            case "sender":
                return _sender_terms(game)
            case "utility":
                return (self._utility_term(game),)
            case "probability":
                return (self._probability_term(game),)
            case "payoffs":
                return self._payoff_terms(game)
            case _:
                return (self._array_term(game),)

    def _checked_receiver(self, game: PersuasionGame) -> int:
        i = self._receiver
        if not (is_whole(i) and 0 <= i < game.n):
            rule = f"must name one of the receivers 0 to {game.n - 1}"
            raise PayoffError("receiver", rule, value=i)
        return int(i)

    def _utility_term(self, game: PersuasionGame) -> OfAction:
        i = self._checked_receiver(game)
        table = game.receivers[i].rational_utility()
        if table is None:
            raise PayoffError(
                "receiver",
                "states when he acts, not a utility; state him with Receiver.from_utility",
                index=i,
            )
        return OfAction(i, frozen(table), own=True)

    def _probability_term(self, game: PersuasionGame) -> OfAction:
        i, action = self._checked_receiver(game), self._actions
        count = game.action_counts[i]
        if not (is_whole(action) and 0 <= action < count):
            rule = f"must be one of the actions 0 to {count - 1} of receiver {i}"
            raise PayoffError("action", rule, value=action)
        event = np.ones(game.prior.shape) if self._event is None else self._event.floats
        if event.shape != game.prior.shape or not np.isin(event, (0, 1)).all():
            rule = f"must be truth values of the prior's shape {game.prior.shape}"
            raise PayoffError("event", rule, value=event.shape)
        table = np.full((count, game.prior.size), Fraction(0), dtype=object)
        table[action, event.ravel() == 1] = Fraction(1)
        return _reduced(game, i, table)

    def _payoff_terms(self, game: PersuasionGame) -> Terms:
        if len(self._written) != game.n:
            rule = f"must be one for each of the {game.n} receivers"
            raise PayoffError("payoffs", rule, value=len(self._written))
        found = []
        for i, (given, receiver) in enumerate(zip(self._written, game.receivers, strict=True)):
            count, own = receiver.action_count, receiver.state_shape
            table = given.rationals()
            if table.shape == (count,):
                table = np.repeat(table[:, None], receiver.state_count, axis=1)
            elif table.shape != (count, *own):
                raise PayoffError(
                    "payoffs",
                    f"must have shape {(count,)} or {(count, *own)}",
                    index=i,
                    value=table.shape,
                )
            found.append(OfAction(i, frozen(table.reshape(count, -1)), own=True))
        return tuple(found)

    def _array_term(self, game: PersuasionGame) -> OfProfile:
        (given,) = self._written
        return OfProfile(_profile_table(game, given.rationals(), "values"))

    def __repr__(self) -> str:
        return f"Functional({shown(self.label)})"


def check_functional(field: str, value: Any) -> Functional:
    """Raise ``PayoffError`` unless a value is a functional."""
    if not is_a(value, Functional):
        raise PayoffError(
            field, "must be a Functional: Functional.sender(), .utility(i), …", value=value
        )
    return value


def _sender_terms(game: PersuasionGame) -> Terms:
    numbers = game.written_numbers
    if numbers.payoff is None:
        return tuple(
            OfAction(i, frozen(table), own=True) for i, table in enumerate(numbers.payoffs)
        )
    return (OfProfile(_profile_table(game, numbers.payoff, "payoff")),)


def _profile_table(game: PersuasionGame, given: NDArray[Any], field: str) -> Rationals:
    counts = game.action_counts
    if given.shape == counts:
        return frozen(np.repeat(given[..., None], game.prior.size, axis=-1))
    if given.shape != (*counts, *game.prior.shape):
        raise PayoffError(
            field,
            f"must have shape {counts}, the receivers' actions, or "
            f"{(*counts, *game.prior.shape)}, actions and states",
            value=given.shape,
        )
    return frozen(given.reshape(*counts, -1))


def _reduced(game: PersuasionGame, i: int, table: Rationals) -> OfAction:
    """The term over own states, if it depends on nothing else."""
    own = game.own_states[i]
    small = np.full((len(table), game.receivers[i].state_count), Fraction(0), dtype=object)
    small[:, own] = table
    if (small[:, own] == table).all():
        return OfAction(i, frozen(small), own=True)
    return OfAction(i, frozen(table), own=False)
