"""The bracket of a vote holds for the numbers as written."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest

from persuasion_lp import GameResult, VotingGame, errors, solve
from persuasion_lp.families.votes.bracket import certify_vote
from persuasion_lp.primitives.priors import from_table
from tests.exact_reference import maximum
from tests.support import any_solve

Row = list[Fraction]
PROCEDURES = ("simultaneous", "sequential", "first_best")


def vote_value(
    procedure: str, prior: dict[str, Fraction], cutoffs: list[Fraction], quota: int
) -> Fraction:
    """Value of a vote in fractions: profiles with exactly ``quota`` approvals, or none."""
    n = len(cutoffs)
    orders: list[tuple[int, ...]] = [tuple(range(n))]
    if procedure == "sequential":
        orders = list(permutations(range(n)))
    return max(_value(procedure, order, prior, cutoffs, quota) for order in orders)


def _value(
    procedure: str,
    order: tuple[int, ...],
    prior: dict[str, Fraction],
    cutoffs: list[Fraction],
    quota: int,
) -> Fraction:
    n = len(cutoffs)
    profiles = [a for a in product((0, 1), repeat=n) if sum(a) in (0, quota)]
    columns = [(a, s) for a in profiles for s in prior]
    objective = [Fraction(int(sum(a) == quota)) for a, _ in columns]
    equations = [([Fraction(int(t == s)) for _, t in columns], p) for s, p in prior.items()]
    rows: dict[Any, Row] = {}
    for j, (a, s) in enumerate(columns):
        for i in range(n):
            if a[i]:
                before = order[: order.index(i)]
                seen: Any = {"simultaneous": a, "first_best": ()}.get(
                    procedure, tuple(a[k] for k in before)
                )
                row = rows.setdefault((i, seen), [Fraction(0)] * len(columns))
                row[j] += int(s[i] == "H") - cutoffs[i]
    return maximum(objective, equations, list(rows.values()))


def assert_bracketed(result: GameResult, right: Fraction) -> None:
    """Fail unless the bracket holds the right value, and is as narrow as promised."""
    assert Fraction(result.lower) <= right <= Fraction(result.upper)
    assert result.lower <= result.value <= result.upper
    assert result.certificate.ok, result.certificate.failures
    assert result.upper - result.lower <= 1e-9


RARE = Fraction(1, 10**12)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_rare_states_and_cutoffs_next_to_zero(procedure: str) -> None:
    table = {"LL": 1 - 2 * RARE, "LH": RARE, "HL": RARE}
    cutoffs = [Fraction(1, 10**11)] * 2
    result = any_solve(VotingGame(from_table(table), cutoffs, quota=1), procedure)
    assert_bracketed(result, vote_value(procedure, table, cutoffs, 1))
    if procedure == "simultaneous":
        assert Fraction(result.lower) <= Fraction(1, 5) <= Fraction(result.upper)


def test_random_votes_are_bracketed() -> None:
    """In the result or, where messages are too rare to be coupled in floats, in the error."""
    rng = np.random.default_rng(4)

    def drawn(*numbers: Fraction) -> Fraction:
        return numbers[int(rng.integers(len(numbers)))]

    for _ in range(40):
        n = int(rng.integers(2, 4))
        rarity = (Fraction(1), Fraction(1), Fraction(1, 10**4), Fraction(1, 10**11), Fraction(0))
        weights = [int(rng.integers(1, 10)) * drawn(*rarity) for _ in range(2**n - 1)] + [1]
        states = ["".join(s) for s in product("LH", repeat=n)]
        table = {s: Fraction(w) / sum(weights) for s, w in zip(states, weights, strict=True) if w}
        edges = [Fraction(c) for c in ("1/2", "7/10", "3/10", "1/3", "0.99999", "1e-9")]
        cutoffs = [drawn(*edges) for _ in range(n)]
        quota = int(rng.integers(1, n + 1))
        game = VotingGame(from_table(table), cutoffs, quota=quota)
        for procedure in PROCEDURES:
            right = vote_value(procedure, table, cutoffs, quota)
            try:
                assert_bracketed(any_solve(game, procedure), right)
            except errors.CertificateError as refused:
                bracket = refused.certificate
                assert procedure == "first_best", "only the coupling of private messages may fail"
                assert Fraction(bracket.lower) <= right <= Fraction(bracket.upper)


def test_a_knife_edge_is_solved_exactly_or_refused_with_its_bracket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prior = from_table({"LH": "1/3", "HL": "2/3"})
    game = VotingGame(prior, ["7/10", "3/10"], quota=2)
    result = solve(game, "simultaneous")
    assert result.certificate.route == "exact"
    assert_bracketed(result, Fraction(20, 21))
    assert solve(game, "sequential").certificate.ok
    monkeypatch.setattr("persuasion_lp.lp.exact.EXACT_ROWS", 1)
    with pytest.raises(errors.CertificateError, match="exact arithmetic refuses") as caught:
        solve(game, "simultaneous")
    bracket = caught.value.certificate
    assert Fraction(bracket.lower) <= Fraction(20, 21) <= Fraction(bracket.upper)


@pytest.mark.parametrize("procedure", ["simultaneous", "sequential"])
@pytest.mark.parametrize("power", range(-12, -1, 2))
def test_a_small_violation_is_refused_however_rare(procedure: str, power: int) -> None:
    """A millionth of what is at stake for a voter who decides with probability 1e-12 or 1e-2."""
    rare = Fraction(10) ** power
    game = VotingGame([[1 - 2 * rare, rare], [rare, 0]], ["1/2", "1/3"], 1)
    result = any_solve(game, procedure)
    experiment = result.experiment
    decides = int(np.flatnonzero(experiment.actions[:, 1] == 1)[0])
    fails = int(np.flatnonzero(experiment.actions.sum(axis=1) == 0)[0])
    innocent = int(np.flatnonzero(experiment.support == 0)[0])
    for sign, fine in ((-1, True), (1, False)):
        joint = experiment.joint.copy()
        moved = sign * 6e-6 * joint[decides, innocent]
        joint[decides, innocent] += moved
        joint[fails, innocent] -= moved
        changed = replace(experiment, joint=joint)
        checked = certify_vote(game, changed, math.fsum(np.delete(joint, fails, axis=0).ravel()))
        assert (checked.obedience_residual <= 1e-9) == fine, checked
        if not fine:
            assert checked.obedience_residual == pytest.approx(3e-6, rel=1e-3)
            assert any("obedience" in failure for failure in checked.failures)


@pytest.mark.parametrize("power", range(0, 13, 3))
def test_a_vote_is_worth_the_same_however_rare_it_matters(power: int) -> None:
    """With probability r of one guilty defendant each, the two halves of it persuade 5 r."""
    rare = Fraction(1, 5 * 10**power)
    game = VotingGame([[1 - 2 * rare, rare], [rare, 0]], ["1/2", "1/3"], 1)
    assert_bracketed(any_solve(game, "simultaneous"), 5 * rare)
