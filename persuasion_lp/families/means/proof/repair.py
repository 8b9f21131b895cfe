r"""What an experiment pays for certain, in floats.

An experiment gives signal i the share σ(k, i) of the mass of atom k; of each atom the largest share
is what the others leave, so that it is an experiment exactly. Its signals have masses and means

    p_i = Σ_k f_k σ(k, i),      m_i = Σ_k f_k σ(k, i) θ_k / p_i,

known up to what :class:`~persuasion_lp.families.means.proof.measure.Measure` says of f and θ, and
it pays at least Σ_i p_i v_i − Σ_i |error of p_i| |v_i|, v_i being the least value of v over the
interval in which m_i lies.

Where v jumps at a mean, its interval reaches over the jump, and v_i is the lower side. Atoms
of the lower (upper) end of the signal are then revealed, or left to a signal that is at no jump,
until the interval is beyond it. Each such repair is kept if the experiment then pays more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from persuasion_lp.arrays import Floats, frozen
from persuasion_lp.families.means.payoffs import PayoffBounds
from persuasion_lp.families.means.proof.measure import ULP, Measure
from persuasion_lp.families.means.proof.shadows import shadows
from persuasion_lp.lp.certificate import GAP_TOLERANCE

__all__ = ["Paid", "paid_by", "paid_by_revealing"]

REPAIRS = 4
"""Rounds of repairs: what one signal loses may take another one over a jump."""

NEGLIGIBLE = GAP_TOLERANCE / 1000
"""Losses that are not repaired, as a share of Σ |payoff × probability|."""

ROOM = 4.0
"""By how many times the error of its mean a signal is moved beyond a jump."""


@dataclass(frozen=True, eq=False)
class Paid:
    """An experiment, and what it pays.

    Attributes
    ----------
    kernel
        Probability of each signal in each state (cell), shape ``(K, S)``.
    means, probabilities, payoffs
        Of the signals, by increasing mean, shape ``(S,)``; payoffs are lower bounds.
    lower, value
        What it pays, rounded down, and rounded to the next float where it is known exactly.
    size
        Σ |payoff × probability|.
    """

    kernel: Floats
    means: Floats
    probabilities: Floats
    payoffs: Floats
    lower: float
    value: float
    size: float


def paid_by(measure: Measure, payoff: PayoffBounds, means: Floats, probabilities: Floats) -> Paid:
    """Make an experiment of probabilities of means, repair it, and evaluate it.

    Parameters
    ----------
    measure, payoff
        The game.
    means, probabilities
        What a programme found, shape ``(S,)``; right up to whatever error it made.
    """
    shares = _shares(measure, means, probabilities)
    at_states = payoff.at_states(measure)[0] if measure.atoms else np.empty(0)
    best = _Signals(measure, payoff, at_states, shares)
    for _ in range(REPAIRS):
        repaired = best.repaired()
        if repaired is None:
            break
        tried = _Signals(measure, payoff, at_states, repaired)
        if not tried.lower > best.lower:
            break
        best = tried
    order = np.argsort(best.means, kind="stable")
    return Paid(
        kernel=frozen(best.shares[:, order]),
        means=frozen(best.means[order]),
        probabilities=frozen(best.probabilities[order]),
        payoffs=frozen(best.payoffs[order]),
        lower=best.lower,
        value=best.lower,
        size=best.size,
    )


def paid_by_revealing(measure: Measure, payoff: PayoffBounds) -> float:
    """What revealing the state (the cell) pays, rounded down."""
    if not measure.atoms:
        return paid_by(measure, payoff, measure.states, measure.masses).lower
    terms = measure.masses * payoff.at_states(measure)[0]
    return math.nextafter(math.fsum(terms) - 4 * ULP * math.fsum(np.abs(terms)), -math.inf)


def _shares(measure: Measure, means: Floats, probabilities: Floats) -> Floats:
    """Shares of the atoms, adding up to one, of signals that have any.

    Parts that are the rounding of cumulated masses are left to the others.
    """
    plan = shadows(measure.states, measure.masses, means, probabilities)
    shares = np.clip(plan / measure.masses[:, None], 0.0, 1.0)
    shares[(plan <= plan.shape[0] * ULP) & (shares < 0.5)] = 0.0
    lost = shares.max(axis=1) <= 0
    shares[lost, int(np.argmax(plan.sum(axis=0)))] = 1.0
    return _completed(shares)


def _completed(shares: Floats) -> Floats:
    """The largest share of each atom made what the others leave; signals without any dropped."""
    rows = np.arange(len(shares))
    largest = shares.argmax(axis=1)
    left = shares.copy()
    left[rows, largest] = 0.0
    left[rows, largest] = 1.0 - left.sum(axis=1, dtype=np.longdouble)
    return left[:, left.max(axis=0) > 0]


class _Signals:
    """Signals with bounds on their masses, means and payoffs."""

    def __init__(
        self, measure: Measure, payoff: PayoffBounds, at_states: Floats, shares: Floats
    ) -> None:
        self.measure, self.payoff, self.at_states, self.shares = measure, payoff, at_states, shares
        count, kind = shares.shape, np.longdouble
        plan = shares * measure.masses[:, None].astype(kind)
        masses, moments = plan.sum(axis=0), (plan * measure.states[:, None]).sum(axis=0)
        self.plan = plan.astype(np.float64)
        # masses and states to the last place each; sums, and what others leave, in long floats
        rounding = 4 * ULP + 4 * (sum(count) + 4) * float(np.finfo(kind).eps)
        mass_error = masses * rounding
        moment_error = moments * rounding
        if not measure.atoms:
            steps = np.abs(np.diff(shares, axis=0, append=0.0))
            mass_error = mass_error + measure.mass_errors @ steps
            moment_error = moment_error + measure.moment_errors @ steps
        taken = shares > 0
        low = np.where(taken, measure.low[:, None], np.inf).min(axis=0)
        high = np.where(taken, measure.high[:, None], -np.inf).max(axis=0)
        self.means = np.clip((moments / masses).astype(np.float64), low, high)
        with np.errstate(divide="ignore"):
            ends = (
                (moments - moment_error) / (masses + mass_error),
                (moments + moment_error) / np.maximum(masses - mass_error, 0),
            )
        self.low = np.maximum(ends[0].astype(np.float64), low) * (1 - 2 * ULP)
        self.high = np.minimum(ends[1].astype(np.float64), high) * (1 + 2 * ULP)
        self.payoffs = payoff.least(self.low, self.high)
        alone = (taken.sum(axis=0) == 1) & measure.atoms
        if alone.any():
            self.payoffs[alone] = self.at_states[taken[:, alone].argmax(axis=0)]
        self.alone = alone
        self.probabilities = masses.astype(np.float64)
        paid = self.probabilities * self.payoffs
        self.size = math.fsum(np.abs(paid))
        errors = (mass_error.astype(np.float64) + ULP * self.probabilities) * np.abs(self.payoffs)
        lost = math.fsum(errors) * (1 + 4 * ULP) + ULP * self.size
        self.lower = math.nextafter(math.fsum(paid) - lost, -math.inf)

    def repaired(self) -> Floats | None:
        """Shares with the signals moved beyond the jumps that they are at; ``None`` if none is."""
        width = np.maximum(self.high - self.low, self.means * ULP)
        above = self.payoff.least(self.high, self.high + ROOM * width)
        below = self.payoff.least(self.low - ROOM * width, self.low)
        gain = self.probabilities * (np.maximum(above, below) - self.payoffs)
        gain[self.alone] = 0.0
        moved = np.flatnonzero(gain > NEGLIGIBLE * self.size)
        if not moved.size:
            return None
        plan, states = self.plan.copy(), self.measure.states
        for i in moved:
            up = above[i] >= below[i]
            target = self.means[i] + (1 if up else -1) * (ROOM / 2) * width[i]
            order = np.arange(len(states)) if up else np.arange(len(states))[::-1]
            apart = (target - states if up else states - target)[order]
            moments = self.plan[:, i] * (target - states).astype(np.longdouble)
            missing = float(moments.sum()) * (1 if up else -1)
            room = np.where(apart > 0, plan[order, i] * apart, 0.0)
            before = np.concatenate([[0.0], np.cumsum(room)[:-1]])
            part = np.clip(missing - before, 0.0, room)
            with np.errstate(divide="ignore", invalid="ignore"):
                part = np.where(part > 0, np.minimum(part / apart, plan[order, i]), 0.0)
            for k, mass in zip(order[part > 0], part[part > 0], strict=True):
                plan[k, i] -= mass
                plan = self._housed(plan, int(k), float(mass))
        return _completed(plan / self.measure.masses[:, None])

    def _housed(self, plan: Floats, k: int, mass: float) -> Floats:
        """Give mass of an atom to a signal at no jump that has some of it, or to one of its own."""
        jumps = self.payoff.jumps
        if self.payoff.pieces is not None:
            slack = 1e3 * np.maximum(self.high - self.low, ULP * self.means)
            near = (jumps >= (self.low - slack)[:, None]) & (jumps <= (self.high + slack)[:, None])
            free = np.flatnonzero(~near.any(axis=1) & (plan[k, : self.means.size] > 0))
            if free.size:
                plan[k, free[0]] += mass
                return plan
        own = np.flatnonzero((plan[k] > 0) & ((plan > 0).sum(axis=0) == 1))
        if not own.size:
            plan = np.column_stack([plan, np.zeros(len(plan))])
            own = np.array([plan.shape[1] - 1])
        plan[k, own[0]] += mass
        return plan
