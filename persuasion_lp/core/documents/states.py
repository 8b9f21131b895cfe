"""A one-dimensional state in a document: finitely many states, or a distribution with a name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from persuasion_lp.arrays import Rationals, Written
from persuasion_lp.core.documents.base import Given, Table, plain
from persuasion_lp.core.documents.numbers import Array, Number
from persuasion_lp.core.documents.refusals import check_stated
from persuasion_lp.core.documents.validation import converted
from persuasion_lp.errors import InstanceError
from persuasion_lp.inputs import near_names, one_of
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.states import StateGrid

__all__ = ["Beta", "Power", "State", "States", "Uniform", "named_distribution", "shares_of"]

_BETA: Any = type(StateDistribution.uniform())
"""Beta distributions on an interval: the continuous ones that a file names."""

WAY_OUT = (
    "must be finitely many states, uniform or Beta for a file "
    "(StateGrid.from_distribution cuts any other one into cells)"
)


class States(Table, kw_only=True):
    """Finitely many states and their masses, equal if left out."""

    states: Array
    masses: Array | None = None
    normalize: bool = False
    labels: list[str] | None = None

    @classmethod
    def of(cls, grid: StateGrid, field: str) -> States:
        """What a file says of a grid: its states in order."""
        order = np.argsort(grid._written_states.rationals(), kind="stable")
        states, masses = grid._written_states.placed(order), grid._written_masses.placed(order)
        return cls(
            states=Array.of(f"{field}.states", states),
            masses=shares_of(f"{field}.masses", masses),
            labels=None if grid.labels is None else list(grid.labels),
        )

    def grid(self) -> StateGrid:
        """The grid."""
        masses = None if self.masses is None else self.masses.numbers
        return StateGrid(self.states.numbers, masses, normalize=self.normalize, labels=self.labels)


class Uniform(Table, tag_field="distribution", tag="uniform", kw_only=True):
    """Uniform on [low, high]."""

    low: Number | None = None
    high: Number | None = None


class Beta(Table, tag_field="distribution", tag="beta", kw_only=True):
    """Beta(a, b) on [low, high]."""

    a: Number
    b: Number
    low: Number | None = None
    high: Number | None = None


class Power(Table, tag_field="distribution", tag="power", kw_only=True):
    """F(θ) = θ^a on [0, 1]."""

    a: Number


NAMED: dict[str, type[Table]] = {"uniform": Uniform, "beta": Beta, "power": Power}


class State(Given):
    """States with their masses, or the name of a distribution with its parameters."""

    tables = (States, Uniform, Beta, Power)

    @classmethod
    def read(cls, data: Any) -> State:
        """A table of one of these kinds."""
        if not isinstance(data, dict):
            raise InstanceError(
                "", "must be a table: states and masses, or a distribution", value=data
            )
        table = named_distribution(data, NAMED) if is_named(data) else converted(data, States)
        return cls(plain(table))

    @classmethod
    def of(cls, given: StateGrid | StateDistribution, field: str) -> State:
        """What a file says of a grid or a distribution."""
        if isinstance(given, StateGrid):
            return cls(plain(States.of(given, field)))
        if not isinstance(given, _BETA):
            raise InstanceError(field, WAY_OUT, value=given)
        a, b, low, high = given.a, given.b, given.c, _upper_end(given.c, given.d)
        ends = {
            "low": None if low == 0 else Number.of(field, low),
            "high": None if high == 1 else Number.of(field, high),
        }
        if a == b == 1:
            return cls(plain(Uniform(**ends)))
        return cls(plain(Beta(a=Number.of(field, a), b=Number.of(field, b), **ends)))

    def state(self) -> StateGrid | StateDistribution:
        """The grid or the distribution."""
        if not is_named(self.value):
            return converted(self.value, States).grid()
        match named_distribution(self.value, NAMED):
            case Uniform(low=low, high=high):
                return StateDistribution.uniform(*ends_of(low, high))
            case Beta(a=a, b=b, low=low, high=high):
                return StateDistribution.beta(a.number, b.number, *ends_of(low, high))
            case Power(a=a):
                return StateDistribution.power(a.number)
            case other:
                raise InstanceError("distribution", "is unknown", value=type(other).__name__)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """One of the kinds."""
        kinds = ("States", "Uniform", "Beta", "Power")
        return {"anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds]}


def _upper_end(low: float, width: float) -> float:
    """The end of an interval from which its width was computed, as a difference of floats."""
    end = low + width
    near = (end, math.nextafter(end, 2.0), math.nextafter(end, 0.0))
    return next((high for high in near if high - low == width), end)


def is_named(data: dict[str, Any]) -> bool:
    """Whether a table is meant to name a distribution."""
    if "distribution" in data or "states" in data:
        return "distribution" in data
    return any(near_names(["distribution"], key) for key in data)


def named_distribution(data: dict[str, Any], kinds: dict[str, type[Table]]) -> Any:
    """The table of a distribution with its name."""
    check_stated(data, "distribution", f"one of {', '.join(kinds)}")
    name = data["distribution"]
    if not isinstance(name, str) or name not in kinds:
        raise InstanceError("distribution", one_of(kinds, name), value=name)
    return converted(data, kinds[name])


def ends_of(low: Number | None, high: Number | None) -> tuple[Any, Any]:
    """Ends of an interval, those of [0, 1] if left out."""
    ends = Number(0) if low is None else low, Number(1) if high is None else high
    for name, end in zip(("low", "high"), ends, strict=True):
        if not 0 <= end.exactly <= 1:
            raise InstanceError(name, "must lie in [0, 1]", value=end.value)
    if not ends[0].exactly < ends[1].exactly:
        raise InstanceError("high", f"must be above low, {ends[0].value}", value=ends[1].value)
    return ends[0].number, ends[1].number


def shares_of(field: str, given: Written) -> Array | None:
    """Probabilities, left out where they are all equal exactly."""
    exactly: Rationals = given.rationals()
    if all(share * exactly.size == 1 for share in exactly.tolist()):
        return None
    return Array.of(field, given)
