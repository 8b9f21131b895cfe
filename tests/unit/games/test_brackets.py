"""The bracket of a game holds for the numbers as written, at every scale."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import GameResult, PersuasionGame, Receiver, errors, solve
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.primitives.priors import from_table
from tests.exact_reference import game_value, threshold_utility
from tests.support import PROCEDURES, any_solve

TINY = Fraction(1, 10**14)
RARE = Fraction(10**10)

HARD: dict[str, tuple[PersuasionGame, str, Fraction]] = {
    "a ruinous action": (
        PersuasionGame(
            [Fraction(1, 2), Fraction(2, 5), Fraction(1, 10)],
            Receiver.from_utility([[0, 0, 0], [-1, 1, -1e12]], [0, 1]),
        ),
        "simultaneous",
        Fraction(4, 5),
    ),
    "two ruinous actions": (
        PersuasionGame(
            [Fraction(1, 3)] * 3,
            [
                Receiver.from_utility([[1, -1, 1], [-1e9, 1, 0]], [0, 1], about=0),
                Receiver.from_utility([[0, 0, 1], [1, -1e9, 0]], [0, 1], about=0),
            ],
        ),
        "simultaneous",
        Fraction(1),
    ),
    "a cutoff of a hundred-millionth of a millionth": (
        PersuasionGame([1 - TINY, TINY], Receiver.threshold("1e-12")),
        "simultaneous",
        Fraction(1, 100),
    ),
    "a rare state that pays much": (
        PersuasionGame(
            [RARE / (RARE + 1), 1 / (RARE + 1)],
            Receiver.from_utility([[2, 3], [1, 1]], [[0, 0], [1, 1e10 + 1]]),
        ),
        "simultaneous",
        Fraction(0),
    ),
    "an unknown status": (
        PersuasionGame(
            [Fraction(1, 21), Fraction(10, 21), Fraction(10, 21)],
            [
                Receiver.from_utility([[1, -1, -1e8], [-1, 1, -1]], [1, 0], about=0),
                Receiver.from_utility([[-1e8, 1, 1], [1, -1, 0]], [0, 1], about=0),
            ],
        ),
        "simultaneous",
        Fraction(2299999921, 2099999979),
    ),
}


def thresholds(
    table: dict[str, Fraction], cutoffs: list[Fraction]
) -> tuple[PersuasionGame, dict[str, Any]]:
    """Two receivers who the sender wants to reject, and the same for the reference."""
    table = {**table, "HH": 1 - sum(table.values(), Fraction(0))}
    game = PersuasionGame(from_table(table), [Receiver.threshold(c, [1, 0]) for c in cutoffs])
    written = {
        "prior": [table[state] for state in ("LL", "LH", "HL", "HH")],
        "own": [[0, 0, 1, 1], [0, 1, 0, 1]],
        "utilities": [threshold_utility(c) for c in cutoffs],
        "payoffs": [[[Fraction(1)] * 2, [Fraction(0)] * 2]] * 2,
    }
    return game, written


def assert_bracketed(result: GameResult, right: Fraction) -> None:
    """Fail unless the bracket holds the right value, and is as narrow as promised."""
    assert Fraction(result.lower) <= right <= Fraction(result.upper)
    assert result.lower <= result.value <= result.upper
    assert result.certificate.ok, result.certificate.failures
    assert result.upper - result.lower <= 1e-9 * result.certificate.scale


@pytest.mark.parametrize("name", HARD)
def test_hard_games_are_bracketed(name: str) -> None:
    game, procedure, right = HARD[name]
    assert_bracketed(any_solve(game, procedure), right)


def test_full_information_is_read_off_the_signs_of_the_utilities() -> None:
    game, _, _ = HARD["a ruinous action"]
    assert game.payoff_with_full_information() == pytest.approx(0.4, abs=1e-15)


@pytest.mark.parametrize(
    ("table", "cutoffs", "procedure", "rounded"),
    [
        (
            {"LL": Fraction(6, 10**7), "LH": Fraction(4, 10**8), "HL": Fraction(3, 10**7)},
            [Fraction("0.999999"), Fraction("0.99")],
            "simultaneous",
            0.6400300030,
        ),
        (
            {"LL": Fraction(9, 10**9), "LH": Fraction(2, 10**6), "HL": Fraction(8, 10**10)},
            [Fraction("0.999"), Fraction("0.99999999")],
            "flexible",
            0.982009,
        ),
    ],
)
def test_extreme_cutoffs_are_bracketed(
    table: dict[str, Fraction], cutoffs: list[Fraction], procedure: str, rounded: float
) -> None:
    game, written = thresholds(table, cutoffs)
    right = game_value(procedure, **written)
    assert float(right) == pytest.approx(rounded, abs=1e-10)
    assert_bracketed(any_solve(game, procedure), right)


@pytest.mark.parametrize("procedure", PROCEDURES)
@pytest.mark.parametrize("power", range(-12, 13, 4))
def test_units_of_utility_and_payoff_change_nothing(procedure: str, power: int) -> None:
    unit = Fraction(10) ** power
    utility = [[[0, 0, 0], [-1, 2, -3]], [[0, 1, -1], [2, -1, -1], [0, 0, 0]]]
    payoffs = [[0, 1], [0, 2, -1]]

    def game(of_utility: Fraction, of_payoff: Fraction) -> PersuasionGame:
        return PersuasionGame(
            ["1/2", "3/10", "1/5"],
            [
                Receiver.from_utility(
                    [[of_utility * v for v in row] for row in u],
                    [of_payoff * v for v in p],
                    about=0,
                )
                for u, p in zip(utility, payoffs, strict=True)
            ],
        )

    plain = any_solve(game(Fraction(1), Fraction(1)), procedure)
    rescaled = any_solve(game(unit, unit), procedure)
    assert rescaled.value == pytest.approx(plain.value * float(unit), rel=1e-12)
    assert rescaled.certificate.ok


@pytest.mark.parametrize("power", range(-12, 13, 3))
def test_a_small_violation_is_refused_at_every_scale(power: int) -> None:
    """A millionth of what is at stake, whatever the probability and the utilities."""
    rare = Fraction(1, 10 ** max(2, abs(power)))
    unit = Fraction(10) ** power
    game = PersuasionGame(
        [1 - 2 * rare, rare, rare],
        Receiver.from_utility([[0, 0, 0], [-unit, -unit, unit]], [0, 1]),
    )
    result = solve(game, "simultaneous")
    experiment = result.experiment
    accepted = int(np.flatnonzero(experiment.actions[:, 0] == 1)[0])
    state = int(np.argmax(experiment.joint[accepted] * np.array([1, 1, 0])))
    for sign, fine in ((-1, True), (1, False)):
        joint = experiment.joint.copy()
        moved = sign * 4e-6 * joint[accepted, state]
        joint[accepted, state] += moved
        joint[1 - accepted, state] -= moved
        changed = replace(experiment, joint=joint)
        checked = certify_experiment(game, changed, result.value + moved)
        assert (checked.obedience_residual <= 1e-9) == fine, checked
        if not fine:
            assert checked.obedience_residual == pytest.approx(2e-6, rel=1e-3)
            assert any("obedience" in failure for failure in checked.failures)


def obeyed_exactly(result: GameResult) -> bool:
    """Whether every row holds for the experiment's floats and the utilities as written."""
    game, e = result.problem, result.experiment
    for i, cones in enumerate(game.written_numbers.cones):
        own = game.own_states[i][e.support]
        labels = e.information_labels(i)
        for label in range(labels.max() + 1):
            paths = np.flatnonzero(labels == label)
            measure = [Fraction(0)] * game.receivers[i].state_count
            for path in paths:
                for state, mass in zip(own, e.joint[path], strict=True):
                    measure[state] += Fraction(float(mass))
            for row in cones[e.actions[paths[0], i]]:
                if sum(d * m for d, m in zip(row, measure, strict=True)) < 0:
                    return False
    return True


def test_random_harsh_games_are_bracketed_and_obeyed_exactly() -> None:
    rng = np.random.default_rng(20)

    def drawn(*numbers: Fraction) -> Fraction:
        return numbers[int(rng.integers(len(numbers)))]

    for _ in range(25):
        rarities = [drawn(Fraction(1), Fraction(1, 100), Fraction(1, 10**8)) for _ in range(3)]
        weights = [int(rng.integers(1, 10)) * rarity for rarity in rarities]
        table = dict(zip(("LL", "LH", "HL"), [w / 30 for w in weights], strict=True))
        edges = (Fraction(1, 2), Fraction(7, 10), Fraction("0.9999"), Fraction("1e-7"))
        game, written = thresholds(table, [drawn(*edges), drawn(*edges)])
        for procedure in PROCEDURES:
            result = solve(game, procedure)
            assert_bracketed(result, game_value(procedure, **written))
            assert result.certificate.route == "exact" or obeyed_exactly(result)


def knife_edge() -> PersuasionGame:
    """Both accept in the same profile only if both are exactly indifferent."""
    return PersuasionGame(
        from_table({"LH": "1/3", "HL": "2/3"}),
        [Receiver.threshold("7/10"), Receiver.threshold("3/10")],
        payoff=[[0, 0], [0, 1]],
    )


def test_a_knife_edge_is_solved_exactly_without_being_asked() -> None:
    result = solve(knife_edge(), "simultaneous")
    assert result.certificate.route == "exact"
    assert_bracketed(result, Fraction(20, 21))
    assert math.nextafter(result.lower, math.inf) >= result.upper
    assert result.to_dict()["certificate"]["route"] == "exact"
    assert result.certificate.economic.obedience_residual <= 1e-15


def test_a_prior_that_sums_to_one_up_to_rounding_is_solved_exactly_too() -> None:
    prior = [[0.0, 0.33333333333333337], [0.6666666666666666, 0.0]]
    receivers = [Receiver.threshold(0.7), Receiver.threshold(0.3)]
    game = PersuasionGame(prior, receivers, payoff=[[0, 0], [0, 1]])
    right = min(
        Fraction("0.33333333333333337"), Fraction("0.6666666666666666") * Fraction(3, 7)
    ) * Fraction(10, 3)
    result = solve(game, "simultaneous")
    assert result.certificate.route == "exact"
    assert_bracketed(result, right)


def test_where_exact_arithmetic_refuses_the_error_carries_the_bracket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("persuasion_lp.lp.exact.EXACT_ROWS", 1)
    with pytest.raises(errors.CertificateError, match="state it with fewer") as caught:
        solve(knife_edge(), "simultaneous")
    bracket = caught.value.certificate
    assert Fraction(bracket.lower) <= Fraction(20, 21) <= Fraction(bracket.upper)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_where_the_solver_fails_exact_arithmetic_answers(
    procedure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    game, written = thresholds(
        {"LL": Fraction(1, 5), "LH": Fraction(3, 10), "HL": Fraction(1, 10)},
        [Fraction(1, 2), Fraction(3, 5)],
    )

    def failing(*_: Any, **__: Any) -> None:
        raise errors.SolverFailureError("HiGHS ended with status 'Unknown'")

    monkeypatch.setattr("persuasion_lp.families.games.runs.optimize_lp", failing)
    result = any_solve(game, procedure)
    assert result.certificate.route == "exact"
    assert_bracketed(result, game_value(procedure, **written))
    monkeypatch.setattr("persuasion_lp.lp.exact.EXACT_ROWS", 1)
    with pytest.raises(errors.CertificateError, match="exact arithmetic refuses") as caught:
        any_solve(game, procedure)
    bracket = caught.value.certificate
    assert Fraction(bracket.lower) <= Fraction(result.value) <= Fraction(bracket.upper)


def test_ordinary_games_are_bracketed_to_a_few_units() -> None:
    game, _ = thresholds(
        {"LL": Fraction(1, 5), "LH": Fraction(3, 10), "HL": Fraction(1, 10)},
        [Fraction(1, 2), Fraction(3, 5)],
    )
    for procedure in PROCEDURES:
        result = solve(game, procedure)
        assert result.certificate.route == "float"
        assert result.upper - result.lower <= 5e-14
