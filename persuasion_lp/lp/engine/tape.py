"""What the solver found on the way to an answer, question by question: kept, and played again.

A *question* is a program to be solved, or a basis to start exact arithmetic from; those of a call
are numbered in sequence. What the solver answers is kept under that number: a point and prices, the
prices that prove a program infeasible, a basis. Everything else that a call computes follows from
them, since no answer of the solver is believed before its certificate is computed from the program;
so a tape can be played in the solver's place. What it says is proved in the same way, and whatever
is missing, does not fit or is not proved is asked of the solver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np

from persuasion_lp.arrays import Floats, Integers, ReadOnly, frozen
from persuasion_lp.lp.options import Method

__all__ = [
    "Basis",
    "Entry",
    "Infeasible",
    "Optimum",
    "Question",
    "Sparse",
    "Tape",
    "asked",
    "taped",
    "untaped",
]

Shape: TypeAlias = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Sparse(ReadOnly):
    """A vector, by its entries other than 0: their places, ascending, and the numbers there."""

    places: Integers
    numbers: Floats

    @classmethod
    def of(cls, vector: Floats) -> Sparse:
        """The entries of a vector."""
        places = np.flatnonzero(vector)
        return cls(frozen(places), frozen(vector[places]))

    def spread(self, size: int) -> Floats:
        """The vector, of this size."""
        vector = np.zeros(size)
        vector[self.places] = self.numbers
        return frozen(vector)


@dataclass(frozen=True, eq=False)
class Optimum(ReadOnly):
    """An optimum of a program: point ``x`` and prices ``y``, and how they were found.

    ``shape`` is that of the program, rows and columns.
    """

    shape: Shape
    x: Sparse
    y: Sparse
    algorithm: Method
    solver: str
    iterations: int


@dataclass(frozen=True, eq=False)
class Infeasible(ReadOnly):
    """Prices ``y`` of the rows that prove that a program has no feasible point."""

    shape: Shape
    y: Sparse


@dataclass(frozen=True, eq=False)
class Basis(ReadOnly):
    """The basic variables, row i's slack being variable n + i, and the columns at their bound."""

    shape: Shape
    basic: Integers
    at_upper: Integers


Entry: TypeAlias = Optimum | Infeasible | Basis
EntryT = TypeVar("EntryT", Optimum, Infeasible, Basis)


class Tape:
    """The questions of one call.

    Parameters
    ----------
    played
        By number of the question, what was answered before.

    Attributes
    ----------
    kept
        What was answered in this call.
    solved
        Questions that were to be played and that the solver was asked.
    """

    def __init__(self, played: Mapping[int, Entry] | None = None) -> None:
        self.played = played
        self.kept: dict[int, Entry] = {}
        self.solved: list[int] = []
        self.count = 0


@dataclass(frozen=True)
class Question:
    """A question of the call that is being answered."""

    tape: Tape | None
    number: int
    shape: Shape

    def played(self, kind: type[EntryT]) -> EntryT | None:
        """What the tape says, if it says something of this kind about a program of this shape."""
        if self.tape is None or self.tape.played is None:
            return None
        entry = self.tape.played.get(self.number)
        return entry if isinstance(entry, kind) and entry.shape == self.shape else None

    def keep(self, entry: Entry) -> None:
        """Keep what was answered."""
        if self.tape is not None:
            self.tape.kept[self.number] = entry

    def keep_optimum(
        self, x: Floats, y: Floats, algorithm: Method, solver: str, iterations: int
    ) -> None:
        """Keep an optimum that is proved."""
        if self.tape is not None:
            x_, y_ = Sparse.of(x), Sparse.of(y)
            self.keep(Optimum(self.shape, x_, y_, algorithm, solver, iterations))

    def left_to_solver(self) -> None:
        """Note that the solver is asked although there is a tape to be played."""
        if self.tape is not None and self.tape.played is not None:
            self.tape.solved.append(self.number)


_TAPE: ContextVar[Tape | None] = ContextVar("tape", default=None)


@contextmanager
def taped(tape: Tape) -> Iterator[Tape]:
    """What is asked inside is a question of this tape."""
    token = _TAPE.set(tape)
    try:
        yield tape
    finally:
        _TAPE.reset(token)


@contextmanager
def untaped() -> Iterator[None]:
    """What is asked inside is part of answering one question, and none of its own."""
    token = _TAPE.set(None)
    try:
        yield
    finally:
        _TAPE.reset(token)


def asked(shape: Shape) -> Question:
    """The next question of the call, about a program of this shape."""
    tape = _TAPE.get()
    if tape is None:
        return Question(None, 0, shape)
    number = tape.count
    tape.count += 1
    return Question(tape, number, shape)
