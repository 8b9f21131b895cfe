"""Areas of the triangle of beliefs over three states: a heat map, and acceptance sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["acceptance_sets", "heat"]


def heat(value: Callable[[Floats], Floats], steps: int) -> list[dict[str, Any]]:
    """Small triangles by their corners, each with the value in its middle.

    Parameters
    ----------
    value
        Of beliefs, shape ``(N, 3)``.
    steps
        Parts of a side; there are steps² triangles.
    """
    rows: list[dict[str, Any]] = []
    corners = _lattice_triangles(steps)
    values = np.asarray(value(corners.mean(axis=1)), dtype=np.float64)
    for piece, (corner, height) in enumerate(zip(corners, values.tolist(), strict=True)):
        for p0, p1, p2 in corner.tolist():
            at = {"p0": p0, "p1": p1, "p2": p2}
            rows.append({"part": "heat", "piece": piece, "value": height, **at})
    return rows


def _lattice_triangles(steps: int) -> Floats:
    """Corners of the triangles into which ``steps`` parts of each side cut, shape ``(S, 3, 3)``."""
    first, second = np.divmod(np.arange((steps + 1) ** 2), steps + 1)

    def pointing(shift: int, room: int) -> Integers:
        inside = first + second <= steps - room
        start = np.column_stack([first[inside], second[inside]])
        moves = np.array([[0, 0], [1, 0], [0, 1]]) if shift == 0 else [[1, 1], [1, 0], [0, 1]]
        return start[:, None, :] + np.asarray(moves)[None, :, :]

    whole = np.concatenate([pointing(0, 1), pointing(1, 2)])
    last = steps - whole.sum(axis=2, keepdims=True)
    return np.concatenate([whole, last], axis=2) / steps


def acceptance_sets(receiver: Receiver, own: Integers) -> Iterator[tuple[int, Floats]]:
    """Each action but the first with the corners of the beliefs at which it is taken.

    Parameters
    ----------
    receiver
        Who acts.
    own
        His own state in each of the three common states, shape ``(3,)``.
    """
    for action, cone in enumerate(receiver.cones):
        if action == 0:
            continue
        corners = _clipped(np.eye(3), cone[:, own])
        if len(corners) > 2:
            yield action, corners


def _clipped(polygon: Floats, rows: Floats) -> Floats:
    """The part of a convex polygon of beliefs where every row is at least 0."""
    for row in rows:
        heights = polygon @ row
        kept: list[Floats] = []
        for k, (here, height) in enumerate(zip(polygon, heights, strict=True)):
            there, other = polygon[k - 1], heights[k - 1]
            if height * other < 0:
                share = other / (other - height)
                kept.append(there + share * (here - there))
            if height >= 0:
                kept.append(here)
        polygon = np.array(kept).reshape(-1, 3)
    return polygon
