"""A one-dimensional state in rationals: finitely many states, or a named distribution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from persuasion_lp.core.forms.numbers import (
    DENOMINATORS,
    Row,
    digits,
    each_rounded,
    entry,
    number,
    numbers,
    rational,
    rounded,
    shares,
    shown,
    simplest,
    texts,
)
from persuasion_lp.errors import InstanceError, PriorError
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["RationalDistribution", "RationalState", "RationalStates", "read_state", "state_of"]

_BETA = type(StateDistribution.uniform())
"""Beta distributions on an interval: the continuous ones with a name."""

_PARAMETERS: Mapping[str, tuple[str, ...]] = {"uniform": ("low", "high"), "beta": ("a", "b")}


@dataclass(frozen=True)
class RationalStates:
    """A :class:`StateGrid` in rationals.

    Attributes
    ----------
    states, masses
        Shape ``(K,)``, states increasing.
    """

    states: Row
    masses: Row

    @property
    def size(self) -> tuple[int, int]:
        """States, digits."""
        return len(self.states), digits(self.states, self.masses)

    def build(self) -> StateGrid:
        """The grid."""
        return StateGrid(self.states, self.masses)

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        return {"states": texts(self.states), "masses": texts(self.masses)}

    def simpler(self) -> Iterator[RationalStates]:
        """Pairs of neighbours merged, a state left out, equal masses, rounded numbers."""
        count = len(self.states)
        if count > 1:
            yield self._merged(range(0, count - 1, 2))
            for k in range(count):
                rest = range(k), range(k + 1, count)
                pairs = [(self.states[i], self.masses[i]) for part in rest for i in part]
                yield from _grids(pairs)
            for k in range(count - 1):
                yield self._merged([k])
        yield replace(self, masses=(Fraction(1, count),) * count)
        yield replace(self, states=tuple(Fraction(2 * k + 1, 2 * count) for k in range(count)))
        for n in DENOMINATORS:
            yield from _grids(zip(self.states, rounded(self.masses, n), strict=True))
        for states in each_rounded(self.states):
            yield from _grids(zip(states, self.masses, strict=True))

    def _merged(self, starts: range | list[int]) -> RationalStates:
        """Each of these states and the next one, in one state at their mean."""
        states, masses, k = [], [], 0
        while k < len(self.states):
            pair = slice(k, k + 1 + (k in starts))
            mass = sum(self.masses[pair], Fraction(0))
            moment = sum(
                (t * f for t, f in zip(self.states[pair], self.masses[pair], strict=True)),
                Fraction(0),
            )
            states.append(moment / mass if mass else self.states[k])
            masses.append(mass)
            k = pair.stop
        return RationalStates(tuple(states), tuple(masses))


@dataclass(frozen=True)
class RationalDistribution:
    """A :class:`StateDistribution` with a name.

    Attributes
    ----------
    name
        ``"uniform"`` on [low, high] or ``"beta"`` on [0, 1]; F(θ) = θ^a is Beta(a, 1).
    parameters
        low and high, or a and b.
    """

    name: str
    parameters: Row

    @property
    def size(self) -> tuple[int, int]:
        """No states; digits."""
        return 0, digits(self.parameters)

    def build(self) -> StateDistribution:
        """The distribution."""
        first, second = map(float, self.parameters)
        if self.name == "uniform":
            return StateDistribution.uniform(first, second)
        return StateDistribution.beta(first, second)

    def to_dict(self) -> dict[str, Any]:
        """Plain Python types, ready for JSON; numbers are strings."""
        named = zip(_PARAMETERS[self.name], map(str, self.parameters), strict=True)
        return {"distribution": self.name, **dict(named)}

    def simpler(self) -> Iterator[RationalDistribution]:
        """The uniform distribution on [0, 1], and rounded parameters."""
        yield RationalDistribution("uniform", (Fraction(0), Fraction(1)))
        for parameters in each_rounded(self.parameters):
            yield replace(self, parameters=parameters)


RationalState: TypeAlias = RationalStates | RationalDistribution


def state_of(field: str, given: StateGrid | StateDistribution) -> RationalState:
    """Read a grid or a distribution; of the distributions, uniform ones and Beta on [0, 1]."""
    if isinstance(given, StateGrid):
        states: Any
        masses: Any
        try:
            states, masses = given.rational_numbers
        except PriorError:
            states, masses = given.states, given.masses
        return RationalStates(rational(states), rational(masses))
    if isinstance(given, _BETA):
        a, b = (simplest(getattr(given, shape)) for shape in ("a", "b"))
        if a == b == 1:
            return RationalDistribution("uniform", (simplest(given.low), simplest(given.high)))
        if (given.low, given.high) == (0.0, 1.0):
            return RationalDistribution("beta", (a, b))
    raise InstanceError(
        field, "must be finitely many states, uniform, or Beta on [0, 1]", value=given
    )


def read_state(field: str, data: Any) -> RationalState:
    """Read what ``to_dict`` wrote."""
    if not isinstance(data, dict):
        raise InstanceError(field, "must have states and masses, or a distribution")
    if "distribution" in data:
        name = data["distribution"]
        if not isinstance(name, str) or name not in _PARAMETERS:
            raise InstanceError(
                f"{field}.distribution", f"must be {' or '.join(_PARAMETERS)}", value=shown(name)
            )
        named = ((f"{field}.{key}", key) for key in _PARAMETERS[name])
        return RationalDistribution(
            name, tuple(number(path, entry(data, key, path)) for path, key in named)
        )
    states, masses = (
        numbers(f"{field}.{key}", entry(data, key, f"{field}.{key}"), 1)
        for key in ("states", "masses")
    )
    if len(masses) != len(states):
        raise InstanceError(
            f"{field}.masses", f"must be as many as states, {len(states)}", value=len(masses)
        )
    return RationalStates(states, masses)


def _grids(pairs: Any) -> Iterator[RationalStates]:
    """Pairs of state and mass as a grid, sorted, states without mass left out; none if no mass."""
    total: dict[Fraction, Fraction] = {}
    for state, mass in pairs:
        if mass:
            total[state] = total.get(state, Fraction(0)) + mass
    if total:
        states = tuple(sorted(total))
        yield RationalStates(states, shares(total[state] for state in states))
