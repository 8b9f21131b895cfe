"""Theorems as functions: a value, the conditions under which it holds, and the source.

Those of KKS are here by name; those of LX in :mod:`persuasion_lp.theorems.lx`, so that
``theorems.corollary_1`` is KKS Corollary 1 and ``theorems.lx.corollary_1`` LX Corollary 1. What
is known of cheap talk is in :mod:`persuasion_lp.theorems.lr`, of players whose payoffs depend on
each other in :mod:`persuasion_lp.theorems.bm`.

A theorem refuses problems outside its hypotheses (:class:`~persuasion_lp.errors.HypothesisError`).
Whether it holds on random problems is tried in :mod:`persuasion_lp.laboratory`; what has moved
there, and to :mod:`persuasion_lp.files`, is still found here under its name.
"""

from importlib import import_module
from types import MappingProxyType
from typing import Any

from persuasion_lp.core.closed_form import Agreement, ClosedForm
from persuasion_lp.theorems import bm, lr, lx
from persuasion_lp.theorems.kks.acceptance import AcceptancePicture, figure_2, proposition_3
from persuasion_lp.theorems.kks.committees import proposition_2
from persuasion_lp.theorems.kks.games import BeliefResponse, lemma_1, lemma_2, theorem_1, theorem_2
from persuasion_lp.theorems.kks.orders import (
    corollary_1,
    proposition_1,
    section_5_2_any_correlation,
    section_5_2_positive_correlation,
)
from persuasion_lp.theorems.kks.two_judges import proposition_4

__all__ = [
    "STATEMENTS",
    "AcceptancePicture",
    "Agreement",
    "BeliefResponse",
    "CheckReport",
    "ClosedForm",
    "RationalInstance",
    "SearchReport",
    "bm",
    "check",
    "corollary_1",
    "draws",
    "figure_2",
    "lemma_1",
    "lemma_2",
    "lr",
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

_MOVED = MappingProxyType(
    {
        "RationalInstance": "core.forms.base",
        "read_instance": "files",
        **dict.fromkeys(
            (
                "STATEMENTS",
                "CheckReport",
                "SearchReport",
                "check",
                "draws",
                "problem_draws",
                "search",
                "value_with_tests",
            ),
            "laboratory",
        ),
    }
)
"""Where names are that were here before there was a laboratory."""


def __getattr__(name: str) -> Any:
    if name not in _MOVED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"persuasion_lp.{_MOVED[name]}"), name)
