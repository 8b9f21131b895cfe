r"""What a receiver's numbers imply whatever he is told: actions never taken, and always.

Action a is *never taken* if its cone holds no belief, { μ ∈ Δ : D_a μ ≥ 0 } = ∅, and *always* if
every row of D_a is nonnegative. Both are decided in the numbers as written. A row that is negative
throughout excludes every belief, and a corner of Δ lies in the cone if its column is nonnegative:
signs decide nearly all. Otherwise the polytope is empty if and only if it has no vertex, and a
vertex is where K − 1 of the rows and of μ ≥ 0 hold with equality.

None of this is wrong, and much of it is a mistake: a utility stated as [state][action], a cutoff
that was meant as 0.1. So it is said, as a warning.
"""

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats
from persuasion_lp.errors import PayoffError, PersuasionWarning
from persuasion_lp.primitives.labels import action_names
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["always_taken", "check_unasked_acceptance", "never_taken", "warn_of_idle_actions"]

_PACKAGE = f"{__name__.partition('.')[0]}."

MOST_VERTICES = 500
"""With more candidates nothing is said."""


def never_taken(receiver: Receiver) -> tuple[int, ...]:
    """Actions that a receiver takes at no belief."""
    unclear = [a for a, cone in enumerate(receiver.cones) if not _at_a_corner(cone)]
    if not unclear:
        return ()
    exact = receiver.rational_cones()
    return tuple(a for a in unclear if _is_empty(receiver.cones[a], exact[a]))


def always_taken(receiver: Receiver) -> tuple[int, ...]:
    """Actions that a receiver is willing to take at every belief."""
    cones = receiver.cones if receiver.convex else receiver.cones[1:]
    first = receiver.action_count - len(cones)
    return tuple(a for a, cone in enumerate(cones, first) if (cone >= 0).all())


def check_unasked_acceptance(field: str, i: int, least: float) -> None:
    """Refuse a receiver without obedience of rejection if the sender may lose when he accepts.

    Parameters
    ----------
    field
        Where the sender's payoffs are stated.
    i
        The receiver.
    least
        What the sender gains at least from his acceptance.

    Raises
    ------
    PayoffError
        If that is negative.
    """
    if least < 0:
        raise PayoffError(
            field,
            f"must not fall when receiver {i} accepts: his rejection carries no obedience "
            "(state him with Receiver.from_utility instead)",
            value=least,
        )


def warn_of_idle_actions(receivers: Sequence[Receiver], names: Sequence[str]) -> None:
    """Say which actions are never or always taken, where the caller of a constructor stands.

    Parameters
    ----------
    receivers
        The receivers.
    names
        How they are known to him: ``"receivers[0]"``.
    """
    for receiver, name in zip(receivers, names, strict=True):
        called = name if receiver.name is None else f"{name} ({receiver.name})"
        for message in _said(receiver):
            warnings.warn(f"{called} {message}", PersuasionWarning, stacklevel=_levels())


def _levels() -> int:
    """How many calls up from here the package was entered."""
    frame, levels = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(_PACKAGE):
        frame, levels = frame.f_back, levels + 1
    return levels


def _said(receiver: Receiver) -> list[str]:
    if receiver.action_count == 1:
        return []
    if receiver.cutoffs is not None:
        return _said_of_cutoffs(receiver)
    never, always = never_taken(receiver), always_taken(receiver)
    names = action_names(receiver)
    if len(always) == receiver.action_count:
        return ["is indifferent between all actions at every belief"]
    rejects = {0} if always and not receiver.convex else set()
    left = set(range(receiver.action_count)) - set(never) - rejects
    if len(left) == 1:
        return [f"takes {names[left.pop()]} at every belief: nothing he is told changes that"]
    said = [f"takes {names[a]} at every belief, or one that is as good to him" for a in always]
    return said + [
        f"never takes {names[a]}: at every belief he prefers another one (utility[action, state])"
        for a in never
    ]


def _said_of_cutoffs(receiver: Receiver) -> list[str]:
    """A cutoff of 0 or of 1 leaves an action one belief, at which another is as good."""
    last, names = receiver.action_count - 1, action_names(receiver)
    said = []
    if receiver.cones[1][0, 0] == 0:
        said.append(f"takes {names[1]} or higher at every belief: his lowest cutoff is 0")
    if receiver.cones[last][0, 1] == 0:
        said.append(f"takes {names[last]} at the belief 1 alone: his highest cutoff is 1")
    return said


def _at_a_corner(cone: Floats) -> bool:
    """Whether the cone holds a degenerate belief."""
    return bool((cone >= 0).all(axis=0).any())


def _is_empty(cone: Floats, exact: NDArray[Any]) -> bool:
    """Whether {μ ∈ Δ : Dμ ≥ 0} is empty, as far as that is found out."""
    if (cone < 0).all(axis=1).any():
        return True
    states = exact.shape[1]
    walls = [*exact.tolist(), *np.eye(states, dtype=np.int64).tolist()]
    if math.comb(len(walls), states - 1) > MOST_VERTICES:
        return False
    for tight in combinations(walls, states - 1):
        belief = _solved([*tight, [1] * states])
        if belief is not None and min(belief) >= 0 and (exact @ np.array(belief) >= 0).all():
            return False
    return True


def _solved(rows: list[Any]) -> list[Fraction] | None:
    """The solution of a square system with right-hand sides 0, …, 0, 1, if there is one only."""
    size = len(rows)
    table = [[*map(Fraction, row), Fraction(int(k == size - 1))] for k, row in enumerate(rows)]
    for column in range(size):
        pivot = next((k for k in range(column, size) if table[k][column]), None)
        if pivot is None:
            return None
        table[column], table[pivot] = table[pivot], table[column]
        head = table[column]
        for k, row in enumerate(table):
            if k != column and row[column]:
                factor = row[column] / head[column]
                table[k] = [a - factor * b for a, b in zip(row, head, strict=True)]
    return [row[-1] / row[k] for k, row in enumerate(table)]
