r"""Statements of KKS that do not hold as printed, or not beyond their hypotheses; all numbers ours.

A bound from above is a *price* P(ω) for each state and a multiplier λ_I ≥ 0 for each information
set I in which a receiver accepts, with

    P(ω)  ≥  Σ_{i accepts on the path} (1 + λ_I (1[ω_i = H] − c_i))        for every path and state;

then Σ_ω prior(ω) P(ω) is at least the value of the procedure.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Rationals
from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.catalog.kks import KKS
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["INSTANCES"]

F = Fraction


def _prior(weights: Mapping[str, int]) -> Rationals:
    """Joint prior proportional to weights of words in L and H."""
    (n,) = {len(word) for word in weights}
    prior = np.full((2,) * n, F(0), dtype=object)
    for word, weight in weights.items():
        prior[tuple("LH".index(letter) for letter in word)] = F(weight, sum(weights.values()))
    return prior


def _any_correlation() -> PersuasionGame:
    """Exactly one state is H, the first with probability 3/10; cutoffs 2/5 and 9/10.

    The printed condition holds: Δ^R = (1/10, 1/5), Δ^L = (3/10, 7/10). But when x_1 falls to 0, x_2
    rises to 1, beyond 9/10. With x = x_1, f_1 = 1[x ≥ 2/5], f_2 = 1[x ≤ 1/10]:

    order 1, 2: f_1 + cav f_2 has the concave envelope 1 + 5x/3 up to 2/5: 3/2 at 3/10;
    order 2, 1: f_2 + cav f_1 has that of the points (1/10, 5/4) and (1, 1) in between: 43/36;
    simultaneous: f_1 + f_2 never exceeds 1; first best: (3/10)/(2/5) + (7/10)/(9/10) = 55/36, which
    Theorem 2 attains with an order that depends on signals. When who is first is fixed, so is who
    is second: intermediate is the better order.
    """
    prior = np.array([[F(0), F(7, 10)], [F(3, 10), F(0)]])
    return PersuasionGame(prior, [Receiver.threshold(F(2, 5)), Receiver.threshold(F(9, 10))])


def _independent_pairs() -> PersuasionGame:
    """One H or three, all equally likely: every two states are independent; cutoffs 9/10.

    First best is 3 · (1/2)/(9/10) = 5/3. The prices of ``kks-corollary-1-three-receivers`` bound
    every fixed order by (271 + 91 + 91 + 81)/324 = 89/54; it is attained in the same way, with 1/18
    of LLH in what 1 accepts.
    """
    return PersuasionGame(
        _prior({"HLL": 1, "LHL": 1, "LLH": 1, "HHH": 1}), [Receiver.threshold(F(9, 10))] * 3
    )


def _corollary_1_fails() -> PersuasionGame:
    """One H or three, HHH twice as likely as each other state: pairwise positive correlation.

    First best is 3 · (3/5)/(9/10) = 2. Given that receiver 1's state is L, the other two are
    opposites, and the two judges of Example 1 miss first best.

    A fixed order (all are alike) pays at most 161/81, by the prices P = 271/81, 91/81, 91/81, 1 of
    HHH, HLL, LHL, LLH, with the multipliers 100/81 of receiver 1, and of receiver 2 after a
    rejection by 1; 0 of receiver 3 after two rejections; 10/9 otherwise.

    Attained: 1 accepts on HHH, HLL and 1/15 of LLH. After that 2 accepts on HHH and 2/45 of HLL; 3
    accepts on the same, and after 2's rejection on LLH with 1/135 of HLL. After 1's rejection
    (LHL 1/5, LLH 2/15) 2 accepts on LHL with 1/45 of LLH; 3 accepts there on LLH with 1/405 of LHL,
    and on all the remaining LLH, 1/9. The sum of these masses is 161/81.
    """
    return PersuasionGame(
        _prior({"HHH": 2, "HLL": 1, "LHL": 1, "LLH": 1}), [Receiver.threshold(F(9, 10))] * 3
    )


def _order_of_distances() -> PersuasionGame:
    """Pairwise positive correlation, cutoffs 7/8, 49/50, 5/6: the order of Δ^R is not the best.

    Marginal priors 5/7, 6/7, 5/7: Δ^R = (9/56, 43/350, 5/42) asks for the order 3, 2, 1, which an
    exact certificate proves to pay 21832/8575. First best is (5/7)(8/7) + (6/7)(50/49) + (5/7)(6/5)
    = 874/343, and the order 1, 3, 2 attains it. 1 accepts on HHH, HHL, and 5/49 of LLL. After that
    3 accepts on HHH, 88/875 of HHL, and 12/875 of LLL; otherwise on LHH with 1/35 of LLL. 2 accepts
    on HHH, HHL and LHH with 1/49 as much of LLL, which is there wherever they are.
    """
    return PersuasionGame(
        _prior({"LLL": 1, "LHH": 1, "HHL": 1, "HHH": 4}),
        [Receiver.threshold(c) for c in (F(7, 8), F(49, 50), F(5, 6))],
    )


def _first_best_with_three_states() -> PersuasionGame:
    """Receivers accept at μ_3 ≥ μ_1 + 3μ_2/5 and at μ_3 ≥ 2μ_1 + 3μ_2/2; prior 1/2, 3/10, 1/5.

    Both are cheapest to persuade in state 2, so that first best is nested: the first accepts on
    state 3, all of state 2 and 1/50 of state 1, in total 13/25; the second on state 3 and 2/15 of
    state 2, in total 1/3. The second acts on a part of what the first accepts: 64/75 in their
    order, for all priors near this one, although part 3 says "generically not".

    In public a unit of state 3 pays at most 2(1 + 2/3) if both accept and 1 + 5/3 if one does:
    (1/5)(10/3). With the second receiver first, the first adds nothing: where the second accepts he
    accepts anyway, and elsewhere a unit of state 3 still pays less, 8/3.
    """
    return PersuasionGame(
        [F(1, 2), F(3, 10), F(1, 5)],
        [
            Receiver.accepting([([-1, F(-3, 5), 1], 0)]),
            Receiver.accepting([([-2, F(-3, 2), 1], 0)]),
        ],
    )


def _theorem_1_with_three_states() -> PersuasionGame:
    """Receivers accept at μ_2 ≥ 2μ_1 + 5μ_3 and at μ_2 ≥ 2μ_1 + 3μ_3/2; prior 1/3 each.

    First best: state 2 with 1/6 of state 1, and state 2 with 2/9 of state 3: 1/2 + 5/9. In public a
    unit of state 2 pays at most 2(1 + 1/2) = 3, with state 1, if both accept, and 1 + 2/3 if only
    the second does: 1. The order 1, 2 is no better, since 2 accepts all that 1 accepts. In the
    order 2, 1, let 2 accept on mass b of state 2, m_1 and m_3 of the others, and 1 on a ≤ b of it
    with y ≤ a/2 of state 1: b + m_1 + m_3 + a + y is at most b + y + 2(b − 2y)/3 + a + y ≤ 3b, and
    what only 1 accepts pays 3/2 for a unit of state 2.

    So no order improves on a public signal that misses first best: Theorem 1 needs binary states.
    """
    return PersuasionGame(
        [F(1, 3)] * 3,
        [Receiver.accepting([([-2, 1, -5], 0)]), Receiver.accepting([([-2, 1, F(-3, 2)], 0)])],
    )


def _equal_cutoffs() -> VotingGame:
    """States LLH 3/7, LHL 2/7, HHL 2/7; all cutoffs 3/5; two approvals win.

    Write c_ij for the probability that i and j approve. Who votes first does not know which of his
    two coalitions forms; everybody else knows the coalition. When both members know it, 1 and 3
    never agree, nor do 2 and 3: their states are never both H, and 2 · 3/5 > 1.

    1 first: c_23 = 0, and state 1 is H on 3/5 of c_12 + c_13, which is (2/7)/(3/5) = 10/21 at most.
    2 first: c_13 = 0, and state 2 is H on 3/5 of c_12 + c_23, which is (4/7)/(3/5) = 20/21 at most;
    attained by c_12 = 10/21 (6/21 of HHL, 2/21 of LHL, 2/21 of LLH) and c_23 = 10/21 (6/21 of LLH,
    4/21 of LHL). In public c_13 = c_23 = 0: 10/21 again.
    """
    return VotingGame(_prior({"LLH": 3, "LHL": 2, "HHL": 2}), [F(3, 5)] * 3, quota=2)


INSTANCES = (
    Instance(
        "kks-any-correlation",
        "perfectly negative correlation, cutoffs 2/5 and 9/10: the printed condition is too weak",
        KKS,
        "§5.2, sufficient condition for any correlation; a counterexample, the numbers are ours",
        _any_correlation,
        (
            Claim("simultaneous", F(1), "proved here"),
            Claim("sequential", F(3, 2), "proved here"),
            Claim("sequential", F(43, 36), "proved here", settings={"order": (1, 0)}),
            Claim("intermediate", F(3, 2), "proved here"),
            Claim("flexible", F(55, 36), "proved here"),
            Claim("first_best", F(55, 36), "proved here"),
        ),
    ),
    Instance(
        "kks-corollary-1-independent-pairs",
        "three receivers, pairwise independent states, cutoffs 9/10: a counterexample",
        KKS,
        "Corollary 1 does not extend beyond perfect correlation with three receivers; our numbers",
        _independent_pairs,
        (
            Claim("sequential", F(89, 54), "proved here"),
            Claim("first_best", F(5, 3), "proved here"),
        ),
    ),
    Instance(
        "kks-corollary-1-three-receivers",
        "pairwise positive correlation, three receivers, cutoffs 9/10: a counterexample",
        KKS,
        "Corollary 1 does not extend beyond perfect correlation with three receivers; our numbers",
        _corollary_1_fails,
        (
            Claim("sequential", F(161, 81), "proved here"),
            Claim("first_best", F(2), "proved here"),
        ),
    ),
    Instance(
        "kks-corollary-1-order",
        "pairwise positive correlation, three receivers: the order of Δ^R is not the best",
        KKS,
        "Corollary 1, the order; a counterexample with three receivers, the numbers are ours",
        _order_of_distances,
        (
            Claim("sequential", F(874, 343), "proved here"),
            Claim("sequential", F(874, 343), "proved here", settings={"order": (0, 2, 1)}),
            Claim("sequential", F(21832, 8575), "proved here", settings={"order": (2, 1, 0)}),
            Claim("first_best", F(874, 343), "proved here"),
        ),
    ),
    Instance(
        "kks-proposition-3-part-3",
        "three states, nested receivers who rank the states alike: first best is attained",
        KKS,
        "§6.3, Proposition 3, part 3; a counterexample on an open set of priors, numbers ours",
        _first_best_with_three_states,
        (
            Claim("simultaneous", F(2, 3), "proved here"),
            Claim("sequential", F(64, 75), "proved here", settings={"order": (0, 1)}),
            Claim("sequential", F(2, 3), "proved here", settings={"order": (1, 0)}),
            Claim("first_best", F(64, 75), "proved here"),
        ),
    ),
    Instance(
        "kks-theorem-1-three-states",
        "three states, nested receivers: a public signal misses first best, no order does better",
        KKS,
        "Theorem 1 does not extend beyond binary states without strict nesting; our numbers",
        _theorem_1_with_three_states,
        (
            Claim("simultaneous", F(1), "proved here"),
            Claim("sequential", F(1), "proved here"),
            Claim("first_best", F(19, 18), "proved here"),
        ),
    ),
    Instance(
        "kks-equal-cutoffs",
        "three forward-looking voters with equal cutoffs, majority: who votes first matters",
        KKS,
        "setting of §6.2; the numbers are ours",
        _equal_cutoffs,
        (
            Claim("simultaneous", F(10, 21), "proved here"),
            Claim("sequential", F(10, 21), "proved here", settings={"order": (0, 1, 2)}),
            Claim("sequential", F(20, 21), "proved here", settings={"order": (1, 0, 2)}),
        ),
    ),
)
