"""Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.problems import PersuasionGame, Receiver, VotingGame

__all__ = ["INSTANCES"]

F = Fraction

_KKS = "Khantadze, Kremer and Skrzypacz, Persuasion with Multiple Actions"
_HALF = F(1, 2)


def _example_1() -> PersuasionGame:
    return PersuasionGame([[0, _HALF], [_HALF, 0]], [Receiver.threshold(F(4, 5))] * 2)


def _example_2() -> PersuasionGame:
    return PersuasionGame(
        [[_HALF, 0], [0, _HALF]], [Receiver.threshold(F(3, 5)), Receiver.threshold(F(4, 5))]
    )


def _example_3() -> PersuasionGame:
    return PersuasionGame(
        [[F(1, 4)] * 2] * 2, [Receiver.threshold(F(3, 5)), Receiver.threshold(F(4, 5))]
    )


def _three_states() -> PersuasionGame:
    return PersuasionGame(
        [F(1, 2), F(3, 10), F(1, 5)],
        [
            Receiver.accepting([([-1, F(-3, 5), 1], 0)]),
            Receiver.accepting([([F(-3, 2), F(-9, 5), 1], 0)]),
        ],
    )


def _proposition_4_i() -> PersuasionGame:
    return PersuasionGame([[_HALF, F(1, 6)], [F(1, 6), F(1, 6)]], [Receiver.threshold(F(2, 3))] * 2)


def _proposition_4_ii() -> PersuasionGame:
    return PersuasionGame(
        [[F(7, 10), F(1, 10)], [F(1, 10), F(1, 10)]], [Receiver.threshold(F(3, 4))] * 2
    )


def _corollary_1() -> PersuasionGame:
    """Common state, prior 1/2: Σ cav f_i = (1/.6 + 1/.7 + 1/.9)/2; cav Σ f_i is 3/.9 · 1/2."""
    cutoffs = [F(3, 5), F(7, 10), F(9, 10)]
    return PersuasionGame([_HALF, _HALF], [Receiver.threshold(c) for c in cutoffs])


def _theorem_2() -> PersuasionGame:
    """Exactly one of three states is H: (1/3)(1/.5 + 1/.6 + 1/.8) by Theorem 2."""
    third = F(1, 3)
    prior = np.zeros((2, 2, 2), dtype=object)
    prior[1, 0, 0] = prior[0, 1, 0] = prior[0, 0, 1] = third
    cutoffs = [_HALF, F(3, 5), F(4, 5)]
    return PersuasionGame(prior, [Receiver.threshold(c) for c in cutoffs])


def _corollary_1_fails() -> PersuasionGame:
    """Pairwise positively correlated, yet the best order misses first best, 3 · .6/.9."""
    prior = np.zeros((2, 2, 2), dtype=object)
    prior[1, 1, 1] = F(2, 5)
    prior[1, 0, 0] = prior[0, 1, 0] = prior[0, 0, 1] = F(1, 5)
    return PersuasionGame(prior, [Receiver.threshold(F(9, 10))] * 3)


def _example_4() -> VotingGame:
    prior = np.zeros((2, 2, 2), dtype=object)
    prior[1, 1, 0] = prior[0, 0, 1] = _HALF
    return VotingGame(prior, [F(7, 10), F(4, 5), F(4, 5)], quota=2)


def _unanimity() -> VotingGame:
    """The judges of Example 1: both can never be convinced by what both see."""
    return VotingGame([[0, _HALF], [_HALF, 0]], [F(4, 5), F(4, 5)], quota=2)


INSTANCES = (
    Instance(
        "kks-example-1",
        "two judges, perfectly negative correlation, cutoffs 4/5 and 4/5",
        _KKS,
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
        _KKS,
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
        _KKS,
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
        _KKS,
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
        _KKS,
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
        _KKS,
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
        _KKS,
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
        _KKS,
        "Theorem 2; the numbers are ours",
        _theorem_2,
        (
            Claim("flexible", F(59, 36), "proved here"),
            Claim("first_best", F(59, 36), "proved here"),
        ),
    ),
    Instance(
        "kks-corollary-1-three-receivers",
        "pairwise positive correlation, three receivers, cutoffs 9/10: a counterexample",
        _KKS,
        "Corollary 1 does not extend beyond perfect correlation with three receivers; our numbers",
        _corollary_1_fails,
        (
            Claim("sequential", F(161, 81), "proved here"),
            Claim("first_best", F(2), "proved here"),
        ),
    ),
    Instance(
        "kks-example-4",
        "a committee of three forward-looking voters, majority",
        _KKS,
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
        _KKS,
        "§6.2 after Example 1, Proposition 2",
        _unanimity,
        (
            Claim("simultaneous", F(0), "printed in the paper"),
            Claim("sequential", F(0), "printed in the paper"),
        ),
    ),
)
