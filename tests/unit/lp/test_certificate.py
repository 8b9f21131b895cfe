"""The certificate holds for optima, breaks when one entry is wrong, and bounds by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from persuasion_lp import errors
from persuasion_lp.arrays import Floats
from persuasion_lp.lp import LPBuilder, LPSolution, certify, safe_bound, solve_lp
from persuasion_lp.lp.certificate import LPCertificate
from persuasion_lp.lp.engine import scaled as engine
from persuasion_lp.lp.model import LinearProgram
from tests.unit.lp.test_highs import public

LP = public(3)
OPTIMUM: LPSolution = solve_lp(LP)


def test_an_optimum_is_certified() -> None:
    certificate = certify(LP, OPTIMUM.x, OPTIMUM.y)
    assert certificate.ok
    assert 0 <= certificate.gap <= 1e-12
    assert certificate.failures == ()


@pytest.mark.parametrize("place", range(0, LP.shape[1], 7))
def test_a_changed_primal_entry_is_refused(place: int) -> None:
    x = OPTIMUM.x.copy()
    x[place] += 1e-5
    assert not certify(LP, x, OPTIMUM.y).ok


@pytest.mark.parametrize("place", range(LP.shape[0]))
def test_a_changed_dual_entry_is_refused(place: int) -> None:
    y = OPTIMUM.y.copy()
    y[place] += 1e-4
    changed = certify(LP, OPTIMUM.x, y)
    degenerate = abs(changed.gap) <= 1e-9 and changed.dual_residual <= 1e-8
    assert not changed.ok or degenerate
    assert changed.bound >= OPTIMUM.value


@pytest.mark.parametrize("place", [0, 3])
def test_nan_is_refused(place: int) -> None:
    x = OPTIMUM.x.copy()
    x[place] = math.nan
    assert not certify(LP, x, OPTIMUM.y).ok


def test_negative_mass_is_a_primal_violation() -> None:
    x = OPTIMUM.x.copy()
    x[int(np.argmin(x))] -= 1e-3
    assert "primal residual" in " ".join(certify(LP, x, OPTIMUM.y).failures)


def test_a_dual_of_the_wrong_sign_is_a_dual_violation() -> None:
    builder = LPBuilder()
    x = builder.columns("x", (1,), objective=1.0)
    builder.entries(builder.rows("cap", (1,), "<=", 2.0), x, 1.0)
    lp = builder.build()
    assert certify(lp, np.array([2.0]), np.array([1.0])).ok
    assert certify(lp, np.array([2.0]), np.array([-1.0])).dual_residual == 2.0


def test_the_safe_bound_by_hand() -> None:
    """Max x + y s.t. x + 2y <= 4, 0 <= x <= 3, y >= 0, priced at 1/4: 1 + 9/4 + 1."""
    builder = LPBuilder()
    z = builder.columns("z", (2,), objective=1.0, upper=[3, math.inf])
    builder.entries(builder.rows("cap", (1,), "<=", 4.0), z, [1.0, 2.0])
    lp = builder.build()
    assert safe_bound(lp, np.array([0.25])) == pytest.approx(1 + 2.25 + 1)
    assert safe_bound(lp, np.array([0.5])) == pytest.approx(2 + 1.5)


def balanced(size: float, columns: int = 20, rows: int = 50) -> tuple[LinearProgram, Floats]:
    """A program whose columns earn nothing, and duals of a given size that cancel in each."""
    builder = LPBuilder()
    x = builder.columns("x", (columns,), upper=1.0)
    sides = np.where(np.arange(rows)[:, None] % 2, 1.0, -1.0) * np.ones(columns)
    builder.entries(builder.rows("r", (rows,), "==", sides.sum(axis=1) / 2)[:, None], x, sides)
    return builder.build(), np.full(rows, size)


@pytest.mark.skipif(
    np.finfo(np.longdouble).eps == np.finfo(np.float64).eps,
    reason="this machine has no extended precision",
)
def test_where_rounding_is_large_the_bound_is_computed_in_extended_precision() -> None:
    lp, y = balanced(1e3)
    assert safe_bound(lp, y) > 1e-9
    assert 0 <= safe_bound(lp, y, extended=True) < 2e-10
    certificate = certify(lp, np.full(20, 0.5), y)
    assert certificate.ok
    assert certificate.gap < 2e-10
    too_large, y = balanced(1e9)
    assert not certify(too_large, np.full(20, 0.5), y).ok


@pytest.mark.parametrize("seed", range(20))
def test_the_extended_bound_holds_for_every_dual(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(size=OPTIMUM.y.shape)
    for size in (0.0, 1e-9, 1e-3, 1.0):
        bound = safe_bound(LP, OPTIMUM.y + size * noise, extended=True)
        assert OPTIMUM.value - 1e-12 <= bound
        assert bound <= safe_bound(LP, OPTIMUM.y + size * noise) + 1e-12


def test_the_safe_bound_of_an_unbounded_program_is_infinite() -> None:
    builder = LPBuilder()
    z = builder.columns("z", (2,), objective=1.0)
    builder.entries(builder.rows("low", (1,), ">=", 4.0), z, 1.0)
    assert safe_bound(builder.build(), np.array([0.0])) == math.inf


def test_an_answer_that_is_not_proved_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Break the solver: x is halved on its way back."""
    honest = engine.Scaled.run

    def halved(self: engine.Scaled, options: dict[str, object]) -> engine.Run:
        run = honest(self, options)  # type: ignore[arg-type]
        object.__setattr__(run, "x", run.x / 2)
        return run

    monkeypatch.setattr(engine.Scaled, "run", halved)
    with pytest.raises(errors.CertificateError, match="primal residual") as caught:
        solve_lp(LP)
    assert isinstance(caught.value.certificate, LPCertificate)


def chain(levels: int) -> LinearProgram:
    """Max of the last of a chain of equal columns, the first of which is at most 1."""
    builder = LPBuilder()
    x = builder.columns("x", (levels,), objective=np.eye(levels)[-1])
    builder.entries(builder.rows("first", (1,), "==", 1.0), x[:1], 1.0)
    same = builder.rows("same", (levels - 1,), "==")
    builder.entries(same, x[1:], 1.0)
    builder.entries(same, x[:-1], -1.0)
    return builder.build()


def test_bounds_are_followed_along_a_chain_of_blocks() -> None:
    assert safe_bound(chain(6), np.zeros(6)) == pytest.approx(1.0)


def test_a_free_column_is_certified_by_the_dual_objective() -> None:
    """Max -x s.t. 3x >= 1 with x free: no safe bound in floating point, but a certified optimum."""
    builder = LPBuilder()
    x = builder.columns("x", (1,), objective=-1.0, lower=-math.inf)
    builder.entries(builder.rows("low", (1,), ">=", 1.0), x, 3.0)
    solution = solve_lp(builder.build())
    assert solution.certificate.bound == math.inf
    assert solution.certificate.ok
    assert not certify(solution.lp, solution.x, solution.y + 1e-6).ok


def in_units(lp: LinearProgram, mass: float, payoff: float) -> LinearProgram:
    """The same program with masses and payoffs in other units."""
    return replace(
        lp,
        objective=lp.objective * payoff,
        offset=lp.offset * payoff * mass,
        rhs=lp.rhs * mass,
        lower=lp.lower * mass,
        upper=lp.upper * mass,
    )


RESIDUALS = ("primal_residual", "dual_residual", "complementarity")


@pytest.mark.parametrize("mass", [-12, -5, 0, 7, 12])
@pytest.mark.parametrize("payoff", [-12, -3, 0, 12])
def test_residuals_do_not_depend_on_units(mass: int, payoff: int) -> None:
    rng = np.random.default_rng(3)
    x = OPTIMUM.x + 1e-3 * rng.normal(size=OPTIMUM.x.size)
    y = OPTIMUM.y + 1e-3 * rng.normal(size=OPTIMUM.y.size)
    plain = certify(LP, x, y)
    m, v = 10.0**mass, 10.0**payoff
    other = certify(in_units(LP, m, v), x * m, y * v)
    for name in RESIDUALS:
        assert getattr(other, name) == pytest.approx(getattr(plain, name), rel=1e-9)
    assert other.gap / other.scale == pytest.approx(plain.gap / plain.scale, rel=1e-9)


@pytest.mark.parametrize("mass", [-12, -5, 0, 7, 12])
@pytest.mark.parametrize("payoff", [-12, -3, 0, 12])
@pytest.mark.parametrize("name", [*RESIDUALS, "gap"])
def test_a_millionth_is_refused_in_every_unit(name: str, mass: int, payoff: int) -> None:
    """Max x + y subject to x ≤ 1, x + y ≤ 2 and y free: the solution (1, 1), the prices (0, 1)."""
    builder = LPBuilder()
    x = builder.columns("x", (1,), objective=1.0, upper=3.0)
    y = builder.columns("y", (1,), objective=1.0, lower=-math.inf)
    cap, both = builder.rows("cap", (1,), "<=", 1.0), builder.rows("both", (1,), "<=", 2.0)
    for row, column in ((cap, x), (both, x), (both, y)):
        builder.entries(row, column, 1.0)
    m, v = 10.0**mass, 10.0**payoff
    lp = in_units(builder.build(), m, v)
    right, prices = np.array([1.0, 1.0]) * m, np.array([0.0, 1.0]) * v
    assert certify(lp, right, prices).ok
    point, dual = {
        "primal_residual": (right * [1 + 4e-6, 1 - 4e-6], prices),
        "dual_residual": (right, prices * (1 - 4e-6)),
        "complementarity": (right * [1, 1 - 4e-6], prices),
        "gap": (right * (1 - 4e-6), prices),
    }[name]
    refused = certify(lp, point, dual)
    assert not refused.ok
    assert name.replace("_", " ") in " ".join(refused.failures)
