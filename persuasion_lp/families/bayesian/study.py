"""Functionals of Bayesian games: what optima agree on, what they trade off, side constraints.

The programmes are those of :mod:`.programmes`, in fractions. A functional is a payoff over actions,
states and types, so its cost of a column is found as that of the objective is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Rationals, ReadOnly, frozen, written
from persuasion_lp.core.family import family_of
from persuasion_lp.core.settings import settings_from
from persuasion_lp.errors import ExactSizeError, OrderError, PayoffError, PriorError
from persuasion_lp.families.bayesian.problem import BayesianGame
from persuasion_lp.families.bayesian.programmes.base import Programme, Reading
from persuasion_lp.families.bayesian.programmes.registry import BayesianProcedure, programme_of
from persuasion_lp.families.bayesian.recommendation import Recommendation
from persuasion_lp.families.games.optima.functional import Functional
from persuasion_lp.inputs import is_whole
from persuasion_lp.lp.exact import EXACT_ROWS
from persuasion_lp.lp.faces.edited import Costs, paying, with_sides
from persuasion_lp.lp.faces.parametric import Traced, between, traced
from persuasion_lp.lp.rational import RationalProgram, RationalSolution

__all__ = ["BayesianStudy", "study"]


@dataclass(frozen=True, eq=False)
class BayesianStudy(ReadOnly):
    """A programme of a game in fractions, and functionals over its columns.

    Attributes
    ----------
    problem, procedure
        What it is of.
    programme
        The programme.
    program
        The same laid out.
    order
        There is none.
    """

    problem: BayesianGame
    procedure: BayesianProcedure
    programme: Programme
    program: RationalProgram
    order: None = None

    @property
    def sign(self) -> int:
        """−1 where the objective is minimized."""
        return self.programme.sign

    @cached_property
    def every(self) -> NDArray[Any]:
        """All columns of the block ``x``."""
        return self.programme.every

    def costs(self, functional: Functional) -> Costs:
        """What each column is worth in terms of a functional.

        Raises
        ------
        PayoffError
            If it does not fit the game.
        """
        aimed = BayesianGame(
            self.problem._written_prior.rationals(),
            [payoff.given.rationals() for payoff in self.problem.payoffs],
            table_of(functional, self.problem),
        )
        aimed_at = replace(self.programme, game=aimed)
        costs = aimed_at.paid(Reading(aimed, "fractions"), self.every)
        auxiliary = [Fraction(0)] * (len(self.program.objective) - len(costs))
        return (*costs, *auxiliary)

    def experiment(self, solution: RationalSolution) -> Recommendation:
        """The recommendation that a solution stands for."""
        return self.programme.decode(self.every, solution.values("x"))

    def traced(self, ends: tuple[Any, Any], *, payoffs: bool) -> Traced:
        """The value along two functionals that are maximized, or along two priors.

        Raises
        ------
        PriorError
            For what are no priors of the game's shape, or a procedure whose rows the prior enters.
        """
        if payoffs:
            aims = (paying(self.program, self.costs(end)) for end in ends)
            return traced(between(*aims), Fraction(0), Fraction(1))
        if self.programme.balance != "prior":
            rule = f"moves the prior, which enters every row of {self.procedure!r}"
            raise PriorError("along", f"{rule}; trace 'bce' or 'public'")
        one, other = (_prior(f"along[{k}]", end, self.problem) for k, end in enumerate(ends))
        middle = BayesianGame(
            (one + other) / 2,
            [payoff.given.rationals() for payoff in self.problem.payoffs],
            table_of(Functional.sender(), self.problem),
        )
        moved = study(middle, self.procedure)
        sides = (with_sides(moved.program, moved.sides(end.ravel())) for end in (one, other))
        return traced(between(*sides), Fraction(0), Fraction(1))

    def sides(self, prior: Rationals) -> list[Fraction]:
        """Right-hand sides at another prior, flat, with the same support or less."""
        rhs = list(self.program.rhs)
        rhs[self.program.rows["prior"].span] = list(prior[self.problem.support])
        return rhs


def study(
    problem: BayesianGame, procedure: Any, order: Any = None, **settings: Any
) -> BayesianStudy:
    """Lay out the programme of a procedure in fractions.

    Raises
    ------
    OrderError
        If an order is stated.
    ProcedureError, OptionError, PriorError, PayoffError
        For what ``solve`` refuses too.
    ExactSizeError, SizeError
        If it has more rows, or takes more memory, than rational arithmetic takes on.
    """
    if order is not None:
        raise OrderError("order", "does not apply to a Bayesian game", value=order)
    known: Any = settings_from(family_of(problem).spec(procedure).settings, settings)
    programme = programme_of(problem, procedure, known.sense)
    size = programme.size
    size.check(known.memory_limit)
    if size.rows > EXACT_ROWS:
        counted = {"rows": size.rows, "columns": size.columns}
        raise ExactSizeError("linear program", counted="rows", limit=EXACT_ROWS, **counted)
    return BayesianStudy(problem, procedure, programme, programme.build_rational())


def table_of(functional: Functional, game: BayesianGame) -> Rationals:
    """A functional as a payoff over actions, states and types.

    Raises
    ------
    PayoffError
        If it does not fit the game; player, action or shape are named.
    """
    axes = game.axes
    profile, cell = np.arange(axes.profiles)[:, None], np.arange(axes.cells)
    whole = (*axes.actions, *game.prior.shape)
    match functional._kind:
        case "sender":
            return frozen(game.aim.at(profile, cell, exact=True).reshape(whole))
        case "utility":
            i = _player(functional, axes.n)
            return frozen(game.payoffs[i].at(profile, cell, exact=True).reshape(whole))
        case "probability":
            return _probability(functional, game).reshape(whole)
        case "payoffs":
            if len(functional._written) != axes.n:
                rule = f"must be one for each of the {axes.n} players"
                raise PayoffError("payoffs", rule, value=len(functional._written))
            total: Any = 0
            for i, given in enumerate(functional._written):
                table = given.rationals()
                if table.shape != (axes.actions[i],):
                    rule = f"must have shape {(axes.actions[i],)}, the actions of player {i}"
                    raise PayoffError("payoffs", rule, index=i, value=table.shape)
                total = total + table[axes.chosen[:, i]]
            return frozen(np.asarray(total).reshape(axes.actions))
        case _:
            (values,) = functional._written
            if axes.columns(values.floats.shape) is None:
                raise PayoffError("values", axes.said(), value=values.floats.shape)
            return values.rationals()


def _player(functional: Functional, count: int) -> int:
    i = functional._receiver
    if not (is_whole(i) and 0 <= i < count):
        rule = f"must name one of the players 0 to {count - 1}"
        raise PayoffError("receiver", rule, value=i)
    return int(i)


def _probability(functional: Functional, game: BayesianGame) -> Rationals:
    axes, i = game.axes, _player(functional, game.n)
    action = functional._actions
    if not (is_whole(action) and 0 <= action < axes.actions[i]):
        rule = f"must be one of the actions 0 to {axes.actions[i] - 1} of player {i}"
        raise PayoffError("action", rule, value=action)
    event: Any = np.ones(axes.cells)
    if functional._event is not None:
        event = functional._event.floats
        if event.shape == (axes.states,) and axes.types:
            event = np.repeat(event, axes.cells // axes.states).reshape(game.prior.shape)
        if event.shape != game.prior.shape or not np.isin(event, (0, 1)).all():
            rule = f"must be truth values of the prior's shape {game.prior.shape}"
            raise PayoffError("event", rule, value=event.shape)
    table = np.full((axes.profiles, axes.cells), Fraction(0), dtype=object)
    table[np.ix_(axes.chosen[:, i] == action, event.ravel() == 1)] = Fraction(1)
    return table


def _prior(name: str, end: Any, game: BayesianGame) -> Rationals:
    numbers = written(name, end, PriorError).rationals()
    if numbers.shape != game.prior.shape:
        rule = f"must have the prior's shape {game.prior.shape}"
        raise PriorError(name, rule, value=numbers.shape)
    for place, number in np.ndenumerate(numbers):
        if number < 0:
            raise PriorError(name, "must be at least 0", index=place, value=number)
    if sum(numbers.ravel()) != 1:
        rule = "must sum to 1 exactly; write fractions, or divide by the sum"
        raise PriorError(name, rule, value=str(sum(numbers.ravel())))
    return numbers
