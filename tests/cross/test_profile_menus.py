"""Tests that depend on all reports, against programmes written out in full for scipy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

import persuasion_lp as plp
from persuasion_lp.errors import ExactSizeError, InputError, OptionError, SizeError
from persuasion_lp.families.menus.profile.optimum import optimum
from persuasion_lp.families.menus.profile.programme import build_profiles, profiles_size
from persuasion_lp.solve import has_exact_answer

F = Fraction
SOLVE: Any = plp.solve
SEEDS = [
    *range(30),
    *(pytest.param(seed, marks=pytest.mark.nightly) for seed in range(30, 150)),
]


def team(
    states: Sequence[Any], masses: Any, payments: Any, types: Any, probs: Any
) -> plp.ManagerProblem:
    return plp.ManagerProblem.for_workers(plp.StateGrid(states, masses), payments, types, probs)


PAPER = team(
    ["1/10", "3/10", "1/2", "7/10", "9/10"],
    None,
    ["1/4", "1/4"],
    [["12/5", "16/5"]] * 2,
    [["1/4", "3/4"]] * 2,
)


def drawn(seed: int, *, trusted: bool) -> plp.ManagerProblem:
    """Two or three workers; with ``trusted`` difficulty is at most the payment on average."""
    rng = np.random.default_rng(seed)
    while True:
        n = int(rng.integers(1, 4))
        counts = [int(rng.integers(1, 4 if n < 3 else 3)) for _ in range(n)]
        if not trusted and np.prod(counts) > 6:
            continue
        size = int(rng.integers(2, 5))
        states = [F(int(k), 20) for k in sorted(rng.choice(np.arange(1, 21), size, replace=False))]
        weights = rng.integers(1, 5, size)
        masses = [F(int(w), int(weights.sum())) for w in weights]
        payments = [F(int(rng.integers(1, 6)), 20) for _ in range(n)]
        types = [
            [F(int(k), 4) for k in rng.choice(np.arange(4, 20), count, replace=False)]
            for count in counts
        ]
        probs = []
        for count in counts:
            share = rng.integers(1, 5, count)
            probs.append([F(int(s), int(share.sum())) for s in share])
        mean = sum(t * f for t, f in zip(states, masses, strict=True))
        if sum(payments) < 1 and (mean <= sum(payments)) == trusted:
            return team(states, masses, payments, types, probs)


def reference(problem: plp.ManagerProblem) -> float:
    """Row by row, once for every set of profiles that may be served."""
    workers = problem.workers
    assert workers is not None
    w = workers.given_payments.floats
    types = [x.floats for x, _ in workers.types or ()]
    probs = [g.floats for _, g in workers.types or ()]
    grid: Any = problem.difficulty
    states, masses = grid.states, grid.masses
    profiles = list(product(*(range(len(x)) for x in types)))
    required = max(0.0, float(states @ masses) - w.sum())
    served = [frozenset(profiles)]
    if required > 0:
        served = [
            frozenset(p for p, chosen in zip(profiles, bits, strict=True) if chosen)
            for bits in product((False, True), repeat=len(profiles))
        ]
    values = [one(w, types, probs, states, masses, profiles, required, s) for s in served]
    return max(value for value in values if value is not None)


def one(
    w: Any,
    types: Any,
    probs: Any,
    states: Any,
    masses: Any,
    profiles: Any,
    required: Any,
    served: Any,
) -> float | None:
    n, k_count, total = len(w), len(states), float(w.sum())
    lies = [
        (i, t, s) for i in range(n) for t in profiles for s in range(len(types[i])) if s != t[i]
    ]
    width = len(profiles) * k_count + len(lies)
    z = {lie: len(profiles) * k_count + k for k, lie in enumerate(lies)}

    def masses_of(t: Any) -> slice:
        start = profiles.index(t) * k_count
        return slice(start, start + k_count)

    def others(i: int, t: Any) -> float:
        return float(np.prod([probs[j][t[j]] for j in range(n) if j != i]))

    least, sides = [], []
    for t in profiles:
        row = np.zeros(width)
        row[masses_of(t)] = states - total
        least.append(row)
        sides.append(required if t in served else 0.0)
        for i in range(n):
            row = np.zeros(width)
            row[masses_of(t)] = types[i][t[i]] * w[i] - states
            least.append(row)
            sides.append(0.0)
    for i, t, s in lies:
        row = np.zeros(width)
        row[z[i, t, s]] = 1
        row[masses_of((*t[:i], s, *t[i + 1 :]))] = -(types[i][t[i]] * w[i] - states)
        least.append(row)
        sides.append(0.0)
    for i in range(n):
        for own in range(len(types[i])):
            for s in range(len(types[i])):
                if s == own:
                    continue
                row = np.zeros(width)
                for t in profiles:
                    if t[i] == own:
                        row[masses_of(t)] += others(i, t) * (types[i][own] * w[i] - states)
                        row[z[i, t, s]] -= others(i, t)
                least.append(row)
                sides.append(0.0)
    payoff = np.zeros(width)
    bounds: list[Any] = []
    for t in profiles:
        payoff[masses_of(t)] = np.prod([probs[i][t[i]] for i in range(n)]) * (states - total)
        bounds += [(0, m if t in served else 0) for m in masses]
    bounds += [(0, None)] * len(lies)
    found = linprog(-payoff, A_ub=-np.array(least), b_ub=-np.array(sides), bounds=bounds)
    if found.status == 2:
        return None
    assert found.status == 0
    return -float(found.fun or 0.0)


def test_the_finding_on_the_pivotal_worker() -> None:
    result = plp.solve(PAPER, "profile_menu")
    assert plp.solve(PAPER, "profile_menu", exact=True).value == F(87, 1000)
    assert plp.solve(PAPER, "menu", exact=True).value == F(129, 1600)
    tests: Any = {test.profile: (test.p, test.q) for test in result.tests}
    assert tests[0, 0] == (0, None)
    assert tests[0, 1] == tests[1, 0] == (F(4, 5), F(3, 5))
    assert tests[1, 1] == (F(52, 75), F(42, 65))
    assert result.certificate.ok
    assert result.exact().certificate.verify().ok
    assert "no plan" in repr(result)
    assert "tests that depend on all reports" in result.describe()
    assert result.to_frame()["p"].tolist() == [float(test.p) for test in result.tests]
    checks = plp.compare(PAPER).checks
    assert checks[-1].statement == "menu ≤ profile_menu"
    assert all(check.holds for check in checks)
    assert result.no_information == 0
    assert result.full_information == pytest.approx(float(F(9, 400)))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("trusted", [True, False])
def test_it_is_the_programme_written_out(seed: int, trusted: bool) -> None:
    problem = drawn(seed, trusted=trusted)
    result = plp.solve(problem, "profile_menu")
    assert result.value == pytest.approx(reference(problem), abs=1e-8)
    pivotal: Any = plp.solve(problem, "menu", exact=True)
    exact: Any = plp.solve(problem, "profile_menu", exact=True)
    assert pivotal.value <= exact.value
    assert result.lower <= exact.value <= result.upper
    if problem.workers is not None and len(problem.workers.types or ()) == 1:
        assert exact.value == pivotal.value


def test_rows_of_two_workers_by_hand() -> None:
    """Two states, the first worker with two types, the second with one."""
    problem = team(["1/4", "3/4"], None, ["1/4", "1/4"], [[2, 3], [2]], [["1/2", "1/2"], [1]])
    data, _, _ = optimum(problem)
    program = build_profiles(data, {})
    assert profiles_size((2, 1), 2).columns == 4 + 2
    by_row: dict[int, dict[int, Fraction]] = {}
    for j, column in enumerate(program.entries):
        for i, a in column.items():
            by_row.setdefault(i, {})[j] = a
    first = program.rows["OB-W[0]"].start
    assert by_row[first] == {0: F(1, 4), 1: F(-1, 4)}
    assert by_row[first + 1] == {2: F(1, 2)}
    z = program.columns["z[0]"].start
    reject = program.rows["reject[0]"].start
    assert by_row[reject] == {z: 1, 2: F(-1, 4), 3: F(1, 4)}
    honest = program.rows["IC-W[0]"].start
    assert by_row[honest] == {0: F(1, 4), 1: F(-1, 4), z: -1}
    assert by_row[program.rows["OB-M"].start] == {0: F(-1, 4), 1: F(1, 4)}
    assert program.objective[:4] == (F(-1, 8), F(1, 8), F(-1, 8), F(1, 8))


def test_every_broken_constraint_is_seen() -> None:
    result = plp.solve(PAPER, "profile_menu")
    economic = result.certificate.economic
    for name in ("feasibility", "obedience", "honesty", "trust"):
        broken = replace(economic, **{name: F(1, 100)})
        assert not replace(result.certificate, economic=broken, seal=None).ok
    assert not replace(result.certificate, value=0.1, seal=None).ok
    assert not replace(result, value=0.1).certificate.ok


def test_files_and_refusals(tmp_path: Any) -> None:
    path = tmp_path / "team.toml"
    plp.write(PAPER, path)
    assert plp.read(path) == PAPER
    uneven = team([0.2, 0.6], None, [0.2, 0.25], [[1.5, 2, 3], [2]], None)
    plp.write(uneven, tmp_path / "uneven.toml")
    assert plp.read(tmp_path / "uneven.toml") == uneven
    saved = tmp_path / "answer.json"
    plp.solve(PAPER, "profile_menu").save(saved)
    assert plp.load(saved).value == pytest.approx(0.087)
    one_worker = plp.ManagerProblem(plp.StateGrid([0.2, 0.6]), 0.5, [1.2, 1.6])
    with pytest.raises(InputError, match="state them with"):
        plp.solve(one_worker, "profile_menu")
    assert "profile_menu" not in plp.compare(one_worker).results
    assert not has_exact_answer(one_worker, "profile_menu")
    with pytest.raises(OptionError, match="no setting"):
        SOLVE(PAPER, "profile_menu", tol=1e-3)
    with pytest.raises(SizeError):
        SOLVE(PAPER, "profile_menu", memory_limit=100)
    many = team([0.2, 0.6], None, [0.1] * 8, [[2, 3, 4]] * 8, None)
    with pytest.raises((ExactSizeError, SizeError)):
        plp.solve(many, "profile_menu")
    thirds = team([0.2, 0.6], None, [0.5], [[2, 3]], [[0.3333333333333333, 0.6666666666666666]])
    with pytest.raises(InputError, match="sum to 1 exactly"):
        plp.solve(thirds, "profile_menu")
