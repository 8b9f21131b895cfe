r"""A bracket that holds for the numbers as written: an experiment that pays, a price that bounds.

States θ_1 < … < θ_K with masses f_k and a payoff v with known pieces, all as written, in fractions.

**From below.** Of probabilities h_i of means s_i that a programme found, an experiment is made and
then changed until it is one exactly. Mean by mean, signal i takes its *shadow* in the mass that is
left (Beiglböck and Juillet 2016): the part of it between two quantiles that has mass h_i and mean
s_i; when the prior is a mean-preserving spread of h, such a part is always left. That is done in
floats. Then, in fractions, masses π(k, i) add up to f_k, and the mean of a signal is what its
masses make it,

    m_i  =  Σ_k π(k, i) θ_k / Σ_k π(k, i).

Where v jumps at s_i, a mean that rounding put on the wrong side loses the jump. Mass of the lowest
(highest) states leaves the signal until m_i = s_i; it goes to a signal whose payoff has no jump, or
its state is revealed. Σ_i Σ_k π(k, i) v(m_i) is then what the experiment pays, exactly.

**From above.** Every convex function with P ≥ v prices the prior: ∫ P dF bounds the value. Of a
price function in floats the slopes, sorted, and the first value are taken as the fractions they
are, so that P is convex; P − v is linear between states and breakpoints, so that with

    ε  =  max over states and breakpoints of  v − P

P + ε is a price function, and ∫ P dF + ε a bound, whatever the float P was.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats, Rationals, ReadOnly
from persuasion_lp.core.exact import ExactResult, enclosed
from persuasion_lp.errors import CertificateError, ExactnessError, ExactSizeError, InputError
from persuasion_lp.families.means.exact import exact_means
from persuasion_lp.families.means.problem import MeansNumbers, PosteriorMeanGame
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    PriceFunction,
    candidate_means,
    read_means,
)
from persuasion_lp.families.means.shadows import Signal, exact_shadows, shadows
from persuasion_lp.lp.certificate import GAP_TOLERANCE
from persuasion_lp.primitives.states import StateGrid

__all__ = [
    "Attained",
    "Bracket",
    "attained",
    "bracket",
    "exact_bracket",
    "price_bound",
    "written_numbers",
]

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class Attained(ReadOnly):
    """An experiment, exactly.

    Attributes
    ----------
    signals
        For each signal the mass of each state that it gets; over all signals they add up to the
        prior.
    means
        The posterior means, increasing.
    payoffs
        v at the means.
    payoff
        What it pays.
    size
        Σ |payoff × probability|.
    """

    signals: tuple[Signal, ...]
    means: tuple[Fraction, ...]
    payoffs: tuple[Fraction, ...]
    payoff: Fraction
    size: Fraction

    @property
    def probabilities(self) -> tuple[Fraction, ...]:
        """Of the means."""
        return tuple(sum(signal.values(), _ZERO) for signal in self.signals)


@dataclass(frozen=True, eq=False)
class Bracket(ReadOnly):
    """What an experiment pays, and a bound on what any can pay, for the numbers as written.

    Attributes
    ----------
    experiment
        The experiment that pays the lower end.
    upper
        The bound.
    route
        ``"float"``, or ``"exact"`` if rational arithmetic had to prove it.
    price
        The price function of the rational optimum, where there is one.
    """

    experiment: Attained
    upper: Fraction
    route: Literal["float", "exact"]
    price: PriceFunction | None = None

    @property
    def lowest(self) -> float:
        """Lower end, rounded down."""
        return enclosed(self.experiment.payoff)[0]

    @property
    def highest(self) -> float:
        """Upper end, rounded up."""
        return enclosed(self.upper)[1]

    @property
    def scale(self) -> float:
        """Σ |payoff × probability| of the experiment: what its width is relative to."""
        return float(self.experiment.size)

    @property
    def width(self) -> float:
        """Upper minus lower end."""
        return float(self.upper - self.experiment.payoff)

    @property
    def ok(self) -> bool:
        """Whether it is as narrow as promised."""
        return self.width <= GAP_TOLERANCE * self.scale


def written_numbers(game: PosteriorMeanGame) -> MeansNumbers | None:
    """The game's numbers as written; ``None`` where a state, or a piece of v, was not written."""
    if not game.exact:
        return None
    try:
        return game.rational_numbers
    except InputError:
        return None


def bracket(
    game: PosteriorMeanGame,
    numbers: MeansNumbers,
    means: Floats,
    probabilities: Floats,
    price: PriceFunction,
    formulation: MeansFormulation,
) -> Bracket:
    """Bracket the value, in rational arithmetic where a float answer leaves too much open.

    Raises
    ------
    CertificateError
        If the game is too large for that; it carries the bracket.
    """
    found = None
    if price.knots.size == numbers.states.size:
        found = Bracket(
            attained(numbers, means, probabilities), price_bound(numbers, price), "float"
        )
        if found.ok:
            return found
    try:
        return exact_bracket(game, numbers, formulation)
    except (ExactSizeError, ExactnessError) as refused:
        between = ""
        if found is not None:
            between = f"; the value lies in [{found.lowest!r}, {found.highest!r}]"
        raise CertificateError(
            f"floating point proves no narrow bracket{between}; {refused}", found
        ) from refused


def exact_bracket(
    game: PosteriorMeanGame, numbers: MeansNumbers, formulation: MeansFormulation
) -> Bracket:
    """The rational optimum, and an experiment that attains it.

    Raises
    ------
    ExactSizeError, ExactnessError
        See :func:`~persuasion_lp.families.means.exact.exact_means`.
    """
    exact = exact_means(game, "simultaneous", formulation)
    candidates = candidate_means(numbers.states, numbers.payoff.breakpoints)
    weights = exact.values("pi").sum(axis=0) if formulation == "transport" else exact.values("h")
    carried = weights > 0
    plan = exact_shadows(numbers, candidates[carried], weights[carried])
    grid = StateGrid(numbers.states, numbers.masses)
    _, price = read_means(grid, _InFloats(exact), formulation)
    return Bracket(_evaluated(numbers, plan), exact.value, "exact", price)


def attained(
    numbers: MeansNumbers,
    means: Floats,
    probabilities: Floats,
) -> Attained:
    """Make an experiment of probabilities of means, and evaluate it.

    Parameters
    ----------
    numbers
        The game as written.
    means, probabilities
        What a programme found, shape ``(S,)``; right up to whatever error it made.
    """
    states = numbers.states.astype(np.float64)
    plan = shadows(states, numbers.masses.astype(np.float64), means, probabilities)
    signals = _completed(plan, numbers.masses)
    targets = _jumps(numbers, means)
    free = [i for i, target in enumerate(targets) if target is None]
    for i, target in enumerate(targets):
        if target is not None and signals[i]:
            _move_to(target, i, signals, free, numbers)
    return _evaluated(numbers, [signal for signal in signals if signal])


def price_bound(numbers: MeansNumbers, price: PriceFunction) -> Fraction:
    """Upper bound on the value that a price function proves, whatever its rounding."""
    knots = numbers.states
    nodes = candidate_means(knots, numbers.payoff.breakpoints)
    slopes = np.maximum.accumulate(price.slopes) if price.values.size > 1 else np.zeros(0)
    values = [Fraction(float(price.values[0]))]
    for k, slope in enumerate(slopes.tolist()):
        values.append(values[-1] + Fraction(slope) * (knots[k + 1] - knots[k]))
    payoff, _, _ = numbers.payoff.sides(nodes)
    excess, k = None, 0
    for node, paid in zip(nodes, payoff, strict=True):
        while k + 1 < len(knots) - 1 and knots[k + 1] <= node:
            k += 1
        bend = Fraction(float(slopes[k])) * (node - knots[k]) if len(slopes) else _ZERO
        over = paid - values[k] - bend
        excess = over if excess is None or over > excess else excess
    priced: Fraction = sum((f * p for f, p in zip(numbers.masses, values, strict=True)), _ZERO)
    return priced + (excess or _ZERO)


class _InFloats:
    """An exact solution, as a float one is read."""

    def __init__(self, exact: ExactResult) -> None:
        self.exact = exact

    def values(self, name: str) -> Floats:
        return self.exact.values(name).astype(np.float64)

    def duals(self, name: str) -> Floats:
        return self.exact.duals(name).astype(np.float64)


def _completed(plan: Floats, masses: Rationals) -> list[Signal]:
    """The same in fractions, the largest part of each state being what the others leave."""
    signals: list[Signal] = [{} for _ in range(plan.shape[1])]
    for k, mass in enumerate(masses):
        parts = {int(i): Fraction(float(plan[k, i])) for i in np.flatnonzero(plan[k] > 0)}
        if not parts:
            parts = {int(np.argmax(plan.sum(axis=0))): _ZERO}
        largest = max(parts, key=lambda i: parts[i])
        rest = sum((part for i, part in parts.items() if i != largest), _ZERO)
        if rest >= mass:
            parts, rest = {largest: mass}, _ZERO
        parts[largest] = mass - rest
        for i, part in parts.items():
            signals[i][k] = part
    return signals


def _jumps(numbers: MeansNumbers, means: Floats) -> list[Fraction | None]:
    """For each mean the breakpoint at which it is meant to be, if v is higher there than beside."""
    pieces = numbers.payoff
    higher = (pieces.at > pieces.left) | (pieces.at > pieces.right)
    jumps = {float(b): b for b in pieces.breakpoints[higher]}
    return [jumps.get(float(s)) for s in means]


def _move_to(
    target: Fraction, i: int, signals: list[Signal], free: list[int], numbers: MeansNumbers
) -> None:
    """Take mass out of signal i until its mean is the target, if that pays."""
    signal, states = signals[i], numbers.states
    missing = sum((part * (states[k] - target) for k, part in signal.items()), _ZERO)
    if not missing:
        return
    kept, moved = dict(signal), {}
    below = missing < 0
    for k in sorted(signal, reverse=not below):
        apart = states[k] - target
        if (apart < 0) != below or not missing:
            break
        part = min(kept[k], missing / apart)
        missing -= part * apart
        kept[k] -= part
        moved[k] = part
    kept = {k: part for k, part in kept.items() if part}
    before = _paid(numbers, signal)
    after = _paid(numbers, kept) + sum((_paid(numbers, {k: m}) for k, m in moved.items()), _ZERO)
    if missing or after < before:
        return
    signals[i] = kept
    for k, part in moved.items():
        home = next((j for j in free if k in signals[j]), None)
        if home is None:
            home = next((j for j in range(len(signals)) if signals[j].keys() == {k}), None)
        if home is None:
            signals.append({k: part})
        else:
            signals[home][k] = signals[home][k] + part


def _mean(numbers: MeansNumbers, signal: Signal) -> Fraction:
    mass = sum(signal.values(), _ZERO)
    moment: Fraction = sum((part * numbers.states[k] for k, part in signal.items()), _ZERO)
    return moment / mass


def _paid(numbers: MeansNumbers, signal: Signal) -> Fraction:
    """Mass of a signal times v at its mean."""
    if not signal:
        return _ZERO
    at = np.array([_mean(numbers, signal)], dtype=object)
    paid: Fraction = numbers.payoff.sides(at)[0][0]
    return sum(signal.values(), _ZERO) * paid


def _evaluated(numbers: MeansNumbers, signals: list[Signal]) -> Attained:
    found = sorted(((_mean(numbers, signal), k) for k, signal in enumerate(signals)))
    at = np.array([mean for mean, _ in found], dtype=object)
    paid = numbers.payoff.sides(at)[0]
    ordered = tuple(signals[k] for _, k in found)
    paid_by = [sum(s.values(), _ZERO) * v for s, v in zip(ordered, paid, strict=True)]
    payoff, size = sum(paid_by, _ZERO), sum(map(abs, paid_by), _ZERO)
    return Attained(ordered, tuple(mean for mean, _ in found), tuple(paid), payoff, size)
