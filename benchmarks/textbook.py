r"""Persuasion games as people write them today: paths of recommendations, in three styles.

For thresholds c_i and one unit of payoff per acceptance, with π(path, ω) the joint probability of a
path of recommendations and a state:

    maximize    Σ π(path, ω) · (number of acceptances in path)
    subject to  Σ_path π(path, ω) = prior(ω)                                 every state ω
                ± Σ_{path ∈ I} Σ_ω π(path, ω) (1[ω_i = H] − c_i) ≥ 0         every information set I
                π ≥ 0

with + where I recommends acceptance and − where it recommends rejection. An information set is what
a receiver has seen of a path. Nothing here uses this library: plain numbers in, plain numbers out,
and :func:`expected_value` judges every contender's experiment, this library's included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from benchmarks.engine import FEASIBILITY_TOLERANCE
from benchmarks.registry import Contender, Outcome, WorkNotDoneError

__all__ = [
    "Arrays",
    "Instance",
    "Paths",
    "Procedure",
    "arrays_of",
    "cvxpy_loops",
    "cvxpy_vectorized",
    "expected_value",
    "linprog",
    "random_instance",
    "seen",
]

Procedure = Literal["simultaneous", "sequential", "flexible", "first_best"]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Instance:
    """A game of n receivers with binary states who accept above a cutoff.

    Attributes
    ----------
    procedure
        Who hears what; a sequential order is 0, 1, …, n-1.
    prior
        Shape ``(2,)*n``.
    cutoffs
        Shape ``(n,)``.
    """

    procedure: Procedure
    prior: Floats
    cutoffs: Floats

    @property
    def n(self) -> int:
        """Number of receivers."""
        return self.cutoffs.size

    @property
    def states(self) -> Integers:
        """Every state as a row of zeros (L) and ones (H), shape ``(2^n, n)``."""
        return np.array(list(product((0, 1), repeat=self.n)))


def random_instance(procedure: Procedure, n: int) -> Instance:
    """Random correlated prior and cutoffs, the same for every procedure.

    A Dirichlet prior with parameter 0.3 correlates the states enough for the procedures to differ
    in value.
    """
    rng = np.random.default_rng([n, 0])
    prior = rng.dirichlet(np.full(2**n, 0.3)).reshape((2,) * n)
    return Instance(procedure, prior / prior.sum(), rng.uniform(0.5, 0.9, n))


def seen(
    procedure: Procedure, order: Sequence[int], actions: Sequence[int], place: int
) -> tuple[tuple[int, int], ...]:
    """Pairs (receiver, recommendation) that the receiver at ``place`` of ``order`` knows.

    ``actions`` are by receiver.
    """
    match procedure:
        case "simultaneous":
            known = sorted(order)
        case "first_best":
            known = [order[place]]
        case "sequential" | "flexible":
            known = list(order[: place + 1])
    return tuple((i, actions[i]) for i in known)


def expected_value(instance: Instance, orders: Integers, actions: Integers, joint: Floats) -> float:
    """Value of an experiment, recomputed from it alone.

    Parameters
    ----------
    instance
        The game.
    orders, actions
        Of each path, shape ``(paths, n)``; actions are by receiver.
    joint
        Probability of each path and state, shape ``(paths, 2^n)``.

    Raises
    ------
    WorkNotDoneError
        If it does not average to the prior or somebody would not obey.
    """
    off = float(np.abs(joint.sum(axis=0) - instance.prior.ravel()).max())
    if not max(off, float(-joint.min())) <= FEASIBILITY_TOLERANCE:
        raise WorkNotDoneError(f"the experiment misses the prior by {off:.3g}")
    gains = joint @ (instance.states - instance.cutoffs)
    slack: dict[tuple[int, tuple[tuple[int, int], ...]], float] = {}
    for order, profile, gain in zip(orders.tolist(), actions.tolist(), gains, strict=True):
        for place, i in enumerate(order):
            known = i, seen(instance.procedure, order, profile, place)
            slack[known] = slack.get(known, 0.0) + (1 if profile[i] else -1) * float(gain[i])
    if not min(slack.values()) >= -FEASIBILITY_TOLERANCE:
        raise WorkNotDoneError(f"obedience is missed by {-min(slack.values()):.3g}")
    return math.fsum(joint.sum(axis=1) * actions.sum(axis=1))


@dataclass(frozen=True, eq=False)
class Paths:
    """Every path of an instance, and the information sets over them.

    ``sets[i]`` maps what receiver i has seen to the paths in which he has seen it.
    """

    orders: list[tuple[int, ...]]
    actions: list[tuple[int, ...]]
    sets: list[dict[tuple[tuple[int, int], ...], list[int]]]

    @classmethod
    def of(cls, instance: Instance) -> Paths:
        """Paths of an instance."""
        n = instance.n
        one_order = [tuple(range(n))]
        orders = list(permutations(range(n))) if instance.procedure == "flexible" else one_order
        paths = list(product(orders, product((0, 1), repeat=n)))
        sets: list[dict[tuple[tuple[int, int], ...], list[int]]] = [{} for _ in range(n)]
        for path, (order, actions) in enumerate(paths):
            for place, i in enumerate(order):
                known = seen(instance.procedure, order, actions, place)
                sets[i].setdefault(known, []).append(path)
        return cls([order for order, _ in paths], [actions for _, actions in paths], sets)

    def incidence(self, i: int) -> tuple[sparse.csr_array, Floats]:
        """Information sets of receiver i × paths, and the sign of their obedience rows."""
        members = list(self.sets[i].values())
        rows = np.repeat(np.arange(len(members)), [len(paths) for paths in members])
        columns = np.concatenate([np.array(paths) for paths in members])
        told = np.array([self.actions[paths[0]][i] for paths in members])
        shape = (len(members), len(self.actions))
        matrix = sparse.csr_array((np.ones(rows.size), (rows, columns)), shape=shape)
        return matrix, np.where(told == 1, 1.0, -1.0)

    def outcome(
        self, instance: Instance, value: float, pi: Floats, run: float | None, nonzeros: int | None
    ) -> Outcome:
        """The experiment that a solution π stands for."""
        kernel = np.maximum(pi, 0.0)
        kernel[0, kernel.sum(axis=0) == 0] = 1.0  # a state too rare for the solver
        joint = kernel / kernel.sum(axis=0) * instance.prior.ravel()
        orders, actions = np.array(self.orders), np.array(self.actions)
        return Outcome(
            value,
            lambda: expected_value(instance, orders, actions, joint),
            columns=pi.size,
            nonzeros=nonzeros,
            details={} if run is None else {"run": run},
        )


def _path_columns(procedure: Procedure) -> Any:
    """Number of columns by number of receivers."""
    if procedure == "flexible":
        return lambda n: math.factorial(n) * 4**n
    return lambda n: 4**n


def cvxpy_loops(procedure: Procedure, largest: int) -> Contender:
    """The formulas typed into cvxpy as they stand, one scalar at a time."""

    def build(instance: Instance) -> Any:
        import cvxpy as cp

        paths, states = Paths.of(instance), instance.states.tolist()
        prior, cutoffs = instance.prior.ravel(), instance.cutoffs
        everything = range(len(paths.actions))
        pi = cp.Variable((len(paths.actions), len(states)), nonneg=True)
        constraints = [
            sum(pi[path, w] for path in everything) == prior[w] for w in range(len(states))
        ]
        for i, sets in enumerate(paths.sets):
            for members in sets.values():
                gain = sum(
                    (state[i] - cutoffs[i]) * pi[path, w]
                    for path in members
                    for w, state in enumerate(states)
                )
                accepts = paths.actions[members[0]][i] == 1
                constraints.append(gain >= 0 if accepts else gain <= 0)
        payoff = sum(
            sum(actions) * pi[path, w]
            for path, actions in enumerate(paths.actions)
            for w in range(len(states))
        )
        return instance, paths, pi, cp.Problem(cp.Maximize(payoff), constraints)

    return _cvxpy("cvxpy, scalar loops", procedure, build, largest, "HIGHS")


def cvxpy_vectorized(
    procedure: Procedure,
    largest: int,
    name: str = "cvxpy, vectorized",
    solver: str | None = "HIGHS",
) -> Contender:
    """The same in cvxpy with matrix products, one constraint per receiver."""

    def build(instance: Instance) -> Any:
        import cvxpy as cp

        paths = Paths.of(instance)
        pi = cp.Variable((len(paths.actions), instance.prior.size), nonneg=True)
        constraints = [cp.sum(pi, axis=0) == instance.prior.ravel()]
        gains = pi @ (instance.states - instance.cutoffs)
        for i in range(instance.n):
            matrix, sign = paths.incidence(i)
            constraints.append(cp.multiply(sign, matrix @ gains[:, i]) >= 0)
        acceptances = np.array(paths.actions).sum(axis=1)
        payoff = acceptances @ cp.sum(pi, axis=1)
        return instance, paths, pi, cp.Problem(cp.Maximize(payoff), constraints)

    return _cvxpy(name, procedure, build, largest, solver)


def _cvxpy(
    name: str, procedure: Procedure, build: Any, largest: int, solver: str | None
) -> Contender:
    def solve(model: Any) -> Any:
        model[-1].solve(solver=solver)
        return model

    def decode(model: Any) -> Outcome:
        instance, paths, pi, problem = model
        run = float(problem.solver_stats.solve_time)
        return paths.outcome(instance, float(problem.value), np.asarray(pi.value), run, None)

    return Contender(name, build, solve, decode, largest=largest, columns=_path_columns(procedure))


Arrays = tuple[Floats, sparse.csr_array, Floats, sparse.csr_array, Floats]


def arrays_of(instance: Instance, paths: Paths) -> Arrays:
    """Costs c, A, b, E and e of: minimize c·π subject to A π ≤ b, E π = e, π ≥ 0."""
    count, prior = len(paths.actions), instance.prior.ravel()
    plausible = sparse.kron(np.ones((1, count)), sparse.eye_array(prior.size), format="csr")
    obedience = []
    for i in range(instance.n):
        matrix, sign = paths.incidence(i)
        gain = instance.states[:, i] - instance.cutoffs[i]
        obedience.append(sparse.kron(sparse.diags_array(-sign) @ matrix, gain[None, :]))
    rows = sparse.vstack(obedience, format="csr")
    payoff = np.repeat(np.array(paths.actions).sum(axis=1), prior.size)
    return -payoff, rows, np.zeros(rows.shape[0]), plausible, prior


def linprog(procedure: Procedure, largest: int) -> Contender:
    """The same as sparse matrices for ``scipy.optimize.linprog(method="highs")``."""

    def build(instance: Instance) -> Any:
        paths = Paths.of(instance)
        return instance, paths, arrays_of(instance, paths)

    def solve(model: Any) -> Any:
        instance, paths, arrays = model
        run: Any = optimize.linprog  # its stubs know no sparse matrices
        return instance, paths, arrays, run(*arrays, method="highs")

    def decode(solved: Any) -> Outcome:
        instance, paths, arrays, found = solved
        pi = found.x.reshape(len(paths.actions), -1)
        nonzeros = arrays[1].nnz + arrays[3].nnz
        return paths.outcome(instance, -float(found.fun), pi, None, nonzeros)

    return Contender(
        "scipy linprog", build, solve, decode, largest=largest, columns=_path_columns(procedure)
    )
