r"""Players who are alike, known by their number.

Everybody has the same utility u(a, k, ω): own action, how many others take each action, state. The
designer's payoff v(m, ω) depends on how many take each action. A recommendation may be taken to be
symmetric: averaging over the names of the players changes neither obedience nor payoff. So who is
told what is drawn at random given the numbers, and A^n profiles collapse to C(n + A − 1, A − 1)
counts m = (m_0, …, m_{A−1}).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
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
from persuasion_lp.errors import PayoffError, PriorError, SizeError
from persuasion_lp.families.bayesian.counts.alike import alike
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.rules import (
    BYTES_PER_COUNT,
    MOST_COUNTS,
    asked_rule,
    check_counts,
    check_size,
    compositions,
    spread,
)
from persuasion_lp.inputs import answers_for_arguments, called, is_a
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.labels import Names, checked_names
from persuasion_lp.primitives.priors import check_exact_sum, check_prior, written_prior
from persuasion_lp.words import Described

__all__ = ["AnonymousGame"]


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class AnonymousGame(Content, Described, ReadOnly):
    """A designer informs n players who are alike.

    Parameters
    ----------
    players
        How many.
    prior
        Over states, shape ``(S,)``. Must sum to 1.
    utility
        Everybody's: by own action, then how many others take action 1 (with A actions: how many
        take action 1, …, how many take action A − 1), then the state; shape ``(2, n, S)``, or
        ``(A, n, …, n, S)`` with A − 1 axes of counts 0 … n − 1, of which those that sum to more
        than n − 1 are not read. The state may be left out.
    objective
        The designer's payoff by how many take action 1 (…, action A − 1), shape ``(n + 1,)`` or
        ``(n + 1, S)``, with A − 1 axes of counts 0 … n; or ``"welfare"``, everybody's utility
        summed (if left out).
    normalize
        Divide the prior by its sum.
    action_labels, state_labels
        Names of actions and states.

    Attributes
    ----------
    players, prior, utility, objective
        As given, copied and read-only.
    counts
        The numbers of players by action, shape ``(M, A)``.

    Raises
    ------
    PriorError, PayoffError
        Named by field, rule, index and value.
    SizeError
        If there are more than 200 000 counts and states.

    See Also
    --------
    AnonymousGame.from_rule, AnonymousGame.of, BayesianGame.symmetric

    Examples
    --------
    Fifty firms: investing pays 3/10 in the good state, −1 in the bad one, and 1/200 more for each
    other firm that invests. As many as possible are to invest, on average:

    >>> from persuasion_lp import AnonymousGame, solve
    >>> from fractions import Fraction as F
    >>> firms = AnonymousGame.from_rule(
    ...     50,
    ...     ["1/2", "1/2"],
    ...     lambda action, others, state: action * ((F(3, 10), F(-1))[state] + F(others, 200)),
    ...     lambda investing: F(investing, 50),
    ... )
    >>> solve(firms, "bce", exact=True).value
    Fraction(130, 151)
    """

    players: int
    prior: Floats
    utility: Floats
    objective: Any
    counts: Integers
    action_labels: Names | None
    state_labels: Names | None
    _written_prior: Written
    _written_utility: Written
    _written_objective: Written | None

    def __init__(
        self,
        players: int,
        prior: Numbers,
        utility: Numbers,
        objective: Any = None,
        *,
        normalize: bool = False,
        action_labels: Sequence[str] | None = None,
        state_labels: Sequence[str] | None = None,
    ) -> None:
        players, _ = check_counts(players, 1)
        given = written_prior("prior", prior, normalize=normalize)
        checked = check_prior(given.floats)
        if checked.ndim != 1:
            raise PriorError("prior", "must have one axis, the states", value=checked.shape)
        read = written("utility", utility, PayoffError, truth_values=True)
        actions = min(read.floats.shape[0], read.floats.ndim) if read.floats.ndim else 0
        shape = (actions, *(players,) * max(actions - 1, 0))
        if actions < 1 or read.floats.shape not in (shape, (*shape, checked.size)):
            raise PayoffError(
                "utility",
                "must have an axis of own actions, then one of counts "
                f"0 … {players - 1} for each action but the first, then the {checked.size} states "
                "or nothing: for two actions "
                f"{(2, players, checked.size)} or {(2, players)}",
                value=read.floats.shape,
            )
        check_size(players, actions, checked.size)
        aim = None
        if not (objective is None or (is_a(objective, str) and objective == "welfare")):
            aim = written("objective", objective, PayoffError, truth_values=True)
            own = (players + 1,) * (actions - 1)
            if aim.floats.shape not in (own, (*own, checked.size)):
                raise PayoffError(
                    "objective",
                    f'must be "welfare" or have shape {own}, how many take each action but the '
                    f"first, or {(*own, checked.size)} with the states",
                    value=aim.floats.shape,
                )
        fields = {
            "players": int(players),
            "prior": checked,
            "utility": read.floats,
            "objective": "welfare" if aim is None else aim.floats,
            "counts": frozen(np.array(compositions(int(players), actions), dtype=np.int64)),
            "action_labels": checked_names(
                "action_labels", action_labels, actions, "actions", PayoffError
            ),
            "state_labels": checked_names(
                "state_labels", state_labels, checked.size, "states", PriorError
            ),
            "_written_prior": given,
            "_written_utility": read,
            "_written_objective": aim,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @classmethod
    def from_rule(
        cls,
        players: int,
        prior: Numbers,
        utility: Callable[[int, Any, int], Any],
        objective: Callable[..., Any] | str | None = None,
        *,
        actions: int = 2,
        **labels: Any,
    ) -> AnonymousGame:
        """A game from rules.

        Parameters
        ----------
        players, prior
            As of :class:`AnonymousGame`.
        utility
            From own action, number of others who take action 1 (with more than two actions a tuple:
            how many others take each) and state, to the utility.
        objective
            From the number who take action 1 (or the tuple of numbers) to the designer's payoff; or
            ``"welfare"``.
        actions
            How many each has.
        **labels
            ``normalize``, ``action_labels``, ``state_labels``.

        Raises
        ------
        PayoffError
            For what a rule returns, with the arguments.
        SizeError
            If there are too many counts.
        """
        players, actions = check_counts(players, actions)
        states = written_prior("prior", prior, normalize=labels.get("normalize", False)).floats.size
        check_size(players, actions, states)
        asked = asked_rule(players, actions, states, utility)
        table = np.full((actions, *(players,) * (actions - 1), states), Fraction(0), dtype=object)
        for (a, others), values in asked.items():
            table[(a, *others[1:])] = values
        aim: Any = objective
        if callable(objective):
            aim = np.full((players + 1,) * (actions - 1), Fraction(0), dtype=object)
            for counts in compositions(players, actions):
                told: Any = counts[1] if actions == 2 else counts
                at = f"counts {told}"
                aim[counts[1:]] = called(
                    objective, told, field="objective", error=PayoffError, at=at
                )
        return cls(players, prior, table, aim, **labels)

    @classmethod
    def of(cls, game: BayesianGame) -> AnonymousGame:
        """Find out whether the players of a game are alike, and count them.

        Parameters
        ----------
        game
            Without types.

        Raises
        ------
        PriorError, PayoffError
            If there are types, or two players differ: player, profile and state are named.
        """
        n, table, aim = alike(game)
        labels = game.action_labels
        shared = labels[0] if labels is not None and len(set(labels)) == 1 else None
        prior = game.written_prior
        return cls(n, prior, table, aim, action_labels=shared, state_labels=game.state_labels)

    @property
    def n(self) -> int:
        """Number of players."""
        return self.players

    @property
    def actions(self) -> int:
        """Number of actions."""
        return self.utility.shape[0]

    @property
    def states(self) -> int:
        """Number of states."""
        return self.prior.size

    @cached_property
    def action_names(self) -> Names:
        """Each action by its name, or as ``action 0``."""
        return self.action_labels or tuple(f"action {a}" for a in range(self.actions))

    @cached_property
    def state_names(self) -> Names:
        """Each state by its name, or its index."""
        return self.state_labels or tuple(map(str, range(self.states)))

    @cached_property
    def support(self) -> Integers:
        """States that are possible."""
        return frozen(np.flatnonzero(self.prior))

    @cached_property
    def written_prior(self) -> Rationals:
        """The prior in fractions, as it was written."""
        return frozen(self._written_prior.rationals())

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

    def utility_at(self, action: Any, others: Integers, state: Any, *, exact: bool) -> NDArray[Any]:
        """u(a, k, ω); ``others`` has the counts of all actions on its last axis."""
        table = self._written_utility.rationals() if exact else self.utility
        place = (action, *(others[..., a] for a in range(1, self.actions)))
        if table.ndim > self.actions:
            return np.asarray(table[(*place, state)])
        return spread(table[place], state)

    def objective_at(self, counts: Integers, state: Any, *, exact: bool) -> NDArray[Any]:
        """v(m, ω); ``counts`` has those of all actions on its last axis."""
        if self._written_objective is None:
            total: Any = 0
            for a in range(self.actions):
                others = counts.copy()
                others[..., a] = np.maximum(others[..., a] - 1, 0)
                paid = self.utility_at(a, self._others(others, a), state, exact=exact)
                total = total + counts[..., a] * paid
            return np.asarray(total)
        given = self._written_objective
        table = given.rationals() if exact else given.floats
        place = tuple(counts[..., a] for a in range(1, self.actions))
        if table.ndim == self.actions - 1:
            return spread(table[place], state)
        return np.asarray(table[(*place, state)])

    def _others(self, others: Integers, action: int) -> Integers:
        """Counts that can be read: where nobody takes the action they are not asked for."""
        return np.minimum(others, self.players - 1)

    @property
    def payoff_terms(self) -> int:
        """Of how many numbers the designer's payoff is the sum."""
        return 2 * self.actions if self._written_objective is None else 1

    @cached_property
    def payoff_ends(self) -> tuple[Floats, Floats]:
        """The designer's least and greatest payoff in every state."""
        values = self.objective_at(self.counts[:, None, :], np.arange(self.states), exact=False)
        return frozen(values.min(axis=0)), frozen(values.max(axis=0))

    @cached_property
    def at_stake(self) -> float:
        """Expectation of the largest payoff in absolute value (1 if it is always zero)."""
        low, high = self.payoff_ends
        return math.fsum(self.prior * np.maximum(np.abs(low), np.abs(high))) or 1.0

    def expanded(self) -> BayesianGame:
        """The game with every player by himself.

        Raises
        ------
        SizeError
            If the table of all profiles is too large.
        """

        def utility(action: int, others: Any, state: int) -> Any:
            told = (self.players - 1 - others, others) if self.actions == 2 else others
            return self.utility_at(action, np.array(told), state, exact=True).item()

        aim: Any = None
        if self._written_objective is not None:
            shape = (*(self.actions,) * self.players, self.states)
            if math.prod(shape) > MOST_COUNTS:
                needed, limit = (BYTES_PER_COUNT * k for k in (math.prod(shape), MOST_COUNTS))
                raise SizeError("game", needed=needed, limit=limit, profiles=math.prod(shape))
            aim = np.empty(shape, dtype=object)
            for profile in np.ndindex(*shape[:-1]):
                counts = np.bincount(profile, minlength=self.actions)
                aim[profile] = self.objective_at(counts, np.arange(self.states), exact=True)
        labels = None if self.action_labels is None else [self.action_labels] * self.players
        return BayesianGame.symmetric(
            self.players,
            self.written_prior,
            utility,
            aim,
            actions=self.actions,
            action_labels=labels,
            state_labels=self.state_labels,
        )

    def __repr__(self) -> str:
        states = f"{self.states} state{'s' * (self.states > 1)}"
        aim = "welfare" if self._written_objective is None else "a payoff over counts"
        return (
            f"AnonymousGame({self.players} player{'s' * (self.players > 1)} with {self.actions} "
            f"actions, {states}; objective: {aim})"
        )
