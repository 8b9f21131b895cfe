"""Groups of alike receivers: states and recommendations collapse to counts."""

from collections.abc import Mapping
from typing import Any

from persuasion_lp.core.family import Family, ProblemForm, ProcedureSpec, register
from persuasion_lp.core.ordering import Check
from persuasion_lp.families.exchangeable.problem import ExchangeableGame
from persuasion_lp.families.exchangeable.result import ExchangeableResult
from persuasion_lp.families.exchangeable.solve import (
    CountSettings,
    exact_answer,
    known,
    solve_groups,
)
from persuasion_lp.families.exchangeable.words import group_words, result_words

__all__ = ["EXCHANGEABLE"]


def _document() -> type[ProblemForm]:
    """Loaded when a file is read or written."""
    from persuasion_lp.families.exchangeable.document import ExchangeableDocument

    return ExchangeableDocument


def _ordering(game: ExchangeableGame, results: Mapping[str, Any]) -> tuple[Check, ...]:
    """One procedure alone: nothing to compare."""
    return ()


EXCHANGEABLE = register(
    Family(
        kind=ExchangeableGame,
        procedures={"simultaneous": ProcedureSpec(CountSettings, solve_groups, exact_answer)},
        form=None,
        ordering=_ordering,
        document=_document,
        known=known,
        words={ExchangeableGame: group_words, ExchangeableResult: result_words},
    )
)
