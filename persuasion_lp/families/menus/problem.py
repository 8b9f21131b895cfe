r"""The manager's problem: a task of unknown difficulty, a worker of privately known capability.

Li and Xu, *Information Acquisition Towards Unanimous Consent*, §2. Difficulty θ ~ F on [0, 1]. If a
plan is launched the manager gets θ − w and a worker of capability x gets w − θ/x; otherwise both
get 0. Capabilities x ~ G on [1, x̄] with x̄ w < 1. A worker accepts a proposal iff its expected
difficulty is at most x w; he is *ex-ante optimistic* iff E[θ] ≤ x w.

Several workers (§5.2). Worker i gets w_i − θ/x_i, the manager θ − Σ w_i, and all must accept: the
problem of the *pivotal* worker (see :mod:`~persuasion_lp.families.menus.workers`).
"""

from __future__ import annotations

import copy
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
from persuasion_lp.errors import PaymentError, PriorError, WorkerTypeError
from persuasion_lp.families.menus.capabilities import (
    check_continuous,
    check_in_model,
    check_slack,
    checked_types,
    is_distribution,
)
from persuasion_lp.families.menus.numbers import ManagerNumbers
from persuasion_lp.families.menus.workers import Workers, read_workers
from persuasion_lp.inputs import answers_for_arguments, check_flag
from persuasion_lp.primitives.content import Content
from persuasion_lp.primitives.distributions import StateDistribution
from persuasion_lp.primitives.labels import Names, checked_names
from persuasion_lp.primitives.priors import check_exact_sum
from persuasion_lp.primitives.scipy_functions import ScipyDistribution
from persuasion_lp.primitives.states import StateGrid, as_difficulty
from persuasion_lp.words import Described

__all__ = ["OPTIMISM_TOLERANCE", "ManagerNumbers", "ManagerProblem"]

OPTIMISM_TOLERANCE = 1e-12
"""A type counts as optimistic when x w is below the mean of a *continuous* difficulty by no more
than its rounding. Of finitely many states the mean is known exactly."""


@answers_for_arguments
@dataclass(frozen=True, eq=False, init=False, repr=False)
class ManagerProblem(Content, Described, ReadOnly):
    """A manager offers tests of a task's difficulty to a worker who knows his capability.

    Parameters
    ----------
    difficulty
        θ: a :class:`StateGrid`, a :class:`StateDistribution`, or a frozen continuous
        ``scipy.stats`` distribution on [0, 1].
    payment
        w in (0, 1).
    types
        Capabilities x ≥ 1 with x w < 1, in any order (results keep it); a number for a publicly
        known type, or a frozen continuous ``scipy.stats`` distribution.
    type_probs
        Their probabilities; equal when left out. Not with a distribution.
    unrestricted
        Admit types below 1 (never served: what they accept costs the manager) and types with
        x w ≥ 1 (who accept anything), which the model excludes but the programmes do not need.
    type_labels
        Names of the types, in the same order; not with a distribution.

    Attributes
    ----------
    difficulty, payment
        As given, the difficulty as grid or distribution.
    types, type_probs
        In the caller's order, shape ``(J,)``; ``None`` with a distribution of types.
    type_distribution
        The distribution of types, or ``None``.
    workers
        The workers whose pivotal one this is (:meth:`for_workers`), or ``None``.

    Raises
    ------
    PriorError
        For a difficulty that is none of the above.
    PaymentError
        For a payment outside (0, 1).
    WorkerTypeError
        For an empty list, a type outside the model, or probabilities that are none.

    Examples
    --------
    >>> ManagerProblem(StateGrid([0.2, 0.6]), payment=0.5, types=[1.6, 1.2], type_probs=[0.9, 0.1])
    ManagerProblem(StateGrid(2 states in [0.2, 0.6], mean 0.4), payment 0.5, 2 types in [1.2, 1.6])
    """

    difficulty: StateGrid | StateDistribution
    payment: float
    types: Floats | None
    type_probs: Floats | None
    type_distribution: Any
    unrestricted: bool
    type_labels: Names | None
    workers: Workers | None
    _written_payment: Written
    _written_types: tuple[Written, Written] | None

    def __init__(
        self,
        difficulty: Any,
        payment: Numbers,
        types: Any,
        type_probs: Numbers | None = None,
        *,
        unrestricted: bool = False,
        type_labels: Sequence[str] | None = None,
    ) -> None:
        given_payment = written("payment", payment, PaymentError)
        w = given_payment.floats
        if w.ndim or not 0.0 < float(w) < 1.0:
            raise PaymentError("payment", "must be a number in (0, 1)", value=payment)
        object.__setattr__(self, "difficulty", as_difficulty(difficulty))
        object.__setattr__(self, "payment", float(w))
        check_flag("unrestricted", unrestricted, WorkerTypeError)
        object.__setattr__(self, "unrestricted", bool(unrestricted))
        if is_distribution(types):
            for field, given in (("type_probs", type_probs), ("type_labels", type_labels)):
                if given is not None:
                    raise WorkerTypeError(field, "must be left out with a distribution of types")
            types = ScipyDistribution(types, "types", WorkerTypeError)
            ends = check_continuous(types, None)
            if not self.unrestricted:
                check_in_model(ends, float(w), "must have its support in the model; an end")
            given_types, listed, probs, distribution = None, None, None, types
        else:
            given_types = checked_types(types, type_probs)
            listed, probs, distribution = given_types[0].floats, given_types[1].floats, None
            if not self.unrestricted:
                check_in_model(listed, float(w), "is outside the model:")
            check_slack(given_types[0], float(w))
        types_named = 0 if listed is None else listed.size
        names = checked_names("type_labels", type_labels, types_named, "types", WorkerTypeError)
        object.__setattr__(self, "type_labels", names)
        object.__setattr__(self, "types", listed)
        object.__setattr__(self, "type_probs", probs)
        object.__setattr__(self, "type_distribution", distribution)
        object.__setattr__(self, "workers", None)
        object.__setattr__(self, "_written_payment", given_payment)
        object.__setattr__(self, "_written_types", given_types)

    @classmethod
    def for_workers(
        cls,
        difficulty: Any,
        payments: Numbers,
        types: Sequence[Any],
        type_probs: Sequence[ArrayLike] | None = None,
    ) -> ManagerProblem:
        """Several workers who must all accept, as the problem of their pivotal worker (LX §5.2).

        Parameters
        ----------
        difficulty
            As in :class:`ManagerProblem`.
        payments
            w_i of each worker; their sum must be in (0, 1).
        types
            For each worker his capability if it is public, or his possible capabilities, privately
            known and independent of the others'; or for each a ``scipy.stats`` distribution.
        type_probs
            Their probabilities; equal when left out.

        Returns
        -------
        ManagerProblem
            Payment Σ w_i and types min_i x_i w_i / Σ w_l. ``unrestricted``: normalized
            capabilities may lie below 1 though no capability does.
        """
        workers = read_workers(payments, types, type_probs)
        levels, weights = workers.pivotal()
        pivotal = cls(difficulty, workers.payments.sum(), levels, weights, unrestricted=True)
        if workers.types is not None:
            object.__setattr__(pivotal, "workers", workers)
            if not workers.sums_exactly:
                object.__setattr__(pivotal, "_written_types", None)
        return pivotal

    @cached_property
    def rational_numbers(self) -> ManagerNumbers:
        """The problem's numbers as exact rationals, taken as they were written.

        Raises
        ------
        PriorError
            If the difficulty is continuous, or its masses, so read, do not sum to 1 exactly.
        WorkerTypeError
            If the types are continuous, or their probabilities, so read, do not sum to 1 exactly.
        """
        if not isinstance(self.difficulty, StateGrid):
            raise PriorError("difficulty", "must be finitely many states for an exact answer")
        states, masses = self.difficulty.rational_numbers
        payment, types, probs = self.rational_workers
        return ManagerNumbers(states, masses, payment, types, probs)

    @cached_property
    def rational_workers(self) -> tuple[Fraction, Rationals, Rationals]:
        """Payment, types (increasing) and their probabilities, as in :attr:`rational_numbers`.

        Raises
        ------
        WorkerTypeError
            See :attr:`rational_numbers`.
        """
        if self._written_types is None:
            raise WorkerTypeError(
                "types", "must be finitely many, with probabilities that sum to 1 exactly"
            )
        types, probs = (given.rationals() for given in self._written_types)
        check_exact_sum(probs, "type_probs", WorkerTypeError)
        order = np.argsort(types, kind="stable")
        return self._written_payment.rationals().item(), types[order], probs[order]

    @property
    def written_payment(self) -> Fraction:
        """W as it was written."""
        payment: Fraction = self._written_payment.rationals().item()
        return payment

    @cached_property
    def type_integers(self) -> tuple[tuple[int, ...], int, tuple[int, ...]]:
        """Types as written, over a common denominator, the denominator, and probabilities.

        In the caller's order. The probabilities are over another common denominator, and may sum
        to 1 up to rounding only.
        """
        types, probs = self._written_types or (
            written("types", self._listed_types(), WorkerTypeError),
            written("type_probs", cast(Floats, self.type_probs), WorkerTypeError),
        )
        listed, unit = types.integers()
        return tuple(listed), unit, tuple(probs.integers()[0])

    @property
    def normalized_numbers(self) -> ManagerNumbers:
        """As :attr:`rational_numbers`, masses and probabilities divided by their sum."""
        if not isinstance(self.difficulty, StateGrid):
            raise PriorError("difficulty", "must be finitely many states for an exact answer")
        arrays = []
        for numbers, unit, weights in (self.difficulty.integers, self.type_integers):
            order, total = sorted(range(len(numbers)), key=numbers.__getitem__), sum(weights)
            arrays.append(np.array([Fraction(numbers[k], unit) for k in order]))
            arrays.append(np.array([Fraction(weights[k], total) for k in order]))
        states, masses, types, probs = arrays
        return ManagerNumbers(states, masses, self.written_payment, types, probs)

    @property
    def mean(self) -> float:
        """E[θ]."""
        return self.difficulty.mean

    @property
    def required(self) -> float:
        """max(0, E[θ] − w): what a served type must bring the manager for her to be trusted."""
        return max(0.0, self.mean - self.payment)

    @property
    def exact(self) -> bool:
        """Whether the problem has an exact answer in fractions: if states and types are finite."""
        return self.finite

    @property
    def finite(self) -> bool:
        """Whether states and types are finitely many, so that one programme needs no bracket."""
        return isinstance(self.difficulty, StateGrid) and self.types is not None

    @cached_property
    def order(self) -> Integers:
        """Caller's positions of the types in increasing order of capability, shape ``(J,)``."""
        given = self._written_types
        exactly = given[0].entries if given else None
        types = self._listed_types() if exactly is None else exactly
        return frozen(np.argsort(types, kind="stable"))

    @property
    def optimistic(self) -> NDArray[np.bool_]:
        """Which types are ex-ante optimistic, E[θ] ≤ x w; shape ``(J,)``.

        By the numbers as they were written; up to the rounding of the mean of a continuous
        difficulty.
        """
        if isinstance(self.difficulty, StateGrid):
            states, unit, masses = self.difficulty.integers
            mean = Fraction(sum(t * f for t, f in zip(states, masses, strict=True)), sum(masses))
            return frozen(self._at_least(mean / (self.written_payment * unit)))
        slack = OPTIMISM_TOLERANCE * self.mean
        return frozen(np.asarray(self._listed_types() * self.payment >= self.mean - slack))

    def _at_least(self, least: Fraction) -> NDArray[np.bool_]:
        """Which types are at least ``least`` as written: fractions where floats are too close."""
        types = self._listed_types()
        bound = float(min(least, Fraction(sys.float_info.max)))
        decided = types >= bound
        (close,) = np.nonzero(np.abs(types - bound) <= OPTIMISM_TOLERANCE * bound)
        given = self._written_types
        numbers, unit = (given[0] if given else Written(types, None)).placed(close).integers()
        decided[close] = [number >= least * unit for number in numbers]
        return decided

    @cached_property
    def acceptance_cutoffs(self) -> Floats:
        """The highest expected difficulty x w that each type accepts, shape ``(J,)``.

        Each is the product of the numbers as they were written, rounded once: 1.4 · 0.1 is 0.14.
        """
        types, unit, _ = self.type_integers
        w = self.written_payment
        up, down = w.numerator, w.denominator * unit
        return frozen(np.array([x * up / down for x in types]))

    def share_at_least(self, x: float) -> float:
        """Pr(type ≥ x)."""
        if self.types is None or self.type_probs is None:
            return 1.0 - float(self.type_distribution.cdf(x))
        return math.fsum(self.type_probs[self.types >= x])

    def type_grid(self, ends: Floats, side: Literal["lower", "upper"]) -> ManagerProblem:
        """The problem with a continuous type distribution rounded to the ends of cells.

        Rounded down, every type is at least as capable as in the grid; rounded up, at most. The
        value increases when types do (each step x → x' > x of a chain of tests brings the manager
        (x − 1) w ≥ 0 per unit), so the two bracket it. Finitely many types stay as they are.
        """
        if self.types is not None:
            return self
        g = np.maximum(np.diff(np.asarray(self.type_distribution.cdf(ends))), 0.0)
        g /= math.fsum(g)
        kept = ends[:-1] if side == "lower" else ends[1:]
        return ManagerProblem(
            self.difficulty, self.payment, kept, g, unrestricted=self.unrestricted
        )

    def with_difficulty(self, difficulty: StateGrid) -> ManagerProblem:
        """The same problem on other states."""
        other = copy.copy(self)
        other.__dict__.pop("rational_numbers", None)
        object.__setattr__(other, "difficulty", difficulty)
        return other

    def _listed_types(self) -> Floats:
        if self.types is None:
            raise WorkerTypeError("types", "must be finitely many here")
        return self.types

    def __repr__(self) -> str:
        if self.types is None:
            low, high = self.type_distribution.support()
            types = f"continuous types in [{low:g}, {high:g}]"
        else:
            count = self.types.size
            ends = f"[{self.types.min():g}, {self.types.max():g}]"
            types = f"{count} type{'s' * (count > 1)} in {ends}"
        return f"ManagerProblem({self.difficulty!r}, payment {self.payment:g}, {types})"
