"""Payoffs that depend on who acts: adoption and votes. The derivation stands in the builder."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.votes.problem import VotingGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["INSTANCES"]

F = Fraction

_ADOPTION = "Arieli and Babichenko, Private Bayesian Persuasion, JET 2019"
_PIVOTAL = "Chan, Gupta, Li and Wang, Pivotal Persuasion, JET 2019"
_VOTERS = "Alonso and Câmara, Persuading Voters, AER 2016"


def _adopters(adopted: list[list[int]]) -> PersuasionGame:
    return PersuasionGame(
        [F(4, 5), F(1, 5)],
        [Receiver.threshold(F(1, 2)), Receiver.threshold(F(3, 5))],
        payoff=np.array(adopted),
    )


def _any_adopter() -> PersuasionGame:
    """Payoff 1 if at least one adopts: submodular.

    Privately, receiver i can be fooled on a mass x(1 − t_i)/t_i of the low state, and the masses
    need not overlap: 1/5 + 1/5 + 2/15. In public the first to adopt does so at a belief of at
    least 1/2: (1/5)/(1/2), whatever the procedure.
    """
    return _adopters([[0, 1], [1, 1]])


def _all_adopters() -> PersuasionGame:
    """Payoff 1 if both adopt: supermodular, so nothing is lost in public: (1/5)/(3/5)."""
    return _adopters([[0, 0], [0, 1]])


def _majority_adopts() -> PersuasionGame:
    """Three receivers with threshold 1/2, payoff 1 if two adopt, prior 1/4.

    Privately each can be fooled on mass 1/4 of the low state, and two are needed at a time:
    1/4 + (3/4)/2. In public all adopt or none: (1/4)/(1/2).
    """
    count = np.indices((2, 2, 2)).sum(axis=0)
    return PersuasionGame(
        [F(3, 4), F(1, 4)], [Receiver.threshold(F(1, 2))] * 3, payoff=(count >= 2).astype(int)
    )


def _electorate(quota: int) -> PersuasionGame:
    states = np.eye(3, dtype=bool)
    voters = [Receiver.threshold(F(2, 5), about=states[i]) for i in range(3)]
    count = np.indices((2, 2, 2)).sum(axis=0)
    return PersuasionGame([F(1, 3)] * 3, voters, payoff=(count >= quota).astype(int))


def _majority() -> PersuasionGame:
    """Three equally likely states; voter i approves at Pr(state i) ≥ 2/5.

    Ruling out one state at random leaves two voters at 1/2: a majority is certain.
    """
    return _electorate(2)


def _unanimity() -> PersuasionGame:
    """All three can never agree in public, since 3 · 2/5 > 1."""
    return _electorate(3)


def _pivotal() -> VotingGame:
    """Common state, prior 2/5; voters with cutoffs 1/2, 3/5, 3/4, of whom two have to approve.

    A voter whose vote decides approves at his cutoff, the higher the more voting costs him. In
    public the harder of two approvers decides: (2/5)/(3/5). Privately a voter who approves knows
    that exactly one other does, not who: with probability 3/10 in H and 4/15 in L the first two
    approve, with 1/10 in H the last two, with 1/30 in L the first and the last. All three are
    just willing, and the sender wins with 7/10. Multipliers 1/2, 5/4, 1 of the voters make every
    pair worth 7/4 at most in H and 0 in L, so that nothing beats (7/4)(2/5).
    """
    prior = np.full((2, 2, 2), F(0), dtype=object)
    prior[0, 0, 0], prior[1, 1, 1] = F(3, 5), F(2, 5)
    return VotingGame(prior, [F(1, 2), F(3, 5), F(3, 4)], quota=2)


INSTANCES = (
    Instance(
        "arieli-babichenko-any",
        "two receivers, payoff if at least one adopts (submodular): privacy pays",
        _ADOPTION,
        "setting of the paper; the numbers are ours",
        _any_adopter,
        (
            Claim("simultaneous", F(2, 5), "proved here"),
            Claim("sequential", F(2, 5), "proved here"),
            Claim("flexible", F(2, 5), "proved here"),
            Claim("first_best", F(8, 15), "proved here"),
        ),
    ),
    Instance(
        "arieli-babichenko-all",
        "two receivers, payoff if both adopt (supermodular): privacy is worthless",
        _ADOPTION,
        "setting of the paper; the numbers are ours",
        _all_adopters,
        (
            Claim("simultaneous", F(1, 3), "proved here"),
            Claim("sequential", F(1, 3), "proved here"),
            Claim("first_best", F(1, 3), "proved here"),
        ),
    ),
    Instance(
        "arieli-babichenko-majority",
        "three equal receivers, payoff if two adopt: pairs are fooled in turn",
        _ADOPTION,
        "setting of the paper; the numbers are ours",
        _majority_adopts,
        (
            Claim("simultaneous", F(1, 2), "proved here"),
            Claim("first_best", F(5, 8), "proved here"),
        ),
    ),
    Instance(
        "alonso-camara-majority",
        "three voters who each favour one of three states, two approvals needed",
        _VOTERS,
        "setting of the paper; the numbers are ours",
        _majority,
        (
            Claim("simultaneous", F(1), "proved here"),
            Claim("first_best", F(1), "proved here"),
        ),
    ),
    Instance(
        "alonso-camara-unanimity",
        "the same voters, three approvals needed: a public signal never succeeds",
        _VOTERS,
        "setting of the paper; the numbers are ours",
        _unanimity,
        (Claim("simultaneous", F(0), "proved here"),),
    ),
    Instance(
        "chan-gupta-li-wang-majority",
        "three forward-looking voters with a common state, persuaded in private",
        _PIVOTAL,
        "majority vote, private messages; costs of a vote stated as cutoffs, the numbers are ours",
        _pivotal,
        (
            Claim("simultaneous", F(2, 3), "proved here"),
            Claim("first_best", F(7, 10), "proved here"),
        ),
    ),
)
