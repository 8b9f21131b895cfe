"""Players who are alike, from a rule: own action, how many others do what, state."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Rationals
from persuasion_lp.errors import PayoffError, SizeError
from persuasion_lp.families.bayesian.payoffs import MOST_CALLS
from persuasion_lp.inputs import called, is_whole

__all__ = [
    "BYTES_PER_COUNT",
    "MOST_COUNTS",
    "asked_rule",
    "check_counts",
    "check_size",
    "compositions",
    "number_of_counts",
    "spread",
    "tables_of_rule",
]

BYTES_PER_NUMBER = 100
"""Of a payoff in fractions, and in floats."""

MOST_BYTES = 2**31
"""Of the payoffs of a game that is made from a rule."""

MOST_AXES = 30
"""Players of a game with an axis for each."""

MOST_PLAYERS = 1_000_000

MOST_ACTIONS = 1000
"""Of players who are alike."""

LONG = 60
"""Bits of a number of profiles that is told."""

MOST_COUNTS = 200_000
"""Of numbers of players by action, times states."""

BYTES_PER_COUNT = 400
"""Of one of them in floats and fractions."""


def tables_of_rule(
    players: int, actions: int, states: int, utility: Callable[[int, Any, int], Any]
) -> list[Rationals]:
    """Every player's utility at all profiles, shape ``(actions,) * players + (states,)``.

    Raises
    ------
    PayoffError
        See :func:`asked_rule`.
    SizeError
        If they are too large.
    """
    players, actions = check_counts(players, actions)
    profiles = _profiles(players, actions)
    needed = BYTES_PER_NUMBER * players * profiles * states
    if needed > MOST_BYTES or players > MOST_AXES:
        instead = "AnonymousGame knows players by their number only"
        raise SizeError("game", instead, needed=needed, limit=MOST_BYTES, profiles=profiles)
    rule = asked_rule(players, actions, states, utility)
    shape = (*(actions,) * players, states)
    tables = [np.empty(shape, dtype=object) for _ in range(players)]
    for profile in product(range(actions), repeat=players):
        counts = [profile.count(a) for a in range(actions)]
        for i, a in enumerate(profile):
            counts[a] -= 1
            tables[i][profile] = rule[a, tuple(counts)]
            counts[a] += 1
    return tables


def _profiles(players: int, actions: int) -> int:
    """Number of profiles; more than any limit where the number itself would be long."""
    if players * math.log2(actions) > LONG:
        return 1 << LONG
    return int(actions**players)


def number_of_counts(players: int, actions: int) -> int:
    """In how many ways players divide into actions; as long as that can be told."""
    parts = min(players, actions - 1)
    if parts * math.log2(players + actions) > LONG:
        return 1 << LONG
    return math.comb(players + actions - 1, parts)


def check_counts(players: Any, actions: Any) -> tuple[int, int]:
    """Numbers of players and actions as Python's own; refuse what are none."""
    limits = (("players", players, MOST_PLAYERS), ("actions", actions, MOST_ACTIONS))
    for field, value, most in limits:
        if not (is_whole(value) and 1 <= value <= most):
            raise PayoffError(field, f"must be a whole number from 1 to {most}", value=value)
    return int(players), int(actions)


def asked_rule(
    players: int, actions: int, states: int, utility: Callable[[int, Any, int], Any]
) -> dict[tuple[int, tuple[int, ...]], list[Any]]:
    """What a rule says of every own action, numbers of others by action, and state.

    Raises
    ------
    PayoffError
        If it raises, or would be asked too often.
    """
    others = number_of_counts(players - 1, actions)
    if others * actions * states > MOST_CALLS:
        rule = f"is a rule, and is asked {MOST_CALLS} times at most"
        raise PayoffError("utility", rule, value=others * actions * states)
    found: dict[tuple[int, tuple[int, ...]], list[Any]] = {}
    for a, counts in product(range(actions), compositions(players - 1, actions)):
        told: Any = counts[1] if actions == 2 else counts
        found[a, counts] = [
            called(
                utility,
                a,
                told,
                k,
                field="utility",
                error=PayoffError,
                at=f"action {a}, others {told}, state {k}",
            )
            for k in range(states)
        ]
    return found


def compositions(total: int, parts: int) -> list[tuple[int, ...]]:
    """All ways to write a number as a sum of so many, in order."""
    if parts == 1:
        return [(total,)]
    return [
        (first, *rest)
        for first in range(total + 1)
        for rest in compositions(total - first, parts - 1)
    ]


def spread(found: Any, state: Any) -> NDArray[Any]:
    """What does not depend on the state, for each of these states."""
    values = np.asarray(found)
    return np.broadcast_to(values, np.broadcast_shapes(values.shape, np.shape(state)))


def check_size(players: int, actions: int, states: int) -> None:
    """Refuse a game of more counts than are taken on, before they are listed.

    Raises
    ------
    SizeError
        With their number.
    """
    counts = number_of_counts(players, actions) * states
    bits = (actions - 1) * math.log2(max(players, 1)) + math.log2(actions * states)
    most = max(counts, int(2.0 ** min(bits, LONG)) // 10)
    if most > MOST_COUNTS:
        needed, limit = BYTES_PER_COUNT * most, BYTES_PER_COUNT * MOST_COUNTS
        raise SizeError("game", needed=needed, limit=limit, counts=counts)
