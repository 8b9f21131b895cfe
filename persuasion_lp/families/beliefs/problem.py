r"""The game on one common belief: every receiver's payoff is a function of it.

Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*, §5.1 and §6.3: with perfectly
correlated states there is one belief x = Pr(H), with one state of K values one point μ of the
simplex, and the sender's payoff from receiver i is an arbitrary function f_i of it. Values are
concave envelopes:

=============  ===========================================================================
simultaneous   cav(Σ_i f_i)(prior)
sequential     H_n = cav f_π(n),  H_i = cav(f_π(i) + H_{i+1}),  value H_1(prior)
intermediate   V(∅) = 0,  V(S) = max_{i∈S} cav(f_i + V(S∖i)),  value V(all)(prior)
flexible       V(∅) = 0,  V(S) = cav(max_{i∈S} (f_i + V(S∖i))),  value V(all)(prior)
first_best     Σ_i cav f_i(prior)
=============  ===========================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers, Numbers, Rationals, ReadOnly, Written, frozen
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid, steps_of
from persuasion_lp.beliefs.piecewise import Pieces, PiecewiseLinear
from persuasion_lp.errors import GridError, PayoffError, PriorError
from persuasion_lp.families.beliefs.written import WrittenGame, written_game
from persuasion_lp.inputs import (
    answers_for_arguments,
    check_flag,
    in_order,
    is_a,
    is_ordered,
    is_scalar,
)
from persuasion_lp.primitives.about import own_states
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.idle import check_unasked_acceptance, warn_of_idle_actions
from persuasion_lp.primitives.labels import Labelled, StateLabels, checked_state_labels
from persuasion_lp.primitives.priors import check_belief, check_exact_sum, written_prior
from persuasion_lp.primitives.receiver import Receiver
from persuasion_lp.primitives.rules import grouped_rules
from persuasion_lp.primitives.step_functions import (
    exact_payoff,
    rational_step_function,
    receiver_payoffs,
    step_function,
    tie_beliefs,
)
from persuasion_lp.words import Described

__all__ = ["BeliefGame", "BeliefPayoff"]

BeliefPayoff = Receiver | PiecewiseLinear | BeliefFunction

CALLABLE_ULPS = 2
"""Units of the last digit to which the values of a vectorized callable are taken to be right."""

EPS = float(np.finfo(np.float64).eps)

_Given = BeliefPayoff | Callable[[Floats], ArrayLike]
_BeliefPayoffs = Iterable[_Given] | _Given


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class BeliefGame(Content, Described, Labelled, ReadOnly):
    """A sender persuades n receivers whose states are functions of one common state.

    Parameters
    ----------
    prior
        Probability x of H, a number, or the prior over K common states, shape ``(K,)``.
    payoffs
        One for each receiver: a :class:`Receiver` (with ``about=`` an array when his own state is
        not the common one: ``about=[1, 0]`` for a perfectly negatively correlated state), a
        :class:`PiecewiseLinear` function, a :class:`BeliefFunction`, or any vectorized callable.
        With two states, functions take the probability of the second state, shape ``(N,)``; with
        more, beliefs of shape ``(N, K)``.
    grid
        Beliefs for the functions that are not piecewise linear: a number of steps, or an
        :class:`IntervalGrid` or :class:`SimplexGrid`. Cutoffs, kinks and the prior are always
        added. Not needed when everything is piecewise linear in one dimension.
    normalize
        Divide a prior over states by its sum: for counts, or weights.
    state_labels
        Names of the states, one for each.

    Attributes
    ----------
    prior
        Shape ``(K,)``, read-only.
    payoffs
        The payoffs as stated; bare callables as a :class:`BeliefFunction` without assumption.
    grid
        The grid, with what decides ties on it, or ``None`` if none is needed.

    Raises
    ------
    PriorError
        For a prior that is no probability.
    PayoffError
        For payoffs that are neither receivers nor functions, or not of this number of states.
    GridError
        For a grid that is needed and missing, or of the wrong dimension.
    SizeError
        For a grid that needs too much memory.

    Examples
    --------
    The two judges of KKS, Example 1, as functions of the belief that the first defendant is guilty:

    >>> from persuasion_lp import BeliefGame, Receiver
    >>> BeliefGame(0.5, [Receiver.threshold(0.8), Receiver.threshold(0.8, about=[1, 0])])
    BeliefGame(2 receivers, 2 states, piecewise linear; receivers 0, 1: acts 1 from belief 0.8 on)
    """

    _parties = "payoffs"

    prior: Floats
    payoffs: tuple[BeliefPayoff, ...]
    grid: IntervalGrid | SimplexGrid | None
    state_labels: StateLabels | None
    _written_prior: Written
    _stated_grid: int | IntervalGrid | SimplexGrid | None

    def __init__(
        self,
        prior: Numbers,
        payoffs: _BeliefPayoffs,
        grid: int | IntervalGrid | SimplexGrid | None = None,
        *,
        normalize: bool = False,
        state_labels: Sequence[str] | None = None,
    ) -> None:
        check_flag("normalize", normalize, PriorError)
        several = bool(normalize) and not is_scalar(prior)
        given = written_prior("prior", prior, normalize=several)
        object.__setattr__(self, "_written_prior", given)
        object.__setattr__(self, "prior", check_belief(given))
        labels = checked_state_labels(state_labels, self.prior.shape)
        object.__setattr__(self, "state_labels", labels)
        object.__setattr__(self, "payoffs", self._checked_payoffs(payoffs))
        object.__setattr__(self, "grid", self._checked_grid(grid))
        object.__setattr__(self, "_stated_grid", grid)
        stated = {
            i: payoff for i, payoff in enumerate(self.payoffs) if isinstance(payoff, Receiver)
        }
        warn_of_idle_actions(tuple(stated.values()), [f"payoffs[{i}]" for i in stated])

    @property
    def n(self) -> int:
        """Number of receivers."""
        return len(self.payoffs)

    @property
    def states(self) -> int:
        """Number K of common states."""
        return self.prior.size

    @property
    def on_interval(self) -> bool:
        """Whether there are two states, so that the belief is a number."""
        return self.states == 2

    @cached_property
    def piecewise(self) -> tuple[PiecewiseLinear | None, ...]:
        """With two states each payoff as a piecewise-linear function, where it is one."""
        return tuple(self._as_piecewise(i) if self.on_interval else None for i in range(self.n))

    @property
    def exact(self) -> bool:
        """Whether the game has an exact answer in fractions: if it needs no grid."""
        return not self.needs_grid

    @property
    def needs_grid(self) -> bool:
        """Whether some payoff is not piecewise linear on [0, 1]."""
        return any(function is None for function in self.piecewise)

    @cached_property
    def rational_numbers(self) -> tuple[Rationals, tuple[Pieces, ...]]:
        """Prior, shape ``(2,)``, and payoffs in exact rationals, taken as they were written.

        Raises
        ------
        PriorError
            If there are more than two states, or the prior, so read, does not sum to 1 exactly.
        PayoffError
            If a payoff is not piecewise linear, or was not written down but computed.
        """
        if not self.on_interval:
            raise PriorError(
                "prior",
                "must be over two states for an exact answer (with receivers only, state the game "
                "as a PersuasionGame)",
                value=(self.states,),
            )
        pieces = []
        for index, payoff in enumerate(self.payoffs):
            if isinstance(payoff, BeliefFunction):
                raise PayoffError(
                    "payoffs", "must be piecewise linear for an exact answer", index=index
                )
            if isinstance(payoff, Receiver):
                pieces.append(rational_step_function(payoff, self._own_states(payoff)))
            else:
                pieces.append(payoff.rational_pieces)
        prior = self._written_prior.rationals()
        if prior.ndim == 0:
            x = prior.item()
            prior = np.array([1 - x, x], dtype=object)
        check_exact_sum(prior)
        return prior, tuple(pieces)

    @cached_property
    def ties(self) -> tuple[Floats, bool]:
        """Beliefs that decide ties, shape ``(E, K)``, and whether they are all of them."""
        if self.on_interval:
            points = [self.prior[1:], *(self._kinks(i) for i in range(self.n))]
            x = np.unique(np.concatenate(points))
            return frozen(np.column_stack([1 - x, x])), True
        receivers = [
            (payoff, self._own_states(payoff))
            for payoff in self.payoffs
            if isinstance(payoff, Receiver)
        ]
        beliefs, complete = tie_beliefs(receivers, self.states)
        return frozen(np.vstack([beliefs, self.prior])), complete

    def payoff_at(self, i: int, beliefs: Floats) -> Floats:
        """Sender's payoff from receiver i at beliefs over the common states, shape ``(N, K)``."""
        payoff = self.payoffs[i]
        if isinstance(payoff, Receiver):
            return receiver_payoffs(payoff, self._own_states(payoff), beliefs)
        return payoff(beliefs[:, 1] if self.on_interval else beliefs)

    def payoff_and_error(self, i: int, belief: Sequence[Fraction]) -> tuple[Fraction, Fraction]:
        """Sender's payoff from receiver i at a belief in fractions, and a bound on its error.

        Ties are decided in the numbers as they were written. A function that is only known in
        floats is evaluated at the belief next to it, and taken to be right to
        :data:`CALLABLE_ULPS` units.

        Parameters
        ----------
        i
            The receiver.
        belief
            Over the common states, K fractions.
        """
        payoff = self.payoffs[i]
        if isinstance(payoff, Receiver):
            return exact_payoff(payoff, self._own_states(payoff), belief), Fraction(0)
        if isinstance(payoff, PiecewiseLinear):
            at = np.array([belief[1]], dtype=object)
            return payoff.numbers.sides(at)[0][0], Fraction(0)
        near = np.array([[float(p) for p in belief]])
        value = float(self.payoff_at(i, near)[0])
        unit = Fraction(CALLABLE_ULPS * EPS)
        moved = Fraction(payoff.lipschitz or 0.0) * self.states
        return Fraction(value), unit * (abs(Fraction(value)) + moved)

    def payoff_without_information(self) -> float:
        """Sender's payoff when nothing is said."""
        return float(self.benchmarks[0][0])

    def payoff_with_full_information(self) -> float:
        """Sender's payoff when the state is revealed to everybody."""
        return float(self.benchmarks[1][0])

    @cached_property
    def benchmarks(self) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]]:
        """Payoff without and with full information in fractions, each with a bound on its error."""
        prior = self.written_prior.tolist()
        unit = [[Fraction(int(j == k)) for j in range(self.states)] for k in range(self.states)]
        silent, told = [Fraction(0)] * 2, [Fraction(0)] * 2
        for i in range(self.n):
            for part, found in enumerate(self.payoff_and_error(i, prior)):
                silent[part] += found
            for state, mass in enumerate(prior):
                if mass:
                    for part, found in enumerate(self.payoff_and_error(i, unit[state])):
                        told[part] += mass * found
        return (silent[0], silent[1]), (told[0], told[1])

    def own_states(self, i: int) -> Integers:
        """Receiver i's own state in each common state, for a payoff stated as a receiver."""
        return self._own_states(cast(Receiver, self.payoffs[i]))

    @cached_property
    def written_prior(self) -> Rationals:
        """The prior in fractions, shape ``(K,)``.

        One that sums to 1 only up to rounding stands for its shares of the total.
        """
        prior = self._written_prior.rationals()
        if prior.ndim == 0:
            x = prior.item()
            return frozen(np.array([1 - x, x], dtype=object))
        return frozen(prior / prior.sum())

    @cached_property
    def written(self) -> WrittenGame:
        """With two states, prior and payoffs in fractions, ties decided in them."""
        return written_game(self.written_prior, self.payoffs, self._own_states)

    def _own_states(self, receiver: Receiver) -> Integers:
        return own_states(0, receiver, self.prior.shape, 1)

    def _as_piecewise(self, i: int) -> PiecewiseLinear | None:
        payoff = self.payoffs[i]
        if isinstance(payoff, Receiver):
            return step_function(payoff, self._own_states(payoff))
        return payoff if isinstance(payoff, PiecewiseLinear) else None

    def _kinks(self, i: int) -> Floats:
        payoff, function = self.payoffs[i], self.piecewise[i]
        if function is not None:
            return function.breakpoints
        return np.asarray(cast(BeliefFunction, payoff).kinks)

    def _checked_payoffs(self, payoffs: _BeliefPayoffs) -> tuple[BeliefPayoff, ...]:
        listed: list[Any] = [payoffs]
        if is_ordered(payoffs):
            listed = list(in_order("payoffs", payoffs, PayoffError))
        if not listed:
            raise PayoffError("payoffs", "must hold at least one receiver")
        checked: list[BeliefPayoff] = []
        for index, payoff in enumerate(listed):
            if is_a(payoff, Receiver):
                own_states(index, payoff, self.prior.shape, 1, "payoffs")
                if not payoff.convex:
                    least = float(np.diff(payoff.payoffs, axis=0).min())
                    check_unasked_acceptance("payoffs", index, least)
            elif is_a(payoff, PiecewiseLinear):
                if not self.on_interval:
                    raise PayoffError(
                        "payoffs", "is a function on [0, 1], but there are more states", index=index
                    )
            elif not is_a(payoff, BeliefFunction):
                if not callable(payoff):
                    raise PayoffError(
                        "payoffs",
                        "must be a Receiver, a PiecewiseLinear function or a vectorized callable",
                        index=index,
                        value=payoff,
                    )
                payoff = BeliefFunction(payoff)
            elif not self.on_interval and (
                payoff.shape or payoff.cell_bound or np.size(payoff.kinks)
            ):
                raise PayoffError(
                    "payoffs",
                    "may state a Lipschitz constant only, with more than two states",
                    index=index,
                )
            checked.append(payoff)
        return tuple(checked)

    def _checked_grid(self, grid: Any) -> IntervalGrid | SimplexGrid | None:
        if grid is None:
            if self.needs_grid:
                raise GridError(
                    "grid",
                    "must be given (a number of steps): not every payoff is piecewise linear "
                    "on [0, 1]",
                )
            return None
        beliefs, _ = self.ties
        if self.on_interval:
            if is_a(grid, SimplexGrid):
                raise GridError("grid", "must be an IntervalGrid: there are two states", value=grid)
            if is_a(grid, IntervalGrid):
                points = np.concatenate([grid.extra, beliefs[:, 1]])
                return IntervalGrid(grid.denominator, points, grid.memory_limit)
            return IntervalGrid.containing(beliefs[:, 1], steps_of(grid))
        if is_a(grid, IntervalGrid) or (is_a(grid, SimplexGrid) and grid.states != self.states):
            raise GridError("grid", f"must be a SimplexGrid over {self.states} states", value=grid)
        if is_a(grid, SimplexGrid):
            points = np.vstack([grid.extra.reshape(-1, self.states), beliefs])
            return SimplexGrid(self.states, grid.denominator, points, grid.memory_limit)
        return SimplexGrid.containing(beliefs, steps_of(grid))

    def __repr__(self) -> str:
        kind = repr(self.grid) if self.needs_grid else "piecewise linear"
        rules = [one.rule if isinstance(one, Receiver) else "by a function" for one in self.payoffs]
        stated = f"; {grouped_rules(rules, self.called)}" if {*rules} != {"by a function"} else ""
        many = "s" * (self.n > 1)
        return f"BeliefGame({self.n} receiver{many}, {self.states} states, {kind}{stated})"
