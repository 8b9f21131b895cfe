r"""The recommendation programme with every obedience row, and functionals over its columns.

:mod:`persuasion_lp.families.games.programme` leaves out rows that hold at the sender's optimum.
Where something else is maximized, or held, all of them are needed: here they are laid out. Columns
of a node are π(h, a, s) with s a class of states that look alike to everybody who has yet to act; a
functional of whole states, or of profiles that the sender's payoff does not depend on, needs a tree
whose classes are single states and whose last nodes know the whole profile. Rejections of receivers
with acceptance sets ask for no obedience, which is exact for the sender's optimum only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import ReadOnly, summed
from persuasion_lp.beliefs.experiment import Experiment, Procedure
from persuasion_lp.core.orders import Fixed
from persuasion_lp.errors import ExactSizeError, OptionError, OrderError, SizeError
from persuasion_lp.families.games.decoding import decode_experiment
from persuasion_lp.families.games.exact import fewest_columns, tree_of
from persuasion_lp.families.games.optima.functional import Functional, OfAction, Terms
from persuasion_lp.families.games.optima.studied import (
    STUDIES,
    Study,
    fixed_order_of,
    orders_of,
    refuse_acceptance_sets,
    studied,
)
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.programme import (
    build_rational_programme,
    game_baseline,
    programme_size,
)
from persuasion_lp.families.games.tree import Node, Shape, Split, branch, unfold
from persuasion_lp.inputs import is_a
from persuasion_lp.lp.certificate import LPPoint
from persuasion_lp.lp.exact import EXACT_ROWS
from persuasion_lp.lp.faces.edited import Costs
from persuasion_lp.lp.rational import RationalProgram, RationalSolution
from persuasion_lp.lp.size import MEMORY_LIMIT, ProgramSize

__all__ = ["FullProgramme", "full_programme", "studies_of", "study_of"]

MOST_COLUMNS = 1_000_000
"""Trees with more columns are not built to count their rows."""


@dataclass(frozen=True, eq=False)
class FullProgramme(ReadOnly):
    """A programme in rationals with every obedience row.

    Attributes
    ----------
    game, procedure, order
        What it is of.
    splits
        The tree.
    program
        The program; its objective is the sender's payoff.
    """

    game: PersuasionGame
    procedure: Procedure
    order: Fixed
    splits: tuple[Split, ...]
    program: RationalProgram

    @property
    def problem(self) -> PersuasionGame:
        """The game."""
        return self.game

    @property
    def sign(self) -> int:
        """The program maximizes the sender's payoff."""
        return 1

    @cached_property
    def baseline(self) -> list[Fraction]:
        """The sender's worst payoff in each state, whose expectation is the program's offset."""
        return list(game_baseline(self.game, self.game.written_numbers))

    def flow(self, solution: LPPoint | RationalSolution, node: Node) -> NDArray[Any]:
        """π at a node."""
        return solution.values(f"pi[{node.label}]")

    def costs(self, functional: Functional) -> Costs:
        """What each column is worth in terms of a functional."""
        terms = functional.terms(self.game)
        costs = [Fraction(0)] * len(self.program.objective)
        for node in unfold(self.splits):
            costs[self.program.columns[f"pi[{node.label}]"].span] = self._at(node, terms)
        return tuple(costs)

    def _at(self, node: Node, terms: Terms) -> list[Fraction]:
        """The same at one node, in the order of its columns."""
        classes = node.split.classes
        states = classes.representative[classes.possible]
        shape = node.shape(self.game)
        total = np.full((*shape, states.size), Fraction(0), dtype=object)
        for term in terms:
            if isinstance(term, OfAction):
                if term.receiver not in node.measure.acting:
                    continue
                axis = node.receivers.index(term.receiver)
                where = self.game.own_states[term.receiver][states] if term.own else states
                spread = [1] * len(shape) + [states.size]
                spread[axis] = shape[axis]
                total = total + term.table[:, where].reshape(spread)
            elif not node.measure.then:
                total = total + term.table.transpose(*node.receivers, self.game.n)[..., states]
        return list(total.ravel())

    def experiment(self, solution: RationalSolution) -> Experiment:
        """The experiment that a solution stands for."""
        return decode_experiment(cast(Any, self), solution, self.procedure)

    def sides(self, prior: Sequence[Fraction]) -> list[Fraction]:
        """Right-hand sides of the program at another prior, flat, with the same support or less."""
        rhs = list(self.program.rhs)
        for nodes in branch(self.splits):
            classes = nodes[0].split.classes
            by_class = summed(classes.labels, np.array(prior, dtype=object), classes.count)[
                classes.possible
            ]
            rhs[self.program.rows[nodes[0].split_label].span] = list(by_class)
        return rhs


def full_programme(
    game: PersuasionGame,
    procedure: Procedure,
    order: Fixed,
    functionals: Iterable[Functional] = (),
) -> FullProgramme:
    """Lay out the programme of a procedure so that functionals can be read off its columns.

    Parameters
    ----------
    game, procedure
        What is studied.
    order
        Of a sequential procedure, or the first receiver of an intermediate one.
    functionals
        Those that will be asked for.

    Raises
    ------
    ReceiverError
        For a receiver with an acceptance set.
    OrderError
        If an order is missing.
    ExactSizeError, SizeError
        If it has more rows, or takes more memory, than rational arithmetic takes on; nothing has
        been laid out.
    """
    refuse_acceptance_sets(game)
    if procedure in ("sequential", "intermediate") and order is None:
        raise OrderError("order", f"is needed: {procedure} has an order that is fixed", value=None)
    shape = Shape.of(game)
    terms = [term for functional in functionals for term in functional.terms(game)]
    if any(isinstance(term, OfAction) and not term.own for term in terms):
        shape = replace(shape, state_dependent=True)
    if any(not isinstance(term, OfAction) for term in terms):
        shape = replace(shape, state_dependent=True, additive=False)
    fewest = fewest_columns(game, procedure, "nested")
    if fewest > MOST_COLUMNS:
        limit = MOST_COLUMNS
        raise ExactSizeError("linear program", counted="columns", limit=limit, columns=fewest)
    splits = tree_of(shape, procedure, order)
    _check_size(programme_size(game, splits, every_row=True))
    program = build_rational_programme(game, splits, game.written_numbers, every_row=True)
    return FullProgramme(game, procedure, order, splits, program)


def studies_of(
    problem: Any,
    procedure: Any,
    order: Any,
    functionals: Iterable[Functional] = (),
    **settings: Any,
) -> Iterator[Study]:
    """The programmes of a problem: one for each order that may be best, or the one stated.

    Raises
    ------
    InputError
        For what is no problem whose programmes are studied, or settings it does not have.
    """
    for kind, lay_out in STUDIES.items():
        if is_a(problem, kind):
            yield lay_out(problem, procedure, order, **settings)
            return
    game = studied(problem)
    for name, value in settings.items():
        raise OptionError(name, "is no setting of this procedure", value=value)
    listed = tuple(functionals)
    for fixed in orders_of(game, procedure, order):
        yield full_programme(game, procedure, fixed, listed)


def study_of(
    problem: Any,
    procedure: Any,
    order: Any,
    functionals: Iterable[Functional] = (),
    **settings: Any,
) -> Study:
    """The programme of a problem, the order being stated where there is one."""
    if is_a(problem, tuple(STUDIES)):
        return next(studies_of(problem, procedure, order, functionals, **settings))
    game = studied(problem)
    return full_programme(game, procedure, fixed_order_of(game, procedure, order), functionals)


def _check_size(size: ProgramSize) -> None:
    if size.rows > EXACT_ROWS:
        counted = {"rows": size.rows, "columns": size.columns}
        raise ExactSizeError("linear program", counted="rows", limit=EXACT_ROWS, **counted)
    if size.fraction_memory > MEMORY_LIMIT:
        needed = size.fraction_memory
        raise SizeError(
            "program in fractions",
            needed=needed,
            limit=MEMORY_LIMIT,
            columns=size.columns,
            rows=size.rows,
        )
