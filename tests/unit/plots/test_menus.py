"""Menus of tests: bands, and the plane of all tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from matplotlib import pyplot as plt
from scipy import stats

import persuasion_lp as plp
from persuasion_lp import plots
from persuasion_lp.plots.experiments import share_text
from tests.shown_pictures import continuous_menu, menu


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_bands_are_the_tests_on_a_grid() -> None:
    result, frame = menu(), plots.data.tests(menu())
    grid: Any = result.problem.difficulty
    for piece, test in enumerate(result.tests):
        bands = frame[(frame.part == "band") & (frame.piece == piece)]
        assert test.proposal is not None
        told = dict(zip(bands["low"], bands["proposal"], strict=True))
        assert told == {
            state: chance
            for state, chance in zip(grid.states.tolist(), test.proposal.tolist(), strict=True)
            if chance > 0
        }
        masses = dict(zip(grid.states.tolist(), grid.masses.tolist(), strict=True))
        p = sum(masses[state] * chance for state, chance in told.items())
        q = sum(state * masses[state] * chance for state, chance in told.items()) / p
        about = frame[(frame.part == "test") & (frame.piece == piece)].iloc[0]
        assert (about["p"], about["q"]) == pytest.approx((p, q), abs=1e-12)
        assert about["takers"] == ("expert", "star")
    assert frame[frame.part == "excluded"]["takers"].tolist() == [("novice",)]
    assert frame[frame.part == "support"]["low"].tolist() == grid.states.tolist()


def test_bands_are_the_intervals_of_a_continuous_difficulty() -> None:
    result, frame = continuous_menu(), plots.data.tests(continuous_menu())
    (band,) = frame[frame.part == "band"].itertuples()
    assert (band.low, band.high) == result.tests[0].interval
    assert band.proposal == 1
    support = frame[frame.part == "support"].iloc[0]
    assert (support["low"], support["high"]) == (0, 1)


@pytest.mark.parametrize("answer", [menu, continuous_menu], ids=["grid", "interval"])
def test_the_plane_of_tests_is_that_of_lemma_3(answer: Any) -> None:
    result = answer()
    problem = result.problem
    frame: Any = plots.data.menu_region(result)
    rng = np.random.default_rng(4)
    curves = {part: frame[frame.part == part] for part in ("frontier", "floor", "trust")}
    for p in rng.uniform(0.05, 1, 40):
        most, least, trusted = (
            float(np.interp(p, curves[part]["p"], curves[part]["q"])) for part in curves
        )
        top = float(problem.difficulty.top_mean(p)) / p
        bottom = (problem.mean - float(problem.difficulty.top_mean(1 - p))) / p
        assert most == pytest.approx(top, abs=2e-3)
        assert least == pytest.approx(bottom, abs=2e-3)
        w = problem.payment
        assert trusted == pytest.approx(w + max(0.0, problem.mean - w) / p, abs=5e-3)
    for test in frame[frame.part == "test"].itertuples():
        assert float(np.interp(test.p, curves["floor"]["p"], curves["floor"]["q"])) <= test.q
        assert test.q <= float(np.interp(test.p, curves["frontier"]["p"], curves["frontier"]["q"]))
    for k, line in frame[frame.part == "indifference"].groupby("piece"):
        utility = (
            line["p"] * (problem.acceptance_cutoffs[int(float(str(k)))] - line["q"])
        ).to_numpy()
        assert utility == pytest.approx(utility[0], abs=1e-12)
    names = frame[frame.part == "indifference"]["type"].unique().tolist()
    assert names == list(problem.type_labels or [f"{x:g}" for x in problem.types])


def test_problems_without_an_answer_show_no_tests() -> None:
    frame = plots.data.menu_region(menu().problem)
    assert "test" not in set(frame["part"])
    types = frame[frame.part == "indifference"].groupby("type")
    assert all(np.ptp(curve["q"]) == 0 for _, curve in types)  # as good as no test: q = x w


def test_more_tests_and_types_than_are_drawn_are_counted() -> None:
    rng = np.random.default_rng(0)
    types = np.sort(rng.uniform(1, 2.2, 9))
    problem = plp.ManagerProblem(plp.StateDistribution.uniform(), 0.4, types.tolist())
    assert "curves of 5 of 9 types" in plots.menu_region(problem).get_xlabel()


def test_continuous_types_are_an_interval() -> None:
    problem = plp.ManagerProblem(stats.beta(2, 2), 0.5, stats.uniform(1, 0.8))
    result = plp.solve(problem, "single_test")
    frame: Any = plots.data.tests(result)
    (names,) = frame[frame.part == "test"]["takers"]
    lowest = result.tests[0].types[0]
    assert names == (f"in [{lowest:.6g}, 1.8]",)
    labels = [label.get_text() for label in plots.tests(result).get_yticklabels()]
    assert labels[0].startswith(f"type in [{lowest:.6g}, 1.")


def test_a_rare_proposal_does_not_read_as_none() -> None:
    states = plp.StateGrid([0.2, 0.6, 1.0], [0.5, 0.3, 0.2])
    result = plp.solve(plp.ManagerProblem(states, 0.5, [1.5199]), "menu")
    (split,) = [c for c in result.tests[0].proposal.tolist() if 0 < c < 1]  # type: ignore[union-attr]
    texts = [text.get_text() for text in plots.tests(result).texts]
    assert texts == ["<.01"]
    assert texts == [share_text(split, 2)]


def test_what_is_no_menu_is_refused() -> None:
    for picture in (plots.tests, plots.menu_region):
        with pytest.raises(plp.errors.InputError, match="manager's problem"):
            picture(plp.BeliefGame(0.5, [plp.Receiver.threshold(0.8)]))
