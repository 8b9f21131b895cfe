"""Exports state the same program with the same signs."""

from pathlib import Path

import highspy
import numpy as np
import pytest

from persuasion_lp import errors
from persuasion_lp.lp import LPBuilder, solve_lp
from tests.unit.lp.test_highs import public


def mixed() -> LPBuilder:
    """A nondegenerate program with rows of every sense and bounded columns."""
    builder = LPBuilder()
    z = builder.columns("z", (2, 2), objective=[[1, -3], [2, -1]], upper=[[9.0, 9.0], [9.0, 1.5]])
    free = builder.columns("free block", (1,), objective=-1.0, lower=-2.0)
    builder.entries(builder.rows("at most", (1,), "<=", 4), z[0], 1.0)
    builder.entries(builder.rows("at least", (1,), ">=", 1), z[:, 1], 1.0)
    builder.entries(builder.rows("equal", (1,), "==", 5), z[1], [1.0, 2.0])
    builder.entries(builder.rows("link", (1,), ">=", 0.5), np.append(z[0, 1], free), 1.0)
    return builder


def test_cvxpy_has_our_values_and_our_signs() -> None:
    lp = mixed().build(offset=3.0)
    ours = solve_lp(lp)
    model = lp.to_cvxpy()
    assert model.solve() == pytest.approx(ours.value, abs=1e-8)
    assert set(model.variables) == set(lp.columns)
    assert set(model.constraints) == set(lp.rows)
    for name in lp.columns:
        np.testing.assert_allclose(model.values(name), ours.values(name), atol=1e-7)
    for name in lp.rows:
        np.testing.assert_allclose(model.duals(name), ours.duals(name), atol=1e-7)


def test_cvxpy_takes_further_constraints() -> None:
    lp = mixed().build()
    model = lp.to_cvxpy()
    import cvxpy as cp

    extended = cp.Problem(
        model.problem.objective, [*model.problem.constraints, model.variables["z"][0] <= 0.5]
    )
    extended.solve(solver="CLARABEL")
    assert extended.value < solve_lp(lp).value - 1e-3


def test_cvxpy_infeasible_raises() -> None:
    builder = LPBuilder()
    x = builder.columns("x", (1,))
    builder.entries(builder.rows("low", (1,), ">=", 2.0), x, 1.0)
    builder.entries(builder.rows("high", (1,), "<=", 1.0), x, 1.0)
    with pytest.raises(errors.SolverFailureError, match="infeasible"):
        builder.build().to_cvxpy().solve()


@pytest.mark.parametrize("ending", [".mps", ".lp"])
def test_a_written_file_states_the_same_program(tmp_path: Path, ending: str) -> None:
    lp = public(3)
    path = tmp_path / f"programme{ending}"
    lp.write(path)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) != highspy.HighsStatus.kError
    solver.run()
    assert solver.getObjectiveValue() == pytest.approx(solve_lp(lp).value, abs=1e-9)
    assert "pi_0_1_2_0_0_0_0" in path.read_text()


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(errors.OptionError, match=r"\.mps or \.lp"):
        public(1).write(tmp_path / "programme.txt")
