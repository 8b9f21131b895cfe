"""Games in exact rationals, a best order proved against all orders."""

from __future__ import annotations

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult, exact_result
from persuasion_lp.core.exact_orders import Order, Pair, prove_best_order
from persuasion_lp.families.games import procedures
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.programme import Programme, build_programme
from persuasion_lp.families.games.symmetry import interchangeable_receivers

__all__ = ["exact_best_order", "exact_game", "programme_of_order"]


def exact_game(
    problem: PersuasionGame,
    procedure: Procedure,
    programme: Programme,
    order: Order | None,
    *,
    searched: bool,
) -> ExactResult:
    """Solve the programme of an order in rationals, and prove the order best where it was searched.

    Parameters
    ----------
    problem, procedure
        What is solved.
    programme
        Its programme, with ``order`` where there is one.
    order
        The order, or first receiver; when ``searched``, the one that is tried first.
    searched
        Whether an order is to be proved the best of all.

    Raises
    ------
    PriorError, ExactSizeError, ExactnessError, MissingExtraError
        See :func:`exact_best_order`.
    """
    if searched and order is not None:
        return exact_best_order(problem, procedure, programme, order)
    return exact_result(problem, procedure, order, programme.rational(), programme.lp)


def exact_best_order(
    problem: PersuasionGame,
    procedure: Procedure,
    programme: Programme,
    likely: Order,
    *,
    as_written: bool = False,
) -> ExactResult:
    """Prove in rationals what the best order (or first receiver) pays, and that it is the best.

    Parameters
    ----------
    problem
        The game.
    procedure
        ``"sequential"`` or ``"intermediate"``.
    programme
        That of the order preferred in floating point.
    likely
        That order, or that first receiver.
    as_written
        Take the numbers also where the prior, as it was written, does not sum to 1 exactly.

    Raises
    ------
    PriorError
        If the prior, taken as it was written, does not sum to 1 exactly.
    ExactSizeError
        If a programme, or the alternatives together have more than :data:`EXACT_ORDER_ROWS` rows.
    ExactnessError
        If a programme could not be solved to a proved optimum.
    """

    def relaxed(beginning: Order) -> Pair:
        built = programme
        if beginning != likely:
            built = programme_of_order(problem, procedure, beginning)
        return built.as_written() if as_written else built.rational(), built.lp

    first_only = procedure == "intermediate"
    numbers = problem.written_numbers if as_written else problem.rational_numbers
    return prove_best_order(
        problem,
        procedure,
        interchangeable_receivers(problem, numbers),
        likely,
        relaxed,
        first_only=first_only,
    )


def programme_of_order(
    problem: PersuasionGame, procedure: Procedure, beginning: Order
) -> Programme:
    """The programme of an order, or of its beginning."""
    if procedure == "intermediate":
        (first,) = beginning
        return build_programme(problem, procedures.intermediate(problem, first))
    return build_programme(problem, procedures.order_relaxation(problem, beginning))
