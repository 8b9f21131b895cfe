"""Grids: what they contain, how they count, how they nest, and how they refuse."""

import numpy as np
import pytest

from persuasion_lp.beliefs.grids import (
    IntervalGrid,
    SimplexGrid,
    check_grid_memory,
    common_denominator,
    snapped,
)
from persuasion_lp.errors import GridError, OptionError, SizeError


@pytest.mark.parametrize("points", [[0.8, 2 / 3, 0.3], [np.pi / 4, 0.5], [1 / 7, 0.123456789]])
def test_interval_grid_contains_what_is_asked(points: list[float]) -> None:
    grid = IntervalGrid.containing(points, resolution=10)
    assert set(points) <= set(grid.nodes.tolist())
    assert grid.size == grid.nodes.size
    assert (np.diff(grid.nodes) > 0).all()


def test_lattice_beliefs_one_rounding_away_from_a_point_are_replaced_by_it() -> None:
    off_by_rounding = 2 / 3 + 1.2e-16
    assert off_by_rounding != 6 / 9
    grid = IntervalGrid(9, np.array([off_by_rounding]))
    assert grid.size == 10
    assert off_by_rounding in grid.nodes
    assert 6 / 9 not in grid.nodes


def test_refined_grids_contain_the_coarser_ones() -> None:
    interval = IntervalGrid.containing([0.8, np.pi / 4], resolution=7)
    assert np.isin(interval.nodes, interval.refine(3).nodes).all()
    simplex = SimplexGrid(3, 4, np.array([[np.pi / 4, 1 - np.pi / 4, 0.0]]))
    fine = simplex.refine(2)
    assert (fine.index(simplex.nodes) >= 0).all()


def test_interval_index_inverts_nodes_and_refuses_other_beliefs() -> None:
    grid = IntervalGrid.containing([0.123456789], resolution=10)
    np.testing.assert_array_equal(grid.index(grid.nodes), np.arange(grid.size))
    with pytest.raises(GridError, match=r"beliefs\[1\] must be on the grid; got 0\.15"):
        grid.index([0.1, 0.15])


@pytest.mark.parametrize(("states", "denominator"), [(2, 5), (3, 1), (3, 12), (4, 7), (6, 3)])
def test_simplex_nodes_and_ranks_are_inverse(states: int, denominator: int) -> None:
    grid = SimplexGrid(states, denominator)
    assert grid.numerators.shape == (grid.size, states)
    assert (grid.numerators >= 0).all()
    assert (grid.numerators.sum(axis=1) == denominator).all()
    np.testing.assert_array_equal(grid.rank(grid.numerators), np.arange(grid.size))
    np.testing.assert_array_equal(grid.index(grid.nodes), np.arange(grid.size))
    ordered = [tuple(row) for row in grid.numerators.tolist()]
    assert ordered == sorted(set(ordered))


def test_simplex_grid_contains_added_beliefs_and_refuses_others() -> None:
    extra = np.array([[0.5, 0.3, 0.2], [0.25, 0.25, 0.5], [0.5, 0.3, 0.2]])
    grid = SimplexGrid(3, 4, extra)
    assert grid.size == grid.lattice_size + 1
    np.testing.assert_array_equal(grid.nodes[grid.index(extra)], extra)
    with pytest.raises(GridError, match="must be on the grid"):
        grid.index([0.1, 0.1, 0.8])


def test_simplex_grid_takes_the_common_denominator_when_it_is_small() -> None:
    assert SimplexGrid.containing([[0.5, 0.3, 0.2]], resolution=8).denominator == 10
    assert SimplexGrid.containing([[0.123, 0.377, 0.5]], resolution=8).denominator == 8


def test_size_is_known_and_refused_before_allocation() -> None:
    with pytest.raises(SizeError, match="4598126 beliefs, 5 states"):
        SimplexGrid(5, 100, memory_limit=2**20)
    with pytest.raises(SizeError, match="1000000001 beliefs"):
        IntervalGrid(10**9)
    check_grid_memory(100, 3, 2**20)


def test_bad_grids_are_named() -> None:
    with pytest.raises(GridError, match="denominator must be at least 1; got 0"):
        IntervalGrid(0)
    with pytest.raises(OptionError, match="whole number of steps"):
        IntervalGrid(2.5)  # type: ignore[arg-type]
    with pytest.raises(GridError, match=r"extra\[1\] must lie in \[0, 1\]; got 1\.5"):
        IntervalGrid(4, np.array([0.5, 1.5]))
    with pytest.raises(GridError, match=r"extra\[0\] must be a point of the simplex"):
        SimplexGrid(3, 4, np.array([[0.5, 0.6, 0.2]]))
    with pytest.raises(GridError, match="states must be at least 2"):
        SimplexGrid(1, 4)


def test_fractions_are_recognized_up_to_rounding_only() -> None:
    assert snapped(1 - 0.8) == 0.2
    assert snapped(0.1 + 0.2) == 0.3
    assert snapped(0.3 + 1e-12) == 0.3 + 1e-12
    assert common_denominator([0.5, 1 / 3], at_least=7) == 12


def test_beliefs_next_to_0_and_1_are_others() -> None:
    grid = IntervalGrid(10, extra=np.array([1e-13, 0.3 + 5e-17, 1 - 1e-13]))
    np.testing.assert_array_equal(grid.nodes[[0, 1, -2, -1]], [0.0, 1e-13, 1 - 1e-13, 1.0])
    assert grid.size == grid.nodes.size == 13
    assert grid.index([0.0, 1e-13, 1.0]).tolist() == [0, 1, 12]
