"""Brackets by size, and values over two axes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt

import persuasion_lp as plp
from persuasion_lp import plots
from persuasion_lp.errors import InputError, OptionError
from persuasion_lp.plots.tables import _edges
from tests.shown_pictures import brackets, smooth, swept


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def test_errors_on_both_sides_of_the_truth() -> None:
    given, frame = brackets(), plots.data.convergence(brackets())
    for family, own in given.groupby("family"):
        sides = frame[frame.family == family].set_index("side")["error"]
        assert sides["below"].tolist() == (1 - own["lower"]).tolist()
        assert sides["above"].tolist() == (own["upper"] - 1).tolist()
        assert sides["textbook"].tolist() == (1 - own["textbook"]).abs().tolist()
    assert (frame[(frame.family == "rough") & (frame.side == "below")]["error"] == 0).all()


def test_without_a_truth_there_is_a_width() -> None:
    result = plp.solve(smooth(), "simultaneous", tol=1e-3)
    frame = plots.data.convergence(result)
    assert set(frame["side"]) == {"width"}
    widths = [float(step.upper or np.nan) - step.lower for step in result.refinements]
    assert frame["error"].tolist() == widths
    assert frame["n"].tolist() == [step.beliefs for step in result.refinements]
    assert plots.convergence(result).get_ylabel() == "width"


def test_exact_brackets_are_drawn_on_their_line() -> None:
    exact = pd.DataFrame({"n": [1, 2], "lower": [1.0, 1.0], "upper": [1.0, 1.0]})
    axes = plots.convergence(exact)
    assert "exact" in [text.get_text() for text in axes.texts]
    lines: list[Any] = list(axes.lines)
    drawn = [line for line in lines if line.get_marker() == "o" and len(line.get_xdata())]
    assert [len(line.get_xdata()) for line in drawn] == [2]
    assert drawn[0].get_markerfacecolor() == "white"


def test_a_map_holds_every_cell() -> None:
    gain = swept().gain("sequential", "simultaneous")
    frame = plots.data.phase(gain)
    assert frame["value"].equals(gain["value"])
    assert frame["x"].tolist() == gain["receivers[0].threshold"].tolist()
    assert frame["y"].tolist() == gain["receivers[1].threshold"].tolist()
    assert (frame["known"] == "failed").tolist() == gain["error"].notna().tolist()
    turned = plots.data.phase(gain, x="receivers[1].threshold")
    assert turned["x"].tolist() == frame["y"].tolist()
    assert turned["y"].tolist() == frame["x"].tolist()


def test_cells_whose_sign_is_not_proved_are_told() -> None:
    table = pd.DataFrame(
        {
            "a": [0, 0, 1, 1],
            "b": ["low", "high", "low", "high"],
            "value": [0.0, 1.0, np.nan, -1.0],
            "lower": [-1e-9, 0.5, np.nan, -1.1],
            "upper": [1e-9, 1.5, np.nan, -0.9],
        }
    )
    assert plots.data.phase(table)["known"].tolist() == ["sign unknown", "yes", "failed", "yes"]
    axes = plots.phase(table)
    assert [text.get_text() for text in axes.get_yticklabels()] == ["high", "low"]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "no value",
        "0 in the bracket, of width < $10^{-8}$",
    ]


def test_a_sweep_of_one_procedure_is_a_map() -> None:
    game = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
    axes = {"receivers[0].threshold": [0.6, 0.8], "receivers[1].threshold": [0.7, 0.9]}
    one = plp.sweep(game, axes, "sequential", progress=False)
    assert plots.data.phase(one)["value"].equals(one.to_frame()["value"])
    assert plots.phase(one).get_xlabel() == "receivers[0].threshold"
    with pytest.raises(InputError, match="under one procedure"):
        plots.phase(swept())


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"x": "c"}, OptionError, "must be one of a, b"),
        ({"x": "a", "y": "a"}, OptionError, "another axis than x"),
    ],
)
def test_axes_that_there_are_not_are_refused(given: Any, error: Any, told: str) -> None:
    table = pd.DataFrame({"a": [0, 1], "b": [0, 1], "value": [0.0, 1.0]})
    with pytest.raises(error, match=told):
        plots.data.phase(table, **given)


def test_tables_that_are_none_are_refused() -> None:
    twice = pd.DataFrame({"a": [0, 0], "b": [1, 1], "c": [0, 1], "value": [0.0, 1.0]})
    with pytest.raises(OptionError, match="one row for each a and b"):
        plots.phase(twice)
    plots.phase(twice, y="c")
    for table in (pd.DataFrame(), pd.DataFrame({"value": [1.0]}), {"a": [1]}):
        for picture in (plots.phase, plots.convergence):
            with pytest.raises(InputError, match="must be"):
                picture(table)


def test_cells_end_halfway_between_values() -> None:
    assert _edges(np.array([0.0, 1.0, 3.0])).tolist() == [-0.5, 0.5, 2.0, 4.0]
    assert _edges(np.array(["x", "y"])).tolist() == [-0.5, 0.5, 1.5]
    assert _edges(np.array([2])).tolist() == [1.5, 2.5]
