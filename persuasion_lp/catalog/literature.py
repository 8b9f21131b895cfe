"""Single- and multi-receiver instances of the literature, each checked by hand.

The derivation stands above the entry it belongs to.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import numpy as np

from persuasion_lp.beliefs import PiecewiseLinear
from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.problems import BeliefGame, PersuasionGame, Receiver

__all__ = ["INSTANCES"]

F = Fraction


def _prosecutor() -> PersuasionGame:
    """Guilty with probability 3/10; the judge convicts at 1/2: value (3/10)/(1/2)."""
    return PersuasionGame([F(7, 10), F(3, 10)], [Receiver.threshold(F(1, 2))])


def _event() -> PersuasionGame:
    """Acceptance at Pr(third state) ≥ 2/5: value (1/5)/(2/5), however the rest is split."""
    return PersuasionGame(
        [F(1, 2), F(3, 10), F(1, 5)],
        [Receiver.threshold(F(2, 5), about=[False, False, True])],
    )


def _investment() -> PersuasionGame:
    """A firm gains x = 9/10 in the good state, loses 1 in the bad one; both have probability 1/2.

    Obedience allows investing in the bad state with probability x, so the value is (1 + x)/2.
    """
    return PersuasionGame(
        [F(1, 2), F(1, 2)], [Receiver.from_utility([[0, 0], [-1, F(9, 10)]], [0, 1])]
    )


def _informed_investment() -> PersuasionGame:
    """The same firm with a private signal of accuracy 7/10: one receiver for each signal.

    The firm with good news invests always (3/20 ≤ x · 7/20), total probability 1/2; with bad news
    the good state has mass 3/20 and carries x · 3/20 of the bad one: 1/2 + 3/20 · 19/10.
    """
    accuracy = F(7, 10)
    prior = [[accuracy / 2, (1 - accuracy) / 2], [(1 - accuracy) / 2, accuracy / 2]]
    gain = (-1, F(9, 10))
    receivers = []
    for news in (0, 1):
        utility = np.zeros((2, 2, 2), dtype=object)
        payoffs = np.zeros((2, 2, 2), dtype=object)
        for state in (0, 1):
            utility[1, state, news] = gain[state]
            payoffs[1, state, news] = 1
        receivers.append(Receiver.from_utility(utility, payoffs, about=(0, 1)))
    return PersuasionGame(prior, receivers)


_VALUATIONS = (1, 2, 3)


def _monopolist(sender: list[list[int]]) -> PersuasionGame:
    profit = [[price * (value >= price) for value in _VALUATIONS] for price in _VALUATIONS]
    return PersuasionGame([F(1, 3)] * 3, [Receiver.from_utility(profit, sender)])


def _consumer_surplus() -> PersuasionGame:
    """Surplus is 2 at most, the monopolist gets at least the uniform-price profit 4/3: 2/3 is left.

    Bergemann, Brooks and Morris prove that a segmentation attains it.
    """
    return _monopolist([[max(value - price, 0) for value in _VALUATIONS] for price in _VALUATIONS])


def _least_surplus() -> PersuasionGame:
    """The sender minimizes total surplus: profit is at least 4/3, consumers can be held to 0."""
    surplus = [[value * (value >= price) for value in _VALUATIONS] for price in _VALUATIONS]
    return _monopolist([[-s for s in row] for row in surplus])


def _perfect_discrimination() -> PersuasionGame:
    """The sender maximizes profit: every consumer pays his valuation, 2 on average."""
    return _monopolist(
        [[price * (value >= price) for value in _VALUATIONS] for price in _VALUATIONS]
    )


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
    """Three equally likely states; voter i approves at Pr(state i) ≥ 2/5.

    Ruling out one state at random leaves two voters at 1/2, so a majority is certain; all three
    can never agree, since 3 · 2/5 > 1.
    """
    states = np.eye(3, dtype=bool)
    voters = [Receiver.threshold(F(2, 5), about=states[i]) for i in range(3)]
    count = np.indices((2, 2, 2)).sum(axis=0)
    return PersuasionGame([F(1, 3)] * 3, voters, payoff=(count >= quota).astype(int))


def _repeated_game() -> BeliefGame:
    """Stage games with rows (4, 0, 2), (4, 0, -2) and (0, 4, -2), (0, 4, 2).

    At belief p the uninformed player holds the payoff to u(p) = min(4p, 4 − 4p, |4p − 2|): zero at
    1/2, one at 1/4 and 3/4. The informed player guarantees cav u, which is 1 in between.
    """
    u = PiecewiseLinear([0, 0.25, 0.5, 0.75, 1], [0, 1, 0, 1, 0])
    return BeliefGame(0.5, [u])


_ADOPTION = "Arieli and Babichenko, Private Bayesian Persuasion, JET 2019"
_VOTERS = "Alonso and Câmara, Persuading Voters, AER 2016"
_MARKETS = "Bergemann, Brooks and Morris, The Limits of Price Discrimination, AER 2015"

INSTANCES = (
    Instance(
        "kamenica-gentzkow-prosecutor",
        "a prosecutor convinces a judge, prior 3/10",
        "Kamenica and Gentzkow, Bayesian Persuasion, AER 2011",
        "introductory example",
        _prosecutor,
        (
            Claim("simultaneous", F(3, 5), "printed in the paper", "0.6"),
            Claim("first_best", F(3, 5), "proved here"),
        ),
    ),
    Instance(
        "kamenica-gentzkow-event",
        "three states, one receiver who cares about one of them",
        "Kamenica and Gentzkow, Bayesian Persuasion, AER 2011",
        "setting of §II, one receiver; the numbers are ours",
        _event,
        (Claim("simultaneous", F(1, 2), "proved here"),),
    ),
    Instance(
        "bergemann-morris-one-firm",
        "a government encourages one firm without private information to invest, x = 9/10",
        "Bergemann and Morris, Information Design: A Unified Perspective, JEL 2019",
        "one firm without private information; the number x is ours",
        _investment,
        (Claim("simultaneous", F(19, 20), "proved here"),),
    ),
    Instance(
        "bergemann-morris-one-firm-informed",
        "the same with a private signal of accuracy 7/10; one receiver for each signal",
        "Bergemann and Morris, Information Design: A Unified Perspective, JEL 2019",
        "one firm with private information; the numbers are ours",
        _informed_investment,
        (Claim("first_best", F(157, 200), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-perfect-discrimination",
        "segmentation of the market with valuations 1, 2, 3 that is best for the monopolist",
        _MARKETS,
        "Theorem 1, valuations uniform on 1, 2, 3",
        _perfect_discrimination,
        (Claim("simultaneous", F(2), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-consumer-surplus",
        "segmentation of a market with valuations 1, 2, 3 that is best for consumers",
        _MARKETS,
        "Theorem 1, valuations uniform on 1, 2, 3",
        _consumer_surplus,
        (Claim("simultaneous", F(2, 3), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-least-surplus",
        "segmentation of the same market with the least total surplus (counted negative)",
        _MARKETS,
        "Theorem 1, valuations uniform on 1, 2, 3",
        _least_surplus,
        (Claim("simultaneous", F(-4, 3), "proved here"),),
    ),
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
        partial(_electorate, 2),
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
        partial(_electorate, 3),
        (Claim("simultaneous", F(0), "proved here"),),
    ),
    Instance(
        "aumann-maschler-partial-revelation",
        "a repeated game of incomplete information where the informed player reveals in part",
        "Aumann and Maschler, Repeated Games with Incomplete Information, 1995",
        "cav u theorem, the example of partial revelation; u derived here",
        _repeated_game,
        (Claim("simultaneous", F(1), "proved here"),),
    ),
)
