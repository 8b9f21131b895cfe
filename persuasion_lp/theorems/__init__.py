"""Theorems as functions: a value, the conditions under which it holds, and the source.

Those of KKS are here by name; those of LX in :mod:`persuasion_lp.theorems.lx`, so that
``theorems.corollary_1`` is KKS Corollary 1 and ``theorems.lx.corollary_1`` LX Corollary 1.

A theorem refuses problems outside its hypotheses (:class:`~persuasion_lp.errors.HypothesisError`).
:func:`check` solves random problems to see whether a theorem holds, and whether it needs its
hypotheses; :func:`search` looks for a counterexample to a property of your own, among random
problems from :mod:`~persuasion_lp.theorems.draws`, from
:mod:`~persuasion_lp.theorems.problem_draws`, or of your own, and writes it as an instance file.
"""

from persuasion_lp.closed_form import Agreement, ClosedForm
from persuasion_lp.theorems import draws, lx, problem_draws
from persuasion_lp.theorems.acceptance import AcceptancePicture, figure_2, proposition_3
from persuasion_lp.theorems.checking import CheckReport, check
from persuasion_lp.theorems.committees import proposition_2
from persuasion_lp.theorems.few_tests import value_with_tests
from persuasion_lp.theorems.games import BeliefResponse, lemma_1, lemma_2, theorem_1, theorem_2
from persuasion_lp.theorems.instances import RationalInstance, read_instance
from persuasion_lp.theorems.orders import (
    corollary_1,
    proposition_1,
    section_5_2_any_correlation,
    section_5_2_positive_correlation,
)
from persuasion_lp.theorems.searching import SearchReport, search
from persuasion_lp.theorems.statements import STATEMENTS
from persuasion_lp.theorems.two_judges import proposition_4

__all__ = [
    "STATEMENTS",
    "AcceptancePicture",
    "Agreement",
    "BeliefResponse",
    "CheckReport",
    "ClosedForm",
    "RationalInstance",
    "SearchReport",
    "check",
    "corollary_1",
    "draws",
    "figure_2",
    "lemma_1",
    "lemma_2",
    "lx",
    "problem_draws",
    "proposition_1",
    "proposition_2",
    "proposition_3",
    "proposition_4",
    "read_instance",
    "search",
    "section_5_2_any_correlation",
    "section_5_2_positive_correlation",
    "theorem_1",
    "theorem_2",
    "value_with_tests",
]
