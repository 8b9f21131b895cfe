"""One receiver whose action makes the payoff a function of the common belief.

The derivation stands in the builder.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import log

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs import BeliefFunction
from persuasion_lp.catalog.instance import Claim, Instance
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["ENTROPY_PRICE", "INSTANCES"]

F = Fraction

_COSTLY = "Gentzkow and Kamenica, Costly Persuasion, AER Papers and Proceedings 2014"
_PRIORS = "Alonso and Câmara, Bayesian Persuasion with Heterogeneous Priors, JET 2016"
_PROSPECTS = "Rayo and Segal, Optimal Information Disclosure, JPE 2010"
_REPEATED = (
    "Aumann and Maschler, with Stearns, Repeated Games with Incomplete Information, MIT Press 1995"
)

ENTROPY_PRICE = 2 / log(3)
"""Cost of a nat of expected entropy reduction: two for a ternary digit."""


_ONE_THIRD = np.array([F(2, 3), F(1, 3)])


def _entropy(beliefs: Floats) -> Floats:
    from scipy.special import entr  # takes a quarter of the time that importing the package takes

    return np.asarray(entr(beliefs) + entr(1 - beliefs))


def _conviction_minus_cost(prior: float, beliefs: Floats) -> Floats:
    cost = ENTROPY_PRICE * (_entropy(np.array(prior)) - _entropy(beliefs))
    return (beliefs >= 0.75) - cost


def _investigation(prior: float) -> BeliefGame:
    payoff = BeliefFunction(partial(_conviction_minus_cost, prior), shape="concave", kinks=[0.75])
    return BeliefGame(prior, [payoff], grid=64)


def _costly_investigation() -> BeliefGame:
    """Prior 1/2; the judge convicts at c = 3/4; κ = 2/ln 3 for each nat of entropy reduction.

    The payoff is 1[x ≥ c] + κ(H(x) - H(prior)), concave on either side of c. Its concave envelope
    is the line through c that touches the left part at a:

        κ(H(a) + H'(a)(c - a)) = 1 + κH(c),   that is   κ D(c ‖ a) = 1,

    with D the Kullback-Leibler divergence, since H(a) + H'(a)(x - a) = D(x ‖ a) + H(x). Here
    D(3/4 ‖ 1/4) = (ln 3)/2, so a = 1/4; the line's slope κH'(a) = 2 is above κH'(c) = -2, so
    nothing above c is better. At a prior x between a and c the line is worth

        κ D(x ‖ a) = D(x ‖ a)/D(c ‖ a) = (ln(4/3)/2)/((ln 3)/2) = 2 ln 2/ln 3 - 1.
    """
    return _investigation(0.5)


def _no_investigation() -> BeliefGame:
    """The same with prior 1/5, below the tangency point 1/4, where the payoff is its own envelope.

    Without cost the value would be (1/5)/(3/4).
    """
    return _investigation(0.2)


def _skeptic() -> BeliefGame:
    """Priors 1/2 (sender) and 1/4 (receiver); the payoff is the receiver's belief.

    At the sender's posterior x it is (x/2)/(x/2 + 3(1 - x)/2) = x/(3 - 2x), convex: everything is
    revealed, and 1/2 is expected.
    """
    return BeliefGame(0.5, [BeliefFunction(lambda x: x / (3 - 2 * x), shape="convex")], grid=8)


def _believer() -> BeliefGame:
    """Priors 1/2 (sender) and 3/4 (receiver); the payoff is the receiver's belief.

    At the sender's posterior x it is 3x/(1 + 2x), concave: nothing is revealed, and it stays 3/4.
    """
    return BeliefGame(0.5, [BeliefFunction(lambda x: 3 * x / (1 + 2 * x), shape="concave")], grid=8)


def _prospects() -> BeliefGame:
    r"""Prospects (π, v) = (2, 1/4), (1, 3/4), (3, 1), prior 1/3 each; outside option uniform.

    A prospect pays the sender π if accepted, and is accepted with probability E[v]: the payoff is
    f = E[π] E[v]. The third dominates and is revealed. On the edge of the others f is concave, and
    they are pooled, at E[π] = 3/2, E[v] = 1/2. The tangent there and f at the third vertex are the
    prices 5/8, 7/8, 3 of the prospects: along a ray to that vertex f is convex, so f is nowhere
    above the prices. Value (5/8 + 7/8 + 3)/3.
    """
    profits, values = np.array([2.0, 1.0, 3.0]), np.array([0.25, 0.75, 1.0])

    def payoff(beliefs: Floats) -> Floats:
        return np.asarray((beliefs @ profits) * (beliefs @ values))

    return BeliefGame(np.array([F(1, 3)] * 3), [BeliefFunction(payoff, lipschitz=4.25)], grid=12)


def _concealing() -> BeliefGame:
    """Stage games diag(1, 0) and diag(0, 1), prior 1/3.

    At belief p the game diag(p, 1 - p) has value p(1 - p), concave: using what he knows would teach
    it to his opponent, and the informed player gets 2/9.
    """
    return BeliefGame(_ONE_THIRD, [BeliefFunction(lambda p: p * (1 - p), shape="concave")], grid=9)


def _revealing() -> BeliefGame:
    """Stage games diag(-1, 0) and diag(0, -1), prior 1/3.

    At belief p the game diag(-p, p - 1) has value -p(1 - p), convex: the informed player plays his
    better row and gets 0.
    """
    return BeliefGame(_ONE_THIRD, [BeliefFunction(lambda p: -p * (1 - p), shape="convex")], grid=9)


def _partly_revealing() -> PersuasionGame:
    """Stage games with rows (4, 0, 2), (4, 0, -2) and (0, 4, -2), (0, 4, 2).

    At belief p the uninformed player holds the payoff to u(p) = min(4p, 4 − 4p, |4p − 2|): zero at
    1/2, one at 1/4 and 3/4. The informed player guarantees cav u, which is 1 in between. On each of
    the four pieces u is linear in p: an action that costs what the piece costs in either state.
    """
    cutoffs = [F(1, 4), F(1, 2), F(3, 4)]
    return PersuasionGame(
        [F(1, 2), F(1, 2)], [Receiver(cutoffs, [[0, 4], [2, -2], [-2, 2], [4, 0]])]
    )


INSTANCES = (
    Instance(
        "gentzkow-kamenica-entropy",
        "a prosecutor pays two for each ternary digit that the judge learns, prior 1/2",
        _COSTLY,
        "costs proportional to expected entropy reduction; the numbers are ours",
        _costly_investigation,
        (Claim("simultaneous", 2 * log(2) / log(3) - 1, "proved here"),),
    ),
    Instance(
        "gentzkow-kamenica-no-experiment",
        "the same with prior 1/5: evidence is not worth its cost",
        _COSTLY,
        "costs proportional to expected entropy reduction; the numbers are ours",
        _no_investigation,
        (Claim("simultaneous", F(0), "proved here"),),
    ),
    Instance(
        "alonso-camara-skeptic",
        "sender and receiver disagree: a receiver with the lower prior is told everything",
        _PRIORS,
        "setting of the paper, payoff linear in the receiver's belief; the numbers are ours",
        _skeptic,
        (Claim("simultaneous", F(1, 2), "proved here"),),
    ),
    Instance(
        "alonso-camara-believer",
        "sender and receiver disagree: a receiver with the higher prior is told nothing",
        _PRIORS,
        "setting of the paper, payoff linear in the receiver's belief; the numbers are ours",
        _believer,
        (Claim("simultaneous", F(3, 4), "proved here"),),
    ),
    Instance(
        "rayo-segal-three-prospects",
        "three prospects, of which two that are not ordered are pooled",
        _PROSPECTS,
        "setting of the paper, uniform outside option; the numbers are ours",
        _prospects,
        (Claim("simultaneous", F(3, 2), "proved here"),),
    ),
    Instance(
        "aumann-maschler-nothing-revealed",
        "a repeated game of incomplete information where the informed player hides what he knows",
        _REPEATED,
        "cav u theorem, u concave; u derived here",
        _concealing,
        (Claim("simultaneous", F(2, 9), "proved here"),),
    ),
    Instance(
        "aumann-maschler-full-revelation",
        "a repeated game of incomplete information where the informed player reveals everything",
        _REPEATED,
        "cav u theorem, u convex; u derived here",
        _revealing,
        (Claim("simultaneous", F(0), "proved here"),),
    ),
    Instance(
        "aumann-maschler-partial-revelation",
        "a repeated game of incomplete information where the informed player reveals in part",
        _REPEATED,
        "cav u theorem, the example of partial revelation; u derived here",
        _partly_revealing,
        (Claim("simultaneous", F(1), "proved here"),),
    ),
)
