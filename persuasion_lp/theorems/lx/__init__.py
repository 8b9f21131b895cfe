"""The theorems of Li and Xu, *Information Acquisition Towards Unanimous Consent*."""

from persuasion_lp.theorems.lx.menus import Inducible, lemma_3, theorem_3
from persuasion_lp.theorems.lx.payments import ChosenPayment, proposition_1
from persuasion_lp.theorems.lx.phases import Phases, corollary_1, corollary_2
from persuasion_lp.theorems.lx.threshold_tests import ThresholdTest, theorem_1, theorem_2
from persuasion_lp.theorems.lx.unanimity import PivotalWorker, pivotal_worker

__all__ = [
    "ChosenPayment",
    "Inducible",
    "Phases",
    "PivotalWorker",
    "ThresholdTest",
    "corollary_1",
    "corollary_2",
    "lemma_3",
    "pivotal_worker",
    "proposition_1",
    "theorem_1",
    "theorem_2",
    "theorem_3",
]
