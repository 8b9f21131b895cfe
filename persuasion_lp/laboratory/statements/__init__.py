"""Every theorem with the random problems it is checked on, and those that lack one hypothesis."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from persuasion_lp.core.closed_form import ClosedForm
from persuasion_lp.errors import HypothesisError, OptionError, PersuasionWarning
from persuasion_lp.inputs import check_choice, did_you_mean, is_a, near_names
from persuasion_lp.laboratory.statements.kks import kks_statements
from persuasion_lp.laboratory.statements.lr import lr_statements
from persuasion_lp.laboratory.statements.lx import lx_statements
from persuasion_lp.laboratory.statements.statement import Statement

__all__ = ["STATEMENTS", "Statement", "draw_instance", "statement_named"]

MOST_DRAWS = 20_000
"""Problems drawn for one instance before giving up: hypotheses are met by rejection, and the rarest
combination here is met once in a few hundred draws."""

STATEMENTS: Mapping[str, Statement] = MappingProxyType(
    {s.name: s for s in itertools.chain(kks_statements(), lx_statements(), lr_statements())}
)
"""By name."""


def statement_named(name: str, drop: str | None) -> Statement:
    """Find a statement.

    Raises
    ------
    OptionError
        If there is none of this name, or it cannot be checked without ``drop``.
    """
    check_choice("name", name, STATEMENTS)
    statement = STATEMENTS[name]
    if drop is not None and not (is_a(drop, str) and drop in statement.without):
        known = "; ".join(statement.without)
        meant = did_you_mean(near_names(statement.without, drop))
        raise OptionError("drop", f"must be a hypothesis of {name}: {known}{meant}", value=drop)
    return statement


def draw_instance(
    statement: Statement, drop: str | None, seed: int, index: int
) -> tuple[Any, ClosedForm]:
    """Draw instance number ``index``: all hypotheses hold, or all but ``drop``.

    The same on every machine and in every process.

    Raises
    ------
    OptionError
        If no such problem is found.
    """
    rng = np.random.default_rng([seed, index])
    draw = statement.draw if drop is None else statement.without[drop]
    assume = () if drop is None else (drop,)
    for _ in range(MOST_DRAWS):
        with warnings.catch_warnings():  # of what the draw may well contain
            warnings.simplefilter("ignore", PersuasionWarning)
            problem = draw(rng)
        try:
            form = statement.apply(problem, assume)
        except HypothesisError:
            continue
        if drop is None or not form.conditions[drop]:
            return problem, form
    raise OptionError("seed", f"gives no problem for {statement.name} in {MOST_DRAWS} draws")
