r"""KKS, Theorem 1, made explicit: a sequential procedure better than a simultaneous signal.

Khantadze, Kremer and Skrzypacz, *Persuasion with Multiple Actions*, §3.1. Let S be a public signal
under which receiver i earns less than cav f_i(x_i), and x_i^L < x_i < x_i^R the points nearest to
his prior belief at which f_i touches its envelope.

===========  ==============================================================================
case 1       some posterior x_{s,i} lies strictly between the two points: i acts last, and after
             such an s a further signal on ω_i moves him to x_i^L or x_i^R
case 2       none does: i acts first, on a garbling of S that moves him to x_i^L or x_i^R
             (Lemma 3), and then S is revealed to the others
degenerate   f_i(x_i) = cav f_i(x_i): i acts first on his prior, and then S is revealed
===========  ==============================================================================

The others act as before, so the gain is receiver i's. Beliefs that differ by less than decides a
tie are equal. Case 1 applies where i misses something at posteriors strictly between the points;
otherwise they are x_i^L or x_i^R up to the solver's tolerance.

Lemma 3. Let a = E[x_{s,i} | x_{s,i} ≤ x^L], b = E[x_{s,i} | x_{s,i} ≥ x^R], and w the probability
with which x_i splits into x^R rather than x^L. The garbling says "high" with probability

    u = w (b − x^R) / (b − x_i)  after the low posteriors,
    v = w (x^R − a) / (x_i − a)  after the high ones;

both are at most 1 since a ≤ x^L < x_i < x^R ≤ b, and the conditional means are x^R and x^L.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from persuasion_lp.arrays import Floats, Integers
from persuasion_lp.beliefs.experiment import Experiment, merged_paths
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.beliefs.updating import own_state_factors
from persuasion_lp.errors import CertificateError, InputError
from persuasion_lp.families.games.certificate import EconomicCertificate, certify_experiment
from persuasion_lp.families.games.pacman import touching_points
from persuasion_lp.families.games.problem import PersuasionGame
from persuasion_lp.families.games.result import GameResult
from persuasion_lp.inputs import is_a
from persuasion_lp.primitives.receiver import TIE_TOLERANCE
from persuasion_lp.primitives.step_functions import favoured_action, step_function
from persuasion_lp.seal import SealedAnswer

__all__ = ["SequentialImprovement", "garbling", "sequential_improvement"]

Case = Literal["case 1", "case 2", "degenerate"]

POSTERIOR_TOLERANCE = 1e-8
"""A posterior this close to a touching point is at it: posteriors come from a linear program whose
feasibility tolerance is ten times smaller, divided by probabilities of messages."""

GAIN_TOLERANCE = 1e-8
"""A receiver misses his envelope when he does by more than this share of the size of the payoffs:
ten times the accuracy to which the simultaneous value is proved."""


@dataclass(frozen=True, eq=False, repr=False)
class SequentialImprovement(SealedAnswer):
    """A sequential procedure that is strictly better than a simultaneous one.

    Attributes
    ----------
    case
        Which part of the proof applies.
    receiver
        The receiver who gains.
    order
        The order: he acts first or last.
    points
        x_i^L and x_i^R.
    experiment
        The sequential procedure.
    garbling
        In case 2 the probabilities of the low and of the high message given each message of the
        simultaneous signal, shape ``(P, 2)``; otherwise ``None``.
    value
        What it pays.
    gain
        By how much that exceeds the simultaneous value.
    certificate
        Bayes plausibility, obedience and value, recomputed from the experiment.
    """

    case: Case
    receiver: int
    order: tuple[int, ...]
    points: tuple[float, float]
    experiment: Experiment
    garbling: Floats | None
    value: float
    gain: float
    certificate: EconomicCertificate

    def __repr__(self) -> str:
        low, high = self.points
        return "\n".join(
            [
                f"SequentialImprovement: {self.case}, receiver {self.receiver}, order {self.order}",
                f"  value        {self.value:.9g}, gain {self.gain:.9g}",
                f"  points       {low:.6g} and {high:.6g}",
                f"  certificate  {'ok' if self.certificate.ok else 'FAILED'}",
            ]
        )


def sequential_improvement(result: GameResult) -> SequentialImprovement | None:
    """Build the strictly better sequential procedure of KKS, Theorem 1.

    Parameters
    ----------
    result
        Answer to a game with additive payoffs and binary own states under a simultaneous
        procedure.

    Returns
    -------
    SequentialImprovement or None
        For the receiver who gains most; ``None`` when the signal attains first best, so that by
        Theorem 1 no procedure is better.

    Raises
    ------
    InputError
        If the procedure is not simultaneous, or the theorem does not apply to the game.
    CertificateError
        If the procedure cannot be built from the signal, or does not hold when recomputed.

    Examples
    --------
    >>> import persuasion_lp as plp
    >>> judges = plp.PersuasionGame([[0, 0.5], [0.5, 0]], [plp.Receiver.threshold(0.8)] * 2)
    >>> better = sequential_improvement(plp.solve(judges, "simultaneous"))
    >>> better.case, round(better.gain, 9)
    ('case 2', 0.125)
    """
    stated: object = result
    if not is_a(stated, GameResult):
        raise InputError("result", "must be a result of solve", value=type(stated).__name__)
    game = result.problem
    if game is None:
        raise InputError("result", "must be a result of solve", value=type(stated).__name__)
    if result.procedure != "simultaneous":
        raise InputError("result", "must be of the simultaneous procedure", value=result.procedure)
    if not isinstance(game, PersuasionGame) or not game.additive or not game.binary:
        raise InputError("result", "must be of a game with additive payoffs and binary own states")
    found = [
        built for i in range(game.n) if (built := _improve(game, result.experiment, i)) is not None
    ]
    if not found:
        return None
    case, i, order, points, experiment, garbled = max(
        found, key=lambda built: float(_payoff(game, built[4]))
    )
    value = _payoff(game, experiment)
    certificate = certify_experiment(game, experiment, value)
    if not certificate.ok:
        raise CertificateError("; ".join(certificate.failures), certificate)
    gain = value - _payoff(game, result.experiment)
    return SequentialImprovement(
        case, i, order, points, experiment, garbled, value, gain, certificate
    )


def garbling(posteriors: Floats, weights: Floats, low: float, high: float) -> Floats:
    """Lemma 3: garble a signal into two messages with conditional means ``low`` and ``high``.

    Parameters
    ----------
    posteriors
        Beliefs that the signal induces, none strictly between ``low`` and ``high``, shape ``(P,)``.
    weights
        Their probabilities, shape ``(P,)``; their mean must lie strictly between.
    low, high
        The means wanted.

    Returns
    -------
    Floats
        Probabilities of the low and of the high message given each belief, shape ``(P, 2)``.

    Examples
    --------
    >>> garbling(np.array([0.0, 1.0]), np.array([0.5, 0.5]), 0.0, 0.8)
    array([[0.75, 0.25],
           [0.  , 1.  ]])
    """
    mean = float(weights @ posteriors) / float(weights.sum())
    is_low = posteriors < (low + high) / 2
    between = (posteriors > low + POSTERIOR_TOLERANCE) & (posteriors < high - POSTERIOR_TOLERANCE)
    if between.any() or not low < mean < high:
        raise InputError("posteriors", "must lie outside (low, high), and their mean inside")
    a = float(weights[is_low] @ posteriors[is_low]) / float(weights[is_low].sum())
    b = float(weights[~is_low] @ posteriors[~is_low]) / float(weights[~is_low].sum())
    share = (mean - low) / (high - low)
    u = share * max(b - high, 0.0) / (b - mean)
    v = min(share * (high - a) / (mean - a), 1.0)
    says_high = np.where(is_low, u, v)
    return np.column_stack([1 - says_high, says_high])


_Built = tuple[Case, int, tuple[int, ...], tuple[float, float], Experiment, Floats | None]


def _improve(game: PersuasionGame, signal: Experiment, i: int) -> _Built | None:
    """The proof's construction for receiver i, or ``None`` if he attains his envelope."""
    receiver = game.receivers[i]
    f = step_function(receiver, np.array([0, 1]))
    high = game.own_states[i][signal.support] == 1
    weights = signal.joint.sum(axis=1)
    posteriors = signal.joint[:, high].sum(axis=1) / weights
    prior = _aligned(float(game.own_prior(i)[1]), f)
    told = signal.actions[:, i]
    own = game.own_states[i][signal.support]
    earned = float((signal.joint * receiver.payoffs[told][:, own]).sum())
    least = GAIN_TOLERANCE * max(float(np.abs(f.at).max()), float(np.ptp(f.at)))
    envelope = f.envelope()
    if float(envelope(prior)) - earned <= least:
        return None
    points = low, top = touching_points(f, prior)
    others = tuple(j for j in range(game.n) if j != i)
    if low == top:
        actions = _told_instead(signal.actions, i, favoured_action(receiver, prior))
        first = (i, *others)
        return "degenerate", i, first, points, _sequence(signal, actions, signal.joint, first), None
    between = (posteriors > low + TIE_TOLERANCE) & (posteriors < top - TIE_TOLERANCE)
    told_pays = (signal.joint * receiver.payoffs[told][:, own]).sum(axis=1)
    missed = weights * envelope(np.clip(posteriors, 0.0, 1.0)) - told_pays
    if float(missed[between].sum()) > least:
        order = (*others, i)
        up = (posteriors - low) / (top - low)
        parts, moves = [signal.joint[~between]], [signal.actions[~between]]
        for target, chance in ((low, 1 - up), (top, up)):
            ratio = own_state_factors(high, posteriors, target)
            parts.append((signal.joint * ratio * chance[:, None])[between])
            moved = _told_instead(signal.actions[between], i, favoured_action(receiver, target))
            moves.append(moved)
        joint = np.concatenate(parts)
        built = _sequence(signal, np.concatenate(moves), joint, order)
        return "case 1", i, order, points, built, None
    nearest = np.where(posteriors < (low + top) / 2, low, top)
    try:
        garbled = garbling(np.where(between, nearest, posteriors), weights, low, top)
    except InputError as error:
        raise CertificateError(f"the signal cannot be garbled: {error}") from error
    order = (i, *others)
    joint = np.concatenate([signal.joint * garbled[:, [k]] for k in (0, 1)])
    moves = [
        _told_instead(signal.actions, i, favoured_action(receiver, target)) for target in points
    ]
    return (
        "case 2",
        i,
        order,
        points,
        _sequence(signal, np.concatenate(moves), joint, order),
        garbled,
    )


def _aligned(x: float, f: PiecewiseLinear) -> float:
    """A belief, or the breakpoint of f that differs from it by less than decides a tie."""
    nearest = float(f.breakpoints[np.abs(f.breakpoints - x).argmin()])
    return nearest if abs(nearest - x) <= TIE_TOLERANCE else x


def _sequence(
    signal: Experiment, actions: Integers, joint: Floats, order: tuple[int, ...]
) -> Experiment:
    """Sequential experiment from paths; paths with the same recommendations become one."""
    total, profiles = merged_paths(joint, actions)
    kept = total.sum(axis=1) > 0
    return Experiment(
        procedure="sequential",
        prior=signal.prior,
        orders=np.tile(np.array(order, dtype=np.int64), (int(kept.sum()), 1)),
        actions=profiles[kept],
        support=signal.support,
        joint=total[kept],
    )


def _payoff(game: PersuasionGame, experiment: Experiment) -> float:
    table = game.payoff_table(experiment.actions, experiment.support)
    return float((experiment.joint * table).sum())


def _told_instead(actions: Integers, i: int, action: int) -> Integers:
    changed = actions.copy()
    changed[:, i] = action
    return changed
