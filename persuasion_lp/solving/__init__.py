"""The front door: from (problem, procedure) to a certified result."""

from persuasion_lp.solving.belief_result import BeliefResult, Refinement
from persuasion_lp.solving.comparison import Comparison, compare
from persuasion_lp.solving.door import solve
from persuasion_lp.solving.exact import ExactResult
from persuasion_lp.solving.improvement import SequentialImprovement, sequential_improvement
from persuasion_lp.solving.means_result import MeansResult
from persuasion_lp.solving.menu_certificates import certify_menu
from persuasion_lp.solving.menu_result import MenuResult
from persuasion_lp.solving.result import GameResult
from persuasion_lp.solving.screening import ScreeningTest
from persuasion_lp.solving.statics import Statics, capability_statics, difficulty_statics

__all__ = [
    "BeliefResult",
    "Comparison",
    "ExactResult",
    "GameResult",
    "MeansResult",
    "MenuResult",
    "Refinement",
    "ScreeningTest",
    "SequentialImprovement",
    "Statics",
    "capability_statics",
    "certify_menu",
    "compare",
    "difficulty_statics",
    "sequential_improvement",
    "solve",
]
