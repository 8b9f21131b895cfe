"""Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["INSTANCES", "KKS"]

F = Fraction

KKS = "Khantadze, Kremer and Skrzypacz, Persuasion with Multiple Actions"
"""The paper."""

_HALF = F(1, 2)


def _example_1() -> PersuasionGame:
    """Exactly one of two defendants is guilty; the paper derives the values.

    The judges differ only in which is which, so both orders pay the same, and choosing the first
    judge alone (intermediate) gains nothing.
    """
    return PersuasionGame([[0, _HALF], [_HALF, 0]], [Receiver.threshold(F(4, 5))] * 2)


def _example_2() -> PersuasionGame:
    """The defendants are guilty together; the paper derives the values of Table 1.

    The harder judge first: f_2 + cav f_1 has the concave envelope 2x/.8 up to .8, so 5/4 at 1/2.
    What lies between the best order and first best pays the same as both.
    """
    return PersuasionGame(
        [[_HALF, 0], [0, _HALF]], [Receiver.threshold(F(3, 5)), Receiver.threshold(F(4, 5))]
    )


def _example_3() -> PersuasionGame:
    """The defendants are independent; the paper derives the values of Table 1.

    What one learns about one says nothing about the other: every procedure pays first best.
    """
    return PersuasionGame(
        [[F(1, 4)] * 2] * 2, [Receiver.threshold(F(3, 5)), Receiver.threshold(F(4, 5))]
    )


def _three_states() -> PersuasionGame:
    """Receivers accept at μ_3 ≥ μ_1 + 3μ_2/5 and at μ_3 ≥ 3μ_1/2 + 9μ_2/5.

    First best: state 3 with all of state 2 and 1/50 of state 1, and state 3 with 2/15 of state 1:
    13/25 + 1/3. In public a unit of state 3 pays at most 2(1 + 2/3) if both accept, 1 + 5/3 if only
    the first does: (1/5)(10/3). With the second receiver first, the first adds nothing.

    In the order 1, 2 the first accepts as in first best, the second on state 3, that 1/50 of
    state 1, and 17/180 of state 2: 751/900. The multipliers 7/6 and 5/9 of their acceptance, 2/3 of
    the second's after a rejection, and the prices 0, 3/10, 67/18 of the states prove it optimal.
    """
    return PersuasionGame(
        [F(1, 2), F(3, 10), F(1, 5)],
        [
            Receiver.accepting([([-1, F(-3, 5), 1], 0)]),
            Receiver.accepting([([F(-3, 2), F(-9, 5), 1], 0)]),
        ],
    )


def _proposition_4_i() -> PersuasionGame:
    """Marginal priors 1/3: first best is 2 · (1/3)/(2/3).

    Condition (i) reads 1/6 ≥ (1/6)(1/3)/(1/3). The signal of §8.1 has b = 1/6 and
    c = d = e = 0: both are convicted unless the state is LL, at beliefs of exactly 2/3.
    """
    return PersuasionGame([[_HALF, F(1, 6)], [F(1, 6), F(1, 6)]], [Receiver.threshold(F(2, 3))] * 2)


def _proposition_4_ii() -> PersuasionGame:
    """Marginal priors 1/5: first best is 2 · (1/5)/(3/4).

    Condition (i) fails, 1/10 < (1/10)(1/2)/(1/4); condition (ii) holds, 2/10 ≤ 21/10 + 1/10. The
    signal of §8.1 has b = 1/20, c = 0, d = e = 1/60.
    """
    return PersuasionGame(
        [[F(7, 10), F(1, 10)], [F(1, 10), F(1, 10)]], [Receiver.threshold(F(3, 4))] * 2
    )


def _corollary_1() -> PersuasionGame:
    """Common state, prior 1/2: first best is (1/.6 + 1/.7 + 1/.9)/2 = 265/126.

    The order of the cutoffs attains it (Proposition 1). In public, Σ f_i has the concave envelope
    3x/.9 up to .9, since 1/.6 and 2/.7 are less than 3/.9.
    """
    cutoffs = [F(3, 5), F(7, 10), F(9, 10)]
    return PersuasionGame([_HALF, _HALF], [Receiver.threshold(c) for c in cutoffs])


def _theorem_2() -> PersuasionGame:
    """Exactly one of three states is H: (1/3)(1/.5 + 1/.6 + 1/.8) by Theorem 2."""
    third = F(1, 3)
    prior = np.zeros((2, 2, 2), dtype=object)
    prior[1, 0, 0] = prior[0, 1, 0] = prior[0, 0, 1] = third
    cutoffs = [_HALF, F(3, 5), F(4, 5)]
    return PersuasionGame(prior, [Receiver.threshold(c) for c in cutoffs])


def _example_4() -> VotingGame:
    """The paper derives the values in the proof of Claim 1."""
    prior = np.zeros((2, 2, 2), dtype=object)
    prior[1, 1, 0] = prior[0, 0, 1] = _HALF
    return VotingGame(prior, [F(7, 10), F(4, 5), F(4, 5)], quota=2)


def _unanimity() -> VotingGame:
    """The judges of Example 1, who can never both be convinced by what both see."""
    return VotingGame([[0, _HALF], [_HALF, 0]], [F(4, 5), F(4, 5)], quota=2)


INSTANCES = (
    Instance(
        "kks-example-1",
        "two judges, perfectly negative correlation, cutoffs 4/5 and 4/5",
        KKS,
        "Example 1, Table 1; optimality of the order in §8.2; flexible in §4",
        _example_1,
        (
            Claim("simultaneous", F(1), "printed in the paper", "1"),
            Claim("sequential", F(37, 32), "printed in the paper", "1.156"),
            Claim("sequential", F(37, 32), "printed in the paper", "1.1563", {"order": (0, 1)}),
            Claim("sequential", F(37, 32), "proved here", settings={"order": (1, 0)}),
            Claim("intermediate", F(37, 32), "proved here"),
            Claim("flexible", F(5, 4), "printed in the paper", "1.25"),
            Claim("first_best", F(5, 4), "printed in the paper", "1.25"),
        ),
    ),
    Instance(
        "kks-example-2",
        "two judges, perfectly positive correlation, cutoffs 3/5 and 4/5",
        KKS,
        "Example 2, Table 1",
        _example_2,
        (
            Claim("simultaneous", F(5, 4), "printed in the paper", "1.25"),
            Claim("sequential", F(35, 24), "printed in the paper", "1.458"),
            Claim("sequential", F(35, 24), "printed in the paper", "1.458", {"order": (0, 1)}),
            Claim("sequential", F(5, 4), "proved here", settings={"order": (1, 0)}),
            Claim("intermediate", F(35, 24), "proved here"),
            Claim("flexible", F(35, 24), "proved here"),
            Claim("first_best", F(35, 24), "printed in the paper", "1.458"),
        ),
    ),
    Instance(
        "kks-example-3",
        "two judges, independent states, cutoffs 3/5 and 4/5",
        KKS,
        "Example 3, Table 1",
        _example_3,
        (
            Claim("simultaneous", F(35, 24), "printed in the paper", "1.458"),
            Claim("sequential", F(35, 24), "printed in the paper", "1.458"),
            Claim("sequential", F(35, 24), "proved here", settings={"order": (0, 1)}),
            Claim("sequential", F(35, 24), "proved here", settings={"order": (1, 0)}),
            Claim("intermediate", F(35, 24), "proved here"),
            Claim("flexible", F(35, 24), "proved here"),
            Claim("first_best", F(35, 24), "printed in the paper", "1.458"),
        ),
    ),
    Instance(
        "kks-three-states",
        "one three-valued state, aligned strictly nested receivers",
        KKS,
        "setting of §6.3, Proposition 3; the numbers are ours",
        _three_states,
        (
            Claim("simultaneous", F(2, 3), "proved here"),
            Claim("sequential", F(751, 900), "proved here", settings={"order": (0, 1)}),
            Claim("sequential", F(2, 3), "proved here", settings={"order": (1, 0)}),
            Claim("first_best", F(64, 75), "proved here"),
        ),
    ),
    Instance(
        "kks-proposition-4-i",
        "common cutoff 2/3, condition (i) with equality: a public signal attains first best",
        KKS,
        "§8.1, Proposition 4, condition (i); the numbers are ours",
        _proposition_4_i,
        (
            Claim("simultaneous", F(1), "proved here"),
            Claim("first_best", F(1), "proved here"),
        ),
    ),
    Instance(
        "kks-proposition-4-ii",
        "common cutoff 3/4, condition (ii) alone: a public signal attains first best",
        KKS,
        "§8.1, Proposition 4, condition (ii); the numbers are ours",
        _proposition_4_ii,
        (
            Claim("simultaneous", F(8, 15), "proved here"),
            Claim("first_best", F(8, 15), "proved here"),
        ),
    ),
    Instance(
        "kks-corollary-1",
        "three aligned receivers, a common state, cutoffs 3/5, 7/10, 9/10",
        KKS,
        "Corollary 1 and equations (1), (2); the numbers are ours",
        _corollary_1,
        (
            Claim("simultaneous", F(5, 3), "proved here"),
            Claim("sequential", F(265, 126), "proved here"),
            Claim("sequential", F(265, 126), "proved here", settings={"order": (0, 1, 2)}),
            Claim("flexible", F(265, 126), "proved here"),
            Claim("first_best", F(265, 126), "proved here"),
        ),
    ),
    Instance(
        "kks-theorem-2",
        "exactly one of three states is H, cutoffs 1/2, 3/5, 4/5",
        KKS,
        "Theorem 2; the numbers are ours",
        _theorem_2,
        (
            Claim("flexible", F(59, 36), "proved here"),
            Claim("first_best", F(59, 36), "proved here"),
        ),
    ),
    Instance(
        "kks-example-4",
        "a committee of three forward-looking voters, majority",
        KKS,
        "Example 4 and Claim 1",
        _example_4,
        (
            Claim("simultaneous", F(5, 8), "printed in the paper"),
            Claim("sequential", F(5, 7), "printed in the paper"),
            Claim("sequential", F(5, 7), "printed in the paper", settings={"order": (0, 1, 2)}),
        ),
    ),
    Instance(
        "kks-proposition-2",
        "the judges of Example 1 as forward-looking voters, unanimity",
        KKS,
        "§6.2 after Example 1, Proposition 2",
        _unanimity,
        (
            Claim("simultaneous", F(0), "printed in the paper"),
            Claim("sequential", F(0), "printed in the paper"),
        ),
    ),
)
