r"""A tree of posteriors over any number of states, made one in fractions, and what it pays.

A stage sends message h at belief β_g with probability κ[g, h] β_h(ω) / β_g(ω) in state ω. Taken as
the fractions the floats are and normalized over h, state by state, these are likelihoods whatever
their rounding, so that measures over states are divided among messages and never lost:

    m_h(ω)  =  m_g(ω) κ[g, h] β_h(ω) / Σ_h' κ[g, h'] β_h'(ω).

A receiver who acts on h takes, of the actions he is willing to take at m_h, the one the sender
likes best. Where he is all but willing to take a better one, D m_h ≥ 0 is missed by rounding: of
the states that hurt the row the part that closes it leaves the message and is revealed. Whatever
comes of that, what the tree pays is then computed from the actions he is exactly willing to take.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from persuasion_lp.arrays import frozen
from persuasion_lp.beliefs.posterior_tree import PosteriorStage, PosteriorTree
from persuasion_lp.core.exact import nearest
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.proof.node_trees import Attained
from persuasion_lp.families.beliefs.recursion import Group
from persuasion_lp.primitives.receiver import Receiver

__all__ = ["attained_measures"]

ALL_BUT_WILLING = Fraction(1, 10**9)
"""A row missed by less than this share of what is at stake in it is closed."""

ROUNDS = 8
"""Times that closing a row may break another one."""

_ZERO = Fraction(0)

Measure = tuple[Fraction, ...]
_Row = tuple[Fraction, ...]


@dataclass(frozen=True, eq=False)
class _Actions:
    """A receiver's rows and payoffs over the common states, action by action, best first."""

    rows: list[list[_Row]]
    payoffs: list[_Row]

    @classmethod
    def of(cls, receiver: Receiver, own: np.ndarray) -> _Actions:
        rows = [[tuple(row) for row in cone[:, own].tolist()] for cone in receiver.rational_cones()]
        payoffs = [tuple(row) for row in receiver.rational_payoffs()[:, own].tolist()]
        return cls(rows, payoffs)

    def at_stake(self, prior: Measure) -> Fraction:
        """Expectation of the largest payoff in absolute value."""
        largest = [max(map(abs, column)) for column in zip(*self.payoffs, strict=True)]
        return sum((p * f for p, f in zip(prior, largest, strict=True)), _ZERO)


@dataclass(eq=False)
class _Message:
    """A message: which one of the tree's, the measure that hears it, and from where it comes."""

    origin: int
    acting: Group
    measure: Measure
    source: int
    revealed: int | None = None
    lost: dict[int, Fraction] = field(default_factory=dict)

    @property
    def mass(self) -> Fraction:
        return sum(self.measure, _ZERO)


def attained_measures(game: BeliefGame, tree: PosteriorTree) -> Attained:
    """Make a tree Bayes plausible, with every tie decided exactly, and evaluate it."""
    actions = [
        _Actions.of(payoff, game.own_states(i)) if isinstance(payoff, Receiver) else None
        for i, payoff in enumerate(game.payoffs)
    ]
    prior: Measure = tuple(game.written_prior.tolist())
    start = [_Message(0, (), prior, 0)]
    before, total, error, size = start, _ZERO, _ZERO, _ZERO
    stake = sum((one.at_stake(prior) for one in actions if one is not None), _ZERO)
    stages = []
    for stage in tree.stages:
        now = _repaired(_sent(stage, start if tree.private else before), actions)
        for message in now:
            for i in message.acting:
                paid, doubt = _paid(game, i, actions[i], message.measure)
                total, size, error = total + paid, size + abs(paid), error + doubt
        stages.append(_rounded(now, start if tree.private else before))
        before = now
    at = frozen(np.array([nearest(p) for p in prior]))
    return Attained(
        PosteriorTree(tree.procedure, at, tuple(stages)), total, error, max(size, stake)
    )


def _sent(stage: PosteriorStage, before: list[_Message]) -> list[_Message]:
    """Measures divided among the messages of a stage."""
    now = []
    for source, one in enumerate(before):
        row = stage.kernel[one.origin].tolist()
        if one.revealed is not None:
            likely = int(np.argmax(row))
            now.append(_Message(likely, stage.acting[likely], one.measure, source, one.revealed))
            continue
        used = [h for h, weight in enumerate(row) if weight > 0]
        shares = {h: Fraction(row[h]) for h in used}
        parts: dict[int, list[Fraction]] = {h: [] for h in used}
        beliefs = {h: stage.beliefs[h].tolist() for h in used}
        for state, mass in enumerate(one.measure):
            weights = {h: shares[h] * Fraction(beliefs[h][state]) for h in used}
            if not any(weights.values()):
                weights = shares
            whole = sum(weights.values(), _ZERO)
            for h in used:
                parts[h].append(mass * weights[h] / whole)
        now += [
            _Message(h, stage.acting[h], tuple(parts[h]), source) for h in used if any(parts[h])
        ]
    return now


def _repaired(messages: list[_Message], actions: list[_Actions | None]) -> list[_Message]:
    """Rows that rounding has broken are closed; what that takes away is revealed."""
    more = []
    for message in messages:
        for _ in range(ROUNDS):
            if not any(_close(message, actions[i]) for i in message.acting):
                break
        for state, mass in message.lost.items():
            alone = [_ZERO] * len(message.measure)
            alone[state] = mass
            more.append(
                _Message(message.origin, message.acting, tuple(alone), message.source, state)
            )
    return [message for message in messages if any(message.measure)] + more


def _close(message: _Message, actions: _Actions | None) -> bool:
    """Take away what keeps a receiver from the best action he is all but willing to take."""
    if actions is None or message.revealed is not None:
        return False
    measure = message.measure
    worth = [
        sum((p * m for p, m in zip(row, measure, strict=True)), _ZERO) for row in actions.payoffs
    ]
    for a in sorted(range(len(worth)), key=lambda a: -worth[a]):
        missed = [(row, *_sides(row, measure)) for row in actions.rows[a]]
        missed = [(row, gained, lost) for row, gained, lost in missed if lost > gained]
        if not missed:
            return False
        if all(lost - gained <= ALL_BUT_WILLING * (lost + gained) for _, gained, lost in missed):
            row, gained, lost = missed[0]
            kept = [m * gained / lost if d < 0 else m for d, m in zip(row, measure, strict=True)]
            for state, (mass, left) in enumerate(zip(measure, kept, strict=True)):
                if left != mass:
                    message.lost[state] = message.lost.get(state, _ZERO) + mass - left
            message.measure = tuple(kept)
            return True
    return False


def _sides(row: _Row, measure: Measure) -> tuple[Fraction, Fraction]:
    terms = [d * m for d, m in zip(row, measure, strict=True)]
    return sum((t for t in terms if t > 0), _ZERO), -sum((t for t in terms if t < 0), _ZERO)


def _paid(
    game: BeliefGame, i: int, actions: _Actions | None, measure: Measure
) -> tuple[Fraction, Fraction]:
    """Payoff from a receiver times the probability of a message, and a bound on its error."""
    if actions is None:
        mass = sum(measure, _ZERO)
        paid, doubt = game.payoff_and_error(i, tuple(m / mass for m in measure))
        return mass * paid, mass * doubt
    best = None
    for rows, payoffs in zip(actions.rows, actions.payoffs, strict=True):
        if all(sum((d * m for d, m in zip(row, measure, strict=True)), _ZERO) >= 0 for row in rows):
            worth = sum((p * m for p, m in zip(payoffs, measure, strict=True)), _ZERO)
            best = worth if best is None or worth > best else best
    if best is None:
        raise AssertionError("a receiver is willing to take some action at every belief")
    return best, _ZERO


def _rounded(messages: list[_Message], before: list[_Message]) -> PosteriorStage:
    kernel = np.zeros((len(before), len(messages)))
    beliefs = np.zeros((len(messages), len(messages[0].measure)))
    for column, message in enumerate(messages):
        mass = message.mass
        kernel[message.source, column] = nearest(mass / before[message.source].mass)
        beliefs[column] = [nearest(m / mass) for m in message.measure]
    return PosteriorStage(beliefs, kernel, tuple(message.acting for message in messages))
