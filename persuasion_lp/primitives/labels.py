"""Names of states, actions, receivers and types: optional, only ever shown, and decide nothing.

Whatever is named keeps its number, and is known by it wherever it has no name. A list of names
names everything there is, each once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np

from persuasion_lp.errors import InputError, PriorError
from persuasion_lp.inputs import in_order, is_a

__all__ = [
    "Labelled",
    "Names",
    "StateLabels",
    "action_names",
    "checked_name",
    "checked_name_lists",
    "checked_names",
    "checked_state_labels",
    "receiver_names",
    "state_names",
]

Names: TypeAlias = tuple[str, ...]
StateLabels: TypeAlias = "Names | tuple[Names, ...]"
"""Names of the states of a prior with one axis, or those of each axis."""

LONGEST = 100
"""Characters of a name."""


class Named(Protocol):
    """A receiver, as far as he has names."""

    @property
    def name(self) -> str | None:
        """His name."""

    @property
    def action_labels(self) -> Names | None:
        """Names of his actions."""

    @property
    def action_count(self) -> int:
        """How many actions he has."""


def checked_name(field: str, given: Any, error: type[InputError], index: Any = None) -> str:
    """A name: a string of printable characters, at most :data:`LONGEST`, not blank."""
    if not is_a(given, str) or not given.strip() or len(given) > LONGEST:
        rule = f"must be a name, a string of 1 to {LONGEST} characters"
        raise error(field, rule, index=index, value=given)
    if not given.isprintable():
        raise error(field, "must be printable, on one line", index=index, value=given)
    return str(given)


def checked_names(
    field: str, given: Any, count: int, what: str, error: type[InputError], index: Any = None
) -> Names | None:
    """One name for each of ``count`` things, no two the same; ``None`` if none are given.

    Parameters
    ----------
    field, given
        The argument.
    count, what
        How many there are, of what: ``"states"``.
    error
        Kind of the error.
    index
        Where in the argument the names stand, if not at its top.
    """
    if given is None:
        return None
    rule = f"must be a list of {count} names, one for each of the {what}"
    if is_a(given, np.ndarray) and given.size != count:
        raise error(field, rule, index=index, value=given.shape)
    if is_a(given, str):
        raise error(field, rule, index=index, value=given)
    listed = in_order(field, given, error, rule, index=index)
    if len(listed) != count:
        raise error(field, rule, index=index, value=listed)
    before = () if index is None else (index,)
    names: list[str] = []
    for k, one in enumerate(listed):
        place = (*before, k) if before else k
        name = checked_name(field, one, error, place)
        if name in names:
            raise error(field, "must not name two things alike", index=place, value=name)
        names.append(name)
    return tuple(names)


def checked_name_lists(
    field: str, given: Any, counts: tuple[int, ...], what: str, error: type[InputError]
) -> tuple[Names, ...] | None:
    """A list of names for each player, of his actions or types; ``None`` if none are given."""
    if given is None:
        return None
    rule = f"must hold a list of names of {what} for each of {len(counts)} players"
    listed = in_order(field, given, error, rule)
    if len(listed) != len(counts):
        raise error(field, rule, value=given)
    found = []
    for i, (names, count) in enumerate(zip(listed, counts, strict=True)):
        checked = checked_names(field, names, count, f"{what} of player {i}", error, i)
        if checked is None:
            raise error(field, rule, index=i)
        found.append(checked)
    return tuple(found)


def checked_state_labels(
    given: Any,
    shape: tuple[int, ...],
    field: str = "state_labels",
    error: type[InputError] = PriorError,
) -> StateLabels | None:
    """Names of the states of a prior of this shape.

    A list of names where the prior has one axis. Where it has several, one list for each axis, or
    one list that names the states of all axes alike, if they are as many.

    Raises
    ------
    InputError
        Of the kind given, naming axis and entry.
    """
    if given is None:
        return None
    if len(shape) == 1:
        return checked_names(field, given, shape[0], "states", error)
    rule = f"must hold a list of names for each of the {len(shape)} axes of the prior"
    if is_a(given, str):
        raise error(field, rule, value=given)
    listed = in_order(field, given, error, rule)
    if len(set(shape)) == 1 and len(listed) == shape[0] and all(is_a(one, str) for one in listed):
        listed = (listed,) * len(shape)
    if len(listed) != len(shape):
        raise error(field, rule, value=given)
    axes: list[Names] = []
    for axis, (names, size) in enumerate(zip(listed, shape, strict=True)):
        what = f"states on axis {axis} of the prior"
        checked = checked_names(field, names, size, what, error, axis)
        if checked is None:
            raise error(field, rule, index=axis)
        axes.append(checked)
    return tuple(axes)


def state_names(labels: StateLabels | None, shape: tuple[int, ...]) -> Names:
    """Every state of a prior by its name, or its index, in flat order.

    Examples
    --------
    >>> state_names((("innocent", "guilty"), ("poor", "rich")), (2, 2))[:2]
    ('innocent, poor', 'innocent, rich')
    >>> state_names(None, (3,)), state_names(None, (1, 2))
    (('0', '1', '2'), ('(0, 0)', '(0, 1)'))
    """
    if labels is None:
        if len(shape) == 1:
            return tuple(map(str, range(shape[0])))
        return tuple(str(index) for index in np.ndindex(*shape))
    axes: Sequence[Any] = (labels,) if len(shape) == 1 else labels
    return tuple(
        ", ".join(axes[axis][k] for axis, k in enumerate(index)) for index in np.ndindex(*shape)
    )


def receiver_names(receivers: Sequence[Any], kind: str = "receiver") -> Names:
    """Every receiver by his name, or his number; by both where names are shared.

    Examples
    --------
    >>> from persuasion_lp import Receiver
    >>> receiver_names([Receiver.threshold(0.5, name="judge"), Receiver.threshold(0.6)])
    ('judge', 'receiver 1')
    """
    stated = [getattr(receiver, "name", None) for receiver in receivers]
    return tuple(
        f"{kind} {i}" if name is None else name if stated.count(name) == 1 else f"{name} ({i})"
        for i, name in enumerate(stated)
    )


class Labelled:
    """A problem whose receivers and states may have names; listed before what freezes the class."""

    _parties: ClassVar[str] = "receivers"
    _party: ClassVar[str] = "receiver"

    prior: Any
    state_labels: StateLabels | None

    @cached_property
    def names(self) -> Names:
        """Each receiver (voter) by his name, or as ``receiver 0``."""
        return receiver_names(getattr(self, self._parties), self._party)

    @cached_property
    def state_names(self) -> Names:
        """Each state by its name, or its index, in flat order."""
        return state_names(self.state_labels, self.prior.shape)

    @property
    def called(self) -> Names | None:
        """The receivers' names, if one of them has any."""
        named = any(getattr(one, "name", None) for one in getattr(self, self._parties))
        return self.names if named else None


def action_names(receiver: Named) -> Names:
    """Every action of a receiver by its name, or as ``action 0``."""
    return receiver.action_labels or tuple(f"action {a}" for a in range(receiver.action_count))
