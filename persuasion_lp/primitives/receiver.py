r"""A receiver: finitely many actions, each with an obedience cone and the sender's payoff from it.

The receiver cares about his *own state* s, one of K values. He takes action a at the beliefs μ over
his own states that lie in the closed convex cone

    C_a = { μ ≥ 0 : D_a μ ≥ 0 },        D_a of shape (rows, K),

and ties are broken for the sender, who gets payoffs[a, s]. Three ways to state the same idea:

==================  ====================================================================
cutoffs             own state L or H; action k on the beliefs Pr(H) ∈ [c_k, c_{k+1}]
utility             u(a, s); D_a has a row u(a, ·) − u(b, ·) for every other action b
acceptance set      action 1 iff a·μ ≥ b for all (a, b); action 0 has no rows
==================  ====================================================================
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, SupportsFloat

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import (
    Floats,
    Numbers,
    Rationals,
    ReadOnly,
    Written,
    real_numbers,
    written,
)
from persuasion_lp.errors import PayoffError, ReceiverError
from persuasion_lp.inputs import answering, answers_for_arguments
from persuasion_lp.primitives.about import About, frozen_about
from persuasion_lp.primitives.cones import (
    acceptance_cones,
    checked_payoffs,
    cutoff_cones,
    payoff_table,
    stated_conditions,
    utility_cones,
)
from persuasion_lp.primitives.labels import Names, checked_name, checked_names
from persuasion_lp.primitives.rules import rule_in_words
from persuasion_lp.shown import shown

__all__ = ["Receiver"]


TIE_TOLERANCE = 1e-12
"""Rounding within which a belief counts as being on the boundary of a cone, relative to what is at
stake, the sum of the terms of the row in absolute value."""


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class Receiver(ReadOnly):
    """A receiver whose own state is binary and who acts on the belief that it is H.

    Parameters
    ----------
    cutoffs
        0 ≤ c_1 < … < c_m ≤ 1. He takes action k when his belief is in [c_k, c_{k+1}], with
        c_0 = 0 and c_{m+1} = 1. A cutoff of 0 or of 1 leaves an action one belief only: games say
        so in a :class:`~persuasion_lp.errors.PersuasionWarning`.
    payoffs
        The sender's payoff from each action, shape ``(m+1,)``, or from each action in each of the
        own states L and H, shape ``(m+1, 2)``.
    about
        Which part of the state is his own. An int names an axis of the prior, a tuple of ints
        several axes; an array of the prior's shape gives the own state of each state (booleans
        make an event: H where true). Left out, the game decides: axis i for receiver i when the
        prior has one axis per receiver, the only axis when it has one, the whole state when the
        shapes agree.
    name
        What he is called in tables and descriptions.
    action_labels
        Names of his actions, one for each.

    Attributes
    ----------
    cones
        D_a for each action, shapes ``(rows, K)``.
    payoffs
        The sender's payoffs, shape ``(A, K)``.
    state_shape
        Shape of the own state; K is its product.
    cutoffs
        The cutoffs, or ``None`` for a receiver stated by utility or acceptance set.
    utility
        ``utility[a, s]``, shape ``(A, K)``, or ``None`` for a receiver stated otherwise.
    convex
        Whether every action's cone is exactly the set of beliefs at which he takes it. False for
        the rejection of :meth:`accepting`, which needs no obedience only because the sender never
        loses when he accepts.

    Raises
    ------
    ReceiverError
        For cutoffs outside [0, 1] or not increasing.
    PayoffError
        For payoffs of the wrong shape or not finite.

    Examples
    --------
    >>> Receiver([0.3, 0.7], [0, 1, 3])
    Receiver(cutoffs=[0.3, 0.7], payoffs=[0, 1, 3]; acts 1 from belief 0.3 on, 2 from belief 0.7 on)
    """

    cones: tuple[Floats, ...]
    payoffs: Floats
    state_shape: tuple[int, ...]
    about: About
    cutoffs: Floats | None
    convex: bool
    utility: Floats | None
    name: str | None
    action_labels: Names | None
    _exactly: Callable[[], list[Rationals]]
    _written_payoffs: Written

    def __init__(
        self,
        cutoffs: Numbers,
        payoffs: Numbers,
        *,
        about: Any = None,
        name: str | None = None,
        action_labels: Sequence[str] | None = None,
    ) -> None:
        given = written("cutoffs", cutoffs, ReceiverError)
        c = given.floats
        if c.ndim != 1:
            raise ReceiverError("cutoffs", "must be a sequence of numbers", value=c.shape)
        outside = np.flatnonzero((c < 0) | (c > 1))
        if outside.size:
            index = int(outside[0])
            raise ReceiverError("cutoffs", "must lie in [0, 1]", index=index, value=float(c[index]))
        falling = np.flatnonzero(np.diff(c) <= 0)
        if falling.size:
            index = int(falling[0]) + 1
            raise ReceiverError(
                "cutoffs",
                f"must increase; the one before is {float(c[index - 1])!r}",
                index=index,
                value=float(c[index]),
            )
        self._set(
            cutoff_cones(given),
            payoffs,
            (2,),
            about,
            (name, action_labels),
            cutoffs=c,
            exactly=partial(cutoff_cones, given, exact=True),
        )

    @classmethod
    @answering
    def threshold(
        cls,
        cutoff: SupportsFloat | str,
        payoffs: Numbers = (0.0, 1.0),
        *,
        about: Any = None,
        name: str | None = None,
        action_labels: Sequence[str] | None = None,
    ) -> Receiver:
        """Accept (action 1) iff the belief that the own state is H is at least ``cutoff``.

        Parameters
        ----------
        cutoff
            In [0, 1].
        payoffs
            The sender's payoff from rejecting and accepting, shape ``(2,)`` or ``(2, 2)``.
        about, name, action_labels
            As in :class:`Receiver`.
        """
        return cls([cutoff], payoffs, about=about, name=name, action_labels=action_labels)

    @classmethod
    @answering
    def from_utility(
        cls,
        utility: Numbers,
        payoffs: Numbers,
        *,
        about: Any = None,
        name: str | None = None,
        action_labels: Sequence[str] | None = None,
    ) -> Receiver:
        """Take the action with the highest expected utility; ties go to the sender.

        Parameters
        ----------
        utility
            ``utility[a, s]``: his utility from action a in own state s; the own state may have
            several axes, shape ``(A, *state_shape)``.
        payoffs
            The sender's payoffs, shape ``(A,)`` or ``(A, *state_shape)``.
        about, name, action_labels
            As in :class:`Receiver`.

        Raises
        ------
        ReceiverError
            For a utility without an axis of actions and one of states.
        PayoffError
            For payoffs of the wrong shape.
        """
        given = written("utility", utility, ReceiverError)
        u = given.floats
        if u.ndim < 2 or u.size == 0:
            raise ReceiverError(
                "utility",
                "must have an axis of actions and one of states, utility[action, state]",
                value=u.shape,
            )
        receiver = cls.__new__(cls)
        receiver._set(
            utility_cones(given),
            payoffs,
            u.shape[1:],
            about,
            (name, action_labels),
            utility=u,
            exactly=partial(utility_cones, given, exact=True),
        )
        return receiver

    @classmethod
    @answering
    def accepting(
        cls,
        conditions: Sequence[tuple[Numbers, Numbers]],
        payoffs: Numbers = (0.0, 1.0),
        *,
        about: Any = None,
        name: str | None = None,
        action_labels: Sequence[str] | None = None,
    ) -> Receiver:
        """Accept (action 1) iff a·μ ≥ b for every (a, b); reject (action 0) otherwise.

        The beliefs at which he rejects are not convex, so no obedience is asked of a rejection;
        the programme is exact because the sender never loses when he accepts unasked. A game in
        which the sender may lose from that is refused.

        Parameters
        ----------
        conditions
            Pairs (a, b), with ``a`` of the shape of the own state.
        payoffs
            The sender's payoff from rejecting and accepting, shape ``(2,)`` or
            ``(2, *state_shape)``.
        about, name, action_labels
            As in :class:`Receiver`.

        Raises
        ------
        ReceiverError
            For no condition, or conditions whose ``a`` differ in shape.
        PayoffError
            For payoffs of the wrong shape.
        """
        pairs, shape = stated_conditions(conditions)
        receiver = cls.__new__(cls)
        receiver._set(
            acceptance_cones(pairs),
            payoffs,
            shape,
            about,
            (name, action_labels),
            convex=False,
            exactly=partial(acceptance_cones, pairs, exact=True),
        )
        return receiver

    @property
    def action_count(self) -> int:
        """Number A of actions."""
        return len(self.cones)

    @property
    def state_count(self) -> int:
        """Number K of own states."""
        return math.prod(self.state_shape)

    @property
    def rule(self) -> str:
        """What he does, in words: ``acts 1 from belief 0.8 on``."""
        return rule_in_words(
            self.cones, convex=self.convex, states=self.state_count, actions=self.action_labels
        )

    def rational_cones(self) -> list[Rationals]:
        """D_a for each action in exact rationals, from the numbers as they were written."""
        return self._exactly()

    def rational_utility(self) -> Rationals | None:
        """His utility in exact rationals, shape ``(A, K)``; ``None`` if it was not stated."""
        if self.utility is None:
            return None
        stated: Written = self._exactly.args[0]  # type: ignore[attr-defined]
        return stated.rationals().reshape(self.utility.shape[0], -1)

    def rational_payoffs(self) -> Rationals:
        """The sender's payoffs in exact rationals, shape ``(A, K)``."""
        return payoff_table(self._written_payoffs.rationals(), self.state_count)

    def obeys(self, belief: Numbers) -> NDArray[np.bool_]:
        """Tell for each action whether he is willing to take it at a belief over his own states.

        A belief in fractions is compared with the numbers as they were written. One in floats may
        be the result of a computation: within :data:`TIE_TOLERANCE` of a boundary it counts as on
        it.

        Parameters
        ----------
        belief
            Probabilities (or a measure) over the own states, shape ``(K,)``.
        """
        raw = np.asarray(belief)
        exactly = raw.dtype == object
        mu = raw if exactly else real_numbers(belief, field="belief", error=ReceiverError)
        if mu.shape != (self.state_count,):
            raise ReceiverError("belief", f"must have shape {(self.state_count,)}", value=mu.shape)
        if exactly:
            willing = [bool((cone @ mu >= 0).all()) for cone in self.rational_cones()]
        else:
            slack = ((cone @ mu, TIE_TOLERANCE * (np.abs(cone) @ mu)) for cone in self.cones)
            willing = [bool(np.all(gain >= -close)) for gain, close in slack]
        if not self.convex:
            willing[0] = not willing[1]
        return np.array(willing)

    def _set(
        self,
        cones: Sequence[Floats],
        payoffs: Numbers,
        state_shape: tuple[int, ...],
        about: Any,
        names: tuple[Any, Any],
        *,
        exactly: Callable[[], list[Rationals]],
        cutoffs: Floats | None = None,
        convex: bool = True,
        utility: Floats | None = None,
    ) -> None:
        actions = len(cones)
        given = written("payoffs", payoffs, PayoffError, truth_values=True)
        table = checked_payoffs(given.floats, actions, state_shape, stated=utility is not None)
        for array in (table, *cones):
            array.setflags(write=False)
        object.__setattr__(self, "cones", tuple(cones))
        object.__setattr__(self, "payoffs", table)
        object.__setattr__(self, "state_shape", tuple(state_shape))
        object.__setattr__(self, "about", frozen_about(about))
        name, labels = names
        if name is not None:
            name = checked_name("name", name, ReceiverError)
        labels = checked_names("action_labels", labels, actions, "actions", ReceiverError)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "action_labels", labels)
        object.__setattr__(self, "cutoffs", cutoffs)
        object.__setattr__(self, "convex", convex)
        if utility is not None:
            utility = utility.reshape(actions, -1)
        object.__setattr__(self, "utility", utility)
        object.__setattr__(self, "_exactly", exactly)
        object.__setattr__(self, "_written_payoffs", given)

    def __repr__(self) -> str:
        first = (
            f"cutoffs={_listed(self.cutoffs)}"
            if self.cutoffs is not None
            else (f"actions={self.action_count}, states={self.state_count}")
        )
        same = (self.payoffs == self.payoffs[:, :1]).all()
        about = "" if self.about is None else f", about={shown(self.about)}"
        about += "" if self.name is None else f", name={self.name!r}"
        payoffs = _listed(self.payoffs[:, 0] if same else self.payoffs)
        return f"Receiver({first}, payoffs={payoffs}{about}; {self.rule})"


def _listed(values: Floats) -> str:
    """An array as a list of the shortest numbers that round-trip."""
    return np.array2string(values, separator=", ", formatter={"float_kind": lambda x: f"{x:.12g}"})
