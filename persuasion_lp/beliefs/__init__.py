"""Beliefs: grids, payoff functions, concave envelopes, experiments."""

from persuasion_lp.beliefs.envelope import concavify
from persuasion_lp.beliefs.experiment import Experiment, InformationSet, Stage
from persuasion_lp.beliefs.functions import BeliefFunction
from persuasion_lp.beliefs.grids import IntervalGrid, SimplexGrid
from persuasion_lp.beliefs.piecewise import PiecewiseLinear
from persuasion_lp.beliefs.posterior_tree import PosteriorStage, PosteriorTree
from persuasion_lp.beliefs.splitting import Envelope, Splitting

__all__ = [
    "BeliefFunction",
    "Envelope",
    "Experiment",
    "InformationSet",
    "IntervalGrid",
    "PiecewiseLinear",
    "PosteriorStage",
    "PosteriorTree",
    "SimplexGrid",
    "Splitting",
    "Stage",
    "concavify",
]
