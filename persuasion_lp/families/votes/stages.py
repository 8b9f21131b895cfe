r"""The voting programme stage by stage: voters in an order, then the others in private.

The voters of ``prefix`` vote in this order, each having seen the recommendations before him; then
the others, ``rest``, vote on private messages, having seen all those. With no prefix this is first
best, with no rest a sequential vote, otherwise a bound on every order that begins with ``prefix``.
A *history* h holds the recommendations to the first l voters; it is *open* while it has |h| < m
approvals and n − l ≥ m − |h| voters are left. With s the states of the voters from the next one on:

    maximize    Σ_{a, ω} π_1(a, ω)                               first stage; Σ_ω π_0(ω) if none
    subject to
    prior       Σ_a π_1(a, ω) ≤ prior(ω)                         every ω
    balance     Σ_a π_{l+1}(h, a, s) = Σ_{t ↦ s} π_l(h, t)       every open h, s
    obedience   Σ_s π_{l+1}(h, 1, s) (1[s_i = H] − c_i) ≥ 0      every open h, i next in the order
    private     Σ_{i ∈ rest} y_i(h, s) = (m − |h|) Σ_{t ↦ s} π_k(h, t)      open h after the prefix
    once        y_i(h, s) ≤ Σ_{t ↦ s} π_k(h, t)
    obedience   Σ_s y_i(h, s) (1[s_i = H] − c_i) ≥ 0             i ∈ rest, open h
                π, y ≥ 0

It has the value of the programme over coalitions (:mod:`~persuasion_lp.families.votes.programme`):
states of voters who have voted matter to nobody later, and marginal probabilities y_i / π of
approving, each at most 1 and summing to a whole number j, are those of a lottery over coalitions of
exactly j. Columns: at most 2 n 2^n for an order, (n + 1)·2^n for first best, instead of
C(n, m)·2^n.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Integers
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.model import LPBuilder
from persuasion_lp.lp.rational import RationalSolution
from persuasion_lp.lp.size import ProgramSize

__all__ = ["coalition_flow", "lay_out_stages", "stages_size"]

SURE = 2.0**-50
"""A chance so close to 1 is 1: sums of chances are as far from whole numbers by rounding."""


@dataclass(frozen=True, eq=False)
class _Stage:
    """One voter's turn.

    Attributes
    ----------
    voter
        Who votes.
    parent, approve
        Of each history after his turn, the open one it continues and whether he approves, ``(C,)``.
    open
        Which of these histories are open, positions.
    """

    voter: int
    parent: Integers
    approve: NDArray[np.bool_]
    open: Integers


class _Tree:
    """Open histories and possible states before each turn.

    Attributes
    ----------
    order
        Prefix, then the rest.
    stages
        The turns of the prefix.
    histories
        Open histories before turn l = 0 … k, each of shape ``(H, l)``, in lexicographic order.
    states
        Codes of the possible states of the voters from turn l on, in their order, l = 0 … k.
    drop
        Position in ``states[l + 1]`` of each of ``states[l]`` without the next voter's own state.
    """

    def __init__(self, game: VotingGame, prefix: tuple[int, ...]) -> None:
        n, quota = game.n, game.quota
        rest = tuple(i for i in range(n) if i not in prefix)
        self.order = prefix + rest
        self.rest = rest
        codes = np.arange(game.prior.size).reshape(game.prior.shape).transpose(self.order).ravel()
        self.states = [np.flatnonzero(np.isin(codes, game.support))]
        self.prior_rows = np.searchsorted(game.support, codes[self.states[0]])
        self.histories: list[NDArray[np.bool_]] = [np.zeros((1, 0), dtype=np.bool_)]
        self.stages: list[_Stage] = []
        self.drop: list[Integers] = []
        for turn, voter in enumerate(prefix):
            before = self.histories[-1]
            parent = np.repeat(np.arange(len(before)), 2)
            approve = np.tile([False, True], len(before))
            after = np.column_stack([before[parent], approve])
            missing = quota - after.sum(axis=1)
            kept = missing <= n - turn - 1
            is_open = missing[kept] > 0
            self.stages.append(_Stage(voter, parent[kept], approve[kept], np.flatnonzero(is_open)))
            self.histories.append(after[kept][is_open])
            left, drop = np.unique(self.states[-1] % 2 ** (n - turn - 1), return_inverse=True)
            self.states.append(left)
            self.drop.append(drop)

    def own_state(self, turn: int, position: int) -> Integers:
        """Own state of the voter ``position`` turns later, in every state before a turn."""
        return (self.states[turn] >> (len(self.order) - turn - position - 1)) & 1


def stages_size(game: VotingGame, prefix: tuple[int, ...]) -> ProgramSize:
    """Columns, rows and (at most) nonzeros of the programme; histories and states are bounded."""
    n, support = game.n, game.support.size
    columns, rows, nonzeros = 0, support, 0
    for turn in range(len(prefix)):
        before, states = 2**turn, min(2 ** (n - turn), support)
        columns += 2 * before * states
        rows += before * (1 + states)
        nonzeros += 5 * before * states
    rest = n - len(prefix)
    marginal = 2 ** len(prefix) * min(2**rest, support)
    columns += marginal * rest + (0 if prefix else support)
    rows += marginal * (1 + rest) + rest * 2 ** len(prefix)
    nonzeros += 5 * marginal * (1 + rest)
    return ProgramSize(columns, rows, nonzeros)


def lay_out_stages(
    game: VotingGame,
    prefix: tuple[int, ...],
    probabilities: NDArray[Any],
    cutoffs: NDArray[Any],
) -> LPBuilder:
    """Lay out the programme, in floats or rationals.

    Rows ``obedience[i]`` are in the order of the information sets of voter i in the programme over
    coalitions, rows ``prior`` in that of the possible states.
    """
    tree = _Tree(game, prefix)
    builder = LPBuilder(probabilities.dtype)
    prior = builder.rows("prior", (game.support.size,), "<=", probabilities[game.support])
    flow = prior[:0]
    for turn, stage in enumerate(tree.stages):
        states = tree.states[turn].size
        pi = builder.columns(
            _pi(prefix[: turn + 1]), (stage.parent.size, states), objective=int(turn == 0)
        )
        if turn == 0:
            balance = prior[tree.prior_rows][None]
        else:
            name = f"balance[{_joined(prefix[:turn])}]"
            balance = builder.rows(name, (len(tree.histories[turn]), states), "==")
            builder.entries(balance[:, tree.drop[turn - 1]], flow, -1)
        builder.entries(balance[stage.parent], pi, 1)
        _obey(builder, tree, turn, 0, stage.parent[stage.approve], pi[stage.approve], cutoffs)
        flow = pi[stage.open]
    if tree.rest:
        _lay_out_private(builder, game, tree, prior, flow, cutoffs)
    return builder


def _lay_out_private(
    builder: LPBuilder,
    game: VotingGame,
    tree: _Tree,
    prior: NDArray[np.int32],
    flow: NDArray[np.int32],
    cutoffs: NDArray[Any],
) -> None:
    """The voters left over, on private messages."""
    turn, rest = len(tree.stages), tree.rest
    histories, states = tree.histories[turn], tree.states[turn].size
    if tree.stages:
        drop = tree.drop[-1]
    else:
        drop = np.arange(states)
        flow = builder.columns("pi", (1, states), objective=1)
        builder.entries(prior[tree.prior_rows][None], flow, 1)
    missing = game.quota - histories.sum(axis=1)
    y = builder.columns(f"y[{_joined(rest)}]", (len(histories), len(rest), states))
    private = builder.rows("private", (len(histories), states), "==")
    builder.entries(private[:, None], y, 1)
    builder.entries(private[:, drop], flow, -missing[:, None])
    if len(rest) > 1:
        once = builder.rows("once", y.shape, "<=")
        builder.entries(once, y, 1)
        builder.entries(once[..., drop], flow[:, None], -1)
    for position in range(len(rest)):
        everyone = np.arange(len(histories))
        _obey(builder, tree, turn, position, everyone, y[:, position], cutoffs)


def _obey(
    builder: LPBuilder,
    tree: _Tree,
    turn: int,
    position: int,
    history: Integers,
    approving: NDArray[np.int32],
    cutoffs: NDArray[Any],
) -> None:
    """Obedience of the voter ``position`` turns later, who sees the histories before ``turn``."""
    voter = tree.order[turn + position]
    rows = builder.rows(f"obedience[{voter}]", (len(tree.histories[turn]),), ">=")
    own = tree.own_state(turn, position)
    builder.entries(rows[history][:, None], approving, own - cutoffs[voter])


def coalition_flow(
    game: VotingGame, prefix: tuple[int, ...], solution: LPPoint | RationalSolution
) -> NDArray[Any]:
    """π(S, ω) of every coalition and possible state, composed from the stages' kernels.

    Shape ``(C, S)``, in the order of ``game.coalitions`` and ``game.support``.
    """
    tree = _Tree(game, prefix)
    n = game.n
    place = np.zeros(2**n, dtype=np.int64)
    place[game.coalitions @ (1 << np.arange(n))] = np.arange(len(game.coalitions))
    bits = 1 << np.array(tree.order, dtype=np.int64)
    kind = object if isinstance(solution, RationalSolution) else np.float64
    flow = np.zeros((len(game.coalitions), game.support.size), kind)
    codes = tree.states[0]
    weight = np.ones((1, codes.size), kind)
    for turn, stage in enumerate(tree.stages):
        where = np.searchsorted(tree.states[turn], codes % 2 ** (n - turn))
        pi = np.maximum(solution.values(_pi(prefix[: turn + 1])), 0)
        total = np.zeros((len(tree.histories[turn]), pi.shape[1]), kind)
        np.add.at(total, stage.parent, pi)
        kernel = pi if turn == 0 else _ratio(pi, total[stage.parent])
        reached = weight[stage.parent] * kernel[:, where]
        closed = np.setdiff1d(np.arange(stage.parent.size), stage.open)
        history = np.column_stack([tree.histories[turn][stage.parent], stage.approve])
        flow[place[history[closed] @ bits[: turn + 1]], :] += reached[closed]
        weight = reached[stage.open]
    if tree.rest:
        turn = len(tree.stages)
        if not tree.stages:
            weight = np.maximum(solution.values("pi"), 0)
        where = np.searchsorted(tree.states[turn], codes % 2 ** (n - turn))
        y = np.maximum(solution.values(f"y[{_joined(tree.rest)}]"), 0)
        missing = game.quota - tree.histories[turn].sum(axis=1)
        chances = np.minimum(_ratio(y, y.sum(axis=1, keepdims=True)) * missing[:, None, None], 1)
        probability, members = _lottery(np.moveaxis(chances, 1, 2), missing)
        who = place[(tree.histories[turn] @ bits[:turn])[:, None, None] + members @ bits[turn:]]
        for h in range(len(missing)):
            state = np.broadcast_to(np.arange(codes.size)[:, None], who[h][where].shape)
            np.add.at(flow, (who[h][where], state), weight[h][:, None] * probability[h][where])
    ordered = np.empty_like(flow)
    ordered[:, tree.prior_rows] = flow
    return ordered


def _lottery(chances: NDArray[Any], missing: Integers) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Lotteries over coalitions with given marginal probabilities, by one draw u in [0, 1).

    Member i is chosen if one of the points u, u + 1, … lies between the sums of the chances before
    him and up to him: never twice, since no chance exceeds 1, and as often as the chances sum to.
    Sums begin with the smallest chance, so that each marginal keeps its relative precision.

    Parameters
    ----------
    chances
        Shape ``(H, S, R)``, summing to ``missing[h]`` up to rounding.
    missing
        Shape ``(H,)``.

    Returns
    -------
    tuple
        Probabilities, shape ``(H, S, R)``, and members, shape ``(H, S, R, R)``.
    """
    order = np.argsort(chances, axis=-1, kind="stable")
    rising = np.take_along_axis(chances, order, axis=-1)
    upto = np.cumsum(rising, axis=-1)
    scale = _ratio(np.broadcast_to(missing[:, None], upto.shape[:2]), upto[..., -1])
    upto *= scale[..., None]
    left = np.arange(upto.shape[-1])[::-1]
    one = np.ones((*upto.shape[:2], 1), upto.dtype)
    sure = 1 - SURE if upto.dtype == np.float64 else 1
    certain = np.concatenate([rising >= sure, one.astype(bool)], axis=-1)
    known = certain[..., :-1] | certain[..., 1:]
    upto = np.where(known, missing[:, None, None] - left, upto)
    whole = np.floor(upto)
    beyond = upto - whole
    ends = np.sort(np.concatenate([beyond[..., :-1], one], axis=-1))
    starts = np.concatenate([0 * one, ends[..., :-1]], axis=-1)
    middle = (starts + ends)[..., None] / 2
    passed = whole[..., None, :] + (middle < beyond[..., None, :])
    before = np.concatenate([0 * passed[..., :1], passed[..., :-1]], axis=-1)
    members = np.zeros(passed.shape, dtype=np.bool_)
    np.put_along_axis(
        members, np.broadcast_to(order[..., None, :], passed.shape), passed > before, axis=-1
    )
    return ends - starts, members


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> NDArray[Any]:
    whole = np.broadcast_to(whole, part.shape)
    nothing = np.zeros(part.shape, np.result_type(part, whole, np.float64))
    return np.divide(part, whole, out=nothing, where=whole > 0)


def _pi(voters: tuple[int, ...]) -> str:
    return f"pi[{_joined(voters)}]"


def _joined(voters: tuple[int, ...]) -> str:
    return ",".join(map(str, voters))
