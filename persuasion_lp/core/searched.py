"""One driver for procedures with an order: given, or the best of all; in floats or in rationals.

A family says how the programme of an order is laid out, how that of a *beginning* is (it bounds
every order that begins so), who is interchangeable with whom, and how a solution is read.
:class:`Orders` proves a best order in rationals, :class:`OrderDriver` finds it in floats as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, Protocol, TypeVar

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult, exact_result
from persuasion_lp.core.exact_orders import Pair, likely_order, prove_best_order
from persuasion_lp.core.orders import Fixed, best_order
from persuasion_lp.errors import LimitError
from persuasion_lp.limits.deadline import unlimited
from persuasion_lp.lp.highs import LPSolution, readable
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram

__all__ = ["Candidate", "Chosen", "OrderDriver", "Orders", "Programme", "Twins"]

Chosen = Literal["nothing", "first", "order"]
"""What of an order is fixed ex ante: nothing, the first receiver, or all of it."""

Beginning = tuple[int, ...]

Twins = Sequence[AbstractSet[int]]
"""For each receiver the earlier ones with whom he is interchangeable."""


class Programme(Protocol):
    """A programme: laid out in floats, and the same in rationals."""

    @property
    def lp(self) -> LinearProgram:
        """The linear program."""

    def rational(self) -> RationalProgram:
        """The same in rationals."""


def _in_rationals(programme: Programme) -> RationalProgram:
    return programme.rational()


BuiltT = TypeVar("BuiltT", bound=Programme)
ResultT = TypeVar("ResultT")


@dataclass(frozen=True, eq=False)
class Candidate(Generic[BuiltT]):
    """A solved programme, with the order it stands for and the bound on its alternatives.

    ``searched`` tells whether the order was searched for.
    """

    programme: BuiltT
    solution: LPSolution
    order: Fixed
    upper: float
    searched: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Orders(Generic[BuiltT]):
    """The programmes of a problem under one procedure, order by order.

    Attributes
    ----------
    problem, procedure
        What is solved; the problem has a number ``n`` of receivers.
    chosen
        What of an order the procedure fixes ex ante.
    build
        From an order, or the first receiver (``None`` if the procedure fixes neither) to the
        programme of the procedure.
    relax
        From a beginning to a programme whose value is at least that of every order that begins so,
        and is that of the order once nothing is open.
    exact_symmetry
        Who is interchangeable, by the numbers in rationals.
    in_rationals
        From a programme to the same in rationals.
    """

    problem: Any
    procedure: Procedure
    chosen: Chosen
    build: Callable[[Fixed], BuiltT]
    relax: Callable[[Beginning], BuiltT]
    exact_symmetry: Callable[[], Twins]
    in_rationals: Callable[[BuiltT], RationalProgram] = _in_rationals

    @property
    def first_only(self) -> bool:
        """Whether only the first receiver is chosen."""
        return self.chosen == "first"

    def searches(self, fixed: Fixed) -> bool:
        """Whether an order is to be searched for."""
        return fixed is None and self.chosen != "nothing"

    def programme(self, beginning: Beginning) -> BuiltT:
        """The programme of a beginning that leaves nothing open, the bound of another one."""
        whole = len(beginning) == (1 if self.first_only else self.problem.n)
        return self.build(beginning) if whole else self.relax(beginning)

    def exact(self, fixed: Fixed, search: Callable[[], Fixed]) -> ExactResult:
        """The optimum in rationals.

        Parameters
        ----------
        fixed
            The order, ``None`` for the best one where there is one.
        search
            Finds an order in floats that is tried first.

        Raises
        ------
        PriorError
            If the prior, taken as it was written, does not sum to 1 exactly.
        ExactSizeError, ExactnessError
            See :func:`~persuasion_lp.core.exact_orders.prove_best_order`.
        """
        searched = self.searches(fixed)
        if searched:
            fixed = likely_order(search, 1 if self.first_only else self.problem.n)
        return self.prove(fixed, self.build(fixed), searched=searched)

    def prove(self, order: Fixed, programme: BuiltT, *, searched: bool) -> ExactResult:
        """Solve the programme of an order in rationals, and prove the order best if searched for.

        Parameters
        ----------
        order
            The order, or first receiver; if ``searched``, the one that is tried first.
        programme
            Its programme.
        searched
            Whether the order is to be proved the best of all.
        """
        if not searched or order is None:
            return exact_result(
                self.problem, self.procedure, order, self.in_rationals(programme), programme.lp
            )

        def pair(beginning: Beginning) -> Pair:
            built = programme if beginning == order else self.programme(beginning)
            return self.in_rationals(built), built.lp

        return prove_best_order(
            self.problem,
            self.procedure,
            self.exact_symmetry(),
            order,
            pair,
            first_only=self.first_only,
        )


@dataclass(frozen=True, eq=False, kw_only=True)
class OrderDriver(Generic[BuiltT, ResultT]):
    """Solves a problem for a given order or the best one.

    Attributes
    ----------
    orders
        The programmes.
    solve
        Builds a programme and solves it, for an order or a beginning, and whether it is complete.
        A :class:`LimitError` holds a bracket on what it was solving.
    decode
        Reads the best candidate.
    pays
        What the experiment read from a candidate pays for certain.
    symmetry
        Who is interchangeable, by the numbers in floats.
    scale
        Of the payoffs, for ties.
    """

    orders: Orders[BuiltT]
    solve: Callable[[Callable[[], BuiltT], Fixed, bool], Candidate[BuiltT]]
    decode: Callable[[Candidate[BuiltT]], ResultT]
    pays: Callable[[Candidate[BuiltT]], float]
    symmetry: Callable[[], Twins]
    scale: float

    def result(self, fixed: Fixed) -> ResultT:
        """The optimum in floats; over all orders if none is fixed and the procedure has one.

        Raises
        ------
        LimitError
            If a limit was reached, with a bracket on the optimum over all orders in question.
        """
        searches = self.orders.searches(fixed)
        return self.decode(self._best() if searches else self._solved(fixed))

    def exact(self, fixed: Fixed) -> ExactResult:
        """The optimum in rationals; only an order that is searched for is solved in floats too."""
        return self.orders.exact(fixed, lambda: self._best().order)

    def _solved(self, order: Fixed) -> Candidate[BuiltT]:
        return self.solve(lambda: self.orders.build(order), order, True)

    def _best(self) -> Candidate[BuiltT]:
        """The best order, or receiver to begin with; beginnings bound what they begin."""
        whole: list[Candidate[BuiltT]] = []

        def solved(order: Beginning, complete: bool) -> Candidate[BuiltT]:
            if complete:
                whole.append(self._solved(order))
                return whole[-1]
            return self.solve(lambda: self.orders.relax(order), order, False)

        try:
            best, upper = best_order(
                self.symmetry(), self.scale, solved, first_only=self.orders.first_only
            )
        except LimitError as limit:
            lower = limit.best_value
            if whole and readable(whole[-1].programme.lp, limit.limit):
                with unlimited():
                    lower = max(lower, self.pays(max(whole, key=lambda one: one.solution.value)))
            raise LimitError(limit.limit, best_bound=limit.best_bound, best_value=lower) from limit
        return replace(best, upper=upper, searched=True)
