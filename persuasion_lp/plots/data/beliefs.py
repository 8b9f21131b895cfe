"""Payoffs as functions of one common belief, their concave envelopes, and where the prior is split.

On an interval a payoff is drawn from its pieces: exactly where it is piecewise linear, elsewhere
through :data:`SAMPLES` beliefs more than its grid has. Envelopes are those on which the answer
rests: over breakpoints, or over the beliefs of the game's grid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.arrays import Floats
from persuasion_lp.beliefs import Envelope, PiecewiseLinear, concavify
from persuasion_lp.beliefs.interval import IntervalEnvelope
from persuasion_lp.errors import OptionError, OrderError
from persuasion_lp.extras import load
from persuasion_lp.families.beliefs.problem import BeliefGame
from persuasion_lp.families.beliefs.result import BeliefResult
from persuasion_lp.inputs import is_a, is_number, is_whole
from persuasion_lp.plots.data.triangles import acceptance_sets, heat
from persuasion_lp.plots.fitting import as_belief_game, check_fits
from persuasion_lp.primitives.labels import action_names
from persuasion_lp.primitives.receiver import Receiver

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["simplex", "stages", "value_function"]

SAMPLES = 400
"""Beliefs at which a function that is not piecewise linear is drawn."""

BESIDE = 1e-9
"""How far beside a kink a function is evaluated for its one-sided limit."""

JUMP = 1e-6
"""A function jumps where a limit is further from its value than this, relative to its range."""

Row = dict[str, Any]


def value_function(of: Any, *, prior: Any = None) -> pd.DataFrame:
    """Payoff, concave envelope, split of the prior and line of prices.

    Parameters
    ----------
    of
        A :class:`BeliefGame` (or :class:`PersuasionGame`) over two states, its simultaneous answer,
        or an envelope on an interval.
    prior
        Probability of the second state at which to split; left out, that of the game. An envelope
        has none of its own.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``piece``, ``belief``, ``value``, ``weight``. Parts: ``payoff`` (ends of
        the linear pieces, numbered by ``piece``), ``attained`` (the payoff where it jumps),
        ``envelope``, ``prior``, ``posterior`` (with its probability as ``weight``), ``price`` (the
        supporting line at beliefs 0 and 1, which are the prices of the two states).

    Raises
    ------
    InputError
        For something without a value function of this kind.
    OptionError
        For a prior that is no probability.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("value_function", of)
    game = as_belief_game(of)
    rows: list[Row] = []
    if game is None:
        envelope = of
        rows += _points("attained", envelope.vertices, envelope.values)
    else:
        payoff = _sum_of(game, range(game.n))
        envelope = _envelope(game, payoff)
        rows += [*_pieces("payoff", payoff), *_jumps("attained", payoff)]
    rows += _points("envelope", envelope.vertices, envelope.values)
    at = _belief("prior", prior) if prior is not None else None if game is None else game.prior[1]
    if at is not None:
        rows += _split(envelope, at)
    return pd.DataFrame(rows, columns=["part", "piece", "belief", "value", "weight"])


def stages(of: Any, *, stage: int = 0) -> pd.DataFrame:
    """Two consecutive stages of a sequential procedure: f₁ + cav f₂, its envelope, both splits.

    Parameters
    ----------
    of
        The sequential answer to a :class:`BeliefGame` over two states.
    stage
        Which stage to begin with, numbered from 0; of the last one there is no next.

    Returns
    -------
    pandas.DataFrame
        Columns ``stage``, ``receiver``, ``part``, ``piece``, ``belief``, ``value``, ``weight``,
        ``before``. Parts: ``payoff`` (the sender's from this receiver and, optimally, all later
        ones), ``attained`` (where it jumps), ``envelope``, ``prior`` (beliefs before the stage's
        signal, with probabilities), ``posterior`` (after it; ``before`` is the belief before, and
        ``weight`` the probability of both).

    Raises
    ------
    InputError
        For something that is no such answer.
    OrderError
        For a stage that there is not.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("stages", of)
    result: BeliefResult = of
    game, order = result.problem, result.order or ()
    if not is_whole(stage) or not 0 <= stage < len(order):
        raise OrderError("stage", f"must be one of 0 to {len(order) - 1}", value=stage)
    later: PiecewiseLinear | None = None
    found: list[tuple[PiecewiseLinear, IntervalEnvelope]] = []
    for receiver in reversed(order[stage:]):
        own = _sum_of(game, [receiver])
        payoff = own if later is None else own + later
        envelope = _envelope(game, payoff)
        later = PiecewiseLinear.from_sides(
            envelope.vertices, envelope.values, envelope.values, envelope.values
        )
        found.append((payoff, envelope))
    rows: list[Row] = []
    shown = zip(range(stage, min(stage + 2, len(order))), reversed(found), strict=False)
    for k, (payoff, envelope) in shown:
        drawn = [
            *_pieces("payoff", payoff),
            *_jumps("attained", payoff),
            *_points("envelope", envelope.vertices, envelope.values),
            *_signals(result, k, payoff, envelope),
        ]
        rows += [{"stage": k, "receiver": game.names[order[k]], **row} for row in drawn]
    columns = ["stage", "receiver", "part", "piece", "belief", "value", "weight", "before"]
    return pd.DataFrame(rows, columns=columns)


def simplex(of: Any, *, steps: int = 48) -> pd.DataFrame:
    """Payoff, acceptance sets and posteriors on the triangle of beliefs over three states.

    Parameters
    ----------
    of
        A :class:`BeliefGame` (or :class:`PersuasionGame`) over three states, its answer, or an
        envelope over three states.
    steps
        Each side of the triangle is cut into so many parts for the heat map.

    Returns
    -------
    pandas.DataFrame
        Columns ``part``, ``piece``, ``receiver``, ``action``, ``p0``, ``p1``, ``p2``, ``value``,
        ``weight``. Parts: ``heat`` (corners of small triangles numbered by ``piece``, and the
        payoff in the middle), ``acceptance`` (corners of the set of beliefs at which a receiver
        takes an action), ``prior``, ``posterior`` (of stage ``piece``, with its probability).

    Raises
    ------
    InputError
        For something that has not three states.
    OptionError
        For a number of steps below 2 or above 200.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("simplex", of)
    if not is_whole(steps) or not 2 <= steps <= 200:
        raise OptionError("steps", "must be a whole number from 2 to 200", value=steps)
    game = as_belief_game(of)
    rows: list[Row] = []
    if game is None:
        rows += heat(of, steps)
    else:
        rows += heat(lambda beliefs: _total(game, beliefs), steps)
        for i, receiver in enumerate(game.payoffs):
            if not isinstance(receiver, Receiver):
                continue
            for a, corners in acceptance_sets(receiver, game.own_states(i)):
                named = {"receiver": game.names[i], "action": action_names(receiver)[a]}
                rows += [{"part": "acceptance", "piece": a, **named, **_at(c)} for c in corners]
        rows.append({"part": "prior", **_at(game.prior)})
    rows += _posteriors(of)
    columns = ["part", "piece", "receiver", "action", "p0", "p1", "p2", "value", "weight"]
    return pd.DataFrame(rows, columns=columns)


def _sum_of(game: BeliefGame, receivers: Iterable[int]) -> PiecewiseLinear:
    """The sender's payoff from some receivers as a function that can be drawn."""
    return reduce(add, [_function(game, i) for i in receivers])


def _function(game: BeliefGame, i: int) -> PiecewiseLinear:
    stated = game.piecewise[i]
    if stated is not None:
        return stated
    kinks = game.ties[0][:, 1]
    x = np.union1d(np.linspace(0.0, 1.0, SAMPLES + 1), np.union1d(kinks, _nodes(game)))

    def value(points: Floats) -> Floats:
        inside = np.clip(points, 0.0, 1.0)
        return game.payoff_at(i, np.column_stack([1 - inside, inside]))

    at = value(x)
    left, right = at.copy(), at.copy()
    bent = np.isin(x, kinks)
    for side, beside in ((left, -BESIDE), (right, BESIDE)):
        limit = value(x[bent] + beside)
        jumped = np.abs(limit - at[bent]) > JUMP * (1.0 + np.ptp(at))
        side[bent] = np.where(jumped, limit, at[bent])
    return PiecewiseLinear.from_sides(x, at, left, right)


def _nodes(game: BeliefGame) -> Floats:
    """The beliefs on which the game's envelopes rest."""
    return game.ties[0][:, 1] if game.grid is None else game.grid.nodes


def _envelope(game: BeliefGame, payoff: PiecewiseLinear) -> IntervalEnvelope:
    if not game.needs_grid:
        return payoff.envelope()
    nodes = _nodes(game)
    envelope: Envelope = concavify(nodes, payoff(nodes))
    assert isinstance(envelope, IntervalEnvelope)  # noqa: S101
    return envelope


def _pieces(part: str, function: PiecewiseLinear) -> Iterator[Row]:
    """Each connected stretch of the graph under its own number."""
    b, piece = function.breakpoints, 0
    for k in range(b.size):
        before, after = float(function.left[k]), float(function.right[k])
        joined = before == after
        yield {"part": part, "piece": piece, "belief": float(b[k]), "value": before}
        if not joined and 0 < k < b.size - 1:
            piece += 1
            yield {"part": part, "piece": piece, "belief": float(b[k]), "value": after}


def _jumps(part: str, function: PiecewiseLinear) -> Iterator[Row]:
    jumped = np.flatnonzero((function.at != function.left) | (function.at != function.right))
    return _points(part, function.breakpoints[jumped], function.at[jumped])


def _points(part: str, beliefs: Floats, values: Floats) -> Iterator[Row]:
    for belief, value in zip(beliefs.tolist(), values.tolist(), strict=True):
        yield {"part": part, "belief": belief, "value": value}


def _split(envelope: IntervalEnvelope, prior: float) -> Iterator[Row]:
    splitting = envelope.split(prior)
    yield {"part": "prior", "belief": float(prior), "value": float(envelope(prior))}
    for belief, value, weight in zip(
        splitting.posteriors.tolist(),
        splitting.payoffs.tolist(),
        splitting.weights.tolist(),
        strict=True,
    ):
        yield {"part": "posterior", "belief": belief, "value": value, "weight": weight}
    for state, price in enumerate(envelope.prices(prior).tolist()):
        yield {"part": "price", "belief": float(state), "value": price}


def _signals(
    result: BeliefResult, stage: int, payoff: PiecewiseLinear, envelope: IntervalEnvelope
) -> Iterator[Row]:
    """Beliefs before and after a stage's signal, as the answer's experiment has them."""
    tree = result.experiment
    before = tree.beliefs_before(stage)[:, 1]
    chances = tree.probabilities[stage - 1] if stage else np.ones(1)
    after = tree.stages[stage].beliefs[:, 1]
    for g, (belief, chance) in enumerate(zip(before.tolist(), chances.tolist(), strict=True)):
        at = float(envelope(belief))
        yield {"part": "prior", "belief": belief, "value": at, "weight": chance}
        for h in np.flatnonzero(tree.stages[stage].kernel[g]).tolist():
            yield {
                "part": "posterior",
                "belief": float(after[h]),
                "value": float(payoff(after[h])),
                "weight": float(chance * tree.stages[stage].kernel[g, h]),
                "before": belief,
            }


def _belief(field: str, given: Any) -> float:
    if not is_number(given) or not 0 <= given <= 1:
        raise OptionError(field, "must be a probability, a number in [0, 1]", value=given)
    return float(given)


def _total(game: BeliefGame, beliefs: Floats) -> Floats:
    return np.sum([game.payoff_at(i, beliefs) for i in range(game.n)], axis=0)


def _at(belief: Sequence[float] | Floats) -> Row:
    return {f"p{state}": float(share) for state, share in enumerate(belief)}


def _posteriors(of: Any) -> Iterator[Row]:
    if not is_a(of, BeliefResult):
        return
    tree = of.experiment
    for stage, (told, chances) in enumerate(zip(tree.stages, tree.probabilities, strict=True)):
        for belief, chance in zip(told.beliefs, chances.tolist(), strict=True):
            yield {"part": "posterior", "piece": stage, "weight": chance, **_at(belief)}
