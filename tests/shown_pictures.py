"""Every picture, of something small: name, and a function that draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
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


@cache
def menu() -> plp.MenuResult:
    """LX: a menu of two tests for three types, one of whom takes none."""
    states = plp.StateGrid([k / 12 for k in range(1, 12)])
    problem = plp.ManagerProblem(
        states, 0.45, [1.0, 1.25, 1.8], type_labels=["novice", "expert", "star"]
    )
    return plp.solve(problem, "menu")


@cache
def continuous_menu() -> plp.MenuResult:
    """The same with a uniform difficulty."""
    uniform = plp.StateDistribution.uniform()
    return plp.solve(plp.ManagerProblem(uniform, 0.4, [1.2, 1.6]), "menu")


@cache
def swept() -> plp.Sweep:
    """Two thresholds, some of which no receiver can have."""
    receivers = [plp.Receiver.threshold(0.5)] * 2
    game = plp.PersuasionGame([[0, 0.5], [0.5, 0]], receivers)
    thresholds = [0.55 + 0.05 * k for k in range(11)]
    grid = {
        "receivers[0].threshold": [*thresholds[:9], 1.05],
        "receivers[1].threshold": thresholds[:9],
    }
    return plp.sweep(game, grid, ["simultaneous", "sequential"], progress=False)


@cache
def brackets() -> pd.DataFrame:
    """Two sequences of brackets, one of them exact on one side."""
    sizes = np.array([8, 16, 32, 64, 128])
    smooth = pd.DataFrame({"n": sizes, "lower": 1 - 3.0 / sizes**2, "upper": 1 + 1.0 / sizes**2})
    rough = pd.DataFrame({"n": sizes, "lower": 1.0, "upper": 1 + 2.0 / sizes})
    both = pd.concat([smooth.assign(family="smooth"), rough.assign(family="rough")])
    return both.assign(truth=1.0, textbook=1 - 0.5 / both["n"])


@cache
def convictions() -> plp.Frontier:
    """KKS, Example 1: convictions, and those that are wrong."""
    judges = plp.PersuasionGame([[0, "1/2"], ["1/2", 0]], [plp.Receiver.threshold("4/5")] * 2)
    wrong = plp.Functional.payoffs([[[0, 0], [1, 0]]] * 2, label="wrongful convictions")
    convicted = plp.Functional.sender(label="convictions")
    return plp.frontier(judges, "sequential", convicted, wrong, order=(0, 1))


@cache
def one_state_two_judges() -> plp.PersuasionGame:
    """KKS, Example 2."""
    receivers = [plp.Receiver.threshold("3/5"), plp.Receiver.threshold("4/5")]
    return plp.PersuasionGame([["1/2", 0], [0, "1/2"]], receivers)


@cache
def central_bank() -> plp.PersuasionGame:
    """Lipnowski, Ravid and Shishkin 2022."""
    public = plp.Receiver.from_utility([[0, 0], ["-1/4", "3/4"], [-1, 1]], [0, 1, 2])
    return plp.PersuasionGame(["1/2", "1/2"], [public])


CHICKEN = plp.BayesianGame.from_table(
    [[(0, 0), (7, 2)], [(2, 7), (6, 6)]],
    names=["row", "column"],
    action_labels=[["dare", "yield"]] * 2,
)


@cache
def chicken() -> plp.BayesianResult:
    """Aumann's mediator."""
    return plp.solve(CHICKEN, "bce")


@cache
def payoffs_of_chicken() -> plp.Frontier:
    """All correlated equilibria."""
    mine = plp.Functional.utility(0, label="utility of row")
    yours = plp.Functional.utility(1, label="utility of column")
    return plp.frontier(CHICKEN, "bce", mine, yours)


EXAMPLES = Path(__file__).parent.parent / "examples"


@cache
def two_firms() -> plp.BayesianResult:
    """Firms with signals of their own who are asked for them."""
    return plp.solve(plp.read(EXAMPLES / "two_firms.toml"), "elicited")


@cache
def three_firms() -> plp.BayesianResult:
    """Firms who would rather invest alone."""
    return plp.solve(plp.catalog.get("bergemann-morris-substitutes").problem(), "bce")


@cache
def fifty_firms() -> plp.AnonymousResult:
    """Firms who are alike."""
    return plp.solve(plp.read(EXAMPLES / "fifty_firms.toml"), "bce")


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
    "tests": lambda: plots.tests(menu()),
    "tests_continuous": lambda: plots.tests(continuous_menu()),
    "menu_region": lambda: plots.menu_region(menu()),
    "menu_region_continuous": lambda: plots.menu_region(continuous_menu()),
    "statics": lambda: plots.statics(
        plp.capability_statics(plp.StateDistribution.uniform(), 0.4, np.linspace(1.0, 2.4, 29))
    ),
    "convergence": lambda: plots.convergence(brackets()),
    "convergence_width": lambda: plots.convergence(plp.solve(smooth(), "simultaneous", tol=1e-4)),
    "phase": lambda: plots.phase(
        swept().gain("sequential", "simultaneous"), label="gain from moving in sequence"
    ),
    "order_tree": lambda: plots.order_tree(plp.solve(judges_apart(), "flexible")),
    "order_tree_large": lambda: plots.order_tree(
        plp.solve(five_voters(), "sequential", order=range(5))
    ),
    "pacman": lambda: plots.pacman(plp.Pacman(judges_apart())),
    "frontier": lambda: plots.frontier(convictions()),
    "trace": lambda: plots.trace(
        plp.trace(one_state_two_judges(), "sequential", along=([[1, 0], [0, 0]], [[0, 0], [0, 1]]))
    ),
    "credibility": lambda: plots.credibility(plp.credibility_curve(central_bank())),
    "recommendation": lambda: plots.recommendation(chicken()),
    "recommendation_state": lambda: plots.recommendation(two_firms(), state=1),
    "recommendation_profiles": lambda: plots.recommendation(three_firms()),
    "recommendation_counts": lambda: plots.recommendation(fifty_firms()),
    "deviations": lambda: plots.deviations(chicken()),
    "deviations_reports": lambda: plots.deviations(two_firms()),
    "payoff_set": lambda: plots.frontier(payoffs_of_chicken()),
    "procedures": lambda: plots.procedures(judges_apart()),
    "procedures_wide": lambda: plots.procedures(smooth()),
}
