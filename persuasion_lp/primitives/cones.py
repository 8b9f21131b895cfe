r"""Obedience cones from cutoffs, utilities and acceptance sets, each coefficient rounded once.

Every coefficient is a difference of two numbers: 1 − c, u(a, s) − u(b, s), a_s − b. Subtracted in
floats, the rounding of numbers close to each other is all that is left of them, so where a
difference is small against its terms it is taken between the numbers as they were written, and
rounded then. Each coefficient is therefore what was written up to a few units in the last place,
and is 0, positive or negative exactly where that is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import SMALLEST, Floats, Rationals, ReadOnly, Written, frozen, written
from persuasion_lp.errors import PayoffError, ReceiverError
from persuasion_lp.inputs import in_order

__all__ = [
    "SMALLEST_COEFFICIENT",
    "Sides",
    "acceptance_cones",
    "check_comparable",
    "checked_payoffs",
    "cutoff_cones",
    "payoff_table",
    "sides_of",
    "stated_conditions",
    "utility_cones",
]

CANCELLED = 4
"""A difference that is smaller than its larger term by more than this is taken exactly."""

SMALLEST_COEFFICIENT = 1e-150
"""Of the row's largest: less counts as this much where it hurts, as nothing where it helps."""

_WHOLE = 2.0**53


def cutoff_cones(given: Written, *, exact: bool = False) -> list[NDArray[Any]]:
    """Cones of the actions between cutoffs, in floats or rationals."""
    c: NDArray[Any] = given.rationals() if exact else given.floats
    rest = 1 - c if exact else _differences(_ones(c.size), given, "cutoffs")
    at_least = [np.array([[-low, high]]) for low, high in zip(c, rest, strict=True)]
    none = np.empty((0, 2), dtype=c.dtype)
    return [
        np.concatenate([low, -high])
        for low, high in zip([none, *at_least], [*at_least, none], strict=True)
    ]


def utility_cones(given: Written, *, exact: bool = False) -> list[NDArray[Any]]:
    """Cones of the actions with the highest expected utility, in floats or rationals."""
    if exact:
        flat = given.rationals().reshape(len(given.floats), -1)
        return [np.delete(row - flat, a, axis=0) for a, row in enumerate(flat)]
    table = _flat(given, len(given.floats))
    return [
        np.delete(_differences(_row(table, a), table, "utility"), a, axis=0)
        for a in range(len(given.floats))
    ]


def acceptance_cones(
    conditions: Sequence[tuple[Written, Written]], *, exact: bool = False
) -> list[NDArray[Any]]:
    """No rows for rejection, and the conditions a·μ ≥ b for acceptance."""
    rows: NDArray[Any]
    if exact:
        rows = np.stack([(a.rationals() - b.rationals()).ravel() for a, b in conditions])
    else:
        rows = np.stack([_differences(a, b, "conditions").ravel() for a, b in conditions])
    return [np.empty((0, rows.shape[1]), dtype=rows.dtype), rows]


def _differences(one: Written, other: Written, field: str) -> Floats:
    """``one - other`` as written, broadcast and rounded.

    Raises
    ------
    ReceiverError
        If a difference is not 0, but too small for a float.
    """
    found = np.asarray(one.floats - other.floats)
    larger = np.maximum(np.abs(one.floats), np.abs(other.floats))
    cancelled = (CANCELLED * np.abs(found) < larger) & ~(_whole(one) & _whole(other))
    if cancelled.any():
        a, b = np.broadcast_arrays(one.rationals(), other.rationals())
        exactly = a[cancelled] - b[cancelled]
        found[cancelled] = exactly.astype(np.float64)
        if ((np.abs(found[cancelled]) < SMALLEST) & (exactly != 0)).any():
            raise ReceiverError(
                field,
                f"must not compare numbers that differ, but by less than {SMALLEST:g}",
            )
    return found


def _whole(given: Written) -> NDArray[np.bool_]:
    """Which numbers are integers that a float holds exactly."""
    whole = (given.floats == np.round(given.floats)) & (np.abs(given.floats) < _WHOLE)
    if given.entries is None or not whole.any():
        return np.asarray(whole)
    fractional = np.array([entry.denominator != 1 for entry in given.entries.ravel()])
    return np.asarray(whole & ~fractional.reshape(whole.shape))


def _ones(count: int) -> Written:
    return Written(np.ones(count), None)


def _flat(given: Written, rows: int) -> Written:
    entries: Rationals | None = None if given.entries is None else given.entries.reshape(rows, -1)
    return Written(given.floats.reshape(rows, -1), entries)


def _row(table: Written, a: int) -> Written:
    return Written(table.floats[a], None if table.entries is None else table.entries[a])


@dataclass(frozen=True, eq=False)
class Sides(ReadOnly):
    """A receiver's obedience rows by sign, each scaled to coefficients of at most about 1.

    Attributes
    ----------
    gain, loss
        D⁺ and D⁻ by action, row and own state, shape ``(A, R, K)``; missing rows are zero.
    """

    gain: Floats
    loss: Floats


def check_comparable(field: str, index: int, cones: Sequence[Floats]) -> None:
    """Refuse a receiver one of whose rows has coefficients too far apart to be held together.

    Raises
    ------
    ReceiverError
        If one is not 0, but below :data:`SMALLEST_COEFFICIENT` of the largest of its row.
    """
    for cone in cones:
        sizes = np.abs(cone)
        largest = sizes.max(axis=1, initial=0.0, keepdims=True)
        if ((sizes > 0) & (sizes < SMALLEST_COEFFICIENT * largest)).any():
            raise ReceiverError(
                field,
                "must not weigh one state against another by less than "
                f"{SMALLEST_COEFFICIENT:g}: a cutoff too close to 0 or 1, or utilities too far "
                "apart",
                index=index,
            )


def sides_of(cones: Sequence[NDArray[np.float64]]) -> Sides:
    """Split the rows of every action's cone by sign, scaled by powers of two."""
    states = max((cone.shape[1] for cone in cones), default=1)
    padded = np.zeros((len(cones), max(1, *(len(cone) for cone in cones)), states))
    for action, cone in enumerate(cones):
        padded[action, : len(cone)] = cone
    largest = np.abs(padded).max(axis=2, keepdims=True)
    padded = np.ldexp(padded, -np.frexp(largest)[1])
    loss = np.where(padded < 0, np.maximum(-padded, SMALLEST_COEFFICIENT), 0.0)
    gain = np.where(padded > SMALLEST_COEFFICIENT, padded, 0.0)
    return Sides(frozen(gain), frozen(loss))


def stated_conditions(conditions: Any) -> tuple[list[tuple[Written, Written]], tuple[int, ...]]:
    """Conditions a·μ ≥ b as they were written, and the shape that every ``a`` has.

    Raises
    ------
    ReceiverError
        For no condition, what is no pair (a, b), or conditions whose ``a`` differ in shape.
    """
    listed = in_order("conditions", conditions, ReceiverError)
    if not listed:
        raise ReceiverError("conditions", "must hold at least one pair (a, b)")
    pairs: list[tuple[Written, Written]] = []
    shape: tuple[int, ...] | None = None
    for index, condition in enumerate(listed):
        rule = "must be a pair (a, b)"
        pair = in_order("conditions", condition, ReceiverError, rule, index=index)
        if len(pair) != 2:
            raise ReceiverError("conditions", rule, index=index, value=condition)
        a, b = pair
        weights = written(f"conditions[{index}]", a, ReceiverError)
        bound = written(f"conditions[{index}]", b, ReceiverError)
        if weights.floats.ndim == 0 or bound.floats.ndim:
            raise ReceiverError(
                "conditions",
                "must pair an array a with a number b",
                index=index,
                value=condition,
            )
        if shape not in (None, weights.floats.shape):
            raise ReceiverError(
                "conditions",
                f"must all have the shape {shape}",
                index=index,
                value=weights.floats.shape,
            )
        shape = weights.floats.shape
        pairs.append((weights, bound))
    return pairs, shape or ()


def payoff_table(payoffs: NDArray[Any], states: int) -> NDArray[Any]:
    """Payoffs by action and own state."""
    by_action = payoffs.reshape(len(payoffs), -1)
    return np.repeat(by_action, states, axis=1) if payoffs.ndim == 1 else by_action


def checked_payoffs(
    payoffs: Floats, actions: int, state_shape: tuple[int, ...], *, stated: bool
) -> Floats:
    """The same, after the shape has been checked; ``stated`` if there is a utility beside them.

    Raises
    ------
    PayoffError
        For another shape than ``(A,)`` and ``(A, *state_shape)``.
    """
    if payoffs.shape not in ((actions,), (actions, *state_shape)):
        allowed = f"{(actions,)} or {(actions, *state_shape)}"
        rule = f"must have shape {allowed}, payoffs[action, state]"
        if stated:
            rule += "; utility[action, state] has "
            rule += f"{actions} actions and states of shape {state_shape}"
            swapped = state_shape[:1] in (payoffs.shape, payoffs.shape[:1])
            rule += " (are its axes transposed?)" if swapped else ""
        raise PayoffError("payoffs", rule, value=payoffs.shape)
    return payoff_table(payoffs, math.prod(state_shape))
