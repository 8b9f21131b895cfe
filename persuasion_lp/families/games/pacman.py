r"""The Pacman procedure: beliefs creep towards the nearest threshold, and whoever is reached acts.

Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*, §4.1 and Theorem 2. Let
x_i^L < x_i < x_i^R be the points nearest to receiver i's belief at which f_i touches cav f_i. With
Δ_i = min(x_i^R − x_i, x_i − x_i^L), a step takes the receiver i* still to act with the least Δ_i
and splits his belief into x_{i*} ± Δ_{i*}, with probability ½ each, by a signal on ω_{i*} that is
independent of the other states given ω_{i*}:

    μ'(ω)  =  μ(ω) · Pr(s | ω_{i*}) / Pr(s).

No other belief moves by more than Δ_{i*} (Lemma 2), so none leaves [x_j^L, x_j^R]; whoever reaches
one of his two points acts. Every receiver acts where f_i = cav f_i, so the procedure pays first
best, for any correlation of the states.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from persuasion_lp.arrays import Floats, Integers, ReadOnly
from persuasion_lp.beliefs.grids import snapped
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.beliefs.updating import own_state_factors
from persuasion_lp.errors import CertificateError, InputError, OptionError
from persuasion_lp.families.games.certificate import BAYES_TOLERANCE
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.inputs import is_a
from persuasion_lp.primitives.step_functions import step_function

__all__ = [
    "Pacman",
    "PacmanSimulation",
    "PacmanTree",
    "touching_points",
]

TOUCHING = 1e-12
"""Distance, relative to the size of the payoff, up to which a payoff touches its envelope; also
the distance of a belief from a threshold at which it has been reached."""


def touching_points(f: PiecewiseLinear, x: float) -> tuple[float, float]:
    """The points nearest to x, on its left and on its right, at which f touches its envelope.

    Both are x itself where f(x) = cav f(x) (KKS, footnotes 10 and 11).

    Examples
    --------
    >>> touching_points(PiecewiseLinear.steps([0.8], [0, 1]), 0.5)
    (0.0, 0.8)
    """
    envelope = f.envelope()
    size = max(float(np.ptp(f.at)), float(np.abs(f.at).max()))
    if float(envelope(x)) - float(f(x)) <= TOUCHING * size:
        return x, x
    touching = f.breakpoints[envelope(f.breakpoints) - f.at <= TOUCHING * size]
    return float(touching[touching < x].max()), float(touching[touching > x].min())


@dataclass(frozen=True, eq=False)
class PacmanTree(ReadOnly):
    """The procedure as a tree of signals and actions, up to a residual probability.

    Node 0 is the prior. A node whose ``about`` is a receiver is followed by two nodes, the two
    values of a signal on his state; a node at which somebody is still waiting and no signal follows
    was left open: those who wait then act on its beliefs.

    Attributes
    ----------
    parent
        Node before, shape ``(T,)``; -1 for the prior.
    probability
        Shape ``(T,)``.
    joint
        Belief over the possible states, shape ``(T, S)``.
    beliefs
        Each receiver's belief that his state is H, shape ``(T, n)``.
    acts
        Who acts at each node, shape ``(T, n)``.
    about
        On whose state the next signal is, shape ``(T,)``; -1 where the tree ends.
    payoff
        The sender's expected payoff when those who still wait at an open node act there.
    first_best
        Σ_i cav f_i(x_i).
    residual
        Probability of the open nodes.
    """

    parent: Integers
    probability: Floats
    joint: Floats
    beliefs: Floats
    acts: NDArray[np.bool_]
    about: Integers
    payoff: float
    first_best: float
    residual: float

    def __repr__(self) -> str:
        return (
            f"PacmanTree({len(self.parent)} nodes, residual probability {self.residual:.3g}, "
            f"payoff {self.payoff:.9g} of first best {self.first_best:.9g})"
        )


@dataclass(frozen=True, eq=False)
class PacmanSimulation(ReadOnly):
    """Independent runs of the procedure.

    Attributes
    ----------
    payoffs
        The sender's payoff in each run, shape ``(runs,)``.
    steps
        Number of signals in each run.
    acted_at
        Belief at which each receiver acted, shape ``(runs, n)``.
    first_best
        What the mean of the payoffs estimates.
    """

    payoffs: Floats
    steps: Integers
    acted_at: Floats
    first_best: float

    @property
    def mean(self) -> float:
        """Mean payoff."""
        return float(self.payoffs.mean())

    @property
    def standard_error(self) -> float:
        """Standard error of the mean."""
        return float(self.payoffs.std(ddof=1) / math.sqrt(self.payoffs.size))

    def __repr__(self) -> str:
        return (
            f"PacmanSimulation({self.payoffs.size} runs, mean {self.mean:.6g} ± "
            f"{self.standard_error:.2g}, first best {self.first_best:.9g})"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Pacman(ReadOnly):
    """KKS's flexible procedure for a game, ready to be unfolded or simulated.

    Parameters
    ----------
    game
        Receivers with binary states, correlated in any way, and additive payoffs.

    Raises
    ------
    InputError
        If an own state is not binary, or payoffs are not additive.

    Examples
    --------
    KKS, Example 1, where no fixed order reaches first best:

    >>> from persuasion_lp import PersuasionGame, Receiver
    >>> judges = PersuasionGame([[0, 0.5], [0.5, 0]], [Receiver.threshold(0.8)] * 2)
    >>> Pacman(judges).tree(residual=1e-6)
    PacmanTree(11 nodes, residual probability 0, payoff 1.25 of first best 1.25)
    """

    game: PersuasionGame

    def __post_init__(self) -> None:
        stated = self.game
        if not is_a(stated, PersuasionGame):
            raise InputError("game", "must be a PersuasionGame", value=type(stated).__name__)
        if not stated.additive or not stated.binary:
            raise InputError(
                "game", "must have additive payoffs and receivers with binary states of their own"
            )

    @cached_property
    def functions(self) -> tuple[PiecewiseLinear, ...]:
        """Payoff from each receiver as a function of his belief that his state is H."""
        own = np.array([0, 1])
        return tuple(step_function(receiver, own) for receiver in self.game.receivers)

    @cached_property
    def targets(self) -> Floats:
        """The points x_i^L and x_i^R of each receiver, shape ``(n, 2)``."""
        start = self._high @ self._prior
        points = [
            touching_points(f, snapped(float(x)))
            for f, x in zip(self.functions, start, strict=True)
        ]
        return np.array(points)

    @cached_property
    def first_best(self) -> float:
        """Σ_i cav f_i(x_i)."""
        start = self._high @ self._prior
        return math.fsum(float(f.envelope()(x)) for f, x in zip(self.functions, start, strict=True))

    def tree(self, residual: float = 1e-9, most_nodes: int = 1_000_000) -> PacmanTree:
        """Unfold the procedure, most likely nodes first, until little probability is open.

        Parameters
        ----------
        residual
            Probability that may be left open, in (0, 1).
        most_nodes
            Size at which to stop in any case; the residual reached is in the result.

        Raises
        ------
        CertificateError
            If Bayes' rule or the payoff does not hold when recomputed from the tree.
        """
        if not 0 < residual < 1:
            raise OptionError("residual", "must lie in (0, 1)", value=residual)
        high = self._high
        joint, parent, chance, about = [self._prior], [-1], [1.0], [-1]
        acts = [self._reached(high @ self._prior)]
        waiting = [~acts[0]]
        queue = [(-1.0, 0)] if waiting[0].any() else []
        still_open = 1.0 if queue else 0.0
        while queue and still_open > residual and len(joint) < most_nodes:
            node = heapq.heappop(queue)[1]
            x = high @ joint[node]
            gaps = np.where(waiting[node], np.abs(x[:, None] - self.targets).min(axis=1), np.inf)
            i = about[node] = int(np.argmin(gaps))
            for moved in self._split(float(x[i]), i):
                joint.append(joint[node] * own_state_factors(high[i], x[i], moved))
                parent.append(node)
                chance.append(chance[node] / 2)
                about.append(-1)
                acts.append(self._reached(high @ joint[-1]) & waiting[node])
                waiting.append(waiting[node] & ~acts[-1])
                if waiting[-1].any():
                    heapq.heappush(queue, (-chance[-1], len(joint) - 1))
                else:
                    still_open -= chance[-1]
        open_nodes = sorted(node for _, node in queue)
        for node in open_nodes:
            acts[node] = acts[node] | waiting[node]
        beliefs = np.array(joint) @ high.T
        tree = PacmanTree(
            parent=np.array(parent),
            probability=np.array(chance),
            joint=np.array(joint),
            beliefs=beliefs,
            acts=np.array(acts),
            about=np.array(about),
            payoff=self._expected(beliefs, np.array(chance), np.array(acts)),
            first_best=self.first_best,
            residual=math.fsum(chance[node] for node in open_nodes),
        )
        self._check(tree)
        return tree

    def simulate(self, runs: int, seed: int, most_steps: int = 10_000) -> PacmanSimulation:
        """Play the procedure independently.

        Parameters
        ----------
        runs
            Number of runs, at least 2.
        seed
            Seed of the signals.
        most_steps
            Signals after which a run counts as not ending; each step ends it with probability of
            at least 2^-n, so this does not happen.

        Raises
        ------
        CertificateError
            If a run does not end.
        """
        if runs < 2:
            raise OptionError("runs", "must be at least 2", value=runs)
        coin = np.random.default_rng(seed)
        high = self._high
        joint = np.repeat(self._prior[None, :], runs, axis=0)
        acted_at = np.full((runs, self.game.n), np.nan)
        steps = np.zeros(runs, dtype=np.int64)
        for _ in range(most_steps):
            x = joint @ high.T
            now = np.isnan(acted_at) & self._reached(x)
            acted_at[now] = x[now]
            going = np.flatnonzero(np.isnan(acted_at).any(axis=1))
            if not going.size:
                break
            steps[going] += 1
            x = x[going]
            gaps = np.abs(x[:, :, None] - self.targets).min(axis=2)
            i = np.argmin(np.where(np.isnan(acted_at[going]), gaps, np.inf), axis=1)
            before = x[np.arange(going.size), i]
            step = gaps[np.arange(going.size), i] * np.where(coin.random(going.size) < 0.5, -1, 1)
            after = before + step
            joint[going] *= own_state_factors(high[i], before, after)
        else:
            raise CertificateError(f"a run did not end after {most_steps} signals")
        payoffs = sum(
            (f(self._settled(acted_at[:, i], i)) for i, f in enumerate(self.functions)),
            start=np.zeros(runs),
        )
        return PacmanSimulation(payoffs, steps, acted_at, self.first_best)

    @cached_property
    def _prior(self) -> Floats:
        return self.game.prior.ravel()[self.game.support]

    @cached_property
    def _high(self) -> NDArray[np.bool_]:
        """Whether each receiver's state is H in each possible state, shape ``(n, S)``."""
        return np.array([own[self.game.support] == 1 for own in self.game.own_states])

    def _reached(self, x: Floats) -> NDArray[np.bool_]:
        """Who is at one of his two points."""
        return np.asarray(np.abs(x[..., None] - self.targets).min(axis=-1) <= TOUCHING)

    def _split(self, x: float, i: int) -> tuple[float, float]:
        """Two beliefs at equal distance, one of them receiver i's nearest point."""
        low, high = (float(t) for t in self.targets[i])
        return (2 * x - high, high) if high - x <= x - low else (low, 2 * x - low)

    def _settled(self, x: Floats, i: int) -> Floats:
        """Beliefs with rounding removed where they reached one of receiver i's points."""
        nearest = self.targets[i][np.abs(x[:, None] - self.targets[i]).argmin(axis=1)]
        return np.where(np.abs(nearest - x) <= TOUCHING, nearest, np.clip(x, 0.0, 1.0))

    def _expected(self, beliefs: Floats, chance: Floats, acts: NDArray[np.bool_]) -> float:
        return math.fsum(
            term
            for i, f in enumerate(self.functions)
            for term in chance[acts[:, i]] * f(self._settled(beliefs[acts[:, i], i], i))
        )

    def _check(self, tree: PacmanTree) -> None:
        """Recompute Bayes' rule, who acted, that nobody was passed by, and the payoff."""
        inner = tree.about >= 0
        mean = np.zeros_like(tree.joint)
        np.add.at(mean, tree.parent[1:], tree.joint[1:] / 2)
        bayes = float(np.abs(mean[inner] - tree.joint[inner]).max(initial=0.0))
        passed = np.maximum(self.targets[:, 0] - tree.beliefs, tree.beliefs - self.targets[:, 1])
        acted = tree.acts.copy()
        for node in range(1, len(tree.parent)):
            acted[node] |= acted[tree.parent[node]]
        late = ~acted | tree.acts
        ends = tree.about < 0
        each = tree.probability @ tree.acts
        sizes = [float(np.abs(f.at).max()) for f in self.functions]
        missing = self.first_best - tree.payoff
        most = tree.residual * 2 * math.fsum(sizes) + BAYES_TOLERANCE * (1 + math.fsum(sizes))
        failures = {
            "Bayes' rule": bayes > BAYES_TOLERANCE,
            "a belief passes its threshold": float(passed[late].max()) > TOUCHING * 10,
            "somebody never acts": not acted[ends].all(),
            "somebody acts twice": float(np.abs(each - 1).max()) > BAYES_TOLERANCE,
            "the payoff": not -most <= missing <= most,
        }
        broken = [name for name, failed in failures.items() if failed]
        if broken:
            raise CertificateError("the tree does not hold: " + ", ".join(broken), tree)
