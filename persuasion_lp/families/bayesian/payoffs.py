"""Utilities and objectives of a game: by profile of actions, state and types, as they were written.

A table may leave out the types, or types and states, where it does not depend on them. Profiles are
numbered in C order of the actions, *cells* (ω, t) in C order of the prior.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import (
    Floats,
    Integers,
    Numbers,
    Rationals,
    ReadOnly,
    Written,
    frozen,
    written,
)
from persuasion_lp.errors import PayoffError, PriorError
from persuasion_lp.inputs import called, is_a, is_whole
from persuasion_lp.shown import shown

__all__ = ["MOST_CALLS", "Axes", "Objective", "Payoff", "axes_of", "objective_of", "utility_of"]

MOST_CALLS = 1_000_000
"""Profiles at which a function is asked for a payoff."""


@dataclass(frozen=True)
class Axes(ReadOnly):
    """What the axes of a game's arrays are.

    Attributes
    ----------
    actions
        Number of actions of each player.
    states
        Number of states.
    types
        Number of types of each player; empty if there are none.
    """

    actions: tuple[int, ...]
    states: int
    types: tuple[int, ...]

    @property
    def n(self) -> int:
        """Number of players."""
        return len(self.actions)

    @property
    def profiles(self) -> int:
        """Number of profiles of actions."""
        return math.prod(self.actions)

    @property
    def cells(self) -> int:
        """Number of pairs of a state and a profile of types."""
        return self.states * math.prod(self.types)

    @cached_property
    def chosen(self) -> Integers:
        """Each player's action in every profile, shape ``(profiles, n)``."""
        return frozen(np.stack(np.unravel_index(np.arange(self.profiles), self.actions), axis=1))

    @cached_property
    def kinds(self) -> Integers:
        """Each player's type in every cell, shape ``(cells, n)``: 0 where there are no types."""
        if not self.types:
            return frozen(np.zeros((self.states, self.n), dtype=np.int64))
        shape = (self.states, *self.types)
        return frozen(np.stack(np.unravel_index(np.arange(self.cells), shape)[1:], axis=1))

    @property
    def type_counts(self) -> tuple[int, ...]:
        """Number of types of each player, 1 where there are none."""
        return self.types or (1,) * self.n

    def instead(self, profile: Any, player: int, action: Any) -> Any:
        """The profiles in which a player takes another action; arguments broadcast."""
        stride = math.prod(self.actions[player + 1 :])
        return profile + (action - self.chosen[profile, player]) * stride

    def reporting(self, cell: Any, player: int, kind: Any) -> Any:
        """The cells in which a player has another type; arguments broadcast."""
        stride = math.prod(self.type_counts[player + 1 :])
        return cell + (kind - self.kinds[cell, player]) * stride

    def said(self) -> str:
        """The shapes that a table may have, with their axes named."""
        named = [f"{count} actions of player {i}" for i, count in enumerate(self.actions)]
        shapes = [(*self.actions, self.states)]
        if self.types:
            shapes.append((*self.actions, self.states, *self.types))
        text = f"must have shape {self.actions} ({', '.join(named)})"
        for shape in shapes:
            told = "the states" if len(shape) == self.n + 1 else "the states, then each one's types"
            text += f", or {shape} (then {told})"
        return text

    def columns(self, shape: tuple[int, ...]) -> Integers | None:
        """For each cell where its payoffs stand in a table of this shape, as one with two axes.

        ``None`` for a shape that none may have.
        """
        cells = np.arange(self.cells)
        if shape == self.actions:
            return np.zeros_like(cells)
        if shape == (*self.actions, self.states):
            return np.asarray(cells // math.prod(self.types))
        if self.types and shape == (*self.actions, self.states, *self.types):
            return cells
        return None


@dataclass(frozen=True, eq=False)
class Payoff(ReadOnly):
    """A payoff at every profile and cell.

    Attributes
    ----------
    given
        As it was written.
    profiles
        Number of profiles.
    column
        Where the payoffs of each cell stand, shape ``(cells,)``.
    """

    given: Written
    profiles: int
    column: Integers

    @cached_property
    def floats(self) -> Floats:
        """In floats, shape ``(profiles, columns)``."""
        return self.given.floats.reshape(self.profiles, -1)

    @cached_property
    def rationals(self) -> Rationals:
        """In fractions, likewise."""
        return self.given.rationals().reshape(self.profiles, -1)

    def at(self, profile: Any, cell: Any, *, exact: bool) -> NDArray[Any]:
        """At profiles and cells, which broadcast, in floats or in fractions."""
        table = self.rationals if exact else self.floats
        return np.asarray(table[profile, self.column[cell]])


@dataclass(frozen=True, eq=False)
class Objective(ReadOnly):
    """What the designer maximizes or minimizes.

    Attributes
    ----------
    parts
        Payoffs whose sum it is.
    said
        ``"welfare"`` or ``("player", i)``; ``None`` if it was given as numbers or as a function.
    """

    parts: tuple[Payoff, ...]
    said: Any

    def at(self, profile: Any, cell: Any, *, exact: bool) -> NDArray[Any]:
        """At profiles and cells, as :meth:`Payoff.at`."""
        values = [part.at(profile, cell, exact=exact) for part in self.parts]
        return np.asarray(sum(values[1:], start=values[0]))

    @property
    def state_dependent(self) -> bool:
        """Whether it may depend on the state or on types."""
        return any(part.floats.shape[1] > 1 for part in self.parts)


def utility_of(field: str, given: Numbers, axes: Axes, index: int | None = None) -> Payoff:
    """Read a table.

    Raises
    ------
    PayoffError
        For another shape, or what is no table of numbers.
    """
    read = written(field, given, PayoffError, truth_values=True)
    column = axes.columns(read.floats.shape)
    if column is None:
        raise PayoffError(field, axes.said(), index=index, value=read.floats.shape)
    return Payoff(read, axes.profiles, column)


def objective_of(given: Any, utilities: tuple[Payoff, ...], axes: Axes) -> Objective:
    """Read an objective: a name, a table, or a function of profiles.

    Raises
    ------
    PayoffError
        For another name, a player there is not, a table of another shape, or a function that is
        not defined on a profile; the profile is named.
    """
    if given is None or (is_a(given, str) and given == "welfare"):
        return Objective(utilities, "welfare")
    if is_a(given, str):
        rule = 'must be "welfare", ("player", i), a table or a function of profiles'
        raise PayoffError("objective", rule, value=given)
    if is_a(given, tuple) and len(given) == 2 and is_a(given[0], str):
        name, player = given
        if name != "player" or not (is_whole(player) and 0 <= player < axes.n):
            rule = f'must be ("player", i) with i from 0 to {axes.n - 1}'
            raise PayoffError("objective", rule, value=given)
        return Objective((utilities[player],), ("player", int(player)))
    if callable(given):
        return Objective((_asked(given, axes),), None)
    return Objective((utility_of("objective", given, axes),), None)


def _asked(function: Callable[..., Any], axes: Axes) -> Payoff:
    """The payoff that a function of profiles states."""
    if axes.profiles > MOST_CALLS:
        rule = f"is a function, and is asked at {MOST_CALLS} profiles at most; pass a table"
        raise PayoffError("objective", rule, value=axes.profiles)
    values = np.empty(axes.actions, dtype=object)
    for profile in _profiles(axes):
        at = f"profile {shown(profile)}"
        value = called(function, profile, field="objective", error=PayoffError, at=at)
        try:
            values[profile] = written("objective", value, PayoffError, truth_values=True)
            if values[profile].floats.shape != ():
                raise PayoffError("objective", "", value=value)
        except PayoffError as error:
            rule = "must be a finite number at every profile of actions"
            raise PayoffError("objective", rule, index=profile, value=value) from error
    exact = np.empty(axes.actions, dtype=object)
    for profile in _profiles(axes):
        exact[profile] = values[profile].rationals().item()
    return utility_of("objective", exact, axes)


def _profiles(axes: Axes) -> Iterator[tuple[int, ...]]:
    return np.ndindex(*axes.actions)


def axes_of(prior: Floats, utilities: tuple[Any, ...]) -> Axes:
    """What the axes are: the number of players is that of the utilities.

    Raises
    ------
    PriorError, PayoffError
        If they do not fit together.
    """
    n = len(utilities)
    if n == 0:
        raise PayoffError("utilities", "must be one for each player, at least one", value=n)
    if prior.ndim not in (1, 1 + n):
        raise PriorError(
            "prior",
            f"must have one axis (states) or {1 + n} (states, then the types of each of the "
            f"{n} players)",
            value=prior.shape,
        )
    shape = np.shape(utilities[0]) if not _ragged(utilities[0]) else ()
    if len(shape) < n or 0 in shape:
        raise PayoffError(
            "utilities",
            f"must have an axis of actions for each of the {n} players, then one for the states",
            index=0,
            value=shape,
        )
    return Axes(shape[:n], prior.shape[0], prior.shape[1:])


def _ragged(table: Any) -> bool:
    try:
        np.shape(table)
    except Exception:
        return True
    return False
