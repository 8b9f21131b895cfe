"""The front door: from (problem, procedure) to a certified result."""

from persuasion_lp.solving.comparison import Comparison, compare
from persuasion_lp.solving.door import solve
from persuasion_lp.solving.exact import ExactResult
from persuasion_lp.solving.result import GameResult

__all__ = ["Comparison", "ExactResult", "GameResult", "compare", "solve"]
