"""Trees: who acts after what, and how the Pacman procedure moves beliefs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from persuasion_lp.extras import load
from persuasion_lp.plots.fitting import check_fits
from persuasion_lp.primitives.labels import action_names

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["order_tree", "pacman"]

RESIDUAL = 1e-3
"""Probability of what is left open when the procedure is drawn."""


def order_tree(of: Any) -> pd.DataFrame:
    """Every history of an answer: who acts, on which recommendation, and how likely that is.

    Parameters
    ----------
    of
        The sequential, intermediate or flexible answer to a persuasion game or a vote.

    Returns
    -------
    pandas.DataFrame
        One row for each history, parents first, the likeliest branch first; row 0 is the start.
        Columns ``parent`` (its row, -1 for none), ``depth``, ``receiver`` and ``action`` (numbers,
        of the last who acted), ``name`` and ``taken`` (the same in words), ``probability``
        (unconditional), ``given`` (given the parent).

    Raises
    ------
    InputError
        For something else.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("order_tree", of)
    told, problem = of.experiment, of.problem
    chances = told.joint.sum(axis=1).tolist()
    histories: dict[tuple[tuple[int, int], ...], float] = {(): sum(chances)}
    for order, actions, chance in zip(
        told.orders.tolist(), told.actions.tolist(), chances, strict=True
    ):
        steps = [(receiver, actions[receiver]) for receiver in order]
        for end in range(1, len(steps) + 1):
            history = tuple(steps[:end])
            histories[history] = histories.get(history, 0.0) + chance
    after: dict[tuple[tuple[int, int], ...], list[tuple[tuple[int, int], ...]]] = {}
    for history in histories:
        if history:
            after.setdefault(history[:-1], []).append(history)
    rows: list[dict[str, Any]] = []
    words = [action_names(receiver) for receiver in problem.receivers]

    def grow(history: tuple[tuple[int, int], ...], parent: int) -> None:
        place, chance = len(rows), histories[history]
        receiver, action = history[-1] if history else (-1, -1)
        before = chance if parent < 0 else rows[parent]["probability"]
        rows.append(
            {
                "parent": parent,
                "depth": len(history),
                "receiver": receiver,
                "action": action,
                "name": problem.names[receiver] if history else "",
                "taken": words[receiver][action] if history else "",
                "probability": chance,
                "given": chance / before,
            }
        )
        for child in sorted(after.get(history, ()), key=lambda h: (-histories[h], h)):
            if histories[child] > 0:
                grow(child, place)

    grow((), -1)
    return pd.DataFrame(rows)


def pacman(of: Any, *, residual: float = RESIDUAL) -> pd.DataFrame:
    """How beliefs move, step by step, until everybody has acted.

    Parameters
    ----------
    of
        A :class:`Pacman`.
    residual
        Probability of what may be left open.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``node``, ``parent``, ``depth``, ``receiver``, ``name``, ``belief``,
        ``probability``, ``acts``. Parts: ``move`` (one row for each node and receiver who has not
        acted before it: his belief that his state is H, and whether he acts at it), ``target``
        (the two points at which a receiver acts).

    Raises
    ------
    InputError
        For something else, or a residual that is none.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("pacman", of)
    tree, names = of.tree(residual=residual), of.game.names
    depth = [0] * len(tree.parent)
    acted: list[frozenset[int]] = [frozenset()] * len(tree.parent)
    rows: list[dict[str, Any]] = []
    for node, parent in enumerate(tree.parent.tolist()):
        before: frozenset[int] = frozenset()
        if parent >= 0:
            depth[node], before = depth[parent] + 1, acted[parent]
        now = frozenset(tree.acts[node].nonzero()[0].tolist())
        acted[node] = before | now
        rows += [
            {
                "part": "move",
                "node": node,
                "parent": parent,
                "depth": depth[node],
                "receiver": i,
                "name": names[i],
                "belief": float(tree.beliefs[node, i]),
                "probability": float(tree.probability[node]),
                "acts": i in now,
            }
            for i in range(of.game.n)
            if i not in before
        ]
    for i, targets in enumerate(of.targets.tolist()):
        rows += [
            {"part": "target", "receiver": i, "name": names[i], "belief": at} for at in targets
        ]
    return pd.DataFrame(rows)
