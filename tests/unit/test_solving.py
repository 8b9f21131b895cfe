"""Results, orders, certificates of the front door."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from persuasion_lp import PersuasionGame, Receiver, SolverOptions, compare, errors, priors, solve
from persuasion_lp.beliefs import Experiment
from persuasion_lp.families.games.certificate import certify_experiment
from persuasion_lp.families.games.decoding import decode_experiment
from tests.support import PROCEDURES, assert_certified, assert_close

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
    np.testing.assert_allclose(result.multipliers[0]["obedience[0|0]"], [2])
    np.testing.assert_allclose(result.prices, [0, 2], atol=1e-12)


def test_prices_support_the_value_at_other_priors() -> None:
    """Also in states of probability zero."""
    for name in PROCEDURES:
        prices = solve(EXAMPLE_1, name).prices
        for seed in range(5):
            mu = np.random.default_rng(seed).dirichlet(np.ones(4)).reshape(2, 2)
            other = PersuasionGame(mu, EXAMPLE_1.receivers)
            assert (prices * mu).sum() >= solve(other, name, **_first_order(name)).value - 1e-9


def _first_order(name: str) -> dict[str, Any]:
    return {"order": (0, 1)} if name == "sequential" else {}


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_best_order_is_the_best_of_all_orders(n: int) -> None:
    import itertools

    rng = np.random.default_rng(n)
    for _ in range(4):
        prior = rng.dirichlet(np.full(2**n, 0.2)).reshape((2,) * n)
        game = PersuasionGame(prior, [Receiver([0.4, 0.7], rng.normal(size=3)) for _ in range(n)])
        every = {
            order: solve(game, "sequential", order=order).value
            for order in itertools.permutations(range(n))
        }
        best = solve(game, "sequential")
        assert_close(best.value, max(every.values()))
        assert best.order is not None
        assert_close(every[best.order], max(every.values()))


def test_equal_receivers_are_tried_once() -> None:
    game = PersuasionGame([0.5, 0.5], [T(0.7)] * 5)
    result = solve(game, "sequential")
    assert result.order == (0, 1, 2, 3, 4)
    assert result.programmes == 4


def test_ties_go_to_the_first_order() -> None:
    assert solve(EXAMPLE_1, "sequential").order == (0, 1)
    swapped = PersuasionGame(priors.perfectly_negative(0.5), [T(0.8), T(0.8, about=1)])
    assert solve(swapped, "sequential").order == (0, 1)


def test_the_intermediate_procedure_fixes_the_first_receiver() -> None:
    assert solve(EXAMPLE_2, "intermediate").order == (0,)
    flipped = PersuasionGame(EXAMPLE_2.prior, EXAMPLE_2.receivers[::-1])
    assert solve(flipped, "intermediate").order == (1,)


@pytest.mark.parametrize("name", PROCEDURES)
def test_one_receiver_gets_the_same_from_every_procedure(name: str) -> None:
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
def test_the_algorithm_can_be_named(name: str, algorithm: Any) -> None:
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
    procedure: str, settings: dict[str, Any], kind: type[errors.InputError], field: str
) -> None:
    with pytest.raises(kind) as caught:
        solve(EXAMPLE_1, procedure, **settings)
    assert caught.value.field == field


def test_an_unknown_procedure_lists_the_valid_ones() -> None:
    with pytest.raises(errors.ProcedureError, match=", ".join(PROCEDURES)):
        solve(EXAMPLE_1, "best")


def test_something_else_is_no_problem() -> None:
    with pytest.raises(errors.InputError, match="PersuasionGame"):
        solve([0.5, 0.5], "simultaneous")  # type: ignore[call-overload]


def tampered(experiment: Experiment, **changes: Any) -> Experiment:
    return dataclasses.replace(experiment, **changes)


def test_the_economic_certificate_refuses_what_is_wrong() -> None:
    """Each of its three checks fails on an experiment that breaks it alone."""
    result = solve(EXAMPLE_2, "sequential", order=(0, 1))
    e = result.experiment
    assert certify_experiment(EXAMPLE_2, e, result.value).ok

    more = certify_experiment(EXAMPLE_2, tampered(e, joint=e.joint * 1.001), result.value)
    assert any("Bayes" in failure for failure in more.failures)

    public = tampered(e, procedure="simultaneous")
    seen_through = certify_experiment(EXAMPLE_2, public, result.value)
    assert any("obedience" in failure for failure in seen_through.failures)
    assert seen_through.worst is not None

    claimed = certify_experiment(EXAMPLE_2, e, result.value + 1e-6)
    assert any("pays" in failure for failure in claimed.failures)

    flipped = tampered(e, actions=1 - e.actions)
    assert not certify_experiment(EXAMPLE_2, flipped, result.value).ok


def test_negative_probabilities_are_refused() -> None:
    result = solve(EXAMPLE_2, "sequential", order=(0, 1))
    joint = result.experiment.joint.copy()
    joint[0] -= 0.01
    joint[1] += 0.01
    broken = tampered(result.experiment, joint=joint)
    assert not certify_experiment(EXAMPLE_2, broken, result.value).ok


def test_a_result_whose_certificate_fails_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    honest = decode_experiment

    def wrong(*arguments: Any, **settings: Any) -> Experiment:
        e = honest(*arguments, **settings)
        return tampered(e, actions=1 - e.actions)

    answers = "persuasion_lp.families.games.proof.answers"
    monkeypatch.setattr(f"{answers}.decode_experiment", wrong)
    with pytest.raises(errors.CertificateError, match="not proved"):
        solve(EXAMPLE_1, "sequential", order=(0, 1))


def test_compare_shows_every_procedure_and_checks_their_order() -> None:
    table = compare(EXAMPLE_1)
    assert [r.value for r in table.results.values()] == pytest.approx(
        [1, 1.15625, 1.15625, 1.25, 1.25]
    )
    assert all(check.holds for check in table.checks)
    assert any("Theorem 1" in check.statement for check in table.checks)
    assert list(table.to_frame().index) == list(PROCEDURES)
    json.dumps(table.to_dict())
    assert "holds: simultaneous ≤ sequential" in repr(table)


def test_compare_knows_when_public_signals_suffice() -> None:
    checks = compare(PersuasionGame(np.full((2, 2), 0.25), [T(0.6), T(0.8)])).checks
    assert checks[-1].statement == "simultaneous = sequential = first_best (KKS Theorem 1)"
    assert checks[-1].holds


def test_compare_refuses_values_that_contradict_theory(monkeypatch: pytest.MonkeyPatch) -> None:
    def lying(game: PersuasionGame, name: str, **settings: Any) -> Any:
        result = solve(game, name, **settings)
        if name != "simultaneous":
            return result
        certificate = dataclasses.replace(result.certificate, lower=2.0, upper=2.0)
        return dataclasses.replace(result, value=2.0, certificate=certificate)

    monkeypatch.setattr(sys.modules["persuasion_lp.compare"], "solve", lying)
    with pytest.raises(errors.CertificateError, match="simultaneous ≤ sequential"):
        compare(EXAMPLE_1)


def test_importing_stays_light() -> None:
    heavy = "cvxpy, matplotlib, pandas, scipy.optimize, scipy.spatial, scipy.stats"
    code = (
        f"import sys, persuasion_lp; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("scale", [1e-12, 1e-9, 1e9, 1e12])
@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "flexible", "first_best"])
def test_receivers_on_very_different_payoff_scales(procedure: str, scale: float) -> None:
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
