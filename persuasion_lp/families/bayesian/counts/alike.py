"""Whether the players of a game are alike, and what their numbers say of its payoffs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.arrays import Integers, Rationals
from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.inputs import is_a

__all__ = ["alike"]


def alike(game: Any) -> tuple[int, Rationals, Rationals]:
    """Number of players, their utility and the objective, as :class:`AnonymousGame` takes them.

    Raises
    ------
    PriorError, PayoffError
        If there are types, or two players differ; player and profile are named.
    """
    if not is_a(game, BayesianGame):
        raise PayoffError("game", "must be a BayesianGame", value=type(game).__name__)
    axes = game.axes
    if any(count != 1 for count in axes.type_counts):
        raise PriorError("game", "must have no types to be counted", value=axes.types)
    if len(set(axes.actions)) != 1:
        rule = "must have as many actions for everybody to be counted"
        raise PayoffError("game", rule, value=axes.actions)
    actions, n, states = axes.actions[0], axes.n, np.arange(axes.cells)
    table = np.full((actions, *(n,) * (actions - 1), axes.cells), Fraction(0), dtype=object)
    known = np.zeros(table.shape[:-1], dtype=bool)
    aim = np.full((*(n + 1,) * (actions - 1), axes.cells), Fraction(0), dtype=object)
    counted = np.zeros(aim.shape[:-1], dtype=bool)
    for p in range(axes.profiles):
        chosen = axes.chosen[p]
        totals = np.bincount(chosen, minlength=actions)
        place = tuple(totals[1:].tolist())
        value = game.aim.at(p, states, exact=True)
        if counted[place] and (aim[place] != value).any():
            _refuse("objective", "is another for other players who do the same", chosen)
        aim[place], counted[place] = value, True
        for i in range(n):
            others = totals.copy()
            others[chosen[i]] -= 1
            own = (int(chosen[i]), *others[1:].tolist())
            value = game.payoffs[i].at(p, states, exact=True)
            if known[own] and (table[own] != value).any():
                _refuse("utilities", f"of player {i} are others than of those before", chosen)
            table[own], known[own] = value, True
    return n, table, aim


def _refuse(field: str, rule: str, profile: Integers) -> None:
    index = tuple(profile.tolist())
    raise PayoffError("game", f"has no players who are alike: its {field} {rule}", index=index)
