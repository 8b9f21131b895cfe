"""Exact posterior-mean games: by hand, at ties, against floats, and refused by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from scipy import stats

from persuasion_lp import (
    ManagerProblem,
    PiecewiseLinear,
    PosteriorMeanGame,
    StateGrid,
    errors,
    solve,
)
from persuasion_lp.formulations.means import (
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
from persuasion_lp.problems.posterior_mean import AcceptancePayoff
from persuasion_lp.solving import means as means_module
from persuasion_lp.solving import means_exact

F = Fraction
FORMULATIONS = get_args(MeansFormulation)
THIRDS = StateGrid([0, "1/3", 1], ["1/4", "1/2", "1/4"])


def step(cutoff: Any, payoff: Any = 1) -> PiecewiseLinear:
    """Payoff from a receiver who acts from a cutoff on."""
    return PiecewiseLinear.steps([cutoff], [0, payoff])


def exact_value(grid: StateGrid, payoff: Any, formulation: str = "majorization") -> Fraction:
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
    program, twin = build_rational_means(numbers, means, "majorization")
    assert program.objective == fractions(0, 0, 1, 1)
    assert dense(program) == [[1, 1, 1, 1], [0, F(1, 3), F(1, 2), 1], [0, 0, F(1, 6), F(2, 3)]]
    assert program.rhs == fractions(1, F(5, 12), F(1, 6))
    assert program.senses == (0, 0, -1)
    np.testing.assert_array_equal(twin.matrix.toarray(), np.array(dense(program), dtype=float))
    assert exact_value(THIRDS, step("1/2")) == F(5, 6)


def test_transport_by_hand() -> None:
    numbers = PosteriorMeanGame(StateGrid([0, 1], ["2/3", "1/3"]), step("1/2")).rational_numbers
    means = candidate_means(numbers.states, numbers.payoff.breakpoints)
    program, twin = build_rational_means(numbers, means, "transport")
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
        program, twin = build_rational_means(numbers, exact_means, formulation)
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
def test_a_jump_takes_the_higher_value(formulation: str) -> None:
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
def test_edges(formulation: str, grid: StateGrid, payoff: Any, value: Fraction) -> None:
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
    monkeypatch.setattr(means_module, "solve_lp", None)
    assert exact_value(THIRDS, step("1/2")) == F(5, 6)


def test_spread_integrals_in_fractions() -> None:
    points, weights = np.array([F(1, 3), F(0), F(1)]), np.array([F(1, 2), F(1, 4), F(1, 4)])
    found = spread_integral(points, weights, np.array([F(0), F(1, 3), F(1, 2), F(1)]))
    assert found.tolist() == [F(5, 12), F(1, 6), F(1, 8), 0]


class Broken:
    """A function that knows where its pieces meet, but computes in floats."""

    breakpoints = (0.0, 0.5, 1.0)

    def __call__(self, m: Any) -> Any:
        """One from 1/2 on."""
        return np.where(np.asarray(m) >= 0.5, 1.0, 0.0)


def computed() -> PiecewiseLinear:
    zero = np.zeros(2)
    return PiecewiseLinear.from_sides(np.array([0.0, 1.0]), zero, zero, zero)


BAD: dict[str, tuple[Callable[[], Any], type[errors.InputError], str, str]] = {
    "function": (lambda: (THIRDS, np.sqrt), errors.PayoffError, "payoff", "PiecewiseLinear"),
    "function with breakpoints": (
        lambda: (THIRDS, Broken()),
        errors.PayoffError,
        "payoff",
        "not known exactly",
    ),
    "computed": (lambda: (THIRDS, computed()), errors.PayoffError, "payoff", "was computed"),
    "computed in part": (
        lambda: (THIRDS, step("1/2") + computed()),
        errors.PayoffError,
        "payoff",
        "was computed",
    ),
    "continuous": (
        lambda: (stats.uniform(), step("1/2")),
        errors.PriorError,
        "prior",
        "finitely many states",
    ),
    "masses": (
        lambda: (StateGrid([0, 0.5, 1], [1 / 3] * 3), step("1/2")),
        errors.PriorError,
        "masses",
        "must sum to 1 exactly",
    ),
    "state beyond 1": (
        lambda: (StateGrid([0, 1 + F(1, 10**20)]), step("1/2")),
        errors.PriorError,
        "states",
        r"states\[1\] must lie in \[0, 1\] exactly",
    ),
    "negative mass": (
        lambda: (StateGrid([0, 1], [-F(1, 10**400), 1 + F(1, 10**400)]), step("1/2")),
        errors.PriorError,
        "masses",
        "must not be negative",
    ),
    "last breakpoint": (
        lambda: (THIRDS, PiecewiseLinear([0, 1 - F(1, 10**20)], [0, 1])),
        errors.PayoffError,
        "breakpoints",
        r"breakpoints\[1\] must be 1 exactly",
    ),
    "first breakpoint": (
        lambda: (THIRDS, PiecewiseLinear([F(1, 10**400), 1], [0, 1])),
        errors.PayoffError,
        "breakpoints",
        r"breakpoints\[0\] must be 0 exactly",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_missing_is_named_before_anything_is_solved(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, error, field, message = BAD[case]
    game = PosteriorMeanGame(*make())
    floats = solve(game, "simultaneous")
    assert floats.certificate.ok
    with pytest.raises(error, match=message):
        floats.exact()
    monkeypatch.setattr(means_module, "solve_lp", None)
    monkeypatch.setattr(means_exact, "solve_exactly", None)
    with pytest.raises(error, match=message) as caught:
        solve(game, "simultaneous", exact=True)
    assert caught.value.field == field


def test_types_that_are_not_exact_are_named() -> None:
    grid = StateGrid(["1/4", "3/4"])
    continuous = ManagerProblem(grid, 0.5, stats.uniform(1, 0.5))
    several = ManagerProblem.for_workers(grid, [0.25, 0.25], [1.5, [1.25, 1.75]])
    uneven = ManagerProblem(grid, 0.5, [1.2, 1.4, 1.6], [1 / 3] * 3)
    for plan, message in (
        (continuous, "finitely many"),
        (several, "written down"),
        (uneven, "sum to 1 exactly"),
    ):
        with pytest.raises(errors.WorkerTypeError, match=message):
            solve(plan, "commitment").exact()
        for problem, procedure in (
            (plan, "commitment"),
            (plan, "single_test"),
            (PosteriorMeanGame.commitment(plan), "simultaneous"),
        ):
            with pytest.raises(errors.WorkerTypeError, match=message):
                solve(problem, procedure, exact=True)


def test_other_refusals_stay_what_they_are() -> None:
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    with pytest.raises(errors.ProcedureError, match="simultaneous"):
        solve(game, "first_best", exact=True)
    with pytest.raises(errors.OptionError, match="majorization, transport"):
        solve(game, "simultaneous", exact=True, formulation="x")


@pytest.mark.parametrize(("formulation", "entries"), [("majorization", 12), ("transport", 24)])
def test_too_many_states_are_refused_before_the_start(
    formulation: str, entries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three states, four means."""
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    monkeypatch.setattr(means_exact, "EXACT_ENTRIES", {formulation: entries})
    assert solve(game, "simultaneous", exact=True, formulation=formulation).value == F(5, 6)
    monkeypatch.setattr(means_exact, "EXACT_ENTRIES", {formulation: entries - 1})
    monkeypatch.setattr(means_exact, "build_rational_means", None)
    with pytest.raises(errors.SizeError, match=f"{entries} entries"):
        solve(game, "simultaneous", exact=True, formulation=formulation)


@pytest.mark.parametrize("formulation", FORMULATIONS)
@pytest.mark.parametrize("field", ["value", "x", "y"])
def test_a_tampered_certificate_is_refused(formulation: str, field: str) -> None:
    """The file is written anew, digest and all, with one number moved."""
    game = PosteriorMeanGame(THIRDS, step("1/2"))
    certificate = solve(game, "simultaneous", exact=True, formulation=formulation).certificate
    solution = certificate.solution
    number: Any = getattr(solution, field)
    more = F(1, 10**30)
    moved: Any = number + more if field == "value" else (number[0] + more, *number[1:])
    tampered = replace(certificate, solution=replace(solution, **{field: moved}))
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
