"""Random tables of counts: pandas = polars = counted by hand."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from persuasion_lp.primitives.priors import check_prior, from_frame, labels_from_frame

VALUES = (
    st.sampled_from(["north", "south", "west"]),
    st.integers(-2, 2),
    st.booleans(),
    st.sampled_from(["L", "H"]),
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, list[Any]], list[str]]:
    """Columns of states with a column of counts, and which columns are the states."""
    kinds = draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3))
    rows = draw(st.integers(1, 12))
    names = [f"s{k}" for k in range(len(kinds))]
    columns = {
        name: draw(st.lists(kind, min_size=rows, max_size=rows))
        for name, kind in zip(names, kinds, strict=True)
    }
    columns["count"] = draw(st.lists(st.integers(0, 10**6), min_size=rows, max_size=rows))
    return columns, draw(st.permutations(names))


def by_hand(columns: dict[str, list[Any]], names: list[str]) -> dict[tuple[str, ...], Fraction]:
    """The frequency of each state that is named, by its labels."""
    counts: Counter[tuple[str, ...]] = Counter()
    for row, count in enumerate(columns["count"]):
        counts[tuple(str(columns[name][row]) for name in names)] += count
    total = sum(counts.values())
    return {state: Fraction(count, total) for state, count in counts.items() if count}


@given(tables())
def test_pandas_and_polars_say_what_is_counted_by_hand(
    table: tuple[dict[str, list[Any]], list[str]],
) -> None:
    columns, names = table
    assume(sum(columns["count"]))
    read = []
    for frame in (pd.DataFrame(columns), pl.DataFrame(columns)):
        prior = from_frame(frame, names, weight="count", normalize=True)
        labels: Any = labels_from_frame(frame, names)
        axes = (labels,) if len(names) == 1 else labels
        assert prior.shape == tuple(map(len, axes))
        read.append(
            {
                tuple(axes[axis][k] for axis, k in enumerate(index)): prior[index]
                for index in np.ndindex(*prior.shape)
                if prior[index]
            }
        )
        assert prior.sum() == 1
        check_prior(prior)
    assert read[0] == read[1] == by_hand(columns, names)


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    table: tuple[dict[str, list[Any]], list[str]], random: Any
) -> None:
    columns, names = table
    rows = list(range(len(columns["count"])))
    random.shuffle(rows)
    floats = {**columns, "count": [count / 7 for count in columns["count"]]}
    assume(sum(floats["count"]))
    shuffled = {name: [listed[row] for row in rows] for name, listed in floats.items()}
    first, second = (
        from_frame(pl.DataFrame(one), names, weight="count", normalize=True)
        for one in (floats, shuffled)
    )
    assert np.all(first == second)
