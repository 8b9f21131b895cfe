"""Every picture, of something small: name, and a function that draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from matplotlib.axes import Axes

import persuasion_lp as plp
from persuasion_lp import plots

__all__ = ["PICTURES"]

JUDGES = ("judge A", "judge B")


@cache
def two_judges() -> plp.BeliefGame:
    """KKS, Example 1, with names."""
    return plp.BeliefGame(
        0.5,
        [
            plp.Receiver.threshold(0.8, name=JUDGES[0]),
            plp.Receiver.threshold(0.8, about=[1, 0], name=JUDGES[1]),
        ],
        state_labels=["B guilty", "A guilty"],
    )


@cache
def smooth() -> plp.BeliefGame:
    """A payoff that is not piecewise linear."""
    wave = plp.BeliefFunction(lambda x: np.sin(9 * x) / 2 + 0.3 * x * x, lipschitz=5.2)
    return plp.BeliefGame(0.35, [wave], grid=60)


def _judge(condition: list[float], name: str) -> plp.Receiver:
    verdicts = ["reject", "accept"]
    return plp.Receiver.accepting([(condition, 0)], name=name, action_labels=verdicts)


@cache
def nested() -> plp.BeliefGame:
    """Two strictly nested acceptance sets over three states: KKS, Figure 2."""
    receivers = [
        _judge([-1, 0.5, 1], "first"),
        _judge([-1, -0.7, 1], "second"),
    ]
    labels = ["innocent", "negligent", "guilty"]
    return plp.BeliefGame([0.5, 0.3, 0.2], receivers, grid=24, state_labels=labels)


@cache
def pooled() -> plp.MeansResult:
    """A posterior-mean game in which a middle interval is pooled."""
    grid = plp.StateGrid([k / 20 for k in range(21)])
    payoff = plp.PiecewiseLinear([0, 0.3, 0.6, 1], [[0, 0], [0.4, 0.5], [1, 0.8]])
    return plp.solve(plp.PosteriorMeanGame(grid, payoff), "simultaneous")


@cache
def judges_apart() -> plp.PersuasionGame:
    """KKS, Example 1, as a game with own states."""
    receivers = [
        plp.Receiver.threshold(0.8, name=name, action_labels=["acquit", "convict"])
        for name in JUDGES
    ]
    return plp.PersuasionGame([[0, 0.5], [0.5, 0]], receivers, state_labels=["innocent", "guilty"])


@cache
def five_voters() -> plp.PersuasionGame:
    """More states and profiles than are drawn, with names too long for a column."""
    chances = np.arange(1, 33) ** 2
    receivers = [
        plp.Receiver.threshold(0.6 + 0.05 * k, action_labels=["reject the bill", "pass the bill"])
        for k in range(5)
    ]
    return plp.PersuasionGame((chances / chances.sum()).reshape((2,) * 5), receivers)


PICTURES: Mapping[str, Callable[[], Axes]] = {
    "value_function": lambda: plots.value_function(
        plp.BeliefGame(0.3, plp.Receiver.threshold(0.5))
    ),
    "value_function_smooth": lambda: plots.value_function(smooth()),
    "value_function_envelope": lambda: plots.value_function(
        plp.concavify([0, 0.25, 0.8, 1], [0, 0.6, 1, 0.2]), prior=0.5
    ),
    "stages": lambda: plots.stages(plp.solve(two_judges(), "sequential", order=(0, 1))),
    "simplex": lambda: plots.simplex(plp.solve(nested(), "sequential", order=(1, 0)), steps=24),
    "price_function": lambda: plots.price_function(pooled()),
    "means": lambda: plots.means(pooled()),
    "experiment": lambda: plots.experiment(plp.solve(judges_apart(), "flexible")),
    "experiment_large": lambda: plots.experiment(plp.solve(five_voters(), "simultaneous")),
    "procedures": lambda: plots.procedures(judges_apart()),
    "procedures_wide": lambda: plots.procedures(smooth()),
}
