"""Managers' problems in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.core.forms.base import RationalInstance
from persuasion_lp.core.forms.numbers import (
    DENOMINATORS,
    Row,
    digits,
    each_rounded,
    entry,
    near,
    number,
    numbers,
    rational,
    rounded,
    shares,
    shown,
    texts,
)
from persuasion_lp.core.forms.states import RationalState, read_state, state_of
from persuasion_lp.errors import InstanceError, PriorError, WorkerTypeError
from persuasion_lp.families.menus.problem import ManagerProblem

__all__ = ["RationalManager"]


@dataclass(frozen=True)
class RationalManager(RationalInstance, kind=ManagerProblem):
    """A :class:`ManagerProblem` in rationals; several workers as their pivotal one.

    Attributes
    ----------
    difficulty
        States and masses, or a named distribution.
    payment
        w.
    types, type_probs
        In the caller's order.
    unrestricted
        As in :class:`ManagerProblem`.
    """

    difficulty: RationalState
    payment: Fraction
    types: Row
    type_probs: Row
    unrestricted: bool = False

    @classmethod
    def read(cls, problem: ManagerProblem) -> RationalManager:
        """Read a plan; continuous types, and difficulties without a name, are refused."""
        if problem.types is None:
            raise InstanceError("types", "must be finitely many")
        payment: Any = problem.payment
        types: Any = problem.types
        probs: Any = problem.type_probs
        try:
            exactly = problem.rational_numbers
        except (PriorError, WorkerTypeError):
            pass
        else:
            place = np.argsort(problem.order)
            payment = exactly.payment
            types, probs = exactly.types[place], exactly.type_probs[place]
        return cls(
            state_of("difficulty", problem.difficulty),
            rational(payment),
            rational(types),
            rational(probs),
            problem.unrestricted,
        )

    def build(self) -> ManagerProblem:
        """The plan."""
        return ManagerProblem(
            self.difficulty.build(),
            self.payment,
            self.types,
            self.type_probs,
            unrestricted=self.unrestricted,
        )

    @property
    def size(self) -> tuple[int, ...]:
        """Types, states (none for a distribution), digits."""
        states, own = self.difficulty.size
        numbers = digits(self.payment, self.types, self.type_probs)
        return len(self.types), states, own + numbers + self.unrestricted

    def entries(self) -> dict[str, Any]:
        """Difficulty, payment, types, their probabilities."""
        return {
            "difficulty": self.difficulty.to_dict(),
            "payment": str(self.payment),
            "types": texts(self.types),
            "type_probs": texts(self.type_probs),
            "unrestricted": self.unrestricted,
        }

    @classmethod
    def from_entries(cls, data: Mapping[str, Any]) -> RationalManager:
        """Read a plan from its entries."""
        types, probs = (numbers(key, entry(data, key), 1) for key in ("types", "type_probs"))
        if len(probs) != len(types):
            raise InstanceError(
                "type_probs", f"must be as many as types, {len(types)}", value=len(probs)
            )
        unrestricted = entry(data, "unrestricted")
        if not isinstance(unrestricted, bool):
            raise InstanceError("unrestricted", "must be true or false", value=shown(unrestricted))
        return cls(
            difficulty=read_state("difficulty", entry(data, "difficulty")),
            payment=number("payment", entry(data, "payment")),
            types=types,
            type_probs=probs,
            unrestricted=unrestricted,
        )

    def simpler(self) -> Iterator[RationalManager]:
        """Fewer types, a simpler difficulty, equal probabilities; then rounded numbers."""
        count = len(self.types)
        for j in range(count):
            yield from self._of_types(
                (*self.types[:j], *self.types[j + 1 :]),
                (*self.type_probs[:j], *self.type_probs[j + 1 :]),
            )
        for j in range(count):
            for other in range(count):
                if other != j:
                    yield from self._of_types(
                        (*self.types[:j], self.types[other], *self.types[j + 1 :]),
                        self.type_probs,
                    )
        for difficulty in self.difficulty.simpler():
            yield replace(self, difficulty=difficulty)
        yield replace(self, type_probs=(Fraction(1, count),) * count)
        for n in DENOMINATORS:
            yield from self._of_types(self.types, rounded(self.type_probs, n))
        for n in DENOMINATORS:
            yield replace(self, payment=near(self.payment, n))
        for types in each_rounded(self.types):
            yield replace(self, types=types)
        yield replace(self, unrestricted=False)

    def _of_types(self, types: Row, weights: Row) -> Iterator[RationalManager]:
        """These types with their weights: equal ones in one, those of no weight left out."""
        total: dict[Fraction, Fraction] = {}
        for x, weight in zip(types, weights, strict=True):
            if weight:
                total[x] = total.get(x, Fraction(0)) + weight
        if total:
            yield replace(self, types=tuple(total), type_probs=shares(total.values()))
