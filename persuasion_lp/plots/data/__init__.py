"""The data of each picture, as a frame: what :mod:`persuasion_lp.plots` draws, and nothing else.

Every function has the name and the arguments of the picture it belongs to, and returns a tidy
``pandas.DataFrame``: one row for each point, segment or cell, and a column ``part`` where a picture
has several parts.
"""

from persuasion_lp.plots.data.beliefs import simplex, stages, value_function
from persuasion_lp.plots.data.experiments import experiment
from persuasion_lp.plots.data.means import means, price_function
from persuasion_lp.plots.data.menus import menu_region, tests
from persuasion_lp.plots.data.optima import credibility, frontier, trace
from persuasion_lp.plots.data.players import deviations, recommendation
from persuasion_lp.plots.data.procedures import procedures
from persuasion_lp.plots.data.statics import statics
from persuasion_lp.plots.data.tables import convergence, phase
from persuasion_lp.plots.data.trees import order_tree, pacman

__all__ = [
    "convergence",
    "credibility",
    "deviations",
    "experiment",
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
