"""Statements tried on random problems, and searches for counterexamples.

:func:`check` solves random problems to see whether a theorem holds, and whether it needs its
hypotheses; :func:`search` looks for a counterexample to a property of your own, among random
problems from :mod:`~persuasion_lp.laboratory.draws`, from
:mod:`~persuasion_lp.laboratory.problem_draws`, or of your own, and writes it as an instance file.
"""

from persuasion_lp.laboratory import draws, problem_draws
from persuasion_lp.laboratory.checking import CheckReport, check
from persuasion_lp.laboratory.few_tests import value_with_tests
from persuasion_lp.laboratory.searching import SearchReport, search
from persuasion_lp.laboratory.statements import STATEMENTS

__all__ = [
    "STATEMENTS",
    "CheckReport",
    "SearchReport",
    "check",
    "draws",
    "problem_draws",
    "search",
    "value_with_tests",
]
