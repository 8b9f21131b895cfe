r"""Problems whose optimal value is known in closed form, each with its derivation.

None of them has its optimum on a uniform grid of 2^k steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

import persuasion_lp as plp

__all__ = ["BELIEFS", "CENSORSHIP", "MENUS", "PAYMENT", "Beliefs", "Types", "cubic"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Beliefs:
    """A payoff of the belief, the prior, and the optimal value.

    Attributes
    ----------
    prior
        Shape ``(K,)``.
    payoffs
        What a :class:`plp.BeliefGame` takes.
    total
        The sum of payoffs as a function of beliefs, shape ``(N, K)``, in plain numpy.
    truth
        The value in closed form.
    """

    prior: tuple[float, ...]
    payoffs: tuple[Any, ...]
    total: Callable[[Floats], Floats]
    truth: float


def _divergence(p: float, q: float) -> float:
    """Kullback-Leibler divergence D(p ‖ q) of two binary distributions, in nats."""
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


def _concave() -> Beliefs:
    r"""Costly persuasion (Gentzkow and Kamenica 2014): a judge convicts at c = 7/10, prior 1/2.

    A nat of expected entropy reduction costs κ: the payoff is f(x) = 1[x ≥ c] + κ(H(x) − H(1/2)),
    concave on either side of c. Its envelope is the line through c that touches the left part at a:

        κ(H(a) + H'(a)(c − a)) = 1 + κH(c),   that is   κ D(c ‖ a) = 1,

    since H(a) + H'(a)(x − a) = D(x ‖ a) + H(x). We take κ = 1/D(c ‖ 1/3), so that a = 1/3. The
    line's slope is κH'(1/3) > 0 > κH'(c), so nothing above c is better, and at x it is worth

        κ(D(x ‖ a) + H(x) − H(1/2)),   at the prior   κ D(1/2 ‖ a) = D(1/2 ‖ 1/3)/D(7/10 ‖ 1/3).
    """
    cutoff, touching, prior = 0.7, 1 / 3, 0.5
    price = 1 / _divergence(cutoff, touching)

    def payoff(x: Floats) -> Floats:
        from scipy.special import entr

        return np.asarray((x >= cutoff) + price * (entr(x) + entr(1 - x) - math.log(2)))

    return Beliefs(
        (1 - prior, prior),
        (plp.BeliefFunction(payoff, shape="concave", kinks=[cutoff]),),
        lambda beliefs: payoff(beliefs[:, 1]),
        price * _divergence(prior, touching),
    )


def _lipschitz() -> Beliefs:
    """The payoff x³(1 − x), convex up to 1/2 and concave after; prior 1/4.

    Its envelope is the line from 0 that touches at t: f(t) = t f'(t), 1 − t = 3 − 4t, so t = 2/3
    with slope t²(1 − t) = 4/27, and the value is 1/27. The slope 3x² − 4x³ is at most 1/4 (at 1/2)
    and at least −1 (at 1).
    """

    def payoff(x: Floats) -> Floats:
        return x**3 * (1 - x)

    return Beliefs(
        (0.75, 0.25),
        (plp.BeliefFunction(payoff, lipschitz=1),),
        lambda beliefs: payoff(beliefs[:, 1]),
        1 / 27,
    )


def _prospects() -> Beliefs:
    r"""Prospects (Rayo and Segal 2010) of (π, v) = (2, 1/4), (1, 3/4), (3, 1); prior 2/5, 1/5, 2/5.

    A prospect pays the sender π if accepted, and is accepted with probability E[v]: the payoff is
    E[π] E[v]. The third dominates and is revealed. With weight t on the second and 1 − t on the
    first it is (2 − t)(1/4 + t/2), concave, so these are pooled, at t = 1/3, and pay 25/36:

        (3/5)(25/36) + (2/5) 3 = 97/60.

    Prices: the tangent at 1/3 has slope 3/4 − t = 5/12, so 5/9 and 35/36 for the first two
    prospects; 3 for the third. Along a ray to the third vertex the payoff is convex, and at both
    ends nowhere above the prices. It is a product of factors in [1, 3] and [1/4, 1], so that
    3 · 3/4 + 1 · 2 = 17/4 is a Lipschitz constant.
    """
    profits, values = np.array([2.0, 1.0, 3.0]), np.array([0.25, 0.75, 1.0])

    def payoff(beliefs: Floats) -> Floats:
        return np.asarray((beliefs @ profits) * (beliefs @ values))

    return Beliefs((0.4, 0.2, 0.4), (plp.BeliefFunction(payoff, lipschitz=4.25),), payoff, 97 / 60)


def _receivers() -> Beliefs:
    """Accept at μ_3 ≥ μ_1 + 3μ_2/5 and at μ_3 ≥ 3μ_1/2 + 9μ_2/5; prior 1/2, 3/10, 1/5.

    The setting of KKS, §6.3. Both accept at μ = (2/5, 0, 3/5), which has probability 1/3: 2/3 is
    attained. The prices 0, 0, 10/3 prove that no public signal pays more: both accept only if
    μ_3 ≥ 3(1 − μ_3)/2, so μ_3 ≥ 3/5, and the first only if μ_3 ≥ 3(1 − μ_3)/5, so μ_3 ≥ 3/8; there
    10μ_3/3 is at least 2, and at least 5/4.
    """
    rows = np.array([[-1.0, -0.6, 1.0], [-1.5, -1.8, 1.0]])

    def total(beliefs: Floats) -> Floats:
        return np.asarray((beliefs @ rows.T >= 0).sum(axis=1, dtype=np.float64))

    receivers = tuple(plp.Receiver.accepting([(row, 0)]) for row in rows.tolist())
    return Beliefs((0.5, 0.3, 0.2), receivers, total, 2 / 3)


BELIEFS: Mapping[str, Beliefs] = {
    "concave payoff": _concave(),
    "Lipschitz payoff": _lipschitz(),
    "simplex": _prospects(),
    "receivers": _receivers(),
}
"""Those with a payoff of one belief, by name."""

PAYMENT = Fraction(1, 2)
"""W, also the mean difficulty."""


@dataclass(frozen=True, eq=False)
class Types:
    """Capabilities of a worker whose task is uniformly difficult and pays 1/2, and the value.

    Attributes
    ----------
    capabilities, probabilities
        Shape ``(J,)``.
    truth
        The manager's value from the best menu.
    """

    capabilities: tuple[Fraction, ...]
    probabilities: tuple[Fraction, ...]
    truth: float


def _one_type() -> Types:
    """Capability 7/5: LX, Theorem 1.

    A task is launched iff θ ≥ t with E[θ | θ ≥ t] = (1 + t)/2 = x w = 7/10, so t = 2/5, and the
    value is ∫ (θ − 1/2) dθ over [2/5, 1], which is 21/50 − 3/10 = 3/25.
    """
    return Types((Fraction(7, 5),), (Fraction(1),), 3 / 25)


def _two_types() -> Types:
    """Capabilities 6/5 and 8/5 with probabilities 1/50 and 49/50: the two tests of LX, §4.2.1.

    They accept expected difficulties of 3/5 and 4/5. The high type gets a threshold test with
    probability p, so r = p − p²/2; the low one p' at 3/5 exactly, with p' so large that the high
    type does not prefer it: 4p/5 − r = p'/5, p' = 5p²/2 − p. The manager gets

        (49/50)(r − p/2) + (1/50)(p'/10) = (61/125) p − (97/200) p²,

    at most 7442/60625, at p = 244/485. That no menu pays more is proved in fractions
    (``lx-two-tests`` in the catalogue). The printed menu, with p = 1/2, pays 491/4000.
    """
    types = (Fraction(6, 5), Fraction(8, 5))
    return Types(types, (Fraction(1, 50), Fraction(49, 50)), 7442 / 60625)


MENUS: Mapping[str, Types] = {"one type": _one_type(), "two types": _two_types()}
"""Those of a manager, by name."""

CENSORSHIP = 539 / 1024
"""Value of v(m) = 3m² − 2m³ on U[0, 1] (Kolotilin, Mylovanov and Zapechelnyuk 2022).

Convex up to 1/2 and concave after, so states below t are revealed and the others pooled at
s = (1 + t)/2, where the tangent of v has to meet v at t: v(s) − v(t) = v'(s)(s − t) gives t = 1/4
and s = 5/8. ∫ v over [0, 1/4] is 7/512, and (3/4) v(5/8) = 525/1024.
"""


def cubic(means: Floats) -> Floats:
    """v(m) = 3m² − 2m³, m in [0, 1]; the slope 6m(1 − m) is at most 3/2."""
    return 3 * means**2 - 2 * means**3
