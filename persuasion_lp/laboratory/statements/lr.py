"""The theorems of Lipnowski and Ravid, as statements to check."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from persuasion_lp.core.closed_form import Agreement, ClosedForm, grant
from persuasion_lp.laboratory import draws
from persuasion_lp.laboratory.statements.statement import Statement
from persuasion_lp.solve import solve
from persuasion_lp.theorems import lr

__all__ = ["lr_statements"]


def _cheap_talk(message: draws.Message, assume: Collection[str]) -> ClosedForm:
    hypotheses = {"no commitment": message.credibility == 0}
    grant("LR Theorem 2", hypotheses, assume)
    form = lr.cheap_talk(message.game)
    return replace(form, conditions={**form.conditions, **hypotheses})


def _judge(message: draws.Message, form: ClosedForm) -> Iterator[Agreement]:
    """By the programmes of credibility, and that commitment pays no less."""
    found = solve(message.game, "simultaneous", credibility=message.credibility)
    yield form.judge("cheap talk", float(found.value))
    yield solve(message.game, "simultaneous").compare(form)


def lr_statements() -> Iterator[Statement]:
    """The theorems."""
    yield Statement(
        "lr-cheap-talk",
        draws.cheap_message,
        _cheap_talk,
        _judge,
        without={"no commitment": draws.credible_message},
    )
