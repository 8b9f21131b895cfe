"""Answers: what is told, believed, gained and paid; certificates that fail when they should."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import persuasion_lp as plp
from persuasion_lp.errors import CertificateError, PayoffError
from persuasion_lp.families.bayesian.certificate import certify_recommendation

F = Fraction
SOLVE: Any = plp.solve
CHICKEN = plp.BayesianGame.from_table(
    [[(0, 0), (7, 2)], [(2, 7), (6, 6)]],
    names=["row", "column"],
    action_labels=[["dare", "yield"]] * 2,
)
FIRMS = plp.read("examples/two_firms.toml")


@pytest.fixture(scope="module")
def told() -> plp.BayesianResult:
    return plp.solve(CHICKEN, "bce")


def test_who_is_told_what_and_believes_what(told: plp.BayesianResult) -> None:
    assert told.profiles == pytest.approx({(1, 1): 0.5, (0, 1): 0.25, (1, 0): 0.25})
    assert told.payoffs == pytest.approx([5.25, 5.25])
    belief = told.belief(0, 1)
    assert belief[1, :, 0] == pytest.approx([1 / 3, 2 / 3])
    assert belief[0].sum() == 0
    assert np.isnan(SOLVE(CHICKEN, "bce", sense="min").belief(0, 0)).sum() in (0, 4)
    with pytest.raises(PayoffError, match="player must be a whole number from 0 to 1"):
        told.belief(2, 0)
    with pytest.raises(PayoffError, match="action"):
        told.belief(0, 2)
    frame = told.to_frame()
    assert frame["actions"].tolist()[0] == ("yield", "yield")
    json.dumps(told.to_dict())


def test_deviations_name_player_action_and_price(told: plp.BayesianResult) -> None:
    dearest = told.deviations[0]
    assert (dearest.player, dearest.told, dearest.instead) == ("row", "yield", "dare")
    assert dearest.binds
    assert dearest.gain == 0
    assert dearest.price == pytest.approx(0.75)
    assert {one.gain for one in told.deviations} == {0.0, -0.25}


def test_misreports_are_deviations() -> None:
    result = SOLVE(FIRMS, "elicited")
    lies = [one for one in result.deviations if one.told.startswith("reports")]
    assert {one.told for one in lies} == {"reports gloomy", "reports hopeful"}
    assert any(one.binds for one in lies)
    text = result.describe()
    assert "reports" in text
    assert "would rather" in text
    for format_ in ("text", "markdown", "latex"):
        assert result.describe(format_)


@pytest.mark.parametrize("procedure", ["bce", "public", "elicited", "unelicited"])
def test_benchmarks_are_attainable(procedure: str) -> None:
    best = SOLVE(FIRMS, procedure)
    assert best.no_information <= best.value + 1e-12
    assert best.full_information <= best.value + 1e-12
    worst = SOLVE(FIRMS, procedure, sense="min")
    assert worst.value <= worst.no_information + 1e-12
    assert worst.lower <= worst.value <= worst.upper


def test_a_minimum_is_minus_the_maximum_of_minus_it() -> None:
    against = plp.BayesianGame(
        FIRMS.prior, FIRMS.utilities, -np.asarray(FIRMS.objective, dtype=float)
    )
    for procedure in ("bce", "public", "elicited", "unelicited"):
        least = SOLVE(FIRMS, procedure, sense="min")
        assert least.value == pytest.approx(-SOLVE(against, procedure).value, abs=1e-12)
        assert SOLVE(FIRMS, procedure, exact=True, sense="min").value == pytest.approx(least.value)


def test_prices_bound_other_priors() -> None:
    result = plp.solve(FIRMS, "bce")
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = rng.dirichlet(np.ones(8)).reshape(2, 2, 2)
        moved = plp.BayesianGame(other, FIRMS.utilities, FIRMS.objective, normalize=True)
        bound = float((result.prices * moved.prior).sum())
        assert plp.solve(moved, "bce").lower <= bound + 1e-9


def corrupted(joint: Any) -> float:
    """The largest gain from a deviation of what is told in chicken."""
    told = plp.solve(CHICKEN, "bce").experiment
    changed = replace(told, joint=np.asarray(joint, dtype=float).reshape(told.joint.shape))
    return certify_recommendation(CHICKEN, "bce", changed, 0.0).incentive_residual


def test_what_is_not_obedient_is_seen_however_rare() -> None:
    assert corrupted([0, 0.25, 0.25, 0.5]) == 0
    assert corrupted([1e-12, 0.25, 0.25, 0.5]) < 1e-9
    assert corrupted([0, 1e-15, 0, 1]) == pytest.approx(1)
    assert corrupted([1, 0, 0, 0]) == pytest.approx(1)
    assert corrupted([1e-14, 0, 0, 0]) == pytest.approx(1)


def test_a_certificate_belongs_to_its_answer(told: plp.BayesianResult) -> None:
    assert not replace(told, value=10.6).certificate.ok
    with pytest.raises(CertificateError):
        replace(told.certificate, upper=11.0).enforce()


def test_the_worst_equilibrium_says_who_is_made_to_act_by_whom() -> None:
    game = plp.BayesianGame(
        ["1/2", "1/2"],
        [
            [[[0, 0], [0, 0]], [["3/10", -1], ["2/5", "-9/10"]]],
            [[[0, 0], ["3/10", -1]], [[0, 0], ["2/5", "-9/10"]]],
        ],
        [[0, "1/2"], ["1/2", 1]],
    )
    result = plp.solve(game, "adversarial")
    told = result.experiment
    assert told.sequences is not None
    assert set(told.sequences) == {(0, 1), (1, 0), ()}
    assert result.deviations[0].told in ("to act", "not to act")
    assert "supremum" in result.describe()
    assert result.no_information == 0
    assert result.full_information == 0.5


def test_alike_firms_are_drawn_and_described() -> None:
    firms = plp.read("examples/fifty_firms.toml")
    result = SOLVE(firms, "bce")
    assert result.value == pytest.approx(130 / 151)
    drawn = [result.draw(0, np.random.default_rng(seed)) for seed in range(3)]
    assert all(actions.shape == (50,) for actions in drawn)
    assert result.payoff == 0
    assert result.counts == pytest.approx({(0, 50): 130 / 151, (50, 0): 21 / 151})
    assert "drawn at random" in result.describe()
    json.dumps(result.to_dict())
    assert list(result.to_frame().columns[:2]) == ["out", "invest"]
    with pytest.raises(plp.errors.PriorError, match="state"):
        result.draw(2, np.random.default_rng(0))


def test_floats_prove_what_rare_states_and_forbidden_actions_hide() -> None:
    """A state of probability 1e-12 with payoffs of 1e12, and an action that costs 1e9."""
    prior = [1 - 1e-12, 1e-12]
    utility = np.array([[[0, 0], [0, 0]], [[-1e9, -1e9], [-1e9, 1e12]]], dtype=float)
    game = plp.BayesianGame(
        prior, [utility, utility.transpose(1, 0, 2)], [[0, 0], [0, 1]], normalize=True
    )
    result = plp.solve(game, "bce")
    exact = float(plp.solve(game, "bce", exact=True).value)
    assert result.lower <= exact <= result.upper
    assert result.certificate.ok


def test_times_of_what_people_ask_for() -> None:
    """Two players, twenty actions each: the program's size is as stated, the answer proved."""
    rng = np.random.default_rng(0)
    utilities = [rng.integers(-9, 10, (20, 20, 2)) / 10 for _ in range(2)]
    result = plp.solve(plp.BayesianGame([0.5, 0.5], utilities), "bce")
    assert result.size.columns == 800
    assert result.certificate.gap <= 1e-9 * result.certificate.scale
    assert math.isclose(result.value, result.payoffs.sum(), rel_tol=1e-9)
