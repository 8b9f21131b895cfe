"""Results of games: values, stages, prices, multipliers, what is printed, and bad settings."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, SolverOptions, errors, priors, solve
from tests.support import PROCEDURES, any_solve, assert_certified, assert_close

T = Receiver.threshold
EXAMPLE_1 = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8)] * 2)
EXAMPLE_2 = PersuasionGame(priors.perfectly_correlated(0.5, 2), [T(0.6), T(0.8)])


def test_example_2_in_full() -> None:
    """KKS Example 2: posteriors 0 and 3/5, then 0 and 4/5."""
    result = solve(EXAMPLE_2, "sequential", order=(0, 1))
    assert_certified(result)
    assert result.value == pytest.approx(35 / 24, abs=1e-15)
    assert Fraction(result.lower) <= Fraction(35, 24) <= Fraction(result.upper)
    assert result.upper - result.lower <= 5e-14
    assert result.order == (0, 1)
    assert result.profiles == pytest.approx({(0, 0): 1 / 6, (1, 0): 5 / 24, (1, 1): 5 / 8})
    first, second = result.information_sets
    assert [known.seen for known in first] == [((0, 0),), ((0, 1),)]
    np.testing.assert_allclose([known.posterior[1] for known in first], [0, 0.6], atol=1e-12)
    np.testing.assert_allclose(result.posteriors[1][:, 1], [0, 0, 0.8], atol=1e-12)
    assert [known.seen for known in second][-1] == ((0, 1), (1, 1))
    assert result.no_information == 0
    assert result.full_information == 1
    # H moves both; one more unit of L can be pooled with nothing: it pays 0
    np.testing.assert_allclose(np.diag(result.prices), [0, 35 / 12], atol=1e-12)


def test_stages_are_the_public_signals() -> None:
    stages = solve(EXAMPLE_2, "sequential", order=(0, 1)).experiment.stages()
    assert [stage.messages for stage in stages] == [
        (((0, 0),), ((0, 1),)),
        (((0, 0), (1, 0)), ((0, 1), (1, 0)), ((0, 1), (1, 1))),
    ]
    np.testing.assert_allclose(stages[0].kernel[1][[0, 1], [0, 1]], [2 / 3, 1], atol=1e-12)
    np.testing.assert_allclose(stages[1].kernel[2][[0, 1], [0, 1]], [3 / 8, 1], atol=1e-12)


def test_flexible_paths_say_who_acted_first() -> None:
    result = solve(EXAMPLE_1, "flexible")
    assert {tuple(order) for order in result.experiment.orders.tolist()} == {(0, 1), (1, 0)}
    for sets in result.information_sets:
        beliefs = np.array([known.posterior[1] for known in sets])
        assert np.all(np.isclose(beliefs, 0, atol=1e-9) | np.isclose(beliefs, 0.8, atol=1e-9))


def test_private_messages_leave_first_best_posteriors() -> None:
    result = solve(EXAMPLE_1, "first_best")
    for beliefs in result.posteriors:
        np.testing.assert_allclose(beliefs[:, 1], [0, 0.8], atol=1e-12)


def test_the_kernel_is_a_kernel_in_every_state() -> None:
    for name in PROCEDURES:
        e = solve(EXAMPLE_1, name).experiment
        np.testing.assert_allclose(e.kernel.sum(axis=0), 1)
        joint = e.kernel * e.prior
        np.testing.assert_allclose(joint.sum(axis=0), e.prior)
        np.testing.assert_allclose(e.posteriors.sum(axis=(1, 2)), 1)


def test_multipliers_are_the_gain_from_relaxing_obedience() -> None:
    """The prosecutor: one unit of slack in obedience is worth 2 convictions."""
    result = solve(PersuasionGame([0.7, 0.3], [T(0.5)]), "simultaneous")
    np.testing.assert_allclose(result.multipliers["obedience[0|0]"], [2])
    np.testing.assert_allclose(result.prices, [0, 2], atol=1e-12)


def test_prices_support_the_value_at_other_priors() -> None:
    """Also in states of probability zero."""
    for name in PROCEDURES:
        prices = solve(EXAMPLE_1, name).prices
        for seed in range(5):
            mu = np.random.default_rng(seed).dirichlet(np.ones(4)).reshape(2, 2)
            other = PersuasionGame(mu, EXAMPLE_1.receivers)
            assert (prices * mu).sum() >= solve(other, name, **_first_order(name)).value - 1e-9


def _first_order(name: Any) -> dict[str, Any]:
    return {"order": (0, 1)} if name == "sequential" else {}


@pytest.mark.parametrize("name", PROCEDURES)
def test_one_receiver_gets_the_same_from_every_procedure(name: Any) -> None:
    game = PersuasionGame([0.7, 0.3], [T(0.5)])
    assert_close(solve(game, name).value, 0.6)


def test_results_print_in_six_lines_with_six_digits() -> None:
    text = repr(solve(EXAMPLE_2, "sequential"))
    assert len(text.splitlines()) == 6
    assert "1.45833333" in text
    assert "order (0, 1)" in text


def test_frames_and_dictionaries() -> None:
    result = solve(EXAMPLE_2, "sequential")
    frame = result.to_frame()
    assert frame["probability"].sum() == pytest.approx(1)
    assert list(frame.columns) == [
        "order",
        "actions",
        "probability",
        "state (0, 0)",
        "state (1, 1)",
    ]
    plain = json.loads(json.dumps(result.to_dict()))
    assert plain["value"] == result.value
    assert plain["certificate"]["ok"] is True
    assert plain["experiment"]["states"] == [[0, 0], [1, 1]]


@pytest.mark.parametrize("name", PROCEDURES)
@pytest.mark.parametrize("algorithm", ["dual-simplex", "primal-simplex", "ipm"])
def test_the_algorithm_can_be_named(name: Any, algorithm: Any) -> None:
    result = solve(EXAMPLE_1, name, options=SolverOptions(algorithm=algorithm))
    assert result.algorithm == algorithm
    assert_close(result.value, solve(EXAMPLE_1, name).value)


@pytest.mark.parametrize(
    ("procedure", "settings", "kind", "field"),
    [
        ("public", {}, errors.ProcedureError, "procedure"),
        ("sequential", {"order": (0, 0)}, errors.OrderError, "order"),
        ("sequential", {"order": (0,)}, errors.OrderError, "order"),
        ("sequential", {"order": (0, 2)}, errors.OrderError, "order"),
        ("sequential", {"order": "worst"}, errors.OrderError, "order"),
        ("sequential", {"order": (0, 1.5)}, errors.OrderError, "order"),
        ("flexible", {"order": (0, 1)}, errors.OrderError, "order"),
        ("sequential", {"formulation": "flat"}, errors.OptionError, "formulation"),
    ],
)
def test_bad_settings_are_named(
    procedure: Any, settings: dict[str, Any], kind: type[errors.InputError], field: str
) -> None:
    with pytest.raises(kind) as caught:
        solve(EXAMPLE_1, procedure, **settings)
    assert caught.value.field == field


def test_an_unknown_procedure_lists_the_valid_ones() -> None:
    with pytest.raises(errors.ProcedureError, match=", ".join(PROCEDURES)):
        any_solve(EXAMPLE_1, "best")


@pytest.mark.parametrize("scale", [1e-12, 1e-9, 1e9, 1e12])
@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "flexible", "first_best"])
def test_receivers_on_very_different_payoff_scales(procedure: Any, scale: float) -> None:
    """No row of the receiver of small payoffs is left out on the strength of his payoffs alone."""
    game = PersuasionGame(
        [["2/5", 0], [0, "3/5"]],
        [
            Receiver(["288/997", "766/997"], [3, -2, Fraction(-697, 997)]),
            Receiver.threshold("4/5", [0, Fraction(scale) / 10]),
        ],
    )
    result = solve(game, procedure)
    assert result.certificate.ok
    assert_close(result.value, float(result.exact().value), result.value, tolerance=1e-9)
