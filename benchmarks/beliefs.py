"""Specs: games on one belief, each beside what one would write without the algorithm.

========================  =====================================================================
``beliefs/envelope``      the whole envelope at N points, against one program for one prior
``beliefs/reading``       the same against reading x and f once: the passes over memory it takes
``beliefs/half-concave``  the same where half of the points are vertices
``beliefs/simplex``       the whole envelope over three states, against one program for one prior
``beliefs/two-stage``     cav(f1 + cav f2) at every belief, against the same
``beliefs/order``         the best order, proved, against trying all of them with the same hull
========================  =====================================================================

The value at a prior is the answer; where a contender does less than the library it says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np
from numpy.typing import NDArray

import persuasion_lp as plp
from benchmarks.registry import Contender, Outcome, Spec, WorkNotDoneError
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.splitting import Envelope
from persuasion_lp.families.beliefs.discretization import Nodes, discretized_below
from persuasion_lp.families.beliefs.order_search import search_orders, values_of_orders
from persuasion_lp.lp.highs import LPSolution, solve_lp
from persuasion_lp.lp.model import LinearProgram, LPBuilder
from persuasion_lp.lp.options import SolverOptions

__all__ = [
    "SPECS",
    "Splittable",
    "half_concave",
    "linprog",
    "payoff_on_interval",
    "payoff_on_simplex",
    "split_value",
    "stepped_receivers",
    "whole_envelope",
]

Floats = NDArray[np.float64]

PRIOR = 0.37
SIMPLEX_PRIOR = (0.5, 0.3, 0.2)
BAYES = 1e-7
"""A posterior mean may miss the prior by what solvers allow at their default tolerances."""


@dataclass(frozen=True, eq=False)
class Splittable:
    """A payoff at beliefs, and the prior to be split."""

    beliefs: Floats
    payoffs: Floats
    prior: Floats


def payoff_on_interval(n: int) -> Splittable:
    """Six steps and a wave at n points."""
    x = np.linspace(0, 1, n)
    f = np.floor(6 * x) / 3 + 0.5 * np.sin(9 * x) + 0.3 * x**2
    return Splittable(x, f, np.array(PRIOR))


def half_concave(n: int) -> Splittable:
    """Strictly concave left of 1/2, where every point is a vertex; steps and waves on the right."""
    x = np.linspace(0, 1, n)
    right = np.floor(12 * (x - 0.5)) / 24 - 0.9 * (x - 0.5) + 0.02 * np.sin(90 * x) - 0.05
    return Splittable(x, np.where(x < 0.5, -4 * (x - 0.5) ** 2, right), np.array(PRIOR))


def payoff_on_simplex(resolution: int) -> Splittable:
    """Five half-spaces and a wave over three states."""
    beliefs = plp.SimplexGrid(3, resolution).nodes
    payoffs = 0.3 * np.sin(5 * beliefs[:, 0]) + 0.2 * beliefs[:, 1] ** 2
    rng = np.random.default_rng(0)
    for normal in rng.normal(size=(5, 3)):
        payoffs += beliefs @ normal >= np.quantile(beliefs @ normal, 0.6)
    return Splittable(beliefs, payoffs, np.array(SIMPLEX_PRIOR))


def stepped_receivers(n: int, steps: int = 3) -> plp.BeliefGame:
    """Receivers with ``steps`` cutoffs each, payoffs in no particular order."""
    rng = np.random.default_rng(n)
    receivers = [plp.Receiver(np.sort(rng.random(steps)), rng.random(steps + 1)) for _ in range(n)]
    return plp.BeliefGame(0.45, receivers)


def split_value(instance: Splittable, beliefs: Floats, weights: Floats, payoffs: Floats) -> float:
    """Value of a splitting, after Bayes' rule has been checked."""
    missed = np.abs(weights @ beliefs - instance.prior).max() + abs(weights.sum() - 1)
    if not missed <= BAYES:
        raise WorkNotDoneError(f"the posteriors miss the prior by {missed:.3g}")
    return float(weights @ payoffs)


def whole_envelope() -> Contender:
    """Every vertex, with the public function."""

    def build(instance: Splittable) -> Splittable:
        return instance

    def solve(instance: Splittable) -> tuple[Splittable, Envelope]:
        return instance, plp.concavify(instance.beliefs, instance.payoffs)

    def decode(solved: tuple[Splittable, Envelope]) -> Outcome:
        instance, envelope = solved
        split = envelope.split(instance.prior)
        return Outcome(
            float(envelope(instance.prior)),
            lambda: split_value(instance, split.posteriors, split.weights, split.payoffs),
        )

    return Contender("the whole envelope", build, solve, decode)


def _moments(instance: Splittable) -> tuple[Floats, Floats]:
    """Rows and right-hand side of Bayes' rule."""
    if instance.beliefs.ndim == 2:
        return instance.beliefs.T, instance.prior
    return (
        np.vstack([np.ones(instance.beliefs.size), instance.beliefs]),
        np.array([1.0, float(instance.prior)]),
    )


def _one_program(options: SolverOptions | None = None) -> Contender:
    """The belief-grid program at one prior by this library's engine."""

    def build(instance: Splittable) -> tuple[Splittable, LinearProgram]:
        rows, right = _moments(instance)
        builder = LPBuilder()
        columns = builder.columns("posterior", instance.payoffs.shape, objective=instance.payoffs)
        plausible = builder.rows("plausibility", right.shape, "==", right)
        builder.entries(plausible[:, None], columns[None, :], rows)
        return instance, builder.build()

    def solve(model: tuple[Splittable, LinearProgram]) -> tuple[Splittable, LPSolution]:
        return model[0], solve_lp(model[1], options)

    def decode(solved: tuple[Splittable, LPSolution]) -> Outcome:
        instance, solution = solved
        weights = solution.values("posterior")
        return Outcome(
            solution.value,
            lambda: split_value(instance, instance.beliefs, weights, instance.payoffs),
            columns=solution.lp.shape[1],
            nonzeros=solution.lp.nonzeros,
        )

    return Contender("one program, one prior", build, solve, decode)


def linprog(largest: int | None = None) -> Contender:
    """The same with scipy's defaults."""

    def solve(instance: Splittable) -> tuple[Splittable, Floats]:
        from scipy import optimize

        rows, right = _moments(instance)
        found = optimize.linprog(-instance.payoffs, A_eq=rows, b_eq=right)
        return instance, np.asarray(found.x)

    return Contender(
        "scipy linprog, one prior", _as_it_is, solve, _weights_outcome, largest=largest
    )


def _cvxpy(largest: int) -> Contender:
    """The same with cvxpy's defaults for HiGHS."""

    def build(instance: Splittable) -> Any:
        import cvxpy as cp

        rows, right = _moments(instance)
        weights = cp.Variable(instance.payoffs.size, nonneg=True)
        problem = cp.Problem(cp.Maximize(instance.payoffs @ weights), [rows @ weights == right])
        return instance, weights, problem

    def solve(model: Any) -> tuple[Splittable, Floats]:
        instance, weights, problem = model
        problem.solve(solver="HIGHS")
        return instance, np.asarray(weights.value)

    return Contender("cvxpy, one prior", build, solve, _weights_outcome, largest=largest)


def _weights_outcome(solved: tuple[Splittable, Floats]) -> Outcome:
    instance, weights = solved
    return Outcome(
        float(weights @ instance.payoffs),
        lambda: split_value(instance, instance.beliefs, weights, instance.payoffs),
        columns=weights.size,
    )


def _reading() -> Contender:
    """Read x and f once; the envelope's value is looked up beforehand, off the clock."""

    def prepare(instance: Splittable) -> tuple[Splittable, float]:
        envelope = IntervalEnvelope.of(instance.beliefs, instance.payoffs)
        return instance, float(envelope(instance.prior))

    def solve(known: tuple[Splittable, float]) -> tuple[float, float]:
        instance, value = known
        return value, float(instance.beliefs.sum() + instance.payoffs.sum())

    def decode(read: tuple[float, float]) -> Outcome:
        return Outcome(read[0], lambda: read[0])

    return Contender("reading x and f once", _as_it_is, solve, decode, prepare=prepare)


def _two_stages() -> Contender:
    """cav(f1 + cav f2) at every belief, the second payoff that of the mirrored states."""

    def build(instance: Splittable) -> tuple[Splittable, Nodes]:
        mirrored = _mirrored(instance)
        prior = int(np.abs(instance.beliefs - instance.prior).sum(axis=1).argmin())
        return instance, Nodes(instance.beliefs, np.array([instance.payoffs, mirrored]), prior)

    def solve(model: tuple[Splittable, Nodes]) -> tuple[Nodes, Any, Any]:
        _, nodes = model
        later = nodes.envelope(nodes.add((1,), nodes.nothing()))
        total = nodes.add((0,), nodes.value_function(later))
        first = nodes.envelope(total)
        return nodes, first, nodes.value_function(first).values

    def decode(solved: tuple[Nodes, Any, Any]) -> Outcome:
        nodes, first, values = solved
        split = first.split(nodes.beliefs[nodes.prior])
        return Outcome(float(values[nodes.prior]), lambda: float(split.value))

    return Contender("both stages at every belief", build, solve, decode)


def _second_stage_known() -> Contender:
    """One program for one prior, with cav f2 given at every belief off the clock."""
    one = _one_program()

    def prepare(instance: Splittable) -> Splittable:
        later = plp.concavify(instance.beliefs, _mirrored(instance))
        payoffs = instance.payoffs + later(instance.beliefs)
        return Splittable(instance.beliefs, payoffs, instance.prior)

    return Contender("one program, one prior", one.build, one.solve, one.decode, prepare=prepare)


def _mirrored(instance: Splittable) -> Floats:
    """Payoff with the first and the last state exchanged."""
    lattice = plp.SimplexGrid(3, round(1 / float(np.unique(instance.beliefs)[1])))
    return instance.payoffs[lattice.index(instance.beliefs[:, ::-1])]


def _search() -> Contender:
    def solve(nodes: Nodes) -> tuple[Nodes, tuple[int, ...], float]:
        found = search_orders(nodes)
        if not found.upper - found.value <= BAYES:
            raise WorkNotDoneError("the order is not proved best")
        return nodes, found.order, found.value

    return Contender("search with proof", _nodes, solve, _order_outcome)


def _every_order(largest: int) -> Contender:
    """Each of the n! orders by the recursion with the same hull, one envelope after the other."""

    def solve(nodes: Nodes) -> tuple[Nodes, tuple[int, ...], float]:
        best: tuple[float, tuple[int, ...]] = (-np.inf, ())
        for order in permutations(range(len(nodes.payoffs))):
            later = np.zeros(nodes.x.size)
            for i in reversed(order):
                later = np.asarray(IntervalEnvelope.of(nodes.x, nodes.payoffs[i] + later)(nodes.x))
            best = max(best, (float(later[nodes.prior]), order))
        return nodes, best[1], best[0]

    return Contender("every order", _nodes, solve, _order_outcome, largest=largest)


def _nodes(game: plp.BeliefGame) -> Nodes:
    return discretized_below(game, None)


def _order_outcome(solved: tuple[Nodes, tuple[int, ...], float]) -> Outcome:
    nodes, order, value = solved
    return Outcome(value, lambda: float(values_of_orders(nodes, np.array([order]))[0]))


def _as_it_is(instance: Any) -> Any:
    return instance


SPECS = (
    Spec(
        "beliefs/envelope",
        "points",
        (1_000, 10_000, 100_000),
        payoff_on_interval,
        (whole_envelope(), _one_program(), linprog(100_000), _cvxpy(10_000)),
    ),
    Spec(
        "beliefs/reading",
        "points",
        (10_000, 100_000, 1_000_000),
        payoff_on_interval,
        (_reading(), whole_envelope()),
    ),
    Spec(
        "beliefs/half-concave",
        "points",
        (10_000, 100_000, 1_000_000),
        half_concave,
        (_reading(), whole_envelope()),
    ),
    Spec(
        "beliefs/simplex",
        "steps",
        (20, 50, 100, 200),
        payoff_on_simplex,
        (_one_program(), whole_envelope(), linprog(100)),
    ),
    Spec(
        "beliefs/two-stage",
        "steps",
        (20, 50, 100, 200),
        payoff_on_simplex,
        (_second_stage_known(), _two_stages()),
    ),
    Spec(
        "beliefs/order",
        "receivers",
        (5, 6, 7, 10, 12),
        stepped_receivers,
        (_search(), _every_order(7)),
        exponential=True,
    ),
)
