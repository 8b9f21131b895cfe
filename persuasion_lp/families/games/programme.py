r"""The recommendation programme: one builder for every procedure of a :class:`PersuasionGame`.

By the revelation principle a signal may be taken to be a recommendation: an information set in
which action k is optimal is a convex set of beliefs, so messages with the same recommendation can
be pooled. With h a history of recommendations, s a class of states that look alike to everybody
who has yet to act, and a the recommendations made now:

    maximize    Σ π_v(h, a, s) · f_v(a, s)                            over all nodes v of the tree
    subject to
    prior       Σ_{v, a} π_v(a, s) = prior(s)                         first split, every s
    balance     Σ_{v, a} π_v(h, a, s) = Σ_{t ↦ s} π_u(h, t)           every later split, h, s
    obedience   Σ_{(h, a, s) ∈ I} D_a π_v(h, a, s) ≥ 0                every information set I
                π ≥ 0

D_a is the obedience cone of the action recommended in I to the receiver who acts there; f_v the
sender's payoff from those who act in v (or from the whole profile in the last node, when payoffs
are not additive). With everything in one split this is the programme of theory as printed in papers
(columns |A|^n · 2^n for n receivers with binary states); split by stages, with states lumped as
receivers leave, the sequential programme has n·2^(n+1) columns for two actions instead of 4^n.

Two normalizations, both exact. Payoffs are measured from the sender's worst action in each state,
whose expectation is the ``offset``. And when the sender's payoff strictly increases (decreases) in
the action of a receiver with cutoffs, the rows that keep him from a higher (lower) action are left
out: at an optimum they hold, since breaking one would mean a better action taken for free.

Sizes are counted on the shared splits before anything is unfolded or allocated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen, summed
from persuasion_lp.families.games.problem import GameNumbers, PersuasionGame
from persuasion_lp.families.games.tree import Node, Split, unfold
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.rational import RationalProgram, RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT, LaidOut, ProgramSize

__all__ = [
    "ObedienceRows",
    "Programme",
    "all_obedience_rows",
    "build_programme",
    "build_rational_programme",
    "game_baseline",
    "node_payoff",
    "obedience_coefficients",
    "programme_size",
]

Scalar = TypeVar("Scalar", bound=np.generic)

STRICT_STEP = 1e-6
"""A payoff counts as strictly monotone when each step is at least this share of its range, and of
the size of all payoffs: less is no incentive that survives the solver's tolerance."""


@dataclass(frozen=True, eq=False)
class ObedienceRows(ReadOnly):
    """The obedience rows kept for a receiver: row q belongs to ``action[q]``.

    Attributes
    ----------
    action
        Shape ``(Q,)``.
    within
        Position of the row in the cone of its action, shape ``(Q,)``.
    cone
        Coefficients on the own states, shape ``(Q, K)``.
    """

    action: Integers
    within: Integers
    cone: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Programme(LaidOut, ReadOnly):
    """A linear program together with what is needed to read its solution.

    Attributes
    ----------
    game
        The game.
    splits
        The tree.
    lp
        The linear program.
    obedience
        Kept obedience rows of each receiver.
    baseline
        The sender's worst payoff in each state, shape ``(states,)``.
    """

    game: PersuasionGame
    splits: tuple[Split, ...]
    lp: LinearProgram
    obedience: tuple[ObedienceRows, ...]
    baseline: Floats

    def flow(self, solution: LPPoint | RationalSolution, node: Node) -> NDArray[Any]:
        """π at a node, in its shape: action axes and possible classes of states."""
        return solution.values(f"pi[{node.label}]")

    def rational(self) -> RationalProgram:
        """The same program in exact rationals; see :func:`build_rational_programme`.

        Raises
        ------
        PriorError
            If the prior, as it was written, does not sum to 1 exactly.
        """
        return build_rational_programme(self.game, self.splits, self.game.rational_numbers)

    def as_written(self) -> RationalProgram:
        """The same, whether or not the prior sums to 1 exactly."""
        return build_rational_programme(self.game, self.splits, self.game.written_numbers)


def programme_size(
    game: PersuasionGame, splits: tuple[Split, ...], *, every_row: bool = False
) -> ProgramSize:
    """Count columns, rows and nonzeros without unfolding the tree."""
    return _size(game, splits, all_obedience_rows(game, game.numbers, every_row=every_row))


def _size(
    game: PersuasionGame, splits: tuple[Split, ...], obedience: tuple[ObedienceRows, ...]
) -> ProgramSize:

    @cache
    def per_history(split: Split) -> tuple[int, int, int]:
        columns, rows, nonzeros = 0, split.classes.possible.size, 0
        for measure in split.measures:
            branches = math.prod(game.action_counts[i] for i in measure.acting)
            own = branches * split.classes.possible.size
            columns += own
            nonzeros += own * (1 + len(measure.then))
            for i in measure.acting:
                q, actions = obedience[i].action.size, game.action_counts[i]
                rows += branches // actions * q
                nonzeros += own // actions * q
            for later in measure.then:
                below = per_history(later)
                columns += branches * below[0]
                rows += branches * below[1]
                nonzeros += branches * below[2]
        return columns, rows, nonzeros

    totals = [per_history(split) for split in splits]
    return ProgramSize(*(sum(total[k] for total in totals) for k in range(3)))


def build_programme(
    game: PersuasionGame, splits: tuple[Split, ...], *, memory_limit: int = MEMORY_LIMIT
) -> Programme:
    """Unfold the tree into a linear program.

    Parameters
    ----------
    game
        The game.
    splits
        Its procedure as a tree, from :mod:`persuasion_lp.families.games.procedures`.
    memory_limit
        Bytes the programme may take.

    Raises
    ------
    SizeError
        If the programme would need more memory than the limit; nothing has been allocated.
    """
    obedience = all_obedience_rows(game, game.numbers)
    _size(game, splits, obedience).check(memory_limit)
    builder = _laid_out(game, splits, game.numbers, obedience)
    baseline = game_baseline(game, game.numbers)
    lp = builder.build(offset=math.fsum(game.numbers.prior * baseline))
    return Programme(game, splits, lp, obedience, frozen(baseline))


def build_rational_programme(
    game: PersuasionGame,
    splits: tuple[Split, ...],
    numbers: GameNumbers,
    *,
    every_row: bool = False,
) -> RationalProgram:
    """The same program, column by column and row by row, in exact rationals.

    With ``every_row`` the rows that the sender's preferences make redundant are laid out too: what
    is feasible is then obedient whatever is maximized.
    """
    obedience = all_obedience_rows(game, numbers, every_row=every_row)
    builder = _laid_out(game, splits, numbers, obedience)
    return builder.build_rational(offset=sum(numbers.prior * game_baseline(game, numbers)))


def _laid_out(
    game: PersuasionGame,
    splits: tuple[Split, ...],
    numbers: GameNumbers,
    obedience: tuple[ObedienceRows, ...],
) -> LPBuilder:
    builder = LPBuilder(dtype=numbers.prior.dtype)
    columns: dict[str, NDArray[np.int32]] = {}
    for node in unfold(splits):
        columns[node.label] = _add_node(builder, game, node, columns, obedience, numbers)
    return builder


def node_payoff(game: PersuasionGame, node: Node, numbers: GameNumbers) -> NDArray[Any]:
    """Sender's payoff above the baseline that accrues at a node; broadcasts to (axes…, classes)."""
    states = node.split.classes.representative
    axes = len(node.receivers)
    if numbers.payoff is None:
        total = np.zeros((1,) * axes + (states.size,), dtype=numbers.prior.dtype)
        for axis in range(len(node.history), axes):
            i = node.receivers[axis]
            gain = numbers.payoffs[i] - numbers.payoffs[i].min(axis=0)
            total = total + _along(gain[:, game.own_states[i][states]], (axis,), axes)
        return total
    if node.measure.then:
        return np.zeros((1,) * axes + (states.size,), dtype=numbers.prior.dtype)
    if not game.state_dependent:
        gain = numbers.payoff - numbers.payoff.min()
        return np.repeat(gain.transpose(node.receivers)[..., None], states.size, axis=-1)
    by_state = numbers.payoff.reshape(*game.action_counts, -1)
    gain = by_state - by_state.min(axis=tuple(range(game.n)))
    return gain.transpose(*node.receivers, game.n)[..., states]


def obedience_coefficients(
    game: PersuasionGame, node: Node, axis: int, rows: ObedienceRows
) -> NDArray[Any]:
    """Coefficients of the rows of the receiver at ``axis``, shape ``(…, Q, …, classes)``."""
    own = game.own_states[node.receivers[axis]][node.split.classes.representative]
    return _along(rows.cone[:, own], (axis,), len(node.receivers))


def _add_node(
    builder: LPBuilder,
    game: PersuasionGame,
    node: Node,
    columns: dict[str, NDArray[np.int32]],
    obedience: tuple[ObedienceRows, ...],
    numbers: GameNumbers,
) -> NDArray[np.int32]:
    classes = node.split.classes
    possible = classes.possible
    shape = node.shape(game)
    pi = builder.columns(
        f"pi[{node.label}]",
        (*shape, possible.size),
        objective=node_payoff(game, node, numbers)[..., possible],
    )
    before = shape[: len(node.history)]
    if builder.has_rows(node.split_label):
        balance = builder.row_positions(node.split_label)
    elif node.parent is None:
        balance = builder.rows(
            node.split_label,
            (possible.size,),
            "==",
            summed(classes.labels, numbers.prior, classes.count)[possible],
        )
    else:
        balance = builder.rows(node.split_label, (*before, possible.size), "==")
        above = node.parent.split.classes
        column_class = classes.labels[above.representative[above.possible]]
        position = np.searchsorted(possible, column_class)
        builder.entries(balance[..., position], columns[node.parent.label], -1)
    now = (1,) * len(node.measure.acting)
    builder.entries(balance.reshape(*before, *now, possible.size), pi, 1)

    for place, i in enumerate(node.measure.acting):
        rows = obedience[i]
        if not rows.action.size:
            continue
        axis = len(node.history) + place
        name, seen = node.informations[place]
        sizes = tuple(rows.action.size if k == axis else shape[k] for k in seen)
        sets = (
            builder.row_positions(name)
            if builder.has_rows(name)
            else builder.rows(name, sizes, ">=")
        )
        builder.entries(
            _along(sets, seen, len(shape), trailing=1),
            np.take(pi, rows.action, axis=axis),
            obedience_coefficients(game, node, axis, rows)[..., possible],
        )
    return pi


def all_obedience_rows(
    game: PersuasionGame, numbers: GameNumbers, *, every_row: bool = False
) -> tuple[ObedienceRows, ...]:
    """The obedience rows kept for each receiver; all there are with ``every_row``."""
    return tuple(_obedience_rows(game, i, numbers, every_row) for i in range(game.n))


def _obedience_rows(
    game: PersuasionGame, i: int, numbers: GameNumbers, every_row: bool
) -> ObedienceRows:
    """Rows of every action's cone, without those that the sender's preferences make redundant."""
    receiver = game.receivers[i]
    free = receiver.cutoffs is None or every_row
    direction = 0 if free else _direction(game, i)
    action, within = [], []
    for a, cone in enumerate(receiver.cones):
        kept = range(len(cone))
        if direction > 0:
            kept = range(min(a, 1))
        elif direction < 0:
            kept = range(min(a, 1), len(cone))
        action += [a] * len(kept)
        within += list(kept)
    cones = numbers.cones[i]
    kept_rows = [cones[a][row] for a, row in zip(action, within, strict=True)]
    return ObedienceRows(
        np.array(action, dtype=np.int64),
        np.array(within, dtype=np.int64),
        np.array(kept_rows, dtype=numbers.prior.dtype).reshape(len(action), receiver.state_count),
    )


def _direction(game: PersuasionGame, i: int) -> int:
    """1 (-1) if the sender strictly gains (loses) from every higher action of receiver i; or 0."""
    least, most = game.payoff_steps(i)
    payoff = game.receivers[i].payoffs if game.payoff is None else game.payoff
    margin = STRICT_STEP * max(float(np.ptp(payoff)), game.payoff_scale)
    if not least.size:
        return 0
    return int(least.min() > margin) - int(most.max() < -margin)


def game_baseline(game: PersuasionGame, numbers: GameNumbers) -> NDArray[Any]:
    """The sender's payoff from the worst profile in each state, shape ``(states,)``."""
    if numbers.payoff is None:
        worst = [
            payoffs.min(axis=0)[own]
            for payoffs, own in zip(numbers.payoffs, game.own_states, strict=True)
        ]
        return np.sum(worst, axis=0)
    if not game.state_dependent:
        return np.full(game.prior.size, numbers.payoff.min(), dtype=numbers.prior.dtype)
    return numbers.payoff.reshape(*game.action_counts, -1).min(axis=tuple(range(game.n)))


def _along(
    array: NDArray[Scalar], axes: tuple[int, ...], count: int, *, trailing: int | None = None
) -> NDArray[Scalar]:
    """Spread an array over ``count`` action axes: its leading axes become ``axes``.

    What follows them stays last; ``trailing`` adds that many axes of length one there instead.
    """
    shape = [1] * count
    for axis, size in zip(axes, array.shape, strict=False):
        shape[axis] = size
    rest = array.shape[len(axes) :] if trailing is None else (1,) * trailing
    return array.reshape(*shape, *rest)
