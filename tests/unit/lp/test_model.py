"""The builder against arrays written by hand."""

import numpy as np
import pytest

from persuasion_lp.lp import LPBuilder


def small() -> LPBuilder:
    builder = LPBuilder()
    x = builder.columns("x", (2, 2), objective=[[1, 2], [3, 4]], upper=5)
    y = builder.columns("y", (1,), lower=-1)
    total = builder.rows("total", (2,), "==", [7, 8])
    cap = builder.rows("cap", (), "<=", 9)
    builder.entries(total[:, None], x, 1.0)
    builder.entries(cap, y, [2.0])
    return builder


def test_blocks_become_arrays() -> None:
    lp = small().build(offset=0.5)
    np.testing.assert_array_equal(
        lp.matrix.toarray(), [[1, 1, 0, 0, 0], [0, 0, 1, 1, 0], [0, 0, 0, 0, 2]]
    )
    np.testing.assert_array_equal(lp.objective, [1, 2, 3, 4, 0])
    np.testing.assert_array_equal(lp.rhs, [7, 8, 9])
    np.testing.assert_array_equal(lp.senses, [0, 0, -1])
    np.testing.assert_array_equal(lp.lower, [0, 0, 0, 0, -1])
    np.testing.assert_array_equal(lp.upper, [5, 5, 5, 5, np.inf])
    assert lp.shape == (3, 5)
    assert lp.nonzeros == 5
    assert lp.offset == 0.5


def test_blocks_are_read_back_by_name_and_shape() -> None:
    lp = small().build()
    np.testing.assert_array_equal(lp.column_values("x", np.arange(5.0)), [[0, 1], [2, 3]])
    np.testing.assert_array_equal(lp.row_values("cap", np.array([1.0, 2.0, 3.0])), 3.0)


def test_repeated_entries_add_up_and_zeros_are_dropped() -> None:
    builder = LPBuilder()
    x = builder.columns("x", (2,))
    row = builder.rows("row", (1,), ">=")
    builder.entries(row, x, [1.0, 0.0])
    builder.entries(row, x, [2.0, 0.0])
    lp = builder.build()
    np.testing.assert_array_equal(lp.matrix.toarray(), [[3, 0]])
    assert lp.nonzeros == 1


def test_a_name_is_given_once() -> None:
    builder = LPBuilder()
    builder.columns("x", (1,))
    with pytest.raises(KeyError, match="'x'"):
        builder.columns("x", (1,))


def test_repr_tells_the_size() -> None:
    assert repr(small().build()) == (
        "LinearProgram(5 columns in 2 blocks, 3 rows in 2 blocks, 5 nonzeros)"
    )
