"""Procedures side by side: the frame has the answers' numbers, the picture says their brackets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt

import persuasion_lp as plp
from persuasion_lp import plots
from persuasion_lp.plots.procedures import _in_numbers

JUDGES = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
MANAGER = plp.ManagerProblem(plp.StateGrid([0.2, 0.6, 1.0]), 0.5, [1.2, 1.6])
VOTE = plp.VotingGame([[0.1, 0.4], [0.4, 0.1]], [0.7, 0.8], 1)
WAVE = plp.BeliefGame(0.35, [plp.BeliefFunction(lambda x: np.sin(9 * x), lipschitz=9.0)], grid=10)
UNBOUNDED = plp.BeliefGame(0.35, [lambda x: np.sin(9 * x)], grid=10)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


@pytest.mark.parametrize("problem", [JUDGES, MANAGER, VOTE, WAVE])
def test_the_frame_has_every_bracket_of_the_comparison(problem: object) -> None:
    comparison = plp.compare(problem)
    frame = plots.data.procedures(comparison)
    shown = frame[frame.part == "procedure"]
    assert list(shown["name"]) == list(comparison.results)
    for row, result in zip(shown.itertuples(), comparison.results.values(), strict=True):
        assert (row.lower, row.value, row.upper) == (result.lower, result.value, result.upper)
    lines = frame[frame.part == "reference"].set_index("name")
    some = next(iter(comparison.results.values()))
    assert lines.loc["no information", "value"] == some.no_information
    if "first_best" in comparison.results:
        assert lines.loc["first best", "upper"] == comparison.results["first_best"].upper
    else:
        assert lines.loc["full information", "value"] == some.full_information


def test_a_problem_is_compared() -> None:
    once, twice = plots.data.procedures(JUDGES), plots.data.procedures(plp.compare(JUDGES))
    assert once.equals(twice)


def test_the_order_found_is_in_the_frame_by_names() -> None:
    frame = plots.data.procedures(JUDGES).set_index("name")
    assert frame.loc["sequential", "order"] == ("receiver 0", "receiver 1")
    assert frame.loc["simultaneous", "order"] is None


def test_nothing_above_is_no_number_and_an_arrow() -> None:
    frame = plots.data.procedures(UNBOUNDED)
    shown = frame[frame.part == "procedure"]
    assert shown["upper"].isna().all()
    assert list(frame[frame.part == "reference"]["name"])[1] == "full information"
    words = [text.get_text() for text in plots.procedures(UNBOUNDED).texts]
    assert sum(word.startswith("at least ") for word in words) == len(shown)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((1.0, 1.0, 1.0), "1, width 0"),
        ((1.15625, 1.15625, 1.15625 + 3e-14), "1.15625, width < $10^{-13}$"),
        ((0.12345678, 0.13, 0.13456712), "[0.123456, 0.134568]"),
        ((-0.12345611, 0.0, 0.5), "[-0.123457, 0.5]"),
        ((0.9999999, 0.9999999, np.nan), "at least 0.999999"),
    ],
)
def test_brackets_are_rounded_outwards(ends: tuple[float, float, float], words: str) -> None:
    assert _in_numbers(*ends) == words


def test_bars_reach_both_ends() -> None:
    axes = plots.procedures(WAVE)
    frame = plots.data.procedures(WAVE)
    bars: list[Any] = list(axes.collections)
    ends = [tuple(bar.get_segments()[0][:, 0]) for bar in bars]
    shown = frame[frame.part == "procedure"]
    expected = list(zip(shown["lower"], shown["upper"], strict=True))
    assert np.allclose(ends, expected, rtol=0, atol=1e-12)


def test_what_is_not_compared_is_refused() -> None:
    with pytest.raises(plp.errors.InputError, match=r"a comparison of procedures, or a problem"):
        plots.procedures(plp.solve(JUDGES, "simultaneous"))
