r"""Brackets of menus and single tests: a menu that pays, and a bound on all others.

Finitely many states and types: both ends hold for the numbers as written, in exact arithmetic. The
lower end is what the repaired menu pays (:mod:`~persuasion_lp.families.menus.proof.payment`), the
upper end the prices of the closed form (:mod:`~persuasion_lp.families.menus.proof.bounds`),
whatever programme found the menu. Where they are further apart than promised, the problem is solved
in rationals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

from persuasion_lp.arrays import ReadOnly
from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.errors import CertificateError, ExactnessError, ExactSizeError, SolveError
from persuasion_lp.families.menus.optimum import Optimum
from persuasion_lp.families.menus.problem import ManagerProblem
from persuasion_lp.families.menus.programmes.data import MenuData
from persuasion_lp.families.menus.programmes.written import (
    WrittenFrontier,
    WrittenTypes,
    menu_data,
    written_frontier,
    written_types,
)
from persuasion_lp.families.menus.proof.bounds import menu_bound, single_bound
from persuasion_lp.families.menus.proof.exact import prove_menu
from persuasion_lp.families.menus.proof.exact_single import prove_single_test
from persuasion_lp.families.menus.proof.payment import Menu, Offer, paid, repaired
from persuasion_lp.lp.certificate import GAP_TOLERANCE

__all__ = ["MenuBracket", "MenuProcedure", "Numbers", "exact_bracket", "float_bracket"]

MenuProcedure: TypeAlias = Literal["menu", "single_test"]
Route: TypeAlias = Literal["float", "exact"]

_ZERO = Fraction(0)

CLOSED_FORM_ERROR = 1e-13
"""Relative error of a slope of a chain in closed form: a few roundings."""

PROGRAM_ERROR = 1e-9
"""The same of a chain that HiGHS found: its feasibility tolerance."""


@dataclass(frozen=True, eq=False)
class MenuBracket(ReadOnly):
    """What a menu pays, and a bound on what any can pay.

    Attributes
    ----------
    offers
        The tests of the menu by their exact numbers, those nobody takes left out.
    payoff, bound
        What it pays, and what no menu (or single test) pays more than.
    width
        How far they may be apart.
    route
        ``"float"``, or ``"exact"`` where rational arithmetic had to prove it.
    """

    offers: tuple[Offer, ...]
    payoff: Fraction
    bound: Fraction
    width: float
    route: Route = "float"

    @property
    def lower(self) -> float:
        """What the menu pays, rounded down."""
        return enclosed(self.payoff)[0]

    @property
    def upper(self) -> float:
        """The bound, rounded up."""
        return enclosed(self.bound)[1]

    @property
    def tolerance(self) -> float:
        """How far the rounded ends may be apart."""
        return self.width + 2 * math.ulp(self.upper)

    @property
    def ok(self) -> bool:
        """Whether the bracket is as narrow as promised."""
        gap = self.bound - self.payoff
        return gap >= _ZERO and (math.isinf(self.width) or gap <= Fraction(self.width))


@dataclass(frozen=True, eq=False)
class Numbers(ReadOnly):
    """A problem with finitely many states and types: as written, and next to it in floats."""

    problem: ManagerProblem
    types: WrittenTypes
    frontier: WrittenFrontier
    data: MenuData

    @classmethod
    def of(cls, problem: ManagerProblem) -> Numbers:
        """Read the numbers of a problem."""
        types, frontier = written_types(problem), written_frontier(problem)
        return cls(problem, types, frontier, menu_data(problem, types, frontier))


def _bracket(menu: Menu, bound: Fraction, route: Route) -> MenuBracket:
    width = GAP_TOLERANCE * nearest(menu.payoff)
    return MenuBracket(menu.offers, menu.payoff, bound, width, route)


def float_bracket(numbers: Numbers, procedure: MenuProcedure, found: Optimum | None) -> MenuBracket:
    """What the chain of an optimum in floats pays, and what its prices prove."""
    types, frontier = numbers.types, numbers.frontier
    menu = paid((), types)
    if found is not None:
        error = CLOSED_FORM_ERROR if found.algorithm == "closed form" else PROGRAM_ERROR
        menu = paid(repaired(found.chain.steps, types.slack_of, frontier, error), types)
    if not menu.payoff and frontier.required:
        menu = paid([(Fraction(1), frontier.required)], types)
    return _bracket(menu, _upper(numbers, procedure, menu.payoff, found), "float")


def _upper(
    numbers: Numbers, procedure: MenuProcedure, lower: Fraction, found: Optimum | None
) -> Fraction:
    data, types, frontier = numbers.data, numbers.types, numbers.frontier
    marginals = np.empty(0) if found is None else np.minimum(found.marginals, 0.0)
    tried = [frontier.marginal(t) for t in marginals.tolist()]
    if procedure == "menu":
        return menu_bound(data, types, frontier, lower, tried)
    count = data.slack.size - int(data.servable[0]) if data.servable.size else 0
    choices = [tried] if len(tried) == count else [[_ZERO] * count]
    return single_bound(data, types, frontier, lower, choices)


def exact_bracket(
    numbers: Numbers, procedure: MenuProcedure, known: MenuBracket, failure: SolveError | None
) -> MenuBracket:
    """The optimum in rationals, with a menu that attains it.

    Parameters
    ----------
    numbers
        The problem.
    procedure
        ``"menu"`` or ``"single_test"``.
    known
        A bracket that is valid, but wider than promised.
    failure
        Why floats gave no answer, if they gave none.

    Raises
    ------
    CertificateError
        If the problem is too large for that; it carries the bracket that is known.
    """
    exactly = prove_menu if procedure == "menu" else prove_single_test
    try:
        value, points = exactly(numbers.problem, numbers.problem.normalized_numbers)
    except (ExactSizeError, ExactnessError) as refused:
        why = f" ({failure})" if failure else ""
        advice = (
            'formulation="rays" (of a single test "closed_form") needs no solver; fewer types or '
            "states, or types that differ by more, need no exact arithmetic"
        )
        raise CertificateError(
            f"the value lies in [{known.lower!r}, {known.upper!r}]; floating point proves no more"
            f"{why}, and exact arithmetic refuses: {refused}; {advice}",
            known,
        ) from refused
    menu = paid(points, numbers.types)
    if menu.payoff != value:
        raise CertificateError(
            f"the optimum in rationals is {value}, but its tests pay {menu.payoff}", known
        )
    return _bracket(menu, value, "exact")
