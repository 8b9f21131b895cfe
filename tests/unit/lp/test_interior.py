"""Programs in blocks, against what can be done by hand and against HiGHS."""

from __future__ import annotations

import numpy as np
import pytest

from persuasion_lp.limits.deadline import within
from persuasion_lp.lp.highs import solve_lp
from persuasion_lp.lp.interior.blocks import BlockProgram, block_memory
from persuasion_lp.lp.interior.iterates import interior_point
from persuasion_lp.lp.interior.vertex import likely_columns
from persuasion_lp.lp.model import LinearProgram, LPBuilder


def prosecutor() -> BlockProgram:
    """Kamenica and Gentzkow's: guilty with .3, convicts from .5 on; a row of conviction only."""
    return BlockProgram(
        mass=np.array([0.7, 0.3]),
        objective=np.array([[0.0, 0.0], [1.0, 1.0]]),
        rows=np.array([[-1.0, 1.0]]),
        told=np.array([[1], [0]]),
    )


def drawn(rng: np.random.Generator) -> BlockProgram:
    """Blocks with between no and three rows; full revelation keeps it feasible: rhs is 0."""
    blocks, states, rows = (int(rng.integers(2, top)) for top in (7, 6, 5))
    told = np.full((blocks, 3), rows)
    for b in range(blocks):
        own = np.sort(rng.permutation(rows)[: rng.integers(0, min(3, rows) + 1)])
        told[b, : own.size] = own
    told[0] = rows
    return BlockProgram(
        rng.dirichlet(np.ones(states)),
        rng.normal(size=(blocks, states)),
        rng.normal(size=(rows, states)),
        told,
    )


def as_program(program: BlockProgram) -> LinearProgram:
    builder = LPBuilder()
    blocks, states = program.objective.shape
    x = builder.columns("x", (blocks, states), objective=program.objective)
    prior = builder.rows("prior", (states,), "==", program.mass)
    builder.entries(prior, x, 1)
    obey = builder.rows("obey", program.told.shape, ">=")
    for b, q in np.argwhere(program.active):
        builder.entries(obey[b, q], x[b], program.rows[program.told[b, q]])
    return builder.build()


def test_the_prosecutor() -> None:
    point = interior_point(prosecutor(), 1e-11)
    assert point.ended == "optimal"
    assert prosecutor().mass @ point.prices == pytest.approx(0.6, abs=1e-10)
    np.testing.assert_allclose(point.x[1], [0.3, 0.3], atol=1e-6)
    np.testing.assert_allclose(point.multipliers[1], [1.0], atol=1e-6)


def test_random_programs_against_the_solver() -> None:
    rng = np.random.default_rng(0)
    for _ in range(100):
        program = drawn(rng)
        solution = solve_lp(as_program(program))
        point = interior_point(program, 1e-11)
        bound = float(program.mass @ point.prices)
        assert abs(bound - solution.value) <= 1e-9 * program.range
        worth = program.objective + program.spread(point.multipliers) @ program.rows
        assert (worth <= point.prices + 1e-12 * program.range).all()
        kept = likely_columns(program, point)
        used = solution.values("x") > 1e-9
        assert kept.sum() <= max(used.sum(), 3 * (program.mass.size + program.active.sum()))


def test_prices_bound_the_value_wherever_it_stops() -> None:
    rng = np.random.default_rng(1)
    for gap in (1.0, 1e-2, 1e-5):
        program = drawn(rng)
        solution = solve_lp(as_program(program))
        point = interior_point(program, gap)
        bound = float(program.mass @ point.prices)
        assert solution.value - 1e-9 <= bound
        assert point.gap <= gap


def test_a_deadline_ends_it_with_prices_that_hold() -> None:
    program = prosecutor()
    with within(1e-9):
        point = interior_point(program, 1e-11)
    assert point.ended == "time"
    assert program.mass @ point.prices >= 0.6


def test_memory_is_what_arrays_take() -> None:
    assert block_memory(4096, 4096, 12) < 2.2 * 2**30
    assert block_memory(2, 2, 1) > 8 * 14 * 4
