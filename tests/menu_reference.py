"""What a menu pays, by the definitions alone, in fractions; plans in which much nearly ties."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

import numpy as np

from persuasion_lp import ManagerProblem, MenuResult, StateGrid

F = Fraction


@dataclass(frozen=True)
class Plan:
    """The numbers of a manager's problem; masses and probabilities sum to 1."""

    states: list[Fraction]
    masses: list[Fraction]
    payment: Fraction
    types: list[Fraction]
    probs: list[Fraction]

    def problem(self) -> ManagerProblem:
        """The same as a problem."""
        grid = StateGrid(self.states, self.masses)
        return ManagerProblem(grid, self.payment, self.types, self.probs, unrestricted=True)

    def top(self, p: Fraction) -> Fraction:
        """R(p), the integral of the state over its top p."""
        total = F(0)
        for state, mass in sorted(zip(self.states, self.masses, strict=True), reverse=True):
            taken = min(p, mass)
            total, p = total + taken * state, p - taken
        assert p == 0
        return total

    def pays(self, tests: list[tuple[Fraction, Fraction]]) -> Fraction:
        """What tests (p, r) pay, each type choosing, ties as the manager likes."""
        w, mean, total = self.payment, self.top(F(1)), F(0)
        for p, r in tests:
            assert 0 < p <= 1
            assert mean - self.top(1 - p) <= r <= self.top(p), "cannot be run"
            assert r >= w * p, "not trusted when it proposes"
            assert mean - r <= w * (1 - p), "not trusted when it does not propose"
        offers = [(F(0), F(0)), *tests]
        for x, g in zip(self.types, self.probs, strict=True):
            best = max(x * w * p - r for p, r in offers)
            total += g * max(r - w * p for p, r in offers if x * w * p - r == best)
        return total


def assert_bracketed(plan: Plan, result: MenuResult, truth: Fraction) -> None:
    """Fail unless the bracket contains the truth, is narrow, and its tests pay the lower end."""
    tests = [(offer.p, offer.u + plan.payment * offer.p) for offer in result.bracket.offers]
    assert plan.pays(tests) == result.bracket.payoff
    assert result.bracket.payoff <= truth <= result.bracket.bound
    assert F(result.lower) <= truth <= F(result.upper)
    assert result.lower <= result.value <= result.upper
    assert result.bracket.bound - result.bracket.payoff <= truth / 10**9
    assert result.certificate.ok


def near_degenerate_plan(rng: np.random.Generator) -> Plan:
    """Types and states that nearly coincide, x w near E[θ] and cell boundaries, tiny units."""

    def chance(share: float) -> bool:
        return bool(rng.random() < share)

    def tiny(least: int, most: int) -> Fraction:
        return F(10) ** -int(rng.integers(least, most))

    def simplex(count: int) -> list[Fraction]:
        weights = [
            F(int(k)) * (tiny(3, 13) if chance(0.2) else 1) for k in rng.integers(1, 9, count)
        ]
        return [weight / sum(weights) for weight in weights]

    count, whole = int(rng.integers(1, 7)), int(rng.choice([7, 10, 12, 97]))
    states = [F(int(k), whole) for k in rng.integers(0, whole + 1, count)]
    if count > 1 and chance(0.3):
        states[1] = min(F(1), states[0] + tiny(6, 14))
    masses = simplex(count)
    ordered = sorted(zip(states, masses, strict=True), reverse=True)
    above = list(accumulate(mass for _, mass in ordered))
    moments = list(accumulate(state * mass for state, mass in ordered))
    payment = F(int(rng.integers(1, 20)), 20)
    if chance(0.3) and moments[-1]:
        payment = min(max(moments[-1] * F(int(rng.integers(50, 101)), 100), F(1, 100)), F(99, 100))
    types: list[Fraction] = []
    for _ in range(int(rng.integers(1, 6))):
        x = 1 + F(int(rng.integers(0, 60)), 40)
        if chance(0.4):
            k = count - 1 if chance(0.5) else int(rng.integers(0, count))
            x = moments[k] / above[k] / payment + int(rng.integers(-1, 2)) * tiny(6, 16)
        elif types and chance(0.4):
            x = types[-1] + tiny(4, 16)
        elif chance(0.3):
            x = 1 + tiny(2, 14)
        types.append(max(x, F(1)))
    unit = F(10) ** -int(rng.choice([0, 0, 0, 3, 8, 10]))
    states = [unit * state for state in states]
    return Plan(states, masses, unit * payment, types, simplex(len(types)))


def settings_of(procedure: str, formulation: str) -> dict[str, Any]:
    """Keywords of ``solve`` for a formulation, none for the default one."""
    default = {"menu": "rays", "single_test": "closed_form"}[procedure]
    return {} if formulation == default else {"formulation": formulation}
