"""Functionals, constraints, frontiers, traces and credibilities that do not fit are named."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp import Constraint, Functional, PersuasionGame, Receiver, errors
from tests.support import any_solve

JUDGES = PersuasionGame([[0, "1/2"], ["1/2", 0]], [Receiver.threshold("4/5")] * 2)
SENDER, FIRST = Functional.sender(), Functional.probability(0, 1)
LH, HL = [[0, 1], [0, 0]], [[0, 0], [1, 0]]
ACCEPTING = PersuasionGame(["1/2", "1/2"], [Receiver.accepting([([-1, 1], 0)])])
CARING = PersuasionGame(["1/2", "1/2"], [Receiver.threshold("3/5", [[0, 0], [1, 2]])])
TABLE = PersuasionGame(["1/2", "1/2"], [Receiver.threshold("3/5")], [[0, 0], [1, 2]])
STEP = plp.PiecewiseLinear.steps(["1/2"], [0, 1])


def trace(along: Any, **settings: Any) -> Any:
    return plp.trace(JUDGES, "simultaneous", along=along, **settings)


def solved(**settings: Any) -> Any:
    return any_solve(JUDGES, "simultaneous", **settings)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: trace((LH, [[0, 2], [-1, 0]])), errors.PriorError, r"along\[1\]\[1, 0\] .*leaves"),
        (lambda: trace((LH, [[0, 2], [0, 0]])), errors.PriorError, r"along\[1\] .*must sum to 1"),
        (lambda: trace((LH, [0, 1])), errors.PriorError, r"shape \(2, 2\)"),
        (lambda: trace((LH, SENDER)), errors.PriorError, "not one of each"),
        (lambda: trace((LH,)), errors.PriorError, "must be a pair"),
        (lambda: trace((LH, HL), order=(0, 1)), errors.OrderError, "order"),
        (lambda: trace((LH, HL))(2), errors.PriorError, r"t .*must lie in \[0, 1\]"),
        (lambda: Functional([1, 2], label=""), errors.PayoffError, "label"),
        (lambda: Functional([np.nan]), errors.PayoffError, "values"),
        (
            lambda: solved().range(Functional([1, 2, 3])),
            errors.PayoffError,
            r"values .*must have shape \(2, 2\), the receivers' actions, or \(2, 2, 2, 2\)",
        ),
        (lambda: solved().range(Functional.utility(0)), errors.PayoffError, "from_utility"),
        (lambda: solved().range(Functional.utility(2)), errors.PayoffError, "receivers 0 to 1"),
        (
            lambda: solved().range(Functional.probability(0, 5)),
            errors.PayoffError,
            "actions 0 to 1",
        ),
        (
            lambda: solved().range(Functional.probability(0, 1, event=[True, False])),
            errors.PayoffError,
            "event .*must be truth values",
        ),
        (lambda: solved().range(Functional.payoffs([[0, 1]])), errors.PayoffError, "2 receivers"),
        (lambda: solved().range("convictions"), errors.PayoffError, "must be a Functional"),
        (lambda: Constraint(SENDER), errors.PayoffError, "lower or upper must be given"),
        (lambda: Constraint(SENDER, lower=2, upper=1), errors.PayoffError, "is above upper"),
        (lambda: Constraint(SENDER, lower=[1]), errors.PayoffError, "must be one number"),
        (lambda: solved(constraints=[SENDER]), errors.OptionError, r"constraints\[0\]"),
        (lambda: solved(constraints=[], tol=1e-3), errors.OptionError, "does not go with"),
        (
            lambda: solved(constraints=[Constraint(SENDER, lower=5)]),
            errors.InfeasibleError,
            "outwards by 4,",
        ),
        (lambda: solved(credibility=1.5), errors.OptionError, r"credibility.*in \[0, 1\]"),
        (lambda: solved(credibility=-1), errors.OptionError, r"in \[0, 1\]"),
        (lambda: solved(credibility=0, constraints=[]), errors.OptionError, "does not go with"),
        (
            lambda: any_solve(JUDGES, "sequential", credibility=0),
            errors.OptionError,
            "one public message",
        ),
        (lambda: plp.credibility_curve(CARING), errors.PayoffError, "depend on his state"),
        (lambda: plp.credibility_curve(TABLE), errors.PayoffError, "depends on the state"),
        (lambda: plp.credibility_curve(ACCEPTING), errors.ReceiverError, "acceptance set"),
        (
            lambda: plp.frontier(ACCEPTING, "simultaneous", SENDER, FIRST),
            errors.ReceiverError,
            "acceptance set",
        ),
        (
            lambda: plp.frontier(
                JUDGES, "simultaneous", SENDER, FIRST, constraints=[Constraint(SENDER, lower=5)]
            ),
            errors.InfeasibleError,
            "outwards by 4,",
        ),
        (lambda: plp.frontier(JUDGES, "sequential", SENDER, FIRST), errors.OrderError, "needed"),
        (lambda: plp.frontier(JUDGES, "public", SENDER, FIRST), errors.ProcedureError, "one of"),
        (
            lambda: plp.frontier(3, "simultaneous", SENDER, FIRST),
            errors.ProcedureError,
            "BeliefGame",
        ),
    ],
)
def test_what_does_not_fit_is_named(
    call: Callable[[], Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        call()


def test_what_does_not_fit_a_procedure_with_many_receivers() -> None:
    many = PersuasionGame(np.full((2,) * 6, Fraction(1, 64)), [Receiver.threshold("3/5")] * 6)
    ends = np.zeros((2,) * 6, dtype=int), np.zeros((2,) * 6, dtype=int)
    ends[0][(0,) * 6] = ends[1][(1,) * 6] = 1
    with pytest.raises(errors.OrderError, match="more than 5 receivers"):
        plp.trace(many, "sequential", along=ends)


@pytest.mark.parametrize(
    ("ends", "error", "said"),
    [
        ((["1/5", "9/10"], ["1/10", "9/10"]), errors.PriorError, "not linear in"),
        ((["1/5", "9/10"], ["1/5", "1/2", "9/10"]), errors.PriorError, "different sizes"),
    ],
)
def test_problems_between_which_the_programme_is_not_linear(
    ends: Any, error: type[Exception], said: str
) -> None:
    games: Any = [plp.PosteriorMeanGame(plp.StateGrid(states), STEP) for states in ends]
    with pytest.raises(error, match=said):
        plp.trace(games[0], "simultaneous", along=games)
    with pytest.raises(errors.ProcedureError, match="PosteriorMeanGame like the problem"):
        plp.trace(games[0], "simultaneous", along=(games[0], JUDGES))


def test_a_constraint_that_does_not_bind_changes_nothing() -> None:
    free = any_solve(JUDGES, "sequential", exact=True)
    bound = any_solve(JUDGES, "sequential", constraints=[Constraint(SENDER, lower=0, upper=9)])
    assert bound.value == free.value
    assert bound.multipliers == (0,)
    assert bound.order == (0, 1)
    assert bound.to_dict()["exact"] == "37/32"


def test_a_first_receiver_of_the_intermediate_procedure() -> None:
    found = plp.trace(JUDGES, "intermediate", along=(LH, HL), order=0)
    best = plp.trace(JUDGES, "intermediate", along=(LH, HL))
    assert found(Fraction(1, 2)) <= best(Fraction(1, 2))
    with pytest.raises(errors.OrderError, match="first receiver"):
        plp.trace(JUDGES, "intermediate", along=(LH, HL), order=2)


def test_floats_where_they_are_asked_for() -> None:
    found = plp.trace(JUDGES, "sequential", along=(LH, HL), order=(0, 1), exact=False)
    assert found.breakpoints == ((0.0, 1.0), (0.8, 1.25), (1.0, 1.0))
    assert repr(found) == "Trace, sequential: (0, 1), (0.8, 1.25), (1, 1)"
    corners = plp.frontier(JUDGES, "simultaneous", SENDER, FIRST, exact=False)
    assert all(type(number) is float for point in corners.points for number in point)
    assert "Frontier of" in repr(corners)
    with pytest.raises(errors.OptionError, match="exact"):
        plp.trace(JUDGES, "simultaneous", along=(LH, HL), exact="yes")  # type: ignore[arg-type]


def test_frames() -> None:
    assert len(plp.trace(JUDGES, "simultaneous", along=(LH, HL)).to_frame().columns) == 2
    found = plp.frontier(JUDGES, "simultaneous", SENDER, FIRST)
    assert found.to_frame().shape == (len(found.vertices), 2)
    public = PersuasionGame(["2/5", "3/5"], [Receiver.threshold("4/5")])
    assert plp.credibility_curve(public).to_frame().shape[1] == 5


def test_messages_add_up_to_the_prior() -> None:
    public = PersuasionGame(
        ["1/2", "1/2"], [Receiver.from_utility([[0, 0], ["-1/4", "3/4"], [-1, 1]], [0, 1, 2])]
    )
    found = any_solve(public, "simultaneous", credibility="7/10")
    whole = sum(message.announced + message.own for message in found.messages)
    assert whole.tolist() == [Fraction(1, 2)] * 2
    own = sum(message.own for message in found.messages)
    assert all(mass >= Fraction(3, 10) / 2 for mass in own)


@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "flexible"])
@pytest.mark.parametrize("n", [12, 600])
def test_what_is_too_large_is_refused_before_it_is_laid_out(procedure: Any, n: int) -> None:
    judge = Receiver.threshold("3/5", about=0)
    prior: Any = np.full((2,) * n, Fraction(1, 2**n)) if n == 12 else ["1/2", "1/2"]
    many = PersuasionGame(prior, [Receiver.threshold("3/5")] * n if n == 12 else [judge] * n)
    order = tuple(range(n)) if procedure == "sequential" else None
    with pytest.raises((errors.ExactSizeError, errors.SizeError)):
        plp.frontier(many, procedure, SENDER, FIRST, order=order)
    with pytest.raises(errors.ExactSizeError):
        plp.credibility_curve(many)
