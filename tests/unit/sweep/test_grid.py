"""Instances, numbered."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

from persuasion_lp.errors import OptionError, TooLargeError
from persuasion_lp.sweep.grid import MOST_ROWS, check_rows, read_grid


def test_the_last_axis_runs_fastest() -> None:
    axes: dict[str, Any] = {
        "a": [1, 2, 3],
        "b": ["x", "y"],
        "c": [0.5, Fraction(1, 3), True, [1, [2]]],
    }
    grid = read_grid(axes)
    kept: list[Any] = [axes["a"], axes["b"], [0.5, Fraction(1, 3), True, (1, (2,))]]
    expected = list(itertools.product(*kept))
    assert len(grid) == 24
    assert [grid.instance(k) for k in range(24)] == expected
    assert list(zip(*(grid.column(i) for i in range(3)), strict=True)) == expected


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_rows_of_a_frame_are_instances(frame: Any) -> None:
    grid = read_grid(frame({"a": [1, 2, 2], "b": ["x", "y", "y"]}))
    assert [grid.instance(k) for k in range(len(grid))] == [(1, "x"), (2, "y"), (2, "y")]
    assert grid.column(1) == ["x", "y", "y"]


def test_arrays_are_read_as_numbers() -> None:
    grid = read_grid({"a": np.linspace(0, 1, 3), "b": np.array([[1, 2], [3, 4]])})
    assert grid.values == ((0.0, 0.5, 1.0), ((1, 2), (3, 4)))


@pytest.mark.parametrize(
    ("grid", "told"),
    [
        ({}, "at least one axis"),
        ({"a": []}, "grid['a'] must have at least one value"),
        ({"a": 3}, "grid['a'] must be a list of values"),
        ({"a": "abc"}, "grid['a'] must be a list of values"),
        ({"a": {1, 2}}, "grid['a'] must be a list of values"),
        ({"a": [1, object()]}, "grid['a', 1] must be numbers"),
        ({"value": [1]}, "must not have an axis named as a column"),
        ({3: [1]}, "must have axes with names"),
        (17, "must be a mapping of named axes, or a frame"),
        (pd.DataFrame({"a": []}), "at least one row"),
    ],
)
def test_what_is_no_grid_is_refused(grid: Any, told: str) -> None:
    with pytest.raises(OptionError, match="grid") as caught:
        read_grid(grid)
    assert told in str(caught.value).replace("grid[a", "grid['a'").replace("a, 1", "a', 1").replace(
        "'a]", "'a']"
    )


def test_sizes_are_known_before_anything_is_written_down() -> None:
    with pytest.raises(TooLargeError, match="4000 a, 4000 b"):
        read_grid({"a": range(4000), "b": range(4000)})
    with pytest.raises(TooLargeError, match=f"at most {MOST_ROWS} rows"):
        check_rows(read_grid({"a": range(3000), "b": range(3000)}), 2)
    with pytest.raises(OptionError, match="at most"):
        read_grid({"a": itertools.count()})


def test_parts_differ_where_grids_do() -> None:
    told = read_grid({"a": [0.1, 1], "b": [True]}).parts()
    assert told == read_grid({"a": (0.1, 1), "b": [True]}).parts()
    for other in (
        {"a": [0.1, 1.0], "b": [True]},
        {"a": ["0.1", 1], "b": [True]},
        {"a": [Fraction(1, 10), 1], "b": [True]},
        {"a": [0.1, 1], "b": [1]},
        {"b": [True], "a": [0.1, 1]},
        {"a": [1, 0.1], "b": [True]},
    ):
        assert read_grid(other).parts() != told
    assert (
        read_grid(pd.DataFrame({"a": [0.1, 1.0]})).parts() != read_grid({"a": [0.1, 1.0]}).parts()
    )
