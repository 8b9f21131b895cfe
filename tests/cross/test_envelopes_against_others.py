"""Envelopes against exact rational hulls, another LP solver, and the theory's worked cases."""

from fractions import Fraction

import numpy as np
import pytest

from persuasion_lp import SimplexGrid, concavify
from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.batched import batched_envelopes
from persuasion_lp.lp.model import LPBuilder


def rational_envelope(x: Floats, f: Floats) -> list[Fraction]:
    """Envelope at every point by a monotone chain in exact arithmetic."""
    points = [(Fraction(float(a)), Fraction(float(b))) for a, b in zip(x, f, strict=True)]
    chain: list[tuple[Fraction, Fraction]] = []
    for p in points:
        while len(chain) > 1:
            (x0, y0), (x1, y1) = chain[-2:]
            if (y1 - y0) * (p[0] - x0) > (p[1] - y0) * (x1 - x0):
                break
            chain.pop()
        chain.append(p)
    values, k = [], 0
    for a, _ in points:
        while chain[k + 1][0] < a:
            k += 1
        (x0, y0), (x1, y1) = chain[k : k + 2]
        values.append(y0 + (y1 - y0) * (a - x0) / (x1 - x0))
    return values


def adversarial(kind: str, rng: np.random.Generator) -> tuple[Floats, Floats]:
    n = 60
    x = np.unique(np.concatenate([[0.0, 1.0], rng.random(n)]))
    match kind:
        case "random":
            return x, rng.random(x.size)
        case "collinear":
            return x, 2 * x + 1
        case "close":
            x = np.unique(np.concatenate([x, 0.5 + 1e-12 * np.arange(10)]))
            return x, rng.random(x.size)
        case "offset":
            return x, 1e8 + rng.random(x.size)
        case _:
            return x, -((x - 0.4) ** 2) + 1e-12 * rng.random(x.size)


@pytest.mark.parametrize("kind", ["random", "collinear", "close", "offset", "concave"])
def test_interval_envelopes_equal_the_rational_hull(kind: str) -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        x, f = adversarial(kind, rng)
        exact = [float(v) for v in rational_envelope(x, f)]
        scale = np.abs(f).max()
        np.testing.assert_allclose(concavify(x, f)(x), exact, rtol=0, atol=1e-15 * scale)
        together = batched_envelopes(x, np.array([f, 2 * f, f[::-1]]))[0]
        np.testing.assert_allclose(together, exact, rtol=0, atol=2e-13 * scale)


def test_many_functions_with_breakpoints_that_nearly_coincide() -> None:
    """Slopes of very different size cost the joint regression its digits; each row is checked."""
    rng = np.random.default_rng(6)
    for gap in (1e-10, 1e-12, 1e-14):
        inner = np.concatenate([0.5 + gap * np.arange(4), rng.random(5)])
        x = np.unique(np.concatenate([[0.0, 1.0], inner]))
        tables = rng.random((256, x.size))
        together = batched_envelopes(x, tables)
        for table, row in zip(tables[::4], together[::4], strict=True):
            exact = [float(v) for v in rational_envelope(x, table)]
            np.testing.assert_allclose(row, exact, rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", ["random", "collinear", "steps", "wave", "concave", "convex"])
@pytest.mark.parametrize("n", [4096, 5003, 6401])
def test_long_sequences_equal_the_rational_hull(kind: str, n: int) -> None:
    """Lengths at which the sequence is thinned out first, with and without a broken block."""
    rng = np.random.default_rng(n)
    x = np.sort(np.concatenate([[-2.0, 3.0], rng.uniform(-2, 3, n - 2)]))
    f = {
        "random": rng.random(n),
        "collinear": 3 - 2 * x,
        "steps": np.floor(4 * x),
        "wave": np.sin(9 * x) + 0.3 * x**2,
        "concave": -((x - 0.4) ** 2),
        "convex": x**2,
    }[kind]
    exact = [float(v) for v in rational_envelope(x, f)]
    np.testing.assert_allclose(concavify(x, f)(x), exact, rtol=0, atol=1e-14)


def test_simplex_envelope_equals_the_belief_grid_program_by_another_solver() -> None:
    grid = SimplexGrid(3, 12)
    rng = np.random.default_rng(8)
    payoffs = rng.random(grid.size)
    prior = np.array([0.45, 0.3, 0.25])
    builder = LPBuilder()
    columns = builder.columns("posterior", (grid.size,), objective=payoffs)
    rows = builder.rows("plausibility", (3,), "==", prior)
    builder.entries(rows[:, None], columns[None, :], grid.nodes.T)
    model = builder.build().to_cvxpy()
    model.problem.solve(solver="CLARABEL")
    assert float(concavify(grid, payoffs)(prior)) == pytest.approx(model.problem.value, abs=1e-7)
