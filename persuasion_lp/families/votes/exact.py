"""Votes in exact rationals, a best order proved against all orders."""

from __future__ import annotations

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult, exact_result
from persuasion_lp.core.exact_orders import Order, Pair, prove_best_order
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.families.votes.programme import VotingProgramme, build_voting_stages
from persuasion_lp.families.votes.symmetry import interchangeable_voters

__all__ = ["exact_vote"]


def exact_vote(
    problem: VotingGame,
    procedure: Procedure,
    programme: VotingProgramme,
    order: Order | None,
    *,
    searched: bool,
    as_written: bool = False,
) -> ExactResult:
    """Solve the programme of an order in rationals, and prove the order best where it was searched.

    Parameters
    ----------
    problem, procedure
        What is solved.
    programme
        Its programme, with ``order`` where there is one.
    order
        The order; when ``searched``, the one that is tried first.
    searched
        Whether the order is to be proved the best of all.
    as_written
        Take the numbers also where the prior, as it was written, does not sum to 1 exactly.

    Raises
    ------
    PriorError
        If the prior, taken as it was written, does not sum to 1 exactly.
    ExactSizeError, ExactnessError
        See :func:`~persuasion_lp.core.exact_orders.prove_best_order`.
    """
    if not searched or order is None:
        program = programme.as_written() if as_written else programme.rational()
        return exact_result(problem, procedure, order, program, programme.lp)
    likely = order

    def relaxed(beginning: Order) -> Pair:
        built = programme if beginning == likely else build_voting_stages(problem, beginning)
        return built.as_written() if as_written else built.rational(), built.lp

    prior, cutoffs = problem.written_numbers if as_written else problem.rational_numbers
    twins = interchangeable_voters(prior.reshape(problem.prior.shape), cutoffs)
    return prove_best_order(problem, procedure, twins, likely, relaxed)
