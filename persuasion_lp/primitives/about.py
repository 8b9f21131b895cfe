"""Which part of the state is a receiver's own: read from ``about=``, or decided by the shapes."""

from __future__ import annotations

import math
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Integers, frozen, has_masked
from persuasion_lp.errors import ReceiverError
from persuasion_lp.inputs import is_a, is_whole
from persuasion_lp.shown import raised

__all__ = ["About", "frozen_about", "own_states"]

About: TypeAlias = "int | tuple[int, ...] | NDArray[np.int64] | None"
"""An axis of the prior, several axes, or the own state of each state."""


class Owner(Protocol):
    """A receiver, as far as his own states go."""

    @property
    def about(self) -> About:
        """What he says they are."""

    @property
    def state_shape(self) -> tuple[int, ...]:
        """Their shape."""

    @property
    def state_count(self) -> int:
        """Their number."""


def own_states(
    i: int, receiver: Owner, shape: tuple[int, ...], n: int, field: str = "receivers"
) -> Integers:
    """Receiver i's own state in every cell of a prior of the given shape, flat.

    Errors name entry i of the field.
    """
    about = receiver.about
    if about is None:
        about = _default_about(i, receiver, shape, n)
    if isinstance(about, np.ndarray):
        if about.shape != shape:
            raise ReceiverError(
                f"{field}[{i}].about", f"must have the prior's shape {shape}", value=about.shape
            )
        wrong = np.argwhere((about < 0) | (about >= receiver.state_count))
        if wrong.size:
            place = tuple(int(k) for k in wrong[0])
            raise ReceiverError(
                f"{field}[{i}].about",
                f"must hold own states from 0 to {receiver.state_count - 1}",
                index=place,
                value=int(about[place]),
            )
        return about.ravel()
    axes = (about,) if isinstance(about, int) else about
    for axis in axes:
        if not 0 <= axis < len(shape):
            raise ReceiverError(
                f"{field}[{i}].about",
                f"must name axes of the prior, from 0 to {len(shape) - 1}",
                value=axis,
            )
    if len(set(axes)) < len(axes):
        raise ReceiverError(f"{field}[{i}].about", "must not name an axis twice", value=axes)
    sizes = tuple(shape[axis] for axis in axes)
    if sizes != receiver.state_shape and (math.prod(sizes),) != receiver.state_shape:
        raise ReceiverError(
            field,
            f"is stated for own states of shape {receiver.state_shape}, "
            f"but the prior's axes {axes} have shape {sizes}",
            index=i,
        )
    grid = np.indices(shape, sparse=True)
    own = np.zeros(shape, dtype=np.int64)
    for axis, size in zip(axes, sizes, strict=True):
        own = own * size + grid[axis]
    return frozen(own.ravel())


def _default_about(
    i: int, receiver: Owner, shape: tuple[int, ...], n: int
) -> int | tuple[int, ...]:
    if len(shape) == 1:
        return 0
    if len(shape) == n and receiver.state_shape == (shape[i],):
        return i
    if receiver.state_shape == shape:
        return tuple(range(len(shape)))
    if len(shape) == n:
        return i
    raise ReceiverError(
        "receivers",
        f"must say what it is about (about=): the prior has {len(shape)} axes for {n} receivers",
        index=i,
    )


def frozen_about(about: Any) -> About:
    """What ``about=`` says, checked as far as the receiver alone tells."""
    if about is None:
        return None
    if is_whole(about):
        return int(about)
    if is_a(about, tuple):
        if about and all(is_whole(axis) for axis in about):
            return tuple(int(axis) for axis in about)
        raise ReceiverError("about", "must hold axes of the prior when it is a tuple", value=about)
    try:
        if has_masked(about):
            raise ReceiverError("about", "must have no masked entries")
        labels = np.array(about)
    except ReceiverError:
        raise
    except Exception as failure:
        rule = f"must be an array of own states; reading it raised {raised(failure)}"
        raise ReceiverError("about", rule) from failure
    if labels.dtype.kind not in "bi" or labels.ndim == 0:
        raise ReceiverError(
            "about",
            "must be an axis, a tuple of axes, or an array of own states (integers or booleans)",
            value=about,
        )
    labels = labels.astype(np.int64)
    labels.setflags(write=False)
    return labels
