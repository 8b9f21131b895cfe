"""Players who are alike, from a rule: own action, how many others do what, state."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.errors import PayoffError, SizeError
from persuasion_lp.families.bayesian.payoffs import MOST_CALLS
from persuasion_lp.inputs import called, is_whole

__all__ = ["asked_rule", "check_counts", "compositions", "tables_of_rule"]

BYTES_PER_NUMBER = 100
"""Of a payoff in fractions, and in floats."""

MOST_BYTES = 2**31
"""Of the payoffs of a game that is made from a rule."""

MOST_AXES = 30
"""Players of a game with an axis for each."""


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
    check_counts(players, actions)
    entries = players * actions**players * states
    if BYTES_PER_NUMBER * entries > MOST_BYTES or players > MOST_AXES:
        raise SizeError(
            "game",
            "AnonymousGame knows players by their number only",
            needed=BYTES_PER_NUMBER * entries,
            limit=MOST_BYTES,
            profiles=actions**players,
        )
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


def check_counts(players: Any, actions: Any) -> None:
    """Refuse what are no numbers of players and actions."""
    for field, value in (("players", players), ("actions", actions)):
        if not (is_whole(value) and value >= 1):
            raise PayoffError(field, "must be a whole number from 1 on", value=value)


def asked_rule(
    players: int, actions: int, states: int, utility: Callable[[int, Any, int], Any]
) -> dict[tuple[int, tuple[int, ...]], list[Any]]:
    """What a rule says of every own action, numbers of others by action, and state.

    Raises
    ------
    PayoffError
        If it raises, or would be asked too often.
    """
    others = math.comb(players + actions - 2, actions - 1)
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
