"""What a benchmark is: a spec has sizes and contenders, a contender has three phases.

A contender does the whole work, from the plain numbers of an instance to an answer in the same
terms, in three phases that are timed one by one:

=======  ============================================================
build    instance → model (``prepare`` before it is not timed)
solve    model → solved
decode   solved → :class:`Outcome`
=======  ============================================================

An outcome carries what it takes to catch a contender that did not do its work: the value that it
claims, the size of its model, and a function that recomputes the value from the answer alone. Where
sizes are those of a grid, contenders approximate one value that is known in closed form, the spec's
``truth``: each has its own value there, and an outcome with a bracket must hold the truth in it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "MODULES",
    "PHASES",
    "Ask",
    "Contender",
    "Outcome",
    "Spec",
    "WorkNotDoneError",
    "load",
]

MODULES = (
    "benchmarks.games",
    "benchmarks.scale",
    "benchmarks.votes",
    "benchmarks.engine",
    "benchmarks.tiny",
    "benchmarks.repeated",
    "benchmarks.beliefs",
    "benchmarks.menus",
    "benchmarks.grids",
    "benchmarks.peers",
)
"""Modules with a tuple ``SPECS``."""

PHASES = ("build", "solve", "decode")


class WorkNotDoneError(Exception):
    """A contender answered something else than what its spec asks for, or nothing."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a contender ends with.

    Attributes
    ----------
    value
        The optimal value that it claims.
    recompute
        Value recomputed from the decoded answer alone; called outside the timed phases. Raises
        :class:`WorkNotDoneError` if the answer is not feasible.
    columns, nonzeros
        Size of the model solved; ``None`` where it cannot be known from outside.
    details
        Seconds that the contender measured itself, by name: parts of the phases, never named like
        one.
    lower, upper
        Bracket on the truth, from a contender that claims one.
    """

    value: float
    recompute: Callable[[], float]
    columns: int | None = None
    nonzeros: int | None = None
    details: Mapping[str, float] = field(default_factory=dict)
    lower: float | None = None
    upper: float | None = None


def _as_it_is(instance: Any) -> Any:
    return instance


@dataclass(frozen=True, eq=False)
class Contender:
    """One way to do the work of a spec.

    Attributes
    ----------
    name
        Name in tables.
    build, solve, decode
        The phases; each takes what the one before returned.
    prepare
        What the contender may have ready before the clock starts.
    largest
        Largest size at which it is run; ``None`` for all.
    columns
        Columns that its model must have at a size.
    """

    name: str
    build: Callable[[Any], Any]
    solve: Callable[[Any], Any]
    decode: Callable[[Any], Outcome]
    prepare: Callable[[Any], Any] = _as_it_is
    largest: int | None = None
    columns: Callable[[int], int] | None = None


@dataclass(frozen=True, eq=False)
class Ask:
    """A number wanted of one contender, computed from the times of each single run.

    Attributes
    ----------
    name
        What is measured.
    contender
        Whose times.
    measure
        From seconds by name (the phases, ``"total"`` and the contender's details) to the number.
    unit
        Written after it: ``"%"`` or ``"ms"``.
    at_most
        Wanted upper limit on the median; ``None`` to report it only.
    nonzeros
        It is asked of models with at least so many.
    """

    name: str
    contender: str
    measure: Callable[[Mapping[str, float]], float]
    unit: str
    at_most: float | None = None
    nonzeros: int = 0


@dataclass(frozen=True, eq=False)
class Spec:
    """One piece of work, at several sizes, done by several contenders.

    Attributes
    ----------
    name
        ``"family/what"``; ``--only`` selects by it.
    measured_in
        What a size counts.
    sizes
        From small to large; the test suite runs the first.
    instance
        The instance of a size, in plain numbers that favour no contender.
    contenders
        Those compared; the first is the baseline of ratios and values, and runs at every size.
    exponential
        Whether work multiplies with each further unit of size (growth is then reported as the
        binary logarithm of the factor) or follows a power of it.
    asks
        Further numbers wanted.
    truth
        The value in closed form that contenders approximate, better with size; ``None`` where all
        have the same value.
    """

    name: str
    measured_in: str
    sizes: tuple[int, ...]
    instance: Callable[[int], Any]
    contenders: tuple[Contender, ...]
    exponential: bool = False
    asks: tuple[Ask, ...] = ()
    truth: float | None = None

    @property
    def baseline(self) -> Contender:
        """The contender that the others are compared with."""
        return self.contenders[0]

    def running(self, size: int) -> tuple[Contender, ...]:
        """Contenders that run at a size."""
        return tuple(c for c in self.contenders if c.largest is None or size <= c.largest)


def load(only: str = "") -> tuple[Spec, ...]:
    """Every spec whose name contains ``only``, in the order of :data:`MODULES`."""
    found: list[Spec] = []
    for module in MODULES:
        found += importlib.import_module(module).SPECS
    names = [spec.name for spec in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two specs have one name: {sorted(names)}")
    return tuple(spec for spec in found if only in spec.name)
