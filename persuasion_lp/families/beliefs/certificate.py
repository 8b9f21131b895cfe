r"""The certificate of an answer on one common belief.

From the tree of posteriors alone, with the payoffs evaluated anew at every posterior:

    Bayes' rule      kernel ≥ 0, Σ_h kernel[g, h] = 1, Σ_h kernel[g, h] β_h = β_g
    everybody acts   every receiver acts exactly once on every path
    value            Σ (probability of a message) Σ (payoffs of those who act on it) = value claimed

The bound from above comes from the value functions: if V(S) is concave and nowhere below
f_i + V(S∖i) for every i that may act next, no procedure earns more. Concavity and majorization are
recomputed at every node; what is missing of them is added to the bound. A linear program brings its
own certificate, a search over orders its bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.posterior_tree import PosteriorTree
from persuasion_lp.checks import VALUE_TOLERANCE, Checked
from persuasion_lp.families.beliefs.discretization import NodeEnvelope
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.recursion import Recursion, without
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate

__all__ = ["BeliefCertificate", "TreeCheck", "check_tree", "majorant_bound"]

FLOW_TOLERANCE = 1e-9
"""Largest error of a posterior mean, times the probability of the belief it should equal: flows of
a linear program are exact to its feasibility tolerance; hulls reach 1e-15."""

CONCAVITY_TOLERANCE = 1e-12
"""Share of its size by which rounding may bend an envelope; beyond, it is measured exactly."""


@dataclass(frozen=True)
class TreeCheck:
    """What a tree of posteriors proves by itself.

    Attributes
    ----------
    value
        The sender's expected payoff.
    bayes_residual
        Largest violation of Bayes' rule.
    everybody_acts
        Whether every receiver acts exactly once on every path.
    """

    value: float
    bayes_residual: float
    everybody_acts: bool


@dataclass(frozen=True)
class BeliefCertificate(Checked):
    """What has been recomputed about an answer.

    Attributes
    ----------
    claimed
        The value claimed.
    tree
        The check of the tree of posteriors.
    upper
        Proved upper bound on the value with posteriors on the nodes, over all orders where one was
        searched for.
    scale
        Size of the payoffs, against which errors are judged.
    lp
        The certificate of the linear program, when one was solved.
    """

    claimed: float
    tree: TreeCheck
    upper: float
    scale: float
    lp: LPCertificate | None

    @property
    def economic(self) -> TreeCheck:
        """The check of the tree of posteriors."""
        return self.tree

    @property
    def gap(self) -> float:
        """Distance of the upper bound from the value claimed."""
        return self.upper - self.claimed

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        found = () if self.lp is None else self.lp.failures
        if not self.tree.bayes_residual <= FLOW_TOLERANCE:
            found += (f"Bayes' rule is missed by {self.tree.bayes_residual:.3g}",)
        if not self.tree.everybody_acts:
            found += ("some receiver does not act exactly once",)
        if not abs(self.tree.value - self.claimed) <= VALUE_TOLERANCE * self.scale:
            found += (f"the posteriors pay {self.tree.value:.12g}, not the value claimed",)
        if not abs(self.gap) <= GAP_TOLERANCE * self.scale:
            found += (f"the bound from above leaves a gap of {self.gap:.3g}",)
        return found


def check_tree(game: BeliefGame, tree: PosteriorTree) -> TreeCheck:
    """Check a tree of posteriors against a game: Bayes' rule, who acts, value.

    Parameters
    ----------
    game
        The game.
    tree
        The tree; its beliefs need not be on any grid.
    """
    bayes = float(np.abs(tree.prior - game.prior).max())
    everybody_acts = True
    waiting: list[frozenset[int]] = [frozenset(range(game.n))]
    private: list[int] = []
    terms: list[float] = []
    for k, (stage, probability) in enumerate(zip(tree.stages, tree.probabilities, strict=True)):
        before = np.ones(1) if k == 0 or tree.private else tree.probabilities[k - 1]
        moved = stage.kernel @ stage.beliefs - tree.beliefs_before(k)
        missed = [stage.kernel.min(axis=1).clip(max=0.0), stage.kernel.sum(axis=1) - 1, *moved.T]
        bayes = max(bayes, float((before * np.abs(missed).max(axis=0)).max()))
        for i in range(game.n):
            told = np.array([i in acting for acting in stage.acting])
            if told.any():
                payoffs = game.payoff_at(i, stage.beliefs[told])
                terms.extend((probability[told] * payoffs).tolist())
        if tree.private:
            everybody_acts &= len(set(stage.acting)) == 1
            private.extend(stage.acting[0])
            continue
        now = []
        for column, acting in enumerate(stage.acting):
            left = {waiting[row] for row in np.flatnonzero(stage.kernel[:, column] > 0)}
            everybody_acts &= len(left) == 1 and all(set(acting) <= group for group in left)
            now.append(frozenset.intersection(*left) - set(acting) if left else frozenset())
        waiting = now
    if tree.private:
        everybody_acts &= sorted(private) == list(range(game.n))
    else:
        everybody_acts &= not any(waiting)
    return TreeCheck(math.fsum(terms), bayes, everybody_acts)


def majorant_bound(solved: tuple[Recursion, ...]) -> float:
    """Upper bound on the value with posteriors on the nodes, from the value functions alone.

    Parameters
    ----------
    solved
        The agendas of a procedure on nodes (not on cells); the values of several add up.
    """
    total = 0.0
    for one in solved:
        missing = 0.0
        for left, moves in one.agenda.moves.items():
            value = one.values[left].values
            for group in moves:
                later = one.values[without(left, group)]
                sums = one.nodes.add(group, later)
                key = (left, left) if one.agenda.signal_decides else (left, group)
                missing = max(missing, _missing(one, one.envelopes[key], sums, value))
        total += one.value + len(one.agenda.start) * missing
    return total


def _missing(one: Recursion, envelope: NodeEnvelope, sums: Floats, value: Floats) -> float:
    """By how much V(S) may fall short of a concave function above the sums, at the nodes.

    The envelope is concave but for its bend; it is short of the sums by at most ``short``, and V(S)
    of the envelope by at most ``lost``.
    """
    beliefs = one.nodes.beliefs
    reached = envelope(beliefs[:, 1] if isinstance(envelope, IntervalEnvelope) else beliefs)
    short = max(0.0, float((sums - reached).max()))
    lost = max(0.0, float((reached - value).max()))
    return short + lost + _bend(envelope)


def _bend(envelope: NodeEnvelope) -> float:
    """Bound on the distance of an envelope on an interval from the least concave function above it.

    With its slopes raised to the highest that follows it is concave. Between vertices that nearly
    coincide slopes are all rounding and that bound is loose; there the hull is taken in fractions.
    """
    if not isinstance(envelope, IntervalEnvelope):
        return 0.0
    steps = np.diff(envelope.vertices)
    slopes = np.diff(envelope.values) / steps
    raised = np.maximum.accumulate(slopes[::-1])[::-1]
    bound = float(((raised - slopes) * steps).sum())
    size = float(np.abs(envelope.values).max())
    return bound if bound <= CONCAVITY_TOLERANCE * size else _exact_bend(envelope)


def _exact_bend(envelope: IntervalEnvelope) -> float:
    """The same distance at the vertices, without rounding."""
    points = [
        (Fraction(x), Fraction(y))
        for x, y in zip(envelope.vertices.tolist(), envelope.values.tolist(), strict=True)
    ]
    hull: list[tuple[Fraction, Fraction]] = []
    for x, y in points:
        while len(hull) > 1 and _height(hull[-2], (x, y), hull[-1][0]) >= hull[-1][1]:
            hull.pop()
        hull.append((x, y))
    worst, k = Fraction(0), 0
    for x, y in points:
        while hull[k + 1][0] < x:
            k += 1
        worst = max(worst, _height(hull[k], hull[k + 1], x) - y)
    return float(worst)


def _height(
    one: tuple[Fraction, Fraction], other: tuple[Fraction, Fraction], x: Fraction
) -> Fraction:
    """Height at x of the line through two points."""
    return one[1] + (other[1] - one[1]) * (x - one[0]) / (other[0] - one[0])
