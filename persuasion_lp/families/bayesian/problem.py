r"""A Bayesian game: n players whose payoffs depend on what all of them do, and a designer.

Bergemann and Morris (2016, 2019). A state ω and private types t = (t_1, …, t_n) have the joint
prior ψ(ω, t); player i chooses a_i and gets u_i(a, ω, t); the designer gets v(a, ω, t). She chooses
what players are told, which is as good as recommending them actions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, Integers, Numbers, Rationals, ReadOnly, Written, frozen
from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.families.bayesian.payoffs import (
    Axes,
    Objective,
    Payoff,
    axes_of,
    objective_of,
    utility_of,
)
from persuasion_lp.families.bayesian.receivers import read_game
from persuasion_lp.families.bayesian.rules import tables_of_rule
from persuasion_lp.families.bayesian.strategic import read_nfg, read_table
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.inputs import answers_for_arguments, in_order
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.labels import Names, checked_name_lists, checked_names
from persuasion_lp.primitives.priors import check_exact_sum, check_prior, written_prior
from persuasion_lp.words import Described

__all__ = ["BayesianGame"]


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class BayesianGame(Content, Described, ReadOnly):
    """A designer informs n players whose payoffs depend on each other's actions.

    Parameters
    ----------
    prior
        Over states, shape ``(S,)``, or over states and the players' private types, shape
        ``(S, T_1, …, T_n)``. Must sum to 1; no type may have probability zero.
    utilities
        For each player his utility, shape ``(A_1, …, A_n, S)`` or, where it depends on types,
        ``(A_1, …, A_n, S, T_1, …, T_n)``; ``(A_1, …, A_n)`` if not even on the state.
    objective
        The designer's payoff: a table of one of these shapes, ``"welfare"`` (the sum of the
        utilities; if left out), ``("player", i)``, or a function of the profile of actions, a
        tuple.
    normalize
        Divide the prior by its sum.
    names
        Of the players.
    action_labels
        For each player the names of his actions.
    state_labels
        Names of the states.
    type_labels
        For each player the names of his types.

    Attributes
    ----------
    prior
        As given, copied and read-only.
    utilities
        Each player's, as given, copied and read-only.
    objective
        ``"welfare"``, ``("player", i)``, or the table.

    Raises
    ------
    PriorError, PayoffError
        Named by field, rule, index and value.

    See Also
    --------
    BayesianGame.from_table, BayesianGame.symmetric, BayesianGame.from_nfg, AnonymousGame

    Examples
    --------
    Chicken: the most that a mediator can achieve for the two drivers together.

    >>> from persuasion_lp import BayesianGame, solve
    >>> chicken = BayesianGame.from_table([[(0, 0), (7, 2)], [(2, 7), (6, 6)]])
    >>> solve(chicken, "bce", exact=True).value
    Fraction(21, 2)
    """

    prior: Floats
    utilities: tuple[Floats, ...]
    objective: Any
    axes: Axes
    action_labels: tuple[Names, ...] | None
    state_labels: Names | None
    type_labels: tuple[Names, ...] | None
    _names: Names | None
    _written_prior: Written
    _payoffs: tuple[Payoff, ...]
    _objective: Objective

    def __init__(
        self,
        prior: Numbers,
        utilities: Sequence[Numbers],
        objective: Any = None,
        *,
        normalize: bool = False,
        names: Sequence[str] | None = None,
        action_labels: Sequence[Sequence[str]] | None = None,
        state_labels: Sequence[str] | None = None,
        type_labels: Sequence[Sequence[str]] | None = None,
    ) -> None:
        given = written_prior("prior", prior, normalize=normalize)
        checked = check_prior(given.floats)
        rule = "must be a list, one for each player"
        listed = in_order("utilities", utilities, PayoffError, rule)
        axes = axes_of(checked, listed)
        payoffs = tuple(utility_of("utilities", one, axes, index=i) for i, one in enumerate(listed))
        stated = objective_of(objective, payoffs, axes)
        known = objective if stated.said is None else stated.said
        if stated.said is None:
            known = stated.parts[0].given.floats
        self._check_types(checked, axes)
        fields = {
            "prior": checked,
            "utilities": tuple(payoff.given.floats for payoff in payoffs),
            "objective": known,
            "axes": axes,
            "action_labels": checked_name_lists(
                "action_labels", action_labels, axes.actions, "actions", PayoffError
            ),
            "state_labels": checked_names(
                "state_labels", state_labels, axes.states, "states", PriorError
            ),
            "type_labels": checked_name_lists(
                "type_labels", type_labels, axes.types, "types", PriorError
            ),
            "_names": checked_names("names", names, axes.n, "players", PayoffError),
            "_written_prior": given,
            "_payoffs": payoffs,
            "_objective": stated,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @staticmethod
    def _check_types(prior: Floats, axes: Axes) -> None:
        for i in range(len(axes.types)):
            others = tuple(axis for axis in range(prior.ndim) if axis != 1 + i)
            absent = np.flatnonzero(prior.max(axis=others) == 0)
            if absent.size:
                raise PriorError(
                    "prior",
                    f"gives probability zero to a type of player {i}: leave it out, nothing is "
                    "known of what it would do",
                    index=(i, int(absent[0])),
                    value=0.0,
                )

    @classmethod
    def from_table(cls, table: Any, objective: Any = None, **labels: Any) -> BayesianGame:
        """A game with one state and no types, from its table of payoffs.

        Parameters
        ----------
        table
            Each cell lists the players' payoffs: nested lists or an array of shape
            ``(A_1, …, A_n, n)``; or a pandas frame of tuples, whose index and columns name the
            actions of two players.
        objective
            As of :class:`BayesianGame`.
        **labels
            ``names``, ``action_labels``, ``state_labels``.

        Raises
        ------
        PayoffError
            For what is no such table.
        """
        payoffs, named = read_table(table)
        return cls([1], payoffs, objective, **{**named, **labels})

    @classmethod
    def from_nfg(cls, text: str, objective: Any = None, **labels: Any) -> BayesianGame:
        """A game with one state, from the strategic form text of Gambit (``.nfg``).

        Parameters
        ----------
        text
            What the file says, with payoffs or with outcomes.
        objective
            As of :class:`BayesianGame`.
        **labels
            ``names``, ``action_labels``: instead of those of the text.

        Raises
        ------
        PayoffError
            For what cannot be read; the place is named.
        """
        payoffs, named = read_nfg(text)
        return cls([1], payoffs, objective, **{**named, **labels})

    @classmethod
    def of(cls, game: PersuasionGame) -> BayesianGame:
        """A persuasion game: private messages are its ``"bce"``, one signal is ``"public"``.

        Parameters
        ----------
        game
            With receivers stated by utilities, or by one cutoff; states in flat order.

        Raises
        ------
        ReceiverError
            For another receiver.
        """
        return cls(*read_game(game), names=game.called, state_labels=None)

    @classmethod
    def symmetric(
        cls,
        players: int,
        prior: Numbers,
        utility: Callable[[int, Any, int], Any],
        objective: Any = None,
        *,
        actions: int = 2,
        **labels: Any,
    ) -> BayesianGame:
        """A game of players who are alike, from a rule.

        Parameters
        ----------
        players
            How many.
        prior
            Over states, shape ``(S,)``.
        utility
            From a player's own action, the number of others who take action 1 (with more than two
            actions a tuple: how many others take each) and the state, to his utility.
        objective
            As of :class:`BayesianGame`.
        actions
            How many each has.
        **labels
            As of :class:`BayesianGame`.

        Raises
        ------
        PayoffError
            For numbers that are none; for what the rule returns, with the arguments.
        SizeError
            If the table of all profiles is too large: state the game by counts then.

        Examples
        --------
        Two firms; investing pays 3/10 in the good state, −1 in the bad one, and 1/20 for each other
        investor:

        >>> from persuasion_lp import BayesianGame, solve
        >>> def invest(action, others, state):
        ...     return action * ("3/10", -1)[state] if others == 0 else 0
        >>> def utility(action, others, state):
        ...     return action * ((3 if state == 0 else -10) + others / 2) / 10
        >>> game = BayesianGame.symmetric(2, [0.5, 0.5], utility, objective=lambda a: sum(a) / 2)
        >>> game.axes.actions
        (2, 2)
        """
        states = written_prior("prior", prior, normalize=labels.get("normalize", False))
        if states.floats.ndim != 1:
            raise PriorError("prior", "must have one axis, the states", value=states.floats.shape)
        tables = tables_of_rule(players, actions, states.floats.size, utility)
        return cls(prior, tables, objective, **labels)

    @property
    def n(self) -> int:
        """Number of players."""
        return self.axes.n

    @property
    def names(self) -> Names:
        """Each player by his name, or as ``player 0``."""
        return self._names or tuple(f"player {i}" for i in range(self.n))

    @property
    def called(self) -> Names | None:
        """The players' names, if they have any."""
        return self._names

    @cached_property
    def action_names(self) -> tuple[Names, ...]:
        """For each player his actions by name, or as ``action 0``."""
        return self.action_labels or tuple(
            tuple(f"action {a}" for a in range(count)) for count in self.axes.actions
        )

    @cached_property
    def state_names(self) -> Names:
        """Each state by its name, or its index."""
        return self.state_labels or tuple(map(str, range(self.axes.states)))

    @cached_property
    def type_names(self) -> tuple[Names, ...]:
        """For each player his types by name, or as ``type 0``; empty if there are none."""
        return self.type_labels or tuple(
            tuple(f"type {t}" for t in range(count)) for count in self.axes.types
        )

    @cached_property
    def support(self) -> Integers:
        """Flat positions of the cells (ω, t) with positive probability."""
        return frozen(np.flatnonzero(self.prior))

    @property
    def payoffs(self) -> tuple[Payoff, ...]:
        """Every player's utility at profiles and cells."""
        return self._payoffs

    @property
    def aim(self) -> Objective:
        """The designer's payoff at profiles and cells."""
        return self._objective

    @cached_property
    def written_prior(self) -> Rationals:
        """The prior in fractions, as it was written, flat."""
        return frozen(self._written_prior.rationals().ravel())

    @cached_property
    def rational_prior(self) -> Rationals:
        """The same.

        Raises
        ------
        PriorError
            If, so read, it does not sum to 1 exactly.
        """
        check_exact_sum(self.written_prior)
        return self.written_prior

    @property
    def payoff_terms(self) -> int:
        """Of how many numbers the designer's payoff is the sum."""
        return len(self.aim.parts)

    @cached_property
    def payoff_ends(self) -> tuple[Floats, Floats]:
        """The designer's least and greatest payoff in every cell, flat."""
        low, high = np.empty(self.prior.size), np.empty(self.prior.size)
        profiles = np.arange(self.axes.profiles)
        for cell in range(self.prior.size):
            values = self.aim.at(profiles, cell, exact=False)
            low[cell], high[cell] = values.min(), values.max()
        return frozen(low), frozen(high)

    @cached_property
    def at_stake(self) -> float:
        """Expectation of the largest payoff in absolute value (1 if it is always zero)."""
        low, high = self.payoff_ends
        return math.fsum(self.prior.ravel() * np.maximum(np.abs(low), np.abs(high))) or 1.0

    def __repr__(self) -> str:
        axes = self.axes
        states = f"{axes.states} state{'s' * (axes.states > 1)}"
        types = f", {axes.types} types" if axes.types else ""
        objective = self.aim.said
        if objective is None:
            objective = "a payoff over profiles"
        elif objective != "welfare":
            objective = f"the utility of {self.names[objective[1]]}"
        return (
            f"BayesianGame({axes.n} player{'s' * (axes.n > 1)} with {axes.actions} actions, "
            f"{states}{types}; objective: {objective})"
        )
