r"""Grids of beliefs: integers over a common denominator, plus the points at which ties are decided.

A grid is a finite set of posteriors from which a sender may choose, so a value on a grid is a bound
from below. It is exact where it contains what decides ties: cutoffs, kinks and the prior.

==================  ==============================================  ======================
:class:`IntervalGrid`   k/D, k = 0 … D                                  D + 1 beliefs
:class:`SimplexGrid`    (k_1, …, k_K)/D with Σ k_j = D, k_j ≥ 0          C(D+K−1, K−1) beliefs
==================  ==============================================  ======================

Points without a small common denominator are added as they are. Lattices of denominators D and mD
are nested, and so are the values on them; lattices of unrelated denominators are not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen_floats, real_numbers
from persuasion_lp.beliefs.denominators import LARGEST_DENOMINATOR, common_denominator, snapped
from persuasion_lp.errors import GridError, OptionError, SizeError
from persuasion_lp.inputs import is_a, is_number, is_whole

__all__ = [
    "GRID_MEMORY_LIMIT",
    "LARGEST_DENOMINATOR",
    "SAME_BELIEF",
    "IntervalGrid",
    "SimplexGrid",
    "check_grid_memory",
    "common_denominator",
    "snapped",
    "steps_of",
]

GRID_MEMORY_LIMIT = 4 * 2**30
"""Bytes a grid and the functions on it may take unless another limit is given."""

SAME_BELIEF = 1e-12
"""Lattice beliefs this close to a required point are replaced by it: they differ by rounding. On an
interval relative to the distance from 0 and 1, which are never replaced."""

WORKING_ARRAYS = 8
"""Arrays of a grid's length, next to the beliefs themselves, that computing on it takes."""

MOST_BOTH = 64
"""With more states and more steps than this, a lattice fits into no memory."""


def check_memory_limit(memory_limit: Any) -> None:
    """Raise :class:`OptionError` unless a limit is a positive number."""
    if not (is_number(memory_limit) and memory_limit > 0):
        raise OptionError("memory_limit", "must be a number of bytes", value=memory_limit)


def check_grid_memory(beliefs: int, states: int, memory_limit: int) -> None:
    """Raise :class:`SizeError` if a grid would need more memory than allowed.

    A limit that is no number of bytes is an :class:`OptionError`: NaN would allow everything.

    Parameters
    ----------
    beliefs, states
        Size of the grid.
    memory_limit
        Bytes allowed.
    """
    check_memory_limit(memory_limit)
    needed = 8 * beliefs * (states + WORKING_ARRAYS)
    if needed > float(memory_limit):
        raise SizeError("grid", needed=needed, limit=memory_limit, beliefs=beliefs, states=states)


@dataclass(frozen=True, eq=False)
class IntervalGrid(ReadOnly):
    """Beliefs k/denominator in [0, 1], and the points added to them.

    Parameters
    ----------
    denominator
        Number of steps D of the lattice.
    extra
        Points of [0, 1] to add; those on the lattice change nothing.
    memory_limit
        Bytes the grid may take.

    Attributes
    ----------
    size
        Number of beliefs, known without making them.
    nodes
        The beliefs, increasing, shape ``(size,)``.

    Raises
    ------
    GridError
        For a denominator below 1, or a point outside [0, 1].
    SizeError
        For a grid above the memory limit; it says how many beliefs the grid has.

    Examples
    --------
    >>> IntervalGrid.containing([0.8, 2 / 3], resolution=10).nodes[[0, 10, 12]]
    array([0.        , 0.66666667, 0.8       ])
    """

    denominator: int
    extra: Floats = field(default_factory=lambda: np.empty(0))
    memory_limit: int = GRID_MEMORY_LIMIT

    def __post_init__(self) -> None:
        _check_denominator(self.denominator)
        object.__setattr__(self, "denominator", int(self.denominator))
        check_grid_memory(self.denominator + 1, 1, self.memory_limit)
        extra = np.atleast_1d(frozen_floats("extra", self.extra, GridError)).ravel()
        outside = np.flatnonzero((extra < 0) | (extra > 1))
        if outside.size:
            index = int(outside[0])
            raise GridError("extra", "must lie in [0, 1]", index=index, value=float(extra[index]))
        lattice = np.rint(extra * self.denominator) / self.denominator
        off = np.unique(extra[extra != lattice])
        off.setflags(write=False)
        object.__setattr__(self, "extra", off)
        check_grid_memory(self.denominator + 1 + off.size, 1, self.memory_limit)

    @classmethod
    def containing(
        cls, points: ArrayLike, resolution: int, memory_limit: int = GRID_MEMORY_LIMIT
    ) -> IntervalGrid:
        """Grid of at least ``resolution`` steps that contains the points."""
        wanted = frozen_floats("points", points, GridError).ravel()
        _check_denominator(resolution, "resolution")
        check_grid_memory(int(resolution), 1, memory_limit)
        return cls(common_denominator(wanted.tolist(), int(resolution)), wanted, memory_limit)

    @property
    def size(self) -> int:
        """Number of beliefs."""
        return self.denominator + 1 + self.extra.size - self._replaced.size

    @cached_property
    def _replaced(self) -> Integers:
        """Lattice numerators that differ from an added point by rounding only."""
        nearest = np.rint(self.extra * self.denominator)
        apart = np.abs(nearest / self.denominator - self.extra)
        close = apart <= SAME_BELIEF * np.minimum(self.extra, 1.0 - self.extra)
        return np.unique(nearest[close].astype(np.int64))

    @cached_property
    def nodes(self) -> Floats:
        """The beliefs, increasing, shape ``(size,)``."""
        lattice = np.delete(np.arange(self.denominator + 1), self._replaced) / self.denominator
        nodes = np.sort(np.concatenate([lattice, self.extra]))
        nodes.setflags(write=False)
        return nodes

    def index(self, beliefs: ArrayLike) -> Integers:
        """Positions of beliefs on the grid.

        Raises
        ------
        GridError
            For a belief that is not on the grid.
        """
        wanted = real_numbers(beliefs, field="beliefs", error=GridError)
        right = np.clip(np.searchsorted(self.nodes, wanted), 1, self.size - 1)
        left_is_nearer = wanted - self.nodes[right - 1] <= self.nodes[right] - wanted
        found = right - left_is_nearer
        missed = np.abs(self.nodes[found] - wanted) > SAME_BELIEF
        if missed.any():
            place = tuple(int(k) for k in np.argwhere(missed)[0])
            raise GridError(
                "beliefs", "must be on the grid", index=place or None, value=float(wanted[place])
            )
        return np.asarray(found, dtype=np.int64)

    def refine(self, factor: int = 2) -> IntervalGrid:
        """Grid with ``factor`` times as many steps; contains this one."""
        return IntervalGrid(self.denominator * factor, self.extra, self.memory_limit)

    def __repr__(self) -> str:
        return f"IntervalGrid({self.size} beliefs, denominator {self.denominator})"


@dataclass(frozen=True, eq=False)
class SimplexGrid(ReadOnly):
    """Beliefs over K states with integer numerators over one denominator, and points added to them.

    The lattice comes first, in lexicographic order of the numerators, then the added points.

    Parameters
    ----------
    states
        Number K of states, at least 2.
    denominator
        D; numerators sum to it.
    extra
        Beliefs to add, shape ``(E, K)``; those on the lattice change nothing.
    memory_limit
        Bytes the grid may take.

    Raises
    ------
    GridError
        For fewer than 2 states, a denominator below 1, or an added point off the simplex.
    SizeError
        For a grid above the memory limit; it says how many beliefs the grid has.

    Examples
    --------
    >>> grid = SimplexGrid(3, 4)
    >>> grid.size, grid.numerators[[0, 1, 14]].tolist()
    (15, [[0, 0, 4], [0, 1, 3], [4, 0, 0]])
    >>> grid.index([[0.25, 0.25, 0.5]])
    array([6])
    """

    states: int
    denominator: int
    extra: Floats = field(default_factory=lambda: np.empty((0, 0)))
    memory_limit: int = GRID_MEMORY_LIMIT

    def __post_init__(self) -> None:
        if not is_whole(self.states) or self.states < 2:
            raise GridError("states", "must be at least 2, a whole number", value=self.states)
        _check_denominator(self.denominator)
        for name in ("states", "denominator"):
            object.__setattr__(self, name, int(getattr(self, name)))
        check_memory_limit(self.memory_limit)
        if min(self.states - 1, self.denominator) > MOST_BOTH:
            least = 8 * math.comb(2 * MOST_BOTH, MOST_BOTH)
            sizes = {"states": self.states, "denominator": self.denominator}
            raise SizeError("grid", needed=least, limit=self.memory_limit, **sizes)
        check_grid_memory(self.lattice_size, self.states, self.memory_limit)
        extra = frozen_floats("extra", self.extra, GridError)
        if extra.size and (not extra.ndim or extra.shape[-1] != self.states):
            rule = f"must have shape (E, {self.states})"
            raise GridError("extra", rule, value=extra.shape)
        extra = extra.reshape(-1, self.states) if extra.size else np.empty((0, self.states))
        off_simplex = (extra < 0).any(axis=1) | (np.abs(extra.sum(axis=1) - 1) > SAME_BELIEF)
        if off_simplex.any():
            index = int(np.argmax(off_simplex))
            raise GridError(
                "extra", "must be a point of the simplex", index=index, value=extra[index].tolist()
            )
        nearest = np.rint(extra * self.denominator) / self.denominator
        off = (np.abs(nearest - extra) > SAME_BELIEF).any(axis=1)
        _, first = np.unique(np.round(extra[off] / SAME_BELIEF), axis=0, return_index=True)
        kept = extra[off][np.sort(first)]
        kept.setflags(write=False)
        object.__setattr__(self, "extra", kept)
        check_grid_memory(self.size, self.states, self.memory_limit)

    @classmethod
    def containing(
        cls, points: ArrayLike, resolution: int, memory_limit: int = GRID_MEMORY_LIMIT
    ) -> SimplexGrid:
        """Grid of denominator at least ``resolution`` that contains the points.

        Parameters
        ----------
        points
            Beliefs, shape ``(E, K)``.
        resolution
            Least denominator. The denominator is raised to the common one of the points when that
            is at most twice as large; other points are added one by one.
        memory_limit
            Bytes the grid may take.
        """
        wanted = np.atleast_2d(frozen_floats("points", points, GridError))
        if wanted.ndim != 2 or wanted.shape[1] < 2:
            rule = "must be points of a simplex, shape (E, K) with K ≥ 2"
            raise GridError("points", rule, value=wanted.shape)
        _check_denominator(resolution, "resolution")
        check_grid_memory(int(resolution), 1, memory_limit)
        resolution = int(resolution)
        denominator = common_denominator(wanted.ravel().tolist(), resolution)
        if denominator > 2 * resolution:
            denominator = resolution
        return cls(wanted.shape[1], denominator, wanted, memory_limit)

    @property
    def lattice_size(self) -> int:
        """Number C(D+K−1, K−1) of lattice beliefs."""
        return math.comb(self.denominator + self.states - 1, self.states - 1)

    @property
    def size(self) -> int:
        """Number of beliefs."""
        return self.lattice_size + len(self.extra)

    @cached_property
    def numerators(self) -> Integers:
        """Numerators of the lattice beliefs in lexicographic order, shape ``(lattice_size, K)``."""
        rest = np.full(self.lattice_size, self.denominator, dtype=np.int64)
        rank = np.arange(self.lattice_size, dtype=np.int64)
        numerators = np.empty((self.lattice_size, self.states), dtype=np.int64)
        for j in range(self.states - 1):
            at_most = self._choices(self.states - 1 - j)
            left = np.searchsorted(at_most, at_most[rest] - rank)
            numerators[:, j] = rest - left
            rank -= at_most[rest] - at_most[left]
            rest = left
        numerators[:, -1] = rest
        numerators.setflags(write=False)
        return numerators

    @cached_property
    def nodes(self) -> Floats:
        """The beliefs, lattice first, shape ``(size, K)``."""
        nodes = np.concatenate([self.numerators / self.denominator, self.extra])
        nodes.setflags(write=False)
        return nodes

    def rank(self, numerators: ArrayLike) -> Integers:
        """Positions of lattice beliefs given by their numerators, shape ``(…, K)``."""
        k = np.asarray(numerators, dtype=np.int64)
        position = np.zeros(k.shape[:-1], dtype=np.int64)
        rest = np.full(k.shape[:-1], self.denominator, dtype=np.int64)
        for j in range(self.states - 1):
            at_most = self._choices(self.states - 1 - j)
            position += at_most[rest] - at_most[rest - k[..., j]]
            rest = rest - k[..., j]
        return position

    def index(self, beliefs: ArrayLike) -> Integers:
        """Positions of beliefs, shape ``(…, K)``, on the grid.

        Raises
        ------
        GridError
            For a belief that is not on the grid.
        """
        wanted = real_numbers(beliefs, field="beliefs", error=GridError)
        if not wanted.ndim or wanted.shape[-1] != self.states:
            rule = f"must have shape (…, {self.states})"
            raise GridError("beliefs", rule, value=wanted.shape)
        flat = wanted.reshape(-1, self.states)
        nearest = np.rint(flat * self.denominator).astype(np.int64)
        on_lattice = (np.abs(nearest / self.denominator - flat) <= SAME_BELIEF).all(axis=1)
        found = np.full(len(flat), -1, dtype=np.int64)
        found[on_lattice] = self.rank(nearest[on_lattice])
        for row in np.flatnonzero(~on_lattice):
            same = (np.abs(self.extra - flat[row]) <= SAME_BELIEF).all(axis=1)
            if not same.any():
                place = tuple(int(k) for k in np.unravel_index(row, wanted.shape[:-1]))
                raise GridError(
                    "beliefs", "must be on the grid", index=place, value=flat[row].tolist()
                )
            found[row] = self.lattice_size + int(np.argmax(same))
        return found.reshape(wanted.shape[:-1])

    def refine(self, factor: int = 2) -> SimplexGrid:
        """Grid with ``factor`` times the denominator; contains this one."""
        return SimplexGrid(self.states, self.denominator * factor, self.extra, self.memory_limit)

    def _choices(self, parts: int) -> Integers:
        """Number of ways in which ``parts`` non-negative integers sum to at most s, by s."""
        return np.array(
            [math.comb(s + parts, parts) for s in range(self.denominator + 1)], dtype=np.int64
        )

    def __repr__(self) -> str:
        return f"SimplexGrid({self.size} beliefs over {self.states} states, 1/{self.denominator})"


def _check_denominator(denominator: int, field: str = "denominator") -> None:
    if not is_whole(denominator):
        raise OptionError("grid", "must be a whole number of steps", value=denominator)
    if denominator < 1:
        raise GridError(field, "must be at least 1", value=denominator)


def steps_of(grid: Any) -> int:
    """A number of steps, as it is given for a grid."""
    if not is_a(grid, (int, np.integer)) or not is_whole(grid) or grid < 1:
        raise GridError("grid", "must be a number of steps ≥ 1 or a grid", value=grid)
    return int(grid)
