r"""Read a recommendation programme's solution: experiment, prices of states, multipliers.

Primal. The kernel of a split is σ(a | h, s) = π(h, a, s) / Σ π(h, ·, s); composing the kernels of
the stages gives the joint distribution of paths and states. The kernels sum to one by construction,
so the experiment is Bayes plausible whatever the solver's rounding. Splits that run side by side
(private messages) are coupled by one common uniform draw in each state: any coupling pays the same,
and this one needs the fewest profiles. A solution in rationals is composed in rationals and rounded
once, entry by entry: no difference of floats is formed where chances are tiny.

Dual. With λ ≤ 0 the duals of the obedience rows, the price of a class of states in a split is

    q(h, s) = max_{v, a}  f_v(a, s) − Σ_I λ_I·D_a(s) + Σ_{splits after v} q((h, a), s),

backwards through the tree. It is dual feasible by construction, on states of probability zero too:
p·μ is at least the value of the game at every prior μ, and p·prior = value. It is so for any
multipliers, however imprecise the solver was. The prices are evaluated a second time rounded up:
by the rounding of each sum, and by that of the numbers as they were written (a few units of each
|λ_I·D_a(s)| and of the payoffs), so that p·prior is a bound for the game as it was written.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, frozen
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.obedience import COEFFICIENT_ULPS, EPS
from persuasion_lp.errors import SizeError
from persuasion_lp.families.games.programme import node_payoff, obedience_coefficients
from persuasion_lp.families.games.scale.reduced import Laid
from persuasion_lp.families.games.tree import Node, StateClasses, branch, unfold
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.rational import RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT

__all__ = ["StatePrices", "decode_experiment", "decode_multipliers", "decode_prices"]

KERNEL_NOISE = 1e-12
"""Conditional probabilities below this are rounding of the solver and are set to zero."""


BYTES_PER_CELL = 64
"""Per path and state: joint probability, kernel, payoff, and their temporaries."""


def decode_experiment(
    programme: Laid,
    solution: LPPoint | RationalSolution,
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
    exact = isinstance(solution, RationalSolution)
    prior: NDArray[Any] = (game.written_numbers if exact else game.numbers).prior[support]
    noise = 0.0 if exact else KERNEL_NOISE
    compose = _coupled if len(programme.splits) > 1 else _composed
    orders, actions, joint = compose(programme, solution, prior, memory_limit, noise)
    return Experiment(
        procedure,
        game.prior,
        frozen(orders),
        frozen(actions),
        support,
        frozen(joint.astype(np.float64)),
    )


def decode_prices(programme: Laid, solution: LPPoint) -> StatePrices:
    """Price every state by the solution's multipliers of obedience."""
    game = programme.game
    total, above = programme.baseline.copy(), np.zeros(game.prior.size)
    for nodes in branch(programme.splits):
        labels = nodes[0].split.classes.labels
        price, most = _split_prices(programme, solution, nodes)
        total += price[labels]
        above += most[labels]
    prior = game.prior.ravel()
    count = len(programme.splits) + game.n + COEFFICIENT_ULPS
    error = count * EPS * (game.payoff_sizes + np.abs(programme.baseline) + np.abs(above))
    terms = prior * (programme.baseline + above + error)
    bound = math.fsum([*terms, COEFFICIENT_ULPS * EPS * math.fsum(np.abs(terms))])
    return StatePrices(total.reshape(game.prior.shape), bound)


@dataclass(frozen=True, eq=False)
class StatePrices:
    """Prices of states, and the bound that they prove.

    Attributes
    ----------
    prices
        In the prior's shape: prices · prior = value.
    bound
        Upper bound on the value of the game as it was written: prices · prior, rounded up by all
        that rounding may have lost.
    """

    prices: Floats
    bound: float


def decode_multipliers(programme: Laid, solution: LPPoint) -> tuple[dict[str, Floats], ...]:
    """For each receiver, by name of the block of information sets, what obedience costs.

    Entries are the gain in value when the right-hand side of an obedience row is relaxed by one
    unit, so they are not negative. Shape of a block: the recommendations seen, with the receiver's
    own axis replaced by his obedience rows.
    """
    found: tuple[dict[str, Floats], ...] = tuple({} for _ in programme.game.receivers)
    for node in unfold(programme.splits):
        for place, i in enumerate(node.measure.acting):
            name, _ = node.informations[place]
            if name in solution.lp.rows and name not in found[i]:
                found[i][name] = frozen(np.maximum(-solution.duals(name), 0.0))
    return found


def _composed(
    programme: Laid,
    solution: LPPoint | RationalSolution,
    prior: NDArray[Any],
    memory_limit: int,
    noise: float,
) -> tuple[Integers, Integers, NDArray[Any]]:
    """Paths of a tree without splits side by side, stage after stage."""
    game = programme.game
    paths: list[tuple[Integers, Integers, NDArray[Any]]] = []

    def expand(parent: Node | None, histories: NDArray[np.intp], joint: NDArray[Any]) -> None:
        (children,) = parent.branches if parent else branch(programme.splits)
        classes = children[0].split.classes
        position = _support_position(game.support, classes)
        width = sum(math.prod(node.shape(game)[len(node.history) :]) for node in children)
        _check_size(len(histories) * width, prior.size, memory_limit)
        flows = [
            np.maximum(programme.flow(solution, node), 0).reshape(
                -1, math.prod(node.shape(game)[len(node.history) :]), classes.possible.size
            )[histories]
            for node in children
        ]
        kernel = _normalized(np.concatenate(flows, axis=1), noise)[:, :, position]
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
    programme: Laid,
    solution: LPPoint | RationalSolution,
    prior: NDArray[Any],
    memory_limit: int,
    noise: float,
) -> tuple[Integers, Integers, NDArray[Any]]:
    """Paths of private messages sent side by side, coupled by one uniform draw per state."""
    game = programme.game
    upto: list[NDArray[Any]] = []
    for node in unfold(programme.splits):
        flow = np.maximum(programme.flow(solution, node), 0)
        kernel = _normalized(flow[None], noise)[0]
        position = _support_position(game.support, node.split.classes)
        cumulated = np.cumsum(kernel, axis=0)[:-1, position]
        upto.append(np.minimum(cumulated, 1))
    ends = np.sort(np.concatenate([*upto, np.ones((1, prior.size), prior.dtype)]), axis=0)
    lengths = np.diff(ends, axis=0, prepend=0)
    draws, states = np.nonzero(lengths > noise)
    middle = (ends - lengths / 2)[draws, states]
    actions = np.stack([(cut[:, states] < middle).sum(axis=0) for cut in upto], axis=1)
    profiles, path = np.unique(actions, axis=0, return_inverse=True)
    _check_size(len(profiles), prior.size, memory_limit)
    joint = np.zeros((len(profiles), prior.size), prior.dtype)
    np.add.at(joint, (path.ravel(), states), lengths[draws, states])
    joint *= prior / joint.sum(axis=0)
    orders = np.tile(np.arange(game.n), (len(profiles), 1))
    return orders, profiles, joint


def _split_prices(
    programme: Laid, solution: LPPoint, nodes: Sequence[Node]
) -> tuple[Floats, Floats]:
    """q(h, s) for one split, shape (history…, all classes), and the same rounded up."""
    game = programme.game
    tops, mosts = [], []
    for node in nodes:
        classes = node.split.classes
        worth = np.broadcast_to(
            node_payoff(game, node, game.numbers), (*node.shape(game), classes.count)
        ).copy()
        size = np.abs(worth)
        terms = COEFFICIENT_ULPS
        for place, i in enumerate(node.measure.acting):
            rows = programme.obedience[i]
            name, seen = node.informations[place]
            if not rows.action.size:
                continue
            axis = len(node.history) + place
            multiplier = np.minimum(solution.duals(name), 0.0)
            spread = [1] * len(node.receivers)
            for k, length in zip(seen, multiplier.shape, strict=True):
                spread[k] = length
            weighted = multiplier.reshape(*spread, 1) * obedience_coefficients(
                game, node, axis, rows
            )
            for q, action in enumerate(rows.action):
                at = (slice(None),) * axis + (int(action),)
                term = np.take(weighted, q, axis=axis)
                worth[at] -= term
                size[at] += np.abs(term)
            terms += rows.action.size + 1
        above = worth.copy()
        for children in node.branches:
            price, most = _split_prices(programme, solution, children)
            below = children[0].split.classes.labels[classes.representative]
            worth += price[..., below]
            above += most[..., below]
            size += np.abs(most[..., below])
            terms += 2
        above += terms * EPS * size
        now = tuple(range(len(node.history), len(node.receivers)))
        tops.append(worth.max(axis=now))
        mosts.append(above.max(axis=now))
    return np.maximum.reduce(tops), np.maximum.reduce(mosts)


def _check_size(paths: int, states: int, memory_limit: int) -> None:
    needed = BYTES_PER_CELL * paths * states
    if needed > memory_limit:
        raise SizeError("experiment", paths=paths, states=states, needed=needed, limit=memory_limit)


def _support_position(support: Integers, classes: StateClasses) -> Integers:
    """Column of each possible state in the blocks of a split."""
    return np.searchsorted(classes.possible, classes.labels[support])


def _normalized(flow: NDArray[Any], noise: float) -> NDArray[Any]:
    """Kernel over the second axis of (history, message, class), rounding noise removed.

    Where nothing flows, the message most used in that history.
    """
    total = flow.sum(axis=1, keepdims=True)
    kernel = np.divide(flow, total, out=np.zeros_like(flow), where=total > 0)
    kernel[kernel < noise] = 0
    dry = np.nonzero(total[:, 0, :] <= 0)
    kernel[dry[0], flow.sum(axis=2).argmax(axis=1)[dry[0]], dry[1]] = 1
    return kernel / kernel.sum(axis=1, keepdims=True)
