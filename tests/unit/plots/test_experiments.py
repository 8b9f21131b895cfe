"""Experiments as tables: conditional probabilities, summed over orders, of possible states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

import persuasion_lp as plp
from persuasion_lp import plots
from persuasion_lp.plots.experiments import _told_apart, share_text

JUDGES = plp.PersuasionGame(
    [[0, 0.5], [0.5, 0]],
    [plp.Receiver.threshold(0.8, action_labels=["acquit", "convict"])] * 2,
    state_labels=["innocent", "guilty"],
)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def many(n: int) -> plp.GameResult:
    """An answer with many states and profiles."""
    prior = np.random.default_rng(0).dirichlet(np.ones(2**n)).reshape((2,) * n)
    receivers = [plp.Receiver.threshold(0.6 + 0.03 * k) for k in range(n)]
    return plp.solve(plp.PersuasionGame(prior, receivers), "simultaneous")


@pytest.mark.parametrize("procedure", ["simultaneous", "sequential", "flexible", "first_best"])
def test_the_frame_is_the_experiment(procedure: Any) -> None:
    result = plp.solve(JUDGES, procedure)
    frame = plots.data.experiment(result)
    overall = frame[frame.part == "overall"]
    assert dict(zip(overall["actions"], overall["probability"], strict=True)) == pytest.approx(
        dict(result.profiles), abs=1e-15
    )
    assert overall["probability"].is_monotonic_decreasing
    cells = frame[frame.part == "cell"]
    assert cells.groupby("state", sort=False)["probability"].sum().to_numpy() == pytest.approx(1)
    assert cells["state"].unique().tolist() == ["innocent, guilty", "guilty, innocent"]
    back = (cells["prior"] * cells["probability"]).groupby(cells["actions"]).sum()
    assert back.to_dict() == pytest.approx(dict(result.profiles), abs=1e-15)


def test_each_cell_is_that_of_its_own_state_and_profile() -> None:
    result = many(3)
    cells = plots.data.experiment(result).query("part == 'cell'")
    told, names = result.experiment, result.problem.state_names
    kernel = told.kernel.reshape(len(told.actions), -1)
    for row in cells.itertuples():
        on = (told.actions == row.actions).all(axis=1)
        expected = kernel[on, names.index(row.state)].sum()
        assert row.probability == pytest.approx(expected, abs=1e-14)
        assert row.prior == told.prior.ravel()[names.index(row.state)]


def test_orders_are_summed_over() -> None:
    result = plp.solve(JUDGES, "flexible")
    assert len(result.experiment.actions) > len(result.profiles)
    frame = plots.data.experiment(result)
    assert (frame.part == "overall").sum() == len(result.profiles)


def test_what_is_left_out_is_said() -> None:
    said = plots.experiment(many(6)).get_xlabel()
    assert "the likeliest 24 of 64 states" in said
    assert "the likeliest 12 of " in said
    assert plots.experiment(plp.solve(JUDGES, "sequential")).get_xlabel() == ""


@pytest.mark.parametrize(
    ("chance", "digits", "text"),
    [
        (0.375, 3, "0.375"),
        (1.0, 2, "1"),
        (1e-4, 2, "<.01"),
        (1e-4, 3, "<.001"),
        (0.9999, 2, ">.99"),
        (1 - 1e-12, 2, "1"),
    ],
)
def test_rare_is_not_never_and_likely_not_certain(chance: float, digits: int, text: str) -> None:
    assert share_text(chance, digits) == text


def test_states_are_told_apart_however_long_their_names() -> None:
    assert _told_apart(["low", "high"], [0, 1]) == ["low", "high"]
    assert _told_apart(["(0, 0, 0, 0, 0, 1)"], [1]) == ["(0,0,0,0,0,1)"]
    alike = ["a state of the first kind", "a state of the first sort"]
    assert _told_apart(alike, [3, 7]) == ["state 3", "state 7"]


def test_what_has_no_recommendations_is_refused() -> None:
    with pytest.raises(plp.errors.InputError, match=r"plots\.procedures shows this one"):
        plots.experiment(JUDGES)
