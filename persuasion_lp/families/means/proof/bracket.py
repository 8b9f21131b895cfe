r"""A bracket that holds for the numbers as written: an experiment that pays, a price that bounds.

States θ_1 < … < θ_K with masses f_k and a payoff v with known pieces, in floats with bounds on
their rounding (:mod:`~persuasion_lp.families.means.proof.repair`,
:mod:`~persuasion_lp.families.means.proof.prices`); where that leaves too much open, in fractions,
as follows; and where the programme's answer itself was too coarse, of a rational optimum of it.

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

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from persuasion_lp.arrays import Floats, Rationals, ReadOnly, frozen
from persuasion_lp.beliefs.piecewise import Pieces
from persuasion_lp.core.exact import enclosed, nearest
from persuasion_lp.families.means.exact import InFloats, optimum
from persuasion_lp.families.means.problem import MeansNumbers, PosteriorMeanGame
from persuasion_lp.families.means.programme import (
    MeansFormulation,
    PriceFunction,
    candidate_means,
    read_means,
)
from persuasion_lp.families.means.proof.repair import Paid
from persuasion_lp.families.means.proof.shadows import Signal, exact_shadows, shadows
from persuasion_lp.lp.certificate import GAP_TOLERANCE
from persuasion_lp.primitives.states import StateGrid

__all__ = [
    "Attained",
    "Bracket",
    "attained",
    "bracket_in_fractions",
    "exact_bracket",
    "price_bound",
]


FEW_STATES = 32
"""Up to here the bound in fractions takes no time."""

CLOSE = GAP_TOLERANCE / 1000
"""Width of a bracket, relative to its scale, that rounding may leave."""


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
    means: tuple[Any, ...]
    payoffs: tuple[Any, ...]
    payoff: Any
    size: Any

    @property
    def probabilities(self) -> tuple[Any, ...]:
        """Of the means."""
        return tuple(sum(signal.values()) for signal in self.signals)


@dataclass(frozen=True, eq=False)
class Bracket(ReadOnly):
    """What an experiment pays, and a bound on what any can pay.

    Attributes
    ----------
    experiment
        The experiment that pays the lower end.
    upper
        The bound.
    price
        The price function that proves it.
    """

    experiment: Paid
    upper: float
    price: PriceFunction

    @property
    def lower(self) -> float:
        """The lower end."""
        return self.experiment.lower


def bracket_in_fractions(
    game: PosteriorMeanGame,
    means: Floats,
    probabilities: Floats,
    price: PriceFunction,
    in_floats: Callable[[], float],
) -> Bracket | None:
    """The bracket of a programme's answer; ``None`` if states are apart only in fractions.

    ``in_floats`` is the bound that the price function proves in floats: with many states it is
    enough if it is close.
    """
    if price.knots.size != game.settled_numbers.states.size:
        return None
    numbers = _in_flint(game.settled_numbers)
    found = attained(numbers, means, probabilities)
    paid = _as_paid(numbers, found)
    if price.knots.size > FEW_STATES:
        upper = in_floats()
        if upper - paid.lower <= CLOSE * paid.size:
            return Bracket(paid, upper, price)
    return Bracket(paid, enclosed(_fraction(price_bound(numbers, price)))[1], price)


def exact_bracket(
    game: PosteriorMeanGame, formulation: MeansFormulation, memory_limit: int
) -> Bracket:
    """The rational optimum, and an experiment that attains it.

    Raises
    ------
    SizeError, ExactSizeError, ExactnessError
        See :func:`~persuasion_lp.families.means.exact.optimum`.
    """
    numbers = game.settled_numbers
    candidates = candidate_means(numbers.states, numbers.payoff.breakpoints)
    payoffs = numbers.payoff.sides(candidates)[0]
    solution = optimum(
        numbers.states, numbers.masses, candidates, payoffs, formulation, memory_limit
    )
    weights = (
        solution.values("pi").sum(axis=0) if formulation == "transport" else solution.values("h")
    )
    carried = weights > 0
    plan = exact_shadows(numbers, candidates[carried], weights[carried])
    grid = StateGrid(numbers.states, numbers.masses)
    _, price = read_means(grid, InFloats(solution), formulation)
    paid = _as_paid(numbers, _evaluated(numbers, plan))
    return Bracket(paid, enclosed(solution.value)[1], price)


def _as_paid(numbers: MeansNumbers, found: Attained) -> Paid:
    """An experiment in fractions as the next one in floats."""
    kernel = np.zeros((numbers.states.size, len(found.signals)))
    for i, signal in enumerate(found.signals):
        kernel[list(signal), i] = [_float(part / numbers.masses[k]) for k, part in signal.items()]
    means, probabilities, payoffs = (
        frozen(_floats(entries)) for entries in (found.means, found.probabilities, found.payoffs)
    )
    payoff = found.payoff if isinstance(found.payoff, Fraction) else _fraction(found.payoff)
    lower, value = enclosed(payoff)[0], nearest(payoff)
    return Paid(frozen(kernel), means, probabilities, payoffs, lower, value, _float(found.size))


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
    states, masses = _floats(numbers.states), _floats(numbers.masses)
    plan = shadows(states, masses, means, probabilities)
    signals = _completed(plan, numbers.masses)
    targets = _jumps(numbers, means)
    free = [i for i, target in enumerate(targets) if target is None]
    for i, target in enumerate(targets):
        if target is not None and signals[i]:
            _move_to(target, i, signals, free, numbers)
    return _evaluated(numbers, [signal for signal in signals if signal])


def price_bound(numbers: MeansNumbers, price: PriceFunction) -> Any:
    """Upper bound on the value that a price function proves, whatever its rounding."""
    knots, masses = numbers.states.tolist(), numbers.masses.tolist()
    slopes = np.maximum.accumulate(price.slopes) if len(knots) > 1 else np.zeros(0)
    kind = type(knots[0])
    bends = [_exactly(slope, kind) for slope in slopes.tolist()]
    values = [_exactly(float(price.values[0]), kind)]
    for k, slope in enumerate(bends):
        values.append(values[-1] + slope * (knots[k + 1] - knots[k]))
    paid = _payoff(numbers.payoff)
    over = [paid(state) - value for state, value in zip(knots, values, strict=True)]
    for node in numbers.payoff.breakpoints.tolist():
        if knots[0] < node < knots[-1]:
            k = bisect_right(knots, node) - 1
            over.append(paid(node) - values[k] - bends[k] * (node - knots[k]))
    return sum(f * value for f, value in zip(masses, values, strict=True)) + max(over)


def _payoff(pieces: Pieces) -> Callable[[Any], Any]:
    """V at single points, in the numbers of its pieces."""
    parts = (pieces.breakpoints, pieces.at, pieces.left, pieces.right)
    b, at, left, right = (part.tolist() for part in parts)

    def value(s: Any) -> Any:
        k = bisect_right(b, s) - 1
        if b[k] == s:
            return at[k]
        return right[k] + (left[k + 1] - right[k]) * (s - b[k]) / (b[k + 1] - b[k])

    return value


def _exactly(number: float, kind: type[Any]) -> Any:
    """A float as a rational of the kind given."""
    return kind(*number.as_integer_ratio())


def _in_flint(numbers: MeansNumbers) -> MeansNumbers:
    """The same in the rationals of ``flint``, which are several times faster."""
    import flint

    def converted(array: Rationals) -> Rationals:
        found = np.empty(array.size, dtype=object)
        found[:] = [flint.fmpq(x.numerator, x.denominator) for x in array.tolist()]
        return found

    p = numbers.payoff
    pieces = Pieces(*(converted(part) for part in (p.breakpoints, p.at, p.left, p.right)))
    return MeansNumbers(converted(numbers.states), converted(numbers.masses), pieces)


def _fraction(number: Any) -> Fraction:
    """A rational of ``flint`` as one of Python."""
    return Fraction(int(number.p), int(number.q))


def _float(number: Any) -> float:
    """The float next to a rational of ``flint`` or of Python."""
    return float(number) if isinstance(number, Fraction) else int(number.p) / int(number.q)


def _floats(numbers: Iterable[Any]) -> Floats:
    return np.array([_float(number) for number in numbers])


def _completed(plan: Floats, masses: Rationals) -> list[Signal]:
    """The same in fractions, the largest part of each state being what the others leave."""
    kind = type(masses[0])
    signals: list[Signal] = [{} for _ in range(plan.shape[1])]
    for k, mass in enumerate(masses):
        in_signals = np.flatnonzero(plan[k] > 0).tolist()
        if len(in_signals) == 1:
            signals[in_signals[0]][k] = mass
            continue
        parts = {i: _exactly(float(plan[k, i]), kind) for i in in_signals}
        if not parts:
            parts = {int(np.argmax(plan.sum(axis=0))): 0 * mass}
        largest = max(parts, key=lambda i: parts[i])
        rest = sum((part for i, part in parts.items() if i != largest))
        if rest >= mass:
            parts, rest = {largest: mass}, 0 * mass
        parts[largest] = mass - rest
        for i, part in parts.items():
            signals[i][k] = part
    return signals


def _jumps(numbers: MeansNumbers, means: Floats) -> list[Any]:
    """For each mean the breakpoint at which it is meant to be, if v is higher there than beside."""
    pieces = numbers.payoff
    higher = (pieces.at > pieces.left) | (pieces.at > pieces.right)
    jumps = {_float(b): b for b in pieces.breakpoints[higher]}
    return [jumps.get(float(s)) for s in means]


def _move_to(
    target: Any, i: int, signals: list[Signal], free: list[int], numbers: MeansNumbers
) -> None:
    """Take mass out of signal i until its mean is the target, if that pays."""
    signal, states = signals[i], numbers.states
    missing = sum((part * (states[k] - target) for k, part in signal.items()))
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
    after = _paid(numbers, kept) + sum((_paid(numbers, {k: m}) for k, m in moved.items()))
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


def _mean(numbers: MeansNumbers, signal: Signal) -> Any:
    mass = sum(signal.values())
    moment = sum((part * numbers.states[k] for k, part in signal.items()))
    return moment / mass


def _paid(numbers: MeansNumbers, signal: Signal) -> Any:
    """Mass of a signal times v at its mean."""
    if not signal:
        return 0
    return sum(signal.values()) * _payoff(numbers.payoff)(_mean(numbers, signal))


def _evaluated(numbers: MeansNumbers, signals: list[Signal]) -> Attained:
    found = sorted(((_mean(numbers, signal), k) for k, signal in enumerate(signals)))
    paid = tuple(map(_payoff(numbers.payoff), (mean for mean, _ in found)))
    ordered = tuple(signals[k] for _, k in found)
    paid_by = [sum(s.values()) * v for s, v in zip(ordered, paid, strict=True)]
    payoff, size = sum(paid_by), sum(map(abs, paid_by))
    return Attained(ordered, tuple(mean for mean, _ in found), paid, payoff, size)
