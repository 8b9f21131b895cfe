"""Whatever limit ends a call, in whatever phase: the bracket left contains the optimum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from persuasion_lp import SolverOptions, VotingGame, solve
from persuasion_lp.core.family import family_of
from persuasion_lp.errors import LimitError, PersuasionError
from persuasion_lp.solve import has_exact_answer
from tests.strategies import games, problems, written_committees

Case = tuple[Any, str, Mapping[str, Any]]
Bracket = tuple[float | Fraction, float | Fraction]

MARGIN = 1e-12
"""Of the benchmarks, which results compute in floats without a proof; relative to them."""


def optimum(problem: Any, procedure: Any) -> Bracket:
    """An interval with the optimum: a point wherever there is an exact answer."""
    if has_exact_answer(problem, procedure):
        try:
            value = solve(problem, procedure, exact=True).value
        except PersuasionError:
            pass  # a prior in floats, say, that does not sum to 1 exactly
        else:
            return value, value
    result = solve(problem, procedure)
    return result.lower, math.inf if result.upper is None else result.upper


def contains(left: LimitError, truth: Bracket) -> bool:
    """Whether the bracket left may hold the optimum."""
    return left.best_value <= truth[1] and truth[0] <= left.best_bound


def cut_short(problem: Any, procedure: Any, **chosen: Any) -> LimitError | None:
    """What a limit leaves, ``None`` if the call ends before."""
    try:
        solve(problem, procedure, **chosen)
    except LimitError as left:
        return left
    except PersuasionError:  # an interior point without crossover proves nothing, say
        return None
    return None


def takes(spec: Any, name: str) -> Any:
    """The annotation of a setting, ``None`` if the procedure does not have it."""
    return get_type_hints(spec.settings).get(name)


@st.composite
def limited(draw: st.DrawFn, kinds: st.SearchStrategy[Any]) -> Case:
    """A problem, a procedure, and settings with an iteration limit."""
    problem = draw(kinds)
    listed = family_of(problem).procedures
    procedure = draw(st.sampled_from([p for p in listed if takes(listed[p], "options")]))
    chosen: dict[str, Any] = {
        "options": SolverOptions(
            iteration_limit=draw(st.one_of(st.integers(0, 4), st.integers(5, 60))),
            algorithm=draw(st.sampled_from(["auto", "dual-simplex", "primal-simplex", "ipm"])),
            presolve=draw(st.sampled_from([None, True, False])),
        )
    }
    formulations = names_in(takes(listed[procedure], "formulation"))
    if formulations:
        chosen["formulation"] = draw(st.sampled_from(formulations))
    return problem, procedure, chosen


def names_in(annotation: Any) -> list[str]:
    """The strings that an annotation allows, itself or one of its alternatives."""
    parts = get_args(annotation)
    return [
        name for part in parts for name in ([part] if isinstance(part, str) else names_in(part))
    ]


def check(problem: Any, procedure: str, chosen: Mapping[str, Any]) -> None:
    """The bracket left contains the optimum, and is no wider than what was known before."""
    left = cut_short(problem, procedure, **chosen)
    event(f"{type(problem).__name__}: {'ended before' if left is None else left.limit}")
    if left is None:
        return
    assert contains(left, optimum(problem, procedure)), (left, problem, procedure, chosen)
    lower, upper = family_of(problem).known(problem, procedure)
    assert lower <= left.best_value
    assert left.best_bound <= upper


@settings(max_examples=200)
@given(limited(problems))
def test_the_bracket_contains_the_optimum(case: Case) -> None:
    check(*case)


@pytest.mark.nightly
@settings(max_examples=5000)
@given(limited(problems))
def test_the_bracket_contains_the_optimum_five_thousand_times(
    case: Case,
) -> None:
    check(*case)


@given(st.one_of(games(), written_committees()), st.integers(0, 40))
def test_searches_for_an_order_bound_all_orders(problem: Any, iterations: int) -> None:
    """And games and votes leave at least their benchmarks."""
    left = cut_short(problem, "sequential", options=SolverOptions(iteration_limit=iterations))
    if left is None:
        return
    truth = optimum(problem, "sequential")
    assert contains(left, truth), (left, truth)
    most = 1.0 if isinstance(problem, VotingGame) else problem.payoff_scale
    for known in (problem.payoff_without_information(), problem.payoff_with_full_information()):
        assert left.best_value >= known - MARGIN * most
    assert left.best_bound <= most * (1 + MARGIN)


@pytest.mark.parametrize(
    ("lower", "upper", "holds"),
    [(0.0367, 0.0367, False), (0.0, 1.0, True), (0.2, 1.0, False), (0.15125, 0.15125, True)],
)
def test_a_bracket_elsewhere_is_seen(lower: float, upper: float, holds: bool) -> None:
    left = LimitError("iterations", best_bound=upper, best_value=lower)
    assert contains(left, (0.15125, 0.15125)) is holds
