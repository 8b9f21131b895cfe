"""Saved answers: read, computed anew from what the solver found, and compared.

A saved file holds a problem, a question, an answer and a tape of what the solver
found on the way. Loading it states the problem, asks the question again, and computes the answer
with the tape in the solver's place: every point and every price is certified from the program as if
it came from the solver, and what is not proved is solved. The answer that is returned is the one
that has been computed and proved; the one that the file states has to be the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from persuasion_lp.core.family import family_of
from persuasion_lp.core.saving.comparing import differences
from persuasion_lp.core.settings import settings_from
from persuasion_lp.errors import InputError, VerificationError
from persuasion_lp.lp.engine.tape import Tape
from persuasion_lp.primitives.content import key_of, written_down
from persuasion_lp.shown import shown

__all__ = ["proved_anew"]

MOST_DIFFERENCES = 3
"""As many are named; one is enough to refuse."""


def proved_anew(text: str, problem_from: Callable[[Mapping[str, Any]], Any]) -> Any:
    """The answer that a file states, computed and proved.

    Parameters
    ----------
    text
        The file.
    problem_from
        From a document to the problem that it states.

    Raises
    ------
    VerificationError
        For a file that is not well formed, or whose key, value, bracket or answer is not that of
        its problem.
    SolveError
        If what the file has no proof of could not be solved.
    """
    from persuasion_lp.core.saving.document import saved_from, summary

    saved = saved_from(text)
    tape = Tape(saved.played())
    given = saved.given()
    try:
        problem = problem_from(saved.problem)
        _check_key(problem, saved.key)
    except InputError as error:
        raise VerificationError(f"problem: {error}") from error
    family = family_of(problem)
    try:
        settings = settings_from(family.spec(saved.procedure).settings, given)
        answer = family.answer(problem, saved.procedure, settings, exact=saved.exact, tape=tape)
    except InputError as error:
        raise VerificationError(f"it asks for what cannot be solved: {error}") from error
    _compare(saved.stated(), summary(answer), answer, tape)
    return answer


def _check_key(problem: Any, key: str) -> None:
    """Refuse a problem that is not the one that was saved."""
    found = key_of(written_down(problem))
    if found != key:
        rule = f"key is {shown(key)}, that of the problem is {found}: one was changed"
        raise VerificationError(rule)


def _compare(stated: dict[str, Any], computed: dict[str, Any], answer: Any, tape: Tape) -> None:
    """Refuse a file that states another answer."""
    scale = float(getattr(answer.certificate, "scale", 0.0))
    entries = stated.pop("answer"), computed.pop("answer")
    found = [*differences(stated, computed, scale), *differences(*entries, scale)]
    if not found:
        return
    listed = "; ".join(islice(found, MOST_DIFFERENCES))
    more = f" and {len(found) - MOST_DIFFERENCES} more" if len(found) > MOST_DIFFERENCES else ""
    solved = f" ({len(tape.solved)} programs had to be solved anew)" if tape.solved else ""
    raise VerificationError(f"the answer is not that of the problem: {listed}{more}{solved}")
