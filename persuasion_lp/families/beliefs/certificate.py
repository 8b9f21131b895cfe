r"""The certificate of an answer on one common belief.

From the tree of posteriors alone, with the payoffs evaluated anew at every posterior:

    Bayes' rule      kernel ≥ 0, Σ_h kernel[g, h] = 1, Σ_h kernel[g, h] β_h = β_g
    everybody acts   every receiver acts exactly once on every path
    value            Σ (probability of a message) Σ (payoffs of those who act on it) = value claimed

Bayes' rule is checked state by state relative to β_g(ω), values relative to the tree's
Σ |payoff × probability|; multiplying payoffs, or making a state rarer, changes nothing.

The bound from above comes from the value functions: if V(S) is concave and nowhere below
f_i + V(S∖i) for every i that may act next, no procedure earns more. Concavity and majorization are
recomputed at every node; what is missing of them is added to the bound, and so is what rounding may
hide. A search over orders brings its bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.beliefs.posterior_tree import PosteriorTree
from persuasion_lp.checks import VALUE_TOLERANCE, Checked
from persuasion_lp.families.beliefs.discretization import NodeEnvelope
from persuasion_lp.families.beliefs.problem import EPS, BeliefGame
from persuasion_lp.families.beliefs.proof.tree_rules import payoffs_at, refusals
from persuasion_lp.families.beliefs.recursion import Recursion, without
from persuasion_lp.lp.certificate import GAP_TOLERANCE, LPCertificate

__all__ = ["BeliefCertificate", "Route", "TreeCheck", "check_tree", "majorant_bound"]

Route = Literal["float", "exact"]

BAYES_TOLERANCE = 2e-12
"""Relative to the probability of the state at the belief before."""

ROUNDING = 2 * EPS
"""Error of an interpolation relative to its size, and half the error of a sum of four payoffs."""

CONCAVITY_TOLERANCE = 1e-12
"""Share of its size by which rounding may bend an envelope; beyond, it is measured exactly."""


@dataclass(frozen=True)
class TreeCheck(Checked):
    """What a tree of posteriors proves by itself.

    Attributes
    ----------
    value
        The sender's expected payoff.
    bayes_residual
        Largest violation of Bayes' rule, relative to the probability of the state at the belief
        before.
    everybody_acts
        Whether every receiver acts exactly once on every path.
    size
        Σ |payoff × probability|.
    doubt
        By how much less the tree may pay because different breakpoints are the same float.
    nonsense
        What makes it no tree of posteriors of the game at all, in words; where its numbers cannot
        even be read, nothing else is computed.
    """

    value: float
    bayes_residual: float
    everybody_acts: bool
    size: float
    doubt: float = 0.0
    nonsense: tuple[str, ...] = ()

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words."""
        found = self.nonsense
        if not self.bayes_residual <= BAYES_TOLERANCE:
            found += (f"Bayes' rule is missed by {self.bayes_residual:.3g}",)
        if not self.everybody_acts:
            found += ("some receiver does not act exactly once",)
        return found


@dataclass(frozen=True)
class BeliefCertificate(Checked):
    """What has been recomputed about an answer.

    Attributes
    ----------
    claimed
        The value claimed.
    tree
        Check of the tree of posteriors.
    lower
        What the tree pays for the numbers as written, rounded down.
    upper
        Proved upper bound on the value with posteriors on the nodes, over all orders where one was
        searched for, rounded up.
    scale
        Σ |payoff × probability| of the tree, against which errors of values are judged.
    lp
        The certificate of the linear program, when one was solved.
    route
        ``"float"``, or ``"exact"`` where floats did not prove enough and the envelopes were
        computed in rational arithmetic.
    """

    claimed: float
    tree: TreeCheck
    lower: float
    upper: float
    scale: float
    lp: LPCertificate | None
    route: Route = "float"

    @property
    def economic(self) -> TreeCheck:
        """The check of the tree of posteriors."""
        return self.tree

    @property
    def gap(self) -> float:
        """Width of the bracket on the value with posteriors on the nodes."""
        return self.upper - self.lower

    @property
    def failures(self) -> tuple[str, ...]:
        """The checks that do not hold, in words; empty when the certificate holds."""
        found = self.tree.failures
        if self.lp is not None and self.route == "float":
            found = self.lp.failures + found
        more, slack = self.tree.value - self.claimed, VALUE_TOLERANCE * self.scale
        if not -slack <= more <= slack + self.tree.doubt:
            found += (f"the posteriors pay {self.tree.value:.12g}, not the value claimed",)
        if not self.lower <= self.claimed:
            found += (f"the value claimed is below what the tree pays, {self.lower!r}",)
        slack = GAP_TOLERANCE * self.scale + _spacing(self.lower, self.upper)
        if not self.claimed <= self.upper <= self.lower + slack:
            found += (
                f"the bound from above leaves a gap of {self.gap:.3g}: the value lies in "
                f"[{self.lower!r}, {self.upper!r}]",
            )
        return found


def _spacing(lower: float, upper: float) -> float:
    """What rounding down and up adds to a bracket."""
    return 2 * math.ulp(max(abs(lower), abs(upper))) if math.isfinite(upper - lower) else 0.0


def check_tree(game: BeliefGame, tree: PosteriorTree) -> TreeCheck:
    """Check a tree of posteriors against a game: Bayes' rule, who acts, value.

    A posterior that is the float next to a cutoff, kink or prior as written stands for it.

    Parameters
    ----------
    game
        The game.
    tree
        The tree; its beliefs need not be on any grid.
    """
    nonsense, readable = refusals(game, tree)
    if not readable:
        return TreeCheck(math.nan, math.inf, False, math.nan, 0.0, nonsense)
    bayes = _relative(tree.prior - game.prior, game.prior)
    everybody_acts = True
    waiting: list[frozenset[int]] = [frozenset(range(game.n))]
    private: list[int] = []
    terms: list[float] = []
    doubts: list[float] = []
    for k, (stage, probability) in enumerate(zip(tree.stages, tree.probabilities, strict=True)):
        before = tree.beliefs_before(k)
        bayes = max(
            bayes,
            _relative(stage.kernel @ stage.beliefs - before, before),
            float(np.abs(stage.kernel.sum(axis=1) - 1).max()),
        )
        for i in range(game.n):
            told = np.array([i in acting for acting in stage.acting])
            if told.any():
                least, payoffs = payoffs_at(game, i, stage.beliefs[told])
                terms.extend((probability[told] * payoffs).tolist())
                doubts.append(float(probability[told] @ (payoffs - least)))
        everybody_acts &= all(len(set(acting)) == len(acting) for acting in stage.acting)
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
    size = math.fsum(map(abs, terms))
    return TreeCheck(math.fsum(terms), bayes, everybody_acts, size, math.fsum(doubts), nonsense)


def _relative(missed: Floats, scale: Floats) -> float:
    """Largest error relative to a probability; where that is zero there must be none."""
    errors = np.abs(missed)
    found = np.divide(errors, scale, out=np.where(errors > 0, np.inf, 0.0), where=scale > 0)
    return float(found.max(initial=0.0))


def majorant_bound(solved: tuple[Recursion, ...], prior: Floats | None = None) -> float:
    """Upper bound on the value with posteriors on the nodes, from the value functions alone.

    It holds for the floats the nodes and payoffs are, and for numbers that these are next to.

    Parameters
    ----------
    solved
        The agendas of a procedure; the values of several add up.
    prior
        The prior over three or more states, where it may differ from the node that stands for it.
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
                missing = max(missing, _missing(one, one.envelopes[key], sums, value, len(group)))
        total += one.value if prior is None else one.value_at(prior)
        total += len(one.agenda.start) * missing
        total += math.ulp(total)
    return total


def _missing(
    one: Recursion, envelope: NodeEnvelope, sums: Floats, value: Floats, summed: int
) -> float:
    """By how much V(S) may fall short of a concave function above the sums, at the nodes.

    The envelope is concave but for its bend; it is short of the sums by at most ``short``, and V(S)
    of the envelope by at most ``lost``.
    """
    beliefs = one.nodes.beliefs
    reached = envelope(beliefs[:, 1] if isinstance(envelope, IntervalEnvelope) else beliefs)
    short = max(0.0, float((sums - reached).max()))
    lost = max(0.0, float((reached - value).max()))
    size = float(np.abs(sums).max()) + float(np.abs(value).max())
    rounding = (ROUNDING + EPS * summed) * size
    return short + lost + _bend(envelope) + rounding + _moved(envelope)


def _moved(envelope: NodeEnvelope) -> float:
    """How much a concave function on the nodes may change as they are moved by half a unit."""
    if not isinstance(envelope, IntervalEnvelope):
        return 2 * ROUNDING * float(np.abs(envelope.planes).max())
    slopes = np.abs(np.diff(envelope.values) / np.diff(envelope.vertices))
    return EPS * float((slopes * envelope.vertices[1:]).max())


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
    bound += 2 * EPS * float(np.abs(np.diff(envelope.values)).sum())
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
