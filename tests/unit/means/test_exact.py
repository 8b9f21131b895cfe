"""Exact posterior-mean games: by hand, at ties, against floats, and refused by name."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import ManagerProblem, PiecewiseLinear, PosteriorMeanGame, StateGrid, solve
from persuasion_lp.families.means import rounds as rounds_module
from persuasion_lp.families.means.problem import AcceptancePayoff
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    build_majorization,
    build_means,
    build_rational_means,
    candidate_means,
    spread_integral,
)
from persuasion_lp.lp import solve_lp
from persuasion_lp.lp.certificate_file import verify_file
from persuasion_lp.lp.rational import RationalProgram

F = Fraction
FORMULATIONS = get_args(MeansFormulation)
THIRDS = StateGrid([0, "1/3", 1], ["1/4", "1/2", "1/4"])


def step(cutoff: Any, payoff: Any = 1) -> PiecewiseLinear:
    """Payoff from a receiver who acts from a cutoff on."""
    return PiecewiseLinear.steps([cutoff], [0, payoff])


def exact_value(grid: StateGrid, payoff: Any, formulation: Any = "majorization") -> Fraction:
    """The value in fractions, its certificate re-read and found to hold."""
    game = PosteriorMeanGame(grid, payoff)
    answer = solve(game, "simultaneous", exact=True, formulation=formulation)
    assert answer.certificate.verify().ok
    return answer.value


def fractions(*numbers: Any) -> tuple[Fraction, ...]:
    """Numbers as a tuple of fractions."""
    return tuple(map(F, numbers))


def dense(program: RationalProgram) -> list[list[Any]]:
    """The matrix, row by row."""
    rows = range(len(program.rhs))
    return [[column.get(i, F(0)) for column in program.entries] for i in rows]


def test_majorization_by_hand() -> None:
    """States 0, 1/3, 1 and a jump at 1/2; E[θ] = 5/12, E(θ − 1/3)⁺ = 1/6.

    State 1 lifts all of 1/3 and 1/12 of state 0 to the jump: value 1/4 + 1/2 + 1/12.
    """
    numbers = PosteriorMeanGame(THIRDS, step("1/2")).rational_numbers
    means = candidate_means(numbers.states, numbers.payoff.breakpoints)
    assert means.tolist() == [0, F(1, 3), F(1, 2), 1]
    program, twin = build_rational_means(
        numbers.states, numbers.masses, means, numbers.payoff.sides(means)[0], "majorization"
    )
    assert program.objective == fractions(0, 0, 1, 1)
    assert dense(program) == [[1, 1, 1, 1], [0, F(1, 3), F(1, 2), 1], [0, 0, F(1, 6), F(2, 3)]]
    assert program.rhs == fractions(1, F(5, 12), F(1, 6))
    assert program.senses == (0, 0, -1)
    np.testing.assert_array_equal(twin.matrix.toarray(), np.array(dense(program), dtype=float))
    assert exact_value(THIRDS, step("1/2")) == F(5, 6)


def test_transport_by_hand() -> None:
    numbers = PosteriorMeanGame(StateGrid([0, 1], ["2/3", "1/3"]), step("1/2")).rational_numbers
    means = candidate_means(numbers.states, numbers.payoff.breakpoints)
    program, twin = build_rational_means(
        numbers.states, numbers.masses, means, numbers.payoff.sides(means)[0], "transport"
    )
    assert program.objective == fractions(0, 1, 1, 0, 1, 1)
    assert dense(program) == [
        [1, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 1],
        [0, 0, 0, 1, 0, 0],
        [0, F(-1, 2), 0, 0, F(1, 2), 0],
        [0, 0, -1, 0, 0, 0],
    ]
    assert program.rhs == fractions(F(2, 3), F(1, 3), 0, 0, 0)
    assert twin.shape == (5, 6)


def test_the_rational_programme_is_the_float_one() -> None:
    payoff = PiecewiseLinear(["0", "1/4", "2/3", "1"], [[0, 1], ["-1/3", "1/3"], [2, 0]])
    game = PosteriorMeanGame(THIRDS, payoff)
    numbers = game.rational_numbers
    exact_means = candidate_means(numbers.states, numbers.payoff.breakpoints)
    means = exact_means.astype(float)
    for formulation in FORMULATIONS:
        payoffs = numbers.payoff.sides(exact_means)[0]
        program, twin = build_rational_means(
            numbers.states, numbers.masses, exact_means, payoffs, formulation
        )
        lp = build_means(THIRDS, means, game.values(means), formulation)
        np.testing.assert_allclose(lp.matrix.toarray(), twin.matrix.toarray(), atol=1e-15)
        np.testing.assert_allclose(lp.rhs, np.array(program.rhs, dtype=float), atol=1e-15)
        np.testing.assert_allclose(lp.objective, np.array(program.objective, float), atol=1e-15)


def test_two_states_and_one_jump_by_hand() -> None:
    """H has probability 1/3, the receiver acts at 1/2: he acts with probability 2/3.

    The price function is the line through (0, 0) and (1/2, 1).
    """
    game = PosteriorMeanGame(StateGrid([0, 1], ["2/3", "1/3"]), step("1/2"))
    answer = solve(game, "simultaneous", exact=True)
    assert answer.value == F(2, 3)
    assert answer.values("h").tolist() == [F(1, 3), F(2, 3), 0]
    assert (answer.duals("mass").item(), answer.duals("mean").item()) == (0, 2)
    assert answer.certificate.about["means"] == ["0", "1/2", "1"]
    transport = solve(game, "simultaneous", exact=True, formulation="transport")
    assert transport.value == F(2, 3)
    assert transport.values("pi").tolist() == [[F(1, 3), F(1, 3), 0], [0, F(1, 3), 0]]
    assert transport.duals("prior").tolist() == [0, 2]


def test_numbers_are_taken_as_written() -> None:
    """0.1 and 0.3 are 1/10 and 3/10; in binary 0.1 + 0.2 would miss the cutoff 0.3."""
    assert exact_value(StateGrid([0.1, 0.5], [0.5, 0.5]), step(0.3)) == 1
    assert exact_value(StateGrid([0, 0.1, 0.8], [0.7, 0.1, 0.2]), step(0.3, 0.1)) == F(17, 300)
    assert exact_value(StateGrid(["0", F(1, 3), 1]), step("4/9")) == 1
    assert exact_value(StateGrid(["0", F(1, 3), 1]), step(F(4, 9) + F(1, 10**30))) < 1


@pytest.mark.parametrize("formulation", FORMULATIONS)
def test_a_jump_takes_the_higher_value(formulation: Any) -> None:
    """Up or down at a state, and one-sided limits that are never attained."""
    grid = StateGrid([0, "1/2", 1], ["1/4", "1/2", "1/4"])
    assert exact_value(grid, step("1/2"), formulation) == 1
    down = PiecewiseLinear([0, "1/2", 1], [[1, 1], [0, 0]])
    assert exact_value(grid, down, formulation) == 1
    spike = PiecewiseLinear([0, "1/2", 1], [[0, 1], [0, 0]])
    assert exact_value(grid, spike, formulation) == 1
    lopsided = StateGrid([0, "1/2", 1], ["1/8", "1/2", "3/8"])
    narrow = PiecewiseLinear([0, "1/2", 1], [[0, 0], [1, 0]])
    assert exact_value(lopsided, narrow, formulation) == F(3, 4)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize(
    ("grid", "payoff", "value"),
    [
        (StateGrid(["1/3"]), step("1/3"), F(1)),
        (StateGrid(["1/3"]), step("1/2"), F(0)),
        (StateGrid([0, 1]), PiecewiseLinear([0, 1], ["2/7", "2/7"]), F(2, 7)),
        (StateGrid([0, 1], [0, 1]), step("1/2"), F(1)),
        (StateGrid([0, "1/2", 1], ["1/2", 0, "1/2"]), step("1/2"), F(1)),
        (StateGrid([0, "1/4", "3/4", 1], [0, "1/2", "1/2", 0]), step("7/8"), F(0)),
        (StateGrid([0, 0, 1], ["1/4", "1/4", "1/2"]), step("1/2"), F(1)),
        (StateGrid([0, 1]), step("1/2", -1), F(0)),
        (StateGrid([0, 1], ["1/4", "3/4"]), step("1/2", -1), F(-1, 2)),
        (StateGrid([0, 1]), step("3/4", 10**15), F(2 * 10**15, 3)),
        (StateGrid([0, 1]), step("3/4", F(1, 10**20)), F(2, 3 * 10**20)),
        (StateGrid([0, "1/2", 1]), PiecewiseLinear([0, "1/2", 1], [1, 0, 1]), F(2, 3)),
        (StateGrid([0, "1/2", 1]), PiecewiseLinear([0, "1/2", 1], [0, 1, 0]), F(1)),
    ],
    ids=[
        "one state at the jump",
        "one state below it",
        "constant",
        "one possible state",
        "mean at a jump, where a state of no mass lies",
        "no mass at the ends",
        "a state given twice",
        "a penalty from the mean on, not at it",
        "a penalty",
        "huge",
        "tiny",
        "convex: revealed",
        "concave: pooled",
    ],
)
def test_edges(formulation: Any, grid: StateGrid, payoff: Any, value: Fraction) -> None:
    assert exact_value(grid, payoff, formulation) == value


def test_states_of_no_mass_are_no_candidates() -> None:
    game = PosteriorMeanGame(StateGrid([0, "1/4", "3/4", 1], [0, "1/2", "1/2", 0]), step("1/2"))
    answer = solve(game, "simultaneous", exact=True)
    assert answer.certificate.about["means"] == ["1/4", "1/2", "3/4"]
    assert answer.value == 1


def test_cutoffs_of_types_above_one() -> None:
    """Types with x w ≥ 1 accept everything, types below 1 nothing that pays."""
    grid = StateGrid(["1/4", "3/4"])
    plan = ManagerProblem(grid, "1/2", ["1/2", 2, 3], ["1/4", "1/4", "1/2"], unrestricted=True)
    assert solve(plan, "commitment", exact=True).value == F(1, 2) * F(1, 4) * F(3, 4)
    everybody = ManagerProblem(grid, "1/2", [F(2) + F(1, 10**20)], unrestricted=True)
    assert solve(everybody, "commitment", exact=True).value == F(1, 8)


def test_the_payoff_of_acceptance_in_fractions() -> None:
    plan = ManagerProblem(THIRDS, "1/2", [1.6, 1.2, 1], [0.5, 0.25, 0.25])
    pieces = PosteriorMeanGame.commitment(plan).rational_numbers.payoff
    assert pieces.breakpoints.tolist() == [0, F(1, 2), F(3, 5), F(4, 5), 1]
    assert pieces.at.tolist() == [0, 0, F(3, 40), F(3, 20), 0]
    assert pieces.right.tolist() == [0, 0, F(1, 20), 0, 0]
    points = np.array([F(k, 240) for k in range(241)])
    floats = PosteriorMeanGame.commitment(plan).values(points.astype(float))
    np.testing.assert_allclose(floats, pieces.sides(points)[0].astype(float), atol=1e-16)


def test_the_payoff_of_acceptance_needs_no_states() -> None:
    """Of the manager's problem the types alone matter; the game has a prior of its own."""
    plan = ManagerProblem(stats.uniform(), "1/2", ["8/5"])
    assert exact_value(StateGrid(["1/4", "3/4"]), AcceptancePayoff(plan)) == F(1, 8)


def test_exact_is_a_method_of_results_too() -> None:
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    for formulation in FORMULATIONS:
        result = solve(game, "simultaneous", formulation=formulation)
        answer = result.exact()
        assert answer.certificate.about["formulation"] == formulation
        assert answer.value == F(5, 6)
        assert result.value == pytest.approx(5 / 6, abs=1e-15)
    plan = ManagerProblem(THIRDS, "2/5", [1.5])
    assert solve(plan, "commitment").exact().value == solve(plan, "commitment", exact=True).value
    assert solve(plan, "commitment", exact=True).procedure == "commitment"


def test_nothing_is_solved_in_floats_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds_module, "solve_lp", None)
    assert exact_value(THIRDS, step("1/2")) == F(5, 6)


def test_spread_integrals_in_fractions() -> None:
    points, weights = np.array([F(1, 3), F(0), F(1)]), np.array([F(1, 2), F(1, 4), F(1, 4)])
    found = spread_integral(points, weights, np.array([F(0), F(1, 3), F(1, 2), F(1)]))
    assert found.tolist() == [F(5, 12), F(1, 6), F(1, 8), 0]


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("field", ["value", "x", "y"])
def test_a_tampered_certificate_is_refused(formulation: Any, field: str) -> None:
    """The file is written anew, digest and all, with one number moved."""
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    certificate = solve(game, "simultaneous", exact=True, formulation=formulation).certificate
    solution = certificate.solution
    number: Any = getattr(solution, field)
    more = F(1, 10**30)
    moved: Any = number + more if field == "value" else (number[0] + more, *number[1:])
    tampered = replace(certificate, solution=replace(solution, **{field: moved}), seal=None)
    assert certificate.verify().ok
    assert not tampered.verify().ok


def test_an_altered_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judge.json"
    solve(PosteriorMeanGame(THIRDS, step("1/2")), "simultaneous", exact=True).certificate.write(
        path
    )
    assert verify_file(path).ok
    assert verify_file(path).value == F(5, 6)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["about"]["means"][2] = "3/5"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert "digest" in verify_file(path).failures[0]
    document["objective"][3] = "3"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert len(verify_file(path).failures) > 1


def test_a_programme_without_the_breakpoint_would_fall_short() -> None:
    """Why breakpoints are candidates: with states alone, nobody acts but at 1."""
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    alone = build_majorization(THIRDS, THIRDS.states, game.values(THIRDS.states))
    assert solve_lp(alone).value == pytest.approx(1 / 4)
    assert exact_value(THIRDS, step("1/2")) == F(5, 6)
