"""What players are told, and what they would gain by doing something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from persuasion_lp.errors import OptionError
from persuasion_lp.extras import load
from persuasion_lp.inputs import is_whole
from persuasion_lp.plots.fitting import check_fits

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["deviations", "recommendation"]

MOST_ROWS = 10
"""Profiles, counts or deviations that are shown."""


def recommendation(of: Any, *, state: int | None = None) -> pd.DataFrame:
    """The probability of what is recommended.

    Parameters
    ----------
    of
        A :class:`BayesianResult` or an :class:`AnonymousResult`.
    state
        Of two players: given this state, from 0; on average if left out.

    Returns
    -------
    pandas.DataFrame
        Of two players columns ``row`` and ``column`` (the actions), and ``probability``. Otherwise
        ``row`` (the profile, or the counts, most likely first), ``column`` (the state) and
        ``probability`` given the state.

    Raises
    ------
    InputError
        For something else.
    OptionError
        For a state that there is not, or that is impossible.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("recommendation", of)
    joint, labels, states, pair = _told(of)
    chances = joint.sum(axis=0)
    if state is not None and not (
        is_whole(state) and 0 <= state < chances.size and chances[state] > 0
    ):
        raise OptionError("state", "must be the number of a state that is possible", value=state)
    if pair is not None:
        mass = joint.sum(axis=1) if state is None else joint[:, state] / chances[state]
        rows = [
            (a, b, float(mass[i * len(pair[1]) + j]))
            for i, a in enumerate(pair[0])
            for j, b in enumerate(pair[1])
        ]
        return pd.DataFrame(rows, columns=["row", "column", "probability"])
    shown = [k for k in range(chances.size) if chances[k] > 0 and state in (None, k)]
    likely = np.argsort(-joint[:, shown].sum(axis=1), kind="stable")[:MOST_ROWS]
    rows = [
        (labels[row], states[k], float(joint[row, k] / chances[k]))
        for row in likely.tolist()
        if joint[row, shown].sum() > 0
        for k in shown
    ]
    return pd.DataFrame(rows, columns=["row", "column", "probability"])


def deviations(of: Any, *, most: int = MOST_ROWS) -> pd.DataFrame:
    """The deviations that hold the designer back most.

    Parameters
    ----------
    of
        A :class:`BayesianResult`.
    most
        How many, at most.

    Returns
    -------
    pandas.DataFrame
        Columns ``deviation`` in words, ``gain`` (0 if it binds, less if not) and ``price``.

    Raises
    ------
    InputError
        For something else.
    OptionError
        If ``most`` is no number from 1 on.
    """
    pd = load("pandas", extra="plots", feature="pictures")
    check_fits("deviations", of)
    if not (is_whole(most) and most >= 1):
        raise OptionError("most", "must be a whole number from 1 on", value=most)
    rows = []
    for one in of.deviations[:most]:
        who = f"{one.player} ({one.kind})" if one.kind else one.player
        lies = one.told.startswith("reports ")
        told = one.told if lies else f"{one.told} → {one.instead}"
        rows.append((f"{who}: {told}", one.gain, one.price))
    return pd.DataFrame(rows, columns=["deviation", "gain", "price"])


def _told(of: Any) -> tuple[Any, list[str], tuple[str, ...], Any]:
    """Probability by recommendation and state, names of both, and two players' actions."""
    game, told = of.problem, of.experiment
    if hasattr(told, "counts"):
        labels = [
            ", ".join(f"{k} {name}" for k, name in zip(row, game.action_names, strict=True) if k)
            for row in told.counts.tolist()
        ]
        return told.joint, labels, game.state_names, None
    axes = game.axes
    joint = told.flat.reshape(axes.profiles, axes.states, -1).sum(axis=2)
    labels = [
        str(tuple(profile))
        if game.action_labels is None
        else ", ".join(game.action_names[i][a] for i, a in enumerate(profile))
        for profile in axes.chosen.tolist()
    ]
    pair = game.action_names if axes.n == 2 else None
    return joint, labels, game.state_names, pair
