"""Problems as exact rationals: what is shrunk, printed, and written as an instance file.

An instance file is JSON; every number in it is a string, ``"1/3"``, ``"0.25"`` or ``"2"``, whole
counts and axes excepted::

    {"format": "persuasion_lp instance", "version": 1, "problem": "PersuasionGame",
     "prior": [["0", "1/2"], ["1/2", "0"]],
     "receivers": [{"cutoffs": ["4/5"], "payoffs": [["0", "0"], ["1", "1"]], "about": null}, …],
     "payoff": null}

=====================  ===========================================================================
problem                entries
=====================  ===========================================================================
``PersuasionGame``     prior, receivers, payoff (an array or null)
``VotingGame``         prior, cutoffs, quota
``BeliefGame``         prior (two numbers), payoffs (receivers and functions)
``ManagerProblem``     difficulty (a state), payment, types, type_probs, unrestricted
``PosteriorMeanGame``  prior (a state), payoff (a function)
a receiver             cutoffs, or conditions: rows d with which he accepts iff d·μ ≥ 0 for all;
                       payoffs by action and own state; about: null, an axis, a list of axes, or
                       ``{"labels": …}``, the own state of each state
a function             breakpoints, pieces (values at both ends of each), at (null, or values at
                       the breakpoints above both limits)
a state                states and masses; or distribution: ``"uniform"`` with low and high, or
                       ``"beta"`` with a and b (F(θ) = θ^a is Beta(a, 1))
=====================  ===========================================================================
"""

from persuasion_lp.theorems.instances.base import Problem, RationalInstance
from persuasion_lp.theorems.instances.files import MAX_FILE_BYTES, read_instance
from persuasion_lp.theorems.instances.functions import (
    RationalBeliefs,
    RationalFunction,
    RationalMeans,
)
from persuasion_lp.theorems.instances.games import RationalGame, RationalVote
from persuasion_lp.theorems.instances.managers import RationalManager
from persuasion_lp.theorems.instances.receivers import RationalReceiver
from persuasion_lp.theorems.instances.states import RationalDistribution, RationalStates

__all__ = [
    "MAX_FILE_BYTES",
    "Problem",
    "RationalBeliefs",
    "RationalDistribution",
    "RationalFunction",
    "RationalGame",
    "RationalInstance",
    "RationalManager",
    "RationalMeans",
    "RationalReceiver",
    "RationalStates",
    "RationalVote",
    "read_instance",
]
