"""Problems as games whose programmes can be studied, and their orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations
from typing import Any, Protocol, get_args

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.orders import Fixed, checked_order, refuse_order
from persuasion_lp.errors import OrderError, ProcedureError, ReceiverError
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.symmetry import interchangeable_receivers
from persuasion_lp.inputs import check_choice, in_order, is_a, is_whole
from persuasion_lp.lp.faces.parametric import Traced

__all__ = [
    "FORMS",
    "MOST_ORDERED",
    "STUDIES",
    "Study",
    "fixed_order_of",
    "orders_of",
    "refuse_acceptance_sets",
    "studied",
]

FORMS: dict[type, Callable[[Any], PersuasionGame]] = {}
"""Other problems that are games: by class, the game that one is. Families add theirs."""


class Study(Protocol):
    """A programme in rationals whose columns are read: a game's, or another family's."""

    @property
    def procedure(self) -> Any:
        """What it is of."""

    @property
    def order(self) -> Fixed:
        """What it is of, where there is an order."""

    @property
    def program(self) -> Any:
        """The program, which maximizes."""

    @property
    def sign(self) -> int:
        """What its value is multiplied by to be the problem's."""

    @property
    def problem(self) -> Any:
        """What it is of."""

    def costs(self, functional: Any) -> Any:
        """What each column is worth in terms of a functional."""

    def experiment(self, solution: Any) -> Any:
        """The experiment that a solution stands for."""


class OwnStudy(Study, Protocol):
    """The same of another family's problem, which knows how to move its prior and its payoffs."""

    def traced(self, ends: tuple[Any, Any], *, payoffs: bool) -> Traced:
        """The value along two functionals that are maximized, or along two priors."""


STUDIES: dict[type, Callable[..., OwnStudy]] = {}
"""Problems that are no games and have programmes of their own: by class, what lays one out, from
problem, procedure, order and settings. Families add theirs."""

MOST_ORDERED = 5
"""Receivers of whom every order is tried."""


def studied(problem: Any) -> PersuasionGame:
    """The game that a problem is.

    Raises
    ------
    ProcedureError
        If it is no game, and no form of one.
    """
    if is_a(problem, PersuasionGame):
        game: PersuasionGame = problem
        return game
    for kind, form in FORMS.items():
        if is_a(problem, kind):
            return form(problem)
    names = ["a PersuasionGame", *(f"a {kind.__name__}" for kind in FORMS)]
    rule = f"must be {' or '.join(names)}"
    raise ProcedureError("problem", rule, value=type(problem).__name__)


def refuse_acceptance_sets(game: PersuasionGame) -> None:
    """Refuse receivers whose rejections no programme holds to.

    Raises
    ------
    ReceiverError
        With the first of them.
    """
    for i, receiver in enumerate(game.receivers):
        if not receiver.convex:
            raise ReceiverError(
                "receivers",
                "has an acceptance set, whose rejections no programme of theirs can hold to; state "
                "him by cutoffs or by utility",
                index=i,
            )


def fixed_order_of(game: PersuasionGame, procedure: Any, order: Any) -> Fixed:
    """The order that is stated: all receivers if sequential, the first one if intermediate.

    ``None`` where there is none to state, or it is left open.
    """
    check_choice("procedure", procedure, get_args(Procedure), ProcedureError)
    if procedure == "sequential":
        return checked_order(order, game.n)
    if procedure != "intermediate" or order is None:
        refuse_order(order, procedure)
        return None
    rule = f"must be the first receiver, one of 0 to {game.n - 1}"
    listed = (order,) if is_whole(order) else in_order("order", order, OrderError, rule)
    if not (len(listed) == 1 and is_whole(listed[0]) and 0 <= listed[0] < game.n):
        raise OrderError("order", rule, value=order)
    return (int(listed[0]),)


def orders_of(game: PersuasionGame, procedure: Any, order: Any) -> Iterator[Fixed]:
    """The order stated, or all of them that are not the same by symmetry.

    Raises
    ------
    OrderError
        If there are more than :data:`MOST_ORDERED` receivers and no order.
    """
    fixed = fixed_order_of(game, procedure, order)
    if fixed is not None or procedure not in ("sequential", "intermediate"):
        yield fixed
        return
    if game.n > MOST_ORDERED:
        rule = f"must be stated for more than {MOST_ORDERED} receivers: every order is a program"
        raise OrderError("order", rule, value=order)
    earlier = interchangeable_receivers(game, game.written_numbers)
    length = 1 if procedure == "intermediate" else game.n
    for listed in permutations(range(game.n), length):
        if all(earlier[i] <= set(listed[:place]) for place, i in enumerate(listed)):
            yield listed
