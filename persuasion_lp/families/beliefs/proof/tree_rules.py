r"""What makes something a tree of posteriors of a game at all, and what a posterior in floats is.

Everything that a tree says is checked before anything is computed from it: shapes, numbers that are
finite, beliefs in the simplex, weights that are probabilities, receivers of the game who act once,
one order where the procedure fixes one ex ante.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.posterior_tree import PosteriorStage, PosteriorTree
from persuasion_lp.families.beliefs.problem import BeliefGame

__all__ = ["payoffs_at", "refusals"]

SUM_TOLERANCE = 1e-12
"""Within which the probabilities of a belief, or the weights after a message, sum to one."""


def refusals(game: BeliefGame, tree: PosteriorTree) -> tuple[tuple[str, ...], bool]:
    """Why something is no tree of posteriors of a game, and whether its numbers can be read."""
    found = tuple(_unreadable(game, tree))
    if found:
        return found, False
    return tuple(_refusals(game, tree)), True


def payoffs_at(game: BeliefGame, i: int, beliefs: Floats) -> tuple[Floats, Floats]:
    """Payoff from receiver i at posteriors in floats, shape ``(N, K)``: from, and up to.

    With two states a posterior is the prior or breakpoint as written that it is next to, if it is
    next to one, and the float it is otherwise; ties are then decided exactly. Only where several
    breakpoints are the same float is there a doubt.
    """
    if not game.on_interval or isinstance(game.payoffs[i], BeliefFunction):
        paid = game.payoff_at(i, beliefs)
        return paid, paid
    return game.written.payoffs_at(i, beliefs)


def _unreadable(game: BeliefGame, tree: PosteriorTree) -> Iterator[str]:
    """Shapes, and numbers that are no probabilities."""
    if tree.procedure not in get_args(Procedure):
        yield f"there is no procedure {tree.procedure!r}"
        return
    if np.shape(tree.prior) != (game.states,):
        yield f"the prior must have shape {(game.states,)}, not {np.shape(tree.prior)}"
        return
    yield from _probabilities("the prior", np.asarray(tree.prior)[None, :], "probability")
    if not tree.stages:
        yield "there is no stage"
    count = 1
    for k, stage in enumerate(tree.stages):
        shapes = np.shape(stage.beliefs), np.shape(stage.kernel)
        messages = len(stage.acting)
        if not messages or shapes != ((messages, game.states), (count, messages)):
            yield (
                f"stage {k} must have beliefs and kernel of shapes {(messages, game.states)} and "
                f"{(count, messages)}, not {shapes[0]} and {shapes[1]}"
            )
            return
        yield from _probabilities(f"stage {k}", stage.beliefs, "belief")
        yield from _probabilities(f"stage {k}", stage.kernel, "weight")
        count = 1 if tree.private else messages


def _probabilities(where: str, rows: Floats, what: str) -> Iterator[str]:
    """What is wrong with rows that are to sum to one."""
    if not np.isfinite(rows).all():
        yield f"{where} has a {what} that is not finite"
    elif (rows < 0).any():
        yield f"{where} has a negative {what}"
    elif (rows > 1 + SUM_TOLERANCE).any():
        yield f"{where} has a {what} above one"


def _refusals(game: BeliefGame, tree: PosteriorTree) -> Iterator[str]:
    """Sums, and who acts when."""
    if abs(tree.prior.sum() - 1) > SUM_TOLERANCE:
        yield "the prior does not sum to one"
    for k, stage in enumerate(tree.stages):
        for rows, what in ((stage.beliefs, "belief"), (stage.kernel, "row of weights")):
            if (np.abs(rows.sum(axis=1) - 1) > SUM_TOLERANCE).any():
                yield f"stage {k} has a {what} that does not sum to one"
        yield from _receivers(game, k, stage)
    yield from _ordered(game, tree)


def _receivers(game: BeliefGame, k: int, stage: PosteriorStage) -> Iterator[str]:
    for acting in stage.acting:
        numbers = [isinstance(i, (int, np.integer)) and not isinstance(i, bool) for i in acting]
        if not all(numbers) or not all(0 <= i < game.n for i in acting):
            yield f"on a message of stage {k} somebody acts who is no receiver: {acting}"
            return
        if len(set(acting)) < len(acting):
            yield f"on a message of stage {k} a receiver acts twice: {acting}"
            return


def _ordered(game: BeliefGame, tree: PosteriorTree) -> Iterator[str]:
    """What a procedure fixes ex ante: one order, one first receiver, or one signal."""
    if tree.private:
        return
    groups = [set(stage.acting) for stage in tree.stages]
    match tree.procedure:
        case "simultaneous" if len(tree.stages) != 1:
            yield f"a simultaneous procedure has one stage, not {len(tree.stages)}"
        case "sequential" if any(len(group) != 1 for group in groups):
            yield "a sequential procedure has one order, fixed ex ante"
        case "intermediate":
            yield from _announced(tree)
        case _:
            pass
    one_each = tree.procedure != "simultaneous"
    if one_each and any(len(acting) != 1 for group in groups for acting in group):
        yield "one receiver must act at each stage"


def _announced(tree: PosteriorTree) -> Iterator[str]:
    """In an intermediate procedure who is next is known before the signal."""
    for k, stage in enumerate(tree.stages):
        for before, row in zip(tree.beliefs_before(k), stage.kernel, strict=True):
            for acting in set(stage.acting):
                share = row * np.array([one == acting for one in stage.acting])
                moved = share @ stage.beliefs - share.sum() * before
                if (np.abs(moved) > SUM_TOLERANCE * before).any():
                    yield f"at stage {k} of an intermediate procedure a signal decides who is next"
                    return
