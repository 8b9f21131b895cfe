r"""Players whose payoffs depend on each other: investment, correlated equilibria, prices.

The investment game is that of Bergemann and Morris (2019): in state G investing pays x, in state B
it pays −1, and ε more for each other investor; the designer wants as many as possible to invest.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.families.bayesian.counts.problem import AnonymousGame
from persuasion_lp.families.bayesian.problem import BayesianGame

__all__ = ["INSTANCES"]

F = Fraction

_DESIGN = "Bergemann and Morris, Information Design: A Unified Perspective, JEL 2019"
_COMPARISON = (
    "Bergemann and Morris, Bayes Correlated Equilibrium and the Comparison of Information "
    "Structures in Games, Theoretical Economics 2016"
)
_WORST = (
    "Morris, Oyama and Takahashi, Implementation via Information Design in Binary-Action "
    "Supermodular Games, Econometrica 2024"
)
_LIMITS = "Bergemann, Brooks and Morris, The Limits of Price Discrimination, AER 2015"
_AUCTIONS = (
    "Bergemann, Brooks and Morris, First-Price Auctions with General Information Structures, "
    "Econometrica 2017"
)
_CORRELATED = "Aumann, Subjectivity and Correlation in Randomized Strategies, JME 1974"
_COARSE = (
    "Moulin and Vial, Strategically Zero-Sum Games: The Class of Games Whose Completely Mixed "
    "Equilibria Cannot Be Improved Upon, IJGT 1978"
)


def _gains(x: tuple[Fraction, ...], epsilon: Fraction) -> list[Any]:
    """Utilities of investors, each with his own x, shape ``(2, …, 2, 2)``."""
    n = len(x)
    tables = []
    for i in range(n):
        table = np.full((2,) * n + (2,), F(0), dtype=object)
        for profile in np.ndindex(*(2,) * n):
            if profile[i]:
                more = epsilon * (sum(profile) - 1)
                table[profile] = [x[i] + more, F(-1) + more]
        tables.append(table)
    return tables


def _share(n: int) -> Any:
    """The share of investors at every profile."""
    table = np.empty((2,) * n, dtype=object)
    for profile in np.ndindex(*table.shape):
        table[profile] = F(sum(profile), n)
    return table


def _signals(n: int, accuracy: Fraction) -> Any:
    """Both states equally likely, and own signals that are right with this probability."""
    prior = np.empty((2,) * (n + 1), dtype=object)
    for state, *kinds in np.ndindex(*prior.shape):
        chance = F(1, 2)
        for kind in kinds:
            chance *= accuracy if kind == state else 1 - accuracy
        prior[(state, *kinds)] = chance
    return prior


def _crowd(n: int, x: Fraction, epsilon: Fraction) -> AnonymousGame:
    return AnonymousGame.from_rule(
        n,
        [F(1, 2), F(1, 2)],
        lambda action, others, state: action * ((x, F(-1))[state] + epsilon * others),
        lambda investing: F(investing, n),
    )


def _one_firm() -> BayesianGame:
    """Investing pays 11/20; the signal is right with probability 4/5.

    Who knows the firm's signal: after good news the firm invests in both states, as 2/5 · 11/20 >
    1/10; after bad news in G, and in B with probability 1/10 · 11/20 = 11/200. That is 1/2 + 1/10 +
    11/200 = 131/200. Who does not know it, and does not ask, tells the firm to invest, to invest
    after good news only, or to stay out. With δ the probability of the second in G, the first has
    probability 1 − δ there and at most 11/80 (1 − δ) in B, for the firm after bad news to be
    willing; the second at most 11/5 δ in B, after good news. Investment is 1/2 − δ/10 + 11/160
    (1 − δ) + 11/50 δ, rising in δ until all of B is used: 11/5 δ + 11/80 (1 − δ) = 1 at δ = 23/55,
    which is worth 1623/2750.
    """
    return BayesianGame(_signals(1, F(4, 5)), _gains((F(11, 20),), F(0)), [0, 1])


def _complements() -> BayesianGame:
    """Three firms, x = 3/10, ε = 1/20: all invest or nobody.

    In G all gain 2/5, in B they lose 9/10, so that in B all invest with probability 4/9: 1/2 + 2/9.
    At the other end nobody invests.
    """
    return BayesianGame([F(1, 2)] * 2, _gains((F(3, 10),) * 3, F(1, 20)), _share(3))


def _substitutes() -> BayesianGame:
    """Three firms, x = 3/10, ε = −1/20: in B at most one invests.

    In G all invest and gain 1/5 each. In B one investor alone loses 1: a share of 1/10 more is paid
    for by 1/2 · 1/5, together 3/5. In public everybody hears who invests: with k investors a unit
    of probability in G pays for (3/10 − (k − 1)/20)/(1 + (k − 1)/20) in B, and the share k/3 (1 +
    that) is greatest with all three: 1/2 (1 + 2/11) = 13/22.
    """
    return BayesianGame([F(1, 2)] * 2, _gains((F(3, 10),) * 3, F(-1, 20)), _share(3))


def _fifty() -> AnonymousGame:
    """Fifty firms, x = 3/10, ε = 1/200.

    Complements: in G all gain 3/10 + 49/200 = 109/200, in B they lose 151/200, hence 1/2 (1 +
    109/151) = 130/151. In the worst equilibrium it is the potential that counts, the average gain
    of the first, the second, … investor: 169/400 and −351/400, hence 1/2 (1 + 169/351) = 20/27.
    """
    return _crowd(50, F(3, 10), F(1, 200))


def _pair() -> BayesianGame:
    """Two firms, x = 3/10, ε = 1/10.

    The average gain of the first and the second investor is 7/20 in G and −19/20 in B: 1/2 (1 +
    7/19) = 13/19. If they play what is best: 1/2 (1 + 4/9) = 13/18.
    """
    return BayesianGame([F(1, 2)] * 2, _gains((F(3, 10),) * 2, F(1, 10)), _share(2))


def _unequal() -> BayesianGame:
    """Two firms, x = (1/10, 1/2), ε = 1/5: the second has more reason to invest.

    In G both invest, the second first: it gains 1/2, the first firm then 3/10. In B likewise they
    lose 1 and 4/5, the second alone 1. The first firm pays for 3/16 of both in B, the second then
    for 1/16 of it alone: 1/2 + 3/16 + 1/32 = 23/32. The multipliers 5/8 and 1/2 prove it: in G both
    orders are worth at most 1 + 7/16, in B none more than 0. If they play what is best, both gain
    as if the other invested already, 3/10 and 7/10: 1/2 + 3/16 + 1/10 = 63/80, by 3/4 and 1/2.
    """
    return BayesianGame([F(1, 2)] * 2, _gains((F(1, 10), F(1, 2)), F(1, 5)), _share(2))


def _unequal_both() -> BayesianGame:
    """The same two firms; the designer wants both to invest.

    The first firm pays for 3/16 of both in B: 1/2 + 3/16 = 11/16, by the multipliers 5/4 and 0.
    """
    x = (F(1, 10), F(1, 2))
    return BayesianGame([F(1, 2)] * 2, _gains(x, F(1, 5)), [[0, 0], [0, 1]])


def _chicken() -> BayesianGame:
    """Chicken: (0, 0), (7, 2); (2, 7), (6, 6), and welfare.

    With q the probability that both yield and r that one of them dares, each, who is told to yield
    must not rather dare: 6 q + 2 r ≥ 7 q, so that q ≤ 2 r, and q + 2 r = 1. Welfare is 12 q + 18 r,
    greatest at q = 1/2, r = 1/4: 6 + 9/2.
    """
    return BayesianGame.from_table([[(0, 0), (7, 2)], [(2, 7), (6, 6)]])


def _chicken_worst() -> BayesianGame:
    """The same; the least that the players get together, at the corner (18/5, 18/5).

    Who is told to dare must not rather yield: p(D, Y) ≥ 2 p(D, D). Both dare with probability 1/5,
    one of them with 2/5 each: 4/5 · 9 = 36/5. The multipliers 9/5 prove it: 0 + 4 · 9/5 = 36/5,
    9 − 9/5 = 36/5, and 12 is more.
    """
    return _chicken()


def _rock_paper_scissors() -> BayesianGame:
    """Rock, paper, scissors in which a tie costs both 3: a coarse correlated equilibrium pays 0.

    A uniform draw among the six profiles without a tie pays 0 each; whoever ignores it and plays
    one action meets each action with probability 1/3 and gets −1. No profile pays more than 0 in
    sum. As a correlated equilibrium it is obedient too: told rock, the other plays paper or
    scissors; rock gets 0 on average, scissors −1, paper −2.
    """
    payoff = [[-3, -1, 1], [1, -3, -1], [-1, 1, -3]]
    other = [[payoff[b][a] for b in range(3)] for a in range(3)]
    return BayesianGame([1], [payoff, other])


def _market() -> BayesianGame:
    """Values 1, 2, 3, equally likely; the designer wants consumers to gain.

    The best uniform price is 2, with profit 4/3; the surplus is 2 in all, and segments can be found
    that leave the seller at 4/3 with all buyers served.
    """
    values = range(1, 4)
    profit = [[p * (v >= p) for v in values] for p in values]
    consumer = [[max(v - p, 0) for v in values] for p in values]
    return BayesianGame([F(1, 3)] * 3, [profit], consumer)


def _buyers(n: int) -> AnonymousGame:
    return AnonymousGame.from_rule(
        n,
        [F(1, 5)] * 5,
        lambda action, others, state: action * F(state - 1, 4) / (others + 1),
        lambda accepting: F(int(accepting > 0), 4),
    )


def _two_buyers() -> AnonymousGame:
    """Price 1/4, common value k/4, two buyers, the object to a random one who accepts.

    Nobody accepts below 1/4, at 1/4, and, so that refusing just does not pay, at 1/2: the loss
    avoided at 0, 1/5 · 1/4, pays for it. Above all accept: 2/5 · 1/4 = 1/10.
    """
    return _buyers(2)


def _three_buyers() -> AnonymousGame:
    """The same with three buyers: the number does not matter."""
    return _buyers(3)


_LEAST = {"sense": "min"}
_OURS = "the numbers are ours"

INSTANCES = (
    Instance(
        "bergemann-morris-firm-of-two-types",
        "one firm with a signal of its own invests or not",
        _COMPARISON,
        f"§2, one player with prior information; {_OURS}",
        _one_firm,
        (
            Claim("bce", F(131, 200), "proved here"),
            Claim("unelicited", F(1623, 2750), "proved here"),
        ),
    ),
    Instance(
        "bergemann-morris-complements",
        "three firms who invest more gladly together: in public",
        _DESIGN,
        f"§3, strategic complements; {_OURS}",
        _complements,
        (
            Claim("bce", F(13, 18), "proved here"),
            Claim("public", F(13, 18), "proved here"),
            Claim("bce", F(0), "proved here", settings=_LEAST),
        ),
    ),
    Instance(
        "bergemann-morris-substitutes",
        "three firms who would rather invest alone: in private",
        _DESIGN,
        f"§3, strategic substitutes; {_OURS}",
        _substitutes,
        (
            Claim("bce", F(3, 5), "proved here"),
            Claim("public", F(13, 22), "proved here"),
        ),
    ),
    Instance(
        "fifty-firms",
        "fifty firms who are alike: the best and the worst equilibrium",
        _WORST,
        f"symmetric regime change, by the potential; {_OURS}",
        _fifty,
        (
            Claim("bce", F(130, 151), "proved here"),
            Claim("public", F(130, 151), "proved here"),
            Claim("adversarial", F(20, 27), "proved here"),
        ),
    ),
    Instance(
        "morris-oyama-takahashi-two-firms",
        "two firms who play the equilibrium that is worst for the designer",
        _WORST,
        f"Theorem 1, sequential obedience; {_OURS}",
        _pair,
        (
            Claim("adversarial", F(13, 19), "proved here"),
            Claim("bce", F(13, 18), "proved here"),
        ),
    ),
    Instance(
        "morris-oyama-takahashi-unequal-firms",
        "two firms of which one has more reason to invest",
        _WORST,
        f"Theorem 1, an asymmetric game; {_OURS}",
        _unequal,
        (
            Claim("adversarial", F(23, 32), "proved here"),
            Claim("bce", F(63, 80), "proved here"),
        ),
    ),
    Instance(
        "morris-oyama-takahashi-both-firms",
        "the same two firms, if the designer wants both",
        _WORST,
        f"Theorem 1, an asymmetric game; {_OURS}",
        _unequal_both,
        (Claim("adversarial", F(11, 16), "proved here"),),
    ),
    Instance(
        "aumann-chicken",
        "chicken: what a mediator achieves",
        _CORRELATED,
        "correlated equilibrium of chicken, in the numbers of textbooks",
        _chicken,
        (Claim("bce", F(21, 2), "proved here"),),
    ),
    Instance(
        "aumann-chicken-worst",
        "chicken: the correlated equilibrium that is worst for both",
        _CORRELATED,
        "correlated equilibrium of chicken, in the numbers of textbooks",
        _chicken_worst,
        (Claim("bce", F(36, 5), "proved here", settings=_LEAST),),
    ),
    Instance(
        "moulin-vial-rock-paper-scissors",
        "rock, paper, scissors in which a tie costs both",
        _COARSE,
        f"correlation by commitment to a device; {_OURS}",
        _rock_paper_scissors,
        (
            Claim("coarse", F(0), "proved here"),
            Claim("bce", F(0), "proved here"),
        ),
    ),
    Instance(
        "bergemann-brooks-morris-market",
        "price discrimination: the most that consumers get",
        _LIMITS,
        f"Theorem 1, the corner of the triangle; {_OURS}",
        _market,
        (
            Claim("bce", F(2, 3), "proved here"),
            Claim("bce", F(0), "proved here", settings=_LEAST),
        ),
    ),
    Instance(
        "posted-price-two-buyers",
        "a posted price: the least revenue with two buyers",
        _AUCTIONS,
        f"its method, the worst information for the seller; the mechanism is ours, {_OURS}",
        _two_buyers,
        (Claim("bce", F(1, 10), "proved here", settings=_LEAST),),
    ),
    Instance(
        "posted-price-three-buyers",
        "a posted price: the least revenue with three buyers",
        _AUCTIONS,
        f"its method, the worst information for the seller; the mechanism is ours, {_OURS}",
        _three_buyers,
        (Claim("bce", F(1, 10), "proved here", settings=_LEAST),),
    ),
)
