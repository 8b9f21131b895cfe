r"""Read a recommendation programme's solution: experiment, prices of states, multipliers.

Primal. The kernel of a split is σ(a | h, s) = π(h, a, s) / Σ π(h, ·, s); composing the kernels of
the stages gives the joint distribution of paths and states. The kernels sum to one by construction,
so the experiment is Bayes plausible whatever the solver's rounding. Splits that run side by side
(private messages) are coupled by one common uniform draw in each state: any coupling pays the same,
and this one needs the fewest profiles.

Dual. With λ ≤ 0 the duals of the obedience rows, the price of a class of states in a split is

    q(h, s) = max_{v, a}  f_v(a, s) − Σ_I λ_I·D_a(s) + Σ_{splits after v} q((h, a), s),

backwards through the tree. It is dual feasible by construction, on states of probability zero too:
p·μ is at least the value of the game at every prior μ, and p·prior = value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.errors import SizeError
from persuasion_lp.families.games.programme import Programme, node_payoff, obedience_coefficients
from persuasion_lp.families.games.tree import Node, StateClasses, branch, unfold
from persuasion_lp.lp.highs import LPSolution
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["decode_experiment", "decode_multipliers", "decode_prices"]

KERNEL_NOISE = 1e-12
"""Conditional probabilities below this are rounding of the solver and are set to zero."""


BYTES_PER_CELL = 40
"""Per path and state: joint probability, kernel, payoff, and their temporaries."""


def decode_experiment(
    programme: Programme,
    solution: LPSolution,
    procedure: Procedure,
    *,
    memory_limit: int = MEMORY_LIMIT,
) -> Experiment:
    """Compose the kernels of all stages into an experiment.

    Raises
    ------
    SizeError
        If the paths that occur, times the possible states, would take more memory than the limit.
    """
    game = programme.game
    support = game.support
    prior = game.prior.ravel()[support]
    if len(programme.splits) > 1:
        orders, actions, joint = _coupled(programme, solution, prior, memory_limit)
    else:
        orders, actions, joint = _composed(programme, solution, prior, memory_limit)
    return Experiment(
        procedure, game.prior, frozen(orders), frozen(actions), support, frozen(joint)
    )


def decode_prices(programme: Programme, solution: LPSolution) -> Floats:
    """Price of every state, in the prior's shape: prices · prior = value."""
    game = programme.game
    total = programme.baseline.copy()
    for nodes in branch(programme.splits):
        total += _split_prices(programme, solution, nodes)[nodes[0].split.classes.labels]
    return total.reshape(game.prior.shape)


def decode_multipliers(programme: Programme, solution: LPSolution) -> tuple[dict[str, Floats], ...]:
    """For each receiver, by name of the block of information sets, what obedience costs.

    Entries are the gain in value when the right-hand side of an obedience row is relaxed by one
    unit, so they are not negative. Shape of a block: the recommendations seen, with the receiver's
    own axis replaced by his obedience rows.
    """
    found: tuple[dict[str, Floats], ...] = tuple({} for _ in programme.game.receivers)
    for node in unfold(programme.splits):
        for place, i in enumerate(node.measure.acting):
            name, _ = node.information(place)
            if name in solution.lp.rows and name not in found[i]:
                found[i][name] = frozen(np.maximum(-solution.duals(name), 0.0))
    return found


def _composed(
    programme: Programme, solution: LPSolution, prior: Floats, memory_limit: int
) -> tuple[Integers, Integers, Floats]:
    """Paths of a tree without splits side by side, stage after stage."""
    game = programme.game
    paths: list[tuple[Integers, Integers, Floats]] = []

    def expand(parent: Node | None, histories: NDArray[np.intp], joint: Floats) -> None:
        (children,) = branch(parent.measure.then if parent else programme.splits, parent)
        classes = children[0].split.classes
        position = _support_position(game.support, classes)
        width = sum(math.prod(node.shape(game)[len(node.history) :]) for node in children)
        _check_size(len(histories) * width, prior.size, memory_limit)
        flows = [
            np.maximum(solution.values(f"pi[{node.label}]"), 0.0).reshape(
                -1, math.prod(node.shape(game)[len(node.history) :]), classes.possible.size
            )[histories]
            for node in children
        ]
        kernel = _normalized(np.concatenate(flows, axis=1))[:, :, position]
        start = 0
        for node, flow in zip(children, flows, strict=True):
            width = flow.shape[1]
            arm = joint[:, None, :] * kernel[:, start : start + width]
            start += width
            alive = arm.sum(axis=2) > 0
            where, what = np.nonzero(alive)
            index = histories[where] * width + what
            if node.measure.then:
                expand(node, index, arm[alive])
            else:
                profile = np.stack(np.unravel_index(index, node.shape(game)), axis=1)
                order = np.tile(np.array(node.receivers), (len(index), 1))
                actions = np.take_along_axis(profile, np.argsort(order, axis=1), axis=1)
                paths.append((order, actions, arm[alive]))

    expand(None, np.zeros(1, dtype=np.intp), prior[None, :])
    orders, actions, joints = (np.concatenate([part[k] for part in paths]) for k in range(3))
    return orders, actions, joints


def _coupled(
    programme: Programme, solution: LPSolution, prior: Floats, memory_limit: int
) -> tuple[Integers, Integers, Floats]:
    """Paths of private messages sent side by side, coupled by one uniform draw per state."""
    game = programme.game
    upto: list[Floats] = []
    for node in unfold(programme.splits):
        flow = np.maximum(solution.values(f"pi[{node.label}]"), 0.0)
        kernel = _normalized(flow[None])[0]
        position = _support_position(game.support, node.split.classes)
        cumulated = np.cumsum(kernel, axis=0)[:-1, position]
        upto.append(np.minimum(cumulated, 1.0))
    ends = np.sort(np.concatenate([*upto, np.ones((1, prior.size))]), axis=0)
    lengths = np.diff(ends, axis=0, prepend=0.0)
    draws, states = np.nonzero(lengths > KERNEL_NOISE)
    middle = (ends - lengths / 2)[draws, states]
    actions = np.stack([(cut[:, states] < middle).sum(axis=0) for cut in upto], axis=1)
    profiles, path = np.unique(actions, axis=0, return_inverse=True)
    _check_size(len(profiles), prior.size, memory_limit)
    joint = np.zeros((len(profiles), prior.size))
    np.add.at(joint, (path.ravel(), states), lengths[draws, states])
    joint *= prior / joint.sum(axis=0)
    orders = np.tile(np.arange(game.n), (len(profiles), 1))
    return orders, profiles, joint


def _split_prices(programme: Programme, solution: LPSolution, nodes: Sequence[Node]) -> Floats:
    """q(h, s) for one split, shape (history…, all classes)."""
    game = programme.game
    tops = []
    for node in nodes:
        classes = node.split.classes
        worth = np.broadcast_to(
            node_payoff(game, node, game.numbers), (*node.shape(game), classes.count)
        ).copy()
        for place, i in enumerate(node.measure.acting):
            rows = programme.obedience[i]
            name, seen = node.information(place)
            if not rows.action.size:
                continue
            axis = len(node.history) + place
            multiplier = np.minimum(solution.duals(name), 0.0)
            spread = [1] * len(node.receivers)
            for k, size in zip(seen, multiplier.shape, strict=True):
                spread[k] = size
            weighted = multiplier.reshape(*spread, 1) * obedience_coefficients(
                game, node, axis, rows
            )
            for q, action in enumerate(rows.action):
                at = (slice(None),) * axis + (int(action),)
                worth[at] -= np.take(weighted, q, axis=axis)
        for children in branch(node.measure.then, node):
            below = _split_prices(programme, solution, children)
            worth += below[..., children[0].split.classes.labels[classes.representative]]
        now = tuple(range(len(node.history), len(node.receivers)))
        tops.append(worth.max(axis=now))
    return np.maximum.reduce(tops)


def _check_size(paths: int, states: int, memory_limit: int) -> None:
    needed = BYTES_PER_CELL * paths * states
    if needed > memory_limit:
        raise SizeError("experiment", paths=paths, states=states, needed=needed, limit=memory_limit)


def _support_position(support: Integers, classes: StateClasses) -> Integers:
    """Column of each possible state in the blocks of a split."""
    return np.searchsorted(classes.possible, classes.labels[support])


def _normalized(flow: Floats) -> Floats:
    """Kernel over the second axis of (history, message, class), rounding noise removed.

    Where nothing flows, the message most used in that history.
    """
    total = flow.sum(axis=1, keepdims=True)
    kernel = np.divide(flow, total, out=np.zeros_like(flow), where=total > 0)
    kernel[kernel < KERNEL_NOISE] = 0.0
    dry = np.nonzero(total[:, 0, :] <= 0)
    kernel[dry[0], flow.sum(axis=2).argmax(axis=1)[dry[0]], dry[1]] = 1.0
    return kernel / kernel.sum(axis=1, keepdims=True)
