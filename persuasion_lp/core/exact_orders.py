r"""The best order in exact rationals, with one proof over all orders.

With V the value of an order, every other order is covered by a *beginning*: the receivers in it act
in this order, and everybody else hears private messages afterwards. The value of a beginning is at
least that of every order that begins so, and is that of the order when at most one receiver is
left. Beginnings are taken longer until each has an exact value of at most V; an order found to be
better in rationals than the one that floating point preferred takes its place. Of interchangeable
receivers the first goes first. The intermediate procedure is the case in which only the first
receiver is chosen.

The certificate is the programme in which all these alternatives may be mixed
(:mod:`persuasion_lp.lp.alternatives`): it proves at once what the best order pays and that no other
pays more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import Any

from persuasion_lp.beliefs.experiment import Procedure
from persuasion_lp.core.exact import ExactResult, enclosed, proved_result
from persuasion_lp.errors import ExactSizeError, LimitError, SolveError
from persuasion_lp.lp.alternatives import Priced, prove_best
from persuasion_lp.lp.exact import solve_exactly
from persuasion_lp.lp.model import LinearProgram
from persuasion_lp.lp.rational import RationalProgram, RationalSolution

__all__ = ["EXACT_ORDER_ROWS", "Order", "Pair", "likely_order", "prove_best_order"]

EXACT_ORDER_ROWS = 40_000
"""Largest number of rows of all alternatives together: a minute or two of rational arithmetic."""

Order = tuple[int, ...]
Pair = tuple[RationalProgram, LinearProgram]


def likely_order(search: Callable[[], Order | None], length: int) -> Order:
    """The order that a search in floats prefers, or 0, 1, … where it proves nothing.

    The order tried first decides how soon the proof is found, and which of several best orders.

    Parameters
    ----------
    search
        The search.
    length
        Number of receivers in the order.
    """
    try:
        found = search()
    except SolveError:
        found = None
    return found or tuple(range(length))


def prove_best_order(
    problem: Any,
    procedure: Procedure,
    twins: Sequence[AbstractSet[int]],
    likely: Order,
    relaxed: Callable[[Order], Pair],
    *,
    first_only: bool = False,
) -> ExactResult:
    """Prove the best order among all, from the programmes of beginnings.

    Parameters
    ----------
    problem, procedure
        What is solved.
    twins
        For each receiver the earlier ones with whom he is interchangeable.
    likely
        The order tried first, complete; or the first receiver.
    relaxed
        From a beginning to its programme in rationals, and its twin in floats.
    first_only
        Whether only the first receiver is chosen.

    Raises
    ------
    ExactSizeError
        If there are more than :data:`EXACT_ORDER_ROWS` rows of all programmes together.
    LimitError
        If the deadline passed before; its bracket is on the value of the best order.
    """
    n = len(twins)
    enough = 1 if first_only else n - 1
    best, pair = likely, relaxed(likely)
    rows = pair[1].shape[0]
    _check_rows(rows, 1)
    solution = solve_exactly(*pair)
    others: dict[Order, RationalSolution] = {}
    waiting: list[tuple[Order, Fraction | None]] = [(one, None) for one in _longer((), twins)]
    while waiting:
        beginning, bound = waiting.pop()
        complete = len(beginning) >= enough
        if complete:
            beginning = beginning if first_only else _completed(beginning, n)
            if beginning == best:
                continue
        pair = relaxed(beginning)
        rows += pair[1].shape[0]
        _check_rows(rows, 2 + len(others))
        try:
            found = solve_exactly(*pair)
        except LimitError as limit:
            bounds = [bound, *(other for _, other in waiting)]
            raise _cut_short(limit, solution.value, bounds) from limit
        if found.value <= solution.value:
            others[beginning] = found
        elif complete:
            others[best] = solution
            best, solution = beginning, found
        else:
            waiting += [(longer, found.value) for longer in _longer(beginning, twins)]
    names = {order: _name(order, enough) for order in (best, *others)}
    priced = {names[order]: Priced(other.program, other.y) for order, other in others.items()}
    proof = prove_best(names[best], solution, priced) if others else solution
    return proved_result(
        problem, procedure, best, solution, proof=proof, alternatives=list(names.values())
    )


def _cut_short(limit: LimitError, value: Fraction, bounds: Sequence[Fraction | None]) -> LimitError:
    """What a limit leaves: the value of an order, and the bounds of those still open, if known."""
    known = [bound for bound in bounds if bound is not None]
    upper = enclosed(max([value, *known]))[1] if len(known) == len(bounds) else math.inf
    return LimitError(limit.limit, best_bound=upper, best_value=enclosed(value)[0])


def _check_rows(rows: int, programmes: int) -> None:
    if rows > EXACT_ORDER_ROWS:
        raise ExactSizeError(
            "proof over all orders",
            counted="rows",
            limit=EXACT_ORDER_ROWS,
            programmes=programmes,
            rows=rows,
        )


def _longer(beginning: Order, twins: Sequence[AbstractSet[int]]) -> Iterator[Order]:
    """Beginnings with one receiver more."""
    for i in range(len(twins)):
        if i not in beginning and twins[i] <= set(beginning):
            yield (*beginning, i)


def _completed(beginning: Order, n: int) -> Order:
    return (*beginning, *(i for i in range(n) if i not in beginning))


def _name(beginning: Order, enough: int) -> str:
    """``order 0,2,1`` if it leaves nothing open, ``orders 0,…`` otherwise."""
    listed = ",".join(map(str, beginning))
    return f"order {listed}" if len(beginning) >= enough else f"orders {listed},…"
