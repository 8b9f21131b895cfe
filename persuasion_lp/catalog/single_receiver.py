"""One receiver, finitely many states and actions. The derivation stands in the builder."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["INSTANCES", "KAMENICA_GENTZKOW"]

F = Fraction

KAMENICA_GENTZKOW = "Kamenica and Gentzkow, Bayesian Persuasion, AER 2011"
_SURVEY = "Bergemann and Morris, Information Design: A Unified Perspective, JEL 2019"
_MARKETS = "Bergemann, Brooks and Morris, The Limits of Price Discrimination, AER 2015"
_CREDIBLE = (
    "Lipnowski, Ravid and Shishkin, Persuasion via Weak Institutions, Journal of Political "
    "Economy 2022"
)
_TALK = "Lipnowski and Ravid, Cheap Talk with Transparent Motives, Econometrica 2020"
_PRIORS = "Alonso and Câmara, Bayesian Persuasion with Heterogeneous Priors, JET 2016"
_TYPES = (
    "Kolotilin, Mylovanov, Zapechelnyuk and Li, Persuasion of a Privately Informed Receiver, "
    "Econometrica 2017"
)


def _prosecutor() -> PersuasionGame:
    """Guilty with probability 3/10; the judge convicts at 1/2: value (3/10)/(1/2)."""
    return PersuasionGame([F(7, 10), F(3, 10)], [Receiver.threshold(F(1, 2))])


def _event() -> PersuasionGame:
    """Acceptance at Pr(third state) ≥ 2/5: value (1/5)/(2/5), however the rest is split."""
    return PersuasionGame(
        [F(1, 2), F(3, 10), F(1, 5)],
        [Receiver.threshold(F(2, 5), about=[False, False, True])],
    )


def _central_bank() -> PersuasionGame:
    """A bank wants the public to expect more; it acts 0, 1, 2 at beliefs below 1/4, to 3/4, above.

    Utilities 0, ω − 1/4 and 2ω − 1 of actions 0, 1, 2: 1 is best on [1/4, 3/4], 2 from 3/4 on. At
    the prior 1/2 commitment mixes 1/4 (worth 1) and 3/4 (worth 2) equally: 3/2. Cheap talk earns 1,
    credibility χ below 2/3 no more, 2χ on [2/3, 3/4], and 3/2 from there on.
    """
    utility = [[F(0), F(0)], [F(-1, 4), F(3, 4)], [F(-1), F(1)]]
    return PersuasionGame([F(1, 2)] * 2, [Receiver.from_utility(utility, [0, 1, 2])])


def _think_tank() -> PersuasionGame:
    """A lawmaker keeps the status quo unless he is sure at 3/4 of one of two reforms.

    The think tank gets 1 and 2 from the reforms. At the prior 1/2 commitment mixes the belief 0,
    where the first reform is taken, and 3/4, where the second is: 1/3 · 1 + 2/3 · 2. Cheap talk
    earns 1; a credibility of 2/3 earns as much as commitment.
    """
    utility = [[0, 0], [1, -3], [-3, 1]]
    return PersuasionGame([F(1, 2)] * 2, [Receiver.from_utility(utility, [0, 1, 2])])


def _lobbying() -> PersuasionGame:
    """States and policies 0, 1/2, 1, prior 1/3 each; the lobby's best policy is 3ω/4 + 1/2.

    The politician wants policy a to be ω, the lobby a*(ω) = 3ω/4 + 1/2, both with quadratic loss:
    he takes the policy next to his mean m. The lobby's payoff is -E[a*²] + v(m), with
    v = -a² + 2a(3m/4 + 1/2): 0 below 1/4, 1/4 + 3m/4 from 1/4, 3m/2 from 3/4. Its concave envelope
    goes through v(1/4) = 7/16 and v(1) = 3/2, and those means are attained: 1 is revealed, 0 and
    1/2 are pooled. (2/3)(7/16) + (1/3)(3/2) - 55/64 = -13/192.
    """
    grid = (F(0), F(1, 2), F(1))
    wanted = [F(3, 4) * state + F(1, 2) for state in grid]
    return PersuasionGame(
        [F(1, 3)] * 3,
        [
            Receiver.from_utility(
                [[-((policy - state) ** 2) for state in grid] for policy in grid],
                [[-((policy - best) ** 2) for best in wanted] for policy in grid],
            )
        ],
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
_UNIFORM = (F(1, 3),) * 3
_RICH = (F(1, 5), F(1, 5), F(3, 5))


def _monopolist(market: Sequence[Fraction], sender: list[list[int]]) -> PersuasionGame:
    profit = [[price * (value >= price) for value in _VALUATIONS] for price in _VALUATIONS]
    return PersuasionGame(market, [Receiver.from_utility(profit, sender)])


def _surplus_of_consumers(market: Sequence[Fraction]) -> PersuasionGame:
    return _monopolist(
        market, [[max(value - price, 0) for value in _VALUATIONS] for price in _VALUATIONS]
    )


def _total_surplus(market: Sequence[Fraction], sign: int) -> PersuasionGame:
    return _monopolist(
        market,
        [[sign * value * (value >= price) for value in _VALUATIONS] for price in _VALUATIONS],
    )


def _consumer_surplus() -> PersuasionGame:
    """Surplus is 2 at most, the monopolist gets at least the uniform-price profit 4/3: 2/3 is left.

    It is attained by segments in which every price in the support earns the same, at the lowest:
    2/3 of the market as (1/2, 1/6, 1/3), 1/6 as (0, 1/3, 2/3), and 1/6 with valuation 2.
    """
    return _surplus_of_consumers(_UNIFORM)


def _least_surplus() -> PersuasionGame:
    """The sender minimizes total surplus: profit is at least 4/3, consumers can be held to 0.

    In the segments of ``bergemann-brooks-morris-consumer-surplus``, at the highest prices.
    """
    return _total_surplus(_UNIFORM, -1)


def _perfect_discrimination() -> PersuasionGame:
    """The sender maximizes profit: every consumer pays his valuation, 2 on average."""
    return _monopolist(
        _UNIFORM, [[price * (value >= price) for value in _VALUATIONS] for price in _VALUATIONS]
    )


def _rich_consumer_surplus() -> PersuasionGame:
    """Uniform pricing takes 3 and leaves consumers nothing: profit 9/5 of a surplus of 12/5.

    Left is 3/5, attained by 2/5 of the market as (1/2, 1/6, 1/3), 2/5 as (0, 1/3, 2/3) and 1/5 with
    valuation 3, at the lowest prices: (2/5)(5/6) + (2/5)(2/3).
    """
    return _surplus_of_consumers(_RICH)


def _rich_least_surplus() -> PersuasionGame:
    """Profit is at least 9/5, and uniform pricing leaves consumers nothing."""
    return _total_surplus(_RICH, -1)


def _skeptical_judge() -> PersuasionGame:
    """The prosecutor's prior is 3/10, the judge's 1/5; he convicts at 1/2.

    At the sender's posterior μ the judge weighs guilt by (1/5)/(3/10) = 2/3 and innocence by
    (4/5)/(7/10) = 8/7: he convicts at 2μ_H/3 ≥ 8μ_L/7. So 3/10 of guilt carries 7/40 of innocence,
    1/4 of it: 19/40, between the 2/5 and 3/5 of the two common priors.
    """
    return PersuasionGame([F(7, 10), F(3, 10)], [Receiver.accepting([([F(-8, 7), F(2, 3)], 0)])])


def _private_types() -> PersuasionGame:
    """States 0, 1/2, 1, prior 1/3 each; the receiver acts at a mean of 1/2 or 3/4, equally likely.

    One receiver for each type, worth his probability. With v = 1/2 from 1/2 and 1 from 3/4,
    v(m) ≤ 4m/3 bounds every experiment by (4/3)(1/2); pooling 1/2 and 1 at mean 3/4 attains it.
    Were the type known, one would be told nothing (1/2) and the other that (1/3): 5/6.
    """
    grid = (F(0), F(1, 2), F(1))
    return PersuasionGame(
        [F(1, 3)] * 3,
        [
            Receiver.from_utility([[0, 0, 0], [state - cutoff for state in grid]], [0, F(1, 2)])
            for cutoff in (F(1, 2), F(3, 4))
        ],
    )


INSTANCES = (
    Instance(
        "kamenica-gentzkow-prosecutor",
        "a prosecutor convinces a judge, prior 3/10",
        KAMENICA_GENTZKOW,
        "introductory example",
        _prosecutor,
        (
            Claim("simultaneous", F(3, 5), "proved here"),
            Claim("first_best", F(3, 5), "proved here"),
        ),
    ),
    Instance(
        "kamenica-gentzkow-event",
        "three states, one receiver who cares about one of them",
        KAMENICA_GENTZKOW,
        "setting of the paper, one receiver; the numbers are ours",
        _event,
        (Claim("simultaneous", F(1, 2), "proved here"),),
    ),
    Instance(
        "lipnowski-ravid-shishkin-central-bank",
        "a central bank speaks to the public, which acts at beliefs 1/4 and 3/4",
        _CREDIBLE,
        "central bank example; the value under commitment",
        _central_bank,
        (Claim("simultaneous", F(3, 2), "proved here"),),
    ),
    Instance(
        "lipnowski-ravid-think-tank",
        "a think tank speaks to a lawmaker who may choose one of two reforms",
        _TALK,
        "think tank example; the value under commitment, the numbers are ours",
        _think_tank,
        (Claim("simultaneous", F(5, 3), "proved here"),),
    ),
    Instance(
        "kamenica-gentzkow-lobbying",
        "a lobby commissions a study for a politician who chooses among three policies",
        KAMENICA_GENTZKOW,
        "lobbying; the three policies and the numbers are ours",
        _lobbying,
        (Claim("simultaneous", F(-13, 192), "proved here"),),
    ),
    Instance(
        "bergemann-morris-one-firm",
        "a government encourages one firm without private information to invest, x = 9/10",
        _SURVEY,
        "one firm without private information; the number x is ours",
        _investment,
        (Claim("simultaneous", F(19, 20), "proved here"),),
    ),
    Instance(
        "bergemann-morris-one-firm-informed",
        "the same with a private signal of accuracy 7/10; one receiver for each signal",
        _SURVEY,
        "one firm with private information; the numbers are ours",
        _informed_investment,
        (Claim("first_best", F(157, 200), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-perfect-discrimination",
        "segmentation of the market with valuations 1, 2, 3 that is best for the monopolist",
        _MARKETS,
        "limits (i) to (iii) of the abstract; valuations uniform on 1, 2, 3",
        _perfect_discrimination,
        (Claim("simultaneous", F(2), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-consumer-surplus",
        "segmentation of a market with valuations 1, 2, 3 that is best for consumers",
        _MARKETS,
        "limits (i) to (iii) of the abstract; valuations uniform on 1, 2, 3",
        _consumer_surplus,
        (Claim("simultaneous", F(2, 3), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-least-surplus",
        "segmentation of the same market with the least total surplus (counted negative)",
        _MARKETS,
        "limits (i) to (iii) of the abstract; valuations uniform on 1, 2, 3",
        _least_surplus,
        (Claim("simultaneous", F(-4, 3), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-rich-consumer-surplus",
        "the same for consumers in a market that uniform pricing serves only in part",
        _MARKETS,
        "limits (i) to (iii) of the abstract; valuations 1, 2, 3, the market 1/5, 1/5, 3/5 is ours",
        _rich_consumer_surplus,
        (Claim("simultaneous", F(3, 5), "proved here"),),
    ),
    Instance(
        "bergemann-brooks-morris-rich-least-surplus",
        "the least total surplus of that market (counted negative)",
        _MARKETS,
        "limits (i) to (iii) of the abstract; valuations 1, 2, 3, the market 1/5, 1/5, 3/5 is ours",
        _rich_least_surplus,
        (Claim("simultaneous", F(-9, 5), "proved here"),),
    ),
    Instance(
        "alonso-camara-skeptical-judge",
        "the prosecutor's prior is 3/10, the judge's 1/5",
        _PRIORS,
        "setting of the paper; the numbers are ours",
        _skeptical_judge,
        (Claim("simultaneous", F(19, 40), "proved here"),),
    ),
    Instance(
        "kolotilin-private-types",
        "a receiver whose cutoff is his private information, three states",
        _TYPES,
        "setting of the paper, an experiment for all types; the numbers are ours",
        _private_types,
        (
            Claim("simultaneous", F(2, 3), "proved here"),
            Claim("first_best", F(5, 6), "proved here"),
        ),
    ),
)
