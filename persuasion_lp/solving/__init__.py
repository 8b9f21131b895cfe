"""The front door: from (problem, procedure) to a certified result."""

from persuasion_lp.solving.belief_result import BeliefResult, Refinement
from persuasion_lp.solving.comparison import Comparison, compare
from persuasion_lp.solving.door import solve
from persuasion_lp.solving.exact import ExactResult
from persuasion_lp.solving.improvement import SequentialImprovement, sequential_improvement
from persuasion_lp.solving.result import GameResult

__all__ = [
    "BeliefResult",
    "Comparison",
    "ExactResult",
    "GameResult",
    "Refinement",
    "SequentialImprovement",
    "compare",
    "sequential_improvement",
    "solve",
]
