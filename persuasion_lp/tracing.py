r"""The value along a segment, whatever the problem.

Priors and payoffs of a game are traced by its own programme
(:mod:`persuasion_lp.families.games.optima.trace`). For every other problem with an exact answer the
segment is given by two problems: where their programmes differ in the right-hand sides only, or in
the objective only, the programme at t is (1−t) times the one plus t times the other, and so are the
problems: priors of a vote, masses of a posterior mean, of a plan under commitment or of counts
stand on the right, type probabilities of a menu in the objective.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from persuasion_lp.core.exact import ExactResult
from persuasion_lp.core.family import families
from persuasion_lp.errors import PriorError, ProcedureError
from persuasion_lp.families.games.optima.trace import Trace, assembled, ends_of, trace_game
from persuasion_lp.inputs import answering, check_flag, is_a
from persuasion_lp.lp.faces.parametric import between, traced
from persuasion_lp.lp.rational import RationalProgram
from persuasion_lp.solve import solve

__all__ = ["trace"]


@answering
def trace(
    problem: Any, procedure: Any, along: Sequence[Any], *, order: Any = None, exact: bool = True
) -> Trace:
    """Trace the value of a procedure along a segment of priors, of payoffs, or of problems.

    Parameters
    ----------
    problem
        A :class:`PersuasionGame`, a :class:`BeliefGame` with receivers, a :class:`BayesianGame`
        (priors under ``"bce"`` and ``"public"``), or, with two problems as ``along``, any with an
        exact answer.
    procedure
        As for :func:`solve`.
    along
        Two priors of the problem's shape (for a belief on two states also two numbers); two
        functionals that the sender maximizes in turn; or two problems like ``problem`` that differ
        in numbers which its programme is linear in: the prior of a vote or of alike receivers,
        masses of posterior means, type probabilities of a menu. t = 0 is the first, t = 1 the
        second.
    order
        Of ``"sequential"``, and first receiver of ``"intermediate"``; left out, the best order at
        each t, for up to five receivers.
    exact
        Breakpoints as fractions; with False as the floats next to them. They are computed in
        rationals in any case.

    Raises
    ------
    PriorError, PayoffError, OrderError, ProcedureError
        Before anything is traced.
    ExactSizeError, ExactnessError, LimitError
        If a program is not solved in rationals.

    Examples
    --------
    KKS, Example 1: who of the two defendants is guilty, from surely the second to surely the first.

    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("4/5")] * 2)
    >>> plp.trace(judges, "sequential", along=([[0, 1], [0, 0]], [[0, 0], [1, 0]]), order=(0, 1))
    Trace, sequential: (0, 1), (4/5, 5/4), (1, 1)

    A menu of tests, from a worker who is likely slow to one who is likely quick.

    >>> states = plp.StateGrid(["1/5", "1/2", "9/10"])
    >>> slow, quick = ["4/5", "1/10", "1/10"], ["1/10", "1/10", "4/5"]
    >>> plans = [plp.ManagerProblem(states, "2/5", ["6/5", "8/5", "19/10"], g)
    ...          for g in (slow, quick)]
    >>> plp.trace(plans[0], "menu", along=plans)
    Trace, menu: (0, 2/55), (23/35, 3/25), (1, 29/175)
    """
    check_flag("exact", exact)
    ends = ends_of(along)
    kinds = tuple(family.kind for family in families())
    if any(is_a(end, kinds) for end in ends):
        found = _between(problem, procedure, ends, order)
    else:
        found = trace_game(problem, procedure, ends, order=order)
    return replace(found, exact=bool(exact))


def _between(problem: Any, procedure: str, ends: tuple[Any, Any], order: Any) -> Trace:
    """Trace from a problem to another one."""
    for index, end in enumerate(ends):
        if type(end) is not type(problem):
            rule = f"must be a {type(problem).__name__} like the problem"
            raise ProcedureError("along", rule, index=index, value=type(end).__name__)
    settings = {} if order is None else {"order": order}
    first, last = (_exactly(end, procedure, settings) for end in ends)
    if first.order != last.order:
        rule = f"is best at one end only: {first.order} and {last.order}; state one"
        raise ProcedureError("order", rule, value=order)
    one, other = first.solution.program, last.solution.program
    _check_linear(one, other)
    found = traced(between(one, other), Fraction(0), Fraction(1))
    return assembled(problem, procedure, {first.order: found})


def _exactly(problem: Any, procedure: Any, settings: dict[str, Any]) -> ExactResult:
    answer: Any = solve
    found: ExactResult = answer(problem, procedure, exact=True, **settings)
    return found


def _check_linear(one: RationalProgram, other: RationalProgram) -> None:
    """Check that two programmes differ in right-hand sides, or in the objective, alone.

    Raises
    ------
    PriorError
        If more does.
    """
    same_shape = len(one.objective) == len(other.objective) and one.senses == other.senses
    if not same_shape:
        rule = (
            "leads to programmes of different sizes: let the same states be possible, and the same "
            "types be served, at both ends"
        )
        raise PriorError("along", rule)
    fixed = one.lower == other.lower and one.upper == other.upper
    if not fixed or [*map(dict, one.entries)] != [*map(dict, other.entries)]:
        rule = (
            "moves numbers that the programme is not linear in (states, cutoffs, payments); move a "
            "prior, or probabilities of types"
        )
        raise PriorError("along", rule)
    if one.rhs != other.rhs and one.objective != other.objective:
        rule = "moves a prior and what is maximized at once; the value is bilinear then: move one"
        raise PriorError("along", rule)
