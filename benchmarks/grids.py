r"""Specs: what a grid costs in precision and time, beside one value on a uniform grid.

Size n is the number of steps of a belief grid, or of cells of a continuous state. The library gives
a bracket; the textbook way is a uniform grid, one linear program, one value. The truth is known in
closed form, so the errors of both are, and how they fall with n.

===========================  ====================================================================
``grids/concave payoff``     one belief, payoff concave between kinks
``grids/Lipschitz payoff``   one belief, nothing known of the payoff but a Lipschitz constant
``grids/simplex``            three states, Lipschitz payoff
``grids/receivers``          three states, payoff from receivers who act: exact on every grid
``grids/one type``           menus on a grid of difficulties, worker of known capability
``grids/two types``          menus on a grid of difficulties, capability private
``grids/posterior means``    a continuous state, payoff a cubic of the posterior mean
===========================  ====================================================================

The truths are derived in :mod:`benchmarks.closed_forms`. :func:`rows` runs the specs and gives what
they measure as a frame, for pictures, pages and notebooks; :func:`exponents` how it grows.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Iterable
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import persuasion_lp as plp
from benchmarks.beliefs import BAYES, Splittable, linprog, split_value
from benchmarks.closed_forms import (
    BELIEFS,
    CENSORSHIP,
    MENUS,
    PAYMENT,
    Beliefs,
    Types,
    cubic,
)
from benchmarks.registry import Contender, Outcome, Spec, WorkNotDoneError
from benchmarks.report import error_exponent, exponent
from benchmarks.runner import Measurement, measure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BRACKET", "FAMILIES", "SPECS", "TEXTBOOK", "exponents", "rows"]

Floats = NDArray[np.float64]

BRACKET = "bracket"
"""The contender that is this library."""

TEXTBOOK = "uniform grid, one value"
"""The contender that is what one would write without it."""

FEASIBLE = 1e-7
"""Rows may be missed by what solvers allow at their default tolerances."""


def _beliefs_bracket(given: Beliefs) -> Contender:
    def build(n: int) -> plp.BeliefGame:
        prior = given.prior if len(given.prior) > 2 else given.prior[1]
        return plp.BeliefGame(prior, given.payoffs, grid=n)

    def solve(game: plp.BeliefGame) -> Any:
        return plp.solve(game, "simultaneous")

    def decode(result: Any) -> Outcome:
        tree, game = result.experiment, result.problem
        weights, posteriors = tree.probabilities[0], tree.stages[0].beliefs
        payoffs = sum(game.payoff_at(i, posteriors) for i in range(game.n))
        answer = Splittable(posteriors, payoffs, game.prior)
        return Outcome(
            result.value,
            lambda: split_value(answer, posteriors, weights, payoffs),
            lower=result.lower,
            upper=result.upper,
        )

    return Contender(BRACKET, build, solve, decode)


def _beliefs_textbook(given: Beliefs) -> Contender:
    """Beliefs k/n, the payoff there, and weights that average to the prior."""
    one, states = linprog(), len(given.prior)

    def build(n: int) -> Splittable:
        if states == 2:
            x = np.linspace(0, 1, n + 1)
            beliefs = np.column_stack([1 - x, x])
        else:
            lattice = [(i, j, n - i - j) for i in range(n + 1) for j in range(n + 1 - i)]
            beliefs = np.array(lattice) / n
        return Splittable(beliefs, given.total(beliefs), np.array(given.prior))

    return Contender(
        TEXTBOOK,
        build,
        one.solve,
        one.decode,
        columns=lambda n: math.comb(n + states - 1, states - 1),
    )


def _menus_bracket(given: Types) -> Contender:
    """The menu on cell means pays its value in truth; nothing pays more than on cell ends."""
    shares = np.array([float(g) for g in given.probabilities])

    def build(n: int) -> tuple[plp.ManagerProblem, plp.ManagerProblem]:
        uniform = plp.StateDistribution.uniform()
        below, above = (
            plp.ManagerProblem(
                plp.StateGrid.from_distribution(uniform, n, rule),
                PAYMENT,
                given.capabilities,
                given.probabilities,
            )
            for rule in ("means", "endpoints")
        )
        return below, above

    def solve(problems: tuple[plp.ManagerProblem, plp.ManagerProblem]) -> Any:
        return tuple(plp.solve(problem, "menu") for problem in problems)

    def decode(results: Any) -> Outcome:
        below, above = results
        return Outcome(
            below.value,
            lambda: float(shares @ below.manager_payoffs),
            lower=below.lower,
            upper=above.upper,
        )

    return Contender(BRACKET, build, solve, decode)


def _menus_textbook(given: Types) -> Contender:
    """States np.linspace(0, 1, n), equally likely; test j launches on the mass m_jk of state k.

    max Σ g_j (r_j − w p_j), p_j = Σ_k m_jk, r_j = Σ_k θ_k m_jk, so that every type prefers its own
    test to all others and to none, and the manager a proposal to silence (E[θ] = w).
    """
    types = len(given.capabilities)
    accepted = np.array([float(x * PAYMENT) for x in given.capabilities])
    shares = np.array([float(g) for g in given.probabilities])
    w = float(PAYMENT)

    def build(n: int) -> tuple[Floats, Floats, Floats]:
        states = np.linspace(0, 1, n)
        rows = []
        for j in range(types):
            surplus = np.zeros((types, n))
            surplus[j] = accepted[j] - states
            rows.append(surplus)
            rows.append(np.where(np.arange(types)[:, None] == j, states - w, 0.0))
            for other in range(types):
                if other != j:
                    rows.append(surplus.copy())
                    rows[-1][other] = -(accepted[j] - states)
        return np.outer(shares, states - w).ravel(), np.reshape(rows, (len(rows), -1)), states

    def solve(model: tuple[Floats, Floats, Floats]) -> tuple[Floats, Floats, Floats, float]:
        from scipy import optimize

        payoffs, rows, states = model
        n = states.size
        run: Any = optimize.linprog
        found = run(-payoffs, -rows, np.zeros(len(rows)), bounds=(0, 1 / n))
        return payoffs, rows, np.asarray(found.x), -float(found.fun)

    def decode(solved: tuple[Floats, Floats, Floats, float]) -> Outcome:
        payoffs, rows, masses, value = solved

        def recompute() -> float:
            if not (rows @ masses).min() >= -FEASIBLE:
                raise WorkNotDoneError(f"a row is missed by {-(rows @ masses).min():.3g}")
            return float(payoffs @ masses)

        return Outcome(value, recompute, columns=masses.size)

    return Contender(TEXTBOOK, build, solve, decode, columns=lambda n: types * n)


def _means_bracket() -> Contender:
    """Cell means from below, cell ends from above."""

    def build(n: int) -> tuple[plp.PosteriorMeanGame, int]:
        payoff = plp.BeliefFunction(cubic, lipschitz=1.5)
        return plp.PosteriorMeanGame(plp.StateDistribution.uniform(), payoff), n

    def solve(model: tuple[plp.PosteriorMeanGame, int]) -> Any:
        return plp.solve(model[0], "simultaneous", cells=model[1])

    def decode(result: Any) -> Outcome:
        return Outcome(
            result.value,
            lambda: float(result.probabilities @ cubic(result.means)),
            lower=result.lower,
            upper=result.upper,
        )

    return Contender(BRACKET, build, solve, decode)


def _means_textbook() -> Contender:
    """States np.linspace(0, 1, n), equally likely, each sent to means among the same points."""

    def build(n: int) -> tuple[Floats, Any]:
        from scipy import sparse

        points = np.linspace(0, 1, n)
        once = np.ones((1, n))
        masses = sparse.kron(sparse.eye_array(n), once)
        means = sparse.kron(once, sparse.eye_array(n)) @ sparse.diags_array(
            (points[:, None] - points[None, :]).ravel()
        )
        return points, sparse.vstack([masses, means], format="csr")

    def solve(model: tuple[Floats, Any]) -> tuple[Floats, Floats]:
        from scipy import optimize

        points, rows = model
        n = points.size
        right = np.concatenate([np.full(n, 1 / n), np.zeros(n)])
        run: Any = optimize.linprog  # its stubs know no sparse matrices
        found = run(-np.tile(cubic(points), n), A_eq=rows, b_eq=right)
        return points, np.asarray(found.x).reshape(n, n)

    def decode(solved: tuple[Floats, Floats]) -> Outcome:
        points, sent = solved
        weights = sent.sum(axis=0)

        def recompute() -> float:
            missed = np.abs(points @ sent - weights * points).max()
            if not missed <= BAYES:
                raise WorkNotDoneError(f"a mean is missed by {missed:.3g}")
            return float(weights @ cubic(points))

        return Outcome(float((sent @ cubic(points)).sum()), recompute, columns=sent.size)

    return Contender(TEXTBOOK, build, solve, decode, columns=lambda n: n * n)


def _spec(
    family: str, measured_in: str, largest: int, truth: float, *contenders: Contender
) -> Spec:
    """Sizes are powers of 2, of which no grid holds the optimum."""
    sizes = tuple(2**k for k in range(3, largest.bit_length()))
    return Spec(f"grids/{family}", measured_in, sizes, int, contenders, truth=truth)


SPECS = (
    *(
        _spec(
            family,
            "steps",
            1024 if len(given.prior) == 2 else 128,
            given.truth,
            _beliefs_bracket(given),
            _beliefs_textbook(given),
        )
        for family, given in BELIEFS.items()
    ),
    *(
        _spec(family, "cells", 1024, given.truth, _menus_bracket(given), _menus_textbook(given))
        for family, given in MENUS.items()
    ),
    _spec("posterior means", "cells", 128, CENSORSHIP, _means_bracket(), _means_textbook()),
)

FAMILIES = tuple(spec.name.removeprefix("grids/") for spec in SPECS)
"""Names of the families, in the order of the table above."""


def rows(
    families: Iterable[str] = FAMILIES, *, largest: int | None = None, rounds: int = 1
) -> pd.DataFrame:
    """Run specs, every answer checked, one row for each family and size.

    Parameters
    ----------
    families
        Some of :data:`FAMILIES`.
    largest
        Largest size; as in the specs if left out.
    rounds
        Rounds at most; seconds are their medians.

    Returns
    -------
    pandas.DataFrame
        Columns ``family``, ``n``, ``lower``, ``upper``, ``truth`` and ``seconds`` of the bracket,
        ``textbook`` and ``textbook_seconds``: the one value, and how long it took.

    Raises
    ------
    WorkNotDoneError
        If a bracket does not hold the truth, or an answer is not worth what it claims.
    """
    from persuasion_lp.extras import load

    pandas = load("pandas", extra="frames", feature="benchmarks.grids.rows")
    by_family = dict(zip(FAMILIES, SPECS, strict=True))
    found = []
    gc.collect()
    gc.freeze()  # what is there already is not looked through before every run
    try:
        for family in families:
            spec = by_family[family]
            measure(spec, spec.sizes[0], 1)  # imports and caches: not counted
            sizes = [n for n in spec.sizes if largest is None or n <= largest]
            found += [_row(family, spec, *measure(spec, n, rounds)) for n in sizes]
    finally:
        gc.unfreeze()
    return pandas.DataFrame(found)


def _row(family: str, spec: Spec, bracket: Measurement, textbook: Measurement) -> dict[str, Any]:
    seconds, textbook_seconds = (
        median(sample["total"] for sample in m.samples) for m in (bracket, textbook)
    )
    return {
        "family": family,
        "n": bracket.size,
        "lower": bracket.lower,
        "upper": bracket.upper,
        "truth": spec.truth,
        "seconds": seconds,
        "textbook": textbook.value,
        "textbook_seconds": textbook_seconds,
    }


def exponents(frame: pd.DataFrame) -> pd.DataFrame:
    """Powers b of n with which errors, width and seconds of :func:`rows` go, as n^b.

    Returns
    -------
    pandas.DataFrame
        One row for each family; columns ``below`` (truth − lower), ``above`` (upper − truth),
        ``width``, ``textbook`` (its error), ``seconds`` and ``textbook_seconds``. NaN where there
        is no error, or too few sizes.
    """
    from persuasion_lp.extras import load

    pandas = load("pandas", extra="frames", feature="benchmarks.grids.exponents")
    fitted = {}
    for family, group in frame.groupby("family", sort=False):
        n, truth = group["n"].tolist(), group["truth"]
        errors = {
            "below": truth - group["lower"],
            "above": group["upper"] - truth,
            "width": group["upper"] - group["lower"],
            "textbook": (group["textbook"] - truth).abs(),
        }
        fitted[family] = {
            name: error_exponent(n, error.tolist()) for name, error in errors.items()
        } | {
            name: exponent(n, group[name].tolist(), exponential=False)
            for name in ("seconds", "textbook_seconds")
        }
    return pandas.DataFrame.from_dict(fitted, orient="index", dtype=float)
