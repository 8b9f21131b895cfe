"""What optima hide: published numbers, and numbers from independent exact programmes."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import persuasion_lp as plp
from persuasion_lp import Constraint, Functional, PersuasionGame, Receiver, catalog

F = Fraction

EXAMPLE_1 = PersuasionGame([[0, "1/2"], ["1/2", 0]], [Receiver.threshold("4/5")] * 2)
EXAMPLE_2 = PersuasionGame(
    [["1/2", 0], [0, "1/2"]], [Receiver.threshold("3/5"), Receiver.threshold("4/5")]
)
CONVICTIONS = Functional.sender(label="convictions")
WRONG = Functional.payoffs([[[0, 0], [1, 0]]] * 2, label="wrongful convictions")
LH, HL = [[0, 1], [0, 0]], [[0, 0], [1, 0]]
LL, HH = [[1, 0], [0, 0]], [[0, 0], [0, 1]]

CENTRAL_BANK = PersuasionGame(
    ["1/2", "1/2"], [Receiver.from_utility([[0, 0], ["-1/4", "3/4"], [-1, 1]], [0, 1, 2])]
)
THINK_TANK = PersuasionGame(
    ["1/2", "1/2"], [Receiver.from_utility([[0, 0], [1, -3], [-3, 1]], [0, 1, 2])]
)


def test_the_examples_are_those_of_the_catalogue() -> None:
    for game, slug in ((EXAMPLE_1, "kks-example-1"), (EXAMPLE_2, "kks-example-2")):
        assert catalog.get(slug).problem() == game


@pytest.mark.parametrize(
    ("game", "procedure", "order", "along", "breakpoints"),
    [
        (EXAMPLE_1, "sequential", (0, 1), (LH, HL), [(0, 1), ("4/5", "5/4"), (1, 1)]),
        (
            EXAMPLE_2,
            "sequential",
            (0, 1),
            (LL, HH),
            [(0, 0), ("3/5", "7/4"), ("4/5", 2), (1, 2)],
        ),
        (EXAMPLE_2, "simultaneous", None, (LL, HH), [(0, 0), ("4/5", 2), (1, 2)]),
    ],
)
def test_traces(
    game: PersuasionGame, procedure: Any, order: Any, along: Any, breakpoints: list[Any]
) -> None:
    found = plp.trace(game, procedure, along=along, order=order)
    assert found.breakpoints == tuple((F(t), F(value)) for t, value in breakpoints)
    assert found.programs <= 2 * len(found.pieces) + 1
    assert all(certificate.ok for certificate in found.certificates)


def test_wrongful_convictions_of_footnote_12() -> None:
    simultaneous = plp.solve(EXAMPLE_1, "simultaneous").range(WRONG)
    sequential = plp.solve(EXAMPLE_1, "sequential", order=(0, 1)).range(WRONG)
    assert (simultaneous.lower, simultaneous.upper) == (F(0), F(1, 5))
    assert (sequential.lower, sequential.upper) == (F(5, 32), F(5, 32))
    assert sequential.determined
    assert not simultaneous.determined


def test_frontier_of_convictions_and_wrongful_ones() -> None:
    found = plp.frontier(EXAMPLE_1, "sequential", CONVICTIONS, WRONG, order=(0, 1))
    assert found.points == ((F(37, 32), F(5, 32)), (F(9, 8), F(9, 40)), (F(0), F(0)), (F(1), F(0)))


def test_surplus_of_bergemann_brooks_and_morris() -> None:
    """Values 1, 2, 3 equally likely; the seller sees a segment and sets a price of 1, 2 or 3."""
    revenue = [[p if v >= p else 0 for v in (1, 2, 3)] for p in (1, 2, 3)]
    left = [[v - p if v >= p else 0 for v in (1, 2, 3)] for p in (1, 2, 3)]
    market = PersuasionGame(["1/3"] * 3, [Receiver.from_utility(revenue, left)])
    found = plp.frontier(
        market, "simultaneous", Functional.sender(label="consumer"), Functional.utility(0)
    )
    assert set(found.points) == {(F(2, 3), F(4, 3)), (0, 2), (0, F(4, 3))}


@pytest.mark.parametrize(
    ("game", "values"),
    [
        (CENTRAL_BANK, {0: 1, "13/20": 1, "2/3": "4/3", "7/10": "7/5", "3/4": "3/2", 1: "3/2"}),
        (EXAMPLE_2, {0: 0, "3/10": 0, "1/3": "5/6", "7/10": "5/6", "3/4": "5/4", 1: "5/4"}),
        (THINK_TANK, {0: 1, "3/5": 1, "2/3": "5/3", 1: "5/3"}),
    ],
    ids=["central bank", "KKS Example 2", "think tank"],
)
def test_credibility(game: PersuasionGame, values: dict[Any, Any]) -> None:
    curve = plp.credibility_curve(game)
    assert all(certificate.ok for certificate in curve.certificates)
    for chi, value in values.items():
        found = plp.solve(game, "simultaneous", credibility=chi)
        assert curve(chi) == found.value == F(value)
        assert found.certificate.ok
    committed = plp.solve(game, "simultaneous", exact=True).value
    assert curve(1) == committed
    assert [chi for chi, _, _ in curve.jumps] == sorted({t for t in curve.thresholds.values() if t})


def test_a_bound_on_wrongful_convictions_has_a_price() -> None:
    bound = Constraint(WRONG, upper="1/20")
    found = plp.solve(EXAMPLE_1, "sequential", constraints=[bound], order=(0, 1))
    assert (found.value, found.multipliers, found.amounts) == (
        F(21, 20),
        (F(1),),
        (F(1, 20),),
    )
    assert found.certificate.ok
