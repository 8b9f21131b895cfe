"""Pictures of problems and answers, for a paper's column, a slide, a notebook.

Each function takes what it shows, ``ax=`` to draw on axes of yours, and returns the axes. Of the
same name in :mod:`persuasion_lp.plots.data` there is a function that returns what the picture
shows as a frame. Needs matplotlib and pandas: ``pip install 'persuasion-lp[plots]'``.

>>> import persuasion_lp as plp
>>> judge = plp.BeliefGame(0.3, [plp.Receiver.threshold(0.5)])
>>> plp.plots.fitting(judge)
('value_function', 'procedures')
>>> split = plp.plots.data.value_function(judge).query("part == 'posterior'")
>>> split[["belief", "weight"]].to_numpy().tolist()
[[0.0, 0.4], [0.5, 0.6]]
"""

from persuasion_lp.plots import data
from persuasion_lp.plots.beliefs import simplex, stages, value_function
from persuasion_lp.plots.experiments import experiment
from persuasion_lp.plots.fitting import fitting
from persuasion_lp.plots.means import means, price_function
from persuasion_lp.plots.menus import menu_region, tests
from persuasion_lp.plots.optima import credibility, frontier, trace
from persuasion_lp.plots.players import deviations, recommendation
from persuasion_lp.plots.procedures import procedures
from persuasion_lp.plots.statics import statics
from persuasion_lp.plots.tables import convergence, phase
from persuasion_lp.plots.trees import order_tree, pacman

__all__ = [
    "convergence",
    "credibility",
    "data",
    "deviations",
    "experiment",
    "fitting",
    "frontier",
    "means",
    "menu_region",
    "order_tree",
    "pacman",
    "phase",
    "price_function",
    "procedures",
    "recommendation",
    "simplex",
    "stages",
    "statics",
    "tests",
    "trace",
    "value_function",
]
